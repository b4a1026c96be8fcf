"""Secrets are encrypted with a key of the customer."""

from scanner.model.keys import Secret
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "secret-uses-customer-key",
    title="Vault secrets are encrypted with a customer-managed key",
    severity=Severity.MEDIUM,
    fix="Set kms_key_id of the secret to a customer-managed key.",
)
def check(secret: Secret) -> Truth:
    """The default key of the account lets every principal with read rights decrypt, unlogged."""
    return secret.customer_key
