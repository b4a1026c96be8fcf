"""Groups the findings of a scan by the rule and settings that were applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from reports import Options
from scanner.engine import Scan
from scanner.finding import Finding, Verdict, name_of
from scanner.rule import Rule, Severity

VERDICTS = (Verdict.FAIL, Verdict.UNDETERMINED, Verdict.PASS)
SEVERITIES = tuple(sorted(Severity, reverse=True))


class Group(NamedTuple):
    """One rule as it was applied, and what it found, in the order of the scan."""

    rule: Rule
    settings: Mapping[str, Any]
    name: str
    passed: Sequence[Finding]
    failed: Sequence[Finding]
    undetermined: Sequence[Finding]

    def of(self, verdict: Verdict) -> Sequence[Finding]:
        """The findings with a verdict."""
        if verdict is Verdict.PASS:
            return self.passed
        return self.failed if verdict is Verdict.FAIL else self.undetermined


def groups(scan: Scan) -> tuple[Group, ...]:
    """Give the groups in the order in which the scan has them."""
    return tuple(_split(rule, settings, found) for rule, settings, found in _runs(scan.findings))


def _runs(
    findings: Sequence[Finding],
) -> Iterator[tuple[Rule, Mapping[str, Any], list[Finding]]]:
    """Cut the findings where rule or settings change; identity settles nearly every step."""
    rule: Rule | None = None
    settings: Mapping[str, Any] = {}
    run: list[Finding] = []
    for finding in findings:
        if finding.rule is rule and (finding.settings is settings or finding.settings == settings):
            run.append(finding)
            continue
        if rule is not None:
            yield rule, settings, run
        rule, settings, run = finding.rule, finding.settings, [finding]
    if rule is not None:
        yield rule, settings, run


def _split(rule: Rule, settings: Mapping[str, Any], found: list[Finding]) -> Group:
    passed: list[Finding] = []
    failed: list[Finding] = []
    undetermined: list[Finding] = []
    for finding in found:
        if finding.verdict is Verdict.PASS:
            passed.append(finding)
        elif finding.verdict is Verdict.FAIL:
            failed.append(finding)
        else:
            undetermined.append(finding)
    return Group(rule, settings, name_of(rule, settings), passed, failed, undetermined)


class Tally(NamedTuple):
    """How many findings have each verdict, by severity."""

    by_severity: Mapping[Severity, Mapping[Verdict, int]]

    def count(self, verdict: Verdict) -> int:
        """How many findings have a verdict."""
        return sum(counts[verdict] for counts in self.by_severity.values())

    @property
    def total(self) -> int:
        """How many findings there are."""
        return sum(self.count(verdict) for verdict in VERDICTS)


def tally(found: Sequence[Group]) -> Tally:
    """Count the findings."""
    counts = {severity: dict.fromkeys(VERDICTS, 0) for severity in SEVERITIES}
    for group in found:
        for verdict in VERDICTS:
            counts[group.rule.severity][verdict] += len(group.of(verdict))
    return Tally(counts)


def passes_carry_evidence(counts: Tally, options: Options) -> bool:
    """Whether the evidence of passes is written too: making it costs more than all the rest."""
    return counts.count(Verdict.PASS) <= options.evidence_of_passes


def settings_of(rule: Rule, settings: Mapping[str, Any]) -> str:
    """Name all thresholds that were applied, defaults included."""
    return ", ".join(f"{key.replace('_', ' ')} {settings[key]}" for key in sorted(settings))


def conclusion(counts: Tally) -> tuple[str, str]:
    """Say in one plain sentence, and one that qualifies it, what the scan came to."""
    failed, undetermined = counts.count(Verdict.FAIL), counts.count(Verdict.UNDETERMINED)
    passed = counts.count(Verdict.PASS)
    undecided = (
        f"{number(undetermined, 'is', 'are')} undetermined for want of facts, "
        "which is never a pass."
    )
    if failed:
        worst = next(item for item in SEVERITIES if counts.by_severity[item][Verdict.FAIL])
        grave = counts.by_severity[worst][Verdict.FAIL]
        share = "all" if grave == failed else f"{grave:,}"
        of_them = f"{worst.label}" if failed == 1 else f"{share} of them {worst.label}"
        first = f"{number(failed, 'check fails', 'checks fail')}, {of_them}."
        return first, (undecided if undetermined else "Every check could be decided.")
    if undetermined:
        return (
            "Not decided: nothing fails, but facts are missing.",
            f"{number(passed, 'check passes', 'checks pass')}; {undecided}",
        )
    if passed:
        return (
            "Nothing fails in what was read.",
            f"{'The one check passes' if passed == 1 else f'All {passed:,} checks pass'}; "
            "what was not read is listed under “Not evaluated”.",
        )
    return "Nothing was judged.", "No rule applies to any resource that was read."


def number(count: int, one: str, many: str) -> str:
    """Write a count with its word."""
    return f"{count:,} {one if count == 1 else many}"


def below(source: str, address: str) -> str | None:
    """Give the path, dot included, of a source inside the resource at an address; else None."""
    if not source.startswith(address):
        return None
    path = source[len(address) :]
    return path if not path or path[0] == "." else None
