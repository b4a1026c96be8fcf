"""Route tables as disjoint pieces of the address line: the longest prefix decides.

AWS: VPC User Guide, "Route priority": the most specific route that matches; of routes to the same
destination a static one comes before a propagated one.  OCI: Networking documentation, "VCN Route
Tables": the most specific rule; a static rule comes before the implicit local route.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scanner.model.network import GatewayKind, Route, RouteTable
from scanner.network.addresses import (
    EVERYWHERE,
    NOWHERE,
    Addresses,
    Interval,
    interval,
)
from scanner.truth import Evidence
from scanner.value import Unknown


class Entry(NamedTuple):
    """One route before tables are evaluated.

    places: the destinations; None where they are not known.  rank: among routes to the same
    destination the lower one wins.  sure: the route certainly exists and is taken.
    kind: what it leads to; None where not known.  targets: addresses of the records it leads to.
    certainly: exactly these are the targets.  text: for people.  doubts: what is not known of it.
    vague: the destination is some range within `places`, which may be longer than any other.
    takes: it takes addresses from other routes; a small range somewhere in a large place takes none
    that could be named.
    """

    places: tuple[Interval, ...] | None
    rank: int
    sure: bool
    kind: GatewayKind | None
    targets: tuple[str, ...]
    certainly: bool
    text: str
    doubts: tuple[Evidence, ...] = ()
    vague: bool = False
    takes: bool = True


class Piece(NamedTuple):
    """A route and the addresses for which it decides: certainly, and perhaps."""

    entry: Entry
    must: Addresses
    may: Addresses


class Table:
    """A route table evaluated.  `rest` and `perhaps_rest` are where no route leads."""

    __slots__ = ("name", "perhaps_rest", "pieces", "rest")

    def __init__(self, name: str, entries: Iterable[Entry]) -> None:
        self.name = name
        placed: list[tuple[int, int, Interval, Entry]] = []
        pieces: list[Piece] = []
        taken = NOWHERE
        perhaps = NOWHERE
        for entry in entries:
            if entry.places is None or entry.vague:
                places = EVERYWHERE if entry.places is None else Addresses.of(entry.places)
                pieces.append(Piece(entry, NOWHERE, places))
                if entry.takes:
                    perhaps = perhaps | places
            else:
                placed += [(_size(place), entry.rank, place, entry) for place in entry.places]
        placed.sort(key=lambda item: (item[0], item[1], item[2]))
        found: dict[int, tuple[Entry, list[Interval], list[Interval]]] = {}
        for _, _, place, entry in placed:
            region = Addresses((place,))
            must = region - perhaps if entry.sure else NOWHERE
            may = region - taken
            held = found.setdefault(id(entry), (entry, [], []))
            held[1].extend(must.intervals)
            held[2].extend(may.intervals)
            if entry.sure:
                taken = taken | region
            if entry.takes:
                perhaps = perhaps | region
        pieces += [
            Piece(entry, Addresses.of(must), Addresses.of(may))
            for entry, must, may in found.values()
            if may
        ]
        self.pieces: Sequence[Piece] = pieces
        self.rest = EVERYWHERE - perhaps
        self.perhaps_rest = EVERYWHERE - taken


def _size(place: Interval) -> int:
    # Prefixes of both families never overlap, so that their sizes may be compared as they are.
    return place[1] - place[0]


def entry_of(route: Route, rank: int = 0) -> Entry:
    """Make an entry of a written route."""
    text = route.destination.content
    doubts: list[Evidence] = []
    places: tuple[Interval, ...] | None
    if isinstance(text, Unknown):
        places = None
        doubts.append(Evidence(route.destination.source, text.reason))
    else:
        found = interval(text)
        # A label of the provider's services is no part of the address line.
        places = () if found is None else (found,)
    links = route.target
    kind = route.kind.content
    known_kind = None if isinstance(kind, Unknown) else kind
    certainly = not (links.one_of or links.maybe or links.unknown)
    if known_kind is GatewayKind.LOCAL or known_kind is GatewayKind.BLACKHOLE:
        certainly = True
    elif links.unknown:
        doubts += [Evidence(links.source, reason) for reason in links.unknown]
    elif not certainly:
        doubts.append(Evidence(links.source, "which target it is is not known"))
    if route.active.is_unknown:
        doubts += route.active.evidence
    shown = "a destination that is not known" if isinstance(text, Unknown) else text
    names = [*links.candidates(), *links.outside]
    what = ", ".join(names[:3]) or (known_kind.value if known_kind else "a target that is unknown")
    return Entry(
        places,
        rank,
        route.active.is_true,
        known_kind,
        (*links.candidates(), *links.outside),
        certainly,
        f"{shown} to {what}",
        tuple(doubts),
    )


def written_entries(table: RouteTable) -> list[Entry]:
    """Give the routes that a table holds; one of which nothing is known if they are unknown."""
    routes = table.routes.content
    if isinstance(routes, Unknown):
        return [unknown_entry(Evidence(table.routes.source, routes.reason))]
    return [entry_of(route) for route in routes if not route.active.is_false]


def unknown_entry(*doubts: Evidence) -> Entry:
    """Make an entry that stands for routes of which nothing is known."""
    return Entry(None, 0, False, None, (), False, "routes that are not known", doubts)
