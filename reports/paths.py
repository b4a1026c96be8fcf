"""Tells paths in words and as data: one wording for the terminal, all reports and drawings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from reports.visible import visible
from scanner.network.chain import Hop, Path
from scanner.truth import Evidence, State

ANSWERS: Final = {State.TRUE: "yes", State.FALSE: "no", State.UNKNOWN: "undetermined"}
# What is told of the target before anything is sent.
_BEFOREHAND: Final = frozenset({"NET-ADDR", "NET-LB-SCHEME"})


class Step(NamedTuple):
    """One hop in words."""

    number: int
    node: str
    text: str
    code: str
    state: State
    packets: str
    reply: bool
    facts: tuple[str, ...]

    def sentence(self) -> str:
        """Say it in one sentence."""
        told = f"{self.number}: {self.node}" + (f", {self.text}" if self.text else "")
        if self.state is State.FALSE:
            return f"{told}, shut ({self.code})"
        return told if self.state is State.TRUE else f"{told}, not known ({self.code})"


def steps(path: Path) -> Iterator[Step]:
    """Give all hops, numbered: those of the request, then those of the reply."""
    for number, hop in enumerate(path.hops, 1):
        is_end = hop.action in ("source", "deliver")
        yield Step(
            number,
            visible(hop.node) or "?",
            "" if is_end else visible(hop.text.removeprefix("the reply: ")),
            hop.code,
            hop.state,
            visible(hop.packets),
            hop.reply,
            tuple(map(fact, hop.evidence)) if hop.state is not State.TRUE else (),
        )


def fact(item: Evidence) -> str:
    """Say a fact and where it was read."""
    return visible(f"{item.source}: {item.fact}" if item.source else item.fact)


def sent(path: Path) -> str:
    """Say which packets the source sends, where something on the way sends on others."""
    found = ""
    node = ""
    for hop in path.hops:
        if hop.reply or hop.node == path.target:
            continue
        if hop.code == "NET-LB-TARGET":
            found = found or hop.packets
        elif hop.code == "NET-EDGE" and node in ("", hop.node):
            node, found = hop.node, hop.packets
        if found and hop.node != node:
            break
    return found or path.packets


def headline(path: Path) -> str:
    """Say in one line what a path comes to."""
    return f"{ends(path)}: {verdict(path)}"


def ends(path: Path) -> str:
    """Name both ends."""
    return visible(f"from {path.source} to {path.target}")


def verdict(path: Path) -> str:
    """Say the answer and what decides it."""
    if path.state is State.TRUE:
        return f"yes, {visible(sent(path))}"
    codes = ", ".join(dict.fromkeys(hop.code for hop in _deciding(path)))
    if path.state is State.FALSE:
        return f"no, stopped by {codes}" if codes else "no"
    return f"undetermined ({codes})" if codes else "undetermined"


def _deciding(path: Path) -> Sequence[Hop]:
    return path.blockers if path.state is State.FALSE else path.doubts


def way(path: Path) -> str:
    """Name the objects on the way in one line: `internet -> gateway -> group -> instance`."""
    names: list[str] = []
    for hop in path.hops:
        if hop.reply or (hop.code in _BEFOREHAND and hop.state is State.TRUE):
            continue
        name = hop.node or "?"
        if hop.state is State.FALSE:
            name += f" [x {hop.code}]"
        elif hop.state is State.UNKNOWN:
            name += f" [? {hop.code}]"
        if not names or names[-1] != name:
            names.append(name)
    return visible(" -> ".join(names))


def summary(path: Path) -> str:
    """Tell a path in one line."""
    if path.state is State.TRUE:
        return f"path: {way(path)} ({visible(sent(path))})"
    word = "no path" if path.state is State.FALSE else "perhaps a path"
    return f"{word}: {way(path)}"


# As data


def as_data(path: Path) -> Mapping[str, Any]:
    """Give a path as `schema/path-1.json` has it."""
    return {
        "source": path.source,
        "target": path.target,
        "answer": ANSWERS[path.state],
        "sent": sent(path) if path.state is not State.FALSE else "nothing",
        "arrives": path.packets,
        "kinds": sorted(path.kinds),
        "hops": [_hop(hop) for hop in path.hops],
    }


def _hop(hop: Hop) -> Mapping[str, Any]:
    return {
        "node": hop.node,
        "action": hop.action,
        "code": hop.code,
        "text": hop.text,
        "answer": ANSWERS[hop.state],
        "packets": hop.packets,
        "reply": hop.reply,
        "evidence": [{"source": item.source, "fact": item.fact} for item in hop.evidence],
    }
