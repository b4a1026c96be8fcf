"""File systems are encrypted with a key of the customer."""

from scanner.model.data import FileSystem
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "file-system-uses-customer-key",
    title="File systems use a customer-managed key",
    severity=Severity.MEDIUM,
    fix="Name a customer-managed key of KMS or Vault.",
)
def check(file_system: FileSystem) -> Truth:
    """A key of the provider cannot be revoked or withheld from whoever copied the files."""
    return file_system.customer_key & file_system.encrypted_at_rest
