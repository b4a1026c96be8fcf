"""Random small networks of AWS, and how Terraform writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any, NamedTuple

from tests.network.worlds import (
    LEFT_OUT,
    Acl,
    Attachment,
    Balancer,
    Entry,
    Group,
    Hole,
    Hub,
    HubRoute,
    HubTable,
    Instance,
    Listener,
    Nat,
    Network,
    Peering,
    Route,
    Rule,
    Subnet,
    Table,
    World,
)
from tests.plans import Unknown

# What rules speak of on the internet; the oracle asks about one address of each part of it.
PUBLIC = (
    *("0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"),
    *("8.0.0.0/8", "198.51.100.0/24", "203.0.113.0/24"),
)
TCP_PORTS = ((22, 22), (443, 443), (0, 65535), (22, 443), (1024, 65535))
ACL_PORTS = (*TCP_PORTS, (32768, 65535))
UDP_PORTS = ((53, 53), (0, 65535), (1024, 65535))


def chance(random: Random, share: float) -> bool:
    return random.random() < share


class Site(NamedTuple):
    """A part of a world that may become a hole: where it stands, and what it may turn out to be.

    element: its index, where only one element of the part is unknown.
    """

    kind: str
    collection: str
    place: int
    field: str
    options: tuple[Any, ...]
    written: Any = Unknown()
    element: int | None = None


def dig(world: World, sites: Sequence[Site]) -> World:
    """Make holes at these places."""
    for key, site in enumerate(sites):
        items = list(getattr(world, site.collection))
        item = items[site.place]
        options = tuple(dict.fromkeys(site.options))
        hole = Hole(key, options, site.written)
        value: Any = hole
        if site.element is not None:
            old = list(getattr(item, site.field))
            old[site.element] = hole
            value = tuple(old)
        items[site.place] = replace(item, **{site.field: value})
        world = with_items(world, {site.collection: tuple(items)})
    return world


def with_items(world: World, collections: Mapping[str, tuple[Any, ...]]) -> World:
    """Put other things in the place of some collections of a world."""
    changed: dict[str, Any] = dict(collections)
    return replace(world, **changed)


def choose(random: Random, found: Sequence[Site], count: int) -> list[Site]:
    """Choose sites: first a kind, so that seldom ones are met too, then one of it."""
    chosen: list[Site] = []
    kinds = sorted({site.kind for site in found})
    while kinds and len(chosen) < count:
        kind = random.choice(kinds)
        site = random.choice([site for site in found if site.kind == kind])
        same = (site.collection, site.place, site.field)
        if all(same != (item.collection, item.place, item.field) for item in chosen):
            chosen.append(site)
        kinds.remove(kind)
    return chosen


class Maker:
    """Makes one world of AWS."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def world(self) -> World:
        random = self.random
        count = random.choice((1, 1, 2, 2, 3))
        networks = [self.network(i) for i in range(count)]
        subnets = [
            self.subnet(network, i, j)
            for i, network in enumerate(networks)
            for j in range(random.choice((1, 2, 2, 3) if count == 1 else (1, 1, 2)))
        ]
        world = World("aws", tuple(networks), tuple(subnets))
        world = self.joined(world)
        world = replace(
            world,
            nats=tuple(
                Nat(f"nat{i}", subnet.network, subnet.name)
                for i, subnet in enumerate(random.sample(subnets, min(len(subnets), 2)))
                if chance(random, 0.35)
            ),
        )
        world = self.routed(world)
        world = self.with_acls(world)
        world = self.with_groups(world)
        world = self.with_instances(world)
        return self.with_balancer(world)

    def network(self, i: int) -> Network:
        return Network(f"n{i}", (f"10.{i + 1}.0.0/16",), chance(self.random, 0.9))

    def subnet(self, network: Network, i: int, j: int) -> Subnet:
        return Subnet(
            f"s{i}{j}",
            network.name,
            f"10.{i + 1}.{j}.0/24",
            self.random.choice(("eu-central-1a", "eu-central-1a", "eu-central-1b")),
            chance(self.random, 0.3),
        )

    def joined(self, world: World) -> World:
        random, networks = self.random, world.networks
        if len(networks) < 2:
            return world
        pairs = [(a.name, b.name) for a in networks for b in networks if a.name < b.name]
        if chance(random, 0.35):
            return self.with_hub(world)
        found = [Peering(f"p{k}", pair) for k, pair in enumerate(pairs) if chance(random, 0.75)]
        return replace(world, peerings=tuple(found))

    def with_hub(self, world: World) -> World:
        random = self.random
        by_default = chance(random, 0.5)
        hub = Hub("hub", shares=chance(random, 0.4), by_default=by_default)
        attachments = []
        for network in world.networks:
            mine = [item for item in world.subnets if item.network == network.name]
            if not chance(random, 0.92):
                continue
            subnets = (random.choice(mine).name,)
            attachments.append(Attachment(f"at_{network.name}", hub.name, network.name, subnets))
        if by_default:
            return replace(world, hubs=(hub,), attachments=tuple(attachments))
        tables = [HubTable(f"ht{k}", hub.name) for k in range(random.choice((1, 2)))]
        names = [item.name for item in attachments]
        tables = [
            replace(table, learns=tuple(name for name in names if chance(random, 0.6)))
            for table in tables
        ]
        attachments = [
            replace(item, table=random.choice(tables).name) if chance(random, 0.92) else item
            for item in attachments
        ]
        routes = []
        for table in tables:
            for destination in self.elsewhere(world, ""):
                if chance(random, 0.2):
                    target = random.choice(names) if names and chance(random, 0.75) else ""
                    routes.append(HubRoute(table.name, destination, target))
        seen = {}
        for route in routes:
            seen[route.table, route.destination] = route
        return replace(
            world, hubs=(hub,), attachments=tuple(attachments), hub_tables=tuple(tables),
            hub_routes=tuple(seen.values()),
        )  # fmt: skip

    def elsewhere(self, world: World, network: str) -> list[str]:
        """Ranges of the other networks, from all of one to single addresses."""
        found = [other.ranges[0] for other in world.networks if other.name != network]
        for subnet in world.subnets:
            if subnet.network != network:
                found += [subnet.range, half(subnet.range), address(subnet.range, 10) + "/32"]
        return found

    def routed(self, world: World) -> World:
        random = self.random
        tables: list[Table] = []
        routes: dict[tuple[str, str], Route] = {}
        subnets = list(world.subnets)
        for network in world.networks:
            mine = [
                Table(f"t_{network.name}_{k}", network.name, random.choice(("inline", "separate")))
                for k in range(random.choice((0, 1, 1, 2)))
            ]
            if chance(random, 0.45):
                style = random.choice(("inline", "main"))
                mine.append(Table(f"m_{network.name}", network.name, style, main=True))
            for table in mine:
                for route in self.routes(world, network, table):
                    routes[route.table, route.destination] = route
            named = [table for table in mine if not table.main]
            for place, subnet in enumerate(subnets):
                if subnet.network == network.name and named and chance(random, 0.85):
                    subnets[place] = replace(subnet, table=random.choice(named).name)
            tables += mine
        return replace(
            world, subnets=tuple(subnets), tables=tuple(tables), routes=tuple(routes.values())
        )

    def routes(self, world: World, network: Network, table: Table) -> Iterator[Route]:
        random = self.random
        nats = [nat for nat in world.nats if nat.network == network.name]
        if network.has_gateway and (not nats or chance(random, 0.55)):
            halves = (("0.0.0.0/0",),) * 5 + (("0.0.0.0/1", "128.0.0.0/1"), ("0.0.0.0/1",))
            for destination in random.choice(halves):
                yield Route(table.name, destination, "internet", network.name)
        elif nats and chance(random, 0.9):
            yield Route(table.name, "0.0.0.0/0", "nat", random.choice(nats).name)
        if nats and chance(random, 0.15):
            yield Route(table.name, "198.51.100.0/24", "nat", random.choice(nats).name)
        joints = [
            (peering.name, "peering", peering.ends[peering.ends[0] == network.name])
            for peering in world.peerings
            if network.name in peering.ends
        ]
        for name, kind, other in joints:
            if chance(random, 0.85):
                there = next(item for item in world.networks if item.name == other)
                subnets = [item.range for item in world.subnets if item.network == other]
                narrow = [subnets[0], half(subnets[0])]
                destination = random.choice((there.ranges[0], there.ranges[0], *narrow))
                yield Route(table.name, destination, kind, name)
                if chance(random, 0.15):
                    yield Route(table.name, random.choice(narrow), *random.choice(joints)[1::-1])
        for hub in world.hubs:
            if chance(random, 0.85):
                places = ("10.0.0.0/8", *self.elsewhere(world, network.name))
                yield Route(table.name, random.choice(places), "hub", hub.name)
                if chance(random, 0.5):
                    yield Route(table.name, random.choice(places), "hub", hub.name)

    def private(self, world: World, network: str) -> list[str]:
        """Ranges inside the networks that a rule may name."""
        found = ["10.0.0.0/8", "10.0.0.0/8"]
        found += [item.ranges[0] for item in world.networks]
        for subnet in world.subnets:
            found += [subnet.range, half(subnet.range), address(subnet.range, 10) + "/32"]
        return found

    def a_range(self, world: World, network: str) -> str:
        if chance(self.random, 0.5):
            return self.random.choice(PUBLIC)
        return self.random.choice(self.private(world, network))

    def with_acls(self, world: World) -> World:
        random = self.random
        acls: list[Acl] = []
        entries: list[Entry] = []
        for network in world.networks:
            mine = [item.name for item in world.subnets if item.network == network.name]
            if chance(random, 0.35):
                ruled = tuple(name for name in mine if chance(random, 0.6))
                style = random.choice(("inline", "separate"))
                acls.append(Acl(f"acl_{network.name}", network.name, ruled, style))
            if chance(random, 0.08):
                acls.append(Acl(f"dacl_{network.name}", network.name, (), default=True))
        for acl in acls:
            for inward in (True, False):
                entries += self.entries(world, acl, inward)
        return replace(world, acls=tuple(acls), entries=tuple(entries))

    def entries(self, world: World, acl: Acl, inward: bool) -> Iterator[Entry]:
        random = self.random
        numbers = random.sample((90, 100, 110, 200, 300), random.choice((1, 1, 2, 3)))
        for number in numbers:
            protocol = random.choice(("all", "tcp", "tcp", "udp"))
            ports = (0, 0)
            if protocol == "tcp":
                ports = random.choice(ACL_PORTS)
            elif protocol == "udp":
                ports = random.choice(UDP_PORTS)
            allows = chance(random, 0.6)
            place = self.a_range(world, acl.network)
            yield Entry(acl.name, inward, number, allows, protocol, ports, place)
        if chance(random, 0.75):
            yield Entry(acl.name, inward, 400, True, "all", (0, 0), "0.0.0.0/0")

    def with_groups(self, world: World) -> World:
        random = self.random
        groups: list[Group] = []
        rules: list[Rule] = []
        for network in world.networks:
            for k in range(random.choice((1, 2))):
                style = random.choice(("inline", "separate", "older"))
                groups.append(Group(f"g_{network.name}_{k}", network.name, style))
        names = [group.name for group in groups]
        for group in groups:
            for inward in (True, False):
                rules += self.rules(world, group, inward, names)
        return replace(world, groups=tuple(groups), rules=tuple(rules))

    def rules(
        self, world: World, group: Group, inward: bool, names: Sequence[str]
    ) -> Iterator[Rule]:
        random = self.random
        if not inward and chance(random, 0.75):
            yield Rule(group.name, False, "all", (0, 0), ("0.0.0.0/0",))
            return
        for _ in range(random.choice((1, 1, 2)) if inward else random.choice((0, 1))):
            protocol = random.choice(
                ("tcp", "tcp", "tcp", "tcp", "all", "all", "udp", "icmp", "50")
            )
            ports = (0, 0)
            if protocol == "tcp":
                ports = random.choice(TCP_PORTS)
            elif protocol == "udp":
                ports = random.choice(UDP_PORTS)
            elif protocol == "icmp":
                ports = random.choice(((-1, -1), (8, 0)))
            ranges: tuple[str, ...] = ()
            others: tuple[str, ...] = ()
            if chance(random, 0.75):
                ranges = (self.a_range(world, group.network),)
                if group.style == "inline" and chance(random, 0.3):
                    ranges = (*ranges, self.a_range(world, group.network))
            else:
                others = (random.choice(names),)
            yield Rule(group.name, inward, protocol, ports, tuple(dict.fromkeys(ranges)), others)

    def with_instances(self, world: World) -> World:
        random = self.random
        found: list[Instance] = []
        for subnet in world.subnets:
            names = [item.name for item in world.groups if item.network == subnet.network]
            for k in range(random.choice((1, 1, 1, 2)) if len(world.subnets) < 4 else 1):
                worn = tuple(random.sample(names, random.choice((1, len(names)))))
                found.append(
                    Instance(
                        f"i_{subnet.name}_{k}",
                        subnet.name,
                        address(subnet.range, random.choice((10, 140)) + k),
                        worn,
                        random.choice((True, True, True, True, False, None)),
                    )
                )
        return replace(world, instances=tuple(found[:4]))

    def with_balancer(self, world: World) -> World:
        random = self.random
        if not chance(random, 0.3):
            return world
        public = [item for item in world.networks if item.has_gateway] or list(world.networks)
        network = random.choice(public).name
        subnets = [item.name for item in world.subnets if item.network == network]
        layer = random.choice(("application", "network"))
        names = [item.name for item in world.groups if item.network == network]
        worn = tuple(random.sample(names, 1))
        if layer == "network" and chance(random, 0.5):
            worn = ()
        here = [item.name for item in world.instances if item.subnet in subnets]
        targets = tuple(name for name in here if chance(random, 0.8))
        preserves = layer == "network" and chance(random, 0.6)
        listener = Listener("li", "lb", 443, "TCP" if layer == "network" else "HTTP",
                            random.choice((443, 443, 22)), targets, preserves)  # fmt: skip
        out = {route.table for route in world.routes if route.kind == "internet"}
        near = [item.name for item in world.subnets if item.name in subnets and item.table in out]
        if near and chance(random, 0.8):
            subnets = near
        stands = tuple(random.sample(subnets, min(len(subnets), random.choice((1, 2)))))
        balancer = Balancer("lb", layer, chance(random, 0.1), stands, worn)
        rules = world.rules
        if worn and chance(random, 0.7):
            rules = (*rules, Rule(worn[0], True, "tcp", (443, 443), ("0.0.0.0/0",)))
        if targets and chance(random, 0.5):
            first = next(item for item in world.instances if item.name == targets[0])
            place = random.choice(("0.0.0.0/0", "10.0.0.0/8", world.networks[0].ranges[0]))
            rules = (*rules, Rule(first.groups[0], True, "tcp", (0, 65535), (place,)))
        return replace(world, balancers=(balancer,), listeners=(listener,), rules=rules)


