"""Cluster nodes sit in private subnets."""

from scanner.graph.graph import Graph
from scanner.model.compute import NodePool
from scanner.network.placement import in_private_subnets
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "cluster-nodes-in-private-subnets",
    title="Kubernetes nodes and pods are in subnets without a route to an internet gateway",
    severity=Severity.HIGH,
    fix="Place node pools, node groups and pod networks in private subnets.",
)
def check(pool: NodePool, graph: Graph) -> Truth:
    """A node that the internet can reach is a way around every control of the cluster's ingress."""
    return in_private_subnets(pool, graph)
