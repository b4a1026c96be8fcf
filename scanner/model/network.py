"""Networks: where things are placed and what may reach them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from scanner.model.base import Resource
from scanner.model.policy import Policied
from scanner.record import Links
from scanner.truth import Truth
from scanner.value import Value


class Network(Resource):
    """A virtual network: AWS VPC, OCI VCN.

    cidrs, ipv6_cidrs: all its address ranges, as text; empty if it has none of that family.
    is_default: made by the provider with the account.
    """

    cidrs: Value[tuple[str, ...]]
    ipv6_cidrs: Value[tuple[str, ...]]
    is_default: Truth


class Subnet(Resource):
    """A range of a network in which resources are placed.

    cidrs, ipv6_cidrs: its address ranges; empty if it has none of that family.
    assigns_public_addresses: a new interface gets a public address unless it says otherwise.
    assigns_ipv4_addresses: it gets one of IPv4.
    assigns_ipv6_addresses: it gets one of IPv6, which is public, even if it wants none of IPv4.
    permits_public_addresses: an interface may have one at all.
    route_tables: the tables named by the subnet or by associations; empty means the network's
    main table rules.
    security_lists: the lists that hold for all its interfaces (OCI); empty means the default one.
    """

    network: Links
    cidrs: Value[tuple[str, ...]]
    ipv6_cidrs: Value[tuple[str, ...]]
    zone: Value[str]
    assigns_public_addresses: Truth
    assigns_ipv4_addresses: Truth
    assigns_ipv6_addresses: Truth
    permits_public_addresses: Truth
    route_tables: Links
    security_lists: Links


class GatewayKind(Enum):
    """What kind of way out of a network a route leads to."""

    INTERNET = "internet gateway"
    NAT = "NAT gateway"
    PRIVATE_NAT = "private NAT gateway"
    EGRESS_ONLY = "egress-only internet gateway"
    SERVICE = "service gateway"
    HUB = "transit hub"
    PEERING = "peering"
    VPN = "virtual private gateway"
    ENDPOINT = "endpoint"
    INTERFACE = "network interface"
    LOCAL = "local"
    BLACKHOLE = "black hole"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of a route table.

    destination: an address range as text, or a prefix list or service label.
    kind: the kind of target as the attribute that names it says; unknown where only its id could
    tell.  target: the target itself.  active: whether traffic takes it.
    """

    destination: Value[str]
    kind: Value[GatewayKind]
    target: Links
    active: Truth


class RouteTable(Resource):
    """A route table with its own and its separately declared routes.

    is_main: whether it rules the subnets of its network that name no table.
    routes: unknown as a whole where the entries cannot be listed.
    learns_from: virtual private gateways that add the routes they know of by themselves.
    """

    network: Links
    is_main: Truth
    routes: Value[tuple[Route, ...]]
    learns_from: Links


class Gateway(Resource):
    """A way out of a network.

    enabled: whether it passes traffic at all.
    subnets: where it stands, for one that stands in a subnet.
    route_tables: the tables that direct what enters the network through it; empty means that it
    is delivered where it is addressed to.
    """

    kind: Value[GatewayKind]
    network: Links
    enabled: Truth
    subnets: Links
    route_tables: Links


class InternetBlock(Resource):
    """A switch of an account and region against traffic between its networks and the internet.

    mode: `off`, `block-bidirectional`, `block-ingress` (AWS VPC Block Public Access).
    """

    mode: Value[str]


class InternetBlockExclusion(Resource):
    """A network or subnet that such a switch leaves out.

    mode: `allow-bidirectional`, or `allow-egress` for what the inside begins.
    """

    of: Links
    mode: Value[str]


class Direction(Enum):
    """Which way the traffic of a rule goes, seen from the protected resource."""

    INGRESS = "ingress"
    EGRESS = "egress"


