"""OCI policies name groups."""

from scanner.identity.rights import admits_any_user
from scanner.model.identity import Policy
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "policy-without-anonymous-subjects",
    title="Policies for any user or any group are limited by a condition",
    severity=Severity.HIGH,
    fix="Name a group or dynamic group, or add a where clause on request.principal.",
)
def check(policy: Policy) -> Truth:
    """Any identity of the tenancy, and of others that are endorsed, has the right."""
    return ~admits_any_user(policy)
