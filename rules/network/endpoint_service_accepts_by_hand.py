"""Endpoint services accept connections by hand, from named principals."""

from scanner.model.network import EndpointService
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "endpoint-service-accepts-by-hand",
    title="Endpoint services accept each connection by hand, from named principals only",
    severity=Severity.MEDIUM,
    fix="Set acceptance_required, and name the accounts or roles that may connect instead of *.",
)
def check(service: EndpointService) -> Truth:
    """Whoever may connect unasked stands behind the firewall, beside the service's own clients."""
    return ~service.accepts_unasked & service.principals.test(lambda found: "*" not in found)
