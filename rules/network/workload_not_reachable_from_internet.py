"""No way leads from the internet straight to a workload."""

from scanner.graph.graph import Graph
from scanner.model.compute import Workload
from scanner.network.placement import is_placed
from scanner.network.questions import reach_of
from scanner.network.tiers import DATA, declared_tier
from scanner.rule import Severity, rule
from scanner.truth import Truth, one_answer
from scanner.value import Unknown


@rule(
    "workload-not-reachable-from-internet",
    title="No way leads from the internet straight to instances, nodes and containers",
    severity=Severity.CRITICAL,
    fix="Close any one hop of the way that is told, and publish services through a load balancer; "
    "what is declared by the tag tier = data is not published at all.",
    when=is_placed,
)
def check(workload: Workload, graph: Graph, *, balanced: bool = True) -> Truth:
    """A host that strangers can open a connection to is attacked on every port that is open."""
    exposure = reach_of(graph).exposure(workload)
    straight = ~exposure.direct.truth
    if not balanced:
        return ~exposure.truth
    if exposure.state is exposure.direct.state:
        return straight
    # Load balancers and services of the edge are how services are published; stores are not.
    tier = declared_tier(workload, graph)
    if isinstance(tier.content, Unknown):
        return one_answer((straight, ~exposure.truth)).because(*tier.testify())
    return (~exposure.truth).because(*tier.testify()) if tier.content == DATA else straight
