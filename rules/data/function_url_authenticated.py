"""Function addresses demand a login."""

from scanner.model.edge import FunctionUrl
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "function-url-authenticated",
    title="Function addresses demand authentication",
    severity=Severity.HIGH,
    fix="Set authorization_type to AWS_IAM, or publish through an API gateway.",
)
def check(url: FunctionUrl) -> Truth:
    """Anybody can run the function, with its rights and at the owner's cost."""
    return url.authenticated
