"""Single packets sent through complete worlds, rule by rule: what the engine is measured against.

Written from the providers' documentation and kept apart from `scanner`: a packet is sent, every
table, ACL and group on its way is asked about it, and its reply is sent back.

AWS, VPC User Guide: route tables (longest prefix), security groups (any rule of any group allows;
stateful), network ACLs (the lowest matching number decides; stateless; only where a packet leaves
or enters a subnet), internet and NAT gateways; VPC Peering Guide: not transitive; Amazon VPC
Transit Gateways: the table associated with the attachment decides, zones without an attachment
subnet are not served, and "Network ACLs for transit gateways".

OCI, Networking documentation: route tables (longest prefix; nothing is routed that no rule names,
but what stays inside the VCN), security rules (any rule of any list or group allows; a stateless
rule that matches beats a stateful one), local peering gateways (not transitive), dynamic routing
gateways (an attachment's own table, else the default one that knows every attachment; static before
learnt), internet gateways that are on or off, NAT gateways that are blocked or not.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import ClassVar, NamedTuple

from tests.network.worlds import (
    Acl,
    Attachment,
    Balancer,
    Entry,
    Instance,
    Listener,
    Nat,
    Network,
    Route,
    Rule,
    Subnet,
    World,
)

ICMP, TCP, UDP, ESP = 1, 6, 17, 50
PROTOCOLS = {"icmp": ICMP, "tcp": TCP, "udp": UDP, "50": ESP}


class Packet(NamedTuple):
    """Addresses as numbers; for ICMP the port is the type and the sender's port means nothing."""

    source: int
    target: int
    protocol: int
    sender: int
    port: int

    def reply(self) -> Packet:
        if self.protocol == ICMP:
            # RFC 792: an echo (8) is answered by an echo reply (0).
            return Packet(self.target, self.source, ICMP, 0, 0)
        return Packet(self.target, self.source, self.protocol, self.port, self.sender)


# One address of each part into which the ranges that rules name divide the internet.
CLIENTS = tuple(
    int(ip_address(text))
    for text in ("1.1.1.1", "8.8.8.8", "150.1.1.1", "198.51.100.7", "203.0.113.9")
)


class Service(NamedTuple):
    """What is asked about: None stands for anything."""

    protocol: int | None = None
    port: int | None = None


ANYTHING = Service()


@lru_cache(maxsize=4096)
def span(text: str) -> tuple[int, int]:
    network = ip_network(text)
    return int(network.network_address), int(network.broadcast_address)


@lru_cache(maxsize=4096)
def number(text: str) -> int:
    return int(ip_address(text))


def inside(address: int, ranges: Iterable[str]) -> bool:
    for text in ranges:
        low, high = span(text)
        if low <= address <= high:
            return True
    return False


def speaks_of(item: Rule | Entry, packet: Packet) -> bool:
    """Whether protocol and ports of a rule are those of a packet."""
    if item.protocol == "all":
        return True
    if PROTOCOLS[item.protocol] != packet.protocol:
        return False
    first, last = item.ports
    if packet.protocol == ESP:
        return True
    if packet.protocol == ICMP:
        return first in (-1, packet.port) or (first, last) == (1, 65535)
    low, high = item.senders if isinstance(item, Rule) else (0, 65535)
    return bool(first <= packet.port <= last and low <= packet.sender <= high)


@dataclass(frozen=True, slots=True)
class Host:
    """One end: an interface in a subnet; groups None where it has none and lets all through."""

    name: str
    subnet: Subnet
    address: int
    groups: frozenset[str] | None


class Passage(NamedTuple):
    """What a way tells beside that it is open: rules may name the sender by its group."""

    by_group: bool


