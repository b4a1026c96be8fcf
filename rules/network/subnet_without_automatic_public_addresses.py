"""Subnets hand out no public addresses by themselves."""

from collections.abc import Iterator

from scanner.graph.graph import Graph, Referrer
from scanner.model.compute import Cluster, InstanceGroup, Placed
from scanner.model.data import MountTarget
from scanner.model.edge import LoadBalancer, NetworkLink, TransferServer
from scanner.model.network import Gateway, Subnet
from scanner.rule import Severity, rule
from scanner.truth import Evidence, Truth, all_of, known, unknown

# Interfaces of a service, which what a subnet gives to new instances does not concern.
_ASIDE = (Cluster, MountTarget, NetworkLink, TransferServer)


def holds_workloads(subnet: Subnet, graph: Graph) -> Truth:
    """Whether anything but load balancers and NAT gateways is, or may be, placed in the subnet."""
    placed = (
        *_placed(subnet, graph),
        *graph.referrers(subnet, InstanceGroup, "subnets"),
    )
    gateways = graph.referrers(subnet, Gateway, "subnets")
    if not any(item.certain for item in (*placed, *gateways)):
        return known(True, Evidence(subnet.address, "nothing says that it is an edge subnet"))
    edge = [
        known(isinstance(item.resource, LoadBalancer), Evidence(item.resource.address, "placed"))
        for item in placed
        if item.certain
    ]
    edge += [
        unknown(Evidence(item.resource.address, item.why))
        for item in placed
        if not item.certain and not isinstance(item.resource, LoadBalancer)
    ][:1]
    return ~all_of(edge, Evidence(subnet.address, "only gateways are placed in it"))


def _placed(subnet: Subnet, graph: Graph) -> Iterator[Referrer]:
    for item in graph.referrers(subnet, Placed, "subnets"):
        if not isinstance(item.resource, _ASIDE):
            yield item


@rule(
    "subnet-without-automatic-public-addresses",
    title="Subnets of workloads give no public addresses by themselves",
    severity=Severity.HIGH,
    fix="AWS: set map_public_ip_on_launch and assign_ipv6_address_on_creation to false. "
    "OCI: set prohibit_public_ip_on_vnic to true.",
    when=holds_workloads,
)
def check(subnet: Subnet) -> Truth:
    """Whatever is started here later gets a public address without anybody having asked for it."""
    return ~subnet.assigns_public_addresses
