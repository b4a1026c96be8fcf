"""Random small networks of OCI, and how Terraform writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from tests.network.aws_worlds import PUBLIC, Site, address, chance, choose, dig, half, ref, written
from tests.network.worlds import (
    LEFT_OUT,
    Attachment,
    Balancer,
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

PORTS = ((22, 22), (443, 443), (1, 65535), (443, 443), (1024, 65535))
SENDER_PORTS = ((1, 65535), (1, 65535), (1, 65535), (1, 65535), (443, 443))
ALL = (1, 65535)


class Maker:
    """Makes one world of OCI.  A security list is a group whose name begins with `l_`."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def world(self) -> World:
        random = self.random
        count = random.choice((1, 1, 2, 2, 3))
        networks = tuple(
            Network(f"n{i}", (f"10.{i + 1}.0.0/16",), chance(random, 0.9), chance(random, 0.9))
            for i in range(count)
        )
        subnets = tuple(
            Subnet(f"s{i}{j}", network.name, f"10.{i + 1}.{j}.0/24", "", chance(random, 0.7))
            for i, network in enumerate(networks)
            for j in range(random.choice((1, 2, 2, 3) if count == 1 else (1, 1, 2)))
        )
        nats = tuple(
            Nat(f"nat_{item.name}", item.name, on=chance(random, 0.85))
            for item in networks
            if chance(random, 0.4)
        )
        world = World("oci", networks, subnets, nats=nats)
        world = self.joined(world)
        world = self.routed(world)
        world = self.with_groups(world)
        world = self.with_instances(world)
        return self.with_balancer(world)

    def joined(self, world: World) -> World:
        random, networks = self.random, world.networks
        if len(networks) < 2:
            return world
        pairs = [(a.name, b.name) for a in networks for b in networks if a.name < b.name]
        if chance(random, 0.45):
            return self.with_hub(world)
        found = [
            Peering(f"p{k}", pair, chance(random, 0.9))
            for k, pair in enumerate(pairs)
            if chance(random, 0.75)
        ]
        return replace(world, peerings=tuple(found))

    def with_hub(self, world: World) -> World:
        random = self.random
        attachments = [
            Attachment(f"at_{item.name}", "hub", item.name)
            for item in world.networks
            if chance(random, 0.92)
        ]
        tables: list[HubTable] = []
        routes: dict[tuple[str, str], HubRoute] = {}
        if chance(random, 0.6):
            for k in range(random.choice((1, 2))):
                learns = tuple(item.name for item in attachments if chance(random, 0.6))
                table = HubTable(f"ht{k}", "hub", learns)
                tables.append(table)
                for route in self.hub_routes(world, table, attachments):
                    routes[route.table, route.destination] = route
            attachments = [
                replace(item, table=random.choice(tables).name) if chance(random, 0.75) else item
                for item in attachments
            ]
        return replace(
            world, hubs=(Hub("hub"),), attachments=tuple(attachments), hub_tables=tuple(tables),
            hub_routes=tuple(routes.values()),
        )  # fmt: skip

    def hub_routes(
        self, world: World, table: HubTable, attachments: list[Attachment]
    ) -> Iterator[HubRoute]:
        """Static rules: of whole networks only where nothing is learnt of them.

        Whether a hub learns the range of a network or those of its subnets is a setting.
        """
        random = self.random
        learnt = {item.network for item in attachments if item.name in table.learns}
        names = [item.name for item in attachments]
        for network in world.networks:
            if names and network.name not in learnt and chance(random, 0.35):
                yield HubRoute(table.name, network.ranges[0], random.choice(names))
        for subnet in world.subnets:
            for narrow in (half(subnet.range), address(subnet.range, 10) + "/32"):
                if names and chance(random, 0.12):
                    yield HubRoute(table.name, narrow, random.choice(names))

    def elsewhere(self, world: World, network: str) -> list[str]:
        found = [item.ranges[0] for item in world.networks if item.name != network] * 2
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
                Table(f"t_{network.name}_{k}", network.name)
                for k in range(random.choice((1, 1, 2)))
            ]
            if chance(random, 0.4):
                mine.append(Table(f"m_{network.name}", network.name, main=True))
            for table in mine:
                for route in self.routes(world, network, table):
                    routes[route.table, route.destination] = route
            named = [table for table in mine if not table.main]
            for place, subnet in enumerate(subnets):
                if subnet.network == network.name and chance(random, 0.85):
                    subnets[place] = replace(subnet, table=random.choice(named).name)
            tables += mine
        return replace(
            world, subnets=tuple(subnets), tables=tuple(tables), routes=tuple(routes.values())
        )

    def routes(self, world: World, network: Network, table: Table) -> Iterator[Route]:
        random = self.random
        nats = [nat for nat in world.nats if nat.network == network.name]
        if network.has_gateway and (not nats or chance(random, 0.6)):
            halves = (("0.0.0.0/0",),) * 5 + (("0.0.0.0/1", "128.0.0.0/1"), ("0.0.0.0/1",))
            for destination in random.choice(halves):
                yield Route(table.name, destination, "internet", network.name)
        elif nats and chance(random, 0.85):
            yield Route(table.name, "0.0.0.0/0", "nat", nats[0].name)
        if nats and chance(random, 0.15):
            yield Route(table.name, "198.51.100.0/24", "nat", nats[0].name)
        joints = [
            (peering.name, peering.ends[peering.ends[0] == network.name])
            for peering in world.peerings
            if network.name in peering.ends
        ]
        for name, other in joints:
            if chance(random, 0.85):
                whole = next(item.ranges[0] for item in world.networks if item.name == other)
                subnets = [item.range for item in world.subnets if item.network == other]
                narrow = [subnets[0], half(subnets[0])]
                destination = random.choice((whole, whole, *narrow))
                yield Route(table.name, destination, "peering", name)
                if chance(random, 0.15):
                    yield Route(
                        table.name, random.choice(narrow), "peering", random.choice(joints)[0]
                    )
        for hub in world.hubs:
            if chance(random, 0.9):
                places = ("10.0.0.0/8", *self.elsewhere(world, network.name))
                for _ in range(random.choice((1, 2))):
                    yield Route(table.name, random.choice(places), "hub", hub.name)

    def a_range(self, world: World) -> str:
        if chance(self.random, 0.5):
            return self.random.choice(PUBLIC)
        found = ["10.0.0.0/8", "10.0.0.0/8", *(str(item.ranges[0]) for item in world.networks)]
        for subnet in world.subnets:
            found += [subnet.range, half(subnet.range), address(subnet.range, 10) + "/32"]
        return self.random.choice(found)

    def with_groups(self, world: World) -> World:
        random = self.random
        groups: list[Group] = []
        subnets = list(world.subnets)
        for network in world.networks:
            lists = [f"l_{network.name}_{k}" for k in range(random.choice((1, 1, 2)))]
            nets = [f"g_{network.name}_{k}" for k in range(random.choice((1, 2)))]
            default = [f"d_{network.name}"] if chance(random, 0.3) else []
            groups += [Group(name, network.name, "list") for name in (*lists, *default)]
            groups += [Group(name, network.name) for name in nets]
            for place, subnet in enumerate(subnets):
                if subnet.network == network.name and chance(random, 0.85):
                    worn = random.sample(lists, random.choice((1, len(lists))))
                    subnets[place] = replace(subnet, lists=tuple(worn))
        rules: list[Rule] = []
        for group in groups:
            mine = [
                item.name for item in groups
                if item.network == group.network and item.style != "list"
            ]  # fmt: skip
            for inward in (True, False):
                rules += self.rules(world, group, inward, mine)
        return replace(world, groups=tuple(groups), rules=tuple(rules), subnets=tuple(subnets))

    def rules(self, world: World, group: Group, inward: bool, names: list[str]) -> Iterator[Rule]:
        random = self.random
        if not inward and chance(random, 0.55):
            yield Rule(group.name, False, "all", ALL, ("0.0.0.0/0",), (), chance(random, 0.15))
        for _ in range(random.choice((0, 1, 1, 2))):
            protocol = random.choice(("tcp", "tcp", "tcp", "all", "udp", "icmp", "50"))
            ports, senders = ALL, ALL
            if protocol in ("tcp", "udp"):
                ports, senders = random.choice(PORTS), random.choice(SENDER_PORTS)
            ranges: tuple[str, ...] = (self.a_range(world),)
            others: tuple[str, ...] = ()
            if group.style != "list" and chance(random, 0.25):
                ranges, others = (), (random.choice(names),)
            yield Rule(
                group.name, inward, protocol, ports, ranges, others, chance(random, 0.25), senders
            )

    def with_instances(self, world: World) -> World:
        random = self.random
        found: list[Instance] = []
        for subnet in world.subnets:
            names = [
                item.name for item in world.groups
                if item.network == subnet.network and item.style != "list"
            ]  # fmt: skip
            for k in range(random.choice((1, 1, 1, 2)) if len(world.subnets) < 4 else 1):
                worn = tuple(random.sample(names, random.choice((0, 1, 1, len(names)))))
                public = random.choice((True, True, True, False, None))
                # The provider refuses to give a public address where the subnet prohibits them.
                public = None if public and not subnet.public else public
                place = address(subnet.range, random.choice((10, 140)) + k)
                found.append(Instance(f"i_{subnet.name}_{k}", subnet.name, place, worn, public))
        return replace(world, instances=tuple(found[:4]))

    def with_balancer(self, world: World) -> World:
        random = self.random
        if not chance(random, 0.25):
            return world
        out = {route.table for route in world.routes if route.kind == "internet"}
        public = [item for item in world.subnets if item.public]
        near = [item for item in public if item.table in out]
        subnet = random.choice(near or public or world.subnets)
        names = [
            item.name for item in world.groups
            if item.network == subnet.network and item.style != "list"
        ]  # fmt: skip
        worn = tuple(random.sample(names, random.choice((0, 1))))
        beside = {item.name for item in world.subnets if item.network == subnet.network}
        here = [item.name for item in world.instances if item.subnet in beside]
        targets = tuple(name for name in here if chance(random, 0.8))
        internal = not subnet.public or chance(random, 0.1)
        balancer = Balancer("lb", "application", internal, (subnet.name,), worn)
        port = random.choice((443, 443, 22))
        listener = Listener("li", "lb", 443, "TCP", port, targets)
        rules = world.rules
        for group in (*subnet.lists[:1], *worn):
            if chance(random, 0.6):
                rules = (*rules, Rule(group, True, "tcp", (443, 443), ("0.0.0.0/0",), senders=ALL))
        return replace(world, balancers=(balancer,), listeners=(listener,), rules=rules)


