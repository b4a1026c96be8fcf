"""The Kubernetes API is called by its nodes, and by administrators through a bastion."""

from scanner.graph.graph import Graph
from scanner.model.compute import Cluster
from scanner.network.administration import kin, only_by_doors, services
from scanner.rule import Severity, rule
from scanner.truth import Truth, unknown
from scanner.value import Unknown


def has_private_endpoint(cluster: Cluster) -> Truth:
    """An endpoint that the internet can call is judged by other rules."""
    return cluster.private_endpoint


@rule(
    "cluster-api-only-from-bastion",
    title="Only bastions, sites and the cluster's own nodes can call the private Kubernetes API",
    severity=Severity.HIGH,
    fix="Admit to the ports of the API the groups of the nodes and of the bastion alone (OKE: the "
    "subnets of nodes and pods), and declare the bastion: by the tag role = bastion, or in the "
    "file of scopes.",
    when=has_private_endpoint,
)
def check(cluster: Cluster, graph: Graph, *, sites: bool = True) -> Truth:
    """With a stolen token, any host that can call the API is the bastion."""
    ports = cluster.ports.content
    if isinstance(ports, Unknown):
        return unknown(*cluster.ports.testify())
    return only_by_doors(cluster, services(ports), graph, sites=sites, own=kin(cluster, graph))
