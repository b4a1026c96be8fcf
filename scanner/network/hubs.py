"""Ways through transit hubs: from attachment to attachment, by the hub's own route tables.

AWS: Amazon VPC Transit Gateways, "How transit gateways work" (the table associated with the
attachment that traffic comes from decides; a static route comes before a propagated one of the
same length; only zones with an attachment subnet are served).  OCI: Networking documentation,
"Dynamic Routing Gateways" (import distributions, static before dynamic).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final

from scanner.model.base import Inapplicable
from scanner.model.network import (
    AttachmentKind,
    GatewayKind,
    HubAttachment,
    HubRouteTable,
    RouteTable,
    TransitHub,
)
from scanner.network.addresses import EVERYWHERE, NOWHERE, Addresses
from scanner.network.chain import Gate, from_truth, plainly
from scanner.network.fabric import PRIVATE, Fabric, Net, Sub
from scanner.network.packets import (
    EVERYTHING,
    NOTHING,
    OPEN,
    SHUT,
    Packets,
    Pair,
    from_sources,
    to_destinations,
)
from scanner.network.routing import Entry, Table, entry_of, unknown_entry
from scanner.network.way import Goal, Place, Trail, Way, inside, telling, unknown_gate
from scanner.record import Links
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown

_HYBRID: Final = (AttachmentKind.VPN, AttachmentKind.LINE)
Lead = Callable[[Place, Goal, Trail], Iterator[Way]]


class Hubs:
    """Follows ways through the hubs of one fabric; `lead` goes on from a place behind them."""

    def __init__(self, fabric: Fabric, lead: Lead) -> None:
        self.fabric = fabric
        self._lead = lead
        self._tables: dict[int, Table] = {}

    def leave(self, target: str, place: Place, goal: Goal, trail: Trail) -> Iterator[Way]:
        """Leave a network by a hub that one of its routes names."""
        graph = self.fabric.graph
        net = place.net
        mine: list[tuple[HubAttachment, bool]] = []
        itself = graph.at(target, HubAttachment)
        hub = graph.at(target, TransitHub)
        if itself is not None and hub is None:
            mine = [(itself, True)]
        elif net is not None:
            for item, certainly in self.fabric.attachments.get(net.key, ()):
                names = (*item.hub.candidates(), *item.hub.outside)
                if target in names:
                    sure = certainly and (target in item.hub.targets or target in item.hub.outside)
                    mine.append((item, sure))
                elif item.hub.unknown:
                    mine.append((item, False))
        for item in self._by_hub.get(target, ()):
            # One of which the network is not known may be the network's own.
            if item.networks.unknown and all(item is not other for other, _ in mine):
                mine.append((item, False))
        if not mine:
            if hub is not None and hub.managed and not graph.missing:
                code = "NET-TGW-ASSOC" if hub.provider == "aws" else "OCI-DRG"
                yield Way((Gate(code, target, "gateway", SHUT,
                                plainly("the network is not attached to this hub")),))  # fmt: skip
            elif goal != "services":
                yield Way((unknown_gate(target, "what is attached to the hub was not read"),))
            return
        for item, sure in mine:
            gates: list[Gate] = []
            if not sure:
                gates.append(unknown_gate(item.address, "whether the network is attached by it"))
            gates += self._zone_gates(item, place)
            yield from self._from_attachment(tuple(gates), item, goal, trail)

    def _zone_gates(self, item: HubAttachment, place: Place) -> Iterator[Gate]:
        """Leave a network: only zones with a subnet of the attachment are served (AWS)."""
        links = item.subnets
        if links.is_empty or place.sub is None:
            return
        if place.sub.resource.block.record.address in links.targets:
            truth = known(True)
        else:
            here = place.sub.resource.zone
            subs = [self.fabric.subs.get(address) for address in links.candidates()]
            zones = [sub.resource.zone.content for sub in subs if sub is not None]
            if isinstance(here.content, Unknown):
                truth = unknown(here)
                unset = here.content.reason
                # Zones that the provider chooses cannot be told apart.
                truth = unknown(Evidence(here.source, unset))
            elif here.content in zones:
                truth = known(True)
            elif (
                len(zones) < len(list(links.candidates()))
                or links.unknown
                or any(isinstance(zone, Unknown) for zone in zones)
            ):
                truth = unknown(Evidence(links.source, "the zones of its subnets are not known"))
            else:
                truth = known(False, here, links)
        yield from_truth(
            "NET-TGW-AZ", item.address, "gateway", truth, "leaves by the attachment of its zone",
            "the attachment has no subnet in this zone",
        )  # fmt: skip
        sub = self._attachment_sub(item, place.sub)
        if sub is not None and sub.acls.acls:
            yield Gate("NET-NACL-OUT", sub.acls.acls[0].name, "filter", sub.acls.inward,
                       plainly("the ACL of the attachment's subnet"))  # fmt: skip

    def _attachment_sub(self, item: HubAttachment, near: Sub | None) -> Sub | None:
        subs = [self.fabric.subs.get(address) for address in item.subnets.targets]
        found = [sub for sub in subs if sub is not None]
        if near is not None and near in found:
            return near
        for sub in found:
            if near is not None and sub.resource.zone == near.resource.zone:
                return sub
        return found[0] if found else None

    def _from_attachment(
        self, gates: tuple[Gate, ...], item: HubAttachment, goal: Goal, trail: Trail
    ) -> Iterator[Way]:
        """Look up the hub's table that rules what comes from an attachment."""
        mark = f"{item.address} hub"
        if mark in trail.marks:
            return
        oci = item.provider != "aws"
        tables, doubt = self._tables_of(item)
        if not tables and doubt is None:
            code = "OCI-DRG" if oci else "NET-TGW-ASSOC"
            fact = "no route table of the hub rules what comes from this attachment"
            yield Way((*gates, Gate(code, item.address, "gateway", SHUT, plainly(fact))))
            return
        entered = Gate("NET-TGW-ASSOC", item.address, "gateway", OPEN,
                       plainly(f"enters the hub by {item.address}"))  # fmt: skip
        if doubt is not None:
            yield Way((*gates, entered, unknown_gate(item.address, "the hub's table", doubt)))
        alive = False
        code = "OCI-DRG" if oci else "NET-TGW-RTB"
        for table, sure in tables:
            for piece in table.pieces:
                if not piece.may.overlaps(trail.wanted):
                    continue
                entry = piece.entry
                alone = sure and entry.certainly and len(entry.targets) <= 1
                must = to_destinations(piece.must) if alone else NOTHING
                gate = Gate(
                    code, table.name, "route", Pair(must, to_destinations(piece.may)),
                    telling(f"route {entry.text}", entry.doubts),
                )  # fmt: skip
                further = trail.passing(mark).toward(piece.may)
                for way in self._attached(entry, item, goal, further):
                    alive = True
                    yield Way(
                        (*gates, entered, gate, *way.gates), way.kinds, way.by_group, way.enters
                    )
                if not entry.targets and entry.kind is not GatewayKind.BLACKHOLE:
                    alive = True
                    yield Way((*gates, entered, gate,
                               unknown_gate(table.name, "what the route leads to")))  # fmt: skip
        if not alive and tables:
            where = goal if isinstance(goal, str) else goal.name
            fact = f"no route of the hub leads to {where}"
            yield Way((*gates, entered, Gate(code, tables[0][0].name, "route", SHUT,
                                             plainly(fact))))  # fmt: skip

    def _tables_of(self, item: HubAttachment) -> tuple[list[tuple[Table, bool]], Evidence | None]:
        graph = self.fabric.graph
        links = item.hub_tables
        found: list[tuple[Table, bool]] = []
        doubt: Evidence | None = None
        candidates = list(dict.fromkeys(links.candidates()))
        for address in candidates:
            table = graph.at(address, HubRouteTable)
            if table is None:
                doubt = Evidence(address, "it was not read")
            else:
                sure = address in links.targets and len(candidates) == 1
                found.append((self._hub_table(table), sure))
        if links.outside or links.unknown:
            doubt = Evidence(links.source, (*links.unknown, "a table that was not read")[0])
        if links.targets or links.one_of or links.outside:
            return found, doubt
        default, doubts = self._default_tables(item)
        found += [(table, sure and not links.unknown) for table, sure in default]
        return found, doubt or doubts

    def _default_tables(
        self, item: HubAttachment
    ) -> tuple[list[tuple[Table, bool]], Evidence | None]:
        graph = self.fabric.graph
        kind = item.kind.known_or(AttachmentKind.OTHER)
        wants: Truth | None = None
        with contextlib.suppress(Inapplicable):
            wants = item.associates_by_default
        if wants is not None and wants.is_false:
            return [], None
        found: list[tuple[Table, bool]] = []
        hubs = list(graph.follow(item.hub, TransitHub))
        for hub in hubs:
            try:
                joins: Truth | None = hub.associates_by_default
            except Inapplicable:
                joins = None
            if joins is not None and joins.is_false:
                continue
            for referrer in graph.referrers(hub, HubRouteTable, "hub"):
                table = referrer.resource
                assert isinstance(table, HubRouteTable)
                rules = table.rules.content
                if isinstance(rules, Unknown):
                    found.append((self._hub_table(table), False))
                elif kind in rules:
                    sure = (
                        referrer.certain
                        and (wants is None or wants.is_true)
                        and (joins is None or joins.is_true)
                    )
                    found.append((self._hub_table(table), sure))
        if not hubs or not item.hub.certain:
            return found, Evidence(item.hub.source, "the hub was not read")
        if len(found) > 1:
            found = [(table, False) for table, _ in found]
        return found, None

    def _hub_table(self, table: HubRouteTable) -> Table:
        found = self._tables.get(id(table))
        if found is None:
            found = Table(table.address, self._hub_entries(table))
            self._tables[id(table)] = found
        return found

    def _hub_entries(self, table: HubRouteTable) -> Iterator[Entry]:
        graph = self.fabric.graph
        routes = table.routes.content
        if isinstance(routes, Unknown):
            yield unknown_entry(Evidence(table.routes.source, routes.reason))
        else:
            for route in routes:
                if not route.active.is_false:
                    yield entry_of(route)
        links = table.learns_from
        learnt: dict[str, bool] = dict.fromkeys(links.targets, True)
        for address in (*(item for group in links.one_of for item in group), *links.maybe):
            learnt.setdefault(address, False)
        if not table.learns_by_default.is_false:
            for item in self._attachments_of(table.hub):
                try:
                    by_default = item.propagates_by_default & table.learns_by_default
                    for hub in graph.follow(item.hub, TransitHub):
                        by_default = by_default & hub.propagates_by_default
                except Inapplicable:
                    continue
                if not by_default.is_false:
                    key = item.block.record.address
                    learnt[key] = learnt.get(key, False) or by_default.is_true
        for address, sure in learnt.items():
            attachment = graph.at(address, HubAttachment)
            if attachment is None:
                yield unknown_entry(Evidence(address, "it was not read"))
            else:
                yield from self._learnt(attachment, address, sure)
        for reason in links.unknown:
            if graph.missing:
                yield unknown_entry(Evidence(links.source, reason))
                continue
            # It may learn from whatever is attached.
            for item in self._attachments_of(table.hub):
                if item.block.record.address not in learnt:
                    yield from self._learnt(item, item.block.record.address, sure=False)

    @cached_property
    def _by_hub(self) -> dict[str, list[HubAttachment]]:
        found: dict[str, list[HubAttachment]] = {}
        for item in self.fabric.graph.of(HubAttachment):
            for name in (*item.hub.candidates(), *item.hub.outside):
                found.setdefault(name, []).append(item)
        return found

    def _attachments_of(self, hub: Links) -> Iterator[HubAttachment]:
        for name in (*hub.candidates(), *hub.outside):
            yield from self._by_hub.get(name, ())

    def _learnt(self, item: HubAttachment, address: str, sure: bool) -> Iterator[Entry]:
        """Give the routes that a hub's table learns from an attachment."""
        text = f"learnt from {item.address}"
        ranges = NOWHERE
        complete = True
        for name in item.networks.candidates():
            net = self.fabric.nets.get(name)
            if net is None:
                complete = False
                continue
            ranges = ranges | net.ranges
            complete = complete and net.complete
        if not item.network_tables.is_empty:
            # OCI, vcnRouteType of an attachment: the hub learns what the network's table for
            # traffic from the hub leads to.
            for table in self.fabric.graph.follow(item.network_tables, RouteTable):
                for route in table.routes.known_or(()):
                    text_of = route.destination.known_or("")
                    ranges = ranges | Addresses.read((text_of,))
        kind = item.kind.content
        if kind is AttachmentKind.PEERING:
            for other, _ in self._other_ends(item):
                for far in self._attachments_of(other.hub):
                    for name in far.networks.candidates():
                        net = self.fabric.nets.get(name)
                        if net is not None:
                            ranges = ranges | net.ranges
            complete = False
        elif kind is not AttachmentKind.NETWORK:
            ranges = ranges | Addresses.read(item.ranges.known_or(()))
            complete = not isinstance(item.ranges.content, Unknown)
        complete = complete and not item.networks.unknown and not item.networks.outside
        if ranges:
            certainly = sure and item.networks.certain
            yield Entry(ranges.intervals, 1, certainly, GatewayKind.HUB, (address,), True, text)
        if not complete:
            why = Evidence(item.address, "which ranges it announces is not known")
            yield Entry(
                PRIVATE.intervals, 2, False, GatewayKind.HUB, (address,), True, text, (why,)
            )

    def _attached(
        self, entry: Entry, came: HubAttachment, goal: Goal, trail: Trail
    ) -> Iterator[Way]:
        """Leave a hub by the attachment that a route names."""
        graph = self.fabric.graph
        if entry.kind is GatewayKind.BLACKHOLE:
            fact = f"the route {entry.text} drops what it decides"
            yield Way((Gate("NET-BLACKHOLE", came.address, "route", SHUT, plainly(fact)),))
            return
        for target in entry.targets:
            item = graph.at(target, HubAttachment)
            if item is None:
                yield Way((unknown_gate(target, "an attachment that was not read"),))
                continue
            leaves = Gate("NET-TGW-RTB", item.address, "gateway", OPEN,
                          plainly(f"leaves the hub by {item.address}"))  # fmt: skip
            shared = self._shares(came, item)
            kind = item.kind.content
            if kind is AttachmentKind.NETWORK:
                yield from self._into_network((leaves,), item, goal, trail, shared)
            elif kind in _HYBRID:
                if goal == "onprem":
                    fact = f"leaves by {item.address}"
                    gate = Gate("NET-VPN", item.address, "gateway", OPEN, plainly(fact))
                    yield Way((leaves, gate), frozenset({"transit"}))
            elif kind is AttachmentKind.PEERING:
                for other, sure in self._other_ends(item):
                    gates: tuple[Gate, ...] = (leaves,)
                    if not sure:
                        gates = (leaves, unknown_gate(item.address, "the other end"))
                    for way in self._from_attachment(gates, other, goal, trail):
                        yield Way(way.gates, way.kinds, False)
                if not self._other_ends(item):
                    fact = "the hub at the other end was not read"
                    gate = unknown_gate(item.address, fact)
                    if item.peers.is_empty and not isinstance(goal, str) and not graph.missing:
                        fact = "nothing connects it with another hub"
                        code = "NET-TGW-RTB" if item.provider == "aws" else "OCI-DRG"
                        gate = Gate(code, item.address, "gateway", SHUT, plainly(fact))
                    yield Way((leaves, gate))
            else:
                yield Way((leaves, unknown_gate(item.address, "an attachment of another kind")))

    def _shares(self, a: HubAttachment, b: HubAttachment) -> bool | None:
        truths = []
        try:
            truths = [a.shares_groups, b.shares_groups]
            truths += [hub.shares_groups for hub in self.fabric.graph.follow(a.hub, TransitHub)]
        except Inapplicable:
            return False
        if any(truth.is_false for truth in truths):
            return False
        return True if all(truth.is_true for truth in truths) else None

    def _into_network(
        self,
        gates: tuple[Gate, ...],
        item: HubAttachment,
        goal: Goal,
        trail: Trail,
        shared: bool | None,
    ) -> Iterator[Way]:
        networks = item.networks
        for address in networks.candidates():
            net = self.fabric.nets.get(address)
            if net is None:
                yield Way((*gates, unknown_gate(address, "a network that was not read")))
                continue
            further = gates
            if address not in networks.targets:
                further = (*gates, unknown_gate(item.address, "which network is attached"))
            subs = [sub for name in item.subnets.targets if (sub := self.fabric.subs.get(name))]
            if item.provider == "aws":
                by_table: dict[tuple[Table, ...], list[Sub]] = {}
                for sub in subs:
                    by_table.setdefault(sub.tables, []).append(sub)
                for tables, doors in by_table.items():
                    sub = doors[0]
                    doubt = (
                        ()
                        if len(by_table) == 1 or goal is net
                        else (unknown_gate(item.address, "in which zone it enters"),)
                    )
                    acl: tuple[Gate, ...] = ()
                    if sub.acls.acls:
                        acl = (Gate("NET-NACL-IN", sub.acls.acls[0].name, "filter",
                                    sub.acls.outward,
                                    plainly("the ACL of the attachment's subnet")),)  # fmt: skip
                    for way in self._lead(Place(tables, sub, net), goal, trail):
                        kinds = way.kinds | {"transit"}
                        if goal is net and not way.kinds:
                            # Which ACLs rule the entrance is decided where the target is known.
                            yield Way((*further, *way.gates), kinds, shared, tuple(doors))
                        else:
                            yield Way((*further, *doubt, *acl, *way.gates), kinds)
                if not by_table and goal is net:
                    yield Way(
                        (*further, inside("NET-TGW-RTB", item.address, net)),
                        frozenset({"transit"}), shared,
                    )  # fmt: skip
                continue
            tables = (
                () if item.network_tables.is_empty
                else self.fabric.tables_of(item.network_tables, net)
            )  # fmt: skip
            if goal is net and not tables:
                within = inside("OCI-DRG", item.address, net)
                yield Way((*further, within), frozenset({"transit"}), False)
            for way in self._lead(Place(tables, None, net), goal, trail):
                yield Way((*further, *way.gates), way.kinds | {"transit"}, False)
            if tables and goal is net:
                # What the table says nothing of is delivered where it is addressed to.
                rest = Pair(NOTHING, to_destinations(net.ranges))
                if len(tables) == 1:
                    away = NOWHERE
                    for piece in tables[0].pieces:
                        if piece.entry.kind is not GatewayKind.LOCAL:
                            away = away | piece.may
                    rest = Pair(to_destinations(net.ranges - away), rest.may)
                gate = Gate("OCI-DRG", item.address, "gateway", rest,
                            plainly(f"delivered within {net.name}"))  # fmt: skip
                yield Way((*further, gate), frozenset({"transit"}), False)
        if networks.unknown or networks.outside:
            yield Way((*gates, unknown_gate(item.address, "which network is attached")))

    def _other_ends(self, item: HubAttachment) -> list[tuple[HubAttachment, bool]]:
        """Give the attachments by which a peering enters the other hub."""
        graph = self.fabric.graph
        found: list[tuple[HubAttachment, bool]] = []
        links = item.peers
        for address in links.candidates():
            other = graph.at(address, HubAttachment)
            hub = graph.at(address, TransitHub)
            if other is not None and other is not item:
                found.append((other, address in links.targets))
            elif hub is not None:
                # One resource that stands for both ends (AWS).
                found += [
                    (end, address in links.targets)
                    for end in self._by_hub.get(address, ())
                    if end.kind.content is AttachmentKind.PEERING and end is not item
                ]
        for referrer in graph.referrers(item, HubAttachment, "peers"):
            end = referrer.resource
            assert isinstance(end, HubAttachment)
            if end is not item and all(end is not known_end for known_end, _ in found):
                found.append((end, referrer.certain))
        return found

    def _ranges(self, item: HubAttachment) -> Addresses:
        """Give the addresses behind a VPN or line: its own, and those routed to it by hand."""
        found = Addresses.read(item.ranges.known_or(()))
        key = item.block.record.address
        for table in self.fabric.graph.of(HubRouteTable):
            for route in table.routes.known_or(()):
                if key in route.target.targets and route.active.is_true:
                    found = found | Addresses.read((route.destination.known_or(""),))
        return found

    def from_sites(self, net: Net) -> Iterator[tuple[Way, Packets, Packets, str]]:
        """Give the ways by which sites behind a hub enter a network; see Ways.from_sites."""
        wanted = net.ranges if net.complete else EVERYWHERE
        hubs = {
            name
            for item, _ in self.fabric.attachments.get(net.key, ())
            for name in (*item.hub.candidates(), *item.hub.outside)
        }
        for name in sorted(hubs):
            for item in self._by_hub.get(name, ()):
                if item.kind.content not in _HYBRID and not isinstance(item.kind.content, Unknown):
                    continue
                ranges = self._ranges(item)
                open_ended = isinstance(item.ranges.content, Unknown) or not ranges
                for way in self._from_attachment((), item, net, Trail((), wanted)):
                    may = EVERYTHING if open_ended else from_sources(ranges)
                    yield way, from_sources(ranges), may, item.address
