"""References are resolved instance by instance, and never to something else."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.record import Links, Record
from scanner.sources.terraform import open_input, read

FIXTURES = Path(__file__).parents[2] / "fixtures/terraform"
SUBNETS = 'module.network["{}"].module.subnets.aws_subnet.private["{}"]'

Json = dict[str, Any]


def records(name: str) -> dict[str, Record]:
    return {record.address: record for record in open_input(str(FIXTURES / name)).records}


PLAN = records("references/plan.json")
OCI = records("oci/plan.json")


def links(address: str, path: str, *types: str, plan: dict[str, Record] = PLAN) -> Links:
    return plan[address].block.links(path, frozenset(types))


CERTAIN = [
    ('aws_route_table_association.each["x"]', "subnet_id", ['aws_subnet.each["x"]']),
    ('aws_route_table_association.key["y"]', "subnet_id", ['aws_subnet.each["y"]']),
    ("aws_route_table_association.count[1]", "route_table_id", ["aws_route_table.count[1]"]),
    ("aws_nat_gateway.main[0]", "subnet_id", ["aws_subnet.count[0]"]),
    ("aws_db_subnet_group.for", "subnet_ids", ['aws_subnet.each["x"]', 'aws_subnet.each["y"]']),
    (
        "aws_db_subnet_group.whole",
        "subnet_ids",
        [SUBNETS.format("dev", "a"), SUBNETS.format("dev", "b")],
    ),
    (
        "aws_lambda_function.main",
        "vpc_config.security_group_ids",
        ["module.service.aws_security_group.main"],
    ),
    ("module.service.aws_security_group.main", "vpc_id", ['module.network["prod"].aws_vpc.main']),
    ("module.service.aws_network_interface.listed", "subnet_id", [SUBNETS.format("prod", "a")]),
    (SUBNETS.format("prod", "b"), "vpc_id", ['module.network["prod"].aws_vpc.main']),
    ("module.plain[1].aws_lb.main", "subnets", ["aws_subnet.count[1]"]),
    ("aws_subnet.literal", "vpc_id", ["data.aws_vpc.existing"]),
    ("aws_s3_bucket_versioning.prefix", "bucket", ["aws_s3_bucket.prefix"]),
    ("aws_instance.main", "ami", ["data.aws_ami.later"]),
]


@pytest.mark.parametrize(("address", "path", "expected"), CERTAIN)
def test_references_are_certain(address: str, path: str, expected: list[str]) -> None:
    found = links(address, path)
    assert (sorted(found.targets), found.certain) == (sorted(expected), True)


def test_names_need_a_type() -> None:
    assert links("aws_db_instance.plain", "db_subnet_group_name").outside == ("splat",)
    typed = links("aws_db_instance.plain", "db_subnet_group_name", "aws_db_subnet_group")
    assert typed.targets == ("aws_db_subnet_group.splat",)


def test_a_conditional_gives_one_of_both() -> None:
    assert links("aws_subnet.conditional", "vpc_id").one_of == (("aws_vpc.main", "aws_vpc.other"),)
    inside = links("aws_db_instance.plain", "vpc_security_group_ids")
    assert inside.one_of == (("aws_security_group.bastion", "aws_security_group.main"),)


def test_locals_and_dynamic_blocks_are_unknown_with_a_reason() -> None:
    assert "local.the_vpc" in links('aws_subnet.each["x"]', "vpc_id", "aws_vpc").unknown[0]
    mixed = links("aws_security_group.main", "ingress[].security_groups", "aws_security_group")
    assert not mixed.targets and "dynamic block" in mixed.unknown[0]
    alone = links("aws_security_group.balancer", "ingress[].security_groups")
    assert not alone.targets and "dynamic block" in alone.unknown[0]


def test_routes_written_as_an_attribute_are_told_apart_by_type() -> None:
    blocks = PLAN["aws_route_table.count[1]"].block.blocks("route")
    assert isinstance(blocks, tuple)
    found = {
        address
        for block in blocks
        for path, type in (
            ("gateway_id", "aws_internet_gateway"),
            ("nat_gateway_id", "aws_nat_gateway"),
        )
        for address in block.links(path, frozenset((type,))).targets
    }
    assert found == {"aws_internet_gateway.main", "aws_nat_gateway.main[1]"}


def test_blocks_of_a_set_are_told_apart_by_their_constants() -> None:
    table = "module.network.oci_core_route_table.main"
    blocks = OCI[table].block.blocks("route_rules")
    assert isinstance(blocks, tuple)
    found = {
        block.read("destination"): block.links("network_entity_id").targets for block in blocks
    }
    assert found == {
        "0.0.0.0/0": ("module.network.oci_core_internet_gateway.main",),
        "10.9.0.0/16": ("module.network.oci_core_nat_gateway.main",),
    }


def test_an_output_map_is_read_by_key() -> None:
    app = links('oci_core_instance.app["a"]', "create_vnic_details.subnet_id", plan=OCI)
    assert app.targets == ('module.network.oci_core_subnet.main["a"]',)
    data = links("oci_database_db_system.main", "subnet_id", plan=OCI)
    assert data.targets == ('module.network.oci_core_subnet.main["b"]',)


@pytest.mark.parametrize("name", ["references/state.json", "references/terraform.tfstate"])
def test_a_state_gives_the_same_targets_by_literal(name: str) -> None:
    state = records(name)
    assert state.keys() == PLAN.keys()
    for address, path, expected in CERTAIN:
        kind = expected[0].rpartition(".")[0].rpartition(".")[2]
        found = links(address, path, kind.removeprefix("data."), plan=state)
        if found.targets:
            assert sorted(found.targets) == sorted(expected), (address, path)


def test_locations_come_from_the_provider_that_applies() -> None:
    places = {key: (PLAN[key].location.account, PLAN[key].location.region) for key in PLAN}
    assert places["aws_vpc.main"] == ("123456789012", "eu-west-1")
    assert places["module.service.aws_lb.main"] == ("123456789012", "us-west-2")
    assert places["module.plain[0].aws_lb.main"] == ("123456789012", "eu-west-1")
    location = OCI["module.network.oci_core_vcn.main"].location
    assert (location.account, location.region) == (
        "ocid1.tenancy.oc1..aaaaexample",
        "eu-frankfurt-1",
    )


def test_what_is_left_out_is_known_to_be() -> None:
    block = PLAN["aws_db_instance.plain"].block
    assert block.leaves_out("kms_key_id") and block.leaves_out("storage_encrypted")
    assert not PLAN["aws_db_instance.main"].block.leaves_out("kms_key_id")
    assert not PLAN["aws_security_group.bastion"].block.leaves_out("ingress")


# Laws


def change(
    address: str, type: str, after: Json, unknown: Json, module: str = "", index: Any = None
) -> Json:
    entry: Json = {
        "address": address,
        "type": type,
        "mode": "managed",
        "name": "x",
        "change": {"actions": ["create"], "after": after, "after_unknown": unknown},
    }
    if module:
        entry["module_address"] = module
    if index is not None:
        entry["index"] = index
    return entry


def refs(*texts: str) -> Json:
    return {"references": list(texts)}


def plan_of(keys: list[Any], depth: int, edges: list[int]) -> bytes:
    """Subnets in a module tower below, instances above that each refer to one of them."""
    style = "each.key" if keys and isinstance(keys[0], str) else "count.index"
    tower = ".".join(["module.m"] * depth)
    prefix = f"{tower}." if tower else ""
    bracket = [json.dumps(key) for key in keys]
    changes = [
        change(f"{prefix}aws_subnet.x[{text}]", "aws_subnet", {}, {"id": True}, tower, key)
        for key, text in zip(keys, bracket, strict=True)
    ]
    source = "module.m.ids" if depth else "aws_subnet.x"
    listed = [source, "module.m"] if depth else [source]
    changes += [
        change(f"aws_instance.x[{text}]", "aws_instance", {}, {"subnet_id": True}, "", key)
        for key, text in zip(keys, bracket, strict=True)
    ]
    repeats = {"count_expression" if style == "count.index" else "for_each_expression": refs("v.v")}
    resources: list[Json] = [
        {
            "mode": "managed",
            "type": "aws_instance",
            "name": "x",
            **repeats,
            "expressions": {"subnet_id": refs(*listed, style)},
        },
    ]
    for number, edge in enumerate(edges):
        text = bracket[edge % len(keys)]
        one = [f"{source}[{text}].id", *listed] if not depth else [f"{source}[{text}]", *listed]
        if not depth:
            one.insert(1, f"{source}[{text}]")
        changes.append(
            {
                **change(f"aws_instance.e{number}", "aws_instance", {}, {"subnet_id": True}),
                "name": f"e{number}",
            }
        )
        resources.append(
            {
                "mode": "managed",
                "type": "aws_instance",
                "name": f"e{number}",
                "expressions": {"subnet_id": refs(*one)},
            }
        )
    subnet: Json = {"mode": "managed", "type": "aws_subnet", "name": "x", **repeats}
    module: Json = {"resources": [subnet]}
    for level in range(depth):
        inner = refs("aws_subnet.x") if level == 0 else refs("module.m.ids", "module.m")
        module["outputs"] = {"ids": {"expression": inner}}
        module = {"module_calls": {"m": {"module": module}}}
    module["resources"] = [*module.get("resources", []), *resources]
    return json.dumps(
        {
            "format_version": "1.2",
            "resource_changes": changes,
            "planned_values": {},
            "configuration": {"root_module": module},
        }
    ).encode()


def shape(data: bytes, keys: list[Any]) -> dict[str, Any]:
    """Give the targets with modules and keys written away."""
    places = {json.dumps(key): str(number) for number, key in enumerate(keys)}
    found = {}
    for record in read("p", data).records:
        if record.type == "aws_instance":
            answer = record.block.links("subnet_id", frozenset({"aws_subnet"}))
            assert answer.certain, answer
            name = record.address.replace("module.m.", "")
            for text, place in places.items():
                name = name.replace(f"[{text}]", f"<{place}>")
            found[name] = [
                places[target.rpartition("[")[2].removesuffix("]")] for target in answer.targets
            ]
    return found


names = st.lists(
    st.text(st.characters(codec="ascii", exclude_characters='[]"\\.$%<>'), min_size=1, max_size=5),
    min_size=1,
    max_size=5,
    unique=True,
)


@settings(max_examples=60, deadline=None)
@given(names, st.lists(st.integers(0, 9), max_size=4), st.integers(1, 4))
def test_modules_and_for_each_change_no_edge(keys: list[str], edges: list[int], depth: int) -> None:
    keys = sorted(keys)
    counted = list(range(len(keys)))
    flat = shape(plan_of(counted, 0, edges), counted)
    assert shape(plan_of(keys, 0, edges), keys) == flat
    assert shape(plan_of(keys, depth, edges), keys) == flat
    assert shape(plan_of(counted, depth, edges), counted) == flat


def all_links(data: bytes) -> dict[tuple[str, str], Links]:
    return {
        (record.address, key): record.block.links(key)
        for record in read("p", data).records
        for key in sorted(record.body.attributes)
        if key.endswith(("_id", "_ids", "bucket", "subnets", "role", "_groups", "_arn"))
    }


def answer(found: Links) -> tuple[Any, ...]:
    return found.targets, found.one_of, found.maybe, found.outside, found.unknown


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(chance: Any) -> None:
    document = json.loads((FIXTURES / "references/plan.json").read_bytes())
    before = {key: answer(item) for key, item in all_links(json.dumps(document).encode()).items()}
    chance.shuffle(document["resource_changes"])
    modules = [document["configuration"]["root_module"]]
    while modules:
        module = modules.pop()
        chance.shuffle(module.get("resources", []))
        calls = list(module.get("module_calls", {}).items())
        chance.shuffle(calls)
        module["module_calls"] = dict(calls)
        modules.extend(call["module"] for _, call in calls)
    after = {key: answer(item) for key, item in all_links(json.dumps(document).encode()).items()}
    assert after == before


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_forgetting_a_known_value_never_changes_targets(data: st.DataObject) -> None:
    document = json.loads((FIXTURES / "references/plan.json").read_bytes())
    before = all_links(json.dumps(document).encode())
    places = [
        (number, key)
        for number, entry in enumerate(document["resource_changes"])
        for key, value in entry["change"]["after"].items()
        if isinstance(value, (str, list)) and value
    ]
    changed = copy.deepcopy(document)
    for number, key in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=8)):
        entry = changed["resource_changes"][number]["change"]
        entry["after"].pop(key, None)
        entry["after_unknown"][key] = True
    after = all_links(json.dumps(changed).encode())
    for place, found in after.items():
        known = set(before[place].candidates()) if place in before else set()
        if place in before:
            if not before[place].is_empty:
                assert set(found.targets) <= known, place
                assert set(found.candidates()) <= known, place
            lost = set(before[place].targets) - set(found.targets)
            assert not lost or not found.certain, place