def address(range: str, number: int) -> str:
    """The address of that number in a range that ends in a whole octet."""
    return f"{range.rpartition('.')[0]}.{number}"


def half(range: str) -> str:
    """The lower half of a range of 256 addresses."""
    return f"{range.partition('/')[0]}/25"


# Holes


def sites(world: World) -> Iterator[Site]:
    """Give all places of a world that a plan may not tell."""
    yield from _of_rules(world)
    yield from _of_entries(world)
    yield from _of_routes(world)
    yield from _of_instances(world)
    for place, _ in enumerate(world.balancers):
        yield Site("balancer scheme", "balancers", place, "internal", (True, False))
    for place, listener in enumerate(world.listeners):
        yield Site("target port", "listeners", place, "target_port", (443, 22))
        yield Site("listener port", "listeners", place, "port", (443, 22))
        if listener.protocol == "TCP":
            yield Site("preserved", "listeners", place, "preserves", (True, False))
    for place, subnet in enumerate(world.subnets):
        yield Site("subnet flag", "subnets", place, "public", (True, False))
        tables = [item.name for item in world.tables if item.network == subnet.network]
        named = [name for name in tables if not name.startswith("m_")]
        if subnet.table and len(named) > 1:
            refs = tuple(f"aws_route_table.{name}.id" for name in named)
            yield Site("association", "subnets", place, "table", tuple(named), Unknown(refs))
    for place, _ in enumerate(world.peerings):
        yield Site("peering", "peerings", place, "active", (True, False))
    for place, network in enumerate(world.networks):
        first = network.ranges[0]
        options = (first, first.replace("/16", "/20"))
        yield Site("network range", "networks", place, "ranges", options, element=0)


