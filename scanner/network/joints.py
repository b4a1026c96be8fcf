"""Which networks are joined: by routes from one to the other, or by a hub or peering at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Final, NamedTuple

from scanner.graph.graph import Graph
from scanner.model.network import (
    AttachmentKind,
    GatewayKind,
    HubAttachment,
    HybridLink,
    Network,
    Peering,
)
from scanner.network.addresses import ALL_V4, ALL_V6, NOWHERE, Addresses
from scanner.network.chain import ask
from scanner.network.ends import ANYTHING
from scanner.network.fabric import Interface, Net, Sub
from scanner.network.questions import any_host, reach_of
from scanner.network.reach import Reach
from scanner.network.way import Place
from scanner.record import Links
from scanner.scope import environments_of
from scanner.truth import Evidence, Truth, any_of, known, unknown
from scanner.value import Unknown

# Joined by routes


def joined(one: Network, other: Network, graph: Graph) -> Truth:
    """Whether routes and ACLs let hosts of two networks speak to each other, as if all groups did.

    Either may begin: it is enough that the other's replies find their way back.
    """
    first, second = sorted((one, other), key=lambda item: item.address)
    return graph.remember(_joined, (first, second))


def _joined(pair: tuple[Network, Network], graph: Graph) -> Truth:
    nets = [reach_of(graph).fabric.nets[item.block.record.address] for item in pair]
    for net in nets:
        if not graph.remember(_leads_elsewhere, net):
            fact = "none of its routes leads to another network"
            return graph.absent(known(False, Evidence(net.name, fact)), net.resource)
    one, other = nets
    ones, others = graph.remember(_hosts, one), graph.remember(_hosts, other)
    if not ones:
        return _without_subnets(one, other, graph)
    if not others:
        return _without_subnets(other, one, graph)
    # A request and its reply need a way each, so that one direction without any settles both.
    if not (_some_way(ones, other, graph) and _some_way(others, one, graph)):
        return known(False, _NoWay(ones[0], others[0], reach_of(graph)))
    return _asked(ones, others, graph)


@dataclass(frozen=True, slots=True)
class _NoWay:
    """Says, when asked, what stops packets between two hosts."""

    source: Interface
    target: Interface
    reach: Reach

    def testify(self) -> Iterator[Evidence]:
        """Give the blockers."""
        yield from ask(self.reach.between(self.source, self.target, ANYTHING)).testify()


def _some_way(hosts: Sequence[Interface], goal: Net, graph: Graph) -> bool:
    """Whether routes lead, or may lead, from some host to a network."""
    ways = reach_of(graph).ways
    return any(
        way.pair.may
        for host in hosts
        for way in ways.lead(Place(host.tables_in_force(), host.sub, _net(host)), goal)
    )


def _net(host: Interface) -> Net | None:
    return None if host.sub is None else host.sub.net


def _asked(ones: Sequence[Interface], others: Sequence[Interface], graph: Graph) -> Truth:
    reach = reach_of(graph)
    answers: list[Truth] = []
    for a, b in chain(product(ones, others), product(others, ones)):
        found = ask(reach.between(a, b, ANYTHING)).truth
        if found.is_true:
            return found
        answers.append(found)
    doubts = [item for item in answers if item.is_unknown]
    return any_of(doubts[:1] or answers[:1])


def _without_subnets(net: Net, far: Net, graph: Graph) -> Truth:
    """Judge a network of which no subnet was read."""
    if net.resource.managed and not graph.missing:
        return known(False, Evidence(net.name, "it has no subnet"))
    if _some_way(graph.remember(_hosts, far), net, graph):
        return unknown(Evidence(net.name, "its subnets were not read"))
    return known(False, Evidence(far.name, f"no route leads to {net.name}"))


_WITHIN: Final = frozenset(
    {GatewayKind.LOCAL, GatewayKind.INTERNET, GatewayKind.NAT, GatewayKind.EGRESS_ONLY}
    | {GatewayKind.SERVICE, GatewayKind.VPN, GatewayKind.BLACKHOLE}
)


def _leads_elsewhere(net: Net, graph: Graph) -> bool:
    """Whether some route of a network may lead to another one: most networks have none."""
    if not net.subs:
        return True
    return any(
        piece.entry.kind not in _WITHIN
        for tables in {sub.tables for sub in net.subs}
        for table in tables
        for piece in table.pieces
    )


def _hosts(net: Net, graph: Graph) -> tuple[Interface, ...]:
    """Give a host for all subnets that share tables, ACL and zone, at any of their addresses."""
    found: dict[tuple[object, ...], list[Sub]] = {}
    for sub in net.subs:
        acls = (tuple(map(id, sub.acls.acls)), tuple(sub.acls.reasons))
        zone = sub.resource.zone.known_or(sub.name)
        # What has addresses that are not known stands for itself.
        unread = "" if sub.v4_known and sub.v6_known else sub.name
        found.setdefault((sub.tables, acls, zone, unread), []).append(sub)
    return tuple(any_host(subs[0], _addresses(subs)) for subs in found.values())


def _addresses(subs: Iterable[Sub]) -> Addresses:
    return Addresses.of(place for sub in subs for place in (sub.v4 | sub.v6).intervals)


# Apart by environment


class Other(NamedTuple):
    """A network from which another one must be apart, and whether that is certain."""

    network: Network
    apart: Truth


def of_other_environments(network: Network, graph: Graph) -> Iterator[Other]:
    """Give the networks of environments that are not to be joined with those of a network."""
    mine = environments_of(network, graph)
    if not mine:
        return
    for names, theirs, members in graph.remember(_by_environment, None):
        del names
        apart = _apart(mine, theirs, graph)
        if not apart.is_false:
            yield from (Other(item, apart) for item in members if item is not network)


def _by_environment(
    _: None, graph: Graph
) -> Sequence[tuple[object, Mapping[str, Truth], Sequence[Network]]]:
    """Give the networks by the environments to which they belong, or may belong."""
    found: dict[object, tuple[Mapping[str, Truth], list[Network]]] = {}
    for network in graph.of(Network):
        theirs = environments_of(network, graph)
        if theirs:
            key = tuple((name, truth.state) for name, truth in theirs.items())
            found.setdefault(key, (theirs, []))[1].append(network)
    return [(key, theirs, members) for key, (theirs, members) in found.items()]


def _apart(mine: Mapping[str, Truth], theirs: Mapping[str, Truth], graph: Graph) -> Truth:
    """Whether networks of these environments must be apart."""
    common = mine.keys() & theirs.keys()
    if any(mine[name].is_true and theirs[name].is_true for name in common):
        return known(False)
    found = any_of(
        mine[one] & theirs[other]
        for one, other in product(mine, theirs)
        if one != other and not graph.scopes.allows_between(one, other)
    )
    if common and found.is_true:
        return unknown(*(fact for name in common for fact in (mine[name] & theirs[name]).evidence))
    return found


# Joined at all


class Neighbour(NamedTuple):
    """What a network is joined with, its addresses, and by what.

    ranges: unknown where they could not be read.
    """

    name: str
    ranges: Addresses | Evidence
    joint: Evidence
    certain: bool


def neighbours(network: Network, graph: Graph) -> Iterator[Neighbour]:
    """Give what hubs, peerings and VPNs join with a network, whatever their routes are.

    Of a VPN or line only the ranges count that are written: what the other side announces nobody
    can read.
    """
    fabric = reach_of(graph).fabric
    net = fabric.nets[network.block.record.address]
    hubs = graph.remember(_hubs, None)
    seen: set[str] = {net.key}
    for far, joint, certain in graph.remember(_peered, None).get(net.key, ()):
        if far.key not in seen:
            seen.add(far.key)
            yield Neighbour(far.name, _ranges(far), joint, certain)
    links: dict[str, HybridLink] = {}
    for group, certain in hubs.of.get(net.key, {}).items():
        joint = Evidence(group, "a hub to which both are attached")
        for key, also in hubs.members.get(group, {}).items():
            if key not in seen and (there := fabric.nets.get(key)) is not None:
                seen.add(key)
                yield Neighbour(there.name, _ranges(there), joint, certain and also)
        for hub in hubs.names.get(group, (group,)):
            links.update((link.address, link) for link in fabric.links_at(hub))
    for gateway, certain in net.gateways:
        if certain:
            address = gateway.block.record.address
            links.update((link.address, link) for link in fabric.links_at(address))
    for link in links.values():
        yield Neighbour(link.address, _behind(link), Evidence(link.address, "leads to it"), True)


def _ranges(net: Net) -> Addresses | Evidence:
    """Give the addresses of a network.

    Those of IPv6 that the provider chooses are public, hence nobody else's.
    """
    cidrs = net.resource.cidrs
    if isinstance(cidrs.content, Unknown):
        return Evidence(cidrs.source, cidrs.content.reason)
    return net.ranges


def _behind(link: HybridLink) -> Addresses | Evidence:
    content = link.ranges.content
    if isinstance(content, Unknown):
        return Evidence(link.ranges.source, content.reason)
    found = Addresses.read(content)
    # A default route says nothing about the addresses that are used there.
    rest = [place for place in found.intervals if place not in (ALL_V4, ALL_V6)]
    return Addresses(tuple(rest)) if rest else NOWHERE


def _peered(_: None, graph: Graph) -> Mapping[str, Sequence[tuple[Net, Evidence, bool]]]:
    fabric = reach_of(graph).fabric
    found: dict[str, list[tuple[Net, Evidence, bool]]] = {}
    for peering in graph.of(Peering):
        if peering.active.is_false:
            continue
        sides = dict(_networks(peering.networks))
        for far in graph.follow(peering.peers, Peering):
            sides.update(_networks(far.networks))
        certain = peering.active.is_true and all(sides.values())
        nets = [fabric.nets[key] for key in sides if key in fabric.nets]
        joint = Evidence(peering.address, "a peering of both")
        for one, other in product(nets, nets):
            if one is not other:
                found.setdefault(one.key, []).append((other, joint, certain))
    return found


def _networks(links: Links) -> Iterator[tuple[str, bool]]:
    for address in links.candidates():
        yield address, address in links.targets


class _Hubs(NamedTuple):
    """Hubs that are peered count as one, named by the first of them.

    of: the groups of hubs of each network.  members: the networks of each group; both with
    whether that is certain.  names: the hubs of each group.
    """

    of: Mapping[str, Mapping[str, bool]]
    members: Mapping[str, Mapping[str, bool]]
    names: Mapping[str, Sequence[str]]


def _hubs(_: None, graph: Graph) -> _Hubs:
    first: dict[str, str] = {}

    def find(name: str) -> str:
        while first.setdefault(name, name) != name:
            name = first[name]
        return name

    attachments = graph.of(HubAttachment)
    for item in attachments:
        names = [*item.hub.targets, *item.hub.outside]
        if item.kind.content is AttachmentKind.PEERING:
            for address in (*item.peers.targets, *item.peers.outside):
                other = graph.at(address, HubAttachment)
                ends = (*other.hub.targets, *other.hub.outside) if other is not None else (address,)
                names += ends
        roots = sorted(map(find, names))
        for root in roots[1:]:
            first[root] = roots[0]
    of: dict[str, dict[str, bool]] = {}
    members: dict[str, dict[str, bool]] = {}
    for item in attachments:
        for name in (*item.hub.candidates(), *item.hub.outside):
            sure = name in item.hub.targets or name in item.hub.outside
            for address, certain in _networks(item.networks):
                for table, key, entry in (
                    (of, address, find(name)),
                    (members, find(name), address),
                ):
                    held = table.setdefault(key, {})
                    held[entry] = held.get(entry, False) or (sure and certain)
    names_of: dict[str, list[str]] = {}
    for name in sorted(first):
        names_of.setdefault(find(name), []).append(name)
    return _Hubs(of, members, names_of)


__all__ = [
    "Neighbour",
    "Other",
    "joined",
    "neighbours",
    "of_other_environments",
]
