"""What the template prints: plain data, with every text visible and every list cut and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from markupsafe import Markup

from scanner.finding import Verdict
from scanner.framework import Status


class Word(NamedTuple):
    """A status: its key for style and filters, and its words for people."""

    key: str
    label: str
    heading: str


STATUSES: Final = {
    Status.VIOLATED: Word("violated", "Violated", "Violated"),
    Status.UNDETERMINED: Word("undetermined", "Undetermined", "Undetermined"),
    Status.SATISFIED: Word(
        "satisfied", "Satisfied, as far as configuration can show", "Satisfied*"
    ),
    Status.NO_RESOURCE: Word("no-resource", "No resource in scope", "No resource"),
    Status.NOT_COVERED: Word("not-covered", "No rule covers it yet", "No rule yet"),
    Status.NOT_ASSESSABLE: Word(
        "not-assessable", "Not assessable by configuration", "Not assessable"
    ),
}

VERDICT_WORDS: Final = {
    Verdict.FAIL: Word("fail", "Failed", "Failed"),
    Verdict.UNDETERMINED: Word("undetermined", "Undetermined", "Undetermined"),
    Verdict.PASS: Word("pass", "Passed", "Passed"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a bar, in units of a thousandth of its length."""

    key: str
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Linked:
    """A rule that gives evidence for a requirement, with what it found."""

    rule: str
    name: str
    link: str
    failed: int
    undetermined: int
    passed: int


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement."""

    id: str
    title: str
    status: Word
    reason: str
    links: Sequence[Linked]


@dataclass(frozen=True, slots=True)
class Chapter:
    """Requirements under one title of the framework."""

    title: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """One framework."""

    id: str
    name: str
    version: str
    jurisdiction: str
    citation: str
    note: str
    total: int
    counts: Sequence[tuple[Word, int]]
    bars: Sequence[Bar]
    chapters: Sequence[Chapter]
    open: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of evidence."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class HopView:
    """One hop of a path; `meaning` explains its code.  key: `open`, `shut` or `unknown`."""

    number: int
    node: str
    text: str
    code: str
    meaning: str
    key: str
    reply: bool
    facts: Sequence[str]


@dataclass(frozen=True, slots=True)
class WayView:
    """A path that is drawn, with its hops in words.  proof: only passed checks name it."""

    number: int
    key: str
    proof: bool
    headline: str
    drawing: Markup
    hops: Sequence[HopView]
    reply: Sequence[HopView]


@dataclass(frozen=True, slots=True)
class WayLink:
    """A path that a row names; `number` is 0 if it is not drawn."""

    number: int
    headline: str


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One subnet and what its routes make of it."""

    address: str
    network: str
    ranges: str
    key: str
    label: str
    why: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class ExposedRow:
    """One way by which the internet reaches something, or may."""

    address: str
    word: str
    perhaps: bool
    way: str
    ports: str
    arrives: str
    grade: str
    key: str
    paths: Sequence[WayLink]
    fault: str


@dataclass(frozen=True, slots=True)
class NetworkView:
    """The networks: subnets by class, what the internet reaches, and the paths that are drawn."""

    classes: Sequence[tuple[str, str, int]]
    segments: Sequence[SegmentRow]
    more_segments: int
    exposed: Sequence[ExposedRow]
    more_exposed: int
    reached: int
    examined: int
    resources: int
    signs: Markup
    ways: Sequence[WayView]
    more_ways: int
    fault: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding as static markup."""

    verdict: Word
    address: str
    facts: Sequence[Fact]
    paths: Sequence[WayLink] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """A rule under one set of thresholds; `number` is that of its group in the payload."""

    number: int
    settings: str
    rows: Sequence[FindingRow]
    hidden: int


@dataclass(slots=True)
class RuleView:
    """One rule with everything that it found."""

    id: str
    title: str
    severity: str
    risk: str
    fix: str
    rank: tuple[int, ...] = ()
    requirements: Sequence[tuple[str, str]] = ()
    failed: int = 0
    undetermined: int = 0
    passed: int = 0
    applied: list[Applied] = field(default_factory=list)

    @property
    def verdict(self) -> Word | None:
        """The worst verdict; None where nothing was judged."""
        if self.failed:
            return VERDICT_WORDS[Verdict.FAIL]
        if self.undetermined:
            return VERDICT_WORDS[Verdict.UNDETERMINED]
        return VERDICT_WORDS[Verdict.PASS] if self.passed else None


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that is not known, and the findings that wait for it."""

    text: str
    count: int
    rules: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Missed:
    """A type that no mapping knows."""

    type: str
    count: int
    addresses: Sequence[str]
    more: int


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template prints."""

    title: str
    version: str
    verdict: str
    first: str
    second: str
    sources: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, int]]
    severities: Sequence[tuple[str, Sequence[tuple[Word, int]]]]
    totals: Sequence[tuple[Word, int]]
    statuses: Sequence[Word]
    frameworks: Sequence[FrameworkView]
    worst: Sequence[RuleView]
    rules: Sequence[RuleView]
    shown: int
    to_show: int
    evidence_of_passes: bool
    reasons: Sequence[Reason]
    more_reasons: int
    unmapped: Sequence[Missed]
    unmapped_total: int
    gaps: Sequence[tuple[str, str]]
    deletions: Sequence[tuple[str, str]]
    more_deletions: int
    warnings: Sequence[str]
    crashes: Sequence[tuple[str, str, str]]
    network: NetworkView | None