def _of_rules(world: World) -> Iterator[Site]:
    ranges = (*PUBLIC, *(item.ranges[0] for item in world.networks))
    for place, rule in enumerate(world.rules):
        group = next(item for item in world.groups if item.name == rule.group)
        for index, text in enumerate(rule.ranges):
            yield Site("rule range", "rules", place, "ranges", (text, *ranges[2:]), element=index)
        if rule.protocol == "tcp":
            yield Site("rule ports", "rules", place, "ports", (rule.ports, *TCP_PORTS[:3]))
            yield Site("rule protocol", "rules", place, "protocol", ("tcp", "udp"))
        same = [item.name for item in world.groups if item.network == group.network]
        if len(same) > 1 and group.style == "separate":
            refs = tuple(f"aws_security_group.{name}.id" for name in same)
            yield Site("rule owner", "rules", place, "group", tuple(same), Unknown(refs))
        own = group.style == "inline"
        if rule.groups and len(world.groups) > (2 if own else 1):
            others = [g.name for g in world.groups if not (own and g.name == rule.group)]
            names = tuple(sorted(others, key=lambda name: name != rule.groups[0]))[:2]
            refs = tuple(f"aws_security_group.{name}.id" for name in names)
            yield Site("rule group", "rules", place, "groups", names, Unknown(refs), 0)


