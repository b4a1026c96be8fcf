"""Networks that are joined have addresses of their own."""

from scanner.graph.graph import Graph
from scanner.model.network import Network
from scanner.network.addresses import Addresses
from scanner.network.joints import Neighbour, neighbours
from scanner.rule import Severity, rule
from scanner.truth import Evidence, Truth, all_of, known, unknown
from scanner.value import Unknown


def _has_neighbours(network: Network, graph: Graph) -> Truth:
    return known(next(neighbours(network, graph), None) is not None)


@rule(
    "network-ranges-apart",
    title="Address ranges of joined networks do not overlap",
    severity=Severity.HIGH,
    fix="Give each network a range of its own from the address plan; a network that exists has to "
    "be made anew, or joined without routes by an endpoint.",
    when=_has_neighbours,
)
def check(network: Network, graph: Graph) -> Truth:
    """Packets reach a host that was never meant, and rules on addresses admit the wrong network."""
    if isinstance(network.cidrs.content, Unknown):
        return unknown(network.cidrs)
    texts = (*network.cidrs.content, *network.ipv6_cidrs.known_or(()))
    mine = Addresses.read(texts)
    found = [_apart(network, mine, item) for item in neighbours(network, graph)]
    telling = [truth for truth in found if not truth.is_true]
    return all_of(telling or found[:4])


def _apart(network: Network, mine: Addresses, item: Neighbour) -> Truth:
    if isinstance(item.ranges, Evidence):
        return unknown(item.joint, item.ranges)
    common = mine & item.ranges
    if not common:
        told = ", ".join(item.ranges.texts()) or "it names no range: the other side announces them"
        return known(True, Evidence(item.name, told))
    fact = network.fact(f"{', '.join(common.texts(3))} is also of {item.name}")
    return known(False, fact, item.joint) if item.certain else unknown(fact, item.joint)
