"""Every rule's examples are what they say: they are its tests and its documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.cli.catalogue import all_rules
from scanner.engine import scan
from scanner.sources.terraform import read
from tests.plans import Loader, plan

FOLDER = Path(__file__).parents[2] / "fixtures" / "rules"
RULES = all_rules()


def examples() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted(FOLDER.glob("*.yaml")):
        content = yaml.load(path.read_text(), Loader=Loader)
        for example in content["examples"]:
            yield path.stem, example


EXAMPLES = list(examples())


@pytest.mark.parametrize(
    ("rule", "example"), EXAMPLES, ids=[f"{rule}: {item['title']}" for rule, item in EXAMPLES]
)
def test_example_has_its_verdict(rule: str, example: Mapping[str, Any]) -> None:
    inventory = read("plan.json", plan(example["resources"]))
    result = scan([inventory], {rule: RULES[rule]})
    assert not result.crashes
    found = {item.address: item for item in result.findings}
    expected = example["expect"]
    told = {
        address: [found[address].verdict.value, *map(str, found[address].evidence)]
        for address in found
    }
    for address, verdict in expected.items():
        actual = found[address].verdict.value if address in found else "none"
        assert actual == verdict, told
    for address in expected:
        if address in found and found[address].verdict.value != "pass":
            assert found[address].evidence, "a verdict that is no pass says why"


@pytest.mark.parametrize("rule", sorted(RULES))
def test_rule_has_examples_of_all_verdicts_for_each_provider(rule: str) -> None:
    path = FOLDER / f"{rule}.yaml"
    assert path.exists(), f"{rule} has no examples"
    content = yaml.load(path.read_text(), Loader=Loader)
    seen: dict[str, set[str]] = {}
    for example in content["examples"]:
        for address, verdict in example["expect"].items():
            seen.setdefault(address.partition("_")[0], set()).add(verdict)
    for provider in content["providers"]:
        ruled_out = {
            verdict
            for verdict, why in content.get("impossible", {}).items()
            if isinstance(why, str) or provider in why
        }
        wanted = {"pass", "fail", "undetermined"} - ruled_out
        assert wanted <= seen.get(provider, set()), provider


def test_examples_are_of_known_rules() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} <= set(RULES)
