"""Laws that every scan keeps, tried on the plans of the landing zones."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.cli.catalogue import all_rules
from scanner.engine import Scan, scan
from scanner.finding import Verdict
from scanner.sources.terraform import read

ZONES = Path(__file__).parents[1] / "fixtures" / "landing_zones"
RULES = all_rules()
PLANS = sorted(ZONES.glob("*/*/plan.json"))
SLOW = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

Verdicts = dict[tuple[str, str], Verdict]


@cache
def text(path: Path) -> str:
    return path.read_text()


def judge(document: dict[str, Any]) -> Scan:
    result = scan([read("plan.json", json.dumps(document).encode())], RULES)
    assert not result.crashes
    return result


def verdicts(document: dict[str, Any]) -> Verdicts:
    result = judge(document)
    return {(item.name, item.address): item.verdict for item in result.findings}


@cache
def original(path: Path) -> Verdicts:
    return verdicts(json.loads(text(path)))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """All paths below a value whose content could be unknown."""
    found = [path] if path and value not in (None, [], {}) and not is_block(value) else []
    if isinstance(value, dict):
        for key, item in value.items():
            found += places(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += places(item, (*path, index))
    return found


def hide(after: Any, unknown: Any, path: tuple[Any, ...]) -> Any:
    """Make the value at a path known after apply; give the new tree of marks."""
    if unknown is True:
        return True
    head, *rest = path
    if isinstance(after, dict):
        marks = dict(unknown) if isinstance(unknown, dict) else {}
        if rest:
            marks[head] = hide(after.get(head), marks.get(head, {}), tuple(rest))
        else:
            after.pop(head, None)
            marks[head] = True
        return marks
    if isinstance(after, list):
        marks_list = list(unknown) if isinstance(unknown, list) else [False] * len(after)
        marks_list += [False] * (len(after) - len(marks_list))
        if rest:
            marks_list[head] = hide(after[head], marks_list[head] or {}, tuple(rest))
        else:
            after[head] = None
            marks_list[head] = True
        return marks_list
    return unknown


def forget(document: dict[str, Any], address: str, place: tuple[Any, ...]) -> None:
    """Let the expression of a value refer to something that nobody knows, if there is one.

    A value that is unknown although its expression is known cannot come from Terraform.
    """
    module = document["configuration"]["root_module"]
    parts = re.sub(r"\[[^\]]*\]", "", address).split(".")
    while parts[0] == "module":
        module = module["module_calls"][parts[1]]["module"]
        parts = parts[2:]
    for item in module["resources"]:
        if item["address"] == ".".join(parts):
            node = item["expressions"]
            for key in place:
                try:
                    below = node[key]
                except (KeyError, IndexError, TypeError):
                    break
                if isinstance(below, dict) and below.keys() & {"references", "constant_value"}:
                    node[key] = {"references": ["random_id.x.hex", "random_id.x"]}
                    break
                node = below


def is_block(value: Any) -> bool:
    """Whether a value is a whole block, which is only unknown where a dynamic block writes it."""
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(item, dict) for item in value)
    )


@SLOW
@given(st.data())
def test_making_known_values_unknown_flips_no_verdict(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PLANS))
    before = original(path)
    document = json.loads(text(path))
    created = [
        item
        for item in document["resource_changes"]
        if item["mode"] == "managed" and item["change"]["actions"] == ["create"]
    ]
    for _ in range(data.draw(st.integers(1, 40))):
        item = data.draw(st.sampled_from(created))
        change = item["change"]
        candidates = places(change["after"])
        if candidates:
            place = data.draw(st.sampled_from(candidates))
            change["after_unknown"] = hide(change["after"], change["after_unknown"], place)
            forget(document, item["address"], place)
    result = judge(document)
    after = {(item.name, item.address): item.verdict for item in result.findings}
    gaps = [gap.scope for gap in result.gaps]
    flipped = {
        key: (before[key].value, after[key].value)
        for key in before.keys() & after.keys()
        if {before[key], after[key]} == {Verdict.PASS, Verdict.FAIL}
    }
    assert flipped == {}
    # A failure may become undetermined, also under the name of the whole block it stands in, or a
    # part that was not read; but it may not vanish.
    vanished = {
        (rule, address)
        for (rule, address), verdict in before.items()
        if verdict is Verdict.FAIL
        and not any(
            name == rule and address.startswith(other.removesuffix("[0]")) for name, other in after
        )
        and not any(address.startswith(gap) for gap in gaps)
    }
    assert vanished == set()


@SLOW
@given(st.data())
def test_order_of_the_input_changes_nothing(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PLANS))
    document = json.loads(text(path))
    random = Random(data.draw(st.integers(0, 10**6)))

    def shuffle(node: Any) -> Any:
        if isinstance(node, dict):
            keys = list(node)
            random.shuffle(keys)
            return {key: shuffle(node[key]) for key in keys}
        if isinstance(node, list) and node and isinstance(node[0], dict) and "address" in node[0]:
            items = [shuffle(item) for item in node]
            random.shuffle(items)
            return items
        return [shuffle(item) for item in node] if isinstance(node, list) else node

    assert verdicts(shuffle(document)) == original(path)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}")
def test_same_input_gives_the_same_bytes(path: Path) -> None:
    import reports

    written = []
    for _ in range(2):
        result = scan([read("plan.json", path.read_bytes())], RULES)
        written.append(
            [
                b"".join(reports.renderer(form).render(result, reports.Options()))
                for form in ("html", "junit", "json")
            ]
        )
    assert written[0] == written[1]
