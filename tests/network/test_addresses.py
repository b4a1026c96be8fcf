"""Laws of address sets and of route tables, tried against single addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.network import GatewayKind
from scanner.network.addresses import (
    ALL_V4,
    ALL_V6,
    EVERYWHERE,
    INTERNET_V4,
    INTERNET_V6,
    LAST,
    NOWHERE,
    PUBLIC,
    V6,
    Addresses,
    Grade,
    Interval,
    grade,
    interval,
    write,
)
from scanner.network.routing import Entry, Table

MANY = settings(max_examples=400, deadline=None)
# Both ends of the line, and where one family meets the other.
POINTS = (*range(8), *range(V6 - 8, V6 + 8), *range(LAST - 7, LAST + 1))


@st.composite
def spans(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(st.sampled_from(POINTS)), draw(st.sampled_from(POINTS))))
    return low, high


SPANS = st.lists(spans(), max_size=5)


def members(found: Addresses) -> set[int]:
    return {point for point in POINTS if any(low <= point <= high for low, high in found.intervals)}


def is_tidy(found: Addresses) -> bool:
    pairs = zip(found.intervals, found.intervals[1:], strict=False)
    return all(low <= high for low, high in found.intervals) and all(
        a[1] + 1 < b[0] for a, b in pairs
    )


@MANY
@given(SPANS, SPANS)
def test_operations_are_those_of_sets(ones: list[Interval], others: list[Interval]) -> None:
    a, b = Addresses.of(ones), Addresses.of(others)
    x, y = members(a), members(b)
    assert x == {point for point in POINTS if any(low <= point <= high for low, high in ones)}
    for found, wanted in ((a, x), (a | b, x | y), (a & b, x & y), (a - b, x - y)):
        assert is_tidy(found)
        assert members(found) == wanted
    assert bool(a) == bool(ones)
    assert a.overlaps(b) == any(max(p[0], q[0]) <= min(p[1], q[1]) for p in ones for q in others)
    assert a.covers(b) == (a | b == a) == (not b - a)
    assert (a - b) | (a & b) == a
    assert a & b == b & a
    assert a | b == b | a
    assert EVERYWHERE - (EVERYWHERE - a) == a
    assert (a == b) == (a.covers(b) and b.covers(a))


NETWORKS = st.one_of(
    st.builds(
        lambda number, bits: str(ip_network((number, bits), strict=False)),
        st.integers(0, V6 - 1),
        st.integers(0, 32),
    ),
    st.builds(
        lambda number, bits: str(ip_network((number, bits), strict=False)),
        st.integers(V6, (1 << 128) - 1),
        st.integers(0, 128),
    ),
)


@MANY
@given(NETWORKS)
def test_what_is_written_is_read_again(text: str) -> None:
    found = interval(text)
    assert found is not None
    network = ip_network(text)
    assert found[1] - found[0] + 1 == network.num_addresses
    assert (found[0] >= V6) == (found[1] >= V6) == (network.version == 6)
    assert interval(write(*found)) == found
    assert Addresses.read([text, "no range"]) == Addresses((found,))


def test_what_is_no_range_is_none() -> None:
    for text in ("", "internet", "10.0.0.0/33", "10.0.0", "::/129", "pl-12345678", "sg-1"):
        assert interval(text) is None


@MANY
@given(NETWORKS, st.integers(1, 4))
def test_a_range_in_parts_is_the_range(text: str, depth: int) -> None:
    """Halves, and halves of halves, grade as what they are together."""
    network = ip_network(text)
    depth = min(depth, network.max_prefixlen - network.prefixlen)
    parts = [str(part) for part in network.subnets(depth)]
    whole = Addresses.read([text])
    assert Addresses.read(parts) == whole
    assert grade(Addresses.read(parts)) is grade(whole)


def test_two_halves_of_the_internet_are_the_internet() -> None:
    for low, high in (("0.0.0.0/1", "128.0.0.0/1"), ("::/1", "8000::/1")):
        assert grade(Addresses.read([low, high])) is Grade.ANY
    assert grade(Addresses.read(["0.0.0.0/1"])) is Grade.WIDE
    assert grade(Addresses.read(["10.0.0.0/8", "192.168.0.0/16", "fc00::/7"])) is Grade.NONE
    assert grade(Addresses.read(["8.8.8.0/24"])) is Grade.SOME
    assert grade(NOWHERE) is Grade.NONE


_ORDER = (Grade.NONE, Grade.SOME, Grade.WIDE, Grade.ANY)


@MANY
@given(st.lists(NETWORKS, max_size=4), st.lists(NETWORKS, max_size=4))
def test_a_larger_set_grades_no_lower(ones: list[str], more: list[str]) -> None:
    less, both = Addresses.read(ones), Addresses.read([*ones, *more])
    assert _ORDER.index(grade(less)) <= _ORDER.index(grade(both))
    assert (grade(less) is Grade.NONE) == (not less & PUBLIC)


def test_the_internet_holds_no_private_address() -> None:
    for text in ("10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"):
        assert not INTERNET_V4.overlaps(Addresses.read([text]))
    for text in ("fc00::1", "fe80::1", "::1", "ff02::1"):
        assert not INTERNET_V6.overlaps(Addresses.read([text]))
    for text in ("8.8.8.8", "2600::1"):
        assert PUBLIC.covers(Addresses.read([text]))


# Route tables


def prefix(low: int, bits: int) -> Interval:
    """A prefix of a family of three bits, at the end of IPv4 or at the beginning of IPv6."""
    size = 1 << (3 - bits)
    start = (low % 8) // size * size
    base = V6 if low >= 8 else V6 - 8
    return base + start, base + start + size - 1


PREFIXES = st.builds(prefix, st.integers(0, 15), st.integers(0, 3))
NEAR = tuple(range(V6 - 8, V6 + 8))


@st.composite
def entries(draw: st.DrawFn, number: int, sure_only: bool = False) -> Entry:
    """A route that is certain, perhaps there, or leads anywhere, or somewhere in its range."""
    places: tuple[Interval, ...] | None
    places = tuple(draw(st.lists(PREFIXES, min_size=1, max_size=2, unique=True)))
    sure = sure_only or draw(st.booleans())
    vague = False
    if not sure_only and draw(st.integers(0, 3)) == 0:
        vague = draw(st.booleans())
        places = places if vague else None
    return Entry(
        places,
        draw(st.integers(0, 2)),
        sure,
        GatewayKind.OTHER,
        (f"target-{number}",),
        True,
        f"route {number}",
        vague=vague,
    )


@st.composite
def tables(draw: st.DrawFn, sure_only: bool = False, most: int = 5) -> tuple[Entry, ...]:
    count = draw(st.integers(0, most))
    found = [draw(entries(number, sure_only)) for number in range(count)]
    # A table holds each destination once for each rank, as the providers demand.
    seen: set[tuple[Interval, int]] = set()
    kept = []
    for entry in found:
        places = entry.places
        if places is None or entry.vague:
            kept.append(entry)
            continue
        fresh = tuple(place for place in places if (place, entry.rank) not in seen)
        seen.update((place, entry.rank) for place in fresh)
        if fresh:
            kept.append(entry._replace(places=fresh))
    return tuple(kept)


def looked_up(found: Sequence[Entry], address: int) -> str | None:
    """Find the route of one address as a router does: the longest prefix, then the lowest rank."""
    matching = [
        (high - low, entry.rank, entry.targets[0])
        for entry in found
        for low, high in entry.places or ()
        if low <= address <= high
    ]
    return min(matching)[2] if matching else None


def holds(where: Addresses, address: int) -> bool:
    return any(low <= address <= high for low, high in where.intervals)


@MANY
@given(tables(sure_only=True, most=8))
def test_a_known_table_is_looked_up_by_the_longest_prefix(found: tuple[Entry, ...]) -> None:
    table = Table("table", found)
    for address in (*NEAR, 0, LAST):
        wanted = looked_up(found, address)
        deciding = [piece for piece in table.pieces if holds(piece.may, address)]
        assert [piece.entry.targets[0] for piece in deciding] == ([wanted] if wanted else [])
        assert all(holds(piece.must, address) for piece in deciding)
        assert holds(table.rest, address) == holds(table.perhaps_rest, address) == (wanted is None)


def completions(found: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Every table that the unknown facts leave open: routes there or not, anywhere."""
    choices: list[list[tuple[Interval, ...] | None]] = []
    anywhere = [prefix(0, 0), prefix(8, 0), prefix(4, 1), prefix(8, 2)]
    anywhere += [prefix(low, 3) for low in (0, 7, 8, 13)]
    for entry in found:
        some: list[tuple[Interval, ...] | None] = []
        if entry.places is None:
            some += [(place,) for place in anywhere]
        elif entry.vague:
            within = Addresses.of(entry.places)
            some += [(place,) for place in anywhere if within.covers(Addresses((place,)))]
        else:
            some.append(entry.places)
        if not entry.sure:
            some.append(None)
        choices.append(some)
    for chosen in product(*choices):
        yield [
            entry._replace(places=places)
            for entry, places in zip(found, chosen, strict=True)
            if places is not None
        ]


