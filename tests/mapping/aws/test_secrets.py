from __future__ import annotations

from typing import Any

import pytest

from scanner.mapping.aws.secrets import days_of_schedule
from scanner.model.keys import Secret
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

AFTER = Unknown("known after apply")
THE = Pointer("aws_secretsmanager_secret.a")


def secret(body: dict[str, Any], *others: Record) -> Secret:
    found: Secret = mapped(Secret, record("aws_secretsmanager_secret", body), *others)
    return found


def rotation(rules: dict[str, Any], owner: Any = THE) -> Record:
    body = {"secret_id": owner, "rotation_rules": [rules]}
    return record("aws_secretsmanager_secret_rotation", body)


def test_secret_that_sets_nothing() -> None:
    bare = secret({"policy": LeftOut()})
    assert bare.customer_key.is_false
    assert bare.rotates.is_false
    assert bare.recovery_days.content == 30
    assert bare.resource_policy.is_absent
    assert isinstance(bare.rotation_days.content, Unknown)


def test_secret_that_sets_everything() -> None:
    full = secret(
        {"kms_key_id": "alias/mine", "recovery_window_in_days": 0},
        rotation({"automatically_after_days": 60}),
        record("aws_secretsmanager_secret_policy", {"secret_arn": THE, "policy": "{}"}),
    )
    assert full.customer_key.is_true
    assert full.recovery_days.content == 0
    assert full.rotates.is_true
    assert full.rotation_days.content == 60


def test_unknown_parts() -> None:
    assert secret({}, rotation({}, owner=AFTER)).rotates.is_unknown
    late = secret({"recovery_window_in_days": AFTER}, rotation({"automatically_after_days": AFTER}))
    assert isinstance(late.rotation_days.content, Unknown)
    assert isinstance(late.recovery_days.content, Unknown)
    assert late.rotates.is_true


def test_rotation_inside_the_secret_as_in_old_providers() -> None:
    old = secret({"rotation_rules": [{"automatically_after_days": 30}]})
    assert old.rotates.is_true
    assert old.rotation_days.content == 30


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("rate(30 days)", 30),
        ("rate(1 day)", 1),
        ("rate(36 hours)", 2),
        ("cron(0 16 1,15 * ? *)", 31),
        ("cron(0 16 31 * ? *)", 62),
        ("cron(0 16 1 * ? *)", 31),
        ("cron(0 8 ? * SUN *)", 7),
        ("cron(0 8 ? * 2#1 *)", 35),
        ("cron(0 8 * * ? *)", 1),
        ("cron(0 8 1 */6 ? *)", None),
        ("sometimes", None),
    ],
)
def test_schedules(text: str, days: int | None) -> None:
    assert days_of_schedule(text) == days
    found = secret({}, rotation({"schedule_expression": text})).rotation_days.content
    assert isinstance(found, Unknown) if days is None else found == days


def test_versions_are_not_reported_as_not_evaluated() -> None:
    assert not population(record("aws_secretsmanager_secret_version", {})).unmapped
