"""Internet-facing load balancers answer on edge ports only."""

from scanner.graph.graph import Graph
from scanner.model.edge import Listener, LoadBalancer
from scanner.rule import Severity, rule
from scanner.truth import Truth


def is_public(listener: Listener, graph: Graph) -> Truth:
    """Only listeners that the internet can reach."""
    return graph.some(listener.load_balancer, LoadBalancer, lambda item: item.internet_facing)


@rule(
    "public-load-balancer-on-edge-ports",
    title="Internet-facing load balancers listen only on the ports of the edge",
    severity=Severity.HIGH,
    fix="Move the listener to an internal load balancer, or to port 443.",
    when=is_public,
)
def check(listener: Listener, *, edge_ports: tuple[int, ...] = (80, 443)) -> Truth:
    """Every further port is a further service that the internet can attack."""
    return listener.port.test(lambda port: port in edge_ports)
