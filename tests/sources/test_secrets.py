"""A secret that stands anywhere in a plan does not get past the parser."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any

import pytest

from scanner.record import Record
from scanner.sources.terraform import open_input, read
from scanner.sources.terraform.plain_sight import look

FIXTURES = Path(__file__).parents[2] / "fixtures/terraform"
SENSITIVE = json.loads(
    (Path(__file__).parents[2] / "scanner/sources/terraform/sensitive.json").read_bytes()
)
CANARY = "canary-7f3a9c"
TEXTS: list[tuple[str, Any]] = [
    ("aws_instance", {"user_data": CANARY, "user_data_base64": CANARY}),
    ("aws_launch_template", {"user_data": CANARY}),
    ("aws_lambda_function", {"environment": [{"variables": {"A": CANARY, "PASSWORD": CANARY}}]}),
    (
        "aws_ecs_task_definition",
        {
            "container_definitions": json.dumps(
                [{"environment": [{"name": "DB_PASSWORD", "value": CANARY}]}]
            )
        },
    ),
    (
        "aws_codebuild_project",
        {
            "environment": [
                {"environment_variable": [{"name": "TOKEN", "value": CANARY, "type": "PLAINTEXT"}]}
            ]
        },
    ),
    ("oci_core_instance", {"metadata": {"user_data": CANARY, "other": CANARY}}),
    ("oci_functions_application", {"config": {"KEY": CANARY}}),
    ("aws_vpn_connection", {"tunnel1_preshared_key": CANARY}),
    ("aws_ssm_parameter", {"value": CANARY, "insecure_value": CANARY}),
    (
        "some_future_thing",
        {
            "admin_password": CANARY,
            "api_key": CANARY,
            "nested": [{"client_secret": CANARY, "list": [{"auth_token": CANARY}]}],
        },
    ),
]


def plan(entries: list[tuple[str, Any]], sensitive: Any = None) -> bytes:
    return json.dumps(
        {
            "format_version": "1.2",
            "resource_changes": [
                {
                    "address": f"{type}.x{number}",
                    "type": type,
                    "name": f"x{number}",
                    "mode": "managed",
                    "change": {
                        "actions": ["create"],
                        "after": after,
                        "after_unknown": {},
                        "after_sensitive": sensitive,
                    },
                }
                for number, (type, after) in enumerate(entries)
            ],
            "configuration": {"root_module": {}},
        }
    ).encode()


def by_schema() -> list[tuple[str, Any]]:
    entries = []
    for type, paths in SENSITIVE["types"].items():
        for path in paths:
            *blocks, name = path.split(".")
            after: Any = {name: CANARY}
            for block in reversed(blocks):
                after = {block: [after]}
            entries.append((type, after))
    return entries


def seen(record: Record) -> str:
    body = record.body
    links = [record.block.links(key) for key in body.attributes]
    return repr(
        (
            record,
            dict(body.attributes),
            body.secrets,
            [str(item) for item in links],
            [list(item.testify()) for item in links],
        )
    )


def reachable(record: Record) -> str:
    """Everything that the record's body refers to."""
    pending: list[Any] = [record.body]
    texts: list[str] = []
    visited: set[int] = set()
    while pending:
        item = pending.pop()
        if id(item) in visited or isinstance(item, type):
            continue
        visited.add(id(item))
        if isinstance(item, (str, bytes)):
            texts.append(str(item))
        else:
            pending.extend(gc.get_referents(item))
    return " ".join(texts)


@pytest.mark.parametrize("entries", [TEXTS, by_schema()], ids=["texts", "schema"])
def test_the_canary_is_dropped(entries: list[tuple[str, Any]]) -> None:
    inventory = read("p", plan(entries))
    assert len(inventory.records) == len(entries)
    for record in inventory.records:
        assert CANARY not in seen(record), record.address
        assert CANARY not in reachable(record), record.address
    assert CANARY not in repr(inventory)


@pytest.mark.parametrize("mark", [True, {"plain": True, "block": [{"inner": True}]}, [True], "x"])
def test_what_terraform_marks_is_dropped(mark: Any) -> None:
    after = {"plain": CANARY, "block": [{"inner": [CANARY]}], "none": None}
    record = read("p", plan([("aws_vpc", after)], mark)).records[0]
    assert CANARY not in seen(record)
    assert record.block.has("none") is False


def test_the_fixtures_keep_no_canary() -> None:
    for name in (
        "references/plan.json",
        "references/state.json",
        "references/terraform.tfstate",
        "oci/plan.json",
    ):
        for record in open_input(str(FIXTURES / name)).records:
            assert "canary" not in seen(record), record.address


def verdicts(name: str) -> dict[tuple[str, str], bool | None]:
    return {
        (record.address, secret.path): secret.plain
        for record in open_input(str(FIXTURES / name)).records
        for secret in record.body.secrets
    }


def test_where_a_password_comes_from_decides() -> None:
    found = verdicts("references/plan.json")
    assert found["aws_db_instance.main", "password"] is False
    assert found["aws_db_instance.plain", "password"] is True
    assert found["module.service.aws_db_instance.main", "password"] is True
    assert found["module.plain[0].aws_db_instance.main", "password"] is False
    assert found["aws_instance.main", "user_data"] is True
    assert found["aws_lambda_function.main", "environment[0].variables.DB_PASSWORD"] is True
    assert verdicts("references/state.json")["aws_db_instance.main", "password"] is None
    oci = verdicts("oci/plan.json")
    assert oci['oci_core_instance.app["a"]', "metadata.user_data"] is True
    assert oci["oci_database_db_system.main", "db_home[0].database[0].admin_password"] is False


@pytest.mark.parametrize(
    "text",
    [
        "key AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN RSA PRIVATE KEY-----",
        "export DB_PASSWORD=hunter2x",
        "postgres://app:hunter2x@db/app",
        "Authorization: Bearer abcdefghijklmnopqrstuvwxyz",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl",
        '{"password": "hunter2x"}',
    ],
)
def test_secrets_in_plain_sight_are_seen(text: str) -> None:
    assert look(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#!/bin/sh\nyum update -y",
        "password=${DB_PASSWORD}",
        "token=$TOKEN",
        "secret=arn:aws:x",
        "password={{ vault }}",
        "https://example.com:443/a@b",
        "passwd=$(aws ssm get-parameter)",
        "token_ttl=3600",
        "password: <your password>",
        "a" * 300_000,
        "password " * 20_000,
    ],
)
def test_references_to_secrets_are_not_secrets(text: str) -> None:
    assert not look(text)
