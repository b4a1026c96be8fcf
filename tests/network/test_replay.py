"""What a path cites is enough: the cited rules alone let a packet through, and nothing else does.

Of each open path only the rules, entries, routes and gateways are kept that its hops cite; the
oracle then sends packets through what is left.  Of each shut path every blocker that is told stops
all packets, and there is no other one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

import pytest

from scanner.model.network import NetworkAcl, SecurityGroup
from scanner.network.chain import Answer, Chain, Hop, Path, outcome, path_of
from scanner.network.filters import describe
from scanner.network.packets import OPEN
from scanner.truth import State
from tests.network.asking import WORLDS, Engine, Question, questions
from tests.network.oracle import ANYTHING, CLIENTS, TCP, Cloud, Packet, Service, cloud
from tests.network.test_soundness import holds
from tests.network.worlds import Route, World, completions

BATCHES: Final = 6
SIZE: Final = 60
_NUMBER: Final = re.compile(r"\.r(\d+)$")
_SEPARATE: Final = re.compile(r"^aws_network_acl_rule\.(\w+)_(\d+)$")
_INLINE: Final = re.compile(r"\.(ingress|egress)(?:_security_rules)?\[(\d+)\]$")
GROUPS: Final = (
    *("aws_security_group", "oci_core_network_security_group"),
    *("oci_core_security_list", "oci_core_default_security_list"),
)
ACLS: Final = ("aws_network_acl", "aws_default_network_acl")


class Cited(NamedTuple):
    """All that the hops of a path cite: in words, and by address."""

    texts: dict[str, str]
    replies: str

    @classmethod
    def of(cls, hops: tuple[Hop, ...]) -> Cited:
        texts: dict[str, str] = {}
        for hop in hops:
            texts[hop.node] = f"{texts.get(hop.node, '')}\n{hop.text}"
        # The whole way of a reply stands in one hop.
        return cls(texts, "\n".join(hop.text for hop in hops if hop.code == "NET-RET"))

    def names(self, *addresses: str) -> bool:
        """Whether one of these is a hop, or is named by one."""
        everything = "\n".join((*self.texts, *self.texts.values()))
        return any(
            re.search(rf"{re.escape(address)}(?![\w.])", everything) for address in addresses
        )

    def tells(self, node: str, text: str) -> bool:
        return text in self.texts.get(node, "") or text in self.replies


class Reduced:
    """A world without all rules, entries, routes and gateways that a path does not cite."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self.engine = engine
        self.world = engine.world
        self.cited = Cited.of(path.hops)

    def worlds(self) -> World:
        world, cited = self.world, self.cited
        aws = world.cloud == "aws"
        gateway = "aws_internet_gateway" if aws else "oci_core_internet_gateway"
        joint = "aws_vpc_peering_connection" if aws else "oci_core_local_peering_gateway"
        nat = "aws_nat_gateway" if aws else "oci_core_nat_gateway"
        door = "aws_ec2_transit_gateway_vpc_attachment" if aws else "oci_core_drg_attachment"
        rules = set(self._rules())
        entries = set(self._entries())
        return replace(
            world,
            networks=tuple(
                replace(
                    item, has_gateway=item.has_gateway and cited.names(f"{gateway}.{item.name}")
                )
                for item in world.networks
            ),
            rules=tuple(rule for place, rule in enumerate(world.rules) if place in rules),
            entries=tuple(entry for place, entry in enumerate(world.entries) if place in entries),
            routes=tuple(route for route in world.routes if self._tells_route(route)),
            nats=tuple(item for item in world.nats if cited.names(f"{nat}.{item.name}")),
            peerings=tuple(
                item
                for item in world.peerings
                if cited.names(
                    f"{joint}.{item.name}", *(f"{joint}.{item.name}_{end}" for end in item.ends)
                )
            ),
            attachments=tuple(
                item for item in world.attachments if cited.names(f"{door}.{item.name}")
            ),
        )

    def _tells_route(self, route: Route) -> bool:
        """Whether a hop says that this route decides."""
        tables = [
            f"{kind}.{route.table}"
            for kind in (
                *("aws_route_table", "aws_default_route_table"),
                *("oci_core_route_table", "oci_core_default_route_table"),
            )
        ]
        destination = route.destination
        if not isinstance(destination, str):
            destination = "a destination that is not known"
        return any(self.cited.tells(table, f"route {destination} to ") for table in tables)

    def _rules(self) -> Iterator[int]:
        """Give the places of the rules that hops cite."""
        graph, world = self.engine.graph, self.world
        for item in world.groups:
            for kind in GROUPS:
                group = graph.at(f"{kind}.{item.name}", SecurityGroup)
                if group is None or not isinstance(group.rules.content, tuple):
                    continue
                for rule in group.rules.content:
                    if self.cited.tells(group.address, describe(rule)):
                        yield self._place(rule.origin, item.name)

    def _place(self, origin: str, owner: str) -> int:
        number = _NUMBER.search(origin)
        if number is not None:
            return int(number[1])
        inline = _INLINE.search(origin)
        assert inline is not None, origin
        mine = [
            place
            for place, rule in enumerate(self.world.rules)
            if rule.group == owner and rule.inward == (inline[1] == "ingress")
        ]
        return mine[int(inline[2])]

    def _entries(self) -> Iterator[int]:
        graph, world = self.engine.graph, self.world
        for item in world.acls:
            mine = [place for place, entry in enumerate(world.entries) if entry.acl == item.name]
            for kind in ACLS:
                acl = graph.at(f"{kind}.{item.name}", NetworkAcl)
                if acl is None or not isinstance(acl.rules.content, tuple):
                    continue
                for entry in acl.rules.content:
                    if not self.cited.tells(acl.address, describe(entry)):
                        continue
                    separate = _SEPARATE.match(entry.origin)
                    inline = _INLINE.search(entry.origin)
                    if separate is not None:
                        yield mine[int(separate[2])]
                    elif inline is not None:
                        inward = inline[1] == "ingress"
                        same = [place for place in mine if world.entries[place].inward == inward]
                        yield same[int(inline[2])]


