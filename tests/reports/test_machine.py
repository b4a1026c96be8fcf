"""JSON: valid by the published schema, exact, and complete."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reports import Options, render
from scanner.engine import Scan
from scanner.finding import Verdict
from tests.reports import scans


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(resources.files("reports").joinpath("schema/scan-1.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def document(scan: Scan, **options: Any) -> Any:
    return json.loads(b"".join(render(scan, "json", Options(**options))))


@pytest.mark.parametrize("limit", [0, 5000])
@pytest.mark.parametrize("case", scans.CASES)
def test_valid_by_the_schema(case: str, limit: int) -> None:
    found = document(scans.CASES[case](), evidence_of_passes=limit, title="A\u202e title")
    validator().validate(found)


@pytest.mark.parametrize("case", scans.CASES)
def test_every_finding_is_there_and_names_a_resource(case: str) -> None:
    scan = scans.CASES[case]()
    found = document(scan)
    assert len(found["findings"]) == len(scan.findings)
    assert {item["resource"] for item in found["findings"]} == found["resources"].keys()
    for verdict in Verdict:
        assert found["summary"]["findings"][verdict.value] == scan.count(verdict)


def test_passes_lose_their_evidence_only_beyond_the_limit() -> None:
    scan = scans.passing()
    assert all("evidence" in item for item in document(scan, evidence_of_passes=5)["findings"])
    found = document(scan, evidence_of_passes=4)
    assert not any("evidence" in item for item in found["findings"])
    assert found["summary"]["passes_carry_evidence"] is False


def test_text_is_exact_and_no_invisible_character_stands_in_it() -> None:
    data = b"".join(render(scans.hostile(), "json")).decode()
    assert all(char.isprintable() or char == "\n" for char in data)
    found = json.loads(data)
    for text in scans.HOSTILE:
        exact = text.replace("\ud800", "\ufffd")
        assert exact in found["warnings"]
        assert f'aws_db_instance.x["{exact}"]' in found["resources"]


def test_each_finding_has_a_line_of_its_own() -> None:
    data = b"".join(render(scans.small(), "json")).decode()
    lines = [line for line in data.splitlines() if line.startswith('{"rule":')]
    assert len(lines) == len(scans.small().findings)
    assert all(json.loads(line.rstrip(",")) for line in lines)


def test_settings_tell_variants_apart() -> None:
    found = document(scans.small())["findings"]
    variants = {item["name"] for item in found if item["rule"] == "database-backup-retained"}
    assert variants == {
        "database-backup-retained",
        "database-backup-retained[minimum_days=10]",
    }
