"""Gives every station of a scene its place: one row for the way there, one below for the reply.

The areas are boxes around the stations that they hold.  Since all stations stand in one row, no
two of them, and no two areas beside each other, can overlap, however long the way is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from reports.drawing.measure import mono, sans
from reports.drawing.scene import Scene
from reports.drawing.station import Station
from scanner.survey import Area

MARGIN: Final = 14.0
BOX: Final = 136.0
BOX_HEIGHT: Final = 84.0
GATE: Final = 36.0
SLOT: Final = 60.0
GAP: Final = 14.0
PAD: Final = 16.0
SMALL: Final = 11.5
TINY: Final = 10.5
_NETWORK_HEAD: Final = 42.0
_SUBNET_HEAD: Final = 40.0
_NARROWEST: Final = 150.0
# How far from the middle of a box the reply leaves or enters it.
_TURN: Final = 30.0


@dataclass(frozen=True, slots=True)
class Frame:
    """An area with its edges; `depth` is 0 for the outermost.  first, last: its stations."""

    area: Area
    first: int
    last: int
    depth: int
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything is.  centres: of the stations.  returns: of the reply's, part by part."""

    width: float
    height: float
    row: float
    back: float
    centres: tuple[float, ...]
    widths: tuple[float, ...]
    frames: tuple[Frame, ...]
    returns: tuple[tuple[float, ...], ...]


def plan(scene: Scene) -> Plan:
    """Lay out a scene."""
    runs = _runs(scene.stations)
    room = [0.0] * (len(scene.stations) + 1)
    for _ in range(4):
        centres, widths = _across(scene.stations, runs, room)
        wanted = _too_narrow(scene, runs, centres, widths)
        if not wanted:
            break
        for place, more in wanted.items():
            room[place] += more
    centres, widths = _across(scene.stations, runs, room)
    deep = any(run.depth for run in runs)
    head = (_NETWORK_HEAD if runs else 0) + (_SUBNET_HEAD if deep else 0)
    row = MARGIN + head + 14 + BOX_HEIGHT / 2
    has_reply = any(scene.replies)
    back = row + BOX_HEIGHT / 2 + 36 if has_reply else 0.0
    low = back + 38 if has_reply else row + BOX_HEIGHT / 2 + 8
    frames = []
    for run in runs:
        left, right = _edges(run, scene.stations, runs, centres, widths)
        top = MARGIN + (_NETWORK_HEAD if run.depth else 0)
        bottom = low + (0 if run.depth else 12)
        frames.append(Frame(run.area, run.first, run.last, run.depth, left, right, top, bottom))
    edge = max([centres[-1] + widths[-1] / 2, *(frame.right for frame in frames)])
    height = max([low, *(frame.bottom for frame in frames)]) + MARGIN
    returns = tuple(
        _spread(part, replies, scene.stations, centres, frames)
        for part, replies in zip(scene.parts, scene.replies, strict=True)
    )
    return Plan(
        edge + MARGIN, height, row, back, tuple(centres), tuple(widths), tuple(frames), returns
    )


@dataclass(frozen=True, slots=True)
class _Run:
    """Stations in a row that an area holds; at an end it may stand on the area's edge."""

    area: Area
    first: int
    last: int
    depth: int
    enters: bool
    leaves: bool


def _runs(stations: Sequence[Station]) -> list[_Run]:
    found: list[_Run] = []
    areas = dict.fromkeys(
        area
        for item in stations
        for area in (*item.inside, *((item.border,) if item.border else ()))
    )
    for area in areas:
        start: int | None = None
        for place in range(len(stations) + 1):
            within = place < len(stations) and stations[place].within(area)
            if within and start is None:
                start = place
            elif not within and start is not None:
                last = place - 1
                several = last > start
                depth = 1 if area.kind == "subnet" and _has_network(stations, start, area) else 0
                found.append(
                    _Run(
                        area, start, last, depth,
                        several and stations[start].border == area,
                        several and stations[last].border == area,
                    )
                )  # fmt: skip
                start = None
    return sorted(found, key=lambda run: (run.depth, run.first))


def _has_network(stations: Sequence[Station], place: int, area: Area) -> bool:
    item = stations[place]
    return any(other.kind == "network" for other in (*item.inside, item.border) if other)


