"""Access is given by roles, not by keys."""

from scanner.model.identity import AccessKey
from scanner.rule import Severity, rule
from scanner.truth import Truth, known


@rule(
    "no-long-lived-access-keys",
    title="No long-lived access keys are created",
    severity=Severity.HIGH,
    fix="Use roles, instance or workload principals, or federation instead of the key.",
)
def check(key: AccessKey) -> Truth:
    """The key does not expire, and its secret stands in the state for all who may read it."""
    return known(False, key.fact("a long-lived credential is created"))
