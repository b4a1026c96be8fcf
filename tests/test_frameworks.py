"""The framework files are whole and honest, and a status says what the findings allow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

import rules as rule_package
from scanner.errors import FrameworkError
from scanner.finding import Finding, name_of
from scanner.framework import (
    Citation,
    Framework,
    Link,
    Outcome,
    Requirement,
    Status,
    applications,
    assess,
    read_framework,
    read_frameworks,
    tally,
)
from scanner.model.base import Resource
from scanner.rule import Rule, Severity, load
from scanner.truth import Truth, known, unknown

FOLDER = Path(rule_package.__file__ or "").parent / "frameworks"
FRAMEWORKS = {item.id: item for item in read_frameworks(FOLDER)}
RULES = load(rule_package)

# Requirements by what configuration can show of them: technical, partial, process.
COUNTS = {
    "cis-aws": (62, 8, 0),
    "cis-oci": (50, 4, 0),
    "dora": (4, 42, 44),
    "dora-rts-2024-1774": (28, 73, 28),
    "eba-gl-2019-04": (0, 20, 15),
    "ffiec": (8, 25, 7),
    "gdpr": (1, 17, 12),
    "glba-safeguards": (3, 10, 11),
    "nis2": (0, 10, 7),
    "nydfs-500": (11, 28, 22),
    "pci-dss-4.0.1": (40, 105, 135),
    "psd2-rts-sca": (0, 19, 17),
    "rbi-itgrca-2023": (0, 11, 6),
    "sec-reg-s-p": (0, 5, 3),
    "sox-itgc": (2, 14, 5),
}


def requirements() -> Iterator[tuple[Framework, Requirement]]:
    for framework in FRAMEWORKS.values():
        for requirement in framework.requirements:
            yield framework, requirement


def links() -> Iterator[tuple[str, Requirement, Link]]:
    for framework, requirement in requirements():
        for link in requirement.rules:
            yield f"{framework.id} {requirement.id} {link.rule}", requirement, link


def test_all_requirements_of_all_frameworks_are_here() -> None:
    assert set(FRAMEWORKS) == set(COUNTS)
    assert sum(1 for _ in requirements()) == 912


@pytest.mark.parametrize("id", COUNTS)
def test_assessable_counts_are_those_of_the_catalogue(id: str) -> None:
    found = Counter(item.assessable for item in FRAMEWORKS[id].requirements)
    assert (found["technical"], found["partial"], found["process"]) == COUNTS[id]


@pytest.mark.parametrize("id", COUNTS)
def test_requirement_ids_are_unique(id: str) -> None:
    found = Counter(item.id for item in FRAMEWORKS[id].requirements)
    assert [name for name, count in found.items() if count > 1] == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_file_is_named_after_its_framework(path: Path) -> None:
    assert path.stem == read_framework(path).id.replace("-", "_").replace(".", "_")


def test_groups_of_requirements_exist() -> None:
    for framework, requirement in requirements():
        known_groups = {group.id for group in framework.groups}
        assert requirement.group in known_groups | {""}, f"{framework.id} {requirement.id}"


def test_linked_rules_exist() -> None:
    assert [place for place, _, link in links() if link.rule not in RULES] == []


def test_a_requirement_names_a_rule_once() -> None:
    for framework, requirement in requirements():
        names = [link.rule for link in requirement.rules]
        assert len(names) == len(set(names)), f"{framework.id} {requirement.id}"


def test_settings_are_settings_of_the_rule() -> None:
    for place, _, link in links():
        defaults = RULES[link.rule].settings
        for name, value in link.settings.items():
            assert name in defaults, f"{place}: {name}"
            assert type(value) is type(defaults[name]), f"{place}: {name}"


def test_process_requirements_have_no_rules() -> None:
    places = [place for place, requirement, _ in links() if requirement.assessable == "process"]
    assert places == []


def test_every_rule_serves_a_requirement() -> None:
    linked = {link.rule for _, _, link in links()}
    assert sorted(set(RULES) - linked) == []


@pytest.mark.parametrize(
    ("framework", "requirement", "rule", "settings"),
    [
        ("pci-dss-4.0.1", "8.3.6", "password-policy-long-enough", {"minimum_length": 12}),
        ("pci-dss-4.0.1", "8.3.7", "password-policy-prevents-reuse", {"remembered": 4}),
        ("pci-dss-4.0.1", "10.5.1", "log-retained", {"shortest_days": 365}),
        ("cis-aws", "2.8", "password-policy-long-enough", {"minimum_length": 14}),
        ("cis-oci", "1.6", "password-policy-prevents-reuse", {"remembered": 24}),
        ("nydfs-500", "500.6(b)", "log-retained", {"shortest_days": 1095}),
    ],
)
def test_thresholds(framework: str, requirement: str, rule: str, settings: object) -> None:
    found = {item.id: item for item in FRAMEWORKS[framework].requirements}[requirement]
    assert {link.rule: link.settings for link in found.rules}[rule] == settings


def test_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("id: broken\nrequirement: []\n")
    with pytest.raises(FrameworkError, match=r"broken\.yaml"):
        read_framework(path)


def rule_of(id: str, settings: Mapping[str, Any] | None = None) -> Rule:
    def check(_: Resource) -> Truth:
        return known(True)

    return Rule(id, id, Severity.LOW, "", "", Resource, check, settings=settings or {})


OURS = {id: rule_of(id, {"least": 12}) for id in ("first", "second")}
DIRECT = (Link("first", "direct"), Link("second", "direct"))
MIXED = (Link("first", "direct"), Link("second", "supporting"))


def framework_of(*requirements: Requirement) -> Framework:
    return Framework("own", "Own", "1", "nowhere", "draft", Citation("none"), "none", requirements)


@pytest.fixture
def judged(resource: Resource) -> Callable[..., Outcome]:
    """Assess one requirement, given the truths found by each rule as applied."""

    def judge(
        links: tuple[Link, ...],
        found: Mapping[str, list[Truth]],
        assessable: Any = "technical",
        rules: Mapping[str, Rule] = OURS,
    ) -> Outcome:
        findings = {
            name: [Finding(OURS[name.partition("[")[0]], resource, truth, {}) for truth in truths]
            for name, truths in found.items()
        }
        own = framework_of(Requirement("1", "One", assessable, rules=links))
        assessment = assess(own, rules, tally(findings))
        (outcome,) = assessment.outcomes
        assert assessment.counts() == {**dict.fromkeys(Status, 0), outcome.status: 1}
        return outcome

    return judge


@pytest.fixture
def resource() -> Resource:
    # A status depends on verdicts alone, so nothing of the resource is read.
    class Nothing(Resource):
        def __init__(self) -> None:
            self.address = "aws_thing.a"
            self.type = "aws_thing"

    return Nothing()


YES, NO, OPEN = known(True), known(False), unknown()
Judged = Callable[..., Outcome]


def test_failed_direct_rule_violates(judged: Judged) -> None:
    outcome = judged(MIXED, {"first": [YES, NO], "second": [OPEN]})
    assert outcome.status is Status.VIOLATED
    assert "first" in outcome.reason
    assert [(item.passed, item.failed, item.undetermined) for item in outcome.links] == [
        (1, 1, 0),
        (0, 0, 1),
    ]


def test_failed_supporting_rule_is_for_a_person_to_judge(judged: Judged) -> None:
    outcome = judged(MIXED, {"first": [YES], "second": [NO]})
    assert outcome.status is Status.UNDETERMINED
    assert "second" in outcome.reason


@pytest.mark.parametrize("rule", ["first", "second"])
def test_undetermined_finding_leaves_it_open(judged: Judged, rule: str) -> None:
    found = {"first": [YES], "second": [YES]}
    assert judged(MIXED, {**found, rule: [YES, OPEN]}).status is Status.UNDETERMINED


def test_all_passed_satisfies_what_configuration_can_show(judged: Judged) -> None:
    found = {"first": [YES, YES], "second": [YES]}
    assert judged(DIRECT, found).status is Status.SATISFIED
    partial = judged(DIRECT, found, "partial")
    assert partial.status is Status.SATISFIED
    assert "people must show the rest" in partial.reason


def test_one_rule_without_resources_is_no_obstacle(judged: Judged) -> None:
    assert judged(DIRECT, {"first": [YES], "second": []}).status is Status.SATISFIED


@pytest.mark.parametrize("found", [{}, {"first": [], "second": []}])
def test_no_finding_means_no_resource(judged: Judged, found: Mapping[str, list[Truth]]) -> None:
    assert judged(DIRECT, found).status is Status.NO_RESOURCE


def test_process_is_not_assessable_even_with_passes(judged: Judged) -> None:
    outcome = judged(DIRECT, {"first": [YES], "second": [YES]}, "process")
    assert outcome.status is Status.NOT_ASSESSABLE


@pytest.mark.parametrize("assessable", ["technical", "partial"])
def test_without_rules_it_is_not_covered(judged: Judged, assessable: str) -> None:
    assert judged((), {}, assessable).status is Status.NOT_COVERED


def test_rules_that_were_not_selected_cover_nothing(judged: Judged) -> None:
    assert judged(DIRECT, {}, rules={}).status is Status.NOT_COVERED


def test_a_link_looks_at_the_findings_under_its_own_threshold(judged: Judged) -> None:
    links = (Link("first", "direct", {"least": 14}),)
    found = {"first": [YES], "first[least=14]": [NO]}
    assert judged(links, found).status is Status.VIOLATED
    assert judged((Link("first", "direct"),), found).status is Status.SATISFIED


@pytest.mark.parametrize(
    ("types", "status"),
    [
        ((), Status.VIOLATED),
        (("aws_",), Status.VIOLATED),
        (("oci_", "aws_thing"), Status.VIOLATED),
        (("oci_",), Status.NO_RESOURCE),
    ],
)
def test_findings_on_other_types_say_nothing(
    judged: Judged, types: tuple[str, ...], status: Status
) -> None:
    assert judged((Link("first", "direct", types=types),), {"first": [NO]}).status is status


@pytest.mark.parametrize(("id", "cloud"), [("cis-aws", "aws_"), ("cis-oci", "oci_")])
def test_benchmark_of_one_cloud_looks_at_that_cloud_only(id: str, cloud: str) -> None:
    for requirement in FRAMEWORKS[id].requirements:
        for link in requirement.rules:
            assert link.types and all(type.startswith(cloud) for type in link.types)


def test_another_threshold_makes_another_variant() -> None:
    stricter = framework_of(
        Requirement("1", "One", "technical", rules=(Link("first", "direct", {"least": 14}),)),
        Requirement("2", "Two", "technical", rules=(Link("first", "direct", {"least": 12}),)),
        Requirement("3", "Three", "technical", rules=(Link("second", "direct"),)),
    )
    variants = applications(OURS.values(), [stricter, stricter])
    assert variants == {"first": ({"least": 12}, {"least": 14}), "second": ({"least": 12},)}
    names = [name_of(OURS["first"], settings) for settings in variants["first"]]
    assert names == ["first", "first[least=14]"]


def test_password_length_of_pci_and_cis_are_two_variants() -> None:
    chosen = [FRAMEWORKS["pci-dss-4.0.1"], FRAMEWORKS["cis-aws"], FRAMEWORKS["cis-oci"]]
    variants = applications(RULES.values(), chosen)["password-policy-long-enough"]
    assert [dict(item) for item in variants] == [{"minimum_length": 12}, {"minimum_length": 14}]


def test_unknown_key_in_a_link_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"rule": "first", "link": "direct", "level": 1}, Link)


def test_files_are_named_like_their_frameworks() -> None:
    for path in FOLDER.glob("*.yaml"):
        assert path.stem == read_framework(path).id.replace(".", "_").replace("-", "_")
