"""Services of the provider's edge: from the internet through them to what stands behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from scanner.model.base import Resource
from scanner.model.compute import Instance
from scanner.model.edge import (
    EdgeService,
    LoadBalancer,
    NetworkLink,
)
from scanner.model.network import (
    Direction,
)
from scanner.network.addresses import ALL_V4, Addresses
from scanner.network.balancers import Back, Balancers, fronts_of
from scanner.network.chain import (
    Chain,
    Ends,
    Gate,
)
from scanner.network.ends import (
    ANYTHING,
    Service,
    borne,
    sent,
)
from scanner.network.fabric import Interface
from scanner.network.filters import OUTSIDE, OtherEnd
from scanner.network.gates import (
    acl_gates,
    addressed,
    sure_or,
)
from scanner.network.packets import (
    NOTHING,
    OPEN,
    UNSURE,
    Packets,
    box,
)

if TYPE_CHECKING:
    from scanner.network.reach import Reach

# The list of addresses that stands for a service of the provider in rules.
_OF_SERVICES: Final = {"CloudFront": "com.amazonaws.global.cloudfront.origin-facing"}
# A service of the provider: it may be named by a group or list that stands for it.
_GUEST: Final = OtherEnd(unknown=True, by_group=None)


class Edges:
    """The edge services of one graph."""

    def __init__(self, reach: Reach, balancers: Balancers) -> None:
        self.reach = reach
        self.fabric = reach.fabric
        self.graph = reach.graph
        self.balancers = balancers

    @cached_property
    def _edges(self) -> dict[str, list[tuple[EdgeService, bool]]]:
        found: dict[str, list[tuple[EdgeService, bool]]] = {}
        self._open_edges: list[tuple[EdgeService, bool]] = []
        for service in self.graph.of(EdgeService):
            links = service.origins
            if links.unknown:
                self._open_edges.append((service, False))
            for address in dict.fromkeys(links.candidates()):
                found.setdefault(address, []).append((service, address in links.targets))
            for address in dict.fromkeys(service.enters.candidates()):
                link = self.graph.at(address, NetworkLink)
                if link is None:
                    continue
                for origin in dict.fromkeys(link.origins.candidates()):
                    sure = origin in link.origins.targets and address in service.enters.targets
                    found.setdefault(origin, []).append((service, sure))
        return found

    def before(self, resource: Resource) -> list[tuple[EdgeService, bool]]:
        """Give the services that a resource certainly or perhaps stands behind."""
        found = self._edges.get(resource.block.record.address, [])
        if self._open_edges and isinstance(resource, (LoadBalancer, Instance)):
            return [*found, *self._open_edges]
        return found

    def chains(
        self, resource: Resource, service: Service, clients: Addresses | None
    ) -> Iterator[Chain]:
        """Give the ways from the internet through edge services to a resource."""
        if isinstance(resource, EdgeService) and not self.fabric.interfaces.get(resource.address):
            yield from self.reach.endpoint(resource, service, clients)
        for edge, sure in self.before(resource):
            for front in self.reach.endpoint(edge, ANYTHING, clients):
                yield from self._from_edge(edge, sure, front, resource, service)
        for back in self.balancers.before(resource):
            for edge, sure in self.before(back.balancer):
                if back.balancer is resource:
                    continue
                for front in self.reach.endpoint(edge, ANYTHING, clients):
                    yield from self._by_balancer(edge, sure, front, back, resource, service)

    def _by_balancer(
        self,
        edge: EdgeService,
        sure: bool,
        front: Chain,
        back: Back,
        resource: Resource,
        service: Service,
    ) -> Iterator[Chain]:
        """Give the ways from an edge service by a balancer behind it to one of its targets."""
        hidden = not edge.preserves_client_address.is_true
        for face in self.fabric.interfaces.get(back.balancer.address, ()):
            for taken in fronts_of(back):
                for middle in self._from_edge(edge, sure, front, back.balancer, taken, face):
                    if middle.onward is None:
                        continue
                    for chain in self.balancers.through(
                        back, face, middle.onward, resource, service, hidden=hidden
                    ):
                        yield middle._replace(onward=chain)

    def _from_edge(
        self,
        edge: EdgeService,
        sure: bool,
        front: Chain,
        resource: Resource,
        service: Service,
        only: Interface | None = None,
    ) -> Iterator[Chain]:
        """Give the ways of an edge service on to an origin: as a guest, or over the internet."""
        name = edge.address
        gates = (
            *front.gates,
            Gate("NET-EDGE", name, "service", OPEN if sure else UNSURE,
                 sure_or(sure, f"sends it on to {resource.address}", name)),
        )  # fmt: skip
        interfaces = [only] if only else self.fabric.interfaces.get(resource.address, ())
        if not interfaces:
            ends = Ends(name, resource.address, Packets((box(),)))
            yield Chain(front.ends, gates, front.kinds, Chain(ends, ()))
            return
        links = [
            link
            for address in edge.enters.candidates()
            if (link := self.graph.at(address, NetworkLink)) is not None
        ]
        inside = [face for link in links for face in self.fabric.interfaces.get(link.address, ())]
        for interface in interfaces:
            for chain in self._at_origin(edge, inside, interface, service, front):
                yield Chain(front.ends, gates, front.kinds, chain)

    def _at_origin(
        self,
        edge: EdgeService,
        inside: Sequence[Interface],
        interface: Interface,
        service: Service,
        front: Chain,
    ) -> Iterator[Chain]:
        """Give the ways from an edge service to an interface behind it."""
        own = _OF_SERVICES.get(edge.kind.known_or(""))
        other = OtherEnd(frozenset({own}), frozenset({own}), by_group=True) if own else _GUEST
        if inside and own is None:
            for face in inside:
                yield from self.reach.between_in(face, interface, service, ALL_V4)
            return
        _, start_targets = borne(interface, ALL_V4)
        start = Packets(tuple(sent(ALL_V4, target, service) for target in start_targets.intervals))
        surely = None if interface.sure else NOTHING
        gates: list[Gate] = []
        if edge.preserves_client_address.is_true:
            # Global Accelerator: the network needs an internet gateway, but no route to it.
            clients = front.ends.start.sources()
            start = Packets(
                tuple(
                    sent(source, target, service)
                    for source in (clients & Addresses((ALL_V4,))).intervals
                    for target in start_targets.intervals
                )
            )
            ends = Ends(edge.address, interface.name, start, public="source", surely=surely)
            other = OUTSIDE
            if interface.sub is not None and interface.sub.net is not None:
                gates.append(self.reach.borders.gateway(interface.sub.net))
        else:
            # Which address of the provider it comes from is not known.
            ends = Ends(
                edge.address, interface.name, start, sources=Addresses((ALL_V4,)), surely=surely
            )
        sub = interface.sub
        if edge.enters.is_empty and not edge.preserves_client_address.is_true:
            public = self.fabric.has_public_v4(interface)
            gates.append(addressed(interface, public))
            if sub is not None and sub.net is not None:
                gates.append(self.reach.borders.gateway(sub.net))
                gates += self.reach.borders.blocks(sub)
        if sub is not None:
            gates += acl_gates("NET-NACL-IN", sub.acls, Direction.INGRESS, reply=False)
        gates.append(self.reach.filter(interface, Direction.INGRESS, other))
        gates.append(self.reach.listens_at(interface))
        yield Chain(ends, tuple(gates))