def _of_entries(world: World) -> Iterator[Site]:
    for place, entry in enumerate(world.entries):
        yield Site("entry action", "entries", place, "allows", (True, False))
        yield Site("entry number", "entries", place, "number", (entry.number, 50, 150, 999))
        options = (entry.range, "0.0.0.0/0", "128.0.0.0/1", "10.0.0.0/8", "10.1.0.0/25")
        yield Site("entry range", "entries", place, "range", options)
        if entry.protocol == "tcp":
            yield Site("entry ports", "entries", place, "ports", (entry.ports, *ACL_PORTS[1:3]))
    for place, acl in enumerate(world.acls):
        mine = [item.name for item in world.subnets if item.network == acl.network]
        if acl.subnets and len(mine) > 1 and not acl.default:
            refs = tuple(f"aws_subnet.{name}.id" for name in mine)
            others = [name for name in mine if name not in acl.subnets[1:]]
            if len(others) > 1:
                refs = tuple(f"aws_subnet.{name}.id" for name in others)
                yield Site("acl subnet", "acls", place, "subnets", tuple(others), Unknown(refs), 0)


def _of_routes(world: World) -> Iterator[Site]:
    for place, route in enumerate(world.routes):
        network = next(item.network for item in world.tables if item.name == route.table)
        taken = {item.destination for item in world.routes
                 if item.table == route.table and item is not route}  # fmt: skip
        others = [item.ranges[0] for item in world.networks if item.name != network]
        narrow = [half(item.range) for item in world.subnets if item.network != network]
        options = (route.destination, "0.0.0.0/0", "128.0.0.0/1", *others[:1], *narrow[:1])
        kept = tuple(item for item in options if item not in taken)
        yield Site("route destination", "routes", place, "destination", kept)
        nats = tuple(nat.name for nat in world.nats if nat.network == network)
        if route.kind == "nat" and len(nats) > 1:
            refs = tuple(f"aws_nat_gateway.{name}.id" for name in nats)
            yield Site("route target", "routes", place, "target", nats, Unknown(refs))


