"""Internet-facing applications have a web firewall."""

from scanner.graph.graph import Graph
from scanner.model.edge import LoadBalancer, WebFirewall
from scanner.rule import Severity, rule
from scanner.truth import Truth, known


def is_public_application(balancer: LoadBalancer) -> Truth:
    """A web firewall works on requests, so only application load balancers can have one."""
    return balancer.internet_facing & balancer.layer.equals("application")


@rule(
    "public-load-balancer-behind-firewall",
    title="Internet-facing application load balancers have a web application firewall",
    severity=Severity.HIGH,
    fix="Associate a web ACL (AWS) or a web application firewall (OCI) with the load balancer.",
    when=is_public_application,
)
def check(balancer: LoadBalancer, graph: Graph) -> Truth:
    """Known attack patterns reach the application unfiltered."""
    return graph.referred_by(
        balancer, WebFirewall, "protects", lambda item: known(True, item.fact("protects it"))
    )
