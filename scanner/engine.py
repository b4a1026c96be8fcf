"""Scans an inventory: pure, deterministic, and the only place that survives a broken rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scanner.errors import place_of_fault
from scanner.finding import Finding, Verdict, name_of
from scanner.framework import Assessment, Framework, applications, assess, tally
from scanner.graph.graph import Graph
from scanner.mapping.population import populate
from scanner.model.base import Inapplicable, Resource
from scanner.record import Deletion, Gap, Inventory, Source
from scanner.rule import Rule, Severity
from scanner.scope import DEFAULT_SCOPES, Scopes, unused
from scanner.survey import NO_NETWORKS, Survey
from scanner.truth import Evidence, unknown


@dataclass(frozen=True, slots=True)
class Crash:
    """A rule that failed on a resource by a fault of its own: a bug of assay, told as such."""

    rule: str
    resource: str
    error: str


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything that one scan found; reports are written from this alone.

    findings: sorted by severity (worst first), rule, settings and address.
    records: how many records of each provider type were read.  unmapped: those among them that
    no mapping knows, hence not evaluated.  evaluated: how many records some rule judged.
    networks: what stands where and what the internet reaches, computed when asked for.
    """

    sources: tuple[Source, ...]
    rules: Mapping[str, Rule]
    findings: Sequence[Finding]
    assessments: tuple[Assessment, ...]
    records: Mapping[str, int]
    unmapped: Mapping[str, tuple[str, ...]]
    evaluated: int
    deletions: tuple[Deletion, ...]
    gaps: tuple[Gap, ...]
    warnings: tuple[str, ...]
    crashes: tuple[Crash, ...]
    networks: Survey = NO_NETWORKS

    def count(self, verdict: Verdict, at_least: Severity = Severity.LOW) -> int:
        """How many findings have this verdict, from a severity on."""
        return sum(
            finding.verdict is verdict and finding.rule.severity >= at_least
            for finding in self.findings
        )


Progress = Callable[[int, int], None]


def scan(
    inventories: Sequence[Inventory],
    rules: Mapping[str, Rule],
    frameworks: Iterable[Framework] = (),
    *,
    scopes: Scopes = DEFAULT_SCOPES,
    progress: Progress | None = None,
) -> Scan:
    """Evaluate all rules on all resources; each inventory is a world of its own.

    Only what the sources manage is judged; what they merely look up serves as context.
    `scopes` are what the owner declares of the resources.
    `progress` is called with the number of rules done and their total.
    """
    populations = [populate(inventory) for inventory in inventories]
    graphs = [
        Graph(population.resources, next((gap.reason for gap in part.gaps), ""), scopes)
        for part, population in zip(inventories, populations, strict=True)
    ]
    chosen = tuple(frameworks)
    variants = applications(rules.values(), chosen)
    crashes: list[Crash] = []
    grouped: dict[str, list[Finding]] = {}
    order = sorted(rules.values(), key=lambda item: (-item.severity, item.id))
    for done, item in enumerate(order):
        for settings in variants[item.id]:
            grouped[name_of(item, settings)] = [
                finding for graph in graphs for finding in _evaluate(item, graph, settings, crashes)
            ]
        if progress is not None:
            progress(done + 1, len(order))
    tallies = tally(grouped)
    records = [record for part in inventories for record in part.records if record.managed]
    unmapped: dict[str, list[str]] = {}
    for population in populations:
        for record in population.unmapped:
            unmapped.setdefault(record.type, []).append(record.name)
    return Scan(
        sources=tuple(source for part in inventories for source in part.sources),
        rules=rules,
        findings=[finding for found in grouped.values() for finding in found],
        assessments=tuple(assess(framework, rules, tallies) for framework in chosen),
        records=dict(sorted(Counter(record.type for record in records).items())),
        unmapped={type: tuple(unmapped[type]) for type in sorted(unmapped)},
        evaluated=len(
            {id(item.resource.block.record) for found in grouped.values() for item in found}
        ),
        deletions=tuple(
            sorted((item for part in inventories for item in part.deletions), key=_place)
        ),
        gaps=tuple(
            gap
            for part, population in zip(inventories, populations, strict=True)
            for gap in (*part.gaps, *population.gaps)
        ),
        warnings=(
            *(warning for part in inventories for warning in part.warnings),
            *unused(scopes, graphs),
        ),
        crashes=tuple(crashes),
        networks=Survey(graphs),
    )


def _place(deletion: Deletion) -> tuple[str, str]:
    return deletion.address, deletion.action


def _evaluate(
    rule: Rule, graph: Graph, settings: Mapping[str, Any], crashes: list[Crash]
) -> Iterator[Finding]:
    for resource in graph.of(rule.subject):
        if not resource.managed:
            continue
        try:
            applies = rule.applies(resource, graph)
            if applies is not None and applies.is_false:
                continue
            truth = rule.judge(resource, graph, settings)
            if applies is not None and applies.is_unknown:
                truth = ~applies | truth
        except Inapplicable as error:
            if error.about in ("", resource.address):
                continue
            # A question about another resource that makes no sense is a fault of the rule.
            truth = _crashed(rule, resource, error, crashes)
        except Exception as error:
            truth = _crashed(rule, resource, error, crashes)
        yield Finding(rule, resource, truth, settings)


def _crashed(rule: Rule, resource: Resource, error: Exception, crashes: list[Crash]) -> Any:
    text = place_of_fault(error)
    crashes.append(Crash(rule.id, resource.address, text))
    return unknown(Evidence(resource.address, f"the rule failed by a fault of its own: {text}"))
