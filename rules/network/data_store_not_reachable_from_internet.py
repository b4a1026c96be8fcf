"""No way leads from the internet to a data store."""

from scanner.graph.graph import Graph
from scanner.model.data import DataStore
from scanner.network.questions import reach_of
from scanner.network.traffic import called_from, is_internet
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "data-store-not-reachable-from-internet",
    title="No way leads from the internet to databases, caches, brokers and search domains",
    severity=Severity.CRITICAL,
    fix="Close any one hop of the way that is told: the public address, the route, the group's "
    "rule, or the listener that forwards to the store. Where the service has only a list of "
    "addresses, list single known ranges.",
)
def check(store: DataStore, graph: Graph) -> Truth:
    """Whoever can open a connection to a store needs nothing more than one leaked password."""
    exposure = reach_of(graph).exposure(store)
    if store.subnets.is_empty:
        # Outside of any network a narrow list of addresses is the only fence there is.
        return ~called_from(exposure, is_internet)
    return ~exposure.truth
