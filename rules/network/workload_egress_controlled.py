"""Workloads reach the internet only where somebody controls it."""

from scanner.graph.graph import Graph
from scanner.model.compute import Workload
from scanner.network.chain import ask
from scanner.network.placement import is_placed
from scanner.network.questions import reach_of
from scanner.rule import Severity, rule
from scanner.truth import Truth, known


@rule(
    "workload-egress-controlled",
    title="Workloads reach the internet through NAT, a hub or an inspecting appliance, or not",
    severity=Severity.MEDIUM,
    fix="Route to a NAT gateway, a transit hub or a firewall instead of the internet gateway.",
    when=is_placed,
)
def check(workload: Workload, graph: Graph, *, inspected_only: bool = False) -> Truth:
    """What leaves by itself passes no place where stolen data could be noticed or stopped."""
    chains = list(reach_of(graph).outward(workload))
    controlled = {"inspected"} if inspected_only else {"inspected", "nat", "transit"}
    loose = [chain for chain in chains if not chain.kinds & controlled]
    if not loose:
        return known(True, ask(chains))
    return ~ask(loose).truth