@dataclass(frozen=True, slots=True)
class PortRange:
    """Protocol and ports: protocol is `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `all`.

    For ICMP `first` and `last` are -1 or the type, as the provider writes it.  The source ports
    are those that a rule demands of the sender (OCI).
    """

    protocol: str
    first: int
    last: int
    source_first: int = 0
    source_last: int = 65535

    def __str__(self) -> str:
        if self.protocol == "all":
            return "all protocols"
        if self.protocol not in {"tcp", "udp"}:
            return (
                self.protocol if self.protocol.startswith("icmp") else f"protocol {self.protocol}"
            )
        if (self.first, self.last) == (0, 65535):
            return f"all of {self.protocol}"
        ports = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.protocol} {ports}"

    def covers(self, port: int, protocol: str = "tcp") -> bool:
        """Whether it lets traffic of this protocol to this port through."""
        if self.protocol == "all":
            return True
        return self.protocol == protocol and self.first <= port <= self.last


@dataclass(frozen=True, slots=True)
class TrafficRule:
    """One permission of a security group, NSG or security list, or one entry of a network ACL.

    ports: protocol and ports.  sources: address ranges at the other end (both families), unknown
    where not readable; empty if only groups are named.  groups: groups or lists of prefixes at
    the other end.  allows: false for a deny entry of a network ACL; unknown where it is not known
    whether the rule exists or belongs to the group at all.  order: its number in an ACL.
    origin: where it is written, for evidence.
    """

    direction: Direction
    ports: Value[PortRange]
    sources: Value[tuple[str, ...]]
    groups: Links
    allows: Truth
    order: Value[int]
    stateless: Truth
    description: Value[str]
    origin: str


class SecurityGroup(Resource):
    """A set of permissions: AWS security group, OCI network security group or security list.

    rules: unknown as a whole where they cannot be listed.
    is_default: given to whatever names no group.
    """

    network: Links
    is_default: Truth
    rules: Value[tuple[TrafficRule, ...]]


class NetworkAcl(Resource):
    """A stateless, ordered list of permissions and denials of subnets.

    is_default: it rules the subnets of its network that are in no other.
    """

    network: Links
    is_default: Truth
    subnets: Links
    rules: Value[tuple[TrafficRule, ...]]


class SourceChecked(Resource):
    """Whatever drops packets that carry another's source address, unless that is switched off."""

    source_check: Truth


class NetworkInterface(SourceChecked):
    """An interface in a subnet.

    has_public_address: of IPv4, or one of IPv6, which is public.
    addresses: its private addresses where they are fixed; empty where the provider chooses them.
    route_tables: the tables that rule it instead of its subnet's (OCI).
    """

    subnets: Links
    security_groups: Links
    has_public_address: Truth
    has_ipv6_address: Truth
    addresses: Value[tuple[str, ...]]
    route_tables: Links


class PublicAddress(Resource):
    """An elastic or reserved public address; `assigned_to` is an instance, interface or gateway."""

    assigned_to: Links


class ServiceEndpoint(Policied):
    """A private endpoint of a service inside a network; the policy limits what it may be used for.

    kind: `gateway`, `interface`, ...  security_groups: of the interfaces of one that has some.
    """

    network: Links
    subnets: Links
    security_groups: Links
    kind: Value[str]
    service: Value[str]


class EndpointService(Resource):
    """A service that other accounts reach by endpoints of their own, through a load balancer.

    accepts_unasked: connections need no acceptance.  principals: who may connect, as written.
    """

    load_balancers: Links
    accepts_unasked: Truth
    principals: Value[tuple[str, ...]]


class TransitHub(Resource):
    """A hub that joins networks: AWS Transit Gateway, OCI DRG.

    associates_by_default, propagates_by_default: an attachment that says nothing else uses the
    default table, or is known in it.  joins_by_default: one of both.
    shares_groups: rules may name security groups of another network behind the hub.
    """

    accepts_attachments_unasked: Truth
    joins_by_default: Truth
    associates_by_default: Truth
    propagates_by_default: Truth
    shares_groups: Truth


class AttachmentKind(Enum):
    """What is attached to a transit hub."""

    NETWORK = "network"
    VPN = "VPN"
    LINE = "dedicated line"
    PEERING = "peering with another hub"
    OTHER = "other"


