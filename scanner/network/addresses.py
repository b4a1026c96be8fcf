"""Addresses as integers on one line, and sets of them.

IPv4 addresses are their numbers; IPv6 addresses follow behind them, so that one interval holds the
whole of both and a family is a part of the line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import Final

Interval = tuple[int, int]

V6: Final = 1 << 32
LAST: Final = V6 + (1 << 128) - 1
ALL_V4: Final[Interval] = (0, V6 - 1)
ALL_V6: Final[Interval] = (V6, LAST)
ANY: Final[Interval] = (0, LAST)


@lru_cache(maxsize=262144)
def interval(text: str) -> Interval | None:
    """Read an address or a range in CIDR notation; None for anything else."""
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    offset = 0 if network.version == 4 else V6
    return int(network.network_address) + offset, int(network.broadcast_address) + offset


class Addresses:
    """A set of addresses: sorted, disjoint intervals that do not touch."""

    __slots__ = ("intervals",)

    def __init__(self, intervals: tuple[Interval, ...] = ()) -> None:
        self.intervals = intervals

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> Addresses:
        """Unite intervals in any order."""
        merged: list[Interval] = []
        for low, high in sorted(intervals):
            if merged and low <= merged[-1][1] + 1:
                if high > merged[-1][1]:
                    merged[-1] = (merged[-1][0], high)
            else:
                merged.append((low, high))
        return cls(tuple(merged))

    @classmethod
    def read(cls, texts: Iterable[str]) -> Addresses:
        """Unite ranges in CIDR notation; whatever is none is left out."""
        return cls.of(found for found in map(interval, texts) if found is not None)

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Addresses) and self.intervals == other.intervals

    def __hash__(self) -> int:
        return hash(self.intervals)

    def __repr__(self) -> str:
        return f"Addresses({', '.join(self.texts())})"

    def __or__(self, other: Addresses) -> Addresses:
        if not other.intervals:
            return self
        if not self.intervals:
            return other
        return Addresses.of((*self.intervals, *other.intervals))

    def __and__(self, other: Addresses) -> Addresses:
        found: list[Interval] = []
        mine, theirs = self.intervals, other.intervals
        i = j = 0
        while i < len(mine) and j < len(theirs):
            low = max(mine[i][0], theirs[j][0])
            high = min(mine[i][1], theirs[j][1])
            if low <= high:
                found.append((low, high))
            if mine[i][1] < theirs[j][1]:
                i += 1
            else:
                j += 1
        return Addresses(tuple(found))

    def __sub__(self, other: Addresses) -> Addresses:
        if not other.intervals:
            return self
        found: list[Interval] = []
        theirs = other.intervals
        for low, high in self.intervals:
            start = low
            index = bisect_right(theirs, (start, LAST + 1)) - 1
            index = max(index, 0)
            while index < len(theirs) and theirs[index][0] <= high:
                first, last = theirs[index]
                if last >= start:
                    if first > start:
                        found.append((start, first - 1))
                    start = last + 1
                    if start > high:
                        break
                index += 1
            if start <= high:
                found.append((start, high))
        return Addresses(tuple(found))

    def covers(self, other: Addresses) -> bool:
        """Whether it holds all of the other set."""
        return not (other - self)

    def overlaps(self, other: Addresses) -> bool:
        """Whether they have an address in common."""
        return bool(self & other)

    def texts(self, limit: int = 6) -> Iterator[str]:
        """Write the intervals for people, at most `limit` of them."""
        for low, high in self.intervals[:limit]:
            yield write(low, high)
        if len(self.intervals) > limit:
            yield f"{len(self.intervals) - limit} more ranges"


NOWHERE: Final = Addresses()
EVERYWHERE: Final = Addresses((ANY,))


def write(low: int, high: int) -> str:
    """Write an interval as a range in CIDR notation if it is one, else by both ends."""
    if (low, high) == ANY:
        return "any address"
    if low < V6 <= high:
        return f"{write(low, V6 - 1)} and {write(V6, high)}"
    size = high - low + 1
    start = _address(low)
    if low == high:
        return start
    base = low - V6 if low >= V6 else low
    if size & (size - 1) == 0 and base % size == 0:
        bits = 128 if low >= V6 else 32
        return f"{start}/{bits - size.bit_length() + 1}"
    return f"{start} to {_address(high)}"


def _address(number: int) -> str:
    return str(IPv6Address(number - V6) if number >= V6 else IPv4Address(number))


# IANA IPv4 Special-Purpose Address Registry and IANA IPv6 Special-Purpose Address Registry: the
# ranges that are not globally reachable; multicast (RFC 5771) and class E (RFC 1112).
_SPECIAL_V4: Final = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
    *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15"),
    *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
)
# RFC 4291 and the IANA registry of IPv6 global unicast allocations: 2000::/3 alone is global.
_GLOBAL_V6: Final = "2000::/3"
_SPECIAL_V6: Final = ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

INTERNET_V4: Final = Addresses((ALL_V4,)) - Addresses.read(_SPECIAL_V4)
INTERNET_V6: Final = Addresses.read((_GLOBAL_V6,)) - Addresses.read(_SPECIAL_V6)
INTERNET: Final = INTERNET_V4 | INTERNET_V6
# RFC 5737 and RFC 3849 keep these for documentation.  Examples stand for public addresses.
DOCUMENTATION: Final = Addresses.read(
    ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
)
PUBLIC: Final = INTERNET | DOCUMENTATION


class Grade(Enum):
    """How much of the internet a set of addresses is."""

    ANY = "any"
    WIDE = "wide"
    SOME = "some"
    NONE = "none"


_WIDE_V4: Final = 1 << 24
# A /20 of IPv6 is what a regional registry hands to the largest networks.
_WIDE_V6: Final = 1 << 108


def grade(found: Addresses) -> Grade:
    """Grade a set: all of a family, at least a /8 (IPv6: a /20) in all, some, or none of it.

    Ranges are united first, so that two halves are what they are together.
    """
    public = found & PUBLIC
    if not public:
        return Grade.NONE
    if found.covers(INTERNET_V4) or found.covers(INTERNET_V6):
        return Grade.ANY
    fours = sum(high - low + 1 for low, high in public.intervals if high < V6)
    sixes = sum(high - low + 1 for low, high in public.intervals if low >= V6)
    return Grade.WIDE if fours >= _WIDE_V4 or sixes >= _WIDE_V6 else Grade.SOME
