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

    cidrs: its address ranges, as text.  is_default: made by the provider with the account.
    """

    cidrs: Value[tuple[str, ...]]
    is_default: Truth


class Subnet(Resource):
    """A range of a network in which resources are placed.

    assigns_public_addresses: a new interface gets a public address unless it says otherwise.
    assigns_ipv6_addresses: it gets one of IPv6, which is public, even if it wants none of IPv4.
    permits_public_addresses: an interface may have one at all.
    route_tables: the tables named by the subnet or by associations; empty means the network's
    main table rules.
    security_lists: the lists that hold for all its interfaces (OCI); empty means the default one.
    """

    network: Links
    cidrs: Value[tuple[str, ...]]
    zone: Value[str]
    assigns_public_addresses: Truth
    assigns_ipv6_addresses: Truth
    permits_public_addresses: Truth
    route_tables: Links
    security_lists: Links


class GatewayKind(Enum):
    """What kind of way out of a network a route leads to."""

    INTERNET = "internet gateway"
    NAT = "NAT gateway"
    EGRESS_ONLY = "egress-only internet gateway"
    SERVICE = "service gateway"
    HUB = "transit hub"
    PEERING = "peering"
    VPN = "virtual private gateway"
    ENDPOINT = "endpoint"
    INTERFACE = "network interface"
    LOCAL = "local"
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
    """

    network: Links
    is_main: Truth
    routes: Value[tuple[Route, ...]]


class Gateway(Resource):
    """A way out of a network.

    enabled: whether it passes traffic at all.
    """

    kind: Value[GatewayKind]
    network: Links
    enabled: Truth
    subnets: Links


class Direction(Enum):
    """Which way the traffic of a rule goes, seen from the protected resource."""

    INGRESS = "ingress"
    EGRESS = "egress"


@dataclass(frozen=True, slots=True)
class PortRange:
    """Protocol and ports: protocol is `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `all`.

    For ICMP `first` and `last` are -1 or the type, as the provider writes it.
    """

    protocol: str
    first: int
    last: int

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
    """A stateless, ordered list of permissions and denials of subnets."""

    network: Links
    subnets: Links
    rules: Value[tuple[TrafficRule, ...]]


class SourceChecked(Resource):
    """Whatever drops packets that carry another's source address, unless that is switched off."""

    source_check: Truth


class NetworkInterface(SourceChecked):
    """An interface in a subnet."""

    subnets: Links
    security_groups: Links
    has_public_address: Truth


class PublicAddress(Resource):
    """An elastic or reserved public address; `assigned_to` is an instance, interface or gateway."""

    assigned_to: Links


class ServiceEndpoint(Policied):
    """A private endpoint of a service inside a network; the policy limits what it may be used for.

    kind: `gateway`, `interface`, ...
    """

    network: Links
    subnets: Links
    kind: Value[str]
    service: Value[str]


class TransitHub(Resource):
    """A hub that joins networks: AWS Transit Gateway, OCI DRG."""

    accepts_attachments_unasked: Truth
    joins_by_default: Truth


class Peering(Resource):
    """A direct joint of two networks."""

    networks: Links


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
    """

    authenticates_person: Truth
    logged: Truth
    admits_all_everywhere: Truth


class Bastion(Resource):
    """A managed way for administrators into private networks."""

    subnets: Links
    client_ranges: Value[tuple[str, ...]]
    longest_session_seconds: Value[int]


class FlowLog(Resource):
    """A record of network traffic; `traffic` is `ALL`, `ACCEPT` or `REJECT`."""

    of: Links
    traffic: Value[str]
    enabled: Truth
