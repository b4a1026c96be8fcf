"""JUnit: valid by both schemas, one name per test, and no verdict lost."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import xmlschema
from lxml import etree

from reports import Options, render
from scanner.engine import Scan
from scanner.finding import Verdict
from tests.reports import scans

SCHEMAS = Path(__file__).parent / "schemas"


@cache
def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / name))


def document(scan: Scan, options: Options | None = None) -> etree._Element:
    data = b"".join(render(scan, "junit", options))
    return etree.fromstring(data, etree.XMLParser(huge_tree=True))


@pytest.mark.parametrize("undetermined_as", ["skipped", "failure"])
@pytest.mark.parametrize("name", ["jenkins-junit-10.xsd", "windyroad-junit.xsd"])
@pytest.mark.parametrize("case", scans.CASES)
def test_valid_by_both_schemas(case: str, name: str, undetermined_as: str) -> None:
    options = Options(undetermined_as=undetermined_as)  # type: ignore[arg-type]
    schema(name).assertValid(document(scans.CASES[case](), options))


def test_a_second_validator_agrees() -> None:
    data = b"".join(render(scans.small(), "junit")).decode()
    for name in ("jenkins-junit-10.xsd", "windyroad-junit.xsd"):
        xmlschema.XMLSchema(SCHEMAS / name).validate(data)


@pytest.mark.parametrize("case", scans.CASES)
def test_no_two_tests_have_the_same_name(case: str) -> None:
    tests = [
        (item.get("classname"), " ".join((item.get("name") or "").split()))
        for item in document(scans.CASES[case]()).iter("testcase")
    ]
    assert [name for name, count in Counter(tests).items() if count > 1] == []


@pytest.mark.parametrize("case", scans.CASES)
@pytest.mark.parametrize("undetermined_as", ["skipped", "failure"])
def test_counts_are_what_is_there(case: str, undetermined_as: str) -> None:
    scan = scans.CASES[case]()
    options = Options(undetermined_as=undetermined_as)  # type: ignore[arg-type]
    suites = document(scan, options).findall("testsuite")
    for suite in suites:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        for name, path in {"failures": "failure", "errors": "error", "skipped": "skipped"}.items():
            assert int(suite.get(name, "")) == len(suite.findall(f"testcase/{path}"))
    rules = suites[:-1]
    assert sum(len(suite.findall("testcase")) for suite in rules) == len(scan.findings)
    bad = sum(len(suite.findall("testcase/failure")) for suite in rules)
    open = scan.count(Verdict.UNDETERMINED)
    errors = sum(len(suite.findall("testcase/error")) for suite in rules)
    extra = open - errors if undetermined_as == "failure" else 0
    assert bad == scan.count(Verdict.FAIL) + extra


def test_a_failure_tells_evidence_fix_and_requirements() -> None:
    root = document(scans.small())
    failure = root.find('testsuite[@name="database-encrypted-at-rest"]/testcase/failure')
    assert failure is not None
    assert failure.get("type") == "high"
    text = failure.text or ""
    assert "cards[11].storage_encrypted: false (default)\n" in text
    assert "Fix: Enable storage encryption" in text
    assert "pci-dss 3.5.1 (direct)" in text


def test_undetermined_names_what_is_missing() -> None:
    skipped = document(scans.small()).find(
        'testsuite[@name="database-encrypted-at-rest"]/testcase/skipped'
    )
    assert skipped is not None
    assert (skipped.get("message") or "").endswith("storage_encrypted: known after apply")


def test_a_crash_is_an_error() -> None:
    root = document(scans.small())
    (error,) = root.findall(".//error")
    assert error.get("type") == "crash"
    assert "KeyError" in (error.text or "")


def test_requirement_ids_are_properties_of_the_rule_as_applied() -> None:
    root = document(scans.small())

    def properties(name: str) -> set[tuple[str | None, str | None]]:
        found = root.findall(f'testsuite[@name="{name}"]/properties/property')
        return {(item.get("name"), item.get("value")) for item in found}

    assert ("pci-dss:direct", "3.5.1") in properties("database-encrypted-at-rest")
    strict = properties("database-backup-retained[minimum_days=10]")
    assert {("dora:direct", "Art. 12(1)"), ("setting.minimum_days", "10")} <= strict
    assert ("dora:direct", "Art. 12(1)") not in properties("database-backup-retained")


def test_what_was_not_evaluated_is_skipped_by_name() -> None:
    (suite,) = document(scans.small()).findall('testsuite[@name="coverage"]')
    names = {item.get("name") for item in suite.findall("testcase") if len(item)}
    assert names == {"not evaluated: aws_appmesh_mesh", "not completely read: module.remote"}
