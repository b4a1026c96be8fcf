"""Choosing formats, and writing files whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import reports
from reports import Options, ReportError, format_of, render, write
from scanner.engine import Scan
from tests.reports import scans


@pytest.mark.parametrize(
    ("path", "format"),
    [("a.html", "html"), ("a.HTM", "html"), ("j.xml", "junit"), ("s.json", "json"), ("-", "text")],
)
def test_format_is_told_by_the_name(path: str, format: str) -> None:
    assert format_of(path) == format


def test_unknown_names_and_formats_are_told_with_what_is_known() -> None:
    with pytest.raises(ReportError, match=r"\.html.*\.xml"):
        format_of("report.pdf")
    with pytest.raises(ReportError, match="html, json, junit, text"):
        write(scans.empty(), "a.html", "pdf")


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    target.write_text("old")
    target.chmod(0o640)
    write(scans.small(), str(target))
    assert target.read_bytes() == b"".join(render(scans.small(), "json"))
    assert target.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "real.txt", tmp_path / "link.txt"
    link.symlink_to(target)
    write(scans.empty(), str(link))
    assert link.is_symlink()
    assert target.exists()


def test_an_interrupted_report_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def render(self, scan: Scan, options: Options) -> Iterator[bytes]:
            yield b"half"
            raise KeyboardInterrupt

    monkeypatch.setattr(reports, "renderer", lambda format: Broken())
    target = tmp_path / "report.html"
    target.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        write(scans.empty(), str(target))
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("name", ["none/report.html", "folder", "file/report.html"])
def test_what_cannot_be_written_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match=r"^cannot write the report .*: \S.*$"):
        write(scans.empty(), str(tmp_path / name), "html")


def test_a_device_is_written_through() -> None:
    write(scans.small(), "/dev/null", "json")
    assert Path("/dev/null").is_char_device()


def test_standard_output_gets_text(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    write(scans.small(), "-")
    assert b"9 checks fail" in capsysbinary.readouterr().out
