"""A damaged plan gives records or a SourceError, and nothing else is raised."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

from scanner.errors import SourceError
from scanner.record import Inventory
from scanner.sources.terraform import read

FIXTURES = Path(__file__).parents[2] / "fixtures/terraform"
HOSTILE: list[Any] = [
    None,
    True,
    0,
    -1.5,
    10**30,
    "",
    "x" * 100_000,
    "\x00\x1b[31m\u202e<script>",
    [],
    {},
    [[]],
    [None],
    {"references": 1},
    {"references": ["."]},
    {"references": ["[", 'a["', "var.", "each."]},
    {"constant_value": {"references": []}},
    [[[["deep"]]]],
    {"": {"": None}},
    "module.a[",
]


def places(node: Any, found: list[tuple[Any, Any]]) -> None:
    keys = node.keys() if isinstance(node, dict) else range(len(node))
    for key in keys:
        found.append((node, key))
        if isinstance(node[key], (dict, list)):
            places(node[key], found)


def mutate(document: Any, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 1, 2, 5, 30])):
        found: list[tuple[Any, Any]] = []
        places(document, found)
        if not found:
            return
        node, key = chance.choice(found)
        action = chance.random()
        if action < 0.3:
            del node[key]
        elif action < 0.9:
            node[key] = copy.deepcopy(chance.choice(HOSTILE))
        elif isinstance(node, dict):
            node[chance.choice(["address", "type", "index", "mode", "references"])] = node[key]


def use(inventory: Inventory) -> None:
    for record in inventory.records:
        repr((record, record.body, record.location, record.body.secrets))
        block = record.block
        for key in list(record.body.attributes):
            if key.endswith(("_id", "_ids", "bucket", "subnets", "role", "ingress", "route")):
                list(block.links(key).testify())
                block.links(key, frozenset({"aws_vpc", "aws_subnet"}))
                block.leaves_out(key)
        for path in ("ingress[].security_groups", "route[].gateway_id", "vpc_config.subnet_ids"):
            block.links(path)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("references/plan.json", 250),
        ("oci/plan.json", 150),
        ("references/state.json", 60),
        ("references/terraform.tfstate", 60),
    ],
)
def test_mutated_documents_never_raise_anything_else(name: str, count: int) -> None:
    original = json.loads((FIXTURES / name).read_bytes())
    read_at_all = 0
    for seed in range(count):
        chance = random.Random(f"{name}{seed}")
        document = copy.deepcopy(original)
        # The large lists drown the rest: aim at one part of the document at a time.
        part = chance.choice([document, *(v for v in document.values() if isinstance(v, dict))])
        mutate(part, chance)
        try:
            inventory = read("mutated", json.dumps(document).encode())
        except SourceError as error:
            assert "<script>" not in str(error)
            continue
        use(inventory)
        read_at_all += bool(inventory.records)
    assert read_at_all > count / 2


def test_one_damaged_resource_loses_nothing_else() -> None:
    document = json.loads((FIXTURES / "references/plan.json").read_bytes())
    whole = len(read("p", json.dumps(document).encode()).records)
    document["resource_changes"][3]["change"] = "broken"
    document["configuration"]["root_module"]["resources"][0] = 7
    # What the changes lose, planned_values still has.
    inventory = read("p", json.dumps(document).encode())
    assert len(inventory.records) == whole
    assert len(inventory.warnings) == 2
    assert inventory.gaps


def test_truncation_anywhere_is_a_source_error() -> None:
    data = (FIXTURES / "references/plan.json").read_bytes()
    for cut in random.Random(3).sample(range(1, len(data) - 2), 60):
        with pytest.raises(SourceError):
            read("p", data[:cut])
