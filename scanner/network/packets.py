"""Sets of packets, and pairs of them that say what certainly and what perhaps passes.

A set is a union of boxes over source, destination, protocol, source port and target port, all as
integers (addresses as in `addresses`).  For protocols without ports the ports are the whole range;
the target port of ICMP is its type.

A pair (must, may) stands for a set that is not completely known: `must` holds in every case that
the unknown facts leave open, `may` in some.  Sets are capped: beyond it `may` is widened to the
box around it and `must` is narrowed, so that neither ever claims more than is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Final, NamedTuple

from scanner.network.addresses import ANY, Addresses, Interval

# source low and high, destination, protocol, source port, target port
Box = tuple[int, int, int, int, int, int, int, int, int, int]

CAP: Final = 2048
PORTS: Final[Interval] = (0, 65535)
PROTOCOLS: Final[Interval] = (0, 255)
ICMP: Final = 1
TCP: Final = 6
UDP: Final = 17
ICMP_V6: Final = 58
EPHEMERAL: Final[Interval] = (1024, 65535)


def box(
    source: Interval = ANY,
    destination: Interval = ANY,
    protocol: Interval = PROTOCOLS,
    sender_port: Interval = PORTS,
    port: Interval = PORTS,
) -> Box:
    """Make a box."""
    return (*source, *destination, *protocol, *sender_port, *port)


def _meet(a: Box, b: Box) -> Box | None:
    s0 = a[0] if a[0] > b[0] else b[0]
    s1 = a[1] if a[1] < b[1] else b[1]
    if s0 > s1:
        return None
    d0 = a[2] if a[2] > b[2] else b[2]
    d1 = a[3] if a[3] < b[3] else b[3]
    if d0 > d1:
        return None
    p0 = a[4] if a[4] > b[4] else b[4]
    p1 = a[5] if a[5] < b[5] else b[5]
    if p0 > p1:
        return None
    q0 = a[6] if a[6] > b[6] else b[6]
    q1 = a[7] if a[7] < b[7] else b[7]
    if q0 > q1:
        return None
    t0 = a[8] if a[8] > b[8] else b[8]
    t1 = a[9] if a[9] < b[9] else b[9]
    if t0 > t1:
        return None
    return (s0, s1, d0, d1, p0, p1, q0, q1, t0, t1)


def _holds(a: Box, b: Box) -> bool:
    """Whether box a holds all of box b."""
    return (
        a[0] <= b[0] and a[1] >= b[1] and a[2] <= b[2] and a[3] >= b[3] and a[4] <= b[4]
        and a[5] >= b[5] and a[6] <= b[6] and a[7] >= b[7] and a[8] <= b[8] and a[9] >= b[9]
    )  # fmt: skip


def _cut(a: Box, b: Box) -> list[Box]:
    """Give what is left of box a without box b: at most two pieces for each dimension."""
    if _meet(a, b) is None:
        return [a]
    pieces: list[Box] = []
    rest = list(a)
    for low in range(0, 10, 2):
        high = low + 1
        if rest[low] < b[low]:
            piece = rest.copy()
            piece[high] = b[low] - 1
            pieces.append(tuple(piece))  # type: ignore[arg-type]  # it has ten numbers
            rest[low] = b[low]
        if rest[high] > b[high]:
            piece = rest.copy()
            piece[low] = b[high] + 1
            pieces.append(tuple(piece))  # type: ignore[arg-type]  # it has ten numbers
            rest[high] = b[high]
    return pieces


class Packets:
    """A set of packets."""

    __slots__ = ("boxes",)

    def __init__(self, boxes: tuple[Box, ...] = ()) -> None:
        self.boxes = boxes

    def __bool__(self) -> bool:
        return bool(self.boxes)

    def __repr__(self) -> str:
        return f"Packets({list(self.boxes)})"

    def __and__(self, other: Packets) -> Packets:
        if self is EVERYTHING:
            return other
        if other is EVERYTHING:
            return self
        mine, theirs = self.boxes, other.boxes
        if len(mine) == 1 and len(theirs) == 1:
            found = _meet(mine[0], theirs[0])
            return NOTHING if found is None else Packets((found,))
        met = [both for a in mine for b in theirs if (both := _meet(a, b)) is not None]
        return Packets(_absorbed(met)) if met else NOTHING

    def __or__(self, other: Packets) -> Packets:
        if not other.boxes or self is EVERYTHING:
            return self
        if not self.boxes or other is EVERYTHING:
            return other
        return Packets(_absorbed([*self.boxes, *other.boxes]))

    def __sub__(self, other: Packets) -> Packets:
        if not self.boxes or not other.boxes:
            return self
        rest: list[Box] = list(self.boxes)
        for taken in other.boxes:
            rest = [piece for item in rest for piece in _cut(item, taken)]
            if not rest:
                return NOTHING
        return Packets(_absorbed(rest))

    def covers(self, other: Packets) -> bool:
        """Whether it holds all of the other set."""
        return not (other - self)

    def reply(self, generous: bool = True) -> Packets:
        """Give the packets whose replies these are.

        The reply to an echo of ICMP is of another type (RFC 792, RFC 4443).  Whether other messages
        of ICMP are answered at all is not modelled: they are among them if `generous`.
        """
        if self is EVERYTHING or not self.boxes:
            return self
        return Packets(
            _absorbed([found for item in self.boxes for found in _mirror(item, generous)])
        )

    def sources(self) -> Addresses:
        """Give all their source addresses."""
        return Addresses.of((item[0], item[1]) for item in self.boxes)

    def destinations(self) -> Addresses:
        """Give all their destination addresses."""
        return Addresses.of((item[2], item[3]) for item in self.boxes)


_ECHO: Final = {ICMP: (8, 0), ICMP_V6: (128, 129)}


def _mirror(item: Box, generous: bool) -> Iterator[Box]:
    s0, s1, d0, d1, p0, p1, q0, q1, t0, t1 = item
    if p0 == p1 and p0 not in (TCP, UDP):
        head = (d0, d1, s0, s1, p0, p1, *PORTS)
        if (t0, t1) == PORTS or p0 not in _ECHO:
            yield (*head, *PORTS)
            return
        asks, answers = _ECHO[p0]
        if t0 <= answers <= t1:
            yield (*head, asks, asks)
        if generous:
            yield (*head, 0, asks - 1)
            yield (*head, asks + 1, PORTS[1])
        return
    yield (d0, d1, s0, s1, p0, p1, t0, t1, q0, q1)


def _absorbed(boxes: list[Box]) -> tuple[Box, ...]:
    """Leave out boxes that another one holds; nothing else is done where there are too many."""
    if len(boxes) < 2:
        return tuple(boxes)
    distinct = list(dict.fromkeys(boxes))
    if len(distinct) > 256:
        return tuple(distinct)
    kept: list[Box] = []
    for index, item in enumerate(distinct):
        if not any(
            other is not item and _holds(other, item) and (index > place or not _holds(item, other))
            for place, other in enumerate(distinct)
        ):
            kept.append(item)
    return tuple(kept)


NOTHING: Final = Packets()
EVERYTHING: Final = Packets((box(),))


def unite(sets: Iterable[Packets]) -> Packets:
    """Unite several sets at once."""
    boxes: list[Box] = []
    for item in sets:
        if item is EVERYTHING:
            return EVERYTHING
        boxes += item.boxes
    return Packets(_absorbed(boxes)) if boxes else NOTHING


def from_sources(addresses: Addresses) -> Packets:
    """Give all packets from these addresses."""
    return Packets(tuple(box(source=item) for item in addresses.intervals))


def to_destinations(addresses: Addresses) -> Packets:
    """Give all packets to these addresses."""
    return Packets(tuple(box(destination=item) for item in addresses.intervals))


class Pair(NamedTuple):
    """What certainly passes, and what perhaps does; `must` is within `may`.

    widened: one of them was cut to the cap.
    """

    must: Packets
    may: Packets
    widened: bool = False

    def __and__(self, other: Pair) -> Pair:
        widened = self.widened or other.widened
        return _capped(self.must & other.must, self.may & other.may, widened)

    def __or__(self, other: Pair) -> Pair:
        widened = self.widened or other.widened
        return _capped(self.must | other.must, self.may | other.may, widened)

    def __sub__(self, other: Pair) -> Pair:
        widened = self.widened or other.widened
        return _capped(self.must - other.may, self.may - other.must, widened)

    def reply(self) -> Pair:
        """Give the packets whose replies these are."""
        return Pair(self.must.reply(generous=False), self.may.reply(), self.widened)


def _capped(must: Packets, may: Packets, widened: bool) -> Pair:
    if len(must.boxes) <= CAP and len(may.boxes) <= CAP:
        return Pair(must, may, widened)
    if len(must.boxes) > CAP:
        must = Packets(must.boxes[:CAP])
    if len(may.boxes) > CAP:
        may = Packets((reduce(_around, may.boxes),))
    return Pair(must, may, True)


def _around(a: Box, b: Box) -> Box:
    return tuple(  # type: ignore[return-value]  # it has ten numbers
        (min if place % 2 == 0 else max)(a[place], b[place]) for place in range(10)
    )


def certain(packets: Packets) -> Pair:
    """Make the pair of a set that is completely known."""
    return Pair(packets, packets)


def perhaps(packets: Packets) -> Pair:
    """Make the pair of packets that may pass or not."""
    return Pair(NOTHING, packets)


OPEN: Final = certain(EVERYTHING)
SHUT: Final = certain(NOTHING)
UNSURE: Final = perhaps(EVERYTHING)


def either(pairs: Iterable[Pair]) -> Pair:
    """What holds if exactly one of these is in force, and it is not known which."""
    found = list(pairs)
    result = found[0]
    for item in found[1:]:
        result = Pair(
            result.must & item.must, result.may | item.may, result.widened or item.widened
        )
    return _capped(*result)


def any_of_pairs(pairs: Iterable[Pair]) -> Pair:
    """What passes one of several at once."""
    found = list(pairs)
    if not found:
        return SHUT
    return _capped(
        unite(item.must for item in found),
        unite(item.may for item in found),
        any(item.widened for item in found),
    )
