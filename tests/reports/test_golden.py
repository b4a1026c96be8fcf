"""The reports of one small scan, byte by byte: read a change before you record it.

To record: `python -m tests.reports.test_golden`.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from reports import FORMATS, render
from tests.reports import scans

GOLDEN = Path(__file__).parent / "golden"
FILES = {"html": "small.html", "json": "small.json", "junit": "small.xml", "text": "small.txt"}
KEPT = ("sources", "records", "unmapped", "deletions", "gaps", "warnings", "crashes", "networks")


def test_every_format_has_a_golden_file() -> None:
    assert FILES.keys() == FORMATS.keys()


@pytest.mark.parametrize("format", FILES)
def test_the_small_scan_is_written_as_recorded(format: str) -> None:
    expected = (GOLDEN / FILES[format]).read_bytes()
    assert b"".join(render(scans.small(), format)) == expected


@pytest.mark.parametrize("format", FILES)
@pytest.mark.parametrize("case", scans.CASES)
def test_equal_scans_give_equal_bytes_in_any_input_order(case: str, format: str) -> None:
    scan = scans.CASES[case]()
    again = scans.CASES[case]()
    mixed = list(again.findings)
    random.Random(7).shuffle(mixed)
    again = scans.make_scan(
        mixed,
        rules=again.rules,
        frameworks=[item.framework for item in again.assessments],
        **{name: getattr(again, name) for name in KEPT},
    )
    assert b"".join(render(scan, format)) == b"".join(render(again, format))


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, file in FILES.items():
        (GOLDEN / file).write_bytes(b"".join(render(scans.small(), name)))
