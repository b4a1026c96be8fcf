"""Links that need no login give little."""

from scanner.model.data import PreauthenticatedRequest
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "preauthenticated-request-limited",
    title="Pre-authenticated requests give access to single objects, read only",
    severity=Severity.HIGH,
    fix="Use access_type ObjectRead for one object, or an identity with a policy.",
)
def check(request: PreauthenticatedRequest) -> Truth:
    """Whoever gets hold of the link has the access, and nobody can say who it was."""
    return request.access.equals("ObjectRead")
