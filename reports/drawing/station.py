"""One place on the way of a packet, as a drawing shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scanner.survey import Area, Place
from scanner.truth import State

Where = Callable[[str], Place | None]


@dataclass(frozen=True, slots=True)
class Station:
    """One place on the way.

    numbers: of the hops that it shows, as the list of hops counts them.  inside: the areas that
    hold it, the widest first.  border: the area on whose edge it stands.
    sends: protocols and ports of what leaves it, if they are others than what came.
    """

    box: bool
    icon: str
    word: str
    name: str
    label: str
    numbers: tuple[int, ...]
    state: State
    code: str = ""
    inside: tuple[Area, ...] = ()
    border: Area | None = None
    sends: str = ""

    def within(self, area: Area) -> bool:
        """Whether it stands in an area or on its edge."""
        return area in self.inside or area == self.border
