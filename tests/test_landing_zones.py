"""The five reference cases: compliant zones do not fail, broken ones exactly where planted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
import yaml

from scanner.cli.catalogue import all_frameworks, all_rules
from scanner.engine import Scan, scan
from scanner.finding import Verdict
from scanner.framework import Status
from scanner.sources.terraform import open_input

ZONES = Path(__file__).parents[1] / "fixtures" / "landing_zones"
CASES = sorted(path.name for path in ZONES.iterdir() if path.is_dir())
RULES = all_rules()


@cache
def scanned(case: str, state: str) -> Scan:
    folder = ZONES / case / state
    return scan([open_input(str(folder / "plan.json"), source=folder)], RULES)


@pytest.mark.parametrize("case", CASES)
def test_compliant_zone_meets_the_strictest_thresholds_of_all_frameworks(case: str) -> None:
    folder = ZONES / case / "compliant"
    inventory = open_input(str(folder / "plan.json"), source=folder)
    result = scan([inventory], RULES, tuple(all_frameworks().values()))
    assert by_verdict(result, Verdict.FAIL) == {}
    for assessment in result.assessments:
        assert assessment.counts()[Status.VIOLATED] == 0, assessment.framework.id


@pytest.mark.parametrize("case", CASES)
def test_broken_zone_violates_pci_dss(case: str) -> None:
    folder = ZONES / case / "broken"
    inventory = open_input(str(folder / "plan.json"), source=folder)
    result = scan([inventory], RULES, (all_frameworks()["pci-dss-4.0.1"],))
    assert result.assessments[0].counts()[Status.VIOLATED] >= 3


def by_verdict(result: Scan, verdict: Verdict) -> Mapping[tuple[str, str], str]:
    return {
        (finding.rule.id, finding.address): "; ".join(
            f"{fact.source}: {fact.fact}" for fact in finding.evidence
        )
        for finding in result.findings
        if finding.verdict is verdict
    }


def test_all_five_cases_are_here() -> None:
    assert len(CASES) == 5


@pytest.mark.parametrize("case", CASES)
def test_compliant_zone_has_no_failure(case: str) -> None:
    result = scanned(case, "compliant")
    assert not result.crashes
    assert by_verdict(result, Verdict.FAIL) == {}


@pytest.mark.parametrize("case", CASES)
def test_broken_zone_has_exactly_the_expected_failures(case: str) -> None:
    result = scanned(case, "broken")
    assert not result.crashes
    mistakes = yaml.safe_load((ZONES / case / "broken" / "mistakes.yaml").read_text())
    expected = {(item["rule"], item["resource"]) for item in mistakes}
    found = by_verdict(result, Verdict.FAIL)
    assert {key: found[key] for key in sorted(set(found) - expected)} == {}, "not expected"
    assert sorted(expected - set(found)) == [], "not found"


@pytest.mark.parametrize("state", ["compliant", "broken"])
@pytest.mark.parametrize("case", CASES)
def test_at_most_one_verdict_in_twenty_is_undetermined(case: str, state: str) -> None:
    result = scanned(case, state)
    undetermined = by_verdict(result, Verdict.UNDETERMINED)
    assert len(undetermined) <= 0.05 * len(result.findings), undetermined
    assert all(undetermined.values()), "each says why"


@pytest.mark.parametrize("case", CASES)
def test_every_failure_and_doubt_has_evidence(case: str) -> None:
    for finding in scanned(case, "broken").findings:
        if finding.verdict is not Verdict.PASS:
            assert finding.evidence, finding
