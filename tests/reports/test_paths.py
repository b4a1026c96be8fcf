"""Paths in words and as data: byte by byte in the golden files, and valid by the schema.

To record: `python -m tests.reports.test_paths`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from pathlib import Path as File
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reports.answer import FORMATS, Asked, render
from reports.paths import headline, sent, steps, summary, way
from scanner.record import Source
from scanner.survey import Exposed
from scanner.truth import State
from tests.reports import ways

GOLDEN = File(__file__).parent / "golden"
ENDINGS = {"text": "txt", "json": "json", "svg": "svg"}
RECORDED = ("direct", "stopped", "open-question", "balanced")
EXPOSED = (
    Exposed("aws_instance.web", "instance", "balancer", State.TRUE, ("tcp 443",), "any",
            ("tcp 8443",), (ways.BALANCED,)),
    Exposed("aws_instance.old", "instance", "direct", State.UNKNOWN, ("tcp 22",), "some", (),
            (ways.OPEN_QUESTION,)),
)  # fmt: skip


def asked(name: str) -> Asked:
    path = ways.PATHS[name]
    exposures = EXPOSED if name == "balanced" else ()
    source = Source("plan.json", "terraform plan", "1.2", "1.11.4")
    return Asked(
        path.source, path.target, "tcp 443", path.state, (path,), exposures, 3 * bool(exposures),
        (source,),
    )  # fmt: skip


def made(name: str, form: str) -> bytes:
    return render(asked(name), form, ways.where)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", RECORDED)
def test_answers_are_written_as_recorded(name: str, form: str) -> None:
    assert made(name, form) == (GOLDEN / f"path-{name}.{ENDINGS[form]}").read_bytes()


@cache
def validator() -> Draft202012Validator:
    schema = json.loads(resources.files("reports").joinpath("schema/path-1.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", ways.PATHS)
def test_json_is_valid_by_the_schema_and_has_every_hop(name: str) -> None:
    data = made(name, "json").decode()
    assert all(char.isprintable() or char == "\n" for char in data)
    found = json.loads(data)
    validator().validate(found)
    assert len(found["paths"][0]["hops"]) == len(ways.PATHS[name].hops)


def test_both_schemas_say_the_same_of_paths() -> None:
    def part(name: str) -> Any:
        whole = json.loads(resources.files("reports").joinpath(f"schema/{name}").read_bytes())
        return {key: whole["$defs"][key] for key in ("path", "hop", "fact", "answer")}

    assert part("path-1.json") == part("scan-1.json")


@pytest.mark.parametrize("name", ways.PATHS)
def test_text_has_one_line_for_each_hop_and_commands_no_terminal(name: str) -> None:
    text = made(name, "text").decode()
    assert all(char.isprintable() or char == "\n" for char in text)
    numbers = re.findall(r"^[ x?] ([ \d]\d)  ", text, re.MULTILINE)
    assert list(map(int, numbers)) == list(range(1, len(ways.PATHS[name].hops) + 1))


def test_headlines_say_the_answer_and_what_decides_it() -> None:
    assert headline(ways.DIRECT) == (
        "from internet to aws_instance.web: yes, tcp 443 from any address"
    )
    assert headline(ways.STOPPED) == (
        "from internet to aws_instance.web: no, "
        "stopped by NET-ADDR, NET-IGW, NET-SG-IN, NET-PORT, NET-RET"
    )
    assert "undetermined (NET-ADDR, NET-SG-IN, NET-RET)" in headline(ways.OPEN_QUESTION)


def test_what_is_sent_is_not_what_a_balancer_sends_on() -> None:
    assert sent(ways.BALANCED) == "tcp 443 from any address"
    assert sent(ways.THROUGH_EDGE) == "tcp 443 from any address"
    assert ways.BALANCED.packets == "tcp 8443 from 10.20.0.0/24"
    assert sent(ways.PEERED) == "nothing"


def test_the_way_names_each_object_once_and_what_stops() -> None:
    assert way(ways.BALANCED) == (
        "internet -> aws_internet_gateway.main -> aws_security_group.web -> aws_lb.front -> "
        "aws_lb_listener.https -> aws_lb_target_group.web -> aws_security_group.web -> "
        "aws_route_table.public -> aws_security_group.more -> aws_instance.web"
    )
    assert "aws_vpc.main [x NET-IGW]" in summary(ways.STOPPED)
    assert summary(ways.STOPPED).startswith("no path: ")
    assert summary(ways.OPEN_QUESTION).startswith("perhaps a path: ")


def test_steps_count_the_hops_and_tell_facts_only_of_what_is_in_doubt() -> None:
    told = list(steps(ways.STOPPED))
    assert [item.number for item in told] == list(range(1, 8))
    assert told[1].facts == ("aws_instance.web.path: associate_public_ip_address: false",)
    assert not any(item.facts for item in steps(ways.DIRECT))


if __name__ == "__main__":
    for name in RECORDED:
        for form, ending in ENDINGS.items():
            (GOLDEN / f"path-{name}.{ending}").write_bytes(made(name, form))