class Cloud(ABC):
    """A complete world, of which questions are asked."""

    # One port of each part into which the port ranges of rules divide all: of targets and clients.
    ports: ClassVar[Mapping[int, Sequence[int]]]
    senders: ClassVar[Mapping[int, Sequence[int]]]

    def __init__(self, world: World) -> None:
        self.world = world
        self.networks: dict[str, Network] = {item.name: item for item in world.networks}
        self.subnets: dict[str, Subnet] = {item.name: item for item in world.subnets}
        self.rules: dict[tuple[str, bool], list[Rule]] = {}
        for rule in world.rules:
            self.rules.setdefault((rule.group, rule.inward), []).append(rule)
        self.tables = {item.name: self._routes_of(item) for item in world.subnets}
        self.looked_up: dict[tuple[str, int], Route | None] = {}

    def _routes_of(self, subnet: Subnet) -> list[Route]:
        name = subnet.table
        if not name:
            mains = [t.name for t in self.world.tables if t.main and t.network == subnet.network]
            name = mains[0] if mains else ""
        local = [
            Route(name, text, "local", subnet.network)
            for text in self.networks[subnet.network].ranges
        ]
        return [*local, *(route for route in self.world.routes if name and route.table == name)]

    def route(self, subnet: Subnet, address: int) -> Route | None:
        """The most specific route of a subnet."""
        key = (subnet.name, address)
        if key not in self.looked_up:
            matching = [
                item for item in self.tables[subnet.name] if inside(address, (item.destination,))
            ]
            self.looked_up[key] = min(
                matching,
                key=lambda item: span(item.destination)[1] - span(item.destination)[0],
                default=None,
            )
        return self.looked_up[key]

    def host(self, item: Instance) -> Host:
        return Host(
            item.name, self.subnets[item.subnet], number(item.address), frozenset(item.groups)
        )

    def gateway_runs(self, network: str) -> bool:
        found = self.networks[network]
        return bool(found.has_gateway and found.gateway_on)

    def leads_out(self, subnet: Subnet, address: int) -> bool:
        """Whether a subnet's route for an address is its network's own internet gateway."""
        route = self.route(subnet, address)
        return (
            route is not None
            and route.kind == "internet"
            and route.target == subnet.network
            and self.gateway_runs(subnet.network)
        )

    @abstractmethod
    def has_public_address(self, item: Instance) -> bool:
        """Whether an instance has one."""

    @abstractmethod
    def enters(self, packet: Packet, host: Host) -> bool:
        """Whether a packet from the internet is answered by a host that has a public address."""

    @abstractmethod
    def connects(self, packet: Packet, a: Host, b: Host) -> bool:
        """Whether a packet from one host is answered by another."""

    @abstractmethod
    def leaves(self, packet: Packet, host: Host, public: bool) -> bool:
        """Whether a packet to the internet is answered there."""

    @abstractmethod
    def translates(self, subnet: Subnet, address: int) -> bool:
        """Whether a subnet's route for an address is a NAT gateway that leads to the internet."""

    @abstractmethod
    def nodes(self, balancer: Balancer) -> Iterator[tuple[Host, ...]]:
        """Give, for each node of a balancer, the places where it may stand."""

    def packets(self, source: int, target: int, service: Service) -> Iterator[Packet]:
        """Give one packet of each kind that rules could tell apart."""
        protocols = (TCP, UDP, ICMP, ESP) if service.protocol is None else (service.protocol,)
        for protocol in protocols:
            if protocol in (TCP, UDP):
                for port in self.ports[protocol] if service.port is None else (service.port,):
                    for sender in self.senders[protocol]:
                        yield Packet(source, target, protocol, sender, port)
            else:
                yield Packet(source, target, protocol, 2000, 8 if protocol == ICMP else 0)

    # Questions

    def exposed(self, item: Instance, service: Service = ANYTHING) -> bool:
        return next(self.entering(item, service), None) is not None

    def entering(self, item: Instance, service: Service = ANYTHING) -> Iterator[Packet]:
        """Give the packets from the internet that an instance answers."""
        if not self.has_public_address(item):
            return
        host = self.host(item)
        if not self.gateway_runs(host.subnet.network):
            return
        for client in CLIENTS:
            if self.leads_out(host.subnet, client):
                for packet in self.packets(client, host.address, service):
                    if self.enters(packet, host):
                        yield packet

    def reaches(self, a: Host, b: Host, service: Service = ANYTHING) -> bool:
        return any(
            self.connects(packet, a, b) for packet in self.packets(a.address, b.address, service)
        )

    def goes_out(self, item: Instance, service: Service = ANYTHING) -> bool:
        host = self.host(item)
        public = self.has_public_address(item)
        return any(
            self.leaves(packet, host, public)
            for client in CLIENTS
            if (public and self.leads_out(host.subnet, client))
            or self.translates(host.subnet, client)
            for packet in self.packets(host.address, client, service)
        )

    def kind(self, subnet: Subnet) -> str:
        """What its routes make of a subnet, whatever groups and ACLs say."""
        if any(self.leads_out(subnet, client) for client in CLIENTS):
            return "public"
        private = any(self.translates(subnet, client) for client in CLIENTS)
        return "private with egress" if private else "isolated"

    def only_by(self, item: Instance, service: Service, trusted: Iterable[Instance]) -> bool:
        """Whether only these instances can open a service of another.

        Any address of a subnet counts that is not theirs, as if a host stood there that lets
        everything through, and every instance with the groups that it bears.
        """
        target = self.host(item)
        mine = [self.host(one) for one in trusted]
        if self.exposed(item, service):
            return False
        for subnet in self.world.subnets:
            for place in places_of(subnet, self.world):
                if all(place != host.address for host in mine):
                    other = Host("", subnet, place, None)
                    if place != target.address and self.reaches(other, target, service):
                        return False
        trusted_names = {host.name for host in mine}
        return not any(
            self.reaches(self.host(one), target, service)
            for one in self.world.instances
            if one.name not in trusted_names and one is not item
        )

    def apart(self, ones: Iterable[Instance], others: Iterable[Instance]) -> bool:
        """Whether no packet passes between the ones and the others."""
        pairs = [(self.host(a), self.host(b)) for a in ones for b in others if a is not b]
        return not any(self.reaches(a, b) or self.reaches(b, a) for a, b in pairs)

    # Through balancers

    def balanced(self, item: Instance) -> set[bool]:
        """Whether a client reaches an instance through a balancer, wherever its nodes stand.

        Elastic Load Balancing lets a node forward to targets by itself; which address a node has
        in its subnet is not told.
        """
        target = self.host(item)
        found: set[bool] = {False}
        for balancer in self.world.balancers:
            if balancer.internal:
                continue
            for listener in self.world.listeners:
                if listener.balancer != balancer.name or item.name not in listener.targets:
                    continue
                each = [
                    {self.passes(listener, node, target) for node in places}
                    for places in self.nodes(balancer)
                ]
                if any(answers == {True} for answers in each):
                    return {True}
                if any(True in answers for answers in each):
                    found = {True, False}
        return found

    def passes(self, listener: Listener, node: Host, target: Host) -> bool:
        for client in CLIENTS:
            for sender in self.senders[TCP]:
                packet = Packet(client, node.address, TCP, sender, listener.port)
                if self.enters(packet, node) and self.forwards(packet, node, listener, target):
                    return True
        return False

    def forwards(self, packet: Packet, node: Host, listener: Listener, target: Host) -> bool:
        """Whether a node that got a packet from a client has it answered by a target."""
        inner = Packet(node.address, target.address, TCP, 2000, listener.target_port)
        return any(
            self.connects(inner._replace(sender=sender), node, target)
            for sender in self.senders[TCP]
        )


