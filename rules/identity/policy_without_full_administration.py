"""Nobody but the administrators may do everything."""

from scanner.identity.rights import (
    grants_everything,
    hands_out_administrator,
    some_statement,
    tenancy_administration,
)
from scanner.model.identity import Policy
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "policy-without-full-administration",
    title="Policies do not give full administration",
    severity=Severity.CRITICAL,
    fix="List the actions and resources that are needed; keep full administration for the "
    "declared administrators' group or a break-glass role outside this code.",
)
def check(policy: Policy) -> Truth:
    """One stolen credential of such an identity is the loss of the whole account."""
    return (
        ~some_statement(policy, grants_everything)
        & ~hands_out_administrator(policy)
        & ~tenancy_administration(policy)
    )
