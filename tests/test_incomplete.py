"""Absence is evidence only where everything was read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.cli.catalogue import all_rules
from scanner.engine import scan
from scanner.finding import Verdict
from scanner.sources.terraform import read
from tests.plans import Unknown, plan

RULES = all_rules()
ZONES = Path(__file__).parents[1] / "fixtures" / "landing_zones"
RESOURCES = {
    "aws_vpc.main": {"cidr_block": "10.20.0.0/16"},
    "aws_subnet.app": {"vpc_id": Unknown(("aws_vpc.main.id",)), "cidr_block": "10.20.1.0/24"},
    "aws_instance.app": {"ami": "ami-1", "subnet_id": Unknown(("aws_subnet.app.id",))},
    "aws_s3_bucket.a": {"bucket": "statements"},
}


def verdict(rule: str, address: str, **document: object) -> Verdict:
    content = {**json.loads(plan(RESOURCES)), **document}
    result = scan([read("plan.json", json.dumps(content).encode())], {rule: RULES[rule]})
    (found,) = (item for item in result.findings if item.address == address)
    return found.verdict


@pytest.mark.parametrize(
    ("rule", "address"),
    [
        ("bucket-not-public", "aws_s3_bucket.a"),
        ("workload-in-private-subnet", "aws_instance.app"),
    ],
)
def test_pass_by_absence_needs_a_complete_plan(rule: str, address: str) -> None:
    assert verdict(rule, address) is Verdict.PASS
    assert verdict(rule, address, errored=True) is Verdict.UNDETERMINED
    assert verdict(rule, address, complete=False) is Verdict.UNDETERMINED


@pytest.mark.parametrize(
    "path",
    sorted(ZONES.glob("*/*/plan.json")),
    ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}",
)
def test_incomplete_plan_flips_no_verdict(path: Path) -> None:
    content = json.loads(path.read_text())
    before, after = (
        {
            (item.name, item.address): item.verdict
            for item in scan([read("plan.json", json.dumps(each).encode())], RULES).findings
        }
        for each in (content, {**content, "errored": True})
    )
    flipped = {
        key
        for key in before.keys() & after.keys()
        if {before[key], after[key]} == {Verdict.PASS, Verdict.FAIL}
    }
    assert flipped == set()
