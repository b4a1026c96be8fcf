"""Data stores refuse connections without TLS."""

from scanner.model.data import DataStore
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "data-store-encrypted-in-transit",
    title="Databases, caches, brokers and search domains demand TLS",
    severity=Severity.HIGH,
    fix="Enable transit encryption, or force TLS in the parameter group.",
)
def check(store: DataStore) -> Truth:
    """A client that forgets TLS sends its password and the data in clear."""
    return store.encrypted_in_transit
