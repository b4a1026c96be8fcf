"""Data stores are encrypted with a key of the customer."""

from scanner.model.data import DataStore
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "data-store-uses-customer-key",
    title="Databases, caches, brokers and search domains use a customer-managed key",
    severity=Severity.MEDIUM,
    fix="Name a customer-managed key of KMS or Vault.",
)
def check(store: DataStore) -> Truth:
    """A key of the provider cannot be revoked, audited or withheld from whoever copied the data."""
    return store.customer_key & store.encrypted_at_rest
