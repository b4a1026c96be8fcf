"""Writes a scan as JUnit XML: one suite per rule, one test case per rule and resource.

Two schemas are kept at once: the one of Jenkins' xUnit plugin, and the stricter one by Windy Road
for Ant, which wants a time, a host and a duration.  A report has neither clock nor host, so
these are constants.  CI systems group by the suite (GitLab, GitHub, Azure) or by the class name
(Jenkins): the first is the rule, the second provider and type; a test's name is unique by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from reports import Options
from reports.grouping import Group, groups
from reports.paths import summary
from reports.requirements import Reference, references
from reports.visible import one_line, visible
from scanner.engine import Scan
from scanner.finding import Finding
from scanner.truth import Evidence

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
_SPACES: Final = re.compile(" {2,}")
_TAIL: Final = "<system-out></system-out><system-err></system-err></testsuite>\n"


def render(scan: Scan, options: Options) -> Iterator[bytes]:
    """Give the document, suite by suite."""
    yield _HEAD.encode()
    known = references(scan)
    crashed = frozenset((item.rule, item.resource) for item in scan.crashes)
    number = 0
    for number, group in enumerate(groups(scan), 1):
        yield from _suite(number - 1, group, known.get(group.name, ()), crashed, options)
    yield _coverage(scan, number, options).encode()
    yield b"</testsuites>\n"


def escape(text: str) -> str:
    """Make text safe in XML 1.0, as content and inside double quotes."""
    text = visible(text)
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if '"' in text:
        text = text.replace('"', "&quot;")
    return text


def _open(number: int, name: str, counts: tuple[int, int, int, int], options: Options) -> str:
    tests, failures, errors, skipped = counts
    return (
        f'<testsuite id="{number}" package="assay" name="{escape(name)}" tests="{tests}" '
        f'failures="{failures}" errors="{errors}" skipped="{skipped}" time="0" '
        f'timestamp="{escape(options.timestamp)}" hostname="localhost">\n'
    )


def _properties(group: Group, known: Sequence[Reference]) -> str:
    pairs = [
        ("title", group.rule.title),
        ("severity", group.rule.severity.label),
        *((f"setting.{key}", str(group.settings[key])) for key in sorted(group.settings)),
        *((f"{item.framework}:{item.link}", item.requirement) for item in known),
    ]
    lines = (f'<property name="{escape(name)}" value="{escape(text)}"/>\n' for name, text in pairs)
    return f"<properties>\n{''.join(lines)}</properties>\n"


def _suite(
    number: int,
    group: Group,
    known: Sequence[Reference],
    crashed: frozenset[tuple[str, str]],
    options: Options,
) -> Iterator[bytes]:
    undecided, broken = _part(group, crashed)
    as_failure = options.undetermined_as == "failure"
    total = len(group.passed) + len(group.failed) + len(undecided) + len(broken)
    failures = len(group.failed) + (len(undecided) if as_failure else 0)
    counts = (total, failures, len(broken), 0 if as_failure else len(undecided))
    case = _Cases(group.name)
    advice = _advice(group, known)
    severity = group.rule.severity.label
    failure = f'><failure type="{severity}" message="{escape(_message(group))}">'
    unsure = f'><failure type="undetermined" message="{escape(_unsure(group))}">'
    fault = '><error type="crash" message="The rule failed by a fault of its own.">'
    yield (_open(number, group.name, counts, options) + _properties(group, known)).encode()
    for finding in group.failed:
        facts = _lines(finding.evidence) + _ways(finding)
        yield f"{case(finding)}{failure}{facts}{advice}</failure></testcase>\n".encode()
    for finding in undecided:
        if as_failure:
            facts = _lines(finding.evidence) + _ways(finding)
            yield f"{case(finding)}{unsure}{facts}{advice}</failure></testcase>\n".encode()
        else:
            reason = escape("; ".join(_say(item) for item in finding.evidence))
            yield f'{case(finding)}><skipped message="{reason}"/></testcase>\n'.encode()
    for finding in broken:
        facts = _lines(finding.evidence)
        yield f"{case(finding)}{fault}{facts}</error></testcase>\n".encode()
    for start in range(0, len(group.passed), 1000):
        part = group.passed[start : start + 1000]
        yield "".join([case(finding) + "/>\n" for finding in part]).encode()
    yield _TAIL.encode()


def _part(
    group: Group, crashed: frozenset[tuple[str, str]]
) -> tuple[Sequence[Finding], Sequence[Finding]]:
    """Part the undetermined findings from those whose rule crashed."""
    if not crashed:
        return group.undetermined, ()
    broken = [item for item in group.undetermined if (group.rule.id, item.address) in crashed]
    left = [item for item in group.undetermined if (group.rule.id, item.address) not in crashed]
    return left, broken


class _Names:
    """Gives each test case a name that no other one has."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def __call__(self, text: str) -> str:
        name = escape(text)
        # Schemas that take names for tokens fold spaces, and characters spelled out may meet.
        if "  " in name or name[:1] == " " or name[-1:] == " ":
            name = _SPACES.sub(" ", name).strip(" ")
        if name in self._seen:
            name = self._another(name)
        self._seen.add(name)
        return name

    def _another(self, name: str) -> str:
        count = 2
        while f"{name} ({count})" in self._seen:
            count += 1
        return f"{name} ({count})"


