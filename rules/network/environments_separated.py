"""Networks of different environments are not joined."""

from scanner.graph.graph import Graph
from scanner.model.network import Network
from scanner.network.joints import joined, of_other_environments
from scanner.rule import Severity, rule
from scanner.truth import Truth, all_of, any_of

# The evidence of a pass names so many of the networks from which it is apart.
_TOLD = 4


def _has_others(network: Network, graph: Graph) -> Truth:
    return any_of(other.apart for other in of_other_environments(network, graph))


@rule(
    "environments-separated",
    title="No route joins networks of different environments",
    severity=Severity.HIGH,
    fix="Give each environment a route table of its own at the hub, without routes to the others, "
    "and no peering between them; what is meant to be joined is declared under allowed_between.",
    when=_has_others,
)
def check(network: Network, graph: Graph) -> Truth:
    """Whoever breaks into the least guarded environment is in the network of the most guarded."""
    found: list[Truth] = []
    for other in of_other_environments(network, graph):
        met = other.apart & joined(network, other.network, graph)
        if met.is_true:
            return ~met
        found.append(~met)
    doubts = [truth for truth in found if truth.is_unknown]
    rest = len(found) - _TOLD
    told = all_of(doubts or found[:_TOLD])
    if doubts or rest <= 0:
        return told
    return told.because(network.fact(f"nor with {rest} further networks of other environments"))
