"""Users get their rights from groups."""

from scanner.model.identity import User
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "user-rights-through-groups",
    title="Users have no rights of their own, only through groups",
    severity=Severity.MEDIUM,
    fix="Attach the policy to a group or role and make the user a member.",
)
def check(user: User) -> Truth:
    """Rights given one by one are forgotten one by one when people change their task."""
    return ~user.own_rights