class _Cases:
    """Writes the beginnings of the test cases of one rule."""

    def __init__(self, name: str) -> None:
        self._prefix = escape(name)
        self._classes: dict[str, str] = {}
        self._name = _Names()

    def __call__(self, finding: Finding) -> str:
        type = finding.resource.type
        place = self._classes.get(type)
        if place is None:
            provider = finding.resource.provider
            place = self._classes[type] = escape(f"{provider}.{type}")
        name = self._name(finding.resource.address)
        return f'<testcase classname="{place}" name="{self._prefix}: {name}" time="0"'


def _message(group: Group) -> str:
    return f"Does not hold ({group.rule.severity.label}): {one_line(group.rule.title)}"


def _unsure(group: Group) -> str:
    return f"Undetermined ({group.rule.severity.label}): {one_line(group.rule.title)}"


def _say(item: Evidence) -> str:
    return f"{item.source}: {item.fact}" if item.source else item.fact


def _lines(evidence: Sequence[Evidence]) -> str:
    return "".join([escape(_say(item)) + "\n" for item in evidence])


def _ways(finding: Finding) -> str:
    return "".join([escape(summary(path)) + "\n" for path in finding.paths])


def _advice(group: Group, known: Sequence[Reference]) -> str:
    lines = [f"Risk: {one_line(group.rule.risk)}", f"Fix: {one_line(group.rule.fix)}"]
    if known:
        lines.append("Requirements: " + ", ".join(map(str, known)))
    return "\n" + "".join(escape(line) + "\n" for line in lines)


def _coverage(scan: Scan, number: int, options: Options) -> str:
    """Write a last suite of what was read, and what was not looked at, as skipped."""
    missed = [
        (f"not evaluated: {type}", f"{len(addresses)} resources, which no mapping knows")
        for type, addresses in scan.unmapped.items()
    ]
    missed += [(f"not completely read: {gap.scope}", gap.reason) for gap in scan.gaps]
    name = _Names()
    start = '<testcase classname="assay.coverage" name="'
    cases = [
        f'{start}{name(f"was read: {item.name} ({item.kind})")}" time="0"/>\n'
        for item in scan.sources
    ]
    cases += [
        f'{start}{name(what)}" time="0"><skipped message="{escape(why)}"/></testcase>\n'
        for what, why in missed
    ]
    warnings = "".join(escape(item) + "\n" for item in scan.warnings)
    counts = (len(cases), 0, 0, len(missed))
    return (
        _open(number, "coverage", counts, options)
        + "<properties></properties>\n"
        + "".join(cases)
        + f"<system-out>{warnings}</system-out><system-err></system-err></testsuite>\n"
    )
