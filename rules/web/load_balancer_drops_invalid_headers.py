"""Load balancers drop malformed headers."""

from scanner.model.edge import LoadBalancer
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "load-balancer-drops-invalid-headers",
    title="Application load balancers drop invalid headers",
    severity=Severity.MEDIUM,
    fix="Set drop_invalid_header_fields to true.",
)
def check(balancer: LoadBalancer) -> Truth:
    """Malformed headers let requests be smuggled past the controls in front."""
    return balancer.drops_invalid_headers
