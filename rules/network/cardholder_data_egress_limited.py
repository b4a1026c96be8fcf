"""Cardholder data cannot be sent anywhere."""

from scanner.graph.graph import Graph
from scanner.model.base import Resource
from scanner.network.cardholder import holds_cardholder_data, leaves_unlimited
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "cardholder-data-egress-limited",
    title="What the cardholder-data environment may send to the internet is limited or inspected",
    severity=Severity.HIGH,
    fix="Name the destinations and ports that are needed in the egress rules, remove the route to "
    "the internet, or lead it through a firewall.",
    when=holds_cardholder_data,
)
def check(target: Resource, graph: Graph) -> Truth:
    """Whoever gets in can send the data out by any port, to any host."""
    return ~leaves_unlimited(target, graph)
