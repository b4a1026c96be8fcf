"""Writes shapes and texts as SVG markup: every text is escaped, no style and no script is in it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from reports.drawing.icons import ICONS
from reports.visible import cut

_LONGEST: Final = 2000


class Sheet:
    """A sheet of paper on which shapes are put one after the other.

    shared: the signs stand elsewhere in the page, once for all of its drawings.
    """

    def __init__(self, shared: bool = False) -> None:
        self.shared = shared
        self._parts: list[str] = []

    def __str__(self) -> str:
        return "".join(self._parts)

    def rect(
        self, x: float, y: float, width: float, height: float, look: str, radius: float = 0
    ) -> None:
        """Draw a rectangle."""
        rounded = f' rx="{_n(radius)}"' if radius else ""
        self._parts.append(
            f'<rect class="{look}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" '
            f'height="{_n(height)}"{rounded}/>'
        )

    def path(self, strokes: str, look: str) -> None:
        """Draw strokes."""
        self._parts.append(f'<path class="{look}" d="{strokes}"/>')

    def line(self, x1: float, y1: float, x2: float, y2: float, look: str) -> None:
        """Draw a straight line."""
        self.path(f"M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}", look)

    def circle(self, x: float, y: float, radius: float, look: str) -> None:
        """Draw a circle."""
        self._parts.append(f'<circle class="{look}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>')

    def sign(self, x: float, y: float, size: float, name: str, look: str) -> None:
        """Draw a sign with its centre here."""
        left, top = x - size / 2, y - size / 2
        if self.shared:
            self._parts.append(
                f'<use class="{look}" href="#sign-{name}" x="{_n(left)}" y="{_n(top)}" '
                f'width="{_n(size)}" height="{_n(size)}"/>'
            )
            return
        place = f"translate({_n(left)} {_n(top)})" + (
            f" scale({size / 24:.3g})" if size != 24 else ""
        )
        self._parts.append(f'<path class="{look}" transform="{place}" d="{ICONS[name]}"/>')

    def text(
        self, x: float, y: float, text: str, look: str, anchor: str = "", whole: str = ""
    ) -> None:
        """Write a text; `whole` is what it is short for."""
        if not text:
            return
        at = f' text-anchor="{anchor}"' if anchor else ""
        title = f"<title>{clean(whole)}</title>" if whole and whole != text else ""
        self._parts.append(
            f'<text class="{look}" x="{_n(x)}" y="{_n(y)}"{at}>{title}{clean(text)}</text>'
        )

    def words(self, x: float, y: float, parts: Sequence[tuple[str, str]], whole: str = "") -> None:
        """Write texts of several looks in one line."""
        title = f"<title>{clean(whole)}</title>" if whole else ""
        spans = " ".join(f'<tspan class="{look}">{clean(text)}</tspan>' for text, look in parts)
        self._parts.append(f'<text x="{_n(x)}" y="{_n(y)}">{title}{spans}</text>')

    def open(self, title: str) -> None:
        """Begin a group that is told as a whole."""
        self._parts.append(f"<g><title>{clean(title)}</title>")

    def close(self) -> None:
        """End it."""
        self._parts.append("</g>")


def signs() -> str:
    """Give all signs, for the drawings of one page."""
    made = "".join(
        f'<symbol id="sign-{name}" viewBox="0 0 24 24"><path d="{strokes}"/></symbol>'
        for name, strokes in ICONS.items()
    )
    return f'<svg class="signs" width="0" height="0" aria-hidden="true">{made}</svg>'


def clean(text: str) -> str:
    """Make a text safe in markup: visible, and not longer than anybody reads."""
    return escape(cut(text, _LONGEST), quote=True)


def _n(number: float) -> str:
    """Write a number in as few characters as a tenth of a pixel needs."""
    return f"{number:.1f}".removesuffix(".0")
