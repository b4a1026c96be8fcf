"""The networks of a scan as interfaces in subnets, with the filters and tables in force.

Everything is compiled once, on first use, and shared: interfaces that stand in the same subnet
behind the same groups share their filters, and all subnets that a table rules share its pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from scanner.graph.graph import Graph
from scanner.model.base import Inapplicable, Resource
from scanner.model.compute import (
    Cluster,
    ContainerService,
    Instance,
    InstanceGroup,
    NodePool,
    Placed,
)
from scanner.model.data import Database, DataStore
from scanner.model.edge import EdgeService, LoadBalancer, NetworkLink, TransferServer
from scanner.model.network import (
    Bastion,
    ClientVpn,
    Gateway,
    GatewayKind,
    HubAttachment,
    HybridLink,
    Network,
    NetworkAcl,
    NetworkInterface,
    PublicAddress,
    RouteTable,
    SecurityGroup,
    ServiceEndpoint,
    Subnet,
)
from scanner.network.addresses import ALL_V4, ALL_V6, NOWHERE, V6, Addresses
from scanner.network.filters import NO_ACL, Acl, AclsInForce, Bundle, OtherEnd, Rules, rules_of
from scanner.network.packets import OPEN
from scanner.network.routing import Entry, Table, unknown_entry, written_entries
from scanner.record import Links
from scanner.truth import Evidence, Truth, any_of, known, unknown
from scanner.value import Unknown, Value

R = TypeVar("R", bound=Resource)


@dataclass(slots=True, eq=False)
class Net:
    """A network: its ranges, and whether all of them are known."""

    resource: Network
    ranges: Addresses
    complete: bool
    subs: list[Sub] = field(default_factory=list)
    # Gateways of the network by kind, each with whether it certainly belongs to it.
    gateways: list[tuple[Gateway, bool]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its address."""
        return self.resource.address

    @property
    def key(self) -> str:
        """The address of its record, by which others refer to it."""
        return self.resource.block.record.address


@dataclass(slots=True, eq=False)
class Sub:
    """A subnet with what is in force for all that stands in it.

    net: None where it is not known.  v4, v6: its ranges; empty where it has none, or where they
    are not known, which `v4_known` and `v6_known` tell.  taken: addresses that somebody bears.
    """

    resource: Subnet
    net: Net | None
    sure_net: bool
    v4: Addresses
    v6: Addresses
    v4_known: bool
    v6_known: bool
    tables: tuple[Table, ...] = ()
    taken: Addresses = NOWHERE
    acls: AclsInForce = NO_ACL
    lists: tuple[tuple[Rules, bool], ...] = ()
    list_doubts: tuple[Evidence, ...] = ()

    @property
    def name(self) -> str:
        """Its address."""
        return self.resource.address


@dataclass(slots=True, eq=False)
class Interface:
    """Where a resource stands in a subnet.

    owner: what stands there.  face: whose groups and addresses it has, if that is another record.
    sub: the subnet; None where it is not known, and `doubt` says why.  sure: it stands there for
    certain.  fixed: its private addresses, if they are known.
    """

    owner: Resource
    face: Resource
    sub: Sub | None
    sure: bool
    bundle: Bundle
    fixed: Addresses = NOWHERE
    tables: tuple[Table, ...] | None = None
    doubt: str = ""

    @property
    def name(self) -> str:
        """The address of what stands there."""
        return self.owner.address

    def tables_in_force(self) -> tuple[Table, ...]:
        """The tables of the interface itself, else those of its subnet."""
        if self.tables is not None:
            return self.tables
        return self.sub.tables if self.sub is not None else ()


