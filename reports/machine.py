"""Writes a scan as JSON for programs, by the published schema `schema/scan-1.json`.

Resources are written once and findings name them, one finding a line: a document of any size can
be searched with line tools, and costs little to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, Final

import msgspec

from reports import Options
from reports.grouping import (
    VERDICTS,
    Group,
    Tally,
    groups,
    passes_carry_evidence,
    tally,
)
from reports.paths import as_data
from reports.requirements import Reference, references
from scanner import __version__
from scanner.engine import Scan
from scanner.finding import Finding, Verdict, name_of
from scanner.framework import Assessment, Outcome
from scanner.model.base import Resource

SCHEMA: Final = "urn:assay:schema:scan-1"


def render(scan: Scan, options: Options) -> Iterator[bytes]:
    """Give the document, in pieces of some hundred findings."""
    found = groups(scan)
    counts = tally(found)
    complete = passes_carry_evidence(counts, options)
    yield b"{\n"
    for name, content in _parts(scan, counts, complete, options):
        yield _text(name) + b": " + content + b",\n"
    addresses: dict[str, bytes] = {}
    yield b'"resources": {'
    yield from _joined(_resources(scan, addresses))
    yield b'},\n"findings": ['
    yield from _joined(_findings(found, addresses, complete))
    yield b"]\n}\n"


def _parts(
    scan: Scan, counts: Tally, complete: bool, options: Options
) -> Iterator[tuple[str, bytes]]:
    yield "schema", _text(SCHEMA)
    yield "version", b"1"
    yield "tool", dump({"name": "assay", "version": __version__})
    if options.title:
        yield "title", _text(options.title)
    yield "sources", dump(scan.sources)
    yield "summary", dump(_summary(scan, counts, complete))
    yield "rules", _lines(_rules(scan))
    yield "frameworks", _lines(_framework(item) for item in scan.assessments)
    yield (
        "not_evaluated",
        dump(
            {
                type: {"count": len(addresses), "addresses": addresses}
                for type, addresses in scan.unmapped.items()
            }
        ),
    )
    yield (
        "gaps",
        dump(
            [
                {"scope": gap.scope, "reason": gap.reason, "types": sorted(gap.types)}
                for gap in scan.gaps
            ]
        ),
    )
    yield "deletions", dump(scan.deletions)
    yield "warnings", dump(scan.warnings)
    yield "crashes", dump(scan.crashes)


def _summary(scan: Scan, counts: Tally, complete: bool) -> Mapping[str, Any]:
    totals = {verdict: counts.count(verdict) for verdict in VERDICTS}
    worst = next((item for item in VERDICTS if totals[item]), None)
    return {
        "verdict": "none" if worst is None else worst.value,
        "findings": {item.value: totals[item] for item in VERDICTS},
        "by_severity": {
            severity.label: {item.value: found[item] for item in VERDICTS}
            for severity, found in counts.by_severity.items()
        },
        "records": scan.records,
        "resources_evaluated": scan.evaluated,
        "resources_not_evaluated": sum(len(items) for items in scan.unmapped.values()),
        "passes_carry_evidence": complete,
    }


def _rules(scan: Scan) -> Iterator[Mapping[str, Any]]:
    known = references(scan)
    variants: dict[str, list[Reference]] = {}
    for name, items in known.items():
        variants.setdefault(name.partition("[")[0], []).extend(items)
    for rule in scan.rules.values():
        yield {
            "id": rule.id,
            "title": rule.title,
            "severity": rule.severity.label,
            "risk": rule.risk,
            "fix": rule.fix,
            "settings": rule.settings,
            "requirements": [item._asdict() for item in variants.get(rule.id, ())],
        }


def _framework(assessment: Assessment) -> Mapping[str, Any]:
    framework = assessment.framework
    return {
        "id": framework.id,
        "name": framework.name,
        "version": framework.version,
        "counts": {_word(status): count for status, count in assessment.counts().items()},
        "requirements": [_requirement(item) for item in assessment.outcomes],
    }


def _requirement(outcome: Outcome) -> Mapping[str, Any]:
    return {
        "id": outcome.requirement.id,
        "title": outcome.requirement.title,
        "assessable": outcome.requirement.assessable,
        "status": _word(outcome.status),
        "reason": outcome.reason,
        "links": [
            {
                "rule": item.link.rule,
                "link": item.link.link,
                "settings": item.link.settings,
                "pass": item.passed,
                "fail": item.failed,
                "undetermined": item.undetermined,
            }
            for item in outcome.links
        ],
    }


def _word(item: Enum) -> str:
    return item.name.lower().replace("_", "-")


def _resources(scan: Scan, addresses: dict[str, bytes]) -> Iterator[bytes]:
    """Give each resource that was judged, in the order of the addresses."""
    judged: dict[str, Resource] = {}
    for finding in scan.findings:
        judged.setdefault(finding.resource.address, finding.resource)
    endings: dict[tuple[str, str, str, str, str], bytes] = {}
    for address in sorted(judged):
        resource = judged[address]
        place = resource.location
        change = resource.block.record.change.value
        key = (resource.type, resource.provider, place.account, place.region, change)
        ending = endings.get(key)
        if ending is None:
            names = ("type", "provider", "account", "region", "change")
            ending = endings[key] = b":" + dump(dict(zip(names, key, strict=True)))
        text = addresses[address] = _text(address)
        yield text + ending


def _findings(
    found: Sequence[Group], addresses: Mapping[str, bytes], complete: bool
) -> Iterator[bytes]:
    for group in found:
        for verdict in VERDICTS:
            head: dict[str, Any] = {"rule": group.rule.id}
            if group.settings:
                head |= {"name": name_of(group.rule, group.settings), "settings": group.settings}
            prefix = dump({**head, "verdict": verdict.value})[:-1] + b',"resource":'
            findings = group.of(verdict)
            if verdict is Verdict.PASS and not complete:
                for finding in findings:
                    yield prefix + addresses[finding.resource.address] + b"}"
            else:
                for finding in findings:
                    address = addresses[finding.resource.address]
                    told = b',"evidence":' + _evidence(finding) + _paths(finding)
                    yield prefix + address + told + b"}"


def _evidence(finding: Finding) -> bytes:
    items = [
        b'{"source":' + _text(item.source) + b',"fact":' + _text(item.fact) + b"}"
        for item in finding.evidence
    ]
    return b"[" + b",".join(items) + b"]"


def _paths(finding: Finding) -> bytes:
    """Give the ways of packets that decided, for the few findings that have some."""
    found = finding.paths
    return b',"paths":' + dump([as_data(item) for item in found]) if found else b""


def _text(text: str) -> bytes:
    """Encode a string exactly, yet with every invisible character escaped."""
    if text.isprintable():
        return msgspec.json.encode(text)
    # A lone surrogate has no place in JSON that other programs read.
    sound = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if sound.isprintable():
        return msgspec.json.encode(sound)
    return json.dumps(sound).encode()


def dump(content: Any) -> bytes:
    """Encode content of any shape, its strings by `_text`; keys keep their order."""
    if isinstance(content, str):
        return _text(content)
    plain = msgspec.to_builtins(content, str_keys=True, enc_hook=_plain)
    try:
        encoded = msgspec.json.encode(plain)
    except UnicodeEncodeError:
        encoded = None
    if encoded is not None and encoded.decode().isprintable() and b"\\u" not in encoded:
        return encoded
    return _walk(plain)


def _walk(content: Any) -> bytes:
    if isinstance(content, str):
        return _text(content)
    if isinstance(content, dict):
        return b"{" + b",".join(_text(k) + b":" + _walk(v) for k, v in content.items()) + b"}"
    if isinstance(content, (list, tuple)):
        return b"[" + b",".join(map(_walk, content)) + b"]"
    return msgspec.json.encode(content)


def _plain(content: Any) -> Any:
    if isinstance(content, Mapping):
        return dict(content)
    return str(content)


def _lines(items: Iterable[Any]) -> bytes:
    return b"[" + b"".join(_joined(dump(item) for item in items)) + b"]"


def _joined(items: Iterator[bytes], size: int = 500) -> Iterator[bytes]:
    """Put each item on a line of its own, with commas between them."""
    separator = b"\n"
    gathered: list[bytes] = []
    for item in items:
        gathered.append(item)
        if len(gathered) == size:
            yield separator + b",\n".join(gathered)
            separator = b",\n"
            gathered.clear()
    if gathered:
        yield separator + b",\n".join(gathered)
        separator = b",\n"
    if separator != b"\n":
        yield b"\n"
