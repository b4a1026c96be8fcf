"""Makes text from an input safe to show: what a reader could not see is spelled out."""

from __future__ import annotations

import unicodedata

# Zs, the spaces, are visible as gaps.  Everything else that Python does not call printable is
# invisible or illegal somewhere: controls (illegal in XML 1.0, or terminal commands), format
# characters (bidirectional marks reorder a line, zero-width ones hide in it), lone surrogates
# (no UTF-8), line and paragraph separators (end a JavaScript line), private and unassigned ones.
_SPACES = frozenset(chr(code) for code in range(0x3001) if unicodedata.category(chr(code)) == "Zs")


def visible(text: str) -> str:
    """Give the text with every invisible character spelled out, such as `<U+202E>`."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in _SPACES else f"<U+{ord(char):04X}>" for char in text
    )


def one_line(text: str) -> str:
    """Give a text of several lines, such as a docstring, as one visible line."""
    return visible(" ".join(text.split()))


def cut(text: str, length: int) -> str:
    """Give a visible text of at most this length, with an ellipsis for what is left out."""
    shown = visible(text[: length + 1])
    return shown if len(shown) <= length else shown[: length - 1] + "…"
