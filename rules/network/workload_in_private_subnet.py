"""Instances sit in private subnets."""

from scanner.graph.graph import Graph
from scanner.model.compute import Addressed
from scanner.network.placement import in_private_subnets
from scanner.rule import Severity, rule
from scanner.truth import Truth, known


def has_subnet(workload: Addressed) -> Truth:
    """A template without a subnet is judged through the group that uses it."""
    return known(not workload.subnets.is_empty, workload.subnets)


@rule(
    "workload-in-private-subnet",
    title="Instances are in subnets without a route to an internet gateway",
    severity=Severity.CRITICAL,
    fix="Move the instance to a subnet whose route table in force sends public addresses to a NAT "
    "gateway or nowhere.",
    when=has_subnet,
)
def check(workload: Addressed, graph: Graph) -> Truth:
    """A route to an internet gateway is one public address away from direct exposure."""
    return in_private_subnets(workload, graph)
