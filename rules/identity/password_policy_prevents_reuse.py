"""Old passwords are refused."""

from scanner.model.identity import PasswordPolicy
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "password-policy-prevents-reuse",
    title="Old passwords cannot be used again",
    severity=Severity.MEDIUM,
    fix="Raise the number of remembered passwords in the password policy.",
)
def check(policy: PasswordPolicy, *, remembered: int = 4) -> Truth:
    """A password that leaked once comes back when it may be reused."""
    return policy.remembered.test(lambda count: count >= remembered)
