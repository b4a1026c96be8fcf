"""Puts the stations, areas and lines of a plan on a sheet."""

from __future__ import annotations

from typing import Final

from reports.drawing.layout import BOX, BOX_HEIGHT, GATE, TINY, Frame, Plan, name_cells
from reports.drawing.measure import cut_to, sans, shorten
from reports.drawing.scene import Scene
from reports.drawing.signs import label_of
from reports.drawing.station import Station
from reports.drawing.svg import Sheet
from scanner.survey import Area
from scanner.truth import State

_WORDS: Final = {"network": "network", "hub": "hub", "edge": "", "subnet": "subnet"}
_LOOKS: Final = {State.TRUE: "", State.UNKNOWN: " unsure", State.FALSE: " shut"}
_SMALL_GATE: Final = 26.0


def draw(sheet: Sheet, shown: Scene, laid: Plan) -> None:
    """Draw everything, what lies below first."""
    for frame in laid.frames:
        _frame(sheet, frame)
    _way(sheet, shown, laid)
    _reply(sheet, shown, laid)
    for item, centre in zip(shown.stations, laid.centres, strict=True):
        if item.box:
            _box(sheet, item, centre, laid.row)
        else:
            _gate(sheet, item, centre, laid.row)


def _frame(sheet: Sheet, frame: Frame) -> None:
    area = frame.area
    width = frame.right - frame.left
    sheet.open(f"{area.kind}: {', '.join(area.names)} {' '.join(area.ranges)}".strip())
    sheet.rect(
        frame.left, frame.top, width, frame.bottom - frame.top, f"area {area.kind}",
        10 if frame.depth == 0 else 7,
    )  # fmt: skip
    x = frame.left + 11
    room = width - 18
    word, name = _titles(area)
    taken = sans(word, TINY) + 5 if word else 0.0
    parts = [(shorten(name, name_cells(room - taken)), "mono name")]
    if word:
        parts.insert(0, (word, "small"))
    sheet.words(x, frame.top + 18, parts)
    if area.ranges:
        sheet.text(
            x, frame.top + 33, cut_to(_ranges(area), name_cells(room, TINY)), "mono small",
            whole=", ".join(area.ranges),
        )  # fmt: skip
    sheet.close()


def _titles(area: Area) -> tuple[str, str]:
    if len(area.names) > 1:
        return "", f"{len(area.names)} {area.kind}s"
    name = area.names[0]
    kind = name.rsplit(".", 2)[-2] if name.count(".") else ""
    if area.kind in ("edge",):
        return "", name
    return _WORDS[area.kind], label_of(name, kind) if "_" in kind else name


def _ranges(area: Area) -> str:
    return area.ranges[0] + (f" +{len(area.ranges) - 1}" if len(area.ranges) > 1 else "")


# The way there


def _way(sheet: Sheet, shown: Scene, laid: Plan) -> None:
    state = State.TRUE
    row = laid.row
    last = len(shown.stations) - 1
    for place in range(last):
        item, after = shown.stations[place], shown.stations[place + 1]
        left = laid.centres[place] + _half(item)
        right = laid.centres[place + 1] - _half(after)
        look = {State.TRUE: "way", State.UNKNOWN: "way unsure", State.FALSE: "way never"}[state]
        if state is State.FALSE:
            sheet.line(left, row, right, row, look)
        elif after.state is State.FALSE:
            sheet.line(left, row, right - 3, row, look)
            sheet.line(right - 3, row - 11, right - 3, row + 11, "stop")
        elif place + 1 == last or after.box:
            sheet.line(left, row, right - 9, row, look)
            _tip(sheet, right, row, "tip" if state is State.TRUE else "tip unsure")
        else:
            sheet.line(left, row, right, row, look)
        if item.sends:
            # Areas may begin between the two: the text stands right beside the one that sends.
            middle = left + 7
            sheet.text(middle, row - 8, item.sends, "ports")
        if after.state is State.FALSE:
            state = State.FALSE
        elif after.state is State.UNKNOWN and state is State.TRUE:
            state = State.UNKNOWN


def _half(item: Station) -> float:
    return BOX / 2 if item.box else GATE / 2


def _tip(sheet: Sheet, x: float, y: float, look: str, size: float = 6) -> None:
    sheet.path(f"M{x:.1f} {y:.1f}l{-1.9 * size:.1f} {-size}v{2 * size}z", look)


