"""Load balancers: from a listener to its targets, in a second leg of the way.

Elastic Load Balancing User Guide and Network Load Balancers guide, "Client IP preservation"; OCI
documentation, "Load Balancer" and "Network Load Balancer".
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from scanner.model.base import Inapplicable, Resource
from scanner.model.edge import (
    Forward,
    Listener,
    LoadBalancer,
    Target,
    TargetGroup,
)
from scanner.model.network import (
    Direction,
)
from scanner.network.addresses import ALL_V4, Addresses
from scanner.network.chain import (
    Chain,
    Ends,
    Gate,
    Told,
    outcome,
)
from scanner.network.ends import (
    Service,
    other_end,
)
from scanner.network.fabric import Interface
from scanner.network.gates import (
    known_or,
    sure_or,
)
from scanner.network.packets import (
    NOTHING,
    OPEN,
    PORTS,
    TCP,
    UDP,
    UNSURE,
    Packets,
    box,
    certain,
    from_sources,
)
from scanner.record import Links
from scanner.truth import Evidence, State, Truth, known, unknown
from scanner.value import Unknown, Value

if TYPE_CHECKING:
    from scanner.network.reach import Reach


class Back(NamedTuple):
    """How a target stands behind a balancer; the group is None where it is not known which."""

    balancer: LoadBalancer
    listener: Listener
    forward: Forward
    group: TargetGroup | None
    target: Target
    sure: bool


class Balancers:
    """What stands behind the load balancers of one fabric."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.fabric = reach.fabric
        self.graph = reach.graph

    @cached_property
    def _backs(self) -> dict[str, list[Back]]:
        """What stands behind which listener, by the address of the target's record."""
        found: dict[str, list[Back]] = {}
        groups = {_key(item): item for item in self.graph.of(TargetGroup)}
        self._open_backs: list[Back] = []
        for listener in self.graph.of(Listener):
            forwards = listener.forwards.content
            balancers = [
                item
                for address in listener.load_balancer.candidates()
                if (item := self.graph.at(address, LoadBalancer)) is not None
            ]
            if isinstance(forwards, Unknown):
                self._open_backs += [
                    Back(balancer, listener, _SOMEWHERE, None, _NO_TARGET, False)
                    for balancer in balancers
                ]
                continue
            for balancer in balancers:
                surely = listener.load_balancer.certain
                for forward in forwards:
                    if forward.groups.unknown or forward.groups.outside:
                        self._open_backs.append(
                            Back(balancer, listener, forward, None, _NO_TARGET, False)
                        )
                    for address in forward.groups.candidates():
                        group = groups.get(address)
                        if group is None:
                            continue
                        sure = surely and address in forward.groups.targets
                        self._targets(found, Back(balancer, listener, forward, group,
                                                  _NO_TARGET, sure))  # fmt: skip
        return found

    def _targets(self, found: dict[str, list[Back]], back: Back) -> None:
        assert back.group is not None
        targets = back.group.targets.content
        if isinstance(targets, Unknown):
            self._open_backs.append(back._replace(sure=False))
            return
        for target in targets:
            links = target.resources
            for address in dict.fromkeys(links.candidates()):
                sure = back.sure and address in links.targets
                found.setdefault(address, []).append(back._replace(target=target, sure=sure))
            named = target.addresses.content
            if isinstance(named, Unknown):
                self._open_backs.append(back._replace(target=target, sure=False))
            elif named:
                places = Addresses.read(named)
                for owner, sure in self._bearers(places):
                    found.setdefault(owner, []).append(
                        back._replace(target=target, sure=back.sure and sure)
                    )
            if links.unknown:
                self._open_backs.append(back._replace(target=target, sure=False))

    def _bearers(self, places: Addresses) -> Iterator[tuple[str, bool]]:
        """Give the records whose interfaces bear one of these addresses."""
        for interfaces in self.fabric.interfaces.values():
            for interface in interfaces:
                if interface.fixed:
                    if interface.fixed.overlaps(places):
                        yield interface.owner.block.record.address, interface.sure
                elif interface.sub is not None and (places - interface.sub.taken).overlaps(
                    interface.sub.v4 | interface.sub.v6
                ):
                    yield interface.owner.block.record.address, False

    def before(self, resource: Resource) -> Iterator[Back]:
        """Give the balancers that a resource certainly or perhaps stands behind."""
        yield from self._backs.get(resource.block.record.address, ())
        if self._open_backs and self.fabric.interfaces.get(resource.address):
            yield from self._open_backs

    def chains(
        self, resource: Resource, service: Service, clients: Addresses | None
    ) -> Iterator[Chain]:
        """Give the ways from the internet through balancers to a resource."""
        for back in self.before(resource):
            if back.balancer is resource:
                continue
            for face in self.fabric.interfaces.get(back.balancer.address, ()):
                for taken in fronts_of(back):
                    for front in self.reach.from_internet(face, taken, clients):
                        yield from self.through(back, face, front, resource, service)

    def through(
        self,
        back: Back,
        face: Interface,
        front: Chain,
        resource: Resource,
        service: Service,
        *,
        hidden: bool = False,
    ) -> Iterator[Chain]:
        """Go on from a listener to a target.

        hidden: the balancer itself does not see the client (API Gateway, AWS PrivateLink).
        """
        listener = back.listener
        group = back.group.address if back.group is not None else listener.address
        sources = back.forward.sources.content
        limit = OPEN
        if isinstance(sources, Unknown):
            limit = UNSURE
        elif sources:
            limit = certain(from_sources(Addresses.read(sources)))
        port = listener.port.content
        if isinstance(port, Unknown) or isinstance(listener.protocol.content, Unknown):
            limit = limit & UNSURE
        gates = (
            *front.gates,
            Gate("NET-LB-LISTENER", listener.address, "balancer", limit,
                 known_or("forwards what comes to its port", listener.port,
                           back.forward.sources)),
            Gate("NET-LB-TARGET", group, "balancer", OPEN if back.sure else UNSURE,
                 sure_or(back.sure, f"sends it on to {resource.address}", group)),
        )  # fmt: skip
        preserved = known(False) if hidden else self._preserves(back)
        number = back.target.port.content
        # What a listener takes is what it passes on.
        kind = front.ends.start.boxes[0][4:6] if front.ends.start.boxes else (TCP, TCP)
        if not (service.protocol[0] <= kind[0] <= service.protocol[1]):
            return
        span = service.port
        if not isinstance(number, Unknown):
            if not (span[0] <= number <= span[1]):
                return
            span = (number, number)
        asked = Service(kind, span)
        for interface in self.fabric.interfaces.get(resource.address, ()):
            plain = list(self.reach.between_in(face, interface, asked, ALL_V4))
            for chain in plain:
                onward = chain
                if isinstance(number, Unknown):
                    onward = _doubted(onward, back.target.port)
                gates_here = gates
                if not preserved.is_false:
                    kept = self._with_client(chain, interface, face, front)
                    if isinstance(number, Unknown):
                        kept = _doubted(kept, back.target.port)
                    if preserved.is_false or preserved.is_true:
                        onward = kept
                    elif not outcome(kept).state is outcome(onward).state is State.TRUE:
                        # One of both is what happens.
                        yield _joined(front, gates_here, _less_sure(onward))
                        onward = _less_sure(kept)
                yield _joined(front, gates_here, onward)
        if not self.fabric.interfaces.get(resource.address):
            ends = Ends(back.balancer.address, resource.address, Packets((box(),)))
            yield _joined(front, gates, Chain(ends, ()))

    def _preserves(self, back: Back) -> Truth:
        """Whether a target sees the address of the client."""
        if back.balancer.layer.content != "network":
            return known(False)
        if back.group is None:
            return unknown(Evidence(back.listener.address, "where it forwards to is not known"))
        try:
            return back.group.preserves_client_address
        except Inapplicable:
            return known(False)

    def _with_client(
        self, chain: Chain, interface: Interface, face: Interface, front: Chain
    ) -> Chain:
        """Let a target see the client: its groups then decide on the client's address.

        Network Load Balancers guide, "Client IP preservation" and "Security groups": they may name
        the balancer's own groups instead, which then stand for all of its clients.
        """
        ends = chain.ends
        passed = outcome(front)

        def sent(clients: Packets) -> Packets:
            return Packets(
                tuple(
                    (*source, *target[2:])
                    for source in clients.sources().intervals
                    for target in ends.start.boxes
                )
            )

        code = "NET-SG-IN" if interface.owner.provider == "aws" else "OCI-SEC-IN"
        gates = [
            self.reach.filter(interface, Direction.INGRESS, other_end(face, True))
            if gate.code == code and gate.node == interface.name
            else gate
            for gate in chain.gates
            if not gate.reply
        ]
        surely = sent(passed.must) if ends.surely is None else NOTHING
        clients = front.ends
        # Where nobody gets that far, what stands behind is told as if somebody did.
        start = sent(passed.may if passed.may else front.ends.start)
        seen = Ends(
            ends.source, ends.target, start, clients.public, clients.sources, ends.targets, surely
        )
        return Chain(seen, tuple(gates))


