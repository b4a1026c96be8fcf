"""Makes the view that the template prints.

The template holds markup and no decisions; what is shown, in which order and up to which number
is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from reports import Options
from reports.grouping import (
    SEVERITIES,
    VERDICTS,
    Group,
    Tally,
    below,
    conclusion,
    settings_of,
)
from reports.html.network import network
from reports.html.views import (
    STATUSES,
    VERDICT_WORDS,
    Applied,
    Bar,
    Chapter,
    Fact,
    FindingRow,
    FrameworkView,
    Linked,
    Missed,
    Page,
    Reason,
    Row,
    RuleView,
    WayLink,
    Word,
)
from reports.html.ways import Ways
from reports.reasons import reason_of
from reports.requirements import Reference, references
from reports.visible import cut, one_line, visible
from scanner import __version__
from scanner.engine import Scan
from scanner.finding import Finding, Verdict
from scanner.framework import Assessment, Outcome
from scanner.record import Source
from scanner.rule import Rule

_ADDRESSES: Final = 50
_REASONS: Final = 200
_WORST: Final = 6
_NAME: Final = 160


def page(
    scan: Scan,
    found: Sequence[Group],
    counts: Tally,
    options: Options,
    complete: bool,
    ways: Ways,
) -> Page:
    """Make the view of a scan."""
    worst = next((item.value for item in VERDICTS if counts.count(item)), "none")
    first, second = conclusion(counts)
    reasons = _reasons(found)
    to_show = counts.count(Verdict.FAIL) + counts.count(Verdict.UNDETERMINED)
    deletions = [(visible(item.address), item.action) for item in scan.deletions]
    unmapped_total = sum(len(items) for items in scan.unmapped.values())
    rules = _rules(scan, found, options.static_rows, ways)
    title = options.title or ", ".join(item.name for item in scan.sources) or "No source"
    return Page(
        title=cut(title, _NAME),
        version=__version__,
        verdict=worst,
        first=first,
        second=second,
        sources=[(cut(item.name, _NAME), cut(_kind(item), _NAME)) for item in scan.sources],
        facts=[
            ("Checks", counts.total),
            ("Rules", len(scan.rules)),
            ("Resources evaluated", scan.evaluated),
            ("Resources not evaluated", unmapped_total),
        ],
        severities=[
            (item.label, [(VERDICT_WORDS[v], counts.by_severity[item][v]) for v in VERDICTS])
            for item in SEVERITIES
        ],
        totals=[(VERDICT_WORDS[item], counts.count(item)) for item in VERDICTS],
        statuses=list(STATUSES.values()),
        frameworks=_frameworks(scan.assessments),
        worst=[item for item in rules if item.failed][:_WORST],
        rules=rules,
        shown=min(to_show, options.static_rows),
        to_show=to_show,
        evidence_of_passes=complete,
        reasons=reasons[:_REASONS],
        more_reasons=max(0, len(reasons) - _REASONS),
        unmapped=[_missed(type, items) for type, items in scan.unmapped.items()],
        unmapped_total=unmapped_total,
        gaps=[(visible(item.scope), visible(item.reason)) for item in scan.gaps],
        deletions=deletions[: options.static_rows],
        more_deletions=max(0, len(deletions) - options.static_rows),
        warnings=[visible(item) for item in scan.warnings],
        crashes=[
            (visible(item.rule), visible(item.resource), visible(item.error))
            for item in scan.crashes
        ],
        network=network(scan.networks, ways, options.static_rows),
    )


def _kind(source: Source) -> str:
    parts = [source.kind]
    if source.format_version:
        parts.append(f"format {source.format_version}")
    if source.tool_version:
        parts.append(f"written by {source.tool_version}")
    return ", ".join(parts)


def _missed(type: str, addresses: Sequence[str]) -> Missed:
    shown = [visible(item) for item in addresses[:_ADDRESSES]]
    return Missed(visible(type), len(addresses), shown, max(0, len(addresses) - _ADDRESSES))


def _frameworks(assessments: Sequence[Assessment]) -> list[FrameworkView]:
    return [_framework(item, len(assessments) == 1) for item in assessments]


def _framework(assessment: Assessment, alone: bool) -> FrameworkView:
    framework = assessment.framework
    counts = assessment.counts()
    words = [(STATUSES[status], counts[status]) for status in STATUSES]
    return FrameworkView(
        id=framework.id,
        name=one_line(framework.name),
        version=one_line(framework.version),
        jurisdiction=one_line(framework.jurisdiction),
        citation=one_line(framework.source.citation),
        note=one_line(framework.note),
        total=len(assessment.outcomes),
        counts=words,
        bars=_bars(words),
        chapters=_chapters(assessment),
        open=alone,
    )


def _bars(counts: Sequence[tuple[Word, int]]) -> list[Bar]:
    total = sum(count for _, count in counts) or 1
    bars = []
    start = 0.0
    for word, count in counts:
        length = 1000 * count / total
        if count:
            bars.append(Bar(word.key, round(start, 1), round(length, 1)))
        start += length
    return bars


def _chapters(assessment: Assessment) -> list[Chapter]:
    titles = {item.id: item.title for item in assessment.framework.groups}
    chapters: dict[str, list[Row]] = {}
    for outcome in assessment.outcomes:
        chapters.setdefault(outcome.requirement.group, []).append(_row(outcome))
    return [
        Chapter(one_line(" ".join(filter(None, (id, titles.get(id, ""))))), rows)
        for id, rows in chapters.items()
    ]


def _row(outcome: Outcome) -> Row:
    return Row(
        id=visible(outcome.requirement.id),
        title=one_line(outcome.requirement.title),
        status=STATUSES[outcome.status],
        reason=one_line(outcome.reason),
        links=[
            Linked(
                item.link.rule,
                visible(item.name),
                item.link.link,
                item.failed,
                item.undetermined,
                item.passed,
            )
            for item in outcome.links
        ],
    )


def _rules(scan: Scan, found: Sequence[Group], limit: int, ways: Ways) -> list[RuleView]:
    """Give all rules, the worst first: the static rows are spent on what matters most."""
    known = references(scan)
    by_rule: dict[str, list[tuple[int, Group]]] = {id: [] for id in scan.rules}
    for index, group in enumerate(found):
        by_rule.setdefault(group.rule.id, []).append((index, group))
    views = []
    for id, items in by_rule.items():
        rule = scan.rules[id] if id in scan.rules else items[0][1].rule
        views.append((_counted(rule, [group for _, group in items], known), items))
    views.sort(key=lambda item: item[0].rank)
    taken = _take([group for _, items in views for _, group in items], limit)
    for view, items in views:
        view.applied = [_applied(index, group, taken[group.name], ways) for index, group in items]
    return [view for view, _ in views]


def _cited(found: Iterable[Reference]) -> list[tuple[str, str]]:
    """Name the requirements by framework: direct ones first, then supporting ones."""
    by_framework: dict[str, dict[str, list[str]]] = {}
    for item in found:
        links = by_framework.setdefault(item.framework, {"direct": [], "supporting": []})
        links[item.link].append(visible(item.requirement))
    return [
        (name, "; ".join(f"{link}: {', '.join(ids)}" for link, ids in links.items() if ids))
        for name, links in by_framework.items()
    ]


def _take(found: Sequence[Group], limit: int) -> Mapping[str, Sequence[Finding]]:
    """Choose the findings to write as markup: failed ones of all rules first."""
    taken: dict[str, list[Finding]] = {group.name: [] for group in found}
    for verdict in (Verdict.FAIL, Verdict.UNDETERMINED):
        for group in found:
            chosen = group.of(verdict)[:limit]
            taken[group.name] += chosen
            limit -= len(chosen)
    return taken


def _counted(
    rule: Rule, found: Iterable[Group], known: Mapping[str, Sequence[Reference]]
) -> RuleView:
    view = RuleView(
        id=rule.id,
        title=one_line(rule.title),
        severity=rule.severity.label,
        risk=one_line(rule.risk),
        fix=one_line(rule.fix),
    )
    names = {rule.id}
    for group in found:
        view.failed += len(group.failed)
        view.undetermined += len(group.undetermined)
        view.passed += len(group.passed)
        names.add(group.name)
    view.requirements = _cited(item for name in sorted(names) for item in known.get(name, ()))
    state = 0 if view.failed else 1 if view.undetermined else 2 if view.passed else 3
    view.rank = (state, -rule.severity)
    return view


def _applied(number: int, group: Group, taken: Sequence[Finding], ways: Ways) -> Applied:
    rows = [_finding(item, VERDICT_WORDS[item.verdict], ways) for item in taken]
    return Applied(
        number,
        visible(settings_of(group.rule, group.settings)),
        rows,
        len(group.failed) + len(group.undetermined) - len(rows),
    )


def _finding(finding: Finding, word: Word, ways: Ways) -> FindingRow:
    address = finding.address
    facts = [Fact(_short(item.source, address), visible(item.fact)) for item in finding.evidence]
    paths = [WayLink(*ways.of(path)) for path in ways.paths(finding)]
    return FindingRow(word, visible(address), facts, paths)


def _short(source: str, address: str) -> str:
    """Name a source without the address that stands beside it."""
    path = below(source, address)
    return visible(source if path is None else path.lstrip("."))


def _reasons(found: Sequence[Group]) -> list[Reason]:
    counts: dict[str, int] = {}
    rules: dict[str, dict[str, str]] = {}
    for group in found:
        for finding in group.undetermined:
            for reason in {reason_of(item.fact) for item in finding.evidence}:
                counts[reason] = counts.get(reason, 0) + 1
                rules.setdefault(reason, {})[group.rule.id] = one_line(group.rule.title)
    ranked = sorted(counts, key=lambda reason: (-counts[reason], reason))
    return [
        Reason(visible(item), counts[item], sorted(rules[item].items(), key=lambda pair: pair[1]))
        for item in ranked
    ]
