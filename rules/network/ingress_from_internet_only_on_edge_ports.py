"""The internet may use only the ports of the edge."""

from functools import cache

from scanner.model.network import SecurityGroup
from scanner.network.packets import EVERYTHING, ICMP, ICMP_V6, Packets, box
from scanner.network.traffic import admits, is_internet, tcp_to
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
    return ~admits(group, _beyond(tuple(edge_ports)), is_internet)


@cache
def _beyond(edge_ports: tuple[int, ...]) -> Packets:
    messages = Packets(tuple(box(protocol=(kind, kind)) for kind in (ICMP, ICMP_V6)))
    return EVERYTHING - tcp_to(edge_ports) - messages