class Fabric:
    """All networks of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._rules: dict[str, Rules | None] = {}
        self._tables: dict[int, Table] = {}
        self._bundles: dict[object, Bundle] = {}
        self._table_sets: dict[object, tuple[Table, ...]] = {}
        self.nets: dict[str, Net] = {}
        for network in graph.of(Network):
            net = self._net(network)
            self.nets[net.key] = net
        self._gateways()
        self._acls = self._acls_by_subnet()
        self._main_tables = self._tables_by_network()
        self.subs: dict[str, Sub] = {}
        for subnet in graph.of(Subnet):
            sub = self._sub(subnet)
            self.subs[subnet.block.record.address] = sub
            if sub.net is not None:
                sub.net.subs.append(sub)

    # Networks

    def _net(self, network: Network) -> Net:
        fours, sixes = network.cidrs.content, network.ipv6_cidrs.content
        texts = [text for item in (fours, sixes) if not isinstance(item, Unknown) for text in item]
        complete = not isinstance(fours, Unknown) and not isinstance(sixes, Unknown)
        return Net(network, Addresses.read(texts), complete)

    def _gateways(self) -> None:
        for gateway in self.graph.of(Gateway):
            links = gateway.network
            sure = links.certain and len(links.targets) == 1
            for address in links.candidates():
                net = self.nets.get(address)
                if net is not None:
                    net.gateways.append((gateway, sure or address in links.targets))
            if links.unknown:
                for net in self.nets.values():
                    net.gateways.append((gateway, False))

    def _links(self, read: Callable[[], Links]) -> Links | None:
        try:
            return read()
        except Inapplicable:
            return None

    # Route tables

    def table(self, table: RouteTable) -> Table:
        """Evaluate a route table once, with the local routes of its network."""
        found = self._tables.get(id(table))
        if found is None:
            found = self._tables[id(table)] = Table(table.address, self._entries(table))
        return found

    def _entries(self, table: RouteTable) -> Iterator[Entry]:
        yield from written_entries(table)
        links = table.network
        for address in links.targets:
            net = self.nets.get(address)
            if net is not None:
                yield from self.local_entries(net)
        if not links.targets:
            yield Entry(None, 1, False, GatewayKind.LOCAL, (), False, "local routes")
        learnt = self._links(lambda: table.learns_from)
        if learnt is not None:
            yield from self._learnt(learnt)

    def local_entries(self, net: Net) -> Iterator[Entry]:
        """Give the local routes of a network."""
        places = net.ranges.intervals
        text = f"local: {', '.join(net.ranges.texts(3))} of {net.name}"
        if places:
            yield Entry(places, 1, True, GatewayKind.LOCAL, (net.key,), True, text)
        if not net.complete:
            why = Evidence(net.name, "its address ranges are not all known")
            inside = Addresses.of(
                place
                for sub in net.subs
                for ranges in (sub.v4, sub.v6)
                for place in ranges.intervals
            )
            if inside:
                yield Entry(inside.intervals, 1, True, GatewayKind.LOCAL, (net.key,), True, text)
            where = (PRIVATE - inside - net.ranges).intervals
            yield Entry(
                where, 1, False, GatewayKind.LOCAL, (net.key,), True, text, (why,), vague=True
            )
            # Wherever else its range is, it is not the whole internet: the other clients of the
            # internet are routed as if it were not there.
            yield Entry(
                (ALL_V4, ALL_V6), 1, False, GatewayKind.LOCAL, (net.key,), True, text, (why,),
                vague=True, takes=False,
            )  # fmt: skip

    def _learnt(self, links: Links) -> Iterator[Entry]:
        """Give the routes that a virtual private gateway adds by itself.

        Those that the other side announces are not known; they are counted as private addresses
        that nothing else has.
        """
        for address in links.candidates():
            sure = address in links.targets
            for link in self.links_at(address):
                ranges = Addresses.read(link.ranges.known_or(()))
                text = f"learnt from {link.address}"
                if ranges:
                    yield Entry(ranges.intervals, 2, sure, GatewayKind.VPN, (address,), True, text)
                doubts = [*link.announced.evidence]
                if isinstance(link.ranges.content, Unknown):
                    doubts.append(Evidence(link.ranges.source, link.ranges.content.reason))
                elif link.announced.is_false:
                    continue
                places = PRIVATE.intervals
                yield Entry(
                    places, 3, False, GatewayKind.VPN, (address,), True, text, tuple(doubts)
                )
        for reason in links.unknown:
            yield unknown_entry(Evidence(links.source, reason))

    @cached_property
    def _links_by_gateway(self) -> dict[str, list[HybridLink]]:
        found: dict[str, list[HybridLink]] = {}
        for link in self.graph.of(HybridLink):
            for address in link.gateways.candidates():
                found.setdefault(address, []).append(link)
        return found

    def links_at(self, address: str) -> Sequence[HybridLink]:
        """Give the VPN connections and lines that end at a gateway or hub."""
        return self._links_by_gateway.get(address, ())

    def _tables_by_network(self) -> dict[str, list[tuple[RouteTable, bool]]]:
        """Find the main tables: those of each network that rule what names none."""
        found: dict[str, list[tuple[RouteTable, bool]]] = {}
        for table in self.graph.of(RouteTable):
            if table.is_main.is_false:
                continue
            links = table.network
            for address in links.candidates():
                sure = table.is_main.is_true and address in links.targets
                found.setdefault(address, []).append((table, sure))
            if links.unknown and not links.targets:
                for address in self.nets:
                    found.setdefault(address, []).append((table, False))
        return found

    def tables_of(self, links: Links, net: Net | None) -> tuple[Table, ...]:
        """Give the tables in force: exactly one of them is, if there are several."""
        key = (
            links.targets, links.one_of, links.maybe, links.outside, links.unknown,
            net.key if net else None,
        )  # fmt: skip
        found = self._table_sets.get(key)
        if found is None:
            found = self._table_sets[key] = tuple(self._tables_in_force(links, net))
        return found

    def _tables_in_force(self, links: Links, net: Net | None) -> Iterator[Table]:
        for address in dict.fromkeys(links.candidates()):
            table = self.graph.at(address, RouteTable)
            if table is None:
                yield Table(address, [unknown_entry(Evidence(address, "it was not read"))])
            else:
                yield self.table(table)
        for name in links.outside:
            why = Evidence(links.source, f'"{name}" is not in what was read')
            yield Table(name, [unknown_entry(why), *self._locals(net)])
        for reason in links.unknown:
            yield Table(
                links.source,
                [unknown_entry(Evidence(links.source, reason)), *self._locals(net)],
            )
        if not links.targets and not links.one_of and not links.outside:
            yield from self._main(net)

    def _locals(self, net: Net | None) -> Iterator[Entry]:
        if net is not None:
            yield from self.local_entries(net)

    def _main(self, net: Net | None) -> Iterator[Table]:
        if net is None:
            why = Evidence("", "the network is not known")
            yield Table("a route table that is not known", [unknown_entry(why)])
            return
        tables = self._main_tables.get(net.key, [])
        for table, _ in tables:
            yield self.table(table)
        if any(sure for _, sure in tables):
            return
        network = net.resource
        name = f"the main route table of {net.name}"
        made: list[Entry] = list(self.local_entries(net))
        if not network.managed or self.graph.missing:
            fact = "its main route table is not in what was read"
            made.append(unknown_entry(Evidence(net.name, fact)))
        elif not network.is_default.is_false:
            # VPC User Guide, "Default VPCs": its main table leads to the internet.
            made.append(
                Entry(
                    (ALL_V4,), 0, network.is_default.is_true, GatewayKind.INTERNET, (), True,
                    "0.0.0.0/0 to the internet gateway that is made with a default VPC",
                )
            )  # fmt: skip
        yield Table(name, made)

    # Subnets

    def _sub(self, subnet: Subnet) -> Sub:
        links = subnet.network
        net = None
        for address in links.candidates():
            net = self.nets.get(address)
            if net is not None:
                break
        sure = net is not None and links.certain and len(links.targets) == 1
        fours, sixes = subnet.cidrs.content, subnet.ipv6_cidrs.content
        sub = Sub(
            subnet,
            net,
            sure,
            NOWHERE if isinstance(fours, Unknown) else Addresses.read(fours),
            NOWHERE if isinstance(sixes, Unknown) else Addresses.read(sixes),
            not isinstance(fours, Unknown),
            not isinstance(sixes, Unknown),
        )
        sub.tables = self.tables_of(subnet.route_tables, net)
        sub.acls = self._acls_of(subnet, net)
        lists, doubts = self._lists_of(subnet, net)
        sub.lists, sub.list_doubts = lists, doubts
        return sub

    def _acls_by_subnet(self) -> dict[str, list[tuple[NetworkAcl, bool]]]:
        found: dict[str, list[tuple[NetworkAcl, bool]]] = {}
        self._loose_acls: list[NetworkAcl] = []
        self._default_acls: dict[str, NetworkAcl] = {}
        for acl in self.graph.of(NetworkAcl):
            links = acl.subnets
            for address in links.targets:
                found.setdefault(address, []).append((acl, True))
            for address in (*(item for group in links.one_of for item in group), *links.maybe):
                found.setdefault(address, []).append((acl, False))
            if links.unknown and not acl.is_default.is_true:
                self._loose_acls.append(acl)
            if not acl.is_default.is_false:
                for address in acl.network.candidates():
                    self._default_acls[address] = acl
        self._compiled_acls: dict[int, Acl] = {}
        return found

    def _acl(self, acl: NetworkAcl) -> Acl:
        found = self._compiled_acls.get(id(acl))
        if found is None:
            found = self._compiled_acls[id(acl)] = Acl(rules_of(acl))
        return found

    def _acls_of(self, subnet: Subnet, net: Net | None) -> AclsInForce:
        if subnet.provider != "aws":
            return NO_ACL
        named = self._acls.get(subnet.block.record.address, [])
        loose = [
            acl
            for acl in self._loose_acls
            if net is None or net.key in acl.network.candidates() or acl.network.unknown
        ]
        sure = [acl for acl, certain in named if certain]
        acls = [self._acl(acl) for acl in (sure or [acl for acl, _ in named] + loose)]
        if sure:
            return AclsInForce(acls)
        default = self._default_acls.get(net.key) if net is not None else None
        if default is not None:
            return AclsInForce([*acls, self._acl(default)])
        if not subnet.managed or self.graph.missing:
            fact = "its network ACL is not in what was read"
            return AclsInForce(acls, (Evidence(subnet.address, fact),))
        if not acls:
            # VPC User Guide, "Default network ACL": it allows all traffic.
            return NO_ACL
        return AclsInForce([*acls, _DEFAULT_ACL])

    def _lists_of(
        self, subnet: Subnet, net: Net | None
    ) -> tuple[tuple[tuple[Rules, bool], ...], tuple[Evidence, ...]]:
        if subnet.provider == "aws":
            return (), ()
        links = subnet.security_lists
        found, doubts = self._resolve(links)
        if links.is_empty:
            found, doubts = self._defaults(net, subnet.managed)
        return tuple(found), tuple(doubts)

    # Groups

    def rules_at(self, address: str) -> Rules | None:
        """Compile the group or list at an address; None if there is none."""
        if address not in self._rules:
            group = self.graph.at(address, SecurityGroup)
            self._rules[address] = None if group is None else rules_of(group)
        return self._rules[address]

    def all_rules(self) -> Iterator[Rules | None]:
        """Give the rules of all groups and lists that some interface bears."""
        yield from self._rules.values()

    def _resolve(self, links: Links) -> tuple[list[tuple[Rules, bool]], list[Evidence]]:
        found: list[tuple[Rules, bool]] = []
        doubts: list[Evidence] = []
        for sure, addresses in (
            (True, links.targets),
            (False, (*(item for group in links.one_of for item in group), *links.maybe)),
        ):
            for address in addresses:
                rules = self.rules_at(address)
                if rules is None:
                    doubts.append(Evidence(address, "its rules were not read"))
                else:
                    found.append((rules, sure))
        doubts += [
            Evidence(links.source, f'the rules of "{name}" were not read') for name in links.outside
        ]
        doubts += [Evidence(links.source, reason) for reason in links.unknown]
        return found, doubts

    @cached_property
    def _default_groups(self) -> dict[str, list[tuple[SecurityGroup, bool]]]:
        found: dict[str, list[tuple[SecurityGroup, bool]]] = {}
        for group in self.graph.of(SecurityGroup):
            try:
                if group.is_default.is_false:
                    continue
                links = group.network
            except Inapplicable:
                continue
            for address in links.candidates():
                sure = group.is_default.is_true and address in links.targets
                found.setdefault(address, []).append((group, sure))
        return found

    def _defaults(
        self, net: Net | None, managed: bool
    ) -> tuple[list[tuple[Rules, bool]], list[Evidence]]:
        if net is None:
            return [], [Evidence("", "its network, whose default group or list counts")]
        groups = self._default_groups.get(net.key, [])
        found = []
        for group, sure in groups:
            key = group.block.record.address
            rules = self.rules_at(key)
            if rules is not None:
                found.append((rules, sure))
        if not any(sure for _, sure in groups):
            return found, [Evidence(net.name, "its default group or list was not read")]
        return found, []

    def bundle(
        self, links: Links | None, sub: Sub | None, *, without: str = "default", maybe: bool = False
    ) -> Bundle:
        """Unite the groups that an interface bears with the lists of its subnet.

        without: what holds for one that bears no group: the `default` group of the network, or
        `all` traffic passes.  maybe: whether it bears these groups is itself not certain.
        """
        aws = sub is None or sub.resource.provider == "aws"
        key = (
            None if links is None else (links.targets, links.one_of, links.maybe, links.outside,
                                        links.unknown),
            id(sub.net) if aws and sub is not None else id(sub),
            without,
            maybe,
        )  # fmt: skip
        found = self._bundles.get(key)
        if found is None:
            found = self._bundles[key] = self._bundle(links, sub, aws, without, maybe)
        return found

    def _bundle(
        self, links: Links | None, sub: Sub | None, aws: bool, without: str, maybe: bool
    ) -> Bundle:
        doubts: list[Evidence] = []
        names: list[str] = []
        possible: list[str] = []
        unread = False
        found: list[tuple[Rules, bool]] = []
        if links is not None and not links.is_empty:
            found, doubts = self._resolve(links)
            names += [*links.targets, *links.outside]
            possible += links.candidates()
            unread = bool(links.unknown)
        elif aws and without == "all":
            return Bundle((), (), (), OtherEnd(by_group=True), open_to_all=True)
        elif aws:
            net = sub.net if sub is not None else None
            found, doubts = self._defaults(net, True)
            names += [
                group.block.record.address
                for group, sure in (self._default_groups.get(net.key, []) if net else [])
                if sure
            ]
            unread = not names
        if maybe:
            found = [(rules, False) for rules, _ in found]
            possible += names
            names = []
        if sub is not None:
            found += sub.lists
            doubts += sub.list_doubts
        end = OtherEnd(frozenset(names), frozenset((*names, *possible)), unread, by_group=True)
        return Bundle(
            [rules for rules, sure in found if sure],
            [rules for rules, sure in found if not sure],
            doubts,
            end,
            tracks=aws,
        )

    # Interfaces

    @cached_property
    def interfaces(self) -> dict[str, list[Interface]]:
        """All interfaces, by the address of the resource that they belong to."""
        found: dict[str, list[Interface]] = {}
        used: set[str] = set()
        for maker in (*self.graph.of(InstanceGroup), *self.graph.of(NodePool)):
            assert isinstance(maker, (InstanceGroup, NodePool))
            used.update(maker.templates.candidates())
        for placed in self.graph.of(Placed):
            if placed.block.record.address in used and not placed.subnets.targets:
                continue
            found.setdefault(placed.address, []).extend(self._placed(placed))
        for interface in self.graph.of(NetworkInterface):
            found.setdefault(interface.address, []).extend(
                self._stand(interface, interface, interface.subnets, interface.security_groups)
            )
        for group in self.graph.of(InstanceGroup):
            found.setdefault(group.address, []).extend(self._of_group(group))
        for endpoint in self.graph.of(ServiceEndpoint):
            found.setdefault(endpoint.address, []).extend(
                self._stand(endpoint, endpoint, endpoint.subnets, endpoint.security_groups)
            )
        for door in (*self.graph.of(ClientVpn), *self.graph.of(Bastion)):
            assert isinstance(door, (ClientVpn, Bastion))
            found.setdefault(door.address, []).extend(
                self._stand(door, door, door.subnets, door.security_groups)
            )
        for item in (item for items in found.values() for item in items):
            if item.fixed and item.sure and item.sub is not None:
                item.sub.taken = item.sub.taken | item.fixed
        return found

    def _placed(self, placed: Placed) -> Iterator[Interface]:
        if isinstance(placed, Instance):
            yield from self._of_instance(placed)
            return
        if isinstance(placed, NodePool) and not placed.templates.is_empty:
            yield from self._of_group(placed)
            return
        home: Placed = placed
        if isinstance(placed, Database) and self._links(lambda: placed.subnets) is None:
            # A member of a cluster stands where its cluster does.
            cluster = self._links(lambda: placed.cluster)
            found = () if cluster is None else self.graph.follow(cluster, Database)
            home = next(iter(found), placed)
        if self._links(lambda: home.subnets) is None:
            return
        without = "default"
        if isinstance(placed, LoadBalancer) and placed.layer.content == "network":
            # Network Load Balancers guide: one without security groups accepts all clients.
            without = "all"
        yield from self._stand(
            placed,
            placed,
            home.subnets,
            self._links(lambda: home.security_groups),
            without=without,
        )

    def _of_instance(self, instance: Instance) -> Iterator[Interface]:
        links = instance.interfaces
        theirs: set[str] = set()
        for interface in self.graph.follow(links, NetworkInterface):
            theirs.update(interface.subnets.candidates())
            yield from self._stand(
                instance, interface, interface.subnets, interface.security_groups
            )
        for address in (*(item for group in links.one_of for item in group), *links.maybe):
            perhaps = self.graph.at(address, NetworkInterface)
            if perhaps is not None:
                yield from self._stand(
                    instance, perhaps, perhaps.subnets, perhaps.security_groups, sure=False
                )
        own = [item for item in instance.subnets.candidates() if item not in theirs]
        if own or not links.targets:
            yield from self._stand(
                instance,
                instance,
                instance.subnets,
                instance.security_groups,
                without_subnets=theirs,
                maybe=bool(theirs),
            )

    def _of_group(self, group: InstanceGroup | NodePool) -> Iterator[Interface]:
        templates = list(self.graph.follow(group.templates, Instance))
        pool = group if isinstance(group, NodePool) else None
        for template in templates:
            groups = template.security_groups if pool is None else pool.security_groups
            yield from self._stand(
                group,
                template,
                group.subnets,
                groups,
                sure=len(templates) == 1 and group.templates.certain,
            )
        if not templates:
            links = None if pool is None else pool.security_groups
            yield from self._stand(group, group, group.subnets, links, maybe=pool is None)

    def _stand(
        self,
        owner: Resource,
        face: Resource,
        subnets: Links,
        groups: Links | None,
        *,
        without: str = "default",
        sure: bool = True,
        maybe: bool = False,
        without_subnets: Iterable[str] = (),
    ) -> Iterator[Interface]:
        skipped = set(without_subnets)
        fixed = self._fixed(face)
        several = len(subnets.targets) > 1
        for certain, addresses in (
            (True, subnets.targets),
            (False, tuple(dict.fromkeys(
                (*(item for group in subnets.one_of for item in group), *subnets.maybe)))),
        ):  # fmt: skip
            for address in addresses:
                if address in skipped:
                    continue
                sub = self.subs.get(address)
                bundle = self.bundle(groups, sub, without=without, maybe=maybe)
                if isinstance(owner, Bastion):
                    bundle = _named(bundle, owner)
                mine = fixed
                if sub is not None and fixed and several:
                    mine = fixed & (sub.v4 | sub.v6)
                doubt = "" if sub is not None else f"{address} was not read"
                yield Interface(
                    owner, face, sub, certain and sure, bundle, mine, self._own_tables(face, sub),
                    doubt,
                )  # fmt: skip
        reasons = [f'"{name}" is not in what was read' for name in subnets.outside]
        for reason in (*reasons, *subnets.unknown):
            bundle = self.bundle(groups, None, without=without, maybe=maybe)
            yield Interface(owner, face, None, False, bundle, fixed, None, reason)

    def _own_tables(self, face: Resource, sub: Sub | None) -> tuple[Table, ...] | None:
        if face.provider == "aws" or not isinstance(face, (Instance, NetworkInterface)):
            return None
        links = self._links(lambda: face.route_tables)
        if links is None or links.is_empty:
            return None
        found = self.tables_of(links, sub.net if sub else None)
        return found

    def _fixed(self, face: Resource) -> Addresses:
        if not isinstance(face, (Placed, NetworkInterface)):
            return NOWHERE
        try:
            value: Value[tuple[str, ...]] = face.addresses
        except Inapplicable:
            return NOWHERE
        content = value.content
        return NOWHERE if isinstance(content, Unknown) else Addresses.read(content)

    # Public addresses

    def has_public_v4(self, interface: Interface) -> Truth:
        """Whether an interface has a public address of version 4."""
        return self.graph.remember(_public_v4, (interface, self))

    def has_public_v6(self, interface: Interface) -> Truth:
        """Whether an interface has an address of version 6, which is public."""
        return self.graph.remember(_public_v6, (interface, self))

    def elastic(self, resource: Resource) -> Truth:
        """Whether an elastic or reserved address is assigned to it."""
        return self.graph.referred_by(
            resource, PublicAddress, "assigned_to", lambda item: known(True, item.assigned_to)
        )

    @cached_property
    def attachments(self) -> dict[str, list[tuple[HubAttachment, bool]]]:
        """The attachments of each network to hubs, and whether they are certain."""
        found: dict[str, list[tuple[HubAttachment, bool]]] = {}
        for attachment in self.graph.of(HubAttachment):
            links = attachment.networks
            for address in links.candidates():
                found.setdefault(address, []).append((attachment, address in links.targets))
        return found

    def gateways(self, net: Net, kind: GatewayKind) -> list[tuple[Gateway, Truth]]:
        """Give the gateways of a kind of a network, and whether each serves it."""
        found = []
        for gateway, sure in net.gateways:
            of_kind = gateway.kind.equals(kind)
            if of_kind.is_false:
                continue
            belongs = (
                known(True)
                if sure
                else unknown(Evidence(gateway.address, "it may be of another network"))
            )
            found.append((gateway, of_kind & gateway.enabled & belongs))
        return found


def _named(bundle: Bundle, owner: Resource) -> Bundle:
    """Let rules name an interface by the resource whose address it bears."""
    name = owner.block.record.address
    end = bundle.other_end
    return Bundle(
        bundle.sure,
        bundle.maybe,
        bundle.reasons,
        end._replace(groups=end.groups | {name}, possible=end.possible | {name}),
        bundle.open_to_all,
        bundle.tracks,
    )


# RFC 1918, RFC 6598 and RFC 4193: what the company's own sites have.
PRIVATE = Addresses.read(
    ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)


class _OpenAcl(Acl):
    """The default ACL as AWS makes it."""

    def __init__(self) -> None:
        super().__init__(Rules("the default network ACL", (), (), ""))
        self.inward = self.outward = OPEN


_DEFAULT_ACL = _OpenAcl()


def _public_v4(key: tuple[Interface, Fabric], graph: Graph) -> Truth:
    interface, fabric = key
    owner, face, sub = interface.owner, interface.face, interface.sub
    given = _given(face, sub, graph)
    if (isinstance(face, (Instance, NetworkInterface)) and owner is face) or face is not owner:
        given = given | fabric.elastic(face)
        if isinstance(owner, Instance) and owner is not face and not given.is_true:
            # An address that is assigned to the instance belongs to its first interface.
            found = fabric.elastic(owner)
            given = given | (found if found.is_false else _perhaps(owner, found))
    if sub is not None and sub.resource.provider != "aws":
        return given & sub.resource.permits_public_addresses
    return given


def _perhaps(owner: Resource, found: Truth) -> Truth:
    return unknown(*found.evidence, Evidence(owner.address, "which of its interfaces has it"))


def _given(face: Resource, sub: Sub | None, graph: Graph) -> Truth:
    try:
        if isinstance(face, DataStore):
            return _of_members(face, graph)
        if isinstance(face, LoadBalancer):
            return face.internet_facing
        if isinstance(face, TransferServer):
            return face.has_public_address
        if isinstance(face, NetworkInterface):
            if face.has_ipv6_address.is_false:
                return face.has_public_address
            fact = "only an elastic address gives it one of IPv4"
            return known(False, Evidence(face.address, fact))
        if isinstance(face, Cluster):
            if face.provider == "aws":
                fact = "the interfaces of a cluster have no public addresses"
                return known(False, Evidence(face.address, fact))
            return face.public_endpoint
        if isinstance(face, Instance):
            return _asked(face.asks_for_ipv4_address, sub)
        if isinstance(face, ContainerService):
            return _asked(face.asks_for_public_address, sub)
        if isinstance(face, NodePool):
            return _by_subnet(sub)
        if isinstance(face, NetworkLink) and face.provider != "aws":
            # An API gateway of OCI stands in a subnet itself.
            service = graph.at(face.block.record.address, EdgeService)
            if service is not None:
                return service.public
        if isinstance(face, InstanceGroup):
            return unknown(Evidence(face.address, "its template was not read"))
    except Inapplicable:
        pass
    return known(False, Evidence(face.address, "it has private addresses only"))


def _of_members(store: DataStore, graph: Graph) -> Truth:
    """Whether a store has a public address; of a cluster, its instances decide."""
    try:
        return store.publicly_accessible
    except Inapplicable:
        if not isinstance(store, Database):
            raise
    return graph.referred_by(store, Database, "cluster", lambda member: member.publicly_accessible)


def _asked(asked: Value[bool | None], sub: Sub | None) -> Truth:
    content = asked.content
    if isinstance(content, Unknown):
        return unknown(asked)
    if content is None or (content is True and "ipv6" in asked.path):
        return _by_subnet(sub).because(asked)
    return asked.test(bool)


def _by_subnet(sub: Sub | None) -> Truth:
    if sub is None:
        return unknown(Evidence("", "the subnet that decides was not read"))
    return sub.resource.assigns_ipv4_addresses


def _public_v6(key: tuple[Interface, Fabric], graph: Graph) -> Truth:
    interface, _ = key
    face, sub = interface.face, interface.sub
    if sub is None:
        return unknown(Evidence(interface.name, "its subnet was not read"))
    has_range = sub.resource.ipv6_cidrs.test(bool)
    if has_range.is_false:
        return has_range
    if any(low >= V6 for low, _ in interface.fixed.intervals):
        return known(True, Evidence(face.address, "an address of IPv6"))
    # A subnet gives addresses of IPv6 only if it has a range of them.
    given: list[Truth] = [sub.resource.assigns_ipv6_addresses]
    if isinstance(face, NetworkInterface):
        given.append(face.has_ipv6_address)
    if isinstance(face, Instance):
        given.append(face.asks_for_ipv6_address)
    return any_of(given)
