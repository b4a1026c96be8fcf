"""Secrets are replaced."""

from scanner.model.keys import Secret
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "secret-rotated",
    title="Vault secrets rotate automatically",
    severity=Severity.HIGH,
    fix="Add a rotation with an interval of 90 days or less.",
)
def check(secret: Secret, *, longest_days: int = 90) -> Truth:
    """A secret that never changes stays good for whoever copied it once."""
    return secret.rotates & secret.rotation_days.test(lambda days: days <= longest_days)
