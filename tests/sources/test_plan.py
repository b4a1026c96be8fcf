"""Which records a plan gives, and what stands in their bodies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.record import MISSING, Change, Deletion, Inventory
from scanner.sources.terraform import read
from scanner.value import Unknown

Json = dict[str, Any]


def entry(address: str, *actions: str, **more: Any) -> Json:
    kind, _, name = address.removeprefix("data.").partition(".")
    change = {"actions": list(actions), "after": more.pop("after", {}), "after_unknown": {}}
    change |= more.pop("change", {})
    mode = "data" if address.startswith("data.") else "managed"
    return {"address": address, "type": kind, "name": name, "mode": mode, "change": change, **more}


def plan(*entries: Json, **more: Any) -> Inventory:
    document = {"format_version": "1.2", "resource_changes": entries, "configuration": {}, **more}
    return read("p", json.dumps(document).encode())


def test_the_world_after_apply_is_read() -> None:
    inventory = plan(
        entry("aws_vpc.create", "create"),
        entry("aws_vpc.update", "update"),
        entry("aws_vpc.same", "no-op"),
        entry("aws_vpc.replace", "delete", "create"),
        entry("aws_vpc.before", "create", "delete"),
        entry("aws_vpc.gone", "delete", after=None),
        entry("aws_vpc.left", "forget", after=None),
        entry("data.aws_vpc.later", "read"),
        entry("aws_vpc.same", "delete", deposed="1234", after=None),
    )
    assert {record.address: record.change for record in inventory.records} == {
        "aws_vpc.create": Change.CREATE,
        "aws_vpc.update": Change.UPDATE,
        "aws_vpc.same": Change.NONE,
        "aws_vpc.replace": Change.REPLACE,
        "aws_vpc.before": Change.REPLACE,
        "data.aws_vpc.later": Change.READ,
    }
    assert inventory.deletions == (
        Deletion("aws_vpc", "aws_vpc.gone", "delete"),
        Deletion("aws_vpc", "aws_vpc.left", "forget"),
        Deletion("aws_vpc", "aws_vpc.same (deposed)", "delete"),
    )
    assert [record.managed for record in inventory.records].count(False) == 1


def test_data_sources_and_untargeted_resources_are_read_from_the_states() -> None:
    def state(*resources: Json) -> Json:
        return {"root_module": {"child_modules": [{"address": "module.a", "resources": resources}]}}

    data = {
        "address": "module.a.data.aws_vpc.x",
        "mode": "data",
        "type": "aws_vpc",
        "name": "x",
        "values": {"id": "vpc-12345678"},
    }
    kept = {
        "address": "module.a.aws_vpc.y",
        "mode": "managed",
        "type": "aws_vpc",
        "name": "y",
        "values": {"id": "vpc-87654321"},
    }
    inventory = plan(
        entry("aws_vpc.z", "create"),
        prior_state={"values": state(data, kept)},
        planned_values=state(kept),
    )
    assert [record.address for record in inventory.records] == [
        "aws_vpc.z",
        "module.a.data.aws_vpc.x",
        "module.a.aws_vpc.y",
    ]
    assert inventory.records[1].block.read("id") == "vpc-12345678"


def test_unknown_values_stand_in_their_places() -> None:
    after = {"known": 1, "list": ["a", None], "block": [{"x": 1}], "null": None}
    unknown = {
        "all": True,
        "list": [False, True],
        "block": [{"y": True}, {"z": True}],
        "no": False,
        "new": [{"deep": {"er": True}}],
        "set": [True],
    }
    record = plan(entry("a.b", "create", after=after, change={"after_unknown": unknown})).records[0]
    later = Unknown("known after apply")
    assert record.body.attributes == {
        "known": 1,
        "list": ["a", later],
        "null": None,
        "all": later,
        "set": [later],
        "block": [{"x": 1, "y": later}, {"z": later}],
        "new": [{"deep": {"er": later}}],
    }
    assert record.block.read("absent") is MISSING


@pytest.mark.parametrize(
    "change",
    [
        {"after": "text"},
        {"after": [1]},
        {"after_unknown": "text"},
        {"after_unknown": [True]},
        {"after": {"a": 1}, "after_unknown": {"a": {"b": True}}},
    ],
)
def test_damage_is_unknown_and_not_absent(change: Json) -> None:
    record = plan(entry("aws_vpc.x", "create", change=change)).records[0]
    found = record.block.read("a" if change.get("after_unknown") == {"a": {"b": True}} else "any")
    assert isinstance(found, Unknown) and "damaged in the plan" in found.reason


def test_old_plans_list_references_without_their_attributes() -> None:
    configuration = {
        "root_module": {
            "resources": [
                {"mode": "managed", "type": "aws_vpc", "name": "v"},
                {
                    "mode": "managed",
                    "type": "aws_subnet",
                    "name": "s",
                    "provider_config_key": "m:aws",
                    "expressions": {"vpc_id": {"references": ["aws_vpc.v"]}},
                },
            ]
        }
    }
    inventory = plan(
        entry("aws_vpc.v", "create", change={"after_unknown": {"id": True}}),
        entry("aws_subnet.s", "create", change={"after_unknown": {"vpc_id": True}}),
        format_version="0.1",
        configuration=configuration,
    )
    assert inventory.records[1].block.links("vpc_id").targets == ("aws_vpc.v",)
    assert inventory.warnings == ()


def test_a_region_of_the_resource_itself_wins() -> None:
    provider = {
        "aws": {
            "name": "aws",
            "expressions": {
                "region": {"references": ["var.region"]},
                "allowed_account_ids": {"constant_value": ["111122223333"]},
            },
        }
    }
    resources = [
        {"mode": "managed", "type": "aws_vpc", "name": name, "provider_config_key": "aws"}
        for name in ("a", "b")
    ]
    inventory = plan(
        entry("aws_vpc.a", "create", after={"region": "eu-west-3"}),
        entry("aws_vpc.b", "create"),
        configuration={"provider_config": provider, "root_module": {"resources": resources}},
        variables={"region": {"value": "us-east-2"}},
    )
    assert [(record.location.account, record.location.region) for record in inventory.records] == [
        ("111122223333", "eu-west-3"),
        ("111122223333", "us-east-2"),
    ]


def test_a_local_that_can_only_choose_does_not_make_a_reference_unknown() -> None:
    def inventory(*more: Json) -> Inventory:
        resources = [
            {"mode": "managed", "type": item["type"], "name": item["name"]} for item in more
        ]
        resources.append(
            {
                "mode": "managed",
                "type": "aws_route",
                "name": "r",
                "expressions": {
                    "nat_gateway_id": {
                        "references": [
                            "local.on",
                            "aws_nat_gateway.a.id",
                            "aws_nat_gateway.a",
                        ]
                    },
                    "vpc_endpoint_id": {"references": ["local.on"]},
                },
            }
        )
        route = {"nat_gateway_id": True, "vpc_endpoint_id": True}
        return plan(
            entry("aws_route.r", "create", change={"after_unknown": route}),
            *more,
            configuration={"root_module": {"resources": resources}},
        )

    def links(found: Inventory) -> Any:
        return found.records[0].block.links("nat_gateway_id", frozenset({"aws_nat_gateway"}))

    one = entry("aws_nat_gateway.a", "create")
    alone = links(inventory(one))
    assert alone.certain and alone.targets == ("aws_nat_gateway.a",)
    both = links(inventory(one, entry("aws_nat_gateway.b", "create")))
    assert not both.targets and "local.on" in both.unknown[0]
    endpoint = inventory(one).records[0].block.links("vpc_endpoint_id", frozenset({"aws_x"}))
    assert endpoint.unknown and not endpoint.targets
