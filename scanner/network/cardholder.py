"""The cardholder-data environment: who is inside it, and who else gets in or how data gets out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Final, NamedTuple

from scanner.graph.graph import Graph
from scanner.model.base import Resource
from scanner.model.compute import Function
from scanner.model.edge import EdgeService, LoadBalancer
from scanner.model.network import Direction
from scanner.network.addresses import ALL_V4, ALL_V6, ANY, EVERYWHERE, PUBLIC, Addresses
from scanner.network.chain import Chain, ask, outcome
from scanner.network.ends import ANYTHING, INTERNET, ONPREM, borne
from scanner.network.fabric import Interface
from scanner.network.packets import PORTS, TCP, Box, Packets, box, from_sources
from scanner.network.questions import End, only_via, reach_of
from scanner.network.standing import interfaces_of
from scanner.network.traffic import is_internet
from scanner.scope import belongs, members, ranges
from scanner.truth import Evidence, State, Truth, all_of, any_of, known, unknown

_TOLD: Final = 4
_NOT: Final = known(False)
# Who comes from outside the networks is asked with the declared addresses left out.
_OUTSIDE: Final = (End(INTERNET, zone=INTERNET), End(ONPREM, zone=ONPREM))


def holds_cardholder_data(resource: Resource, graph: Graph) -> Truth:
    """Whether something is declared to hold cardholder data, and can be reached or send it."""
    selectors = graph.scopes.cardholder_data
    if not any(members(selectors, graph)):
        return _NOT
    # A function that stands in no network sends from the provider's.
    if isinstance(resource, Function) or interfaces_of(resource, graph):
        return belongs(resource, selectors, graph)
    return _NOT


class Inside(NamedTuple):
    """Who may reach the environment: its members, what is connected to it, and bastions.

    sure, perhaps: certainly, and those of which it is not known, for which `doubts` say why.
    names: of the certain ones.  listed: the addresses that are declared for themselves.
    """

    sure: tuple[End, ...]
    perhaps: tuple[End, ...]
    doubts: tuple[Evidence, ...]
    names: frozenset[str]
    listed: Addresses


def inside(graph: Graph) -> Inside:
    """Find who may reach the environment, once."""
    return graph.remember(_inside, None)


def _inside(_: None, graph: Graph) -> Inside:
    scopes = graph.scopes
    selectors = (*scopes.cardholder_data, *scopes.connected, *scopes.bastions)
    sure: dict[str, Resource] = {}
    perhaps: dict[str, Resource] = {}
    for group in (scopes.cardholder_data, scopes.connected, scopes.bastions):
        found = members(group, graph)
        sure.update((item.address, item) for item in found.certain)
        perhaps.update((item.address, item) for item in found.uncertain)
    listed = Addresses.read(ranges(selectors))
    open_ones = [item for name, item in perhaps.items() if name not in sure]
    doubts = [fact for item in open_ones for fact in belongs(item, selectors, graph).evidence]
    return Inside(
        (*_ends(sure.values()), End("declared addresses", addresses=listed)),
        tuple(_ends(open_ones)),
        tuple(dict.fromkeys(doubts))[:_TOLD],
        frozenset(sure),
        listed,
    )


def _ends(resources: Iterable[Resource]) -> Iterator[End]:
    for item in resources:
        yield End(item.address, (item,))


def only_from_inside(target: Resource, graph: Graph) -> Truth:
    """Whether nobody but those inside can open anything of a target."""
    found = inside(graph)
    return all_of(
        (
            _only_by(target, found, graph),
            ~_from_strangers(target, found, graph),
            ~_from_internet(target, found, graph),
            ~_from_sites(target, found, graph),
        )
    )


def _only_by(target: Resource, found: Inside, graph: Graph) -> Truth:
    sure = (*_OUTSIDE, *found.sure)
    only = only_via(target, ANYTHING, sure, graph)
    if not only.is_false or not found.perhaps:
        return only
    others = only_via(target, ANYTHING, (*sure, *found.perhaps), graph)
    if others.is_false:
        return others
    fact = Evidence(target.address, "whether all that may reach it are declared is not known")
    return unknown(fact, *found.doubts, *only.evidence)


def _from_strangers(target: Resource, found: Inside, graph: Graph) -> Truth:
    """Whether somebody reaches it whose address is declared, but not he himself."""
    reach = reach_of(graph)
    perhaps = {end.name for end in found.perhaps}
    strangers = graph.remember(_dissenters, None)
    answers: list[Truth] = []
    for other, item in product(strangers, reach.fabric.interfaces.get(target.address, ())):
        end = other.bundle.other_end._replace(by_group=None)
        admitted = item.bundle.admits(Direction.INGRESS, end).may
        if not admitted & from_sources(borne(other, ALL_V4)[1] | borne(other, ALL_V6)[1]):
            continue
        truth = ask(reach.between(other, item, ANYTHING)).truth
        if truth.is_true and other.name in perhaps:
            truth = unknown(other.owner.fact("whether it is declared is not known"))
        answers.append(truth)
    return any_of(answers)


def _dissenters(_: None, graph: Graph) -> tuple[Interface, ...]:
    """Give the interfaces in declared subnets of what says that it does not belong there."""
    names = inside(graph).names
    fabric = reach_of(graph).fabric
    return tuple(
        item
        for items in fabric.interfaces.values()
        for item in items
        if item.sub is not None and item.sub.name in names and item.name not in names
    )


def _from_internet(target: Resource, found: Inside, graph: Graph) -> Truth:
    """Whether the internet reaches it by itself, or by an edge service that is not declared."""
    reach = reach_of(graph)
    clients = PUBLIC - found.listed if found.listed.overlaps(PUBLIC) else None
    exposure = reach.exposure(target, ANYTHING, clients)
    edges = [
        service
        for service in graph.of(EdgeService)
        if target.block.record.address in set(service.origins.candidates())
    ]
    if edges and all(service.address in found.names for service in edges):
        return exposure.direct.truth
    return exposure.direct.truth | exposure.edge.truth


def _from_sites(target: Resource, found: Inside, graph: Graph) -> Truth:
    sources = EVERYWHERE - found.listed if found.listed else None
    return ask(reach_of(graph).from_sites(target, ANYTHING, sources)).truth


def is_edge(resource: Resource) -> Truth:
    """Whether it is a load balancer that is made to face the internet."""
    return resource.internet_facing if isinstance(resource, LoadBalancer) else known(False)


# Out


def leaves_unlimited(target: Resource, graph: Graph) -> Truth:
    """Whether all TCP ports of the internet are open to it, and no appliance stands on the way.

    A rule that names destinations or ports limits it, and so does a way through an appliance.
    """
    if not interfaces_of(target, graph):
        # Lambda Developer Guide, "Enable internet access for VPC-connected Lambda functions".
        fact = "it stands in no network, so that nothing limits what it sends"
        return known(True, target.fact(fact))
    chains = list(reach_of(graph).outward(target))
    found = [(item, _unlimited(item)) for item in chains if "inspected" not in item.kinds]
    for state in (State.TRUE, State.UNKNOWN):
        told = [item for item, answer in found if answer is state]
        if told:
            return Truth(state, (ask(told),))
    nothing = target.fact("what it may send to the internet is limited, inspected, or nothing")
    return known(False, nothing, ask(chains))


def _unlimited(way: Chain) -> State:
    result = outcome(way)
    asked = Packets(tuple(_flat(item) for item in way.ends.start.boxes))
    asked = asked & Packets((box(protocol=(TCP, TCP), port=PORTS),))
    for state, passing in ((State.TRUE, result.must), (State.UNKNOWN, result.may)):
        if result.state is State.FALSE or (state is State.TRUE and result.state is not state):
            continue
        missing = asked - Packets(tuple(_flat(item) for item in passing.boxes))
        if is_internet((asked.destinations() - missing.destinations()) & PUBLIC):
            return state
    return State.FALSE


def _flat(item: Box) -> Box:
    """Leave out the sender: it is enough that one address and port of it gets through."""
    return (*ANY, *item[2:6], *PORTS, *item[8:])
