"""Tiers have subnets of their own."""

from scanner.graph.graph import Graph
from scanner.model.network import Subnet
from scanner.network.tiers import residents
from scanner.rule import Severity, rule
from scanner.truth import Evidence, Truth, known, unknown


def _is_used(subnet: Subnet, graph: Graph) -> Truth:
    return known(bool(residents(subnet, graph)))


@rule(
    "subnet-tiers-apart",
    title="Stores, workloads, load balancers and cluster APIs do not share a subnet",
    severity=Severity.MEDIUM,
    fix="Give each tier subnets and a route table of its own. A database that runs on an instance "
    "is declared by the tag tier = data.",
    when=_is_used,
)
def check(subnet: Subnet, graph: Graph) -> Truth:
    """Tiers that share a subnet share its routes and lists: none can be closed by itself."""
    certain: dict[str, Evidence] = {}
    possible: dict[str, Evidence] = {}
    for item in residents(subnet, graph):
        (certain if item.sure else possible).setdefault(item.tier, item.fact)
    if len(certain) > 1:
        return known(False, *certain.values())
    if len({*certain, *possible}) > 1:
        return unknown(*certain.values(), *possible.values())
    return known(True, *(certain or possible).values())
