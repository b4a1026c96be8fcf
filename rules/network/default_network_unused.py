"""Nothing stands in the network that the provider makes by itself."""

from scanner.graph.graph import Graph
from scanner.model.base import Resource
from scanner.network.fabric import Interface
from scanner.network.standing import interfaces_of, stands_in_network
from scanner.rule import Severity, rule
from scanner.truth import Evidence, Truth, all_of, unknown


@rule(
    "default-network-unused",
    title="Nothing stands in the default network of an account",
    severity=Severity.MEDIUM,
    fix="Make a network with subnets of its own for it, and delete the default one.",
    when=stands_in_network,
)
def check(resource: Resource, graph: Graph) -> Truth:
    """In a default VPC all subnets are public, and every host gets a public address."""
    return all_of(_stands_elsewhere(item) for item in interfaces_of(resource, graph))


def _stands_elsewhere(item: Interface) -> Truth:
    if item.sub is None or item.sub.net is None:
        return unknown(Evidence(item.name, item.doubt or "its network was not read"))
    default = item.sub.net.resource.is_default.because(Evidence(item.sub.name, item.sub.net.name))
    if default.is_true and not item.sure:
        return unknown(*default.evidence, Evidence(item.name, "whether it stands there"))
    return ~default
