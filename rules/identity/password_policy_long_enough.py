"""Passwords are long."""

from scanner.model.identity import PasswordPolicy
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "password-policy-long-enough",
    title="Passwords have a minimum length",
    severity=Severity.MEDIUM,
    fix="Raise the minimum length in the password policy.",
)
def check(policy: PasswordPolicy, *, minimum_length: int = 12) -> Truth:
    """Short passwords are guessed."""
    return policy.minimum_length.test(lambda length: length >= minimum_length)
