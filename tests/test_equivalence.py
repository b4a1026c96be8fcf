"""The same infrastructure written otherwise gets the same verdicts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scanner.cli.catalogue import all_rules
from scanner.engine import scan
from scanner.finding import Verdict
from scanner.sources.terraform import read

ZONES = Path(__file__).parents[1] / "fixtures" / "landing_zones"
PLANS = sorted(ZONES.glob("*/*/plan.json"))
COUNTED = [
    path
    for path in PLANS
    if any(
        "index" in item and item["index"] == 0
        for item in json.loads(path.read_text())["resource_changes"]
    )
]
RULES = all_rules()
WRAP = "module.wrap."


def verdicts(document: Any) -> dict[tuple[str, str], Verdict]:
    result = scan([read("plan.json", json.dumps(document).encode())], RULES)
    assert not result.crashes
    return {(item.name, item.address): item.verdict for item in result.findings}


def wrap(document: Any) -> Any:
    """Put the whole root module into a module of a new root that passes its variables on."""
    for change in document["resource_changes"]:
        change["address"] = WRAP + change["address"]
        below = change.get("module_address")
        change["module_address"] = f"{WRAP}{below}" if below else WRAP[:-1]
        if "previous_address" in change:
            change["previous_address"] = WRAP + change["previous_address"]
    for part in (document.get("planned_values"), document.get("prior_state", {}).get("values")):
        if part:
            part["root_module"] = {
                "child_modules": [_moved({**part["root_module"], "address": ""})]
            }
    configuration = document["configuration"]
    inner = configuration["root_module"]
    names = inner.get("variables", {})
    configuration["root_module"] = {
        "variables": names,
        "module_calls": {
            "wrap": {
                "source": "./wrap",
                "expressions": {name: {"references": [f"var.{name}"]} for name in names},
                "module": inner,
            }
        },
    }
    return document


def _moved(module: Any) -> Any:
    address = module.get("address", "")
    module["address"] = WRAP + address if address else WRAP[:-1]
    for resource in module.get("resources", ()):
        resource["address"] = WRAP + resource["address"]
    module["child_modules"] = [_moved(child) for child in module.get("child_modules", ())]
    return module


@pytest.mark.parametrize("path", PLANS, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}")
def test_wrapping_everything_in_a_module_changes_no_verdict(path: Path) -> None:
    flat = verdicts(json.loads(path.read_text()))
    wrapped = verdicts(wrap(json.loads(path.read_text())))
    assert {(name, WRAP + address): verdict for (name, address), verdict in flat.items()} == wrapped


def keyed(document: Any) -> Any:
    """Write every `count` as `for_each` over the same numbers as text."""

    def address(text: str) -> str:
        # The index of a block, as in `x.a.config[0].id`, is none of a resource.
        return re.sub(
            r"(module\.[\w-]+|^(?:.*\.)?(?:data\.)?[a-z]+_\w+\.[\w-]+)\[(\d+)\]",
            r'\1["\2"]',
            text,
        )

    def expression(node: Any) -> Any:
        if isinstance(node, dict):
            node = {key: expression(value) for key, value in node.items()}
            if "count_expression" in node:
                node["for_each_expression"] = node.pop("count_expression")
            if isinstance(node.get("references"), list):
                node["references"] = [
                    "each.key" if text == "count.index" else address(text)
                    for text in node["references"]
                ]
            return node
        return [expression(item) for item in node] if isinstance(node, list) else node

    def values(node: Any) -> Any:
        if isinstance(node, list):
            return [values(item) for item in node]
        if not isinstance(node, dict):
            return node
        node = {key: values(value) for key, value in node.items()}
        for key in ("address", "module_address"):
            if isinstance(node.get(key), str) and ("type" in node or "resources" in node):
                node[key] = address(node[key])
        if isinstance(node.get("index"), int) and "address" in node:
            node["index"] = str(node["index"])
        return node

    document["resource_changes"] = values(document["resource_changes"])
    for part in ("planned_values", "prior_state"):
        if part in document:
            document[part] = values(document[part])
    document["configuration"]["root_module"] = expression(document["configuration"]["root_module"])
    return document


@pytest.mark.parametrize("path", COUNTED, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}")
def test_for_each_instead_of_count_changes_no_verdict(path: Path) -> None:
    counted = verdicts(json.loads(path.read_text()))
    text = keyed(json.loads(path.read_text()))

    def renamed(name: str) -> str:
        # Blocks inside a resource keep their positions; only instances are renamed.
        for item in text["resource_changes"]:
            old = re.sub(r'\["(\d+)"\]', r"[\1]", item["address"])
            if name == old or name.startswith(old + "."):
                return str(item["address"]) + name[len(old) :]
        return name

    assert {
        (rule, renamed(name)): verdict for (rule, name), verdict in counted.items()
    } == verdicts(text)


def test_enough_zones_use_count() -> None:
    assert len(COUNTED) >= 6
