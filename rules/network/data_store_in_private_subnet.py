"""Data stores sit in private subnets."""

from scanner.graph.graph import Graph
from scanner.model.data import DataStore
from scanner.network.placement import in_private_subnets
from scanner.rule import Severity, rule
from scanner.truth import Truth, known


def has_subnet(store: DataStore) -> Truth:
    """A store that is in no network at all is judged by data-store-not-public."""
    return known(not store.subnets.is_empty, store.subnets)


@rule(
    "data-store-in-private-subnet",
    title="Databases, caches, brokers and search domains are in private subnets",
    severity=Severity.HIGH,
    fix="Use a subnet group, or a subnet, whose route table has no route to an internet gateway.",
    when=has_subnet,
)
def check(store: DataStore, graph: Graph) -> Truth:
    """Account data must not be stored where a route leads straight to the internet."""
    return in_private_subnets(store, graph)
