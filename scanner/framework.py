"""Frameworks: official requirements, the rules that give evidence for them, and their status.

A requirement's status never says more than configuration can show.  A failed *direct* rule
violates the requirement; a failed *supporting* rule only leaves it open, for a person to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from scanner.errors import FrameworkError
from scanner.finding import Finding, Verdict, name_of
from scanner.rule import Rule


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that gives evidence for a requirement; `settings` are the thresholds it demands.

    types: beginnings of the provider types that the requirement is about (`oci_` for a whole
    cloud); findings on others say nothing of it.  Empty for all.
    """

    rule: str
    link: Literal["direct", "supporting"]
    settings: dict[str, Any] = {}
    types: tuple[str, ...] = ()


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A chapter of a framework."""

    id: str
    title: str


class Citation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the official text is."""

    citation: str
    url: str = ""


class Requirement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One requirement, by its official id and under a title of our own.

    assessable: `technical` and `partial` say how much configuration can show; `process` nothing.
    """

    id: str
    title: str
    assessable: Literal["technical", "partial", "process"]
    themes: tuple[str, ...] = ()
    group: str = ""
    note: str = ""
    rules: tuple[Link, ...] = ()


class Framework(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A standard, law or benchmark."""

    id: str
    name: str
    version: str
    jurisdiction: str
    status: str
    source: Citation
    verification: str
    requirements: tuple[Requirement, ...]
    note: str = ""
    groups: tuple[Group, ...] = ()


class Status(Enum):
    """What can be said of a requirement."""

    VIOLATED = "violated"
    UNDETERMINED = "undetermined"
    SATISFIED = "satisfied for what configuration can show"
    NO_RESOURCE = "no resource in scope"
    NOT_COVERED = "no rule covers it yet"
    NOT_ASSESSABLE = "not assessable by configuration"


class LinkOutcome(NamedTuple):
    """What one linked rule found; `name` tells the thresholds that the framework demands."""

    link: Link
    name: str
    passed: int
    failed: int
    undetermined: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scan says of one requirement, and why in one sentence."""

    requirement: Requirement
    status: Status
    reason: str
    links: tuple[LinkOutcome, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a scan says of a framework."""

    framework: Framework
    outcomes: tuple[Outcome, ...]

    def counts(self) -> dict[Status, int]:
        """How many requirements have each status."""
        counts = dict.fromkeys(Status, 0)
        for outcome in self.outcomes:
            counts[outcome.status] += 1
        return counts


def read_frameworks(folder: Path) -> tuple[Framework, ...]:
    """Read all frameworks of a folder, sorted by id."""
    return tuple(
        sorted((read_framework(path) for path in folder.glob("*.yaml")), key=lambda item: item.id)
    )


def read_framework(path: Path) -> Framework:
    """Read one framework; a damaged file raises FrameworkError naming the place."""
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=Framework)
    except (OSError, msgspec.MsgspecError) as error:
        raise FrameworkError(f"cannot read the framework {path.name}: {error}") from error


Applications = Mapping[str, tuple[Mapping[str, Any], ...]]


def applications(rules: Iterable[Rule], frameworks: Iterable[Framework]) -> Applications:
    """Tell with which settings each rule is to be applied: its own, and those demanded."""
    wanted: dict[str, list[Mapping[str, Any]]] = {item.id: [item.settings] for item in rules}
    for framework in frameworks:
        for requirement in framework.requirements:
            for link in requirement.rules:
                if link.settings and link.rule in wanted:
                    settings = {**wanted[link.rule][0], **link.settings}
                    if settings not in wanted[link.rule]:
                        wanted[link.rule].append(settings)
    return {id: tuple(variants) for id, variants in wanted.items()}


class Tally(NamedTuple):
    """How many findings on one provider type have each verdict."""

    passed: int = 0
    failed: int = 0
    undetermined: int = 0


Tallies = Mapping[str, Mapping[str, Tally]]


def tally(findings: Mapping[str, Iterable[Finding]]) -> Tallies:
    """Count findings, given by the name under which a rule was applied, by provider type."""
    return {name: _by_type(found) for name, found in findings.items()}


def _by_type(findings: Iterable[Finding]) -> Mapping[str, Tally]:
    order = (Verdict.PASS, Verdict.FAIL, Verdict.UNDETERMINED)
    counts: dict[str, list[int]] = {}
    for finding in findings:
        found = counts.get(finding.resource.type)
        if found is None:
            found = counts[finding.resource.type] = [0, 0, 0]
        found[order.index(finding.verdict)] += 1
    return {type: Tally(*found) for type, found in counts.items()}


def assess(framework: Framework, rules: Mapping[str, Rule], tallies: Tallies) -> Assessment:
    """Judge each requirement by the counted findings."""
    return Assessment(
        framework,
        tuple(_outcome(item, rules, tallies) for item in framework.requirements),
    )


def _outcome(requirement: Requirement, rules: Mapping[str, Rule], tallies: Tallies) -> Outcome:
    links = tuple(_linked(requirement, rules, tallies))
    status, reason = _status(requirement, links)
    return Outcome(requirement, status, reason, links)


def _linked(
    requirement: Requirement, rules: Mapping[str, Rule], tallies: Tallies
) -> Iterator[LinkOutcome]:
    for link in requirement.rules:
        found = rules.get(link.rule)
        if found is not None:
            name = name_of(found, {**found.settings, **link.settings})
            yield LinkOutcome(link, name, *_about(tallies.get(name, {}), link.types))


def _about(counted: Mapping[str, Tally], types: tuple[str, ...]) -> Tally:
    chosen = [item for type, item in counted.items() if not types or type.startswith(types)]
    return Tally(*map(sum, zip(*chosen, strict=True))) if chosen else Tally()


def _status(requirement: Requirement, links: Sequence[LinkOutcome]) -> tuple[Status, str]:
    if requirement.assessable == "process":
        return Status.NOT_ASSESSABLE, "People and procedures show this, not configuration."
    if not requirement.rules:
        return Status.NOT_COVERED, "Configuration could show a part of this; no rule looks yet."
    if not links:
        return Status.NOT_COVERED, "The rules that look at this were not selected."
    direct = [item for item in links if item.link.link == "direct" and item.failed]
    if direct:
        return Status.VIOLATED, "Failed: " + ", ".join(item.name for item in direct) + "."
    if not any(item.passed or item.failed or item.undetermined for item in links):
        return Status.NO_RESOURCE, "Nothing that was read is judged by the rules for this."
    supporting = [item.name for item in links if item.failed]
    if supporting:
        names = ", ".join(supporting)
        return Status.UNDETERMINED, f"Supporting evidence is missing, a person decides: {names}."
    undecided = [item.name for item in links if item.undetermined]
    if undecided:
        return Status.UNDETERMINED, "Facts are missing for: " + ", ".join(undecided) + "."
    if requirement.assessable == "partial":
        return Status.SATISFIED, "No contrary evidence; people must show the rest."
    return Status.SATISFIED, "No contrary evidence in what was read."
