"""The HCL source adds what a plan does not show, and never contradicts the plan."""

from __future__ import annotations

import gc
import json
import random
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scanner.errors import SourceError
from scanner.record import Inventory, Links, Record
from scanner.sources.terraform import open_input, read
from scanner.sources.terraform.hcl import HclError, parse
from scanner.sources.terraform.written import Expression, narrowed
from scanner.value import Unknown
from tests.sources.test_mutations import mutate, use

FIXTURES = Path(__file__).parents[2] / "fixtures"
LOCALS = FIXTURES / "terraform/locals"
ZONES = sorted(path.parent for path in FIXTURES.glob("landing_zones/*/*/plan.json"))
CANARY = "canary-in-a-local"


@cache
def records(source: bool) -> dict[str, Record]:
    found = open_input(str(LOCALS / "plan.json"), LOCALS if source else None)
    assert found.warnings == ()
    return {record.address: record for record in found.records}


def links(address: str, path: str, *types: str) -> Links:
    return records(True)[address].block.links(path, frozenset(types))


def copied(folder: Path) -> Path:
    target = folder / "copy"
    shutil.copytree(LOCALS, target)
    return target


def reasons(source: Path, address: str, path: str) -> tuple[str, ...]:
    found = open_input(str(source / "plan.json"), source).records
    return next(item for item in found if item.address == address).block.links(path).unknown


@pytest.mark.parametrize(
    ("address", "path", "expected"),
    [
        ("aws_route_table.odd", "vpc_id", ["aws_vpc.main"]),
        ("aws_route_table.even", "vpc_id", ["aws_vpc.main"]),
        ("aws_cloudwatch_log_group.main", "kms_key_id", ["aws_kms_key.logs"]),
        ("aws_db_instance.main", "kms_key_id", ["aws_kms_key.data"]),
        ('aws_route_table_association.main["a"]', "route_table_id", ["aws_route_table.odd"]),
        ('aws_route_table_association.main["b"]', "route_table_id", ["aws_route_table.even"]),
        ('aws_route_table_association.main["b"]', "subnet_id", ['aws_subnet.main["b"]']),
        ("aws_route_table_association.chosen", "subnet_id", ['aws_subnet.main["a"]']),
        ("aws_instance.main", "subnet_id", ['aws_subnet.main["b"]']),
        (
            "aws_instance.main",
            "vpc_security_group_ids",
            ["aws_security_group.one", "aws_security_group.two"],
        ),
        ("module.net.aws_security_group.app", "vpc_id", ["aws_vpc.main"]),
        ("module.store.aws_ebs_volume.main", "kms_key_id", ["aws_kms_key.data"]),
        ("module.store.aws_cloudwatch_log_group.main", "kms_key_id", ["aws_kms_key.logs"]),
        ("module.store.aws_security_group.main", "vpc_id", ["aws_vpc.main"]),
        (
            "module.store.aws_network_interface.main",
            "security_groups",
            ["aws_security_group.two", "module.net.aws_security_group.app"],
        ),
    ],
)
def test_locals_and_objects_are_followed(address: str, path: str, expected: list[str]) -> None:
    found = links(address, path)
    assert (sorted(found.targets), found.certain) == (expected, True)
    without = records(False)[address].block.links(path)
    assert without.unknown and "give --source" in without.unknown[0]


def test_conditions_and_functions_stay_open() -> None:
    chosen = links("aws_route_table_association.chosen", "route_table_id")
    assert chosen.one_of == (("aws_route_table.even", "aws_route_table.odd"),)
    joined = links("aws_ebs_volume.joined", "kms_key_id")
    assert joined.one_of == (("aws_kms_key.data", "aws_kms_key.logs"),)


def test_a_region_may_be_a_local() -> None:
    assert records(True)["aws_vpc.main"].location.region == "eu-west-3"
    # Without it, the resource's own region is what AWS provider 6 shows.
    bare = json.loads((LOCALS / "plan.json").read_bytes())
    for change in bare["resource_changes"]:
        change["change"]["after"].pop("region", None)
    data = json.dumps(bare).encode()
    assert {item.location.region for item in read("p", data, LOCALS).records} == {"eu-west-3"}
    assert {item.location.region for item in read("p", data).records} == {""}


def test_a_literal_in_a_local_is_a_literal_in_code() -> None:
    (secret,) = records(True)["aws_db_instance.main"].body.secrets
    assert secret.plain is True
    (unknown,) = records(False)["aws_db_instance.main"].body.secrets
    assert unknown.plain is None