def places_of(subnet: Subnet, world: World) -> Iterator[int]:
    """One address of each part into which rules divide a subnet, and each that something bears."""
    low, _ = span(subnet.range)
    yield from (low + 77, low + 222, low + 10)
    yield from (number(item.address) for item in world.instances if item.subnet == subnet.name)


class Aws(Cloud):
    """A complete world of AWS.  Clients send from the ports that replies are usually let back to.

    VPC User Guide, "Custom network ACLs", "Ephemeral ports": 1024 to 65535.
    """

    ports: ClassVar[Mapping[int, Sequence[int]]] = {
        TCP: (7, 22, 80, 443, 900, 20000, 50000),
        UDP: (7, 22, 40, 53, 80, 443, 900, 2000),
    }
    senders: ClassVar[Mapping[int, Sequence[int]]] = {TCP: (2000, 40000), UDP: (2000,)}

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.acls = {item.name: self._acl_of(item) for item in world.subnets}

    def _acl_of(self, subnet: Subnet) -> tuple[Acl, list[Entry], list[Entry]] | None:
        named = [acl for acl in self.world.acls if not acl.default and subnet.name in acl.subnets]
        named += [acl for acl in self.world.acls if acl.default and acl.network == subnet.network]
        if not named:
            return None
        mine = sorted(
            (entry for entry in self.world.entries if entry.acl == named[0].name),
            key=lambda entry: entry.number,
        )
        return named[0], [e for e in mine if e.inward], [e for e in mine if not e.inward]

    def acl(self, subnet: Subnet, inward: bool, packet: Packet) -> bool:
        """Whether the ACL of a subnet lets a packet through."""
        found = self.acls[subnet.name]
        if found is None:
            return True
        other = packet.source if inward else packet.target
        for entry in found[1] if inward else found[2]:
            if inside(other, (entry.range,)) and speaks_of(entry, packet):
                return bool(entry.allows)
        return False

    def admits(
        self,
        groups: Iterable[str] | None,
        inward: bool,
        packet: Packet,
        bears: frozenset[str] = frozenset(),
    ) -> bool:
        """Whether a rule of these groups allows a packet; the other end bears groups too."""
        if groups is None:
            return True
        other = packet.source if inward else packet.target
        for name in groups:
            for rule in self.rules.get((name, inward), ()):
                if speaks_of(rule, packet) and (
                    bears & set(rule.groups) or inside(other, rule.ranges)
                ):
                    return True
        return False

    def has_public_address(self, item: Instance) -> bool:
        if item.public is None:
            return bool(self.subnets[item.subnet].public)
        return bool(item.public)

    def enters(self, packet: Packet, host: Host) -> bool:
        subnet = host.subnet
        return (
            self.gateway_runs(subnet.network)
            and self.acl(subnet, True, packet)
            and self.admits(host.groups, True, packet)
            and self.leads_out(subnet, packet.source)
            and self.acl(subnet, False, packet.reply())
        )

    # Between hosts

    def connects(self, packet: Packet, a: Host, b: Host) -> bool:
        passage = Passage(True)
        if a.subnet is not b.subnet:
            there = self.travel(packet, a.subnet, b.subnet)
            if there is None or self.travel(packet.reply(), b.subnet, a.subnet) is None:
                return False
            passage = there
        theirs = b.groups or frozenset()
        mine = a.groups or frozenset()
        if not passage.by_group:
            theirs = mine = frozenset()
        return self.admits(a.groups, False, packet, theirs) and self.admits(
            b.groups, True, packet, mine
        )

    def travel(self, packet: Packet, source: Subnet, target: Subnet) -> Passage | None:
        """Carry one packet from a subnet to another; None if it does not arrive."""
        if not self.acl(source, False, packet):
            return None
        route = self.route(source, packet.target)
        if route is None:
            return None
        if route.kind == "local":
            if source.network != target.network or not self.acl(target, True, packet):
                return None
            return Passage(True)
        if route.kind == "peering":
            peering = next(item for item in self.world.peerings if item.name == route.target)
            here, there = peering.ends
            if source.network == there:
                here, there = there, here
            if not peering.active or source.network != here or target.network != there:
                return None
            if not inside(packet.target, self.networks[there].ranges):
                return None
            return Passage(True) if self.acl(target, True, packet) else None
        if route.kind == "hub":
            return self.by_hub(packet, source, target, route.target)
        return None

    def by_hub(self, packet: Packet, source: Subnet, target: Subnet, hub: str) -> Passage | None:
        enters = self.attachment(hub, source.network)
        if enters is None:
            return None
        door = self.door(enters, source.zone)
        if door is None or not self.acl(door, True, packet):
            return None
        leaves = self.hub_route(enters, packet.target)
        if leaves is None or leaves.network != target.network:
            return None
        # What comes from the hub stands in a subnet of the attachment, whose table decides.
        exit = self.door(leaves, source.zone) or self.subnets[leaves.subnets[0]]
        route = self.route(exit, packet.target)
        if route is None or route.kind != "local":
            return None
        # "Network ACLs for transit gateways": in the attachment's own subnet none is asked.
        if exit is not target and not (
            self.acl(exit, False, packet) and self.acl(target, True, packet)
        ):
            return None
        return Passage(next(item.shares for item in self.world.hubs if item.name == hub))

    def attachment(self, hub: str, network: str) -> Attachment | None:
        for item in self.world.attachments:
            if item.hub == hub and item.network == network:
                return item
        return None

    def door(self, item: Attachment, zone: str) -> Subnet | None:
        """The subnet in which an attachment stands in a zone."""
        for name in item.subnets:
            if self.subnets[name].zone == zone:
                return self.subnets[name]
        return None

    def hub_route(self, enters: Attachment, address: int) -> Attachment | None:
        """Where a hub sends what comes from an attachment; of equal ranges a static one wins."""
        hub = next(item for item in self.world.hubs if item.name == enters.hub)
        if enters.table:
            table = next(item for item in self.world.hub_tables if item.name == enters.table)
            learns: Sequence[str] = table.learns
            static = [item for item in self.world.hub_routes if item.table == table.name]
        elif hub.by_default:
            learns = [item.name for item in self.world.attachments if item.hub == hub.name]
            static = []
        else:
            return None
        found: list[tuple[int, int, str]] = []
        for route in static:
            low, high = span(route.destination)
            if low <= address <= high:
                found.append((high - low, 0, route.target))
        for name in learns:
            item = next(one for one in self.world.attachments if one.name == name)
            for text in self.networks[item.network].ranges:
                low, high = span(text)
                if low <= address <= high:
                    found.append((high - low, 1, name))
        if not found:
            return None
        target = min(found)[2]
        return next((item for item in self.world.attachments if item.name == target), None)

    # To the internet

    def leaves(self, packet: Packet, host: Host, public: bool) -> bool:
        subnet = host.subnet
        route = self.route(subnet, packet.target)
        if (
            route is None
            or not self.admits(host.groups, False, packet)
            or not self.acl(subnet, False, packet)
            or not self.acl(subnet, True, packet.reply())
        ):
            return False
        if route.kind == "internet":
            return public and self.leads_out(subnet, packet.target)
        if route.kind != "nat":
            return False
        nat: Nat = next(item for item in self.world.nats if item.name == route.target)
        there = self.subnets[nat.subnet]
        if nat.network != subnet.network or packet.protocol not in (TCP, UDP, ICMP):
            return False
        if there is not subnet and not (
            self.acl(there, True, packet) and self.acl(there, False, packet.reply())
        ):
            return False
        # The gateway sends from an address of its own, and of any port from 1024 on.
        outside = packet._replace(source=0)
        return (
            self.leads_out(there, packet.target)
            and self.acl(there, False, outside)
            and self.acl(there, True, outside.reply())
        )

    def translates(self, subnet: Subnet, address: int) -> bool:
        route = self.route(subnet, address)
        if route is None or route.kind != "nat":
            return False
        nat = next(item for item in self.world.nats if item.name == route.target)
        return any(self.leads_out(self.subnets[nat.subnet], other) for other in CLIENTS)

    # Through balancers

    def nodes(self, balancer: Balancer) -> Iterator[tuple[Host, ...]]:
        for name in balancer.subnets:
            subnet = self.subnets[name]
            groups = None
            if balancer.groups or balancer.layer == "application":
                groups = frozenset(balancer.groups)
            low, _ = span(subnet.range)
            yield tuple(Host(balancer.name, subnet, low + place, groups) for place in (99, 201))

    def forwards(self, packet: Packet, node: Host, listener: Listener, target: Host) -> bool:
        if not listener.preserves:
            return super().forwards(packet, node, listener, target)
        inner = Packet(node.address, target.address, TCP, 2000, listener.target_port)
        # Network Load Balancers guide, "Security groups" and "Client IP preservation": the
        # balancer's own groups rule what leaves it; the target's see the client's address, and may
        # name the balancer's groups instead.  The balancer takes the reply.
        seen = inner._replace(source=packet.source, sender=packet.sender)
        bears = node.groups or frozenset()
        return self.admits(node.groups, False, inner, target.groups or frozenset()) and self.admits(
            target.groups, True, seen, bears
        )


