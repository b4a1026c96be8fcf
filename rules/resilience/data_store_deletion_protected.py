"""Data stores cannot be deleted by accident."""

from scanner.model.data import DataStore
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "data-store-deletion-protected",
    title="Data stores are protected against deletion",
    severity=Severity.HIGH,
    fix="Enable deletion protection.",
)
def check(store: DataStore) -> Truth:
    """One wrong plan, or one stolen role, deletes the store and its automatic backups."""
    return store.deletion_protected
