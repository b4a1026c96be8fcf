"""The networks of a scan as a reader wants them: what stands where, and what the internet reaches.

Nothing is computed before somebody asks, so that a scan whose report has no page pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final, Literal

from scanner.errors import place_of_fault
from scanner.graph.graph import Graph, words
from scanner.model.base import Inapplicable, Resource
from scanner.model.compute import Cluster, Function, Instance
from scanner.model.data import DataStore
from scanner.model.edge import EdgeService, Listener, LoadBalancer, TargetGroup
from scanner.model.network import (
    Gateway,
    GatewayKind,
    HubAttachment,
    HubRouteTable,
    HybridLink,
    Network,
    NetworkAcl,
    NetworkInterface,
    Peering,
    RouteTable,
    SecurityGroup,
    ServiceEndpoint,
    Subnet,
    TransitHub,
)
from scanner.network.addresses import grade
from scanner.network.chain import Path, outcome, ports_of
from scanner.network.ends import ANYTHING, Service
from scanner.network.fabric import Interface, Sub
from scanner.network.packets import unite
from scanner.network.questions import classify, reach_of
from scanner.network.reach import Exposure
from scanner.record import Links
from scanner.truth import Evidence, State
from scanner.value import Unknown

# Whoever has more than this many resources in networks reads no table of all of them.
EXAMINED: Final = 20_000


class Role(Enum):
    """What something is on the way of a packet."""

    HOST = "host"
    STORE = "store"
    CLUSTER = "cluster"
    FUNCTION = "function"
    BALANCER = "balancer"
    EDGE = "edge"
    ENDPOINT = "endpoint"
    NAT = "nat"
    GATEWAY = "gateway"
    GROUP = "group"
    ACL = "acl"
    TABLE = "table"
    LISTENER = "listener"
    TARGETS = "targets"
    HUB = "hub"
    HUB_TABLE = "hub table"
    ATTACHMENT = "attachment"
    PEERING = "peering"
    LINK = "link"
    NETWORK = "network"
    SUBNET = "subnet"
    OTHER = "other"


# The first that fits counts: a record may be several things at once.
_ROLES: Final[tuple[tuple[type[Resource], Role], ...]] = (
    (EdgeService, Role.EDGE),
    (LoadBalancer, Role.BALANCER),
    (Cluster, Role.CLUSTER),
    (Function, Role.FUNCTION),
    (DataStore, Role.STORE),
    (ServiceEndpoint, Role.ENDPOINT),
    (NetworkAcl, Role.ACL),
    (SecurityGroup, Role.GROUP),
    (RouteTable, Role.TABLE),
    (HubRouteTable, Role.HUB_TABLE),
    (HubAttachment, Role.ATTACHMENT),
    (Peering, Role.PEERING),
    (TransitHub, Role.HUB),
    (HybridLink, Role.LINK),
    (Gateway, Role.GATEWAY),
    (Listener, Role.LISTENER),
    (TargetGroup, Role.TARGETS),
    (Subnet, Role.SUBNET),
    (Network, Role.NETWORK),
)
_INSIDE_A_SUBNET: Final = (GatewayKind.NAT, GatewayKind.PRIVATE_NAT)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the map in which something stands.

    names: of the network, the hub or the subnets; several subnets where it stands in several.
    """

    kind: Literal["network", "subnet", "hub", "edge"]
    names: tuple[str, ...]
    ranges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What something is, in words and as a role, and the areas that hold it, the widest first."""

    word: str
    role: Role
    type: str
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A subnet with its class: `public`, `private with egress`, `isolated`, `undetermined`."""

    address: str
    network: str
    ranges: tuple[str, ...]
    name: str
    why: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Exposed:
    """One way by which the internet reaches, or may reach, a resource.

    way: `direct`, `balancer` or `edge`.  ports, grade: what the internet may send, and how much
    of it may.  arrives: the ports where it arrives.  fault: why assay could not tell.
    """

    address: str
    word: str
    way: str
    state: State
    ports: tuple[str, ...]
    grade: str
    arrives: tuple[str, ...]
    paths: tuple[Path, ...]
    fault: str = ""


