"""Who may administer something: those at the doors that are meant for it, or others too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from scanner.graph.graph import Graph
from scanner.model.base import Resource
from scanner.model.compute import Cluster, Instance, InstanceGroup, NodePool
from scanner.model.network import Bastion, ClientVpn, Subnet
from scanner.network.addresses import NOWHERE, PUBLIC, Addresses
from scanner.network.ends import INTERNET, ONPREM, Service
from scanner.network.packets import TCP
from scanner.network.questions import End, only_via, reach_of
from scanner.network.traffic import Test, called_from, is_internet
from scanner.scope import belongs, members, ranges
from scanner.truth import Evidence, Truth, all_of, any_of, one_answer, unknown

# Who comes from the internet is asked by itself, with the addresses that are declared left out.
_OUTSIDE: Final = End(INTERNET, zone=INTERNET)
_SITES: Final = End(ONPREM, zone=ONPREM)
_UNDECLARED: Final = (
    "no bastion is declared: if the host that may open it is one, say so by the tag role = bastion "
    "or in the file of scopes"
)


class Doors(NamedTuple):
    """The ways that are meant for administrators.

    sure: services of the provider, and what is declared.  perhaps: hosts of which it is not known;
    where nothing is declared at all, which is `silent`, every single host.
    listed: the addresses that are declared for themselves.
    """

    sure: tuple[End, ...]
    perhaps: tuple[End, ...]
    silent: bool
    listed: Addresses


def doors(graph: Graph) -> Doors:
    """Find the ways that are meant for administrators, once."""
    return graph.remember(_doors, None)


def _doors(_: None, graph: Graph) -> Doors:
    selectors = graph.scopes.bastions
    found = members(selectors, graph)
    listed = Addresses.read(ranges(selectors))
    silent = not (found.certain or found.uncertain or listed)
    single: tuple[Resource, ...] = (*graph.of(Instance), *graph.of(InstanceGroup))
    managed: tuple[Resource, ...] = (*graph.of(Bastion), *graph.of(ClientVpn))
    return Doors(
        (*_ends(managed), *_ends(found.certain), End("declared addresses", addresses=listed)),
        tuple(_ends(single if silent else found.uncertain)),
        silent,
        listed,
    )


def _ends(resources: Iterable[Resource]) -> Iterator[End]:
    for item in resources:
        whole = NOWHERE
        if isinstance(item, Subnet):
            whole = Addresses.read((*item.cidrs.known_or(()), *item.ipv6_cidrs.known_or(())))
        yield End(item.address, (item,), addresses=whole)


def services(ports: Iterable[int]) -> tuple[Service, ...]:
    """Give the services of TCP ports, neighbours as one."""
    intervals = Addresses.of((port, port) for port in ports).intervals
    return tuple(Service((TCP, TCP), interval) for interval in intervals)


def only_by_doors(
    target: Resource,
    asked: Iterable[Service],
    graph: Graph,
    *,
    sites: bool,
    own: Sequence[End] = (),
) -> Truth:
    """Whether nobody within the networks but those at the doors can open some services.

    sites: the company's own sites may.  own: further ends that may.
    """
    found = doors(graph)
    sure = (_OUTSIDE, *found.sure, *own, *((_SITES,) if sites else ()))
    return all_of(_only_by(target, service, sure, found, graph) for service in asked)


def _only_by(
    target: Resource, service: Service, sure: Sequence[End], found: Doors, graph: Graph
) -> Truth:
    only = only_via(target, service, sure, graph)
    if not only.is_false or not found.perhaps:
        return only
    others = only_via(target, service, (*sure, *found.perhaps), graph)
    if others.is_false:
        return others
    text = _UNDECLARED if found.silent else "whether a host that may open it is a bastion"
    return unknown(Evidence(target.address, text), *only.evidence)


def closed_to_strangers(
    target: Resource, asked: Sequence[Service], graph: Graph, *, listed: bool
) -> Truth:
    """Whether the internet cannot open some services, but for the addresses that are declared.

    listed: a host that is a bastion may admit narrow ranges of public addresses besides.
    """
    reach = reach_of(graph)
    if reach.exposure(target).truth.is_false:
        return ~reach.exposure(target).truth
    found = doors(graph)

    def strangers(of: Addresses) -> bool:
        return bool((of & PUBLIC) - found.listed)

    def many(of: Addresses) -> bool:
        return is_internet(of - found.listed)

    def closed(test: Test) -> Truth:
        return ~any_of(called_from(reach.exposure(target, item), test) for item in asked)

    is_door = belongs(target, graph.scopes.bastions, graph)
    if found.silent and isinstance(target, (Instance, InstanceGroup)):
        is_door = unknown(Evidence(target.address, _UNDECLARED))
    if not listed or is_door.is_false:
        return closed(strangers)
    as_door = closed(many).because(*is_door.evidence)
    return as_door if is_door.is_true else one_answer((closed(strangers), as_door))


def kin(item: Resource, graph: Graph) -> tuple[End, ...]:
    """Give what belongs to the same Kubernetes cluster: its API, its nodes and its pods.

    EKS puts them all into one group that admits itself.  OKE documentation, "Example Network
    Resource Configurations": they admit each other by the ranges of their subnets.
    """
    if isinstance(item, Cluster):
        clusters = [item]
    elif isinstance(item, NodePool):
        clusters = list(graph.follow(item.cluster, Cluster))
    else:
        return ()
    found: dict[Resource, None] = {item: None}
    for cluster in clusters:
        found[cluster] = None
        for referrer in graph.referrers(cluster, NodePool, "cluster"):
            if referrer.certain:
                found[referrer.resource] = None
    return tuple(End(one.address, (one,), addresses=_around(one, graph)) for one in found)


def _around(item: Resource, graph: Graph) -> Addresses:
    found = NOWHERE
    if item.provider == "oci":
        for interface in reach_of(graph).fabric.interfaces.get(item.address, ()):
            if interface.sub is not None:
                found = found | interface.sub.v4 | interface.sub.v6
    return found
