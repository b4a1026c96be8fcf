"""Data stores encrypt what they hold."""

from scanner.model.data import DataStore
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "data-store-encrypted-at-rest",
    title="Databases, caches, brokers and search domains are encrypted at rest",
    severity=Severity.HIGH,
    fix="Enable storage encryption; an existing store usually needs an encrypted copy.",
)
def check(store: DataStore) -> Truth:
    """Whoever holds a copied volume, snapshot or backup can read it unless it is encrypted."""
    return store.encrypted_at_rest