class Survey:
    """Tells of the networks in some graphs, each a world of its own."""

    def __init__(self, graphs: Sequence[Graph]) -> None:
        self.graphs = graphs

    @cached_property
    def has_networks(self) -> bool:
        """Whether there are networks at all."""
        return any(graph.of(Network) or graph.of(Subnet) for graph in self.graphs)

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """All subnets that the sources manage, in the order of their addresses."""
        found = [
            _segment(subnet, graph)
            for graph in self.graphs
            for subnet in graph.of(Subnet)
            if subnet.managed
        ]
        return tuple(sorted(found, key=lambda item: item.address))

    @cached_property
    def exposed(self) -> tuple[Exposed, ...]:
        """What the internet reaches or may reach, in the order of the addresses."""
        left = EXAMINED
        found: list[Exposed] = []
        for graph, resources in zip(self.graphs, self._reachable, strict=True):
            chosen = resources[:left]
            left -= len(chosen)
            found += [row for resource in chosen for row in exposed(resource, graph)]
        return tuple(sorted(found, key=lambda item: (item.address, item.way)))

    @cached_property
    def asked(self) -> tuple[int, int]:
        """How many resources were examined for `exposed`, and how many there are."""
        total = sum(map(len, self._reachable))
        return min(total, EXAMINED), total

    @cached_property
    def fault(self) -> str:
        """Why assay could not survey the networks at all, if so: a fault of its own."""
        try:
            for graph in self.graphs:
                _ = reach_of(graph).fabric.interfaces
        except Exception as error:  # a table must not take the whole report away
            return place_of_fault(error)
        return ""

    @cached_property
    def _reachable(self) -> Sequence[Sequence[Resource]]:
        if self.fault:
            return [() for _ in self.graphs]
        return [tuple(_reachable(graph)) for graph in self.graphs]

    def place(self, node: str) -> Place | None:
        """Tell where the object of a hop stands; None for what is no resource."""
        if self.fault:
            return None
        for index, graph in zip(self._indexes, self.graphs, strict=True):
            found = index.get(node)
            if found:
                return _place(found, graph)
        return None

    @cached_property
    def _indexes(self) -> Sequence[dict[str, list[Resource]]]:
        return [_by_name(graph) for graph in self.graphs]


NO_NETWORKS: Final = Survey(())


def _by_name(graph: Graph) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = {}
    for resource in graph.resources:
        record = resource.block.record
        for name in {resource.address, record.address, record.name}:
            found.setdefault(name, []).append(resource)
    return found


# Places


def _place(resources: Sequence[Resource], graph: Graph) -> Place:
    for kind, role in _ROLES:
        for resource in resources:
            if isinstance(resource, kind):
                return _placed(resource, role, graph)
    for resource in resources:
        if _stands(resource, graph):
            return _placed(resource, Role.HOST, graph)
    return _placed(resources[0], Role.OTHER, graph)


def _placed(resource: Resource, role: Role, graph: Graph) -> Place:
    word = words(type(resource))
    if isinstance(resource, Gateway):
        kind = resource.kind.content
        if not isinstance(kind, Unknown):
            word = kind.value
            role = Role.NAT if kind in _INSIDE_A_SUBNET else role
    elif isinstance(resource, SecurityGroup) and resource.type == "oci_core_security_list":
        word = "security list"
    return Place(word, role, resource.type, tuple(_areas(resource, role, graph)))


def _stands(resource: Resource, graph: Graph) -> Sequence[Interface]:
    return reach_of(graph).fabric.interfaces.get(resource.address, ())


def _areas(resource: Resource, role: Role, graph: Graph) -> Iterator[Area]:
    subs = [item.sub for item in _stands(resource, graph) if item.sub is not None]
    if isinstance(resource, Subnet):
        subs = _subs(resource.block.record.address, graph)
    elif role is Role.NAT and isinstance(resource, Gateway):
        subs = [sub for name in resource.subnets.candidates() for sub in _subs(name, graph)]
    if subs:
        yield from _of_subs(list(dict.fromkeys(subs)))
    elif isinstance(resource, (HubAttachment, HubRouteTable)):
        names = [*resource.hub.candidates(), *resource.hub.outside][:1]
        found = graph.at(names[0], TransitHub) if names else None
        yield Area("hub", (found.address if found else "".join(names) or "transit hub",))
    elif isinstance(resource, TransitHub):
        yield Area("hub", (resource.address,))
    elif isinstance(resource, Network):
        yield _network(resource)
    elif isinstance(resource, (Gateway, RouteTable, NetworkAcl)):
        yield from _of_links(resource, graph)


