"""Handing roles to services is limited to named roles."""

from scanner.identity.rights import hands_out_role_passing, passes_any_role, some_statement
from scanner.model.identity import Policy
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "policy-passes-roles-narrowly",
    title="Policies let roles be passed only by name",
    severity=Severity.HIGH,
    fix="Name the roles in the Resource of iam:PassRole and the service in iam:PassedToService.",
)
def check(policy: Policy) -> Truth:
    """Whoever may pass any role to a service may become the strongest role there is."""
    return ~some_statement(policy, passes_any_role) & ~hands_out_role_passing(policy)