def _of_instances(world: World) -> Iterator[Site]:
    for place, item in enumerate(world.instances):
        subnet = next(found for found in world.subnets if found.name == item.subnet)
        if item.public is not None:
            yield Site("public flag", "instances", place, "public", (True, False))
        others = {one.address for one in world.instances if one is not item}
        options = tuple(
            text for text in (item.address, address(subnet.range, 20), address(subnet.range, 200))
            if text not in others
        )  # fmt: skip
        yield Site("private address", "instances", place, "address", options, LEFT_OUT)
        names = [one.name for one in world.groups if one.network == subnet.network]
        if len(names) > 1:
            refs = tuple(f"aws_security_group.{name}.id" for name in names)
            yield Site(
                "one group", "instances", place, "groups",
                tuple((name,) for name in names), [Unknown(refs)],
            )  # fmt: skip
            yield Site(
                "groups", "instances", place, "groups",
                (*((name,) for name in names), tuple(names)), Unknown(("var.choice", *refs)),
            )  # fmt: skip


def aws_world(seed: int, most: int = 2) -> World:
    """Make the world of a number: at most so many holes in it."""
    random = Random(f"aws {seed}")
    world = Maker(random).world()
    count = random.choice((1, 1, 2)) if most > 1 else most
    return dig(world, choose(random, list(sites(world)), count))


# Terraform


