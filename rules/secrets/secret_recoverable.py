"""Deleted secrets can be had back."""

from scanner.model.keys import Secret
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "secret-recoverable",
    title="Deleted vault secrets can be recovered for a time",
    severity=Severity.MEDIUM,
    fix="Set recovery_window_in_days to 7 or more.",
)
def check(secret: Secret, *, shortest_days: int = 7) -> Truth:
    """A wrong plan deletes the credentials of a running system for ever."""
    return secret.recovery_days.test(lambda days: days >= shortest_days)
