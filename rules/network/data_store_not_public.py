"""Data stores have no endpoint on the internet."""

from scanner.model.data import DataStore
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "data-store-not-public",
    title="Databases, caches, brokers and search domains have no public endpoint",
    severity=Severity.CRITICAL,
    fix="Switch public access off and place the store in the network; where the service allows "
    "only address lists, list single known ranges.",
)
def check(store: DataStore) -> Truth:
    """A store that strangers can connect to is one leaked password away from a breach."""
    return ~store.publicly_accessible