# Holes


def sites(world: World) -> Iterator[Site]:
    """Give all places of a world that a plan may not tell."""
    yield from _of_rules(world)
    yield from _of_routes(world)
    for place, _ in enumerate(world.networks):
        yield Site("gateway switch", "networks", place, "gateway_on", (True, False))
    for place, _ in enumerate(world.nats):
        yield Site("nat switch", "nats", place, "on", (True, False))
    for place, peering in enumerate(world.peerings):
        if peering.active:
            yield Site("peering", "peerings", place, "active", (True, False))
    for place, subnet in enumerate(world.subnets):
        asked = [item for item in world.instances if item.subnet == subnet.name and item.public]
        stands = any(subnet.name in item.subnets for item in world.balancers)
        if not asked and not stands:
            yield Site("subnet flag", "subnets", place, "public", (True, False))
        named = [t.name for t in world.tables if t.network == subnet.network and not t.main]
        if subnet.table and len(named) > 1:
            refs = tuple(f"oci_core_route_table.{name}.id" for name in named)
            yield Site("association", "subnets", place, "table", tuple(named), Unknown(refs))
        lists = [
            item.name for item in world.groups
            if item.network == subnet.network and item.name.startswith("l_")
        ]  # fmt: skip
        if subnet.lists and len(lists) > 1:
            refs = tuple(f"oci_core_security_list.{name}.id" for name in lists)
            yield Site(
                "one list", "subnets", place, "lists", tuple((name,) for name in lists),
                [Unknown(refs)],
            )  # fmt: skip
    for place, item in enumerate(world.attachments):
        if len(world.hub_tables) > 1 and item.table:
            names = tuple(table.name for table in world.hub_tables)
            refs = tuple(f"oci_core_drg_route_table.{name}.id" for name in names)
            yield Site("hub table", "attachments", place, "table", names, Unknown(refs))
    for place, _ in enumerate(world.listeners):
        yield Site("target port", "listeners", place, "target_port", (443, 22))
        yield Site("listener port", "listeners", place, "port", (443, 22))
    for place, balancer in enumerate(world.balancers):
        if not balancer.internal:
            yield Site("balancer scheme", "balancers", place, "internal", (True, False))
    yield from _of_instances(world)


