"""Who reaches whom: chains of gates between interfaces, the internet, sites and edge services.

AWS: VPC User Guide, "Internet gateways", "Network ACLs", "Security groups".  OCI: Networking
documentation, "Access to the Internet", "Security Rules".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from scanner.model.base import Resource
from scanner.model.compute import Cluster, Placed
from scanner.model.data import DataStore
from scanner.model.edge import (
    EdgeService,
    NetworkLink,
)
from scanner.model.network import (
    Direction,
)
from scanner.network.addresses import ALL_V4, ALL_V6, Addresses
from scanner.network.balancers import Balancers, fronts_of
from scanner.network.borders import Borders
from scanner.network.chain import (
    Answer,
    Chain,
    Ends,
    Gate,
    ask,
    from_truth,
    plainly,
)
from scanner.network.edges import Edges
from scanner.network.ends import (
    ANYTHING,
    INTERNET,
    ONPREM,
    Service,
    borne,
    called,
    other_end,
    sent,
)
from scanner.network.fabric import Fabric, Interface
from scanner.network.filters import OUTSIDE, OtherEnd, Rules
from scanner.network.gates import (
    acl_gates,
    addressed,
    allow_list,
    entry_gates,
    entry_pair,
    has_endpoint,
    keeps_track,
    labels,
    listens,
    ports_of,
    telling_filter,
    telling_replies,
    telling_ways,
    unread,
)
from scanner.network.packets import (
    NOTHING,
    SHUT,
    UNSURE,
    Packets,
    any_of_pairs,
    box,
    from_sources,
)
from scanner.network.way import Place, Way
from scanner.network.ways import Ways
from scanner.truth import State, Truth, any_of
from scanner.value import Unknown, Value

_FAMILIES: Final = (ALL_V4, ALL_V6)
NEVER: Final = Answer()


class Exposure(NamedTuple):
    """How a resource is reachable from the internet: by itself, through a balancer, by the edge."""

    direct: Answer
    balanced: Answer
    edge: Answer

    @property
    def state(self) -> State:
        """Whether any of these is open."""
        states = {answer.state for answer in self}
        for state in (State.TRUE, State.UNKNOWN):
            if state in states:
                return state
        return State.FALSE

    @property
    def truth(self) -> Truth:
        """Whether it is reachable, with the paths as evidence."""
        return any_of(answer.truth for answer in self)

    @property
    def packets(self) -> Packets:
        """The packets that reach it, or may where none certainly does."""
        sure = self.state is State.TRUE
        found = NOTHING
        for answer in self:
            found = found | (answer.must if sure else answer.may)
        return found

    @property
    def kind(self) -> str:
        """`direct`, `balancer`, `edge`, `no` or `undetermined`."""
        for name, answer in zip(("direct", "balancer", "edge"), self, strict=True):
            if answer.state is State.TRUE:
                return name
        return "no" if self.state is State.FALSE else "undetermined"


class Reach:
    """Answers questions about one graph of networks."""

    def __init__(self, fabric: Fabric) -> None:
        self.fabric = fabric
        self.graph = fabric.graph
        self.ways = Ways(fabric)
        self.borders = Borders(fabric)
        self.balancers = Balancers(self)
        self.edges = Edges(self, self.balancers)
        self._exposures: dict[tuple[Resource, Service, Addresses | None], Exposure] = {}
        self._by_name: dict[str, Rules] = {}
        self._returns: dict[tuple[object, ...], Gate] = {}

    def rules_named(self, name: str) -> Rules | None:
        """Give the compiled rules of a group or list by its name."""
        if not self._by_name:
            self._by_name = {
                rules.name: rules for rules in self.fabric.all_rules() if rules is not None
            }
        return self._by_name.get(name)

    # From the internet

    def exposure(
        self, resource: Resource, service: Service = ANYTHING, clients: Addresses | None = None
    ) -> Exposure:
        """Whether and how the internet, or these addresses of it, reach a resource."""
        key = (resource, service, clients)
        found = self._exposures.get(key)
        if found is None:
            found = self._exposures[key] = Exposure(
                self._ask_direct(resource, service, clients),
                ask(self.balancers.chains(resource, service, clients))
                if self._is_target(resource)
                else NEVER,
                ask(self.edges.chains(resource, service, clients))
                if self._is_origin(resource)
                else NEVER,
            )
        return found

    def _is_target(self, resource: Resource) -> bool:
        return next(self.balancers.before(resource), None) is not None

    def _is_origin(self, resource: Resource) -> bool:
        return (
            isinstance(resource, EdgeService)
            or bool(self.edges.before(resource))
            or any(self.edges.before(back.balancer) for back in self.balancers.before(resource))
        )

    def _ask_direct(
        self, resource: Resource, service: Service, clients: Addresses | None
    ) -> Answer:
        if isinstance(resource, Placed) and not isinstance(resource, (Cluster, DataStore)):
            private = all(
                self.fabric.has_public_v4(item).is_false
                and self.fabric.has_public_v6(item).is_false
                for item in self.fabric.interfaces.get(resource.address, ())
            )
            if private:
                # Most resources: the way is told only if somebody asks for it.
                return Answer(chains=lambda: self._direct(resource, service, clients))
        return ask(self._direct(resource, service, clients))

    def _direct(
        self, resource: Resource, service: Service, clients: Addresses | None
    ) -> Iterator[Chain]:
        if not isinstance(resource, EdgeService):
            yield from self.endpoint(resource, service, clients)
        for interface in self.fabric.interfaces.get(resource.address, ()):
            yield from self.from_internet(interface, service, clients)

    def endpoint(
        self, resource: Resource, service: Service, clients: Addresses | None
    ) -> Iterator[Chain]:
        """Give the way to an endpoint that the provider runs outside the customer's network."""
        gates: list[Gate] = []
        ranges: Value[tuple[str, ...]] | None = None
        ports: tuple[int, ...] | None
        if isinstance(resource, Cluster) and resource.provider == "aws":
            gates.append(
                from_truth(
                    "NET-ENDPOINT", resource.address, "service", resource.public_endpoint,
                    "public endpoint of the Kubernetes API", "the public endpoint is off",
                )
            )  # fmt: skip
            ranges, ports = resource.public_ranges, (443,)
        elif isinstance(resource, EdgeService):
            gates.append(
                from_truth(
                    "NET-EDGE", resource.address, "service", resource.public,
                    "answers the internet", "it does not answer the internet",
                )
            )  # fmt: skip
            ranges = resource.public_ranges
            found = resource.ports.content
            ports = None if isinstance(found, Unknown) else found or None
        elif isinstance(resource, DataStore) and not self.fabric.interfaces.get(resource.address):
            gates.append(
                from_truth(
                    "NET-ENDPOINT", resource.address, "service", has_endpoint(resource),
                    "public endpoint", "it has no public endpoint",
                )
            )  # fmt: skip
            ranges = resource.public_ranges
            ports = ports_of(resource)
        else:
            return
        if ranges is not None:
            gates.append(allow_list(resource.address, ranges))
        gates.append(listens(resource.address, ports))
        for family in _FAMILIES:
            places = (family,) if clients is None else (clients & Addresses((family,))).intervals
            if not places:
                continue
            start = Packets(tuple(sent(place, family, service) for place in places))
            ends = Ends(called(clients), resource.address, start, public="source")
            yield Chain(ends, tuple(gates), frozenset({"service"}))

    def from_internet(
        self, interface: Interface, service: Service, source: Addresses | None = None
    ) -> Iterator[Chain]:
        """Give the chains from the internet to an interface, one for each family."""
        v4 = self.fabric.has_public_v4(interface)
        v6 = self.fabric.has_public_v6(interface)
        if source is None or source.overlaps(Addresses((ALL_V4,))):
            yield self._inward(interface, service, ALL_V4, v4, source)
        if not v6.is_false and (source is None or source.overlaps(Addresses((ALL_V6,)))):
            yield self._inward(interface, service, ALL_V6, v6, source)

    def _inward(
        self,
        interface: Interface,
        service: Service,
        family: tuple[int, int],
        public: Truth,
        source: Addresses | None,
    ) -> Chain:
        sub = interface.sub
        targets, start_targets = borne(interface, family)
        places = (family,) if source is None else (source & Addresses((family,))).intervals
        start = Packets(
            tuple(
                sent(place, target, service, interface.owner.provider)
                for place in places
                for target in start_targets.intervals
            )
        )
        ends = Ends(
            called(source),
            interface.name,
            start,
            public="source",
            targets=targets,
            surely=None if interface.sure else NOTHING,
        )
        gates = [addressed(interface, public)]
        if sub is None or sub.net is None:
            gates.append(unread(interface))
            gates.append(self.filter(interface, Direction.INGRESS, OUTSIDE))
            gates.append(self.listens_at(interface))
            return Chain(ends, tuple(gates))
        gates.append(self.borders.gateway(sub.net))
        gates += self.borders.blocks(sub)
        gates += self.borders.edge_tables(sub.net, sub)
        gates += acl_gates("NET-NACL-IN", sub.acls, Direction.INGRESS, reply=False)
        gates.append(self.filter(interface, Direction.INGRESS, OUTSIDE))
        gates += labels(interface, self.graph)
        gates.append(self.listens_at(interface))
        gates += self._replies(interface, Direction.INGRESS, OUTSIDE)
        gates += self._returns_to_internet(interface)
        gates += acl_gates("NET-NACL-RET", sub.acls, Direction.EGRESS, reply=True)
        return Chain(ends, tuple(gates))

    def filter(self, interface: Interface, direction: Direction, other: OtherEnd) -> Gate:
        """Make the gate of the groups and lists that protect an interface."""
        bundle = interface.bundle
        aws = interface.owner.provider == "aws"
        inward = direction is Direction.INGRESS
        code = ("NET-SG-" if aws else "OCI-SEC-") + ("IN" if inward else "OUT")
        return Gate(
            code,
            interface.name,
            "filter",
            bundle.admits(direction, other),
            telling_filter(bundle, direction, other),
        )

    def listens_at(self, interface: Interface) -> Gate:
        """Make the gate of the ports where something answers."""
        owner = interface.owner
        service = self.graph.at(owner.block.record.address, EdgeService)
        if isinstance(owner, NetworkLink) and owner.provider != "aws" and service is not None:
            found = service.ports.content
            return listens(interface.name, None if isinstance(found, Unknown) else found or None)
        return listens(interface.name, ports_of(owner))

    def _replies(
        self, interface: Interface, direction: Direction, other: OtherEnd
    ) -> Iterator[Gate]:
        """Give the gate of replies to what only a stateless rule lets through (OCI)."""
        bundle = interface.bundle
        if not bundle.is_stateless(direction):
            return
        yield Gate(
            "OCI-STATELESS-RET",
            interface.name,
            "filter",
            bundle.answers(direction, other),
            telling_replies(bundle, direction, other),
            reply=True,
        )

    def _returns_to_internet(self, interface: Interface) -> list[Gate]:
        sub = interface.sub
        assert sub is not None
        tables = interface.tables_in_force()
        key = (tables, id(sub.net), "internet")
        found = self._returns.get(key)
        if found is None:
            ways = self.ways.lead(Place(tables, sub, sub.net), "internet")
            straight = [way for way in ways if "nat" not in way.kinds]
            pair = any_of_pairs(way.pair for way in straight).reply()
            found = self._returns[key] = Gate(
                "NET-RET", tables[0].name if tables else sub.name, "route", pair,
                telling_ways(straight, "the reply has no route to an internet gateway"), True,
            )  # fmt: skip
        gates = [found]
        if not found.pair.may:
            ways = self.ways.lead(Place(tables, sub, sub.net), "internet")
            for way in ways:
                if "nat" in way.kinds and way.pair.may:
                    node = way.gates[1].node if len(way.gates) > 1 else way.gates[0].node
                    fact = "its way out is a NAT gateway, which lets nothing in unasked"
                    gates.append(Gate("NET-NAT", node, "gateway", SHUT, plainly(fact), reply=True))
                    break
        return gates

    # Between interfaces

    def between(self, a: Interface, b: Interface, service: Service) -> Iterator[Chain]:
        """Give the chains from one interface to another, for each family and way."""
        yield from self.between_in(a, b, service, ALL_V4)
        if not self.fabric.has_public_v6(a).is_false and not (
            self.fabric.has_public_v6(b).is_false
        ):
            doubt = self.fabric.has_public_v6(a) & self.fabric.has_public_v6(b)
            yield from self.between_in(a, b, service, ALL_V6, doubt)

    def between_in(
        self,
        a: Interface,
        b: Interface,
        service: Service,
        family: tuple[int, int],
        bears: Truth | None = None,
    ) -> Iterator[Chain]:
        """Give the chains between two interfaces in one family of addresses."""
        sources, start_sources = borne(a, family)
        targets, start_targets = borne(b, family)
        start = Packets(
            tuple(
                sent(source, target, service, b.owner.provider)
                for source in start_sources.intervals
                for target in start_targets.intervals
            )
        )
        ends = Ends(
            a.name, b.name, start, "", sources, targets, None if a.sure and b.sure else NOTHING
        )
        first: list[Gate] = []
        if bears is not None:
            first.append(
                from_truth("NET-ADDR", b.name, "address", bears, "both have addresses of IPv6",
                           "it has no address of IPv6")
            )  # fmt: skip
        if a.sub is None or b.sub is None or a.sub.net is None or b.sub.net is None:
            gap = a if a.sub is None or a.sub.net is None else b
            yield Chain(
                ends,
                (
                    *first,
                    self.filter(a, Direction.EGRESS, other_end(b, None)),
                    unread(gap),
                    self.filter(b, Direction.INGRESS, other_end(a, None)),
                    self.listens_at(b),
                ),
            )
            return
        crossing = a.sub is not b.sub
        back = self._reply_gate(b, a)
        # Within a subnet nothing is routed, except by a table that an interface itself has.
        ways: Sequence[Way] = (Way((), frozenset(), True),)
        if crossing:
            place = Place(a.tables_in_force(), a.sub, a.sub.net)
            ways = self.ways.lead(place, b.sub.net)
        for way in ways:
            gates = [*first, self.filter(a, Direction.EGRESS, other_end(b, way.by_group))]
            if crossing:
                gates += acl_gates("NET-NACL-OUT", a.sub.acls, Direction.EGRESS, reply=False)
            gates += way.gates
            if crossing:
                gates += entry_gates(way.enters, b.sub)
            gates.append(self.filter(b, Direction.INGRESS, other_end(a, way.by_group)))
            gates += labels(b, self.graph)
            gates.append(self.listens_at(b))
            gates += self._replies(a, Direction.EGRESS, other_end(b, way.by_group))
            if not keeps_track(a.owner):
                gates += self._replies(b, Direction.INGRESS, other_end(a, way.by_group))
            if crossing:
                gates += back
                gates += acl_gates("NET-NACL-RET", b.sub.acls, Direction.EGRESS, reply=True)
                gates += self._reply_enters(b, a)
            yield Chain(ends, tuple(gates), way.kinds)

    def _reply_enters(self, b: Interface, a: Interface) -> Iterator[Gate]:
        """Give the gate of the ACLs where the reply enters the subnet that asked."""
        assert a.sub is not None and b.sub is not None and a.sub.net is not None
        ways = self.ways.lead(Place(b.tables_in_force(), b.sub, b.sub.net), a.sub.net)
        if not any(way.enters for way in ways):
            yield from acl_gates("NET-NACL-RET", a.sub.acls, Direction.INGRESS, reply=True)
            return
        sub = a.sub
        pair = any_of_pairs(way.pair & entry_pair(way.enters, sub) for way in ways).reply()
        for gate in entry_gates((), sub):
            yield gate._replace(code="NET-NACL-RET", pair=pair, reply=True)

    def _reply_gate(self, b: Interface, a: Interface) -> list[Gate]:
        if a.sub is None or b.sub is None or a.sub is b.sub or a.sub.net is None:
            return []
        tables = b.tables_in_force()
        key = (tables, id(b.sub), id(a.sub.net))
        found = self._returns.get(key)
        if found is None:
            ways = self.ways.lead(Place(tables, b.sub, b.sub.net), a.sub.net)
            pair = any_of_pairs(way.pair for way in ways).reply()
            found = self._returns[key] = Gate(
                "NET-RET", tables[0].name if tables else b.sub.name, "route", pair,
                telling_ways(ways, "the reply has no route back"), True,
            )  # fmt: skip
        return [found]

    def reach(self, source: Resource, target: Resource, service: Service = ANYTHING) -> Answer:
        """Whether one resource reaches another: directly, or through a balancer or endpoint."""
        return ask(self.chains(source, target, service))

    def chains(
        self, source: Resource, target: Resource, service: Service = ANYTHING
    ) -> Iterator[Chain]:
        """Give the chains from one resource to another."""
        for a in self.fabric.interfaces.get(source.address, ()):
            for b in self.fabric.interfaces.get(target.address, ()):
                if a is not b:
                    yield from self.between(a, b, service)
        for back in self.balancers.before(target):
            if back.balancer.address == source.address:
                continue
            for a in self.fabric.interfaces.get(source.address, ()):
                for face in self.fabric.interfaces.get(back.balancer.address, ()):
                    for taken in fronts_of(back):
                        for front in self.between(a, face, taken):
                            yield from self.balancers.through(back, face, front, target, service)

    # To the internet and to sites

    def egress(self, resource: Resource, service: Service = ANYTHING) -> Answer:
        """Whether and how a resource reaches the internet; `kinds` tells the way."""
        return ask(self.outward(resource, service))

    def outward(self, resource: Resource, service: Service = ANYTHING) -> Iterator[Chain]:
        """Give the chains from a resource to the internet."""
        for interface in self.fabric.interfaces.get(resource.address, ()):
            yield from self._outward(interface, service, ALL_V4)
            if not self.fabric.has_public_v6(interface).is_false:
                yield from self._outward(interface, service, ALL_V6)

    def _outward(self, a: Interface, service: Service, family: tuple[int, int]) -> Iterator[Chain]:
        sources, start_sources = borne(a, family)
        start = Packets(
            tuple(
                sent(source, family, service, a.owner.provider)
                for source in start_sources.intervals
            )
        )
        ends = Ends(a.name, INTERNET, start, "target", sources, None, None if a.sure else NOTHING)
        out = self.filter(a, Direction.EGRESS, OUTSIDE)
        if a.sub is None or a.sub.net is None:
            yield Chain(ends, (out, unread(a)))
            return
        for way in self.ways.lead(Place(a.tables_in_force(), a.sub, a.sub.net), "internet"):
            gates = [out, *acl_gates("NET-NACL-OUT", a.sub.acls, Direction.EGRESS, reply=False)]
            gates += way.gates
            if "direct" in way.kinds:
                public = (
                    self.fabric.has_public_v4(a)
                    if family is ALL_V4
                    else self.fabric.has_public_v6(a)
                )
                gates.append(addressed(a, public))
            gates += self.borders.blocks(a.sub, way.kinds)
            gates += self._replies(a, Direction.EGRESS, OUTSIDE)
            gates += acl_gates("NET-NACL-RET", a.sub.acls, Direction.INGRESS, reply=True)
            yield Chain(ends, tuple(gates), way.kinds)

    def from_sites(
        self, target: Resource, service: Service, source: Addresses | None = None
    ) -> Iterator[Chain]:
        """Give the chains from the company's own sites, by VPN or dedicated line."""
        for interface in self.fabric.interfaces.get(target.address, ()):
            if interface.sub is None or interface.sub.net is None:
                ends = Ends(ONPREM, interface.name, Packets((box(),)))
                yield Chain(ends, (unread(interface),
                                   self.filter(interface, Direction.INGRESS, OUTSIDE)))  # fmt: skip
                continue
            sub, net = interface.sub, interface.sub.net
            assert net is not None
            targets, start_targets = borne(interface, ALL_V4)
            everything = Packets(
                tuple(
                    sent(ALL_V4, item, service, interface.owner.provider)
                    for item in start_targets.intervals
                )
            )
            if source is not None:
                everything = everything & from_sources(source)
            back = self.ways.lead(Place(interface.tables_in_force(), sub, net), "onprem")
            pair = any_of_pairs(way.pair for way in back).reply()
            reply = Gate(
                "NET-RET", interface.tables_in_force()[0].name, "route", pair,
                telling_ways(back, "the reply has no route to the site"), True,
            )  # fmt: skip
            found = list(self.ways.from_sites(net))
            if not found:
                aws = net.resource.provider == "aws"
                fact = "no VPN or line of the company enters the network"
                gate = Gate("NET-VPN" if aws else "OCI-DRG", net.name, "gateway",
                            UNSURE if self.graph.missing else SHUT, plainly(fact))  # fmt: skip
                inward = self.filter(interface, Direction.INGRESS, OUTSIDE)
                yield Chain(Ends(ONPREM, interface.name, everything), (gate, inward))
            for way, must, may, _ in found:
                ends = Ends(
                    ONPREM, interface.name, everything & may, "", None, targets,
                    everything & must if interface.sure else NOTHING,
                )  # fmt: skip
                yield Chain(
                    ends,
                    (
                        *way.gates,
                        *acl_gates("NET-NACL-IN", sub.acls, Direction.INGRESS, reply=False),
                        self.filter(interface, Direction.INGRESS, OUTSIDE),
                        *labels(interface, self.graph),
                        self.listens_at(interface),
                        *self._replies(interface, Direction.INGRESS, OUTSIDE),
                        reply,
                        *acl_gates("NET-NACL-RET", sub.acls, Direction.EGRESS, reply=True),
                    ),
                    way.kinds,
                )

    def to_sites(self, resource: Resource, service: Service) -> Iterator[Chain]:
        """Give the chains from a resource to the company's own sites."""
        for a in self.fabric.interfaces.get(resource.address, ()):
            sources, start_sources = borne(a, ALL_V4)
            start = Packets(
                tuple(
                    sent(source, ALL_V4, service, a.owner.provider)
                    for source in start_sources.intervals
                )
            )
            ends = Ends(a.name, ONPREM, start, "", sources, None, None if a.sure else NOTHING)
            out = self.filter(a, Direction.EGRESS, OUTSIDE)
            if a.sub is None or a.sub.net is None:
                yield Chain(ends, (out, unread(a)))
                continue
            for way in self.ways.lead(Place(a.tables_in_force(), a.sub, a.sub.net), "onprem"):
                gates = [out, *acl_gates("NET-NACL-OUT", a.sub.acls, Direction.EGRESS, reply=False)]
                gates += way.gates
                gates += acl_gates("NET-NACL-RET", a.sub.acls, Direction.INGRESS, reply=True)
                yield Chain(ends, tuple(gates), way.kinds)
