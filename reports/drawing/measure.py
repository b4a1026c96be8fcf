"""How wide texts are, roughly and never too narrow, since fonts differ from reader to reader."""

from __future__ import annotations

import unicodedata
from typing import Final

from reports.visible import visible

_MONO: Final = 0.61
_NARROW: Final = frozenset("iljtfrI.,:;'|!()[]{}/\\ -")
_BROAD: Final = frozenset("mwMW@%…")


def cells(text: str) -> int:
    """Count the cells of a fixed-width font that a text takes."""
    if text.isascii():
        return len(text)
    return sum(_cell(char) for char in text)


def _cell(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    # Scripts that a fixed-width font lacks come from another one, which may be wider.
    return 1 if ord(char) < 0x250 or char == "…" else 2


def mono(text: str, size: float) -> float:
    """Give the width of a text in a fixed-width font."""
    return cells(text) * _MONO * size


def sans(text: str, size: float) -> float:
    """Give the width of a text in a proportional font."""
    total = 0.0
    for char in text:
        if char in _NARROW:
            total += 0.36
        elif char in _BROAD:
            total += 1.0
        elif ord(char) >= 0x250:
            total += 1.25
        else:
            total += 0.7 if char.isupper() else 0.585
    return total * size


def shorten(text: str, length: int) -> str:
    """Cut a visible text in its middle, so that it takes at most this many cells."""
    text = visible(text)
    if cells(text) <= length:
        return text
    head = _first(text, (length - 1) // 2)
    tail = _first(text[::-1], length - 1 - cells(head))[::-1]
    return f"{head}…{tail}"


def fit(text: str, width: float, size: float) -> str:
    """Cut a visible text at its end, so that it takes at most this width in a proportional font."""
    text = visible(text)
    if sans(text, size) <= width:
        return text
    taken = sans("…", size)
    for index, char in enumerate(text):
        taken += sans(char, size)
        if taken > width:
            return text[:index].rstrip() + "…"
    return text


def cut_to(text: str, length: int) -> str:
    """Cut a visible text at its end, so that it takes at most this many cells."""
    text = visible(text)
    return text if cells(text) <= length else _first(text, length - 1).rstrip() + "…"


def _first(text: str, length: int) -> str:
    taken = 0
    for index, char in enumerate(text):
        taken += _cell(char)
        if taken > length:
            return text[:index]
    return text