def _of_links(resource: Gateway | RouteTable | NetworkAcl, graph: Graph) -> Iterator[Area]:
    try:
        links: Links = resource.network
    except Inapplicable:
        return
    for name in links.candidates():
        found = graph.at(name, Network)
        if found is not None:
            yield _network(found)
            return


def _subs(address: str, graph: Graph) -> list[Sub]:
    found = reach_of(graph).fabric.subs.get(address)
    return [] if found is None else [found]


def _of_subs(subs: Sequence[Sub]) -> Iterator[Area]:
    nets = list(dict.fromkeys(sub.net for sub in subs if sub.net is not None))
    if nets:
        yield _network(nets[0].resource)
    mine = [sub.resource for sub in subs if sub.net is None or sub.net is nets[0]]
    yield Area(
        "subnet",
        tuple(item.address for item in mine),
        tuple(text for item in mine for text in _ranges(item)),
    )


def _network(network: Network) -> Area:
    return Area("network", (network.address,), _ranges(network))


def _ranges(item: Network | Subnet) -> tuple[str, ...]:
    return (*item.cidrs.known_or(()), *item.ipv6_cidrs.known_or(()))


# Subnets


def _segment(subnet: Subnet, graph: Graph) -> Segment:
    networks = [
        found.address
        for name in subnet.network.candidates()
        if (found := graph.at(name, Network)) is not None
    ]
    name = "undetermined"
    why: tuple[Evidence, ...]
    try:
        classified = classify(subnet, graph)
        public, egress = classified.public, classified.egress
        if classified.subnet_class is not None:
            name = classified.subnet_class.value
        if public.is_true:
            why = public.evidence
        elif public.is_unknown:
            why = (*public.evidence, *(egress.evidence if egress.is_unknown else ()))
        else:
            why = egress.evidence
    except Exception as error:  # one subnet that assay fails on must not take the report away
        why = (Evidence(subnet.address, _fault(error)),)
    return Segment(
        subnet.address, networks[0] if networks else "", _ranges(subnet), name,
        tuple(dict.fromkeys(why)),
    )  # fmt: skip


def _fault(error: Exception) -> str:
    return f"assay failed on it by a fault of its own: {place_of_fault(error)}"


# The internet


def _reachable(graph: Graph) -> Iterator[Resource]:
    """Give what the sources manage and a packet can be meant for."""
    used = {name for item in graph.of(Instance) for name in item.interfaces.candidates()}
    found: dict[str, Resource] = {}
    for interfaces in reach_of(graph).fabric.interfaces.values():
        for owner in (item.owner for item in interfaces[:1]):
            attached = isinstance(owner, NetworkInterface)
            if not (attached and owner.block.record.address in used):
                found.setdefault(owner.address, owner)
    for kind in (EdgeService, Cluster, DataStore):
        for resource in graph.of(kind):
            found.setdefault(resource.address, resource)
    yield from (item for item in found.values() if item.managed)


def exposed(resource: Resource, graph: Graph, service: Service = ANYTHING) -> Iterator[Exposed]:
    """Give the ways by which the internet reaches a resource; those it may, if none is certain."""
    try:
        exposure = reach_of(graph).exposure(resource, service)
        if exposure.state is not State.FALSE:
            yield from _ways(resource, _place([resource], graph).word, exposure)
    except Inapplicable:
        return
    except Exception as error:  # as above
        fault = _fault(error)
        yield Exposed(resource.address, "", "direct", State.UNKNOWN, (), "", (), (), fault)


def _ways(resource: Resource, word: str, exposure: Exposure) -> Iterator[Exposed]:
    for way, answer in zip(("direct", "balancer", "edge"), exposure, strict=True):
        if answer.state is not exposure.state:
            continue
        sure = answer.state is State.TRUE
        sent = unite(
            (front.must if sure else front.may)
            for found, chain in answer.found
            if found.state is answer.state
            for front in (outcome(chain._replace(onward=None)),)
        )
        arrives = ports_of(answer.must if sure else answer.may)
        ports = ports_of(sent)
        yield Exposed(
            resource.address, word, way, answer.state, ports, grade(sent.sources()).value,
            arrives if arrives != ports else (), answer.paths,
        )  # fmt: skip


__all__ = [
    "NO_NETWORKS",
    "Area",
    "Exposed",
    "Place",
    "Role",
    "Segment",
    "Survey",
    "exposed",
]