def passes(judge: Cloud, question: Question, answer: Answer) -> bool:
    """Whether one of the packets that an answer promises is answered in a complete world."""
    kind, *about = question
    items = {item.name: item for item in judge.world.instances}
    one = items[about[0]]
    if kind == "direct":
        return any(holds(answer.must, packet) for packet in judge.entering(one))
    if kind == "balancer":
        return True in judge.balanced(one)
    host = judge.host(one)
    if kind == "egress":
        public = judge.has_public_address(one)
        return any(
            holds_outward(answer, packet) and judge.leaves(packet, host, public)
            for client in CLIENTS
            for packet in judge.packets(host.address, client, ANYTHING)
        )
    other = judge.host(items[about[1]])
    asked = Service(TCP, about[2])
    return any(
        judge.connects(packet, host, other)
        for packet in judge.packets(host.address, other.address, asked)
    )


def holds_outward(answer: Answer, packet: Packet) -> bool:
    wanted = (packet.target, packet.protocol, packet.sender, packet.port)
    return any(
        all(box[i] <= number <= box[i + 1] for i, number in zip((2, 4, 6, 8), wanted, strict=True))
        for box in answer.must.boxes
    )


CASES: Final = [(provider, batch) for provider in WORLDS for batch in range(BATCHES)]


def answered(provider: str, batch: int) -> Iterator[tuple[str, Engine, Question, Answer]]:
    """Ask for paths in worlds as plans show them, and in some complete ones."""
    for seed in range(90_000 + batch * SIZE, 90_000 + (batch + 1) * SIZE):
        world = WORLDS[provider](seed)
        if seed % 2:
            world = next(completions(world))
        engine = Engine(world)
        for question in questions(world, seed):
            if question[0] in ("direct", "balancer", "egress", "path"):
                yield f"{provider} {seed} {question}", engine, question, engine.paths(question)


@pytest.mark.parametrize(("provider", "batch"), CASES)
def test_the_cited_rules_alone_let_a_packet_through(provider: str, batch: int) -> None:
    replayed = 0
    for name, engine, question, answer in answered(provider, batch):
        if answer.state is not State.TRUE:
            continue
        replayed += 1
        left = Reduced(engine, answer.paths[0]).worlds()
        for whole in completions(left):
            assert passes(cloud(whole), question, answer), f"{name}\n{told(answer.paths[0])}"
    assert replayed > SIZE


@pytest.mark.parametrize(("provider", "batch"), CASES)
def test_each_blocker_stops_everything_and_no_other_does(provider: str, batch: int) -> None:
    for name, _, _, answer in answered(provider, batch):
        for found, chain in answer.found:
            if found.state is not State.FALSE:
                continue
            path = path_of(chain)
            stopping: set[str] = set()
            for part in legs(chain):
                shut = [*stops(part)]
                stopping |= {part.gates[place].code for place in shut}
                opened = opening(part, shut)
                assert outcome(opened).state is not State.FALSE, f"{name}\n{told(path)}"
                for place in shut:
                    alone = opening(part, [other for other in shut if other != place])
                    assert outcome(alone).state is State.FALSE, f"{name}\n{told(path)}"
            assert {hop.code for hop in path.blockers} == stopping != set(), name


def legs(chain: Chain) -> Iterator[Chain]:
    """Give a chain, and each further one that it leads to, by itself."""
    further: Chain | None = chain
    while further is not None:
        yield further._replace(onward=None)
        further = further.onward


def stops(chain: Chain) -> Iterator[int]:
    """Give the places of the gates that let nothing pass of what those before them let pass."""
    may = chain.ends.start
    for place, gate in enumerate(chain.gates):
        if chain.ends.alive(may & gate.pair.may):
            may = may & gate.pair.may
        else:
            yield place


def opening(chain: Chain, places: list[int]) -> Chain:
    gates = (
        gate._replace(pair=OPEN) if place in places else gate
        for place, gate in enumerate(chain.gates)
    )
    return chain._replace(gates=tuple(gates))


def told(path: Path) -> str:
    return "\n".join(
        f"{'<-' if hop.reply else '->'} {hop.state.value} {hop.code} {hop.node}: {hop.text}"
        for hop in path.hops
    )