def test_a_literal_that_was_found_to_be_a_secret_is_dropped() -> None:
    found = open_input(str(LOCALS / "plan.json"), LOCALS)
    for record in found.records:
        assert CANARY not in repr((record.body, record.block.links("password")))
    assert CANARY not in reachable(found)


def test_literals_that_look_secret_are_never_kept() -> None:
    text = (
        'locals {\n  db = { password = "hunter2-canary" }\n  api_token = "canary-abcdef"\n'
        '  url = "postgres://app:canary@db/app"\n  region = "eu-west-1"\n'
        "  long = <<-EOT\n    canary ${aws_vpc.x.id}\n  EOT\n}\n"
        'resource "aws_instance" "x" {\n  user_data = "canary"\n}\n'
    )
    found = parse(text)
    (body,) = found.blocks["locals",]
    assert body.arguments["region"].value == "eu-west-1"
    assert body.arguments["long"].references == ["aws_vpc.x.id", "aws_vpc.x"]
    assert "canary" not in reachable(found)


def test_dynamic_blocks_are_told_from_blocks_left_out() -> None:
    hidden, left = "module.store.aws_instance.hidden", "module.store.aws_instance.left_out"
    with_source = [records(True)[name].block for name in (hidden, left)]
    assert [item.leaves_out("metadata_options") for item in with_source] == [False, True]
    assert [item.shows_nothing("metadata_options") for item in with_source] == [False, True]
    without = [records(False)[name].block for name in (hidden, left)]
    assert [item.shows_nothing("metadata_options") for item in without] == [True, True]
    group = records(True)["aws_security_group.two"].block
    assert group.leaves_out("ingress") and group.leaves_out("egress")
    assert not records(True)["aws_security_group.one"].block.leaves_out("ingress")


# What the source lacks


def test_a_local_that_is_not_there_says_so(tmp_path: Path) -> None:
    source = copied(tmp_path)
    module = source / "modules/net/main.tf"
    module.write_text(module.read_text().replace("vpc_id = var.vpc_id", "other = var.vpc_id"))
    found = reasons(source, "module.net.aws_security_group.app", "vpc_id")
    assert found == ("local.vpc_id is not in the source given (modules/net)",)
    shutil.rmtree(source / "modules/net")
    found = reasons(source, "module.net.aws_security_group.app", "vpc_id")
    assert found == ("local.vpc_id: modules/net is not in the source given",)


@pytest.mark.parametrize(
    "damage", [b'locals {\n  a = "canary\n', b"\xff\xfe\x00", b"locals { x = [" + b"(" * 50_000]
)
def test_a_file_that_cannot_be_read_is_named_and_not_quoted(tmp_path: Path, damage: bytes) -> None:
    source = copied(tmp_path)
    (source / "modules/net/main.tf").write_bytes(damage)
    (found,) = reasons(source, "module.net.aws_security_group.app", "vpc_id")
    assert found.startswith("local.vpc_id may be in modules/net/main.tf, which cannot be read")
    assert "canary" not in found


def test_errors_of_the_parser_hold_no_text() -> None:
    with pytest.raises(HclError) as caught:
        parse('locals {\n  a = "x" "canary"\n}\n')
    assert caught.value.line == 2 and "canary" not in repr(caught.value)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


def test_a_folder_without_source_is_an_error_with_advice(tmp_path: Path) -> None:
    plan = str(LOCALS / "plan.json")
    for folder, words in (
        (tmp_path / "absent", "does not exist"),
        (tmp_path, "holds no .tf files"),
        (LOCALS / "main.tf", "is not a folder"),
    ):
        with pytest.raises(SourceError, match=words) as caught:
            open_input(plan, folder)
        assert "terraform plan" in caught.value.advice


def test_modules_that_init_installed_are_found(tmp_path: Path) -> None:
    source = copied(tmp_path)
    installed = source / ".terraform/modules"
    installed.mkdir(parents=True)
    shutil.move(source / "modules/net", installed / "net")
    document = json.loads((source / "plan.json").read_bytes())
    calls = document["configuration"]["root_module"]["module_calls"]
    calls["net"]["source"] = "example.com/team/net/aws"
    data = json.dumps(document).encode()

    def answer() -> Links:
        found = {item.address: item for item in read("p", data, source).records}
        return found["module.net.aws_security_group.app"].block.links("vpc_id")

    assert answer().unknown == ("local.vpc_id: module net is not in the source given",)
    manifest = {"Modules": [{"Key": "net", "Dir": ".terraform/modules/net"}, {"Key": 1}, "x"]}
    (installed / "modules.json").write_text(json.dumps(manifest))
    assert answer().targets == ("aws_vpc.main",)


