"""Writes a scan as a summary for the terminal, or the same as plain text."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

from rich.console import Console, RenderableType
from rich.console import Group as Stack
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reports import Options
from reports.grouping import (
    SEVERITIES,
    VERDICTS,
    Group,
    Tally,
    below,
    conclusion,
    groups,
    number,
    settings_of,
    tally,
)
from reports.paths import summary as way_of
from reports.reasons import reason_of
from reports.requirements import Reference, references
from reports.visible import cut, one_line, visible
from scanner.engine import Scan
from scanner.finding import Finding, Verdict
from scanner.framework import Status
from scanner.rule import Severity
from scanner.truth import Evidence

_PLAIN_WIDTH = 100
_RULES = 20
_REASONS = 8
_FACTS = 3
_TYPES = 8
_LONG = 300

_STYLES = {Verdict.FAIL: "bold red", Verdict.UNDETERMINED: "yellow", Verdict.PASS: "green"}
_LOUD = {Severity.CRITICAL: "bold red", Severity.HIGH: "red", Severity.MEDIUM: "yellow"}
_SHORT = {
    Status.VIOLATED: "violated",
    Status.UNDETERMINED: "undetermined",
    Status.SATISFIED: "satisfied as far as configuration shows",
    Status.NO_RESOURCE: "without resource",
    Status.NOT_COVERED: "without rule",
    Status.NOT_ASSESSABLE: "not assessable",
}


def render(scan: Scan, options: Options) -> Iterator[bytes]:
    """Give the summary as plain text."""
    stream = io.StringIO()
    width = options.width or _PLAIN_WIDTH
    console = Console(file=stream, width=width, color_system=None, force_terminal=False)
    console.print(summary(scan, options))
    text = "\n".join(line.rstrip() for line in stream.getvalue().splitlines())
    yield f"{text}\n".encode()


def show(scan: Scan, options: Options, stream: IO[str]) -> None:
    """Print the summary, in colour and to the width of the terminal where there is one."""
    if isinstance(stream, io.TextIOWrapper):
        # A console of an old code page shows what it cannot write as an escape, and goes on.
        stream.reconfigure(errors="backslashreplace")
    if not stream.isatty():
        # For a file or another program: no colour, and no blanks that fill the width.
        stream.writelines(piece.decode() for piece in render(scan, options))
        return
    Console(file=stream, width=options.width).print(summary(scan, options))


def summary(scan: Scan, options: Options) -> RenderableType:
    """Give the summary for a console of rich."""
    found = groups(scan)
    counts = tally(found)
    parts = [_head(scan, counts, options)]
    if counts.total:
        parts.append(_counts(counts))
    parts += _failures(found, references(scan), options)
    parts += _undetermined(found)
    parts += _frameworks(scan)
    parts += _not_evaluated(scan)
    return Stack(*parts)


def _head(scan: Scan, counts: Tally, options: Options) -> RenderableType:
    first, second = conclusion(counts)
    worst = next((item for item in VERDICTS if counts.count(item)), None)
    lines = Text()
    title = options.title or ", ".join(item.name for item in scan.sources)
    lines.append(cut(title, _LONG) + "\n" if title else "", "bold")
    lines.append(first, _STYLES[worst] if worst else "bold")
    lines.append(f" {second}\n")
    lines.append(
        f"{number(scan.evaluated, 'resource', 'resources')} evaluated by "
        f"{number(len(scan.rules), 'rule', 'rules')}.",
        "dim",
    )
    return lines


def _counts(counts: Tally) -> RenderableType:
    table = Table(box=None, padding=(0, 2), header_style="dim", pad_edge=False)
    table.add_column("Severity")
    for verdict in VERDICTS:
        table.add_column(verdict.value, justify="right")
    for severity in SEVERITIES:
        row = counts.by_severity[severity]
        if any(row.values()):
            cells = [_cell(row[item], _STYLES[item]) for item in VERDICTS]
            table.add_row(Text(severity.label, _LOUD.get(severity, "")), *cells)
    table.add_row("all", *(_cell(counts.count(item), _STYLES[item]) for item in VERDICTS))
    return Padding(table, (1, 0, 0, 0))


def _cell(count: int, style: str) -> Text:
    return Text(f"{count:,}", style) if count else Text("0", "dim")


def _title(text: str) -> RenderableType:
    return Padding(Text(text, "bold underline"), (1, 0, 0, 0))


def _failures(
    found: Sequence[Group], known: Mapping[str, Sequence[Reference]], options: Options
) -> Iterator[RenderableType]:
    failing = [group for group in found if group.failed]
    if failing:
        yield _title("Failed")
    for group in failing[:_RULES]:
        yield from _failure(group, known.get(group.name, ()), options.addresses)
    left = failing[_RULES:]
    if left:
        checks = sum(len(group.failed) for group in left)
        text = f"… and {number(len(left), 'further rule', 'further rules')} with {checks:,} failed"
        yield Text(text, "dim")


def _failure(group: Group, known: Sequence[Reference], addresses: int) -> Iterator[RenderableType]:
    severity = group.rule.severity
    head = Text()
    head.append(f"{severity.label.upper()} ", _LOUD.get(severity, ""))
    head.append(f"{one_line(group.rule.title)} ", "bold")
    head.append(f"{len(group.failed):,} failed", _STYLES[Verdict.FAIL])
    yield head
    name = group.rule.id
    if group.settings:
        name += f" ({settings_of(group.rule, group.settings)})"
    yield _indented(Text(visible(name), "dim"), 2)
    for finding in group.failed[:addresses]:
        yield _indented(Text("- " + cut(finding.address, _LONG)), 2)
        for line in (*_facts(finding), *_ways(finding)):
            yield _indented(Text(line, "dim"), 6)
    more = len(group.failed) - addresses
    if more > 0:
        yield _indented(Text(f"… and {more:,} more", "dim"), 2)
    yield _indented(Text(f"Fix: {one_line(group.rule.fix)}"), 2)
    if known:
        ids: dict[str, list[str]] = {}
        for item in known:
            ids.setdefault(item.framework, []).append(item.requirement)
        shown = "; ".join(f"{name} {', '.join(items)}" for name, items in ids.items())
        yield _indented(Text(f"Requirements: {visible(shown)}", "dim"), 2)
    yield Text("")


def _facts(finding: Finding) -> Iterator[str]:
    evidence = finding.evidence
    for item in evidence[:_FACTS]:
        yield _fact(finding.address, item)
    if len(evidence) > _FACTS:
        yield f"… and {number(len(evidence) - _FACTS, 'more fact', 'more facts')}"


def _ways(finding: Finding) -> Iterator[str]:
    """Name the objects on the first way that decided; its hops are told by `assay path`."""
    paths = finding.paths
    if paths:
        yield cut(way_of(paths[0]), 2 * _LONG)


def _fact(address: str, item: Evidence) -> str:
    """Say a fact, without repeating the address that stands above it."""
    path = below(item.source, address)
    source = item.source if path is None else path.lstrip(".")
    return cut(f"{source}: {item.fact}" if source else item.fact, _LONG)


def _indented(text: Text, by: int) -> RenderableType:
    return Padding(text, (0, 0, 0, by))


def _undetermined(found: Sequence[Group]) -> Iterator[RenderableType]:
    reasons: Counter[str] = Counter()
    total = 0
    for group in found:
        for finding in group.undetermined:
            total += 1
            reasons.update({reason_of(item.fact) for item in finding.evidence} or {"no reason"})
    if not total:
        return
    yield _title(f"Undetermined ({total:,})")
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    ranked = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    for reason, count in ranked[:_REASONS]:
        table.add_row(Text(f"{count:,}", _STYLES[Verdict.UNDETERMINED]), Text(cut(reason, _LONG)))
    if len(ranked) > _REASONS:
        more = number(len(ranked) - _REASONS, "further reason", "further reasons")
        table.add_row("", Text(f"… and {more}", "dim"))
    yield table


def _frameworks(scan: Scan) -> Iterator[RenderableType]:
    if not scan.assessments:
        return
    yield _title("Frameworks")
    for assessment in scan.assessments:
        counts = assessment.counts()
        line = Text(f"{one_line(assessment.framework.name)} {assessment.framework.version}: ")
        shown = [(status, counts[status]) for status in Status if counts[status]]
        for index, (status, count) in enumerate(shown):
            style = {Status.VIOLATED: "bold red", Status.UNDETERMINED: "yellow"}.get(status, "")
            line.append(f"{count} {_SHORT[status]}", style)
            line.append(", " if index + 1 < len(shown) else ".")
        yield line


def _not_evaluated(scan: Scan) -> Iterator[RenderableType]:
    lines: list[str] = []
    if scan.unmapped:
        ranked = sorted(scan.unmapped.items(), key=lambda item: (-len(item[1]), item[0]))
        total = sum(len(items) for items in scan.unmapped.values())
        named = ", ".join(f"{type} {len(items):,}" for type, items in ranked[:_TYPES])
        more = f" and {len(ranked) - _TYPES} more" if len(ranked) > _TYPES else ""
        types = number(len(ranked), "type", "types")
        lines.append(
            f"{number(total, 'resource', 'resources')} of {types} that assay does not know yet: "
            f"{named}{more}."
        )
    lines += [f"Not completely read: {gap.scope}: {gap.reason}" for gap in scan.gaps[:_TYPES]]
    if len(scan.gaps) > _TYPES:
        lines.append(f"… and {len(scan.gaps) - _TYPES:,} more parts were not completely read.")
    if scan.deletions:
        removed = number(len(scan.deletions), "resource leaves", "resources leave")
        lines.append(f"{removed} with this plan.")
    lines += [f"Warning: {item}" for item in scan.warnings[:_TYPES]]
    lines += [
        f"A fault of assay, please report it: {item.rule} on {item.resource}: {item.error}"
        for item in scan.crashes[:_TYPES]
    ]
    if lines:
        yield _title("Not evaluated")
        for line in lines:
            yield Text(cut(line, 2 * _LONG))
