"""Load balancers record requests."""

from scanner.graph.graph import Graph
from scanner.model.edge import LoadBalancer
from scanner.model.logs import ServiceLog
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "load-balancer-access-logged",
    title="Load balancers write access logs",
    severity=Severity.MEDIUM,
    fix="AWS: enable access_logs to a bucket. OCI: a service log of category access.",
)
def check(balancer: LoadBalancer, graph: Graph) -> Truth:
    """Attacks on the application are seen first, and often only, in these logs."""
    return balancer.access_logged | graph.referred_by(
        balancer, ServiceLog, "of", lambda log: log.enabled & log.category.equals("access")
    )
