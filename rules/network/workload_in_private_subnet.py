"""Instances sit in private subnets."""

from scanner.graph.graph import Graph
from scanner.model.compute import Instance
from scanner.network.placement import in_private_subnets
from scanner.rule import Severity, rule
from scanner.truth import Truth, known


def has_subnet(instance: Instance) -> Truth:
    """A template without a subnet is judged through the group that uses it."""
    return known(not instance.subnets.is_empty, instance.subnets)


@rule(
    "workload-in-private-subnet",
    title="Instances are in subnets without a route to an internet gateway",
    severity=Severity.CRITICAL,
    fix="Move the instance to a subnet whose route table in force sends public addresses to a NAT "
    "gateway or nowhere.",
    when=has_subnet,
)
def check(instance: Instance, graph: Graph) -> Truth:
    """A route to an internet gateway is one public address away from direct exposure."""
    return in_private_subnets(instance, graph)