def distinct(found: Sequence[Entry]) -> bool:
    places = [(place, entry.rank) for entry in found for place in entry.places or ()]
    return len(places) == len(set(places))


@settings(max_examples=250, deadline=None)
@given(tables(most=4))
def test_an_incomplete_table_holds_whatever_it_turns_out_to_be(found: tuple[Entry, ...]) -> None:
    table = Table("table", found)
    for piece in table.pieces:
        assert piece.may.covers(piece.must)
    for whole in completions(found):
        if not distinct(whole):
            continue
        for address in NEAR:
            decides = looked_up(whole, address)
            for piece in table.pieces:
                if holds(piece.must, address):
                    assert decides == piece.entry.targets[0]
            if decides is None:
                assert holds(table.perhaps_rest, address)
            else:
                assert not holds(table.rest, address)
                assert any(
                    holds(piece.may, address) and piece.entry.targets[0] == decides
                    for piece in table.pieces
                )
            if holds(table.rest, address):
                assert decides is None
            if not holds(table.perhaps_rest, address):
                assert decides is not None


@settings(max_examples=250, deadline=None)
@given(tables(most=4))
def test_what_a_table_leaves_open_is_open(found: tuple[Entry, ...]) -> None:
    """No route is said to be possible that decides in no completion, where all are tried."""
    if any(entry.places is None or entry.vague for entry in found):
        return
    table = Table("table", found)
    decided = {
        (looked_up(whole, address), address) for whole in completions(found) for address in NEAR
    }
    for piece in table.pieces:
        for address in NEAR:
            if holds(piece.may, address):
                assert (piece.entry.targets[0], address) in decided


def test_families_are_parts_of_one_line() -> None:
    assert ALL_V4[1] + 1 == ALL_V6[0] == V6
    assert Addresses((ALL_V4,)) | Addresses((ALL_V6,)) == EVERYWHERE
