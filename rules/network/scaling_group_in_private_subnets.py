"""Scaling groups start instances in private subnets."""

from scanner.graph.graph import Graph
from scanner.model.compute import InstanceGroup
from scanner.network.placement import in_private_subnets
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "scaling-group-in-private-subnets",
    title="Scaling groups use only subnets without a route to an internet gateway",
    severity=Severity.HIGH,
    fix="List only private subnets in the scaling group or instance pool.",
)
def check(group: InstanceGroup, graph: Graph) -> Truth:
    """Every instance that the group starts later inherits the exposure of the subnet."""
    return in_private_subnets(group, graph)
