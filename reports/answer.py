"""Writes the answer to one question about a path: for the terminal, for programs, as a drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from reports.paths import ANSWERS, Step, as_data, fact, sent, steps
from reports.visible import visible
from scanner import __version__
from scanner.network.chain import Path
from scanner.record import Source
from scanner.survey import Exposed, Place
from scanner.truth import Evidence, State

# By name: the endings of the files.
FORMATS: Final = {"text": (".txt",), "json": (".json",), "svg": (".svg",)}
SCHEMA: Final = "urn:assay:schema:path-1"
WAYS: Final = {
    "direct": "direct",
    "balancer": "through a load balancer",
    "edge": "through an edge service",
}
GRADES: Final = {
    "any": "from any address",
    "wide": "from wide ranges",
    "some": "from some public addresses",
    "none": "from no public address",
    "": "",
}
_MARKS: Final = {State.TRUE: " ", State.FALSE: "x", State.UNKNOWN: "?"}
_WIDEST: Final = 44
_ROWS: Final = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about two ends, and its answer.

    service: the packets asked about, in words.  exposures: how the internet reaches the targets,
    if that was asked.  unreached: how many targets it does not reach.
    """

    source: str
    target: str
    service: str
    state: State
    paths: tuple[Path, ...]
    exposures: tuple[Exposed, ...] = ()
    unreached: int = 0
    sources: tuple[Source, ...] = ()

    @property
    def missing(self) -> tuple[Evidence, ...]:
        """The facts without which it cannot be answered."""
        if self.state is not State.UNKNOWN:
            return ()
        doubts = [hop for path in self.paths for hop in path.doubts]
        named = [item for hop in doubts for item in hop.evidence]
        return tuple(dict.fromkeys(named or [Evidence(hop.node, hop.text) for hop in doubts]))


def render(asked: Asked, form: str, where: Callable[[str], Place | None]) -> bytes:
    """Give the answer in one of the formats; `where` tells a drawing what stands where."""
    if form == "json":
        import msgspec

        from reports.machine import dump

        return msgspec.json.format(dump(_document(asked)), indent=2) + b"\n"
    if form == "svg":
        from reports.drawing import document

        return document(asked.paths[0], where).encode()
    return _text(asked).encode()


# For the terminal


def _text(asked: Asked) -> str:
    return "\n".join(line.rstrip() for line in _lines(asked)) + "\n"


def _lines(asked: Asked) -> Iterator[str]:
    first = asked.paths[0] if asked.paths else None
    if asked.state is State.TRUE and first is not None:
        yield f"yes: {visible(sent(first))}"
        if sent(first) != first.packets:
            yield f"     and arrives as {visible(first.packets)}"
    else:
        ends = visible(f"{asked.service} from {asked.source} to {asked.target}")
        yield f"{ANSWERS[asked.state]}: {ends}"
    for place, path in enumerate(asked.paths, 1):
        yield ""
        if len(asked.paths) > 1:
            yield f"way {place} of {len(asked.paths)}:"
        yield from _path(path)
    if asked.missing:
        yield "\nmissing facts:"
        yield from (f"  {fact(item)}" for item in asked.missing)
    if asked.exposures:
        yield "\nreached from the internet:"
        yield from (f"  {_exposure(row)}" for row in asked.exposures[:_ROWS])
        left = len(asked.exposures) - _ROWS
        if left > 0:
            yield f"  and {left:,} more, in the JSON"
        if asked.unreached:
            yield f"  {asked.unreached:,} others are not reached"


def _path(path: Path) -> Iterator[str]:
    told = list(steps(path))
    if path.state is State.FALSE:
        yield "stopped by:"
        for item in told:
            if item.state is State.FALSE:
                yield f"  {item.code:<15} {item.node}: {item.text}"
                yield from (f"  {'':<15} {line}" for line in item.facts)
        yield "\nthe whole way (x: stops):"
    width = min(max(len(item.node) for item in told), _WIDEST)
    before = ""
    reply = False
    for item in told:
        if item.reply and not reply:
            reply = True
            yield "reply:"
        yield _hop(item, width, before)
        if item.packets != "nothing":
            before = item.packets or before


def _hop(item: Step, width: int, before: str) -> str:
    parts = [item.text, f"[{item.code}]" if item.code else ""]
    if item.packets not in (before, "nothing"):
        parts.append(item.packets)
    told = "  ".join(part for part in parts if part)
    return f"{_MARKS[item.state]} {item.number:>2}  {item.node:<{width}}  {told}"


def _exposure(row: Exposed) -> str:
    perhaps = "" if row.state is State.TRUE else "perhaps "
    parts = [", ".join(row.ports), GRADES[row.grade], f"(grade {row.grade})" if row.grade else ""]
    told = row.fault or " ".join(part for part in parts if part)
    return visible(f"{row.address}: {perhaps}{WAYS[row.way]}: {told}")


# For programs


def _document(asked: Asked) -> Mapping[str, Any]:
    return {
        "schema": SCHEMA,
        "version": 1,
        "tool": {"name": "assay", "version": __version__},
        "sources": asked.sources,
        "question": {"from": asked.source, "to": asked.target, "service": asked.service},
        "answer": ANSWERS[asked.state],
        "paths": [as_data(path) for path in asked.paths],
        "missing": [{"source": item.source, "fact": item.fact} for item in asked.missing],
        "exposures": [_exposed(row) for row in asked.exposures],
        "unreached": asked.unreached,
    }


def _exposed(row: Exposed) -> Mapping[str, Any]:
    return {
        "resource": row.address,
        "way": row.way,
        "answer": ANSWERS[row.state],
        "ports": row.ports,
        "grade": row.grade or "unknown",
        "arrives": row.arrives or row.ports,
    }
