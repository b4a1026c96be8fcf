"""Laws of packet sets and of pairs of them, tried against single packets of a small universe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.network.addresses import LAST, V6, Addresses, Interval
from scanner.network.packets import (
    CAP,
    EVERYTHING,
    ICMP,
    NOTHING,
    OPEN,
    PORTS,
    PROTOCOLS,
    SHUT,
    TCP,
    UDP,
    UNSURE,
    Box,
    Packets,
    Pair,
    any_of_pairs,
    box,
    certain,
    either,
    from_sources,
    perhaps,
    to_destinations,
    unite,
)

MANY = settings(max_examples=120, deadline=None)
ADDRESSES = (0, V6 - 1, V6, LAST)
KINDS = (ICMP, TCP, UDP, 50)
NUMBERS = (0, 8, 65535)

Packet = tuple[int, int, int, int, int]
UNIVERSE: tuple[Packet, ...] = tuple(product(ADDRESSES, ADDRESSES, KINDS, NUMBERS, NUMBERS))
Universe = frozenset[Packet]


def between(points: Sequence[int]) -> st.SearchStrategy[Interval]:
    pick = st.sampled_from(points)
    return st.tuples(pick, pick).map(lambda ends: (min(ends), max(ends)))


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    return box(
        draw(between(ADDRESSES)),
        draw(between(ADDRESSES)),
        draw(st.one_of(between(KINDS), st.just(PROTOCOLS))),
        draw(between(NUMBERS)),
        draw(between(NUMBERS)),
    )


SETS = st.lists(boxes(), max_size=4).map(lambda found: Packets(tuple(found)))


def within(item: Box, packet: Packet) -> bool:
    return all(item[2 * i] <= packet[i] <= item[2 * i + 1] for i in range(5))


@lru_cache(maxsize=4096)
def inside(item: Box) -> Universe:
    return frozenset(packet for packet in UNIVERSE if within(item, packet))


def members(found: Packets) -> Universe:
    return frozenset().union(*map(inside, found.boxes))


@MANY
@given(SETS, SETS)
def test_operations_are_those_of_sets(a: Packets, b: Packets) -> None:
    x, y = members(a), members(b)
    assert members(a & b) == x & y
    assert members(a | b) == x | y
    assert members(a - b) == x - y
    assert members(unite([a, b, a])) == x | y
    assert bool(a) == bool(x)
    assert bool(a & b) == bool(x & y)
    for found in (a & b, a | b, a - b):
        assert all(item[2 * i] <= item[2 * i + 1] for item in found.boxes for i in range(5))


@MANY
@given(SETS, SETS, SETS)
def test_laws_of_sets_hold_outside_of_the_universe_too(a: Packets, b: Packets, c: Packets) -> None:
    def same(one: Packets, other: Packets) -> bool:
        return one.covers(other) and other.covers(one)

    assert same((a - b) | (a & b), a)
    assert same(a & (b | c), (a & b) | (a & c))
    assert same(a - (b | c), (a - b) - c)
    assert not (a - b) & b
    assert a.covers(a & b) and (a | b).covers(b)
    assert a.covers(b) == (not b - a)
    assert same(EVERYTHING - (EVERYTHING - a), a)
    assert same(a & EVERYTHING, a) and same(a | NOTHING, a) and not a & NOTHING


@MANY
@given(SETS)
def test_the_ends_of_packets_are_all_their_ends(a: Packets) -> None:
    found = members(a)
    for read, place in ((a.sources(), 0), (a.destinations(), 1)):
        assert {p for p in ADDRESSES if any(low <= p <= high for low, high in read.intervals)} == {
            packet[place] for packet in found
        }
    wanted = Addresses.of((item[0], item[1]) for item in a.boxes)
    assert members(from_sources(wanted)) >= found
    assert members(to_destinations(a.destinations())) >= found


def reversed_packet(packet: Packet) -> Packet:
    source, target, kind, sender, port = packet
    return target, source, kind, port, sender


@MANY
@given(SETS)
def test_a_reply_is_the_packet_turned_around(a: Packets) -> None:
    found, back = members(a), members(a.reply())
    for packet in UNIVERSE:
        if packet[2] in (TCP, UDP):
            assert (packet in back) == (reversed_packet(packet) in found)
    for kind in KINDS:
        # What has no ports has the whole range of them.
        whole = box((a.boxes[0][0], a.boxes[0][1]) if a.boxes else (0, 0), (1, V6), (kind, kind))
        turned = Packets((whole,)).reply()
        assert members(turned) == {
            packet for packet in UNIVERSE if within(whole, reversed_packet(packet))
        }
    ported = {packet for packet in UNIVERSE if packet[2] in (TCP, UDP)}
    assert members(a.reply().reply()) & ported == found & ported


# Pairs

# What is not known is one of a few worlds: whether each of three facts holds.
WORLDS = tuple(product((False, True), repeat=3))
Unsure = tuple[Pair, Callable[[tuple[bool, ...]], Universe]]


@st.composite
def unsure_sets(draw: st.DrawFn) -> Unsure:
    """A set of which parts are there only if one of the facts holds, or does not."""
    sure = draw(SETS)
    parts = draw(st.lists(st.tuples(SETS, st.integers(0, 2), st.booleans()), max_size=2))
    pair = Pair(sure, unite([sure, *(part for part, _, _ in parts)]))
    known = members(sure)
    optional = [(members(part), fact, value) for part, fact, value in parts]

    def truth(world: tuple[bool, ...]) -> Universe:
        there = [found for found, fact, value in optional if world[fact] is value]
        return known.union(*there)

    return pair, truth


def bounds(pair: Pair, truth: Callable[[tuple[bool, ...]], Universe]) -> None:
    must, may = members(pair.must), members(pair.may)
    assert pair.may.covers(pair.must)
    for world in WORLDS:
        whole = truth(world)
        assert must <= whole <= may


@MANY
@given(unsure_sets(), unsure_sets())
def test_pairs_bound_every_world(one: Unsure, other: Unsure) -> None:
    (a, true_a), (b, true_b) = one, other
    bounds(a, true_a)
    bounds(a & b, lambda world: true_a(world) & true_b(world))
    bounds(a | b, lambda world: true_a(world) | true_b(world))
    bounds(a - b, lambda world: true_a(world) - true_b(world))
    bounds(any_of_pairs([a, b]), lambda world: true_a(world) | true_b(world))
    for fact in (0, 1, 2):
        bounds(either([a, b]), lambda world, fact=fact: (true_a, true_b)[world[fact]](world))  # type: ignore[misc]  # bound at once
    bounds(a - a, lambda world: frozenset())


@MANY
@given(SETS, SETS)
def test_what_is_known_stays_exact(a: Packets, b: Packets) -> None:
    one, other = certain(a), certain(b)
    found = (one & other, one | other, one - other, any_of_pairs([one, other]))
    for pair in found:
        assert members(pair.must) == members(pair.may)
        assert not pair.widened
    assert members(either([one, other]).must) == members(a & b)
    assert members(either([one, other]).may) == members(a | b)
    assert members(perhaps(a).may) == members(a) and not perhaps(a).must


@MANY
@given(unsure_sets())
def test_a_pair_turned_around_bounds_the_replies(one: Unsure) -> None:
    """Of ports; what an ICMP reply is does not follow from its request alone."""
    pair, truth = one
    back = pair.reply()
    must, may = members(back.must), members(back.may)
    ported = [packet for packet in UNIVERSE if packet[2] in (TCP, UDP)]
    for world in WORLDS:
        whole = truth(world)
        for packet in ported:
            assert (packet in must) <= (reversed_packet(packet) in whole) <= (packet in may)


# RFC 792 and RFC 4443: the types of requests and of their replies.
ECHO = ((ICMP, 8, 0), (58, 128, 129))


@pytest.mark.parametrize(("protocol", "asks", "answers"), ECHO)
def test_an_echo_needs_a_way_back_for_the_type_of_its_reply(
    protocol: int, asks: int, answers: int
) -> None:
    asked = Packets((box(protocol=(protocol, protocol), port=(asks, asks)),))
    for type, passes in ((answers, True), (asks, False), (3, False)):
        allowed = certain(Packets((box(protocol=(protocol, protocol), port=(type, type)),)))
        back = allowed.reply()
        if passes:
            assert back.may & asked
        else:
            assert not back.must & asked
    everything = certain(Packets((box(protocol=(protocol, protocol)),)))
    assert everything.reply().must.covers(asked)


def test_the_constants_say_what_they_are_called() -> None:
    assert OPEN.must is OPEN.may is EVERYTHING
    assert SHUT.must is SHUT.may is NOTHING
    assert perhaps(EVERYTHING) == UNSURE
    assert any_of_pairs([]) == SHUT


# The cap


def grid(count: int, shift: int = 0) -> Packets:
    """Many boxes that do not touch: that many source addresses, each to a port of its own."""
    return Packets(
        tuple(box(source=(4 * i, 4 * i + 1), port=((i + shift) % 60000,) * 2) for i in range(count))
    )


@pytest.mark.parametrize("count", [CAP // 2, CAP, CAP + 1])
def test_beyond_the_cap_may_is_widened_and_must_narrowed(count: int) -> None:
    half = grid(count // 2)
    rest = Packets(grid(count).boxes[count // 2 :])
    for pair in (certain(half) | certain(rest), any_of_pairs([certain(half), certain(rest)])):
        truth = grid(count)
        assert pair.may.covers(truth)
        assert truth.covers(pair.must)
        assert len(pair.must.boxes) <= CAP and len(pair.may.boxes) <= CAP
        assert pair.widened == (count > CAP)
        if count <= CAP:
            assert pair.must.covers(truth) and truth.covers(pair.may)


def test_what_is_widened_stays_so() -> None:
    wide = certain(grid(CAP)) | certain(Packets(grid(CAP + 9).boxes[CAP:]))
    assert wide.widened
    single = certain(Packets((box(port=(22, 22)),)))
    for pair in (wide & single, wide | single, wide - single, wide.reply(), single & wide,
                 either([single, wide]), any_of_pairs([single, wide])):  # fmt: skip
        assert pair.widened


def test_a_difference_from_something_widened_claims_nothing_more() -> None:
    """What is taken away is widened: then less is certain, and no less is possible."""
    truth = grid(CAP + 9)
    wide = certain(grid(CAP)) | certain(Packets(truth.boxes[CAP:]))
    all_ports = certain(Packets((box(port=PORTS),)))
    rest = all_ports - wide
    assert not rest.must & truth
    assert (rest.may | wide.must).covers(all_ports.must)


def test_many_equal_boxes_are_one() -> None:
    one = box(port=(22, 22))
    assert unite([Packets((one, one)), Packets((one,))]).boxes == (one,)
    assert (Packets((one,)) | EVERYTHING) is EVERYTHING
