"""The internet at large cannot call the Kubernetes API."""

from scanner.graph.graph import Graph
from scanner.model.compute import Cluster
from scanner.network.questions import reach_of
from scanner.network.traffic import called_from, is_internet
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "cluster-api-not-open-to-internet",
    title="The Kubernetes API cannot be called from wide ranges of public addresses",
    severity=Severity.CRITICAL,
    fix="Make the endpoint private. Until then list the administrators' addresses: EKS in "
    "public_access_cidrs, OKE in the rules of the endpoint's group or subnet.",
)
def check(cluster: Cluster, graph: Graph) -> Truth:
    """An API that everybody can call is attacked with every stolen token and every new flaw."""
    return ~called_from(reach_of(graph).exposure(cluster), is_internet)
