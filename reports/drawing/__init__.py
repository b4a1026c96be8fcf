"""Draws a path as a network engineer would: networks as boxes, gates on the way, the reply below.

The drawing is SVG without script, font or address of elsewhere; its looks are classes, so that the
page that holds it decides on colours, and a file of its own brings them with it.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

from reports.drawing.layout import MARGIN, SMALL, TINY, name_cells, plan
from reports.drawing.measure import fit, mono, sans, shorten
from reports.drawing.paint import draw
from reports.drawing.scene import scene
from reports.drawing.station import Where
from reports.drawing.svg import Sheet, clean, signs
from reports.paths import ANSWERS, Step, ends, headline, steps, verdict
from scanner.network.chain import Path
from scanner.truth import State

_NARROWEST: Final = 940.0
_HEAD: Final = 50.0
_ROW: Final = 17.0
# A page that is narrower than this scrolls rather than make the text smaller.
_WIDE: Final = 704.0


def drawing(path: Path, where: Where, id: str) -> str:
    """Draw a path as an element for a page that holds `style()`, `signs()` and the list of hops."""
    shown = scene(path, where)
    laid = plan(shown)
    sheet = Sheet(shared=True)
    draw(sheet, shown, laid)
    size = laid.width, laid.height
    return _element(str(sheet), headline(path), "Its hops are listed below.", id, size)


def document(path: Path, where: Where) -> str:
    """Draw a path as a file of its own, with its hops in words below."""
    shown = scene(path, where)
    laid = plan(shown)
    told = list(steps(path))
    width = max(laid.width, _NARROWEST)
    top = _HEAD + laid.height
    height = top + _legend_height(told)
    sheet = Sheet()
    sheet.rect(0, 0, width, height, "paper")
    room = width - 2 * MARGIN
    head = verdict(path)
    sheet.text(MARGIN, 26, fit(head, room, 15), f"head {_tone(path.state)}".strip(), whole=head)
    half = name_cells(room) // 2 - 6
    named = f"from {shorten(path.source, half)} to {shorten(path.target, half)}"
    sheet.text(MARGIN, 45, named, "mono", whole=ends(path))
    inner = Sheet()
    draw(inner, shown, laid)
    body = (
        f'{sheet}<g transform="translate({(width - laid.width) / 2:.1f} {_HEAD:.0f})">{inner}</g>'
    )
    legend = Sheet()
    _legend(legend, told, top, width)
    made = f"<style>{own_style()}</style>{body}{legend}"
    return _element(made, headline(path), describe(path), "", (width, height)) + "\n"


@cache
def style() -> str:
    """Give the looks, for a page that says what colours and fonts it has."""
    return resources.files(__package__).joinpath("drawing.css").read_text("utf-8")


@cache
def own_style() -> str:
    """Give the looks with colours and fonts of its own."""
    return resources.files(__package__).joinpath("colours.css").read_text("utf-8") + style()


def describe(path: Path) -> str:
    """Say in one text what the drawing shows, for those who do not see it."""
    return ". ".join((headline(path), *(item.sentence() for item in steps(path))))


def _element(body: str, title: str, description: str, id: str, size: tuple[float, float]) -> str:
    """Make the element; without an id it is a file of its own."""
    width, height = f"{size[0]:.0f}", f"{size[1]:.0f}"
    xmlns = "" if id else ' xmlns="http://www.w3.org/2000/svg"'
    id = id or "path"
    name = "drawing wide" if size[0] > _WIDE else "drawing"
    return (
        f'<svg{xmlns} class="{name}" role="img" aria-labelledby="{id}-t {id}-d" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<title id="{id}-t">{clean(title)}</title>'
        f'<desc id="{id}-d">{clean(description)}</desc>{body}</svg>'
    )


def _tone(state: State) -> str:
    return "" if state is State.TRUE else "bad" if state is State.FALSE else "open"


# The hops in words


def _legend_height(told: list[Step]) -> float:
    return sum(_ROW * (1 + len(item.facts[:3])) for item in told) + MARGIN + 8


def _legend(sheet: Sheet, told: list[Step], top: float, width: float) -> None:
    name, code = MARGIN + 26, width - MARGIN
    longest = max(mono(item.node, SMALL) for item in told)
    text = name + min(longest, 0.4 * width) + 20
    sheet.line(MARGIN, top - 6, width - MARGIN, top - 6, "rule")
    y = top + 12
    for item in told:
        tone = _tone(item.state)
        sheet.text(MARGIN + 16, y, str(item.number), "number", "end")
        sheet.text(
            name, y, shorten(item.node, name_cells(text - name - 14)), "mono", whole=item.node
        )
        room = code - text - sans(item.code, TINY) - 16
        words = f"{ANSWERS[item.state]}: {item.text}" if tone else item.text
        sheet.text(text, y, fit(words, room, SMALL), tone, whole=words)
        sheet.text(code, y, item.code, "code", "end")
        y += _ROW
        for fact in item.facts[:3]:
            sheet.text(text + 12, y, fit(fact, code - text - 12, TINY), "small", whole=fact)
            y += _ROW


__all__ = ["Where", "describe", "document", "drawing", "own_style", "signs", "style"]
