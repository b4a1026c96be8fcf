"""Where routes lead: from a subnet's table hop by hop to a network, the internet or a site.

AWS: VPC User Guide, "Route tables", "VPC peering limitations" (a peering is not transitive).
OCI: Networking documentation, "Local VCN Peering", "Access to Other VCNs: Transit routing".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from scanner.model.network import (
    Direction,
    Gateway,
    GatewayKind,
    HubAttachment,
    Peering,
    ServiceEndpoint,
    TransitHub,
)
from scanner.network.addresses import ALL_V6, EVERYWHERE, PUBLIC, Addresses
from scanner.network.chain import Gate, from_truth, plainly
from scanner.network.fabric import Fabric, Net, Sub
from scanner.network.gates import acl_gates
from scanner.network.hubs import Hubs
from scanner.network.packets import (
    EVERYTHING,
    ICMP,
    NOTHING,
    SHUT,
    TCP,
    UDP,
    UNSURE,
    Packets,
    Pair,
    box,
    certain,
    from_sources,
    to_destinations,
)
from scanner.network.routing import Entry, Piece, Table
from scanner.network.way import Goal, Place, Trail, Way, by_truth, inside, telling, unknown_gate
from scanner.record import Links
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown

_DEPTH: Final = 8
# VPC User Guide, "NAT gateway basics"; OCI Networking documentation, "NAT Gateway": they pass TCP,
# UDP and ICMP.
_TRANSLATED: Final = certain(
    Packets(tuple(box(protocol=(number, number)) for number in (TCP, UDP, ICMP)))
)


class Ways:
    """Finds ways through one fabric, each once."""

    def __init__(self, fabric: Fabric) -> None:
        self.fabric = fabric
        self._memory: dict[tuple[object, ...], tuple[Way, ...]] = {}
        self._joined: dict[tuple[object, ...], bool] = {}
        self._hubs = Hubs(fabric, self._lead)

    def lead(self, place: Place, goal: Goal) -> tuple[Way, ...]:
        """Give the ways from a place to a goal; those that are shut tell why there is none."""
        key = (
            place.tables,
            place.sub.resource.zone.known_or("?") if place.sub else "",
            id(place.sub) if place.sub is not None and self._is_attached(place.sub) else 0,
            id(place.net),
            goal if isinstance(goal, str) else id(goal),
        )
        found = self._memory.get(key)
        if found is None:
            found = tuple(self._lead(place, goal, Trail((), _asked(goal))))
            if not found:
                found = (self._no_way(place, goal),)
            self._memory[key] = found
        return found

    def joins(self, sub: Sub, net: Net) -> bool:
        """Whether routes may lead from a subnet to a network at all."""
        key = (sub.tables, id(sub.net), id(net))
        found = self._joined.get(key)
        if found is None:
            ways = self.lead(Place(sub.tables, sub, sub.net), net)
            found = self._joined[key] = any(way.pair.may for way in ways)
        return found

    def _is_attached(self, sub: Sub) -> bool:
        return sub.resource.block.record.address in self._attachment_subnets

    @cached_property
    def _attachment_subnets(self) -> frozenset[str]:
        graph = self.fabric.graph
        return frozenset(
            address
            for links in (
                *(item.subnets for item in graph.of(HubAttachment)),
                *(item.subnets for item in graph.of(Gateway)),
            )
            for address in links.candidates()
        )

    def _no_way(self, place: Place, goal: Goal) -> Way:
        where = goal if isinstance(goal, str) else goal.name
        name = place.tables[0].name if place.tables else "a route table that is not known"
        return Way((Gate("NET-RTB", name, "route", SHUT, plainly(f"no route leads to {where}")),))

    def _lead(self, place: Place, goal: Goal, trail: Trail) -> Iterator[Way]:
        if len(trail.marks) > _DEPTH:
            yield Way((unknown_gate("", "more hops than are followed"),))
            return
        sure = len(place.tables) == 1
        for table in place.tables:
            mark = f"{table.name} {id(place.net)}"
            if mark in trail.marks:
                continue
            for piece in table.pieces:
                if not piece.may.overlaps(trail.wanted):
                    continue
                yield from self._follow(table, piece, sure, place, goal, trail.passing(mark))

    def _follow(
        self,
        table: Table,
        piece: Piece,
        sure: bool,
        place: Place,
        goal: Goal,
        trail: Trail,
    ) -> Iterator[Way]:
        entry = piece.entry
        # What kind of target it is may be known where the target itself is not.
        of_kind = entry.kind not in (None, GatewayKind.OTHER)
        certainly = entry.certainly or (of_kind and not entry.targets)
        alone = sure and certainly and len(entry.targets) <= 1
        must = to_destinations(piece.must) if alone else NOTHING
        doubts = entry.doubts
        if not sure:
            doubts = (*doubts, Evidence(table.name, "it may not be the table in force"))
        gate = Gate(
            "NET-RTB",
            table.name,
            "route",
            Pair(must, to_destinations(piece.may)),
            telling(f"route {entry.text}", doubts),
        )
        others = () if entry.certainly or not of_kind or not entry.targets else ("",)
        for target in (*entry.targets, *others) or ("",):
            for way in self._through(target, entry, place, goal, trail.toward(piece.may)):
                yield Way((gate, *way.gates), way.kinds, way.by_group, way.enters)
        if not entry.certainly and not of_kind:
            yield Way((gate, unknown_gate(table.name, "what the route leads to", *doubts)))

    def _through(
        self, target: str, entry: Entry, place: Place, goal: Goal, trail: Trail
    ) -> Iterator[Way]:
        kind = self._kind(target, entry.kind)
        if kind is GatewayKind.LOCAL:
            if goal is place.net:
                yield Way((), frozenset(), True)
        elif kind is GatewayKind.BLACKHOLE:
            fact = f"the route {entry.text} drops what it decides"
            yield Way((Gate("NET-BLACKHOLE", target or fact, "route", SHUT, plainly(fact)),))
        elif kind is GatewayKind.INTERNET:
            if goal == "internet":
                yield self._out(target, place)
        elif kind in (GatewayKind.NAT, GatewayKind.EGRESS_ONLY):
            if goal == "internet":
                yield from self._translated(target, kind, place, trail)
        elif kind is GatewayKind.PRIVATE_NAT:
            yield from self._translated_privately(target, goal, trail)
        elif kind is GatewayKind.PEERING:
            yield from self._peered(target, place, goal, trail)
        elif kind is GatewayKind.HUB:
            yield from self._hubs.leave(target, place, goal, trail)
        elif kind is GatewayKind.VPN:
            if goal == "onprem":
                yield from self._site(target)
        elif kind is GatewayKind.SERVICE:
            if goal == "services":
                yield Way(())
        elif kind in (GatewayKind.INTERFACE, GatewayKind.ENDPOINT):
            yield from self._appliance(target, goal, trail)
        elif entry.targets:
            yield Way((unknown_gate(target, "assay does not follow this target"),))

    def _kind(self, target: str, kind: GatewayKind | None) -> GatewayKind | None:
        """Tell what a target is: by itself, where it was read."""
        graph = self.fabric.graph
        gateway = graph.at(target, Gateway)
        if gateway is not None and isinstance(gateway.kind.content, GatewayKind):
            return gateway.kind.content
        if kind is not None and kind is not GatewayKind.OTHER:
            return kind
        if graph.at(target, Peering) is not None:
            return GatewayKind.PEERING
        if graph.at(target, TransitHub) is not None or graph.at(target, HubAttachment) is not None:
            return GatewayKind.HUB
        if graph.at(target, ServiceEndpoint) is not None:
            return GatewayKind.ENDPOINT
        return None

    # To the internet

    def _out(self, target: str, place: Place) -> Way:
        gateway = self.fabric.graph.at(target, Gateway)
        truth = known(True)
        if gateway is not None:
            truth = gateway.enabled & self._serves(gateway, place.net)
        gate = from_truth(
            "NET-IGW",
            target or "the internet gateway",
            "gateway",
            truth,
            "internet gateway",
            "the internet gateway is off, or not attached to this network",
        )
        return Way((gate,), frozenset({"direct"}))

    def _serves(self, gateway: Gateway, net: Net | None) -> Truth:
        links = gateway.network
        if net is None or net.key in links.targets:
            return known(True)
        if links.certain:
            return known(False, links)
        return unknown(links)

    def _translated(
        self, target: str, kind: GatewayKind, place: Place, trail: Trail
    ) -> Iterator[Way]:
        gateway = self.fabric.graph.at(target, Gateway)
        if gateway is None:
            fact = f"{kind.value} that was not read"
            yield Way((unknown_gate(target, fact),), frozenset({"nat"}))
            return
        gate = from_truth(
            "NET-NAT", target, "gateway", gateway.enabled, kind.value, "it is switched off"
        )
        if kind is GatewayKind.NAT:
            gate = gate._replace(pair=gate.pair & _TRANSLATED)
        if kind is GatewayKind.EGRESS_ONLY:
            only = certain(to_destinations(Addresses((ALL_V6,))))
            yield Way((gate._replace(pair=gate.pair & only),), frozenset({"nat"}))
            return
        links = gateway.subnets
        if links.is_empty:
            yield Way((gate,), frozenset({"nat"}))
            return
        yield from self._onward((gate,), links, "internet", trail, {"nat"}, place.sub)

    def _translated_privately(self, target: str, goal: Goal, trail: Trail) -> Iterator[Way]:
        """Pass a NAT gateway without a public address: an internet gateway drops what it sends."""
        gateway = self.fabric.graph.at(target, Gateway)
        if gateway is None or goal == "services":
            return
        gate = from_truth(
            "NET-NAT", target, "gateway", gateway.enabled, "private NAT gateway", "it is off"
        )
        for way in self._onward((gate,), gateway.subnets, goal, trail, {"nat"}):
            if way.kinds <= {"nat"} and goal == "internet":
                fact = "a private NAT gateway has no public address"
                shut = Gate("NET-NAT", target, "gateway", SHUT, plainly(fact))
                yield Way((*way.gates, shut), way.kinds)
            else:
                fact = "what lets the gateway's own address pass"
                yield Way((*way.gates, unknown_gate(target, fact)), way.kinds)

    def _onward(
        self,
        gates: tuple[Gate, ...],
        links: Links,
        goal: Goal,
        trail: Trail,
        kinds: Iterable[str],
        near: Sub | None = None,
    ) -> Iterator[Way]:
        """Go on from each of the subnets in which something stands, past its ACL.

        near: the subnet that packets come from; within one no ACL is passed.
        """
        for address in links.candidates():
            sub = self.fabric.subs.get(address)
            if sub is None:
                continue
            sure = links.certain
            further = () if sure else (unknown_gate(address, "whether it stands there"),)
            for way in self._lead(Place(sub.tables, sub, sub.net), goal, trail):
                passed = way.kinds - {"direct"} if goal == "internet" else way.kinds
                acls = _acls(sub, near) if goal == "internet" else ()
                yield Way(
                    (*gates, *further, *acls, *way.gates), frozenset((*kinds, *passed)), False
                )
        if not links.certain:
            doubts = [Evidence(links.source, reason) for reason in links.unknown]
            doubts += [
                Evidence(links.source, f'"{name}" is not in what was read')
                for name in links.outside
            ]
            yield Way((*gates, unknown_gate(links.source, "where it stands", *doubts)),
                      frozenset(kinds))  # fmt: skip

    def _appliance(self, target: str, goal: Goal, trail: Trail) -> Iterator[Way]:
        """Pass an appliance: what it lets through is not modelled, hence not known."""
        graph = self.fabric.graph
        if isinstance(goal, str) and goal == "services":
            return
        gate = Gate(
            "NET-MIDDLEBOX",
            target,
            "gateway",
            UNSURE,
            telling("an appliance stands in the way: what it lets through is not modelled", ()),
        )
        endpoint = graph.at(target, ServiceEndpoint)
        subs: list[Sub] = []
        if endpoint is not None:
            subs = [
                sub
                for address in endpoint.subnets.candidates()
                if (sub := self.fabric.subs.get(address)) is not None
            ]
        else:
            for name, interfaces in self.fabric.interfaces.items():
                if name == target:
                    subs = [item.sub for item in interfaces if item.sub is not None]
        found = False
        for sub in subs:
            for way in self._lead(Place(sub.tables, sub, sub.net), goal, trail):
                found = True
                yield Way(
                    (gate, *way.gates),
                    frozenset({"inspected", *(way.kinds - {"direct", "nat"})}),
                    False,
                )
        if not found or not subs:
            yield Way((gate,), frozenset({"inspected"}))

    # To other networks

    def _peered(self, target: str, place: Place, goal: Goal, trail: Trail) -> Iterator[Way]:
        graph = self.fabric.graph
        peering = graph.at(target, Peering)
        if peering is None:
            if not isinstance(goal, str):
                yield Way((unknown_gate(target, "a peering that was not read"),))
            return
        oci = peering.provider != "aws"
        code = "OCI-LPG" if oci else "NET-PCX"
        for far, sure, door in self._far_sides(peering, place.net):
            if far is place.net:
                continue
            if not oci and far is not goal:
                fact = f"a peering delivers within {far.name} only"
                yield Way((Gate(code, target, "gateway", SHUT, plainly(fact)),))
                continue
            active = peering.active
            if not sure:
                active = active & unknown(peering.networks)
            gate = from_truth(code, target, "gateway", active, "peering",
                              "the peering is not active")  # fmt: skip
            shared = by_truth(peering.shares_groups)
            tables: tuple[Table, ...] = ()
            if door is not None:
                tables = self._ingress(door, far)
            if tables:
                for way in self._lead(Place(tables, None, far), goal, trail):
                    yield Way((gate, *way.gates), way.kinds, shared and way.by_group)
            elif far is goal:
                within = inside(code, target, far)
                yield Way((gate, within), frozenset(), shared)
            else:
                fact = f"a peering delivers within {far.name} only"
                yield Way((Gate(code, target, "gateway", SHUT, plainly(fact)),))
        if oci and peering.peers.is_empty and not self._far_sides(peering, place.net):
            fact = "nothing connects it with another network"
            shut = SHUT if not graph.missing else UNSURE
            yield Way((Gate(code, target, "gateway", shut, plainly(fact)),))
        if not isinstance(goal, str) or goal == "onprem":
            links = peering.networks
            reasons = (*links.unknown, *(f'"{name}" was not read' for name in links.outside))
            if reasons and not self._far_sides(peering, place.net):
                yield Way(
                    (unknown_gate(target, "which network is peered",
                                   Evidence(peering.networks.source, reasons[0])),)
                )  # fmt: skip

    def _far_sides(
        self, peering: Peering, here: Net | None
    ) -> list[tuple[Net, bool, Gateway | None]]:
        """Give the networks at the other side, and the gateway by which they are entered."""
        found: list[tuple[Net, bool, Gateway | None]] = []
        graph = self.fabric.graph
        own = peering.networks
        for address in own.candidates():
            net = self.fabric.nets.get(address)
            if net is not None and net is not here:
                found.append((net, address in own.targets, None))
        ends = [(item, True) for item in graph.follow(peering.peers, Peering)]
        ends += [
            (item, False)
            for address in (*peering.peers.maybe, *(i for g in peering.peers.one_of for i in g))
            if (item := graph.at(address, Peering)) is not None
        ]
        for referrer in graph.referrers(peering, Peering, "peers"):
            other = referrer.resource
            if isinstance(other, Peering) and other is not peering:
                ends.append((other, referrer.certain))
        for end, sure in ends:
            for address in end.networks.candidates():
                net = self.fabric.nets.get(address)
                if net is not None:
                    door = graph.at(end.block.record.address, Gateway)
                    found.append((net, sure and address in end.networks.targets, door))
        return found

    def _ingress(self, door: Gateway, net: Net) -> tuple[Table, ...]:
        """Give the tables that direct what comes in through a gateway."""
        links = door.route_tables
        return () if links.is_empty else self.fabric.tables_of(links, net)

    # To the company's own sites

    def _site(self, target: str) -> Iterator[Way]:
        links = self.fabric.links_at(target)
        gateway = self.fabric.graph.at(target, Gateway)
        if not links:
            if gateway is not None and gateway.managed and not self.fabric.graph.missing:
                fact = "no VPN connection or line ends at this gateway"
                yield Way((Gate("NET-VPN", target, "gateway", SHUT, plainly(fact)),))
            else:
                yield Way((unknown_gate(target, "what is behind the gateway was not read"),))
        for link in links:
            ranges = Addresses.read(link.ranges.known_or(()))
            must = to_destinations(ranges)
            may: Packets | None = None
            if isinstance(link.ranges.content, Unknown) or not link.announced.is_false:
                may = UNSURE.may
            doubts = tuple(link.announced.evidence) if link.announced.is_unknown else ()
            gate = Gate("NET-VPN", link.address, "gateway", Pair(must, may or must),
                        telling(f"leaves by {link.address}", doubts))  # fmt: skip
            yield Way((gate,))

    def from_sites(self, net: Net) -> Iterator[tuple[Way, Packets, Packets, str]]:
        """Give the ways by which the company's own sites enter a network.

        With each: the packets that certainly, and perhaps, come from there, and its name.
        """
        for gateway, truth in self.fabric.gateways(net, GatewayKind.VPN):
            for link in self.fabric.links_at(gateway.block.record.address):
                ranges = Addresses.read(link.ranges.known_or(()))
                open_ended = isinstance(link.ranges.content, Unknown) or (
                    not link.announced.is_false
                )
                gate = from_truth("NET-VPN", gateway.address, "gateway", truth,
                                  f"enters by {link.address}", "it is off")  # fmt: skip
                tables = self._ingress(gateway, net)
                ways: Sequence[Way] = (Way(()),)
                if tables:
                    ways = tuple(self._lead(Place(tables, None, net), net, Trail((), _asked(net))))
                may = EVERYTHING if open_ended else from_sources(ranges)
                for way in ways:
                    entered = Way((gate, *way.gates), way.kinds, False)
                    yield entered, from_sources(ranges), may, link.address
        yield from self._hubs.from_sites(net)


def _asked(goal: Goal) -> Addresses:
    """Give the destinations that a goal may have."""
    if isinstance(goal, str):
        return PUBLIC if goal == "internet" else EVERYWHERE
    return goal.ranges if goal.complete else EVERYWHERE


def _acls(sub: Sub, near: Sub | None) -> Iterator[Gate]:
    """Give the gates of the ACL of a NAT gateway's subnet, outwards and for replies."""
    if sub is not near:
        yield from acl_gates("NET-NACL-OUT", sub.acls, Direction.INGRESS, reply=False)
        yield from acl_gates("NET-NACL-RET", sub.acls, Direction.EGRESS, reply=True)
    yield from acl_gates("NET-NACL-OUT", sub.acls, Direction.EGRESS, reply=False)
    yield from acl_gates("NET-NACL-RET", sub.acls, Direction.INGRESS, reply=True)
