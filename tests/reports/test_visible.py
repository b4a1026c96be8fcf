"""Invisible characters are spelled out, and nothing else is touched."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.visible import cut, one_line, visible

_ANY = st.text(st.characters(codec=None, exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\u202eb", "a<U+202E>b"),
        ("\x1b[31m", "<U+001B>[31m"),
        ("a\nb", "a<U+000A>b"),
        ("\ud800", "<U+D800>"),
        ("\ufffe\u2028", "<U+FFFE><U+2028>"),
        ("a\u00a0b\u3000c", "a\u00a0b\u3000c"),
        ("كلمة 数据库 🔑", "كلمة 数据库 🔑"),
    ],
)
def test_invisible_characters_are_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(_ANY)
def test_nothing_invisible_is_left(text: str) -> None:
    left = {unicodedata.category(char) for char in visible(text)}
    assert not left & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert visible(visible(text)) == visible(text)


def test_lines_are_joined() -> None:
    assert one_line("a\n  b\tc\u202e") == "a b c<U+202E>"


@given(_ANY, st.integers(1, 40))
def test_a_cut_text_is_visible_and_short(text: str, length: int) -> None:
    shown = cut(text, length)
    assert len(shown) <= length
    assert shown == visible(text) or shown.endswith("…")
