"""Instances have no public address."""

from scanner.graph.graph import Graph
from scanner.model.compute import Instance, InstanceGroup, NodePool
from scanner.model.network import NetworkInterface, PublicAddress, Subnet
from scanner.record import Links
from scanner.rule import Severity, rule
from scanner.truth import Evidence, Truth, all_of, known, unknown
from scanner.value import Unknown


@rule(
    "workload-without-public-address",
    title="Instances have no public address",
    severity=Severity.CRITICAL,
    fix="Do not ask for a public address, and do not attach an elastic or reserved one; publish "
    "services through a load balancer, administer through a bastion or session broker.",
)
def check(instance: Instance, graph: Graph) -> Truth:
    """A public address puts the host itself in front of everybody who scans the internet."""
    given = graph.referred_by(instance, PublicAddress, "assigned_to", _exists)
    interfaces = graph.every(
        instance.interfaces,
        NetworkInterface,
        lambda item: (
            ~item.has_public_address
            & ~graph.referred_by(item, PublicAddress, "assigned_to", _exists)
        ),
    )
    return _asks_for_none(instance, graph) & ~given & interfaces


def _exists(address: PublicAddress) -> Truth:
    return known(True, address.assigned_to)


def _asks_for_none(instance: Instance, graph: Graph) -> Truth:
    asked = instance.asks_for_public_address
    if isinstance(asked.content, Unknown) or asked.content is not None:
        # To refuse a public address of IPv4 does not refuse the one of IPv6 that a subnet gives.
        return asked.test(lambda content: not content) & graph.every(
            instance.subnets, Subnet, lambda subnet: ~subnet.assigns_ipv6_addresses
        )
    if not instance.subnets.is_empty:
        return _none_by_default(instance.subnets, graph)
    groups = []
    for kind in (InstanceGroup, NodePool):
        for referrer in graph.referrers(instance, kind, "templates"):
            group = referrer.resource
            assert isinstance(group, (InstanceGroup, NodePool))
            private = _none_by_default(group.subnets, graph)
            doubt = unknown(Evidence(group.address, referrer.why))
            groups.append(private if referrer.certain else private | doubt)
    nothing = instance.fact("asks for no public address, and no group of what was read uses it")
    return all_of(groups) if groups else graph.absent(known(True, nothing), instance)


def _none_by_default(subnets: Links, graph: Graph) -> Truth:
    return graph.every(subnets, Subnet, lambda subnet: ~subnet.assigns_public_addresses)
