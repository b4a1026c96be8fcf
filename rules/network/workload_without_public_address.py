"""Instances have no public address."""

from dataclasses import replace

from scanner.graph.graph import Graph
from scanner.model.compute import Addressed, InstanceGroup, NodePool
from scanner.network.fabric import Interface
from scanner.network.questions import reach_of
from scanner.rule import Severity, rule
from scanner.truth import Truth, any_of, known, one_answer, unknown


@rule(
    "workload-without-public-address",
    title="Instances have no public address",
    severity=Severity.CRITICAL,
    fix="Do not ask for a public address, and do not attach an elastic or reserved one; publish "
    "services through a load balancer, administer through a bastion or session broker.",
)
def check(workload: Addressed, graph: Graph) -> Truth:
    """A public address puts the host itself in front of everybody who scans the internet."""
    fabric = reach_of(graph).fabric

    def has_one(interface: Interface) -> Truth:
        return fabric.has_public_v4(interface) | fabric.has_public_v6(interface)

    own, others = _interfaces(workload, graph)
    doubt = unknown(workload.fact("which interfaces it has is not certain"))
    found = [has_one(item) for item in own if item.sure]
    possible = [has_one(item) for item in own if not item.sure]
    if not found and possible:
        # It stands in one of these places, and it is not known in which.
        found, possible = [one_answer(possible)], []
    found += [truth & doubt for truth in (*possible, *map(has_one, others))]
    return ~any_of(found) if found else _asks_for_none(workload, graph)


def _interfaces(workload: Addressed, graph: Graph) -> tuple[list[Interface], list[Interface]]:
    """Give its interfaces and those of groups that use it as their template; those that may."""
    interfaces = reach_of(graph).fabric.interfaces
    own = [*interfaces.get(workload.address, ())]
    others: list[Interface] = []
    for kind in (InstanceGroup, NodePool):
        for referrer in graph.referrers(workload, kind, "templates"):
            for item in interfaces.get(referrer.resource.address, ()):
                if item.face is workload:
                    own.append(item)
                elif not referrer.certain:
                    others.append(replace(item, face=workload))
    return own, others


def _asks_for_none(template: Addressed, graph: Graph) -> Truth:
    nothing = template.fact("asks for no public address, and no group of what was read uses it")
    asks = template.asks_for_public_address.test(bool)
    return graph.absent(known(True, nothing), template) if asks.is_false else ~asks