class Writer:
    """Writes a world of AWS as resources of a plan."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.found: dict[str, dict[str, Any]] = {}

    def resources(self) -> dict[str, dict[str, Any]]:
        world = self.world
        for network in world.networks:
            self._network(network)
        for subnet in world.subnets:
            self._subnet(subnet)
        for table in world.tables:
            self._table(table)
        for nat in world.nats:
            self.found[f"aws_nat_gateway.{nat.name}"] = {
                "subnet_id": ref("aws_subnet", nat.subnet),
                "connectivity_type": "public",
                "allocation_id": "eipalloc-0a1b2c3d4e5f60718",
            }
        for peering in world.peerings:
            self.found[f"aws_vpc_peering_connection.{peering.name}"] = {
                "vpc_id": ref("aws_vpc", peering.ends[0]),
                "peer_vpc_id": ref("aws_vpc", peering.ends[1]),
                "auto_accept": written(peering.active),
            }
        self._hubs()
        for acl in world.acls:
            self._acl(acl)
        for group in world.groups:
            self._group(group)
        for number, rule in enumerate(world.rules):
            self._rule(number, rule)
        for item in world.instances:
            self._instance(item)
        for balancer in world.balancers:
            self._balancer(balancer)
        for listener in world.listeners:
            self._listener(listener)
        return self.found

    def _network(self, network: Network) -> None:
        first, *more = network.ranges
        self.found[f"aws_vpc.{network.name}"] = {"cidr_block": written(first)}
        for number, range in enumerate(more):
            self.found[f"aws_vpc_ipv4_cidr_block_association.{network.name}_{number}"] = {
                "vpc_id": ref("aws_vpc", network.name),
                "cidr_block": written(range),
            }
        if network.has_gateway:
            self.found[f"aws_internet_gateway.{network.name}"] = {
                "vpc_id": ref("aws_vpc", network.name)
            }

    def _subnet(self, subnet: Subnet) -> None:
        self.found[f"aws_subnet.{subnet.name}"] = {
            "vpc_id": ref("aws_vpc", subnet.network),
            "cidr_block": subnet.range,
            "availability_zone": subnet.zone,
            "map_public_ip_on_launch": written(subnet.public),
        }
        if subnet.table:
            self.found[f"aws_route_table_association.{subnet.name}"] = {
                "subnet_id": ref("aws_subnet", subnet.name),
                "route_table_id": named("aws_route_table", subnet.table),
            }

    def _table(self, table: Table) -> None:
        routes = [route for route in self.world.routes if route.table == table.name]
        network = ref("aws_vpc", table.network)
        if table.main and table.style == "inline":
            owner = ref("aws_vpc", table.network, "default_route_table_id")
            self.found[f"aws_default_route_table.{table.name}"] = {
                "default_route_table_id": owner,
                "route": [{"cidr_block": written(item.destination), **target(item)}
                          for item in routes],
            }  # fmt: skip
            return
        content: dict[str, Any] = {"vpc_id": network}
        if table.style == "separate":
            for number, item in enumerate(routes):
                self.found[f"aws_route.{table.name}_{number}"] = {
                    "route_table_id": ref("aws_route_table", table.name),
                    "destination_cidr_block": written(item.destination),
                    **target(item),
                }
        else:
            content["route"] = [
                {"cidr_block": written(item.destination), **target(item)} for item in routes
            ]
        self.found[f"aws_route_table.{table.name}"] = content
        if table.main:
            self.found[f"aws_main_route_table_association.{table.name}"] = {
                "vpc_id": network,
                "route_table_id": ref("aws_route_table", table.name),
            }

    def _hubs(self) -> None:
        world = self.world
        for hub in world.hubs:
            flag = "enable" if hub.by_default else "disable"
            self.found[f"aws_ec2_transit_gateway.{hub.name}"] = {
                "default_route_table_association": flag,
                "default_route_table_propagation": flag,
                "security_group_referencing_support": "enable" if hub.shares else "disable",
            }
        for item in world.attachments:
            name = f"aws_ec2_transit_gateway_vpc_attachment.{item.name}"
            self.found[name] = {
                "transit_gateway_id": ref("aws_ec2_transit_gateway", item.hub),
                "vpc_id": ref("aws_vpc", item.network),
                "subnet_ids": [ref("aws_subnet", subnet) for subnet in item.subnets],
            }
            if item.table:
                self.found[f"aws_ec2_transit_gateway_route_table_association.{item.name}"] = {
                    "transit_gateway_attachment_id": attachment(item.name),
                    "transit_gateway_route_table_id": named(
                        "aws_ec2_transit_gateway_route_table", item.table
                    ),
                }
        for table in world.hub_tables:
            owner = ref("aws_ec2_transit_gateway_route_table", table.name)
            self.found[f"aws_ec2_transit_gateway_route_table.{table.name}"] = {
                "transit_gateway_id": ref("aws_ec2_transit_gateway", table.hub)
            }
            for learnt in table.learns:
                place = f"aws_ec2_transit_gateway_route_table_propagation.{table.name}_{learnt}"
                self.found[place] = {
                    "transit_gateway_attachment_id": attachment(learnt),
                    "transit_gateway_route_table_id": owner,
                }
        for number, route in enumerate(world.hub_routes):
            content = {
                "destination_cidr_block": written(route.destination),
                "transit_gateway_route_table_id": ref(
                    "aws_ec2_transit_gateway_route_table", route.table
                ),
            }
            if route.target:
                content["transit_gateway_attachment_id"] = attachment(route.target)
            else:
                content["blackhole"] = True
            self.found[f"aws_ec2_transit_gateway_route.r{number}"] = content

    def _acl(self, acl: Acl) -> None:
        entries = [entry for entry in self.world.entries if entry.acl == acl.name]
        content: dict[str, Any] = {}
        if acl.default:
            content["default_network_acl_id"] = ref(
                "aws_vpc", acl.network, "default_network_acl_id"
            )
        else:
            content["vpc_id"] = ref("aws_vpc", acl.network)
            content["subnet_ids"] = [named("aws_subnet", name) for name in acl.subnets]
        if acl.style == "inline":
            for path, inward in (("ingress", True), ("egress", False)):
                content[path] = [
                    {"rule_no": written(item.number), "action": action(item.allows),
                     "cidr_block": written(item.range), **ported(item)}
                    for item in entries if item.inward is inward
                ]  # fmt: skip
        else:
            for number, item in enumerate(entries):
                self.found[f"aws_network_acl_rule.{acl.name}_{number}"] = {
                    "network_acl_id": ref("aws_network_acl", acl.name),
                    "rule_number": written(item.number),
                    "rule_action": action(item.allows),
                    "egress": not item.inward,
                    "cidr_block": written(item.range),
                    **ported(item),
                }
        kind = "aws_default_network_acl" if acl.default else "aws_network_acl"
        self.found[f"{kind}.{acl.name}"] = content

    def _group(self, group: Group) -> None:
        content: dict[str, Any] = {"name": group.name, "vpc_id": ref("aws_vpc", group.network)}
        if group.style == "inline":
            mine = [rule for rule in self.world.rules if rule.group == group.name]
            for path, inward in (("ingress", True), ("egress", False)):
                content[path] = [self._inline(rule) for rule in mine if rule.inward is inward]
        self.found[f"aws_security_group.{group.name}"] = content

    def _inline(self, rule: Rule) -> dict[str, Any]:
        content = ported(rule)
        content["cidr_blocks"] = [written(item) for item in rule.ranges]
        others = [item for item in rule.groups if item != rule.group]
        content["security_groups"] = [named("aws_security_group", item) for item in others]
        if len(others) < len(rule.groups):
            # A group cannot name itself but so.
            content["self"] = True
        return content

    def _rule(self, number: int, rule: Rule) -> None:
        names = rule.group.options if isinstance(rule.group, Hole) else (rule.group,)
        style = next(item.style for item in self.world.groups if item.name == names[0])
        if isinstance(rule.group, Hole):
            style = "separate"
        owner = named("aws_security_group", rule.group)
        if style == "separate":
            kind = "ingress" if rule.inward else "egress"
            content = ported(rule, "ip_protocol")
            content["security_group_id"] = owner
            if rule.ranges:
                content["cidr_ipv4"] = written(rule.ranges[0])
            if rule.groups:
                content["referenced_security_group_id"] = named(
                    "aws_security_group", rule.groups[0]
                )
            self.found[f"aws_vpc_security_group_{kind}_rule.r{number}"] = content
        elif style == "older":
            content = ported(rule)
            content["type"] = "ingress" if rule.inward else "egress"
            content["security_group_id"] = owner
            if rule.ranges:
                content["cidr_blocks"] = [written(item) for item in rule.ranges]
            if rule.groups:
                content["source_security_group_id"] = named("aws_security_group", rule.groups[0])
            self.found[f"aws_security_group_rule.r{number}"] = content

    def _instance(self, item: Instance) -> None:
        content: dict[str, Any] = {
            "ami": "ami-0c1d2e3f4a5b6c7d8",
            "instance_type": "t3.micro",
            "subnet_id": named("aws_subnet", item.subnet),
        }
        if not isinstance(item.address, Hole):
            content["private_ip"] = item.address
        if isinstance(item.groups, Hole):
            content["vpc_security_group_ids"] = item.groups.written
        else:
            content["vpc_security_group_ids"] = [
                named("aws_security_group", name) for name in item.groups
            ]
        if item.public is not None:
            content["associate_public_ip_address"] = written(item.public)
        self.found[f"aws_instance.{item.name}"] = content

    def _balancer(self, balancer: Balancer) -> None:
        content: dict[str, Any] = {
            "name": balancer.name,
            "load_balancer_type": balancer.layer,
            "internal": written(balancer.internal),
            "subnets": [ref("aws_subnet", name) for name in balancer.subnets],
        }
        if balancer.groups:
            content["security_groups"] = [
                named("aws_security_group", name) for name in balancer.groups
            ]
        self.found[f"aws_lb.{balancer.name}"] = content

    def _listener(self, listener: Listener) -> None:
        balancer = next(item for item in self.world.balancers if item.name == listener.balancer)
        subnet = next(item for item in self.world.subnets if item.name == balancer.subnets[0])
        name = listener.name
        group: dict[str, Any] = {
            "name": name,
            "port": written(listener.target_port),
            "protocol": "TCP" if balancer.layer == "network" else "HTTP",
            "target_type": "instance",
            "vpc_id": ref("aws_vpc", subnet.network),
        }
        if isinstance(listener.preserves, Hole):
            group["preserve_client_ip"] = listener.preserves.written
        elif balancer.layer == "network":
            group["preserve_client_ip"] = "true" if listener.preserves else "false"
        arn = ref("aws_lb_target_group", name, "arn")
        self.found[f"aws_lb_target_group.{name}"] = group
        self.found[f"aws_lb_listener.{name}"] = {
            "load_balancer_arn": ref("aws_lb", balancer.name, "arn"),
            "port": written(listener.port),
            "protocol": listener.protocol,
            "default_action": [{"type": "forward", "target_group_arn": arn}],
        }
        for target in listener.targets:
            self.found[f"aws_lb_target_group_attachment.{name}_{target}"] = {
                "target_group_arn": arn,
                "target_id": ref("aws_instance", target),
            }


def ref(type: str, name: str, attribute: str = "id") -> Unknown:
    return Unknown((f"{type}.{name}.{attribute}",))


def named(type: str, name: Any) -> Any:
    return name.written if isinstance(name, Hole) else ref(type, name)


def attachment(name: str) -> Unknown:
    return ref("aws_ec2_transit_gateway_vpc_attachment", name)


def written(value: Any) -> Any:
    return value.written if isinstance(value, Hole) else value


def action(allows: Any) -> Any:
    return allows.written if isinstance(allows, Hole) else "allow" if allows else "deny"


def ported(item: Rule | Entry, protocol: str = "protocol") -> dict[str, Any]:
    """Write protocol and ports."""
    if isinstance(item.protocol, Hole):
        kind: Any = item.protocol.written
    else:
        kind = "-1" if item.protocol == "all" else item.protocol
    if isinstance(item.ports, Hole):
        return {protocol: kind, "from_port": item.ports.written, "to_port": item.ports.written}
    if protocol == "ip_protocol" and kind == "-1":
        return {protocol: kind}
    return {protocol: kind, "from_port": item.ports[0], "to_port": item.ports[1]}


_TARGETS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "internet": lambda name: {"gateway_id": ref("aws_internet_gateway", name)},
    "nat": lambda name: {"nat_gateway_id": named("aws_nat_gateway", name)},
    "peering": lambda name: {"vpc_peering_connection_id": ref("aws_vpc_peering_connection", name)},
    "hub": lambda name: {"transit_gateway_id": ref("aws_ec2_transit_gateway", name)},
}


def target(route: Route) -> dict[str, Any]:
    return _TARGETS[route.kind](route.target)


def aws_resources(world: World) -> dict[str, dict[str, Any]]:
    """Write a world as the resources of a plan."""
    return Writer(world).resources()