class Oci(Cloud):
    """A complete world of OCI.  Rules may demand a port of clients, who choose theirs."""

    ports: ClassVar[Mapping[int, Sequence[int]]] = {
        TCP: (22, 80, 443, 2000),
        UDP: (22, 80, 443, 2000),
    }
    senders: ClassVar[Mapping[int, Sequence[int]]] = ports

    def lists_of(self, subnet: Subnet) -> Iterable[str]:
        """The security lists of a subnet; empty names the one that Oracle makes."""
        if subnet.lists:
            return tuple(subnet.lists)
        managed = [item.name for item in self.world.groups if item.name == f"d_{subnet.network}"]
        return managed or ("",)

    def matching(
        self, host: Host, inward: bool, packet: Packet, bears: frozenset[str]
    ) -> Iterator[Rule]:
        """Give the rules of all lists and groups that allow a packet."""
        if host.groups is None:
            yield Rule("", inward, "all", (1, 65535), ("0.0.0.0/0",))
            return
        other = packet.source if inward else packet.target
        for name in (*self.lists_of(host.subnet), *sorted(host.groups)):
            rules = self.rules.get((name, inward), ()) if name else AS_MADE[inward]
            for rule in rules:
                if speaks_of(rule, packet) and (
                    bears & set(rule.groups) or inside(other, rule.ranges)
                ):
                    yield rule

    def passes_rules(
        self, host: Host, inward: bool, packet: Packet, bears: frozenset[str] = frozenset()
    ) -> bool:
        """Whether a packet passes the rules of a host, and its reply where nothing is tracked."""
        found = list(self.matching(host, inward, packet, bears))
        if not any(rule.stateless for rule in found):
            return bool(found)
        return any(True for _ in self.matching(host, not inward, packet.reply(), bears))

    def has_public_address(self, item: Instance) -> bool:
        asked = True if item.public is None else bool(item.public)
        return asked and bool(self.subnets[item.subnet].public)

    def enters(self, packet: Packet, host: Host) -> bool:
        return (
            self.gateway_runs(host.subnet.network)
            and self.leads_out(host.subnet, packet.source)
            and self.passes_rules(host, True, packet)
        )

    def connects(self, packet: Packet, a: Host, b: Host) -> bool:
        if a.subnet is not b.subnet and not (
            self.delivers(packet, a.subnet, b.subnet)
            and self.delivers(packet.reply(), b.subnet, a.subnet)
        ):
            return False
        # A rule may name groups of its own VCN only.
        same = a.subnet.network == b.subnet.network
        theirs = (b.groups or frozenset()) if same else frozenset()
        mine = (a.groups or frozenset()) if same else frozenset()
        return self.passes_rules(a, False, packet, theirs) and self.passes_rules(
            b, True, packet, mine
        )

    def delivers(self, packet: Packet, source: Subnet, target: Subnet) -> bool:
        """Carry one packet from a subnet to another."""
        route = self.route(source, packet.target)
        if route is None:
            return False
        if route.kind == "local":
            return source.network == target.network
        if route.kind == "peering":
            peering = next(item for item in self.world.peerings if item.name == route.target)
            there = peering.ends[peering.ends[0] == source.network]
            return (
                bool(peering.active)
                and source.network in peering.ends
                and there == target.network
                and inside(packet.target, self.networks[there].ranges)
            )
        if route.kind == "hub":
            enters = next(
                (
                    item for item in self.world.attachments
                    if item.hub == route.target and item.network == source.network
                ),
                None,
            )  # fmt: skip
            leaves = None if enters is None else self.hub_route(enters, packet.target)
            return (
                leaves is not None
                and leaves.network == target.network
                and inside(packet.target, self.networks[leaves.network].ranges)
            )
        return False

    def hub_route(self, enters: Attachment, address: int) -> Attachment | None:
        """Where a hub sends what comes from an attachment; of equal ranges a static one wins."""
        found: list[tuple[int, int, str]] = []
        learns: Sequence[str] = [item.name for item in self.world.attachments]
        if enters.table:
            table = next(item for item in self.world.hub_tables if item.name == enters.table)
            learns = table.learns
            for route in self.world.hub_routes:
                low, high = span(route.destination)
                if route.table == table.name and low <= address <= high:
                    found.append((high - low, 0, route.target))
        for item in self.world.attachments:
            for text in self.networks[item.network].ranges if item.name in learns else ():
                low, high = span(text)
                if low <= address <= high:
                    found.append((high - low, 1, item.name))
        name = min(found)[2] if found else ""
        return next((item for item in self.world.attachments if item.name == name), None)

    def leaves(self, packet: Packet, host: Host, public: bool) -> bool:
        if not self.passes_rules(host, False, packet):
            return False
        if self.leads_out(host.subnet, packet.target):
            return public
        if packet.protocol not in (TCP, UDP, ICMP):
            return False
        return self.translates(host.subnet, packet.target)

    def translates(self, subnet: Subnet, address: int) -> bool:
        route = self.route(subnet, address)
        if route is None or route.kind != "nat":
            return False
        nat: Nat = next(item for item in self.world.nats if item.name == route.target)
        return bool(nat.on) and nat.network == subnet.network

    def nodes(self, balancer: Balancer) -> Iterator[tuple[Host, ...]]:
        for name in balancer.subnets:
            subnet = self.subnets[name]
            low, _ = span(subnet.range)
            yield tuple(
                Host(balancer.name, subnet, low + place, frozenset(balancer.groups))
                for place in (99, 201)
            )


# Networking documentation, "Security Lists", "Default Security List": what Oracle makes with a VCN,
# as far as the packets asked about are concerned.
AS_MADE = {
    True: (Rule("", True, "tcp", (22, 22), ("0.0.0.0/0",)),),
    False: (Rule("", False, "all", (1, 65535), ("0.0.0.0/0",)),),
}


def cloud(world: World) -> Cloud:
    """The rules of the world's provider."""
    return Aws(world) if world.cloud == "aws" else Oci(world)
