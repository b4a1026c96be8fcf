"""Keys are not open to everybody."""

from scanner.identity.public import everyone
from scanner.model.keys import Key
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "key-policy-not-public",
    title="Key policies admit no anonymous principal",
    severity=Severity.CRITICAL,
    fix="Name accounts and roles, or add a condition that limits the callers.",
)
def check(key: Key) -> Truth:
    """Whoever may use the key can read everything that it protects."""
    return ~everyone(key.resource_policy)
