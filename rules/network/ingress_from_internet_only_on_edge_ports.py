"""The internet may use only the ports of the edge."""

from scanner.model.network import PortRange, SecurityGroup
from scanner.network.traffic import admits, is_internet
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "ingress-from-internet-only-on-edge-ports",
    title="From the internet only the ports of the edge are open",
    severity=Severity.HIGH,
    fix="Limit the rule to the edge ports, or to sources that are known.",
)
def check(group: SecurityGroup, *, edge_ports: tuple[int, ...] = (80, 443)) -> Truth:
    """A port that nobody meant to publish is a service that nobody hardened for it."""

    def beyond_edge(ports: PortRange) -> bool:
        if ports.protocol in {"icmp", "icmpv6"}:
            return False
        if ports.protocol != "tcp":
            return True
        return any(port not in edge_ports for port in (ports.first, ports.last)) or (
            ports.last - ports.first + 1 > len(edge_ports)
        )

    return ~admits(group, beyond_edge, is_internet)
