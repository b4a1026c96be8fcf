"""Damaged, hostile and secret-bearing plans: a report or a clear error, and no secret anywhere."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import reports
from scanner.cli.catalogue import all_frameworks, all_rules
from scanner.engine import scan
from scanner.errors import SourceError
from scanner.sources.terraform import read
from tests.plans import plan

FIXTURES = Path(__file__).parents[1] / "fixtures"
RULES = all_rules()
PCI = (all_frameworks()["pci-dss-4.0.1"],)
SMALL = [
    FIXTURES / "terraform" / "oci" / "plan.json",
    FIXTURES / "terraform" / "references" / "plan.json",
]
JUNK: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    10**30,
    1.5,
    "",
    "x" * 20_000,
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]></failure>&lt;",
    "\u202egnp.exe\u0000\u0007\ufffe\ud800",
    "${aws_vpc.main.id}",
    [],
    {},
    [None],
    [[[]]],
    {"a": {"b": [1, None, {}]}},
    "*",
    "0.0.0.0/0",
    "999.0.0.0/99",
    '{"Statement": "x"}',
    '{"Statement": [[], 1, {"Effect": []}]}',
)
FORMATS = ("html", "junit", "json", "text")


@cache
def document(path: Path) -> Any:
    return json.loads(path.read_text())


def nodes(value: Any) -> Iterator[tuple[Any, Any]]:
    """Give every place of a document as its container and key."""
    stack = [value]
    while stack:
        node = stack.pop()
        items: Any = ()
        if isinstance(node, dict):
            items = list(node.items())
        elif isinstance(node, list):
            items = list(enumerate(node))
        for key, item in items:
            yield node, key
            stack.append(item)


def damage(content: Any, chance: random.Random) -> None:
    """Drop, replace, rename or swap things at a few places, anywhere."""
    places = list(nodes(content))
    for _ in range(chance.randint(1, 12)):
        node, key = chance.choice(places)
        try:
            kind = chance.randint(0, 3)
            if kind == 0:
                del node[key]
            elif kind == 1:
                node[key] = copy.deepcopy(chance.choice(JUNK))
            elif kind == 2 and isinstance(node, dict):
                node[str(chance.choice(JUNK))[:300]] = node.pop(key)
            else:
                other, place = chance.choice(places)
                node[key] = copy.deepcopy(other[place])
        except (KeyError, IndexError, TypeError):
            continue  # the place went with an earlier damage


@pytest.mark.parametrize("batch", range(30))
def test_mutated_plans_give_a_report_or_a_clear_error(batch: int) -> None:
    chance = random.Random(batch)
    for _ in range(100):
        content = copy.deepcopy(document(chance.choice(SMALL)))
        damage(content, chance)
        data = json.dumps(content).encode("utf-8", "surrogatepass")
        try:
            result = scan([read("plan.json", data)], RULES, PCI)
        except SourceError as error:
            assert len(str(error)) < 500
            continue
        assert not result.crashes, result.crashes[0]
        for form in FORMATS:
            written = b"".join(reports.render(result, form))
            assert b"<script>alert(1)" not in written if form == "html" else written


CANARY = "canary-4b1d-8f2e"


def secret_places() -> dict[str, dict[str, Any]]:
    """One resource of each type that has secret-bearing attributes, each filled with a canary."""
    package = FIXTURES.parent / "scanner" / "sources" / "terraform"
    known = json.loads((package / "sensitive.json").read_text())["types"]
    resources: dict[str, dict[str, Any]] = {}
    for type, paths in known.items():
        attributes: dict[str, Any] = {}
        for path in paths:
            node = attributes
            *outer, last = path.split(".")
            for step in outer:
                node = node.setdefault(step, [{}])[0]
            node[last] = CANARY
        resources[f"{type}.main"] = attributes
    for type, extra in {
        "aws_instance": {"user_data": f"password={CANARY}", "ami": "ami-1"},
        "aws_launch_template": {"user_data": CANARY},
        "aws_lambda_function": {"environment": [{"variables": {"DB_PASSWORD": CANARY}}]},
        "aws_ecs_task_definition": {"container_definitions": json.dumps([{"secret": CANARY}])},
        "aws_ssm_parameter": {"value": CANARY, "insecure_value": CANARY},
        "aws_db_instance": {"password": CANARY, "engine": "postgres"},
        "aws_vpn_connection": {
            "tunnel1_preshared_key": CANARY,
            "tunnel2_preshared_key": CANARY,
        },
        "oci_core_instance": {"metadata": {"user_data": CANARY, "key": CANARY}},
        "oci_mysql_mysql_db_system": {"admin_password": CANARY},
        "oci_functions_function": {"config": {"TOKEN": CANARY}},
        "aws_unknown_thing": {"password": CANARY, "api_key": CANARY, "auth_token": CANARY},
    }.items():
        resources.setdefault(f"{type}.main", {}).update(extra)
    return resources


def test_canary_in_every_secret_place_reaches_no_output(capfd: pytest.CaptureFixture[str]) -> None:
    inventory = read("plan.json", plan(secret_places()))
    result = scan([inventory], RULES, tuple(all_frameworks().values()))
    assert not result.crashes
    judged = {
        item.address for item in result.findings if item.rule.id == "no-secret-in-plain-sight"
    }
    assert {"aws_db_instance.main", "aws_instance.main", "aws_unknown_thing.main"} <= judged
    for form in FORMATS:
        written = b"".join(reports.render(result, form))
        assert CANARY.encode() not in written, form
    assert CANARY not in repr(result.findings)
    assert CANARY not in "".join(repr(item.evidence) for item in result.findings)
    captured = capfd.readouterr()
    assert CANARY not in captured.out + captured.err


def test_canary_marked_sensitive_anywhere_reaches_no_output() -> None:
    """Whatever Terraform marks as sensitive is dropped, also in an attribute that rules read."""
    for path in SMALL:
        content = copy.deepcopy(document(path))
        for change in content["resource_changes"]:
            after = change["change"].get("after")
            if not isinstance(after, dict):
                continue
            marks: dict[str, Any] = {}
            for key, value in after.items():
                if isinstance(value, str):
                    after[key] = CANARY
                    marks[key] = True
            change["change"]["after_sensitive"] = marks
        content.pop("planned_values", None)
        result = scan([read("plan.json", json.dumps(content).encode())], RULES, PCI)
        for form in FORMATS:
            assert CANARY.encode() not in b"".join(reports.render(result, form)), form


def test_canary_is_not_quoted_by_an_error() -> None:
    for data in (
        f'{{"password": "{CANARY}", '.encode(),
        f'{{"format_version": "1.2", "resource_changes": "{CANARY}"'.encode(),
        f"password={CANARY}".encode(),
    ):
        with pytest.raises(SourceError) as caught:
            read("plan.json", data)
        assert CANARY not in str(caught.value)
