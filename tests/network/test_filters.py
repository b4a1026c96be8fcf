"""Laws of groups and ACLs: what is certain, and what is possible, bound every completion.

Rules are written with any of their parts unknown.  Each completion is evaluated packet by packet:
an ACL by its first matching entry, groups by any matching rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.mapping.fields import Derived
from scanner.model.network import Direction, NetworkAcl, PortRange, SecurityGroup, TrafficRule
from scanner.network.addresses import V6
from scanner.network.filters import Acl, AclsInForce, Bundle, OtherEnd, Rules, rules_of
from scanner.network.packets import Packets, Pair
from scanner.record import Links, Record
from scanner.truth import Evidence, known, unknown
from scanner.value import Unknown, Value

MANY = settings(max_examples=150, deadline=None)
INGRESS, EGRESS = Direction.INGRESS, Direction.EGRESS
ORIGIN = Record("aws_network_acl", "aws_network_acl.a", {}).block
LATER = Unknown("known after apply")

# The other end of a packet, the protocol, the port of the sender and that of the target.
Packet = tuple[str, int, int, int]
ENDS = ("10.0.0.7", "10.0.9.9", "8.8.8.8")
UNIVERSE: tuple[Packet, ...] = tuple(
    product(ENDS, (6, 17), (2000, 40000), (22, 443, 50000))
) + tuple((end, 50, 0, 0) for end in ENDS)
HERE = "192.0.2.1"

RANGES = (("0.0.0.0/0",), ("10.0.0.0/8",), ("10.0.0.0/24",), ("8.8.8.8/32", "10.0.9.0/24"))
PORTS = (
    PortRange("all", 0, 65535),
    PortRange("tcp", 22, 22),
    PortRange("tcp", 0, 65535),
    PortRange("tcp", 400, 60000),
    PortRange("udp", 0, 443),
    PortRange("tcp", 22, 443, 1024, 9999),
    PortRange("50", 0, 65535),
)
GROUPS = ("g1", "g2")
_PROTOCOLS = {"tcp": 6, "udp": 17}


@dataclass(frozen=True)
class Written:
    """One rule; None stands for what is not known.  groups: those that it names for certain."""

    direction: Direction
    ports: PortRange | None
    ranges: tuple[str, ...] | None
    allows: bool | None = True
    order: int | None = 0
    stateless: bool | None = False
    groups: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()

    def rule(self) -> TrafficRule:
        return TrafficRule(
            self.direction,
            Value(LATER if self.ports is None else self.ports, ORIGIN, "ports"),
            Value(LATER if self.ranges is None else self.ranges, ORIGIN, "sources"),
            Links(ORIGIN, "groups", targets=self.groups, maybe=self.perhaps),
            _truth(self.allows),
            Value(LATER if self.order is None else self.order, ORIGIN, "order"),
            _truth(self.stateless),
            Value("", ORIGIN),
            "rule",
        )

    def completions(self, orders: Sequence[int], flags: Sequence[bool]) -> Iterator[Written]:
        ports: Sequence[PortRange] = PORTS if self.ports is None else (self.ports,)
        ranges: Sequence[tuple[str, ...]] = RANGES if self.ranges is None else (self.ranges,)
        # One unknown part at a time is completed by everything, several by a few of each.
        if self.ports is None and self.ranges is None:
            ports, ranges = PORTS[:3], RANGES[:3]
        groups = [
            (
                *self.groups,
                *(name for name, there in zip(self.perhaps, chosen, strict=True) if there),
            )
            for chosen in product((False, True), repeat=len(self.perhaps))
        ]
        for port, place, allows, order, stateless, names in product(
            ports,
            ranges,
            flags if self.allows is None else (self.allows,),
            orders if self.order is None else (self.order,),
            (False, True) if self.stateless is None else (self.stateless,),
            groups,
        ):
            yield Written(self.direction, port, place, allows, order, stateless, names)

    def matches(self, packet: Packet, bears: frozenset[str]) -> bool:
        end, protocol, sender, target = packet
        ports, ranges = self.ports, self.ranges
        assert ports is not None and ranges is not None
        if not bears & set(self.groups) and not any(
            ip_address(end) in ip_network(text) for text in ranges
        ):
            return False
        if ports.protocol == "all":
            return True
        if protocol != int(_PROTOCOLS.get(ports.protocol, 50)):
            return False
        return protocol == 50 or (
            ports.first <= target <= ports.last
            and ports.source_first <= sender <= ports.source_last
        )


def _truth(flag: bool | None) -> Any:
    return unknown(Evidence("rule", "known after apply")) if flag is None else known(flag)


def seldom(draw: st.DrawFn, chance: int = 5) -> bool:
    return draw(st.integers(0, chance - 1)) == 0


@st.composite
def entries(draw: st.DrawFn, order: int, all_known: bool) -> Written:
    unsure = not all_known
    return Written(
        draw(st.sampled_from((INGRESS, EGRESS))),
        None if unsure and seldom(draw) else draw(st.sampled_from(PORTS)),
        None if unsure and seldom(draw) else draw(st.sampled_from(RANGES)),
        None if unsure and seldom(draw) else draw(st.booleans()),
        None if unsure and seldom(draw) else order,
    )


@st.composite
def acls(draw: st.DrawFn, all_known: bool = False) -> tuple[Written, ...]:
    count = draw(st.integers(0, 4 if all_known else 3))
    found = [draw(entries(10 * (number + 1), all_known)) for number in range(count)]
    return tuple(draw(st.permutations(found)))


def resource(kind: type[Any], written: Sequence[Written], name: str = "a") -> Any:
    rules = Value(tuple(item.rule() for item in written), ORIGIN, "rules")
    block = Record("aws_thing", name, {}).block
    return kind(block, "aws_thing", {"rules": Derived(lambda _: rules)})


def compiled(written: Sequence[Written], name: str = "a") -> Rules:
    return rules_of(resource(SecurityGroup, written, name))


def holds(found: Packets, packet: Packet, direction: Direction) -> bool:
    end, protocol, sender, target = packet
    there, here = int(ip_address(end)), int(ip_address(HERE))
    source, destination = (there, here) if direction is INGRESS else (here, there)
    point = (source, destination, protocol, sender, target)
    return any(
        all(box[2 * i] <= point[i] <= box[2 * i + 1] for i in range(5)) for box in found.boxes
    )


def first_match(written: Sequence[Written], packet: Packet, direction: Direction) -> bool:
    for item in sorted(written, key=lambda item: item.order or 0):
        if item.direction is direction and item.matches(packet, frozenset()):
            return item.allows is True
    return False


def every(
    written: Sequence[Written], orders: Sequence[int] = (0,), limit: int = 3000
) -> Iterator[tuple[Written, ...]]:
    choices = [list(item.completions(orders, (False, True))) for item in written]
    total = 1
    for some in choices:
        total *= len(some)
    if total <= limit:
        yield from product(*choices)


@MANY
@given(acls(all_known=True))
def test_a_known_acl_is_decided_by_its_first_matching_entry(written: tuple[Written, ...]) -> None:
    acl = Acl(rules_of(resource(NetworkAcl, written)))
    for direction, pair in ((INGRESS, acl.inward), (EGRESS, acl.outward)):
        for packet in UNIVERSE:
            wanted = first_match(written, packet, direction)
            assert holds(pair.must, packet, direction) == wanted
            assert holds(pair.may, packet, direction) == wanted


# Numbers before, between and after those that are known.
ORDERS = (5, 15, 25, 35)


@MANY
@given(acls())
def test_an_unknown_acl_bounds_every_completion(written: tuple[Written, ...]) -> None:
    acl = Acl(rules_of(resource(NetworkAcl, written)))
    sides = {
        direction: (
            {packet for packet in UNIVERSE if holds(pair.must, packet, direction)},
            {packet for packet in UNIVERSE if holds(pair.may, packet, direction)},
        )
        for direction, pair in ((INGRESS, acl.inward), (EGRESS, acl.outward))
    }
    for whole in every(written, ORDERS, 400):
        orders = [item.order for item in whole]
        if len(set(orders)) < len(orders):
            continue
        for direction, (must, may) in sides.items():
            allowed = {packet for packet in UNIVERSE if first_match(whole, packet, direction)}
            assert must <= allowed <= may


@MANY
@given(acls(), acls())
def test_one_of_two_acls_lets_through_what_either_does(
    one: tuple[Written, ...], other: tuple[Written, ...]
) -> None:
    pairs = [Acl(rules_of(resource(NetworkAcl, item))) for item in (one, other)]
    found = AclsInForce(pairs)
    for direction in Direction:
        both = found.pair(direction)
        for packet in UNIVERSE:
            each = [item.inward if direction is INGRESS else item.outward for item in pairs]
            assert holds(both.must, packet, direction) == all(
                holds(pair.must, packet, direction) for pair in each
            )
            assert holds(both.may, packet, direction) == any(
                holds(pair.may, packet, direction) for pair in each
            )


@st.composite
def group_rules(draw: st.DrawFn, all_known: bool, oci: bool) -> Written:
    unsure = not all_known
    found = Written(
        draw(st.sampled_from((INGRESS, EGRESS))),
        None if unsure and seldom(draw) else draw(st.sampled_from(PORTS)),
        None if unsure and seldom(draw) else draw(st.sampled_from(((), *RANGES))),
        None if unsure and seldom(draw, 8) else True,
    )
    if oci:
        state = None if unsure and seldom(draw) else draw(st.booleans())
        found = replace(found, stateless=state)
    if draw(st.booleans()):
        found = replace(found, groups=(draw(st.sampled_from(GROUPS)),))
    if unsure and seldom(draw):
        found = replace(found, perhaps=(draw(st.sampled_from(GROUPS)),))
    return found


@st.composite
def bundles(draw: st.DrawFn, all_known: bool, oci: bool) -> list[tuple[tuple[Written, ...], bool]]:
    """Groups with their rules, each with whether the interface certainly bears it."""
    found = []
    for _ in range(draw(st.integers(1, 2))):
        rules = draw(st.lists(group_rules(all_known, oci), max_size=2))
        found.append((tuple(rules), all_known or not seldom(draw, 3)))
    return found


OTHERS = st.sampled_from(
    [
        (OtherEnd(frozenset(own), frozenset((*own, *more)), by_group=by_group), own, more)
        for own in ((), ("g1",), ("g1", "g2"))
        for more in ((), ("g2",))
        for by_group in (True, False, None)
    ]
)


def admitted(rules: Sequence[Written], packet: Packet, direction: Direction,
             bears: frozenset[str]) -> bool:  # fmt: skip
    """Whether a packet, and its reply where nothing is tracked, passes rules that are all known."""
    mine = [
        item for item in rules
        if item.allows and item.direction is direction and item.matches(packet, bears)
    ]  # fmt: skip
    if not mine:
        return False
    if not any(item.stateless for item in mine):
        return True
    end, protocol, sender, target = packet
    reply = (end, protocol, target, sender)
    return any(
        item.allows and item.direction is not direction and item.matches(reply, bears)
        for item in rules
    )


def bears_of(other: OtherEnd, more: Sequence[str]) -> Iterator[frozenset[str]]:
    """Every set of groups by which the other end may be named."""
    if other.by_group is not True:
        yield frozenset()
    if other.by_group is not False:
        for chosen in product((False, True), repeat=len(more)):
            names = [name for name, there in zip(more, chosen, strict=True) if there]
            yield other.groups | set(names)


def check_bundle(
    groups: list[tuple[tuple[Written, ...], bool]],
    ends: tuple[OtherEnd, tuple[str, ...], tuple[str, ...]],
    exact: bool,
) -> None:
    other, _, more = ends
    bundle = Bundle(
        [compiled(rules) for rules, sure in groups if sure],
        [compiled(rules, "b") for rules, sure in groups if not sure],
        (),
        OtherEnd(),
        tracks=all(item.stateless is False for rules, _ in groups for item in rules),
    )
    for direction in Direction:
        pair: Pair = bundle.admits(direction, other)
        if bundle.is_stateless(direction):
            pair = bundle.answers(direction, other)
        must = {packet for packet in UNIVERSE if holds(pair.must, packet, direction)}
        may = {packet for packet in UNIVERSE if holds(pair.may, packet, direction)}
        wholes = 0
        for worn in product(*([True] if sure else [False, True] for _, sure in groups)):
            rules = [
                item
                for (some, _), there in zip(groups, worn, strict=True)
                if there
                for item in some
            ]
            for whole in every(rules, limit=300):
                for bears in bears_of(other, more):
                    wholes += 1
                    passes = {
                        packet for packet in UNIVERSE if admitted(whole, packet, direction, bears)
                    }
                    assert must <= passes <= may
        if exact and wholes == 1:
            assert must == may


@settings(max_examples=100, deadline=None)
@given(bundles(all_known=True, oci=False), OTHERS)
def test_known_groups_are_united(groups: Any, other: Any) -> None:
    check_bundle(groups, other, exact=True)


@settings(max_examples=100, deadline=None)
@given(bundles(all_known=True, oci=True), OTHERS)
def test_stateless_rules_need_one_for_the_reply(groups: Any, other: Any) -> None:
    check_bundle(groups, other, exact=True)


@settings(max_examples=100, deadline=None)
@given(bundles(all_known=False, oci=False), OTHERS)
def test_unknown_groups_bound_every_completion(groups: Any, other: Any) -> None:
    check_bundle(groups, other, exact=False)


@settings(max_examples=100, deadline=None)
@given(bundles(all_known=False, oci=True), OTHERS)
def test_unknown_stateless_rules_bound_every_completion(groups: Any, other: Any) -> None:
    check_bundle(groups, other, exact=False)


def test_a_group_of_unknown_rules_may_let_anything_through() -> None:
    hole = Rules("g", (), (), "it was not read")
    closed = compiled([])
    pair = Bundle([hole, closed], [], (), OtherEnd()).admits(INGRESS, OtherEnd())
    assert not pair.must
    assert all(holds(pair.may, packet, INGRESS) for packet in UNIVERSE)
    opened = compiled([Written(INGRESS, PORTS[0], RANGES[0])])
    pair = Bundle([hole, opened], [], (), OtherEnd()).admits(INGRESS, OtherEnd())
    assert all(holds(pair.must, packet, INGRESS) for packet in UNIVERSE)
    assert all(low < V6 for low, *_ in pair.must.boxes)