_SOMEWHERE: Final = Forward(
    Links(None, ""),  # type: ignore[arg-type]  # nobody asks where it was read
    Value(Unknown("where it forwards to is not known")),
    known(False),
)
_NO_TARGET: Final = Target(
    Links(None, ""),  # type: ignore[arg-type]  # it is replaced before anybody reads it
    Value(()),
    Value(Unknown("not known")),
)


def _key(group: TargetGroup) -> str:
    """Give the address by which a listener names a group: a part of a record, or all of it."""
    block = group.block
    return f"{block.record.address}.{block.path}" if block.path else block.record.address


def fronts_of(back: Back) -> Iterator[Service]:
    """Give the packets that a listener takes: one service for each protocol."""
    port = back.listener.port.content
    span = PORTS if isinstance(port, Unknown) or port == 0 else (port, port)
    protocol = back.listener.protocol.known_or("TCP_UDP")
    if protocol not in ("UDP", "QUIC"):
        yield Service((TCP, TCP), span)
    if protocol in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC", "ANY", "TCP_AND_UDP"):
        yield Service((UDP, UDP), span)


def _joined(front: Chain, gates: tuple[Gate, ...], onward: Chain) -> Chain:
    return Chain(front.ends, gates, front.kinds | onward.kinds, onward)


def _less_sure(chain: Chain) -> Chain:
    why = Evidence(chain.ends.target, "whether it sees the client's address is not known")
    gate = Gate("NET-UNKNOWN", chain.ends.target, "unknown", UNSURE,
                lambda packets, state: Told(why.fact, (why,)))  # fmt: skip
    return chain._replace(gates=(*chain.gates, gate))


def _doubted(chain: Chain, value: Value[int]) -> Chain:
    doubts = tuple(value.testify())
    told = Told("the port of the target is not known", doubts)
    gate = Gate("NET-UNKNOWN", value.source, "unknown", UNSURE, lambda packets, state: told)
    return chain._replace(gates=(*chain.gates, gate))