def _of_rules(world: World) -> Iterator[Site]:
    for place, rule in enumerate(world.rules):
        group = next(item for item in world.groups if item.name == rule.group)
        if rule.ranges:
            options = (rule.ranges[0], "0.0.0.0/0", "128.0.0.0/1", "10.0.0.0/8", "10.1.0.0/25")
            yield Site("rule range", "rules", place, "ranges", options, element=0)
        yield Site("stateless", "rules", place, "stateless", (True, False))
        if rule.protocol == "tcp":
            yield Site("rule ports", "rules", place, "ports", (rule.ports, *PORTS[:3]))
        if rule.protocol in ("all", "50", "icmp"):
            yield Site("rule protocol", "rules", place, "protocol", ("all", "50", "icmp"))
        same = [
            item.name for item in world.groups
            if item.network == group.network and item.style != "list"
        ]  # fmt: skip
        if group.style != "list" and len(same) > 1:
            refs = tuple(f"oci_core_network_security_group.{name}.id" for name in same)
            yield Site("rule owner", "rules", place, "group", tuple(same), Unknown(refs))
            if rule.groups:
                yield Site("rule group", "rules", place, "groups", tuple(same), Unknown(refs), 0)


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


def _of_instances(world: World) -> Iterator[Site]:
    for place, item in enumerate(world.instances):
        subnet = next(found for found in world.subnets if found.name == item.subnet)
        if item.public is not None and subnet.public:
            yield Site("public flag", "instances", place, "public", (True, False))
        named = any(item.name in listener.targets for listener in world.listeners)
        others = {one.address for one in world.instances if one is not item}
        options = tuple(
            text for text in (item.address, address(subnet.range, 20), address(subnet.range, 200))
            if text not in others
        )  # fmt: skip
        if not named:
            yield Site("private address", "instances", place, "address", options, LEFT_OUT)
        names = [
            one.name for one in world.groups
            if one.network == subnet.network and one.style != "list"
        ]  # fmt: skip
        if len(names) > 1 and item.groups:
            refs = tuple(f"oci_core_network_security_group.{name}.id" for name in names)
            yield Site(
                "one group", "instances", place, "groups",
                tuple((name,) for name in names), [Unknown(refs)],
            )  # fmt: skip
            yield Site(
                "groups", "instances", place, "groups",
                (*((name,) for name in names), tuple(names), ()), Unknown(("var.choice", *refs)),
            )  # fmt: skip


