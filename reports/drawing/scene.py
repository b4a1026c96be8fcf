"""What a drawing of a path shows: stations in their order, and the areas that hold them.

A station is an end, a box that a packet enters, or a gate that it passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from reports.drawing.gather import Draft, Drafts
from reports.drawing.measure import cut_to
from reports.drawing.signs import BY_ROLE, WORDS, label_of, sign
from reports.drawing.stand import Around, areas_of, network_of, stand
from reports.drawing.station import Station, Where
from scanner.network.chain import Hop, Path
from scanner.survey import Place, Role
from scanner.truth import State

_LONGEST: Final = 24


@dataclass(frozen=True, slots=True)
class Scene:
    """The stations of the way there, and of the way back of each part of it, the first part first.

    A part leads from the source, or from a box that sends on, to the next one or the target.
    parts: for each the places of its first and last station.
    """

    state: State
    stations: tuple[Station, ...]
    parts: tuple[tuple[int, int], ...]
    replies: tuple[tuple[Station, ...], ...]


def scene(path: Path, where: Where) -> Scene:
    """Arrange a path."""
    forward = [(number, hop) for number, hop in enumerate(path.hops, 1) if not hop.reply]
    back = [(number, hop) for number, hop in enumerate(path.hops, 1) if hop.reply]
    drafts = Drafts(path, where)
    for number, hop in forward:
        drafts.add(number, hop)
    stations = _ports(_placed(drafts.finished(), where), path)
    inner = [
        place
        for place, item in enumerate(stations)
        if item.box and item.icon in ("balancer", "edge") and 0 < place < len(stations) - 1
    ]
    turns = [0, *inner, len(stations) - 1]
    parts = tuple(pairwise(turns))
    return Scene(path.state, tuple(stations), parts, _replies(back, where, stations, parts))


# Where stations stand


def _placed(drafts: Sequence[Draft], where: Where) -> list[Station]:
    boxes = [place for place, item in enumerate(drafts) if item.box]
    areas = {place: areas_of(drafts[place], where) for place in boxes}
    stations: list[Station] = []
    for place, draft in enumerate(drafts):
        before = max((item for item in boxes if item < place), default=boxes[0])
        after = min((item for item in boxes if item > place), default=boxes[-1])
        known = where(draft.hop.node)
        station = _station(draft, known)
        if draft.box:
            stations.append(replace(station, inside=areas[place]))
            continue
        near = network_of(stations[-1]) if stations else areas[before][:1]
        around = Around(drafts, place, before, after, areas[before], areas[after], near)
        inside, border = stand(draft, known, around)
        stations.append(replace(station, inside=inside, border=border))
    return stations


def _station(draft: Draft, known: Place | None) -> Station:
    hop = draft.hop
    icon, word = sign(draft, known)
    label = label_of(hop.node, known.type if known else "")
    return Station(
        draft.box, icon, word, hop.node, label, tuple(draft.numbers), draft.state, hop.code
    )


# What passes


def _ports(stations: Sequence[Station], path: Path) -> list[Station]:
    """Write on each part of the way what passes it, where that changes."""
    packets = {number: hop.packets for number, hop in enumerate(path.hops, 1)}
    shown = ""
    found = list(stations)
    for place, item in enumerate(found[:-1]):
        sends_on = place == 0 or (item.box and item.icon in ("balancer", "edge"))
        if not sends_on:
            continue
        ports = _next_ports(found, place, packets) or protocols(path.hops[0].packets)
        if ports and ports != shown:
            shown = ports
            found[place] = replace(item, sends=cut_to(ports, _LONGEST))
    return found


def _next_ports(stations: Sequence[Station], place: int, packets: dict[int, str]) -> str:
    """Give what still passes at the end of the part that begins at a station."""
    last = ""
    for item in stations[place + 1 :]:
        for number in item.numbers:
            text = packets[number]
            if text and text != "nothing" and number > max(stations[place].numbers, default=0):
                last = text
        if item.box and item.icon in ("balancer", "edge"):
            break
    return protocols(last)


def protocols(packets: str) -> str:
    """Give protocols and ports of packets in words: `tcp 443, tcp 80`."""
    parts = dict.fromkeys(
        item.partition(" from ")[0] for item in packets.split("; ") if item and item != "nothing"
    )
    found = list(parts)
    return ", ".join(found[:2]) + (f" +{len(found) - 2}" if len(found) > 2 else "")


# The way back


def _replies(
    hops: Sequence[tuple[int, Hop]],
    where: Where,
    stations: Sequence[Station],
    parts: Sequence[tuple[int, int]],
) -> tuple[tuple[Station, ...], ...]:
    """Part the reply's hops: each part of the way has its own reply.

    Where there are fewer replies than parts, those that lead to the internet belong to the part
    that comes from there, and the others to the last ones: an edge service needs no route.
    """
    found: list[list[tuple[int, Hop]]] = []
    before: Hop | None = None
    for number, hop in hops:
        begins = hop.code == "NET-RET" and (
            before is None or before.code != "NET-RET" or before.text != hop.text
        )
        if not found or begins:
            found.append([])
        found[-1].append((number, hop))
        before = hop
    count = len(parts)
    while len(found) > count:
        found[-2:] = [[*found[-2], *found[-1]]]
    backs: list[tuple[Station, ...]] = [()] * count
    free = list(range(count))
    from_outside = [
        place for place, (first, last) in enumerate(parts)
        if stations[last].icon != "edge" and stations[first].icon in ("internet", "edge")
    ]  # fmt: skip
    for index, group in reversed(list(enumerate(found))):
        outside = any("internet" in hop.text for _, hop in group)
        fitting = [place for place in free if place >= index and place in from_outside]
        place = fitting[-1] if outside and fitting and len(found) < count else free[-1]
        backs[place] = _way_back(group, where)
        free = [item for item in free if item < place]
        if not free:
            break
    return tuple(backs)


def _way_back(hops: Sequence[tuple[int, Hop]], where: Where) -> tuple[Station, ...]:
    stations = []
    for number, hop in hops:
        known = where(hop.node)
        icon, word = WORDS.get(hop.code, ("unknown", hop.action))
        if known is not None and known.role in (Role.HUB_TABLE, Role.ATTACHMENT):
            icon, word = BY_ROLE[known.role]
        label = label_of(hop.node, known.type if known else "")
        stations.append(
            Station(
                False, icon, word, hop.node, label, (number,), hop.state, hop.code,
                known.areas[:1] if known else (),
            )
        )  # fmt: skip
    return tuple(stations)


__all__ = ["Scene", "Station", "Where", "protocols", "scene"]
