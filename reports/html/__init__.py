"""Writes a scan as one self-contained page that needs no network and, for its essence, no script.

What an auditor reads first, prints or files is static markup: the summary, the requirements, and
failed and undetermined findings up to a stated number.  The rest is pooled data that a script
shows row by row: a table of 100,000 rows as markup takes browsers half a minute to open.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Final

from reports import Options
from reports.grouping import groups, passes_carry_evidence, tally
from scanner.engine import Scan

if TYPE_CHECKING:
    from jinja2 import Template

# Only unescaped markup can hold this, so no text from an input can.
_MARKER: Final = "<!--scan-->"


def render(scan: Scan, options: Options) -> Iterator[bytes]:
    """Give the page: static markup, the pooled data, and the end."""
    from reports.html.page import page
    from reports.html.payload import payload
    from reports.html.ways import Ways

    found = groups(scan)
    counts = tally(found)
    complete = passes_carry_evidence(counts, options)
    ways = Ways(scan, found, complete, options.drawings)
    text = _template().render(
        page=page(scan, found, counts, options, complete, ways),
        policy=_policy(),
        style=_style(),
        start=_file("start.js"),
        script=_file("report.js"),
    )
    head, _, tail = text.partition(_MARKER)
    yield head.encode()
    for piece in payload(scan, found, complete, ways):
        yield inert(piece)
    yield tail.encode()


def inert(data: bytes) -> bytes:
    """Make encoded JSON safe inside a script element: these characters stand in strings only."""
    return (
        data.replace(b"<", b"\\u003c")
        .replace(b">", b"\\u003e")
        .replace(b"&", b"\\u0026")
        .replace(b"\xe2\x80\xa8", b"\\u2028")
        .replace(b"\xe2\x80\xa9", b"\\u2029")
    )


@cache
def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


@cache
def _style() -> str:
    from reports.drawing import style

    return _file("report.css") + style()


def _policy() -> str:
    """Allow exactly our own style and scripts, and nothing from anywhere."""
    scripts = " ".join(_hash(_file(name)) for name in ("start.js", "report.js"))
    return (
        f"default-src 'none'; script-src {scripts}; style-src {_hash(_style())}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    environment.filters["count"] = "{:,}".format
    return environment.from_string(_file("report.html"))