def oci_world(seed: int, most: int = 2) -> World:
    """Make the world of a number: at most so many holes in it."""
    random = Random(f"oci {seed}")
    world = Maker(random).world()
    count = random.choice((1, 1, 2)) if most > 1 else most
    return dig(world, choose(random, list(sites(world)), count))


# Terraform


_NUMBERS = {"all": "all", "icmp": "1", "tcp": "6", "udp": "17", "50": "50"}
_GROUPS = "oci_core_network_security_group"


class Writer:
    """Writes a world of OCI as resources of a plan."""

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
            self.found[f"oci_core_nat_gateway.{nat.name}"] = {
                "vcn_id": ref("oci_core_vcn", nat.network),
                "block_traffic": nat.on.written if isinstance(nat.on, Hole) else not nat.on,
            }
        for peering in world.peerings:
            self._peering(peering)
        self._hubs()
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
        self.found[f"oci_core_vcn.{network.name}"] = {"cidr_blocks": list(network.ranges)}
        if network.has_gateway:
            self.found[f"oci_core_internet_gateway.{network.name}"] = {
                "vcn_id": ref("oci_core_vcn", network.name),
                "enabled": written(network.gateway_on),
            }

    def _subnet(self, subnet: Subnet) -> None:
        content: dict[str, Any] = {
            "vcn_id": ref("oci_core_vcn", subnet.network),
            "cidr_block": subnet.range,
        }
        if isinstance(subnet.public, Hole):
            content["prohibit_public_ip_on_vnic"] = subnet.public.written
        elif not subnet.public:
            content["prohibit_public_ip_on_vnic"] = True
        if isinstance(subnet.table, Hole):
            content["route_table_id"] = subnet.table.written
        elif subnet.table:
            content["route_table_id"] = ref("oci_core_route_table", subnet.table)
        if isinstance(subnet.lists, Hole):
            content["security_list_ids"] = subnet.lists.written
        elif subnet.lists:
            content["security_list_ids"] = [
                ref("oci_core_security_list", name) for name in subnet.lists
            ]
        self.found[f"oci_core_subnet.{subnet.name}"] = content

    def _table(self, table: Table) -> None:
        rules = [
            {
                "destination": written(route.destination),
                "destination_type": "CIDR_BLOCK",
                "network_entity_id": self._entity(table, route),
            }
            for route in self.world.routes
            if route.table == table.name
        ]
        if table.main:
            self.found[f"oci_core_default_route_table.{table.name}"] = {
                "manage_default_resource_id": ref(
                    "oci_core_vcn", table.network, "default_route_table_id"
                ),
                "route_rules": rules,
            }
        else:
            self.found[f"oci_core_route_table.{table.name}"] = {
                "vcn_id": ref("oci_core_vcn", table.network),
                "route_rules": rules,
            }

    def _entity(self, table: Table, route: Route) -> Unknown:
        if route.kind == "peering":
            return ref("oci_core_local_peering_gateway", f"{route.target}_{table.network}")
        kinds = {
            "internet": "oci_core_internet_gateway",
            "nat": "oci_core_nat_gateway",
            "hub": "oci_core_drg",
        }
        return ref(kinds[route.kind], route.target)

    def _peering(self, peering: Peering) -> None:
        near, far = peering.ends
        kind = "oci_core_local_peering_gateway"
        for end in peering.ends:
            self.found[f"{kind}.{peering.name}_{end}"] = {"vcn_id": ref("oci_core_vcn", end)}
        asks = self.found[f"{kind}.{peering.name}_{near}"]
        if isinstance(peering.active, Hole):
            asks["peer_id"] = peering.active.written
        elif peering.active:
            asks["peer_id"] = ref(kind, f"{peering.name}_{far}")

    def _hubs(self) -> None:
        world = self.world
        for hub in world.hubs:
            self.found[f"oci_core_drg.{hub.name}"] = {}
        for item in world.attachments:
            content: dict[str, Any] = {
                "drg_id": ref("oci_core_drg", item.hub),
                "network_details": [{"id": ref("oci_core_vcn", item.network), "type": "VCN"}],
            }
            if isinstance(item.table, Hole):
                content["drg_route_table_id"] = item.table.written
            elif item.table:
                content["drg_route_table_id"] = ref("oci_core_drg_route_table", item.table)
            self.found[f"oci_core_drg_attachment.{item.name}"] = content
        for table in world.hub_tables:
            kind = "oci_core_drg_route_distribution"
            self.found[f"{kind}.{table.name}"] = {
                "drg_id": ref("oci_core_drg", table.hub),
                "distribution_type": "IMPORT",
            }
            for number, learnt in enumerate(table.learns):
                self.found[f"{kind}_statement.{table.name}_{number}"] = {
                    "drg_route_distribution_id": ref(kind, table.name),
                    "action": "ACCEPT",
                    "priority": 10 * (number + 1),
                    "match_criteria": [
                        {
                            "match_type": "DRG_ATTACHMENT_ID",
                            "drg_attachment_id": ref("oci_core_drg_attachment", learnt),
                        }
                    ],
                }
            self.found[f"oci_core_drg_route_table.{table.name}"] = {
                "drg_id": ref("oci_core_drg", table.hub),
                "import_drg_route_distribution_id": ref(kind, table.name),
            }
        for number, route in enumerate(world.hub_routes):
            self.found[f"oci_core_drg_route_table_route_rule.r{number}"] = {
                "drg_route_table_id": ref("oci_core_drg_route_table", route.table),
                "destination": route.destination,
                "destination_type": "CIDR_BLOCK",
                "next_hop_drg_attachment_id": ref("oci_core_drg_attachment", route.target),
            }

    def _group(self, group: Group) -> None:
        if group.style != "list":
            self.found[f"{_GROUPS}.{group.name}"] = {"vcn_id": ref("oci_core_vcn", group.network)}
            return
        rules: dict[str, list[dict[str, Any]]] = {
            "ingress_security_rules": [],
            "egress_security_rules": [],
        }
        for rule in self.world.rules:
            if rule.group != group.name:
                continue
            path, end = ("ingress", "source") if rule.inward else ("egress", "destination")
            content = {**self._ported(rule, nested=False), end: written(rule.ranges[0])}
            rules[f"{path}_security_rules"].append(content)
        if group.name.startswith("d_"):
            self.found[f"oci_core_default_security_list.{group.name}"] = {
                "manage_default_resource_id": ref(
                    "oci_core_vcn", group.network, "default_security_list_id"
                ),
                **rules,
            }
        else:
            self.found[f"oci_core_security_list.{group.name}"] = {
                "vcn_id": ref("oci_core_vcn", group.network),
                **rules,
            }

    def _ported(self, rule: Rule, nested: bool) -> dict[str, Any]:
        kind = rule.protocol.written if isinstance(rule.protocol, Hole) else None
        content: dict[str, Any] = {
            "protocol": kind or _NUMBERS[rule.protocol],
            "stateless": written(rule.stateless),
        }
        if rule.protocol in ("tcp", "udp"):
            if isinstance(rule.ports, Hole):
                ports: Any = {"min": rule.ports.written, "max": rule.ports.written}
            else:
                ports = {"min": rule.ports[0], "max": rule.ports[1]}
            options: dict[str, Any] = {}
            if isinstance(rule.ports, Hole) or rule.ports != ALL:
                options = {"destination_port_range": [ports]} if nested else dict(ports)
            if rule.senders != ALL:
                low, high = rule.senders
                options["source_port_range"] = [{"min": low, "max": high}]
            if options:
                content[f"{rule.protocol}_options"] = [options]
        return content

    def _rule(self, number: int, rule: Rule) -> None:
        name = rule.group.options[0] if isinstance(rule.group, Hole) else rule.group
        if next(item.style for item in self.world.groups if item.name == name) == "list":
            return
        end = "source" if rule.inward else "destination"
        content = self._ported(rule, nested=True)
        content["direction"] = "INGRESS" if rule.inward else "EGRESS"
        content["network_security_group_id"] = (
            rule.group.written if isinstance(rule.group, Hole) else ref(_GROUPS, rule.group)
        )
        if rule.groups:
            other = rule.groups[0]
            content[end] = other.written if isinstance(other, Hole) else ref(_GROUPS, other)
            content[f"{end}_type"] = "NETWORK_SECURITY_GROUP"
        else:
            content[end] = written(rule.ranges[0])
            content[f"{end}_type"] = "CIDR_BLOCK"
        self.found[f"{_GROUPS}_security_rule.r{number}"] = content

    def _instance(self, item: Instance) -> None:
        vnic: dict[str, Any] = {"subnet_id": ref("oci_core_subnet", item.subnet)}
        if not isinstance(item.address, Hole):
            vnic["private_ip"] = item.address
        if isinstance(item.groups, Hole):
            vnic["nsg_ids"] = item.groups.written
        elif item.groups:
            vnic["nsg_ids"] = [ref(_GROUPS, name) for name in item.groups]
        if isinstance(item.public, Hole):
            vnic["assign_public_ip"] = item.public.written
        elif item.public is not None:
            vnic["assign_public_ip"] = "true" if item.public else "false"
        self.found[f"oci_core_instance.{item.name}"] = {
            "availability_domain": "AD-1",
            "shape": "VM.Standard.E5.Flex",
            "create_vnic_details": [vnic],
        }

    def _balancer(self, balancer: Balancer) -> None:
        content: dict[str, Any] = {
            "display_name": balancer.name,
            "shape": "flexible",
            "subnet_ids": [ref("oci_core_subnet", name) for name in balancer.subnets],
            "is_private": written(balancer.internal),
        }
        if balancer.groups:
            content["network_security_group_ids"] = [ref(_GROUPS, name) for name in balancer.groups]
        self.found[f"oci_load_balancer_load_balancer.{balancer.name}"] = content

    def _listener(self, listener: Listener) -> None:
        owner = ref("oci_load_balancer_load_balancer", listener.balancer)
        self.found[f"oci_load_balancer_backend_set.{listener.name}"] = {
            "load_balancer_id": owner,
            "name": listener.name,
            "policy": "ROUND_ROBIN",
            "health_checker": [{"protocol": "TCP"}],
        }
        for name in listener.targets:
            target = next(item for item in self.world.instances if item.name == name)
            self.found[f"oci_load_balancer_backend.{listener.name}_{name}"] = {
                "load_balancer_id": owner,
                "backendset_name": listener.name,
                "ip_address": target.address,
                "port": written(listener.target_port),
            }
        self.found[f"oci_load_balancer_listener.{listener.name}"] = {
            "load_balancer_id": owner,
            "name": listener.name,
            "default_backend_set_name": listener.name,
            "port": written(listener.port),
            "protocol": "TCP",
        }


def oci_resources(world: World) -> dict[str, dict[str, Any]]:
    """Write a world as the resources of a plan."""
    return Writer(world).resources()