def _box(sheet: Sheet, item: Station, x: float, y: float) -> None:
    top = y - BOX_HEIGHT / 2
    sheet.open(" ".join(filter(None, (item.word, item.name))))
    look = "box" + _LOOKS[item.state]
    if item.icon == "internet":
        sheet.path(_cloud(x, y), look)
    else:
        sheet.rect(x - BOX / 2, top, BOX, BOX_HEIGHT, look, 6)
    sheet.sign(x, top + 21, 24, item.icon, "icon")
    sheet.text(x, top + 53, shorten(item.label, name_cells(124)), "mono name", "middle")
    sheet.text(x, top + 70, cut_to(item.word, 22), "small", "middle")
    if item.icon == "internet":
        _numbers(sheet, item, x - 58, top + 66, "")
    else:
        _numbers(sheet, item, x - 62, top + 13, "")
    sheet.close()
    _mark(sheet, item.state, x + BOX / 2, top)


def _cloud(x: float, y: float) -> str:
    """Give a cloud as wide and high as a box."""
    return (
        f"M{x - 46:.1f} {y + 42:.1f}h92a22 22 0 0 0 10-42a26 26 0 0 0-31-27"
        "a34 34 0 0 0-58 4a24 24 0 0 0-27 25a21 21 0 0 0 14 40z"
    )


def _gate(sheet: Sheet, item: Station, x: float, y: float) -> None:
    half = GATE / 2
    sheet.open(" ".join(filter(None, (item.word, item.name, item.code))))
    look = "gate" + _LOOKS[item.state]
    sheet.rect(x - half, y - half, GATE, GATE, look, 5)
    sheet.sign(x, y, 22, item.icon, "icon")
    sheet.text(x, y + half + 14, cut_to(item.word, 12), "word", "middle")
    _numbers(sheet, item, x, y - half - 6, "middle")
    sheet.close()
    _mark(sheet, item.state, x + half, y - half)


def _numbers(sheet: Sheet, item: Station, x: float, y: float, anchor: str) -> None:
    numbers = list(map(str, item.numbers))
    text = "·".join(numbers) if len(numbers) <= 3 else f"{numbers[0]}-{numbers[-1]}"
    sheet.text(x, y, text, "number", anchor)


def _mark(sheet: Sheet, state: State, x: float, y: float) -> None:
    """Mark what is shut with a cross and what is not known with a question mark."""
    if state is State.FALSE:
        sheet.circle(x, y, 8.5, "badge")
        sheet.path(f"M{x - 3.2:.1f} {y - 3.2:.1f}l6.4 6.4m0-6.4l-6.4 6.4", "cross")
    elif state is State.UNKNOWN:
        sheet.circle(x, y, 8.5, "badge unsure")
        sheet.text(x, y + 3.9, "?", "query", "middle")


# The way back


def _reply(sheet: Sheet, shown: Scene, laid: Plan) -> None:
    foot = laid.row + BOX_HEIGHT / 2
    never = any(item.state is State.FALSE for item in shown.stations)
    for (first, last), stations, places in zip(
        shown.parts, shown.replies, laid.returns, strict=True
    ):
        if not stations:
            continue
        right, left = laid.centres[last] - 14, laid.centres[first] + 14
        stopped = never
        x = right
        start = f"M{right:.1f} {foot:.1f}V{laid.back - 8:.1f}q0 8 -8 8"
        x = right - 8
        in_order = sorted(zip(stations, places, strict=True), key=lambda pair: -pair[1])
        for item, place in in_order:
            edge = place + 13
            sheet.path(f"{start or f'M{x:.1f} {laid.back:.1f}'}H{edge:.1f}", _back_look(stopped))
            stopped = stopped or item.state is State.FALSE
            x, start = place - 13, ""
        sheet.path(
            f"{start or f'M{x:.1f} {laid.back:.1f}'}H{left + 8:.1f}q-8 0 -8 -8V{foot + 8:.1f}",
            _back_look(stopped),
        )
        if not stopped:
            sheet.path(f"M{left:.1f} {foot:.1f}l-4 8h8z", "tip")
        if last == len(shown.stations) - 1:
            sheet.text(right + 6, foot + 19, "reply", "word")
        for item, place in zip(stations, places, strict=True):
            _small_gate(sheet, item, place, laid.back)


def _back_look(stopped: bool) -> str:
    return "way reply never" if stopped else "way reply"


def _small_gate(sheet: Sheet, item: Station, x: float, y: float) -> None:
    sheet.open(" ".join(("reply:", item.word, item.name, item.code)))
    look = "gate" + _LOOKS[item.state]
    sheet.rect(x - 13, y - 13, 26, 26, look, 4)
    sheet.sign(x, y, 16, item.icon, "icon quiet")
    sheet.text(x, y + 25, cut_to(item.word, 10), "word", "middle")
    _numbers(sheet, item, x, y - 17, "middle")
    sheet.close()
    _mark(sheet, item.state, x + 13, y - 13)
