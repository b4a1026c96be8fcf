"""The five reference cases: compliant zones do not fail, broken ones exactly where planted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.cli.catalogue import all_frameworks, all_rules
from scanner.engine import Scan, scan
from scanner.finding import Verdict
from scanner.framework import Status
from scanner.graph.graph import Graph
from scanner.mapping.population import populate
from scanner.model.base import Inapplicable, Resource, SecretPlace
from scanner.model.data import DataStore, MountTarget
from scanner.network.addresses import PUBLIC
from scanner.network.chain import ports_of
from scanner.network.packets import from_sources
from scanner.network.questions import reach_of
from scanner.network.reach import Exposure
from scanner.sources.terraform import open_input
from scanner.truth import State

ZONES = Path(__file__).parents[1] / "fixtures" / "landing_zones"
CASES = sorted(path.name for path in ZONES.iterdir() if path.is_dir())
RULES = all_rules()
# The same zone before it is made, and as it is afterwards.
FORMS = ["plan", "state"]


@cache
def scanned(case: str, state: str, form: str = "plan") -> Scan:
    folder = ZONES / case / state
    return scan([open_input(str(folder / f"{form}.json"), source=folder)], RULES)


@cache
def graph_of(case: str, state: str, form: str) -> Graph:
    folder = ZONES / case / state
    return Graph(populate(open_input(str(folder / f"{form}.json"), source=folder)).resources)


def mistakes(case: str) -> Sequence[Mapping[str, Any]]:
    """Give what should fail; `through` are nodes that a path of it names, in this order."""
    found: Sequence[Mapping[str, Any]] = yaml.safe_load(
        (ZONES / case / "broken" / "mistakes.yaml").read_text()
    )
    return found


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
    expected = {(item["rule"], item["resource"]) for item in mistakes(case)}
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


# Networks


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", CASES)
def test_planted_holes_are_found_with_their_paths(case: str, form: str) -> None:
    holes = [item for item in mistakes(case) if "through" in item]
    assert holes
    paths = {
        (finding.rule.id, finding.address): [
            [hop.node for hop in path.hops] for path in finding.paths if path.state is State.TRUE
        ]
        for finding in scanned(case, "broken", form).findings
        if finding.verdict is Verdict.FAIL
    }
    for item in holes:
        told = paths.get((item["rule"], item["resource"]), [])
        assert any(in_order(item["through"], nodes) for nodes in told), (item, told)


def in_order(wanted: Sequence[str], nodes: Sequence[str]) -> bool:
    rest = iter(nodes)
    return all(node in rest for node in wanted)


def exposures(graph: Graph) -> Iterator[tuple[Resource, Exposure]]:
    """Give how the internet reaches each resource that stands somewhere."""
    reach = reach_of(graph)
    for resource in graph.resources:
        if not resource.managed or isinstance(resource, SecretPlace):
            continue
        try:
            yield resource, reach.exposure(resource)
        except Inapplicable:
            # An instance of a database cluster stands where the cluster does.
            continue


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", CASES)
def test_no_store_of_a_compliant_zone_can_be_reached_from_the_internet(
    case: str, form: str
) -> None:
    found = {
        resource.address: exposure.state
        for resource, exposure in exposures(graph_of(case, "compliant", form))
        if isinstance(resource, (DataStore, MountTarget))
    }
    assert found
    assert {name: state for name, state in found.items() if state is not State.FALSE} == {}


@pytest.mark.parametrize("state", ["compliant", "broken"])
@pytest.mark.parametrize("case", CASES)
def test_plan_and_state_of_the_same_network_give_the_same_paths(case: str, state: str) -> None:
    plan, live = (told(graph_of(case, state, form)) for form in FORMS)
    assert plan.keys() == live.keys()
    for key in plan:
        assert plan[key] == live[key], key


def told(graph: Graph) -> Mapping[tuple[str, str], Any]:
    """Tell the exposure of each resource, its ports, and the codes and nodes of all its paths."""
    return {
        (type(resource).__name__, resource.address): (
            exposure.kind,
            sorted(ports_of(exposure.packets & from_sources(PUBLIC))),
            [
                [(hop.code, hop.node) for hop in path.hops]
                for answer in exposure
                for path in answer.paths
            ],
        )
        for resource, exposure in exposures(graph)
        if any(answer.paths for answer in exposure)
    }
