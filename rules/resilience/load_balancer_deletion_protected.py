"""Load balancers cannot be deleted by accident."""

from scanner.model.edge import LoadBalancer
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "load-balancer-deletion-protected",
    title="Load balancers are protected against deletion",
    severity=Severity.MEDIUM,
    fix="Enable deletion protection.",
)
def check(balancer: LoadBalancer) -> Truth:
    """Its name and addresses are gone with it, and so is the service."""
    return balancer.deletion_protected
