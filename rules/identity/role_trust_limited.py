"""Roles can be assumed by those who are meant."""

from scanner.identity.trust import trusts_too_widely
from scanner.model.identity import Role
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "role-trust-limited",
    title="Roles trust named principals, foreign accounts only under a condition",
    severity=Severity.HIGH,
    fix="Name the principals; demand sts:ExternalId or aws:PrincipalOrgID of foreign accounts and "
    "the subject of tokens from identity providers.",
)
def check(role: Role) -> Truth:
    """Whoever can assume the role has all of its rights, wherever they are."""
    return ~role.trust.any(lambda statement: trusts_too_widely(statement, role.location.account))
