"""The summary: what matters first, plain where it is piped, as wide as it may be."""

from __future__ import annotations

import io

import pytest

from reports import Options, render
from reports.text import show
from tests.reports import scans


def text(case: str, **options: int) -> str:
    return b"".join(render(scans.CASES[case](), "text", Options(**options))).decode()  # type: ignore[arg-type]


def test_failures_come_with_evidence_and_fix() -> None:
    shown = text("small")
    assert "9 checks fail, 1 of them critical. 5 are undetermined" in shown
    assert "publicly_accessible: false (default)" in shown
    assert "Fix: Switch public access off" in shown
    assert shown.index("CRITICAL") < shown.index("HIGH") < shown.index("MEDIUM")


def test_no_more_addresses_than_asked_for() -> None:
    assert "… and 3 more" in text("small", addresses=1)


@pytest.mark.parametrize(
    ("case", "sentence"),
    [("empty", "Nothing was judged."), ("passing", "Nothing fails in what was read.")],
)
def test_without_failures_it_says_what_that_means(case: str, sentence: str) -> None:
    assert sentence in text(case)


@pytest.mark.parametrize("case", scans.CASES)
@pytest.mark.parametrize("width", [40, 80])
def test_no_line_is_wider_than_asked(case: str, width: int) -> None:
    lines = text(case, width=width).splitlines()
    ascii = [line for line in lines if line.isascii()]
    assert max(map(len, ascii)) <= width


def test_nothing_in_a_name_commands_the_terminal() -> None:
    shown = text("hostile")
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert "[bold red]markup[/]" in shown


def test_a_pipe_gets_no_colour_and_a_terminal_does(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    piped, seen = io.StringIO(), Terminal()
    show(scans.small(), Options(), piped)
    show(scans.small(), Options(width=100), seen)
    assert "\x1b[" not in piped.getvalue()
    assert "\x1b[" in seen.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    plain = Terminal()
    show(scans.small(), Options(width=100), plain)
    assert "\x1b[31" not in plain.getvalue()
