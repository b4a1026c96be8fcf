"""Every code that the engine uses is explained, in the program and on the page."""

from __future__ import annotations

import re
from pathlib import Path

from scanner.network.codes import CODES

ROOT = Path(__file__).parents[1]
USED = re.compile(r'"((?:NET|OCI)-[A-Z-]+)"')


def test_every_code_of_the_engine_is_explained() -> None:
    used = {
        code
        for file in (ROOT / "scanner" / "network").glob("*.py")
        if file.name != "codes.py"
        for code in USED.findall(file.read_text())
    }
    assert used
    # One that ends in a hyphen is put together with its ending where it is used.
    unknown = {code for code in used if not any(
        known == code or (code.endswith("-") and known.startswith(code)) for known in CODES
    )}  # fmt: skip
    assert unknown == set()


def test_each_explanation_is_one_sentence() -> None:
    for code, text in CODES.items():
        assert re.fullmatch(r"(NET|OCI)(-[A-Z]+)+", code)
        assert text.endswith(".") and text[0].isupper() and ". " not in text, code


def test_the_page_has_the_same_table() -> None:
    page = (ROOT / "docs" / "paths.md").read_text()
    rows = re.findall(r"^\| `([A-Z-]+)` \| (.+) \|$", page, re.MULTILINE)
    assert rows == list(CODES.items())
