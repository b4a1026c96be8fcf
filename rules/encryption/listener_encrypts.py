"""Internet-facing listeners speak TLS."""

from scanner.graph.graph import Graph
from scanner.model.edge import Listener, LoadBalancer
from scanner.rule import Severity, rule
from scanner.truth import Truth


def is_public(listener: Listener, graph: Graph) -> Truth:
    """Only listeners that the internet can reach."""
    return graph.some(listener.load_balancer, LoadBalancer, lambda item: item.internet_facing)


@rule(
    "listener-encrypts",
    title="Internet-facing listeners use TLS or only redirect to it",
    severity=Severity.HIGH,
    fix="Use HTTPS or TLS with a certificate; let port 80 answer with a redirect only.",
    when=is_public,
)
def check(listener: Listener) -> Truth:
    """Traffic without TLS can be read and changed by everyone on its way."""
    return listener.encrypts | listener.redirects_to_tls
