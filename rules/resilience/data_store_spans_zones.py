"""Data stores survive a zone."""

from scanner.model.data import DataStore
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "data-store-spans-zones",
    title="Databases, caches, brokers and search domains span availability zones",
    severity=Severity.HIGH,
    fix="Enable multi-zone, high-availability or replica settings.",
)
def check(store: DataStore) -> Truth:
    """The failure of one data centre stops every payment that needs the store."""
    return store.spans_zones
