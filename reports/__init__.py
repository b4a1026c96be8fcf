"""Writes a scan for its readers: people, CI systems and programs.

A renderer takes one `Scan` and gives the bytes of one format.  `write` chooses it by the name of
the file, and replaces the file only once the report is complete.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, Literal, Protocol

from scanner.engine import Scan
from scanner.errors import AssayError


class ReportError(AssayError):
    """A report that could not be written, in one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may choose about reports.

    title: the heading, where the name of the source is not enough.
    undetermined_as: how JUnit, which has no third verdict, tells an undetermined finding.
    timestamp: what JUnit says as the time of the tests; fixed, since reports have no clock.
    evidence_of_passes: up to how many passes carry their evidence too; failed and undetermined
    findings always do.
    static_rows: how many findings the HTML page shows without JavaScript and on paper.
    drawings: how many paths of packets the HTML page draws.
    addresses: how many resources the text summary names per rule.
    width: columns of the text; None asks the terminal.
    """

    title: str = ""
    undetermined_as: Literal["skipped", "failure"] = "skipped"
    timestamp: str = "1970-01-01T00:00:00"
    evidence_of_passes: int = 5000
    static_rows: int = 2000
    drawings: int = 50
    addresses: int = 3
    width: int | None = None


class Renderer(Protocol):
    """Writes scans in one format."""

    def render(self, scan: Scan, options: Options) -> Iterable[bytes]:
        """Give the report, piece by piece; equal scans give equal bytes."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its name; the module is imported when the format is asked for."""

    module: str
    suffixes: tuple[str, ...]
    purpose: str


FORMATS: Final = {
    "html": Format("reports.html", (".html", ".htm"), "one page for people, without network"),
    "json": Format("reports.machine", (".json",), "everything, for programs, with a schema"),
    "junit": Format("reports.junit", (".xml",), "test results for CI systems"),
    "text": Format("reports.text", (".txt",), "a summary for the terminal"),
}


_ENDINGS: Final = {name: item.suffixes for name, item in FORMATS.items()}


def format_of(path: str, endings: Mapping[str, Sequence[str]] = _ENDINGS) -> str:
    """Tell the format by the name of the file; the standard output gets text."""
    if path == "-":
        return "text"
    suffix = Path(path).suffix.lower()
    for name, suffixes in endings.items():
        if suffix in suffixes:
            return name
    known = ", ".join(suffix for suffixes in endings.values() for suffix in suffixes)
    raise ReportError(
        f"cannot tell the format of the report {path} by its name: "
        f"end it in one of {known}, or name the format"
    )


def renderer(format: str) -> Renderer:
    """Load the renderer of a format."""
    check((), format)
    module: Renderer = import_module(FORMATS[format].module)
    return module


def check(
    paths: Iterable[str],
    format: str | None = None,
    endings: Mapping[str, Sequence[str]] = _ENDINGS,
) -> None:
    """Find out before the work whether the reports can be written; raise ReportError if not."""
    if format is not None and format not in endings:
        raise ReportError(f"there is no report format {format}: choose from {', '.join(endings)}")
    for path in paths:
        if format is None:
            format_of(path, endings)
        folder = Path(path).absolute().parent
        if path != "-" and not os.access(folder, os.W_OK):
            why = "is not writable" if folder.exists() else "does not exist"
            raise ReportError(f"cannot write the report {path}: the folder {folder} {why}")
        if path != "-" and Path(path).is_dir():
            raise ReportError(f"cannot write the report {path}: it is a folder")


def render(scan: Scan, format: str, options: Options | None = None) -> Iterable[bytes]:
    """Give a report in a format, piece by piece."""
    return renderer(format).render(scan, options or Options())


def write(scan: Scan, path: str, format: str | None = None, options: Options | None = None) -> None:
    """Write one report to a file, or to the standard output for `-`."""
    deliver(renderer(format or format_of(path)).render(scan, options or Options()), path)


def deliver(pieces: Iterable[bytes], path: str) -> None:
    """Write the pieces of a report to a file, or to the standard output for `-`.

    A file is replaced in one step when the report is complete, so nobody reads half of one.
    """
    if path == "-":
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    try:
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file():
            _write_through(target, pieces)
        else:
            _replace(target, pieces)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ReportError(f"cannot write the report {path}: {why}") from error


def _write_through(target: Path, pieces: Iterable[bytes]) -> None:
    """Write to a device or pipe, which cannot be replaced."""
    with target.open("wb") as stream:
        stream.writelines(pieces)


def _replace(target: Path, pieces: Iterable[bytes]) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(_joined(pieces))
        Path(name).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _joined(pieces: Iterable[bytes], size: int = 1 << 18) -> Iterator[bytes]:
    """Gather small pieces, so that each costs no call to the system."""
    gathered: list[bytes] = []
    length = 0
    for piece in pieces:
        gathered.append(piece)
        length += len(piece)
        if length >= size:
            yield b"".join(gathered)
            gathered.clear()
            length = 0
    yield b"".join(gathered)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
