"""The questions that rules and the command line ask of the networks, answered in three values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, NamedTuple

from scanner.graph.graph import Graph
from scanner.model.base import Resource
from scanner.model.network import Bastion, ClientVpn, Direction, Network, Subnet
from scanner.network.addresses import EVERYWHERE, NOWHERE, PUBLIC, Addresses, interval
from scanner.network.chain import Answer, Chain, ask, outcome
from scanner.network.ends import ANYTHING, INTERNET, ONPREM, Service
from scanner.network.fabric import Fabric, Interface, Net, Sub
from scanner.network.filters import Bundle, Clause, OtherEnd, Rules
from scanner.network.packets import OPEN, Packets, box, to_destinations
from scanner.network.reach import Reach
from scanner.network.way import Place, Way
from scanner.truth import Evidence, State, Truth, all_of, any_of, known, unknown


def reach_of(graph: Graph) -> Reach:
    """Compile the networks of a graph, once."""
    return graph.remember(_compile, None)


def _compile(_: None, graph: Graph) -> Reach:
    return Reach(Fabric(graph))


class SubnetClass(Enum):
    """What the routes of a subnet make of it."""

    PUBLIC = "public"
    PRIVATE = "private with egress"
    ISOLATED = "isolated"


@dataclass(frozen=True, slots=True)
class Classified:
    """The class of a subnet; None where unknown facts leave several.

    public: a route leads to an internet gateway.  egress: another way leads to the internet.
    Both are decided by routes alone, as if every group and list were open.
    """

    public: Truth
    egress: Truth

    @property
    def subnet_class(self) -> SubnetClass | None:
        """Name the class."""
        if self.public.is_true:
            return SubnetClass.PUBLIC
        if self.public.is_unknown or self.egress.is_unknown:
            return None
        return SubnetClass.PRIVATE if self.egress.is_true else SubnetClass.ISOLATED


def classify(subnet: Subnet, graph: Graph) -> Classified:
    """Tell whether a subnet is public, private with a way out, or isolated."""
    return graph.remember(_classify, subnet)


def _classify(subnet: Subnet, graph: Graph) -> Classified:
    reach = reach_of(graph)
    sub = reach.fabric.subs[subnet.block.record.address]
    ways = reach.ways.lead(Place(sub.tables, sub, sub.net), "internet")
    public: list[Truth] = []
    egress: list[Truth] = []
    tables = ", ".join(table.name for table in sub.tables)
    for found in ways:
        # What ACLs filter makes no route another one.
        way = found._replace(gates=tuple(item for item in found.gates if item.action != "filter"))
        direct = "direct" in way.kinds and not way.kinds & {"nat", "transit"}
        pair = way.pair
        if "inspected" in way.kinds:
            # What an appliance lets through does not make the route another one.
            pair = replace_appliances(way).pair
        must, may = _is_public(pair.must), _is_public(pair.may)
        told = way.gates[0].tell(pair.may, State.TRUE).text
        fact = Evidence(way.gates[0].node, told)
        doubts = tuple(
            item for gate in way.gates for item in gate.tell(pair.may, State.UNKNOWN).evidence
        )
        truth = known(True, fact) if must else unknown(fact, *doubts) if may else None
        if truth is None:
            continue
        if not way.kinds:
            # A target that is not known may be anything.
            public.append(truth)
        (public if direct else egress).append(truth)
    no_public = Evidence(tables, "no route leads to an internet gateway")
    no_egress = Evidence(tables, "no route leads to the internet")
    return Classified(any_of(public, no_public), any_of(egress, no_egress))


def replace_appliances(way: Way) -> Way:
    """Take appliances as if they let everything through."""
    return way._replace(
        gates=tuple(
            gate._replace(pair=OPEN) if gate.code == "NET-MIDDLEBOX" else gate for gate in way.gates
        )
    )


def _is_public(packets: Packets) -> bool:
    return packets.destinations().overlaps(PUBLIC)


class Egress(Enum):
    """How something reaches the internet: the least guarded way counts."""

    DIRECT = "direct"
    NAT = "nat"
    TRANSIT = "transit"
    INSPECTED = "inspected"
    NONE = "no"


_ORDER: Final = (Egress.DIRECT, Egress.NAT, Egress.TRANSIT, Egress.INSPECTED)


def egress(
    resource: Resource, graph: Graph, service: Service = ANYTHING
) -> tuple[Egress | None, Answer]:
    """Tell how a resource reaches the internet; None where that is not decided.

    An appliance on the way counts as inspection, whatever it lets through.
    """
    reach = reach_of(graph)
    chains = list(reach.outward(resource, service))
    answer = ask(chains)
    found: dict[Egress, State] = {}
    for chain in chains:
        passed = tuple(
            gate._replace(pair=OPEN) if gate.code == "NET-MIDDLEBOX" else gate
            for gate in chain.gates
        )
        state = outcome(chain._replace(gates=passed)).state
        if state is State.FALSE:
            continue
        way = _way_out(chain)
        if found.get(way) is not State.TRUE:
            found[way] = state
    for way in _ORDER:
        if way in found:
            return (way if found[way] is State.TRUE else None), answer
    return Egress.NONE, answer


def _way_out(chain: Chain) -> Egress:
    if "inspected" in chain.kinds:
        return Egress.INSPECTED
    if "transit" in chain.kinds:
        return Egress.TRANSIT
    return Egress.NAT if "nat" in chain.kinds else Egress.DIRECT


# Ends of paths


@dataclass(frozen=True, slots=True)
class End:
    """One end of a question: resources, a zone, or addresses."""

    name: str
    resources: tuple[Resource, ...] = ()
    zone: str = ""
    addresses: Addresses = NOWHERE


class NoSuchEnd(Exception):
    """What was named is neither a zone, an address nor a resource that was read."""


def end(name: str, graph: Graph) -> End:
    """Read `internet`, `onprem`, an address or range, or the address of a resource.

    A network or subnet stands for all that is placed in it.  Raises NoSuchEnd for anything else.
    """
    if name in (INTERNET, ONPREM):
        return End(name, zone=name)
    found = interval(name)
    if found is not None:
        return End(name, addresses=Addresses((found,)))
    mine = graph.all_at(name)
    if not mine:
        raise NoSuchEnd(name)
    placed: list[Resource] = []
    for item in mine:
        if isinstance(item, (Network, Subnet)):
            placed += members(item, graph)
        elif item not in placed:
            placed.append(item)
    kept = list(dict.fromkeys(placed))
    reach = reach_of(graph)
    with_interfaces = [item for item in kept if reach.fabric.interfaces.get(item.address)]
    return End(name, tuple(with_interfaces or kept))


def members(scope: Network | Subnet, graph: Graph) -> list[Resource]:
    """Give what is, or may be, placed in a network or subnet."""
    fabric = reach_of(graph).fabric
    key = scope.block.record.address
    found: dict[Resource, None] = {}
    for interfaces in fabric.interfaces.values():
        for item in interfaces:
            sub = item.sub
            if sub is None:
                continue
            mine = sub.resource.block.record.address
            if key == mine or (sub.net is not None and sub.net.key == key):
                found[item.owner] = None
    return list(found)


def path(source: End, target: End, graph: Graph, service: Service = ANYTHING) -> Answer:
    """Ask whether a packet gets from one end to the other, and by which way."""
    return ask(_chains(source, target, graph, service))


def _chains(source: End, target: End, graph: Graph, service: Service) -> Iterator[Chain]:
    reach = reach_of(graph)
    for item in target.resources:
        if source.zone == INTERNET:
            found = reach.exposure(item, service)
            for answer in found:
                yield from (chain for _, chain in answer.found)
        elif source.zone == ONPREM:
            yield from reach.from_sites(item, service)
        elif source.addresses:
            yield from _from_addresses(source.addresses, item, reach, service)
        else:
            for origin in source.resources:
                yield from reach.chains(origin, item, service)
    if target.zone == INTERNET or (target.addresses and target.addresses.overlaps(PUBLIC)):
        for origin in source.resources:
            for chain in reach.outward(origin, service):
                yield _narrowed(chain, target)
    if target.zone == ONPREM or (target.addresses and not target.addresses.overlaps(PUBLIC)):
        for origin in source.resources:
            if target.addresses:
                yield from _to_addresses(origin, target.addresses, reach, service)
            for chain in reach.to_sites(origin, service):
                yield _narrowed(chain, target)


def _narrowed(chain: Chain, target: End) -> Chain:
    if not target.addresses:
        return chain
    only = to_destinations(target.addresses)
    ends = chain.ends
    surely = None if ends.surely is None else ends.surely & only
    return chain._replace(
        ends=replace(ends, target=target.name, start=ends.start & only, surely=surely)
    )


def _from_addresses(
    addresses: Addresses, target: Resource, reach: Reach, service: Service
) -> Iterator[Chain]:
    interfaces = reach.fabric.interfaces.get(target.address, ())
    if addresses.overlaps(PUBLIC):
        for answer in reach.exposure(target, service, addresses):
            yield from (chain for _, chain in answer.found)
    for sub in reach.fabric.subs.values():
        inside = addresses & (sub.v4 | sub.v6)
        if inside:
            host = any_host(sub, inside)
            for item in interfaces:
                yield from reach.between(host, item, service)
    if not addresses.overlaps(PUBLIC):
        yield from reach.from_sites(target, service, addresses)


def _to_addresses(
    origin: Resource, addresses: Addresses, reach: Reach, service: Service
) -> Iterator[Chain]:
    for sub in reach.fabric.subs.values():
        inside = addresses & (sub.v4 | sub.v6)
        if inside:
            host = any_host(sub, inside)
            for item in reach.fabric.interfaces.get(origin.address, ()):
                yield from reach.between(item, host, service)


def any_host(sub: Sub, addresses: Addresses) -> Interface:
    """Make an interface for whatever host may stand in a subnet, at one of these addresses."""
    bundle = Bundle((), (), (), OtherEnd(by_group=True), open_to_all=True)
    return Interface(sub.resource, sub.resource, sub, True, bundle, addresses)


# Only through


def only_via(target: Resource, service: Service, by: Sequence[End], graph: Graph) -> Truth:
    """Whether only these ends can open a service of a resource.

    Strict: a rule counts that admits any other source, even one that does not stand there yet, such
    as the rest of the subnet that a rule names.  The way by an appliance of the provider, such as
    a session broker, is no network path and not judged here.
    """
    reach = reach_of(graph)
    trusted = graph.remember(_trusted, (tuple(by), reach))
    judged = [
        _only_via(item, service, trusted, reach)
        for item in reach.fabric.interfaces.get(target.address, ())
    ]
    nothing = Evidence(target.address, "it stands in no network")
    return all_of(judged, nothing)


class Trusted(NamedTuple):
    """Who may open a service: resources, zones, and the addresses that stand for them alone.

    addresses: wherever they are.  borne: those that resources bear, by network.
    """

    resources: frozenset[str]
    zones: frozenset[str]
    addresses: Addresses
    borne: tuple[tuple[str, Addresses], ...]

    def within(self, sub: Sub) -> Addresses:
        """Give the addresses of a subnet that stand for them alone."""
        here = sub.net.key if sub.net is not None else ""
        found = self.addresses
        for key, addresses in self.borne:
            if key == here:
                found = found | addresses
        return found


def _trusted(key: tuple[tuple[End, ...], Reach], graph: Graph) -> Trusted:
    by, reach = key
    return Trusted(
        frozenset(resource.address for one in by for resource in one.resources),
        frozenset(one.zone for one in by if one.zone),
        Addresses.of(place for one in by for place in one.addresses.intervals),
        borne_addresses(by, reach),
    )


class Certificate(NamedTuple):
    """Says, when asked, why nobody else may open a service: every rule that admits somebody."""

    item: Interface
    service: Service

    def testify(self) -> Iterator[Evidence]:
        """Name the rules."""
        told = [
            f"{rules.name} {clause}"
            for rules in (*self.item.bundle.sure, *self.item.bundle.maybe)
            for clause in _admitting(rules, self.service)
        ]
        shown = "; ".join(told[:5]) or "no rule admits anybody"
        yield Evidence(self.item.name, f"nothing else may open it: {shown}")


class Suspects(NamedTuple):
    """Whom a group admits beside those that may: addresses, and interfaces by their groups.

    doubts: why it may name groups that are not known.
    """

    sources: Addresses
    bearers: tuple[Interface, ...]
    doubts: tuple[Evidence, ...]


def _only_via(item: Interface, service: Service, trusted: Trusted, reach: Reach) -> Truth:
    found: list[Truth] = list(_doubted(item, service, trusted, reach))
    for chains in _others(item, service, trusted, reach):
        answer = ask(chains)
        if answer.state is State.TRUE:
            return ~answer.truth
        if answer.state is State.UNKNOWN:
            found.append(answer.truth)
    return ~any_of(found) if found else known(True, Certificate(item, service))


def _doubted(item: Interface, service: Service, trusted: Trusted, reach: Reach) -> Iterator[Truth]:
    """Say who else may be admitted that was not read: by groups, or in networks and subnets."""
    sources = NOWHERE
    for rules in (*item.bundle.sure, *item.bundle.maybe):
        suspects = _suspected(rules, service, trusted, reach)
        if suspects.doubts:
            yield unknown(*suspects.doubts)
        sources = sources | suspects.sources
    unread = sources - PUBLIC - reach.graph.remember(_known_places, reach)
    sub = item.sub
    if not unread:
        return
    if sub is None or sub.net is None:
        yield unknown(Evidence(item.name, "which other subnets its network has was not read"))
        return
    net = sub.net
    if not net.resource.managed or not sub.sure_net or reach.graph.missing:
        inside = unread & net.ranges if net.complete else unread
        if inside:
            fact = "which other subnets the network has was not read"
            yield unknown(Evidence(net.name, fact))
    for other in net.subs:
        if not other.v4_known and (unread & net.ranges or not net.complete):
            yield unknown(Evidence(other.name, "its range is not known"))
    for way in reach.ways.lead(Place(item.tables_in_force(), sub, net), "onprem"):
        unsure = [gate for gate in way.gates if gate.code == "NET-UNKNOWN"]
        if unsure and way.pair.may & to_destinations(unread):
            told = [
                fact for gate in unsure for fact in gate.tell(way.pair.may, State.UNKNOWN).evidence
            ]
            yield unknown(*told)


def _known_places(reach: Reach, graph: Graph) -> Addresses:
    """Give the addresses of all subnets that were read."""
    return Addresses.of(
        place
        for sub in reach.fabric.subs.values()
        for ranges in (sub.v4, sub.v6)
        for place in ranges.intervals
    )


def _others(
    item: Interface, service: Service, trusted: Trusted, reach: Reach
) -> Iterator[Iterable[Chain]]:
    """Give the ways of everybody else whom a rule may admit."""
    fabric = reach.fabric
    bundle = item.bundle
    sources = NOWHERE
    bearers: list[Interface] = []
    if bundle.open_to_all or bundle.reasons or any(rules.hole for rules in bundle.sure):
        sources = EVERYWHERE - trusted.addresses
    for rules in (*bundle.sure, *bundle.maybe):
        suspects = _suspected(rules, service, trusted, reach)
        sources = sources | suspects.sources
        bearers += suspects.bearers
    if INTERNET not in trusted.zones and sources.overlaps(PUBLIC):
        # Whoever is named may come from the internet too.
        narrow = trusted.addresses.overlaps(PUBLIC)
        yield reach.from_internet(item, service, EVERYWHERE - trusted.addresses if narrow else None)
    if ONPREM not in trusted.zones and sources:
        yield reach.from_sites(item.owner, service)
    if sources:
        net = item.sub.net if item.sub is not None else None
        subs = fabric.subs.values() if net is None else reach.graph.remember(_joined, (net, reach))
        for sub in subs:
            rest = (sub.v4 | sub.v6) & sources - trusted.within(sub)
            if sub is item.sub:
                rest = rest - item.fixed
            if rest:
                yield reach.between(any_host(sub, rest), item, service)
    for other in dict.fromkeys(bearers):
        if other is not item:
            yield reach.between(other, item, service)


def _joined(key: tuple[Net, Reach], graph: Graph) -> tuple[Sub, ...]:
    """Give the subnets from which routes may lead to a network, its own first."""
    net, reach = key
    subs = dict.fromkeys((*net.subs, *reach.fabric.subs.values()))
    return tuple(sub for sub in subs if reach.ways.joins(sub, net))


def _suspected(rules: Rules, service: Service, trusted: Trusted, reach: Reach) -> Suspects:
    return reach.graph.remember(_suspects, (rules.name, service, trusted, reach))


def _suspects(key: tuple[str, Service, Trusted, Reach], graph: Graph) -> Suspects:
    name, service, trusted, reach = key
    rules = reach.rules_named(name)
    sources = NOWHERE
    names: set[str] = set()
    doubts: list[Evidence] = []
    asked = _asked(service)
    for clause in _admitting(rules, service) if rules is not None else ():
        if clause.any_group:
            doubts += clause.doubts()
        for name in clause.rule.groups.outside:
            doubts.append(Evidence(clause.rule.origin, f'who bears "{name}" was not read'))
        sources = sources | (clause.may & asked).sources()
        names |= clause.groups | clause.perhaps_groups
    index = graph.remember(_members_by_group, reach)
    bearers = {
        id(other): other
        for item in sorted(names)
        for other in index.get(item, ())
        if other.owner.address not in trusted.resources
    }
    return Suspects(sources - trusted.addresses, tuple(bearers.values()), tuple(doubts))


def _admitting(rules: Rules, service: Service) -> Iterator[Clause]:
    asked = _asked(service)
    for clause in rules.of(Direction.INGRESS):
        named = clause.groups or clause.perhaps_groups or clause.any_group
        if clause.may & asked or (named and clause.may_of_groups & asked):
            yield clause


def _asked(service: Service) -> Packets:
    return Packets((box(protocol=service.protocol, port=service.port),))


def borne_addresses(by: Iterable[End], reach: Reach) -> tuple[tuple[str, Addresses], ...]:
    """Give the addresses that stand for these resources alone, by the network they are in.

    A subnet stands for whatever host gets an address of it.  Services of the provider have the
    whole subnet too: which address theirs is is not known.
    """
    found: dict[str, Addresses] = {}
    for one in by:
        for resource in one.resources:
            place = reach.fabric.subs.get(resource.block.record.address)
            if isinstance(resource, Subnet) and place is not None and place.net is not None:
                key = place.net.key
                found[key] = found.get(key, NOWHERE) | place.v4 | place.v6
            for item in reach.fabric.interfaces.get(resource.address, ()):
                key = item.sub.net.key if item.sub is not None and item.sub.net is not None else ""
                mine = item.fixed
                if not mine and isinstance(resource, (Bastion, ClientVpn)) and item.sub is not None:
                    mine = item.sub.v4 | item.sub.v6
                found[key] = found.get(key, NOWHERE) | mine
    return tuple(sorted(found.items(), key=lambda item: item[0]))


def _members_by_group(reach: Reach, graph: Graph) -> dict[str, list[Interface]]:
    found: dict[str, list[Interface]] = {}
    for interfaces in reach.fabric.interfaces.values():
        for item in interfaces:
            for name in item.bundle.other_end.possible:
                found.setdefault(name, []).append(item)
    return found


# Apart


def separated(first: Sequence[Resource], second: Sequence[Resource], graph: Graph) -> Truth:
    """Whether no packet passes between the ones and the others, in either direction."""
    reach = reach_of(graph)
    ones = _classes(first, reach)
    others = _classes(second, reach)
    found: list[Truth] = []
    for a in ones:
        for b in others:
            if a.owner is b.owner:
                continue
            for source, target in ((a, b), (b, a)):
                answer = ask(reach.between(source, target, ANYTHING))
                if answer.state is State.TRUE:
                    return ~answer.truth
                if answer.state is State.UNKNOWN:
                    found.append(answer.truth)
    if found:
        return ~found[0]
    names = ", ".join(sorted({item.name for item in (*ones, *others)})[:4])
    return known(True, Evidence(names, "no packet passes between them in either direction"))


def _classes(resources: Iterable[Resource], reach: Reach) -> list[Interface]:
    """Give one interface for each subnet, set of groups and kind of addresses."""
    found: dict[tuple[object, ...], Interface] = {}
    for resource in resources:
        for item in reach.fabric.interfaces.get(resource.address, ()):
            key = (id(item.sub), id(item.bundle), item.fixed, item.tables, item.sure,
                   type(resource))  # fmt: skip
            found.setdefault(key, item)
    return list(found.values())
