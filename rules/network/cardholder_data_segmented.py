"""Only those inside the cardholder-data environment reach it."""

from scanner.graph.graph import Graph
from scanner.model.base import Resource
from scanner.network.cardholder import holds_cardholder_data, is_edge, only_from_inside
from scanner.rule import Severity, rule
from scanner.truth import Truth


def _is_judged(target: Resource, graph: Graph) -> Truth:
    # A balancer that faces the internet is the door itself: other rules judge what it lets in.
    return holds_cardholder_data(target, graph) & ~is_edge(target)


@rule(
    "cardholder-data-segmented",
    title="Only the cardholder-data environment and what is declared as connected to it reach "
    "cardholder data",
    severity=Severity.CRITICAL,
    fix="Let its groups admit the groups of the environment, of declared connected systems and of "
    "bastions only; if the one that is named may reach it, declare it by the tag pci-scope.",
    when=_is_judged,
)
def check(target: Resource, graph: Graph) -> Truth:
    """Every system that can reach cardholder data is in scope too, and a way for an attacker."""
    return only_from_inside(target, graph)