def _across(
    stations: Sequence[Station], runs: Sequence[_Run], room: Sequence[float]
) -> tuple[list[float], list[float]]:
    """Set the stations from left to right."""
    widths = [_width(item) for item in stations]
    for run in runs:
        if run.first == run.last:
            widths[run.first] = max(widths[run.first], _NARROWEST - 2 * PAD)
    centres: list[float] = []
    edge = MARGIN
    for place, width in enumerate(widths):
        opening = sum(run.first == place and not run.enters for run in runs)
        closing = sum(run.last == place - 1 and not run.leaves for run in runs) if place else 0
        gap = PAD * (opening + closing) + room[place]
        if place:
            between = GAP + (10 if opening and closing else 0)
            sends = stations[place - 1].sends
            text = sans(sends, SMALL) + 22 if sends else 0.0
            gap = max(gap + between, text)
        edge += gap
        centres.append(edge + width / 2)
        edge += width
    return centres, widths


def _width(item: Station) -> float:
    if item.box:
        return BOX
    return max(SLOT, min(sans(item.word, TINY) + 6, 1.5 * SLOT))


def _edges(
    run: _Run,
    stations: Sequence[Station],
    runs: Sequence[_Run],
    centres: Sequence[float],
    widths: Sequence[float],
) -> tuple[float, float]:
    """Give the edges of an area: outer ones leave room for those within."""
    inner_left = sum(
        other.depth > run.depth and other.first == run.first and not other.enters for other in runs
    )
    inner_right = sum(
        other.depth > run.depth and other.last == run.last and not other.leaves for other in runs
    )
    left = (
        centres[run.first]
        if run.enters
        else centres[run.first] - widths[run.first] / 2 - PAD * (1 + inner_left) + 4
    )
    right = (
        centres[run.last]
        if run.leaves
        else centres[run.last] + widths[run.last] / 2 + PAD * (1 + inner_right) - 4
    )
    return left, right


def _too_narrow(
    scene: Scene, runs: Sequence[_Run], centres: Sequence[float], widths: Sequence[float]
) -> dict[int, float]:
    """Give room where an area is too narrow for its name, or a part for the gates of its reply."""
    wanted: dict[int, float] = {}
    for run in runs:
        left, right = _edges(run, scene.stations, runs, centres, widths)
        lack = _NARROWEST - (right - left)
        if lack > 1 and run.last > run.first:
            place = run.first + 1
            wanted[place] = max(wanted.get(place, 0.0), lack)
    for (first, last), replies in zip(scene.parts, scene.replies, strict=True):
        lack = SLOT * (len(replies) + 1) + 2 * _TURN - (centres[last] - centres[first])
        if replies and lack > 1:
            wanted[last] = max(wanted.get(last, 0.0), lack)
    return wanted


def _spread(
    part: tuple[int, int],
    replies: Sequence[Station],
    stations: Sequence[Station],
    centres: Sequence[float],
    frames: Sequence[Frame],
) -> tuple[float, ...]:
    """Set the reply's stations below a part of the way.

    What the request passed too stands below it; a route stands in its network, outside of subnets
    if there is room.  Where that does not fit, all are spread evenly.
    """
    left, right = centres[part[0]] + _TURN, centres[part[1]] - _TURN
    found: dict[int, float] = {}
    for index, item in enumerate(replies):
        for place in range(part[1] - 1, part[0], -1):
            if stations[place].name == item.name and not stations[place].box:
                found[index] = centres[place]
                break
    for index, item in enumerate(replies):
        if index not in found:
            x = _free(item, left, right, frames, tuple(found.values()))
            if x is not None:
                found[index] = x
    places = sorted(found.values())
    if len(found) < len(replies) or any(b - a < SLOT for a, b in pairwise(places)):
        return _evenly(len(replies), left, right)
    return tuple(found[index] for index in range(len(replies)))


def _free(
    item: Station, left: float, right: float, frames: Sequence[Frame], taken: Sequence[float]
) -> float | None:
    """Find a free place as far to the right as can be."""
    home = next(
        (
            frame
            for frame in reversed(frames)
            if frame.area in item.inside and frame.left < right and frame.right > left
        ),
        None,
    )
    low = max(left + SLOT / 2, home.left + SLOT / 2) if home else left + SLOT / 2
    high = min(right - SLOT / 2, home.right - SLOT / 2) if home else right - SLOT / 2
    free = [
        x
        for x in (high - 4.0 * step for step in range(int(max(0.0, high - low) / 4) + 1))
        if all(abs(x - other) >= SLOT for other in taken)
    ]
    apart = [
        x
        for x in free
        if not any(
            frame.depth and frame.left - SLOT / 2 < x < frame.right + SLOT / 2 for frame in frames
        )
    ]
    return next(iter(apart or free), None)


def _evenly(count: int, left: float, right: float) -> tuple[float, ...]:
    step = (right - left) / (count + 1)
    return tuple(right - step * (place + 1) for place in range(count))


def name_cells(width: float, size: float = SMALL) -> int:
    """Count the cells of the fixed-width font that a width has room for."""
    return max(4, int(width / mono("x", size)))


__all__ = ["Frame", "Plan", "name_cells", "plan"]