def test_another_version_of_the_source_is_warned_of(tmp_path: Path) -> None:
    source = copied(tmp_path)
    (source / "more.tf").write_text('resource "aws_vpc" "more" {\n}\n')
    (warning,) = open_input(str(source / "plan.json"), source).warnings
    assert "aws_vpc.more" in warning and "the plan counts" in warning


def test_an_argument_that_disagrees_with_the_plan_is_not_used(tmp_path: Path) -> None:
    source = copied(tmp_path)
    main = source / "main.tf"
    main.write_text(main.read_text().replace("key = local.keys.data", "key = aws_kms_key.logs.arn"))
    found = {item.address: item for item in open_input(str(source / "plan.json"), source).records}
    answer = found["module.store.aws_ebs_volume.main"].block.links("kms_key_id")
    assert "aws_kms_key.data" in set(answer.candidates())


def test_without_a_source_hcl_is_not_imported() -> None:
    code = (
        "import sys; from scanner.sources.terraform import open_input\n"
        "found = open_input(sys.argv[1])\n"
        "[item.block.links(key) for item in found.records for key in item.body.attributes]\n"
        "print('hcl2' in sys.modules, 'lark' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(LOCALS / "plan.json")],
        capture_output=True,
        text=True,
        check=True,
        cwd=FIXTURES.parent,
    )
    assert done.stdout.split() == ["False", "False"]


def test_damaged_plans_and_sources_never_raise_anything_else(tmp_path: Path) -> None:
    source = copied(tmp_path)
    good = (LOCALS / "plan.json").read_bytes()
    for seed in range(60):
        chance = random.Random(seed)
        document = json.loads(good)
        mutate(document, chance)
        for file in ("main.tf", "modules/net/main.tf", "modules/store/main.tf"):
            text = (LOCALS / file).read_text()
            start = chance.randrange(len(text))
            cut = text[:start] + chance.choice(["", "}", '"', "${", "[1]", "local."])
            (source / file).write_text(cut + text[start + chance.randrange(9) :])
        for data in (good, json.dumps(document).encode()):
            try:
                use(read("p", data, source))
            except SourceError as error:
                assert "canary" not in str(error)


# Expressions


def local(text: str) -> Expression:
    return parse(f"locals {{\n  x = {text}\n}}\n").blocks["locals",][0].arguments["x"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a_b.c["k"].id', ['a_b.c["k"].id', 'a_b.c["k"]', "a_b.c"]),
        ("[a_b.c[0].id, a_b.c]", ["a_b.c[0].id", "a_b.c[0]", "a_b.c", "a_b.c"]),
        ("{ for k, v in a_b.c : k => v.id if v.x != local.y }", ["a_b.c", "local.y"]),
        ("[for v in a_b.c : v.id]", ["a_b.c"]),
        ('"${a_b.c}-${upper(a_b.d)}"', ["a_b.c", "a_b.d"]),
        ("a_b.c[each.key].id", ["a_b.c", "each.key"]),
        ("a_b.c[*].id", ["a_b.c"]),
        ("(a_b.c).id", ["a_b.c"]),
        ("f(1, a_b.c...)", ["a_b.c"]),
        ("!a_b.c && a_b.d == 1 ? a_b.e : null", ["a_b.c", "a_b.d", "a_b.e"]),
        ("data.a_b.c.id", ["data.a_b.c.id", "data.a_b.c"]),
        ("{ (var.k) = a_b.c }", ["var.k", "a_b.c"]),
    ],
)
def test_references_are_listed_as_in_a_plan(text: str, expected: list[str]) -> None:
    assert local(text).references == expected


