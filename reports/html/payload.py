"""Pools the findings of a scan for the page's script, in a few bytes each.

The shape, all indexes counting from 0:
  text       strings that evidence refers to
  modules, addresses, types, places
             resources in the order of their addresses; address = module + "." + rest
  of         per resource: module, type, place
  rules      id, title, severity
  groups     one per rule as applied: rule, name, settings, and per verdict its findings
    pass     resources, each as the difference to the one before
    passes   the evidence of each pass, where the report has it
    fail, undetermined
             [resource, source, fact, source, fact, ...]; a source below zero is -1-i, for a text
             that continues the address of the resource itself
    ways     for the few findings that paths decided: per verdict, by the place of the finding
             there, the numbers of its paths; one below zero is -1-i for a text instead
  reasons    text, and the facts in `text` that it stands for
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from reports.grouping import Group, below, settings_of
from reports.html.ways import Ways
from reports.reasons import reason_of
from reports.visible import one_line, visible
from scanner.engine import Scan
from scanner.finding import Finding, Verdict
from scanner.model.base import Resource

_encode = msgspec.json.encode


class Pool:
    """Strings by number, in the order in which they were first met."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        """Give the number of a string."""
        found = self.numbers.get(text)
        if found is None:
            found = self.numbers[text] = len(self.numbers)
        return found

    def texts(self) -> list[str]:
        """Give all strings, made visible."""
        return [visible(text) for text in self.numbers]


def payload(scan: Scan, found: Sequence[Group], complete: bool, ways: Ways) -> Iterator[bytes]:
    """Give the data as JSON, piece by piece."""
    judged: dict[str, Resource] = {}
    for finding in scan.findings:
        judged.setdefault(finding.resource.address, finding.resource)
    addresses = sorted(judged)
    numbers = {address: index for index, address in enumerate(addresses)}
    yield b'{"groups":['
    texts, reasons = Pool(), _Reasons()
    rules: dict[str, int] = {}
    for index, group in enumerate(found):
        rule = rules.setdefault(group.rule.id, len(rules))
        yield b"," * (index > 0) + _group(group, rule, numbers, texts, reasons, complete, ways)
    yield b'],"rules":' + _encode(_rules(found))
    yield from _resources(addresses, judged)
    yield b',"text":' + _encode(texts.texts())
    yield b',"reasons":' + _encode(reasons.ranked(texts)) + b"}"


class _Reasons:
    """Gathers what is missing, and how many findings miss it."""

    def __init__(self) -> None:
        self.facts: dict[str, set[str]] = {}

    def add(self, finding: Finding) -> None:
        for item in finding.evidence:
            self.facts.setdefault(reason_of(item.fact), set()).add(item.fact)

    def ranked(self, texts: Pool) -> list[tuple[str, list[int]]]:
        return [
            (visible(reason), sorted(texts(fact) for fact in self.facts[reason]))
            for reason in sorted(self.facts)
        ]


def _group(
    group: Group,
    rule: int,
    numbers: Mapping[str, int],
    texts: Pool,
    reasons: _Reasons,
    complete: bool,
    ways: Ways,
) -> bytes:
    for finding in group.undetermined:
        reasons.add(finding)
    passed = [numbers[finding.resource.address] for finding in group.passed]
    steps = [after - before for before, after in zip([0, *passed], passed, strict=False)]
    content: dict[str, Any] = {
        "rule": rule,
        "name": visible(group.name),
        "settings": visible(settings_of(group.rule, group.settings)),
        "pass": steps,
    }
    if complete:
        content["passes"] = [_evidence(finding, texts) for finding in group.passed]
    for verdict in (Verdict.FAIL, Verdict.UNDETERMINED):
        content[verdict.value] = [
            [numbers[finding.resource.address], *_evidence(finding, texts)]
            for finding in group.of(verdict)
        ]
    drawn = _ways(group, texts, complete, ways)
    if drawn:
        content["ways"] = drawn
    return _encode(content)


def _ways(group: Group, texts: Pool, complete: bool, ways: Ways) -> dict[str, dict[int, list[int]]]:
    """Number the paths of the findings; undrawn ones of passes have no text either."""
    found: dict[str, dict[int, list[int]]] = {}
    for verdict in Verdict:
        if verdict is Verdict.PASS and not complete:
            continue
        for place, finding in enumerate(group.of(verdict)):
            row = []
            for path in ways.paths(finding):
                number, text = ways.of(path)
                if number or verdict is not Verdict.PASS:
                    row.append(number or -1 - texts(text))
            if row:
                found.setdefault(verdict.value, {})[place] = row
    return found


def _evidence(finding: Finding, texts: Pool) -> list[int]:
    address = finding.resource.address
    row: list[int] = []
    for item in finding.evidence:
        path = below(item.source, address)
        row.append(texts(item.source) if path is None else -1 - texts(path))
        row.append(texts(item.fact))
    return row


def _rules(found: Sequence[Group]) -> list[tuple[str, str, str]]:
    rules = {group.rule.id: group.rule for group in found}
    return [(item.id, one_line(item.title), item.severity.label) for item in rules.values()]


def _resources(addresses: Sequence[str], judged: Mapping[str, Resource]) -> Iterator[bytes]:
    modules, types, places = Pool(), Pool(), Pool()
    rests: list[str] = []
    of: list[int] = []
    for address in addresses:
        resource = judged[address]
        # The module's path ends before the type; a name in brackets may hold the type again.
        start = address.find(f".{resource.type}.")
        module = address[:start] if start > 0 else ""
        rests.append(visible(address[start + 1 :] if module else address))
        place = resource.location
        where = " · ".join(filter(None, (place.account, place.region)))
        of += (modules(module), types(resource.type), places(where))
    yield b',"addresses":' + _encode(rests)
    yield b',"of":' + _encode(of)
    yield b',"modules":' + _encode(modules.texts())
    yield b',"types":' + _encode(types.texts())
    yield b',"places":' + _encode(places.texts())