class HubAttachment(Resource):
    """The attachment of a network, a VPN, a line or another hub to a transit hub.

    networks: the network, if it is one.  subnets: those through which its traffic enters and
    leaves it (AWS: only traffic of their zones passes); empty means all (OCI).
    hub_tables: the hub's table that says where traffic from this attachment goes; empty means the
    hub's default.  associates_by_default, propagates_by_default: it uses the hub's default table
    for that, or is known in it, as far as the attachment itself decides.
    network_tables: the network's table that directs what enters it from the hub (OCI).
    shares_groups: rules may name groups of other networks behind the hub, as far as the
    attachment decides.
    peers: the attachment or hub at the other end of a peering.
    ranges: addresses behind it that do not stand in a network: static routes of a VPN; unknown
    where the other side announces them.
    """

    hub: Links
    kind: Value[AttachmentKind]
    networks: Links
    subnets: Links
    hub_tables: Links
    associates_by_default: Truth
    propagates_by_default: Truth
    network_tables: Links
    shares_groups: Truth
    peers: Links
    ranges: Value[tuple[str, ...]]


class HubRouteTable(Resource):
    """A route table of a transit hub.

    routes: its static routes; their targets are attachments.  learns_from: the attachments whose
    ranges it knows by itself (AWS propagation, OCI import distribution).
    rules: the kinds of attachments that use it by default; empty if none does.
    learns_by_default: it knows the attachments that say nothing else (AWS).
    """

    hub: Links
    routes: Value[tuple[Route, ...]]
    learns_from: Links
    rules: Value[tuple[AttachmentKind, ...]]
    learns_by_default: Truth


class Peering(Resource):
    """A direct joint of two networks.

    networks: those it joins.  peers: the peering at the other end, where each end is a resource of
    its own (OCI).  active: accepted and not deleted.
    shares_groups: rules may name security groups of the other network.
    """

    networks: Links
    peers: Links
    active: Truth
    shares_groups: Truth


class HybridLink(Resource):
    """A VPN connection or dedicated line between a gateway or hub and the company's own sites.

    kind: VPN or LINE.  gateways: gateways or hubs at which it ends.
    far_ends: the devices at the other end of a VPN (AWS customer gateway, OCI CPE), or the
    connections that carry a line.
    ranges: addresses behind it, empty where only the other side announces them.
    announced: the other side announces further ones (BGP).
    encrypted: what passes is encrypted by the link itself.
    """

    kind: Value[AttachmentKind]
    gateways: Links
    far_ends: Links
    ranges: Value[tuple[str, ...]]
    announced: Truth
    encrypted: Truth


class VpnTunnel(Resource):
    """One tunnel of a site-to-site VPN.

    Each list holds what the tunnel permits, in the provider's spelling.
    holds_to_lists: it also refuses everything else that the other side proposes.
    """

    ike_versions: Value[tuple[str, ...]]
    encryption: Value[tuple[str, ...]]
    integrity: Value[tuple[str, ...]]
    dh_groups: Value[tuple[int, ...]]
    holds_to_lists: Truth
    logged: Truth


class ClientVpn(Resource):
    """A VPN endpoint for people.

    authenticates_person: somebody's identity is checked, not only a certificate.
    admits_all_everywhere: an authorisation rule lets every group into every network.
    subnets: where its clients enter the network; they then bear addresses of these subnets.
    client_ranges: the addresses that it gives to its clients.
    """

    subnets: Links
    security_groups: Links
    client_ranges: Value[tuple[str, ...]]

    authenticates_person: Truth
    logged: Truth
    admits_all_everywhere: Truth


class Bastion(Resource):
    """A managed way for administrators into private networks.

    OCI Bastion, AWS EC2 Instance Connect Endpoint.  subnets: where its sessions come from.
    client_ranges: who may open one.
    """

    subnets: Links
    security_groups: Links
    client_ranges: Value[tuple[str, ...]]
    longest_session_seconds: Value[int]


class FlowLog(Resource):
    """A record of network traffic; `traffic` is `ALL`, `ACCEPT` or `REJECT`."""

    of: Links
    traffic: Value[str]
    enabled: Truth


class ZeroTrustLabels(Resource):
    """Labels by which zero trust packet routing guards an endpoint (OCI ZPR).

    of: what bears them.  guarded: it certainly bears some; beside its groups and lists a policy of
    that service must then admit what reaches it, and policies are not read.
    """

    of: Links
    guarded: Truth
