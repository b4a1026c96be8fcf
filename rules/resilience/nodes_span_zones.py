"""Nodes survive a zone."""

from scanner.graph.graph import Graph
from scanner.model.compute import NodePool
from scanner.model.network import Subnet
from scanner.rule import Severity, rule
from scanner.truth import Truth, known, unknown
from scanner.value import Unknown


@rule(
    "nodes-span-zones",
    title="Kubernetes nodes are spread over availability zones",
    severity=Severity.MEDIUM,
    fix="Give the pool subnets, or placements, in two zones or more.",
)
def check(pool: NodePool, graph: Graph) -> Truth:
    """The failure of one data centre takes all nodes of the pool with it."""
    named = pool.zones
    if isinstance(named.content, Unknown) or named.content:
        return named.test(lambda zones: len(set(zones)) > 1)
    subnets = list(graph.follow(pool.subnets, Subnet))
    zones = {subnet.zone.known_or("") for subnet in subnets} - {""}
    if len(zones) > 1:
        return known(True, *(subnet.zone for subnet in subnets))
    links = pool.subnets
    open_ended = links.maybe or links.outside or links.unknown
    if not open_ended and len(links.targets) + len(links.one_of) == 1:
        # It may be open which subnet it is, but there is only one.
        return known(False, links)
    doubts = [subnet.zone for subnet in subnets if isinstance(subnet.zone.content, Unknown)]
    if doubts or not links.certain or len(subnets) < len(links.targets):
        return unknown(links, *doubts)
    return known(False, *(subnet.zone for subnet in subnets))