@pytest.mark.parametrize(
    ("text", "rest", "expected"),
    [
        ("{ a = { b = a_b.c } }", (("a",), "b"), ["a_b.c"]),
        ("a_b.c", (("k",), "id"), ['a_b.c["k"].id', 'a_b.c["k"]', "a_b.c"]),
        ("[a_b.c, a_b.d]", (1,), ["a_b.d"]),
        ("var.x ? { a = a_b.c } : {}", ("a",), ["a_b.c"]),
        ("var.x ? { a = a_b.c } : { a = a_b.d }", ("a",), ["a_b.c", "a_b.d"]),
        ("{ for k, v in a_b.c : k => { i = v.id } }", (("k",), "i"), ['a_b.c["k"].id']),
        ("{ for k, v in a_b.c : k => [v.id, k] }", (("k",), 0), ['a_b.c["k"].id']),
        ("{ a = a_b.c }", ("b",), None),
        ("{ for k, v in a_b.c : v.name => v.id }", (("k",),), None),
        ("{ for k, v in a_b.c : k => f(v) }", (("k",),), None),
        ("{ for k, v in a_b.c : k => v.id... }", (("k",),), None),
        ("merge({ a = a_b.c }, { a = a_b.d })", ("a",), None),
        ("[for v in a_b.c : v.id]", (0,), None),
    ],
)
def test_structures_are_gone_into(text: str, rest: Any, expected: list[str] | None) -> None:
    found = narrowed(local(text), rest)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert found.references[: len(expected)] == expected


# Laws, on the landing zones


@cache
def both(zone: Path) -> tuple[Inventory, Inventory]:
    plan = str(zone / "plan.json")
    return open_input(plan), open_input(plan, zone)


def pairs(zone: Path) -> list[tuple[str, Links, Links]]:
    alone, sourced = both(zone)
    found = []
    for record, other in zip(alone.records, sourced.records, strict=True):
        assert record.address == other.address
        paths = [
            path
            for key, value in record.body.attributes.items()
            for path in (key, *_inside(key, value))
        ]
        for path in paths:
            place = f"{record.address}.{path}"
            found.append((place, record.block.links(path), other.block.links(path)))
    return found


def _inside(key: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return []
    return [f"{key}[].{name}" for name in value[0]]


@pytest.mark.parametrize("zone", ZONES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_no_local_value_of_a_landing_zone_stays_unknown(zone: Path) -> None:
    for place, _, found in pairs(zone):
        assert not any("local." in reason for reason in found.unknown), place
    assert both(zone)[1].warnings == both(zone)[0].warnings


@pytest.mark.parametrize("zone", ZONES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_source_never_changes_what_is_certain(zone: Path) -> None:
    for place, alone, found in pairs(zone):
        assert set(alone.targets) <= set(found.targets), place
        assert set(found.outside) <= set(alone.outside), place
        if alone.certain:
            assert found.certain and found.targets == alone.targets, place
        if not alone.unknown:
            assert not found.unknown and set(found.candidates()) <= set(alone.candidates()), place


@pytest.mark.parametrize("bottom", ["aws_vpc.main.id", "local.l0"])
def test_locals_that_multiply_or_go_in_a_circle_end(tmp_path: Path, bottom: str) -> None:
    source = copied(tmp_path)
    lines = [f"  l{n} = try(local.l{n + 1}, local.l{n + 1})" for n in range(30)]
    text = "\n".join(["locals {", *lines, f"  l30 = {bottom}", "}"])
    (source / "many.tf").write_text(text)
    main = source / "main.tf"
    main.write_text(main.read_text().replace("= local.the_vpc.id", "= local.l0"))
    found = {item.address: item for item in open_input(str(source / "plan.json"), source).records}
    answer = found["aws_security_group.two"].block.links("vpc_id")
    if bottom == "local.l0":
        assert answer.unknown and not answer.targets
    else:
        assert answer.targets == ("aws_vpc.main",)


def reachable(start: Any) -> str:
    """Every text that something refers to, but for modules and classes."""
    pending: list[Any] = [start]
    texts: list[str] = []
    visited: set[int] = set()
    while pending:
        item = pending.pop()
        if id(item) in visited or isinstance(item, (type, type(sys), type(reachable))):
            continue
        visited.add(id(item))
        if isinstance(item, str):
            texts.append(item)
        else:
            pending.extend(gc.get_referents(item))
    return " ".join(texts)


def test_source_tells_what_follows_an_identifier() -> None:
    zone = (
        Path(__file__).parents[2] / "fixtures" / "landing_zones" / "micro_lender_aws" / "compliant"
    )
    for source, expected in ((None, ()), (zone, ("", "/*"))):
        inventory = open_input(str(zone / "plan.json"), source=source)
        (record,) = (
            item
            for item in inventory.records
            if item.address == "data.aws_iam_policy_document.dumps"
        )
        blocks = record.block.blocks("statement")
        assert not isinstance(blocks, Unknown)
        assert blocks[0].endings("resources") == expected
