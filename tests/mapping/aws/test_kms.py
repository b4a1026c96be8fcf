from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.identity.public import everyone
from scanner.mapping.aws.kms import CustomerKey
from scanner.mapping.population import populate
from scanner.model.base import Inapplicable
from scanner.model.keys import Key
from scanner.record import Inventory, Record
from scanner.truth import Truth
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

AFTER = Unknown("known after apply")


def by_customer(value: Any, *others: Record, shape: Any = "terraform") -> Truth:
    owner = Record("aws_x", "aws_x.a", {"key": value}, shape=shape, resolver=_resolver())
    populate(Inventory(records=[owner, *others]))
    return CustomerKey("key", "key").read(owner.block)


def _resolver() -> Any:
    return record("aws_x", {}).resolver


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, False),
        ("", False),
        (LeftOut(), False),
        ("alias/aws/rds", False),
        ("arn:aws:kms:eu-west-1:111122223333:alias/aws/rds", False),
        ("alias/mine", True),
        ("arn:aws:kms:eu-west-1:111122223333:key/1234", True),
        (AFTER, None),
        (Pointer("aws_kms_key.gone"), None),
    ],
)
def test_who_controls_a_named_key(value: Any, expected: bool | None) -> None:
    truth = by_customer(value)
    assert truth.is_unknown if expected is None else truth.is_true is expected


@pytest.mark.parametrize("type", ["aws_kms_key", "aws_kms_alias"])
def test_a_key_or_alias_of_the_plan_is_the_customers(type: str) -> None:
    assert by_customer(Pointer(f"{type}.a"), record(type, {})).is_true


def test_keys_that_are_looked_up() -> None:
    def looked_up(type: str, body: dict[str, Any]) -> Truth:
        return by_customer(Pointer(f"data.{type}.a"), record(type, body, managed=False))

    assert looked_up("aws_kms_alias", {"name": "alias/aws/ebs"}).is_false
    assert looked_up("aws_kms_alias", {"name": "alias/mine"}).is_true
    assert looked_up("aws_kms_key", {"key_manager": "AWS"}).is_false
    assert looked_up("aws_kms_key", {"key_manager": "CUSTOMER"}).is_true
    assert looked_up("aws_kms_key", {"key_id": "alias/aws/ebs"}).is_false
    assert looked_up("aws_kms_key", {"key_id": "1234"}).is_unknown


def test_an_api_answer_does_not_tell_whose_key_an_arn_is() -> None:
    arn = "arn:aws:kms:eu-west-1:111122223333:key/1234"
    assert by_customer(arn, shape="api").is_unknown


def key(body: dict[str, Any], *others: Record, type: str = "aws_kms_key") -> Key:
    found: Key = mapped(Key, record(type, body), *others)
    return found


def test_key() -> None:
    full = key({"enable_key_rotation": True, "deletion_window_in_days": 7})
    assert full.rotates.is_true
    assert full.deletion_days.content == 7
    bare = key({"policy": LeftOut()})
    assert bare.rotates.is_false
    assert bare.deletion_days.content == 30
    assert bare.resource_policy.is_absent
    assert key({"enable_key_rotation": AFTER}).rotates.is_unknown


@pytest.mark.parametrize(
    "body",
    [
        {"customer_master_key_spec": "RSA_4096"},
        {"key_usage": "SIGN_VERIFY"},
        {"custom_key_store_id": "cks-1"},
    ],
)
def test_keys_that_cannot_rotate(body: dict[str, Any]) -> None:
    with pytest.raises(Inapplicable):
        _ = key(body).rotates


@pytest.mark.parametrize(
    "type", ["aws_kms_external_key", "aws_kms_replica_key", "aws_kms_replica_external_key"]
)
def test_other_keys_do_not_rotate_by_themselves(type: str) -> None:
    other = key({}, type=type)
    with pytest.raises(Inapplicable):
        _ = other.rotates
    assert other.deletion_days.content == 30


def test_policy_of_a_key_may_be_declared_apart() -> None:
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    text = json.dumps({"Statement": [everybody]})
    apart = record("aws_kms_key_policy", {"key_id": Pointer("aws_kms_key.a"), "policy": text})
    assert everyone(key({"policy": LeftOut()}, apart).resource_policy).is_true
    assert everyone(key({"policy": text}).resource_policy).is_true
    assert everyone(key({"policy": AFTER}).resource_policy).is_unknown


def test_aliases_are_not_reported_as_not_evaluated() -> None:
    assert not population(record("aws_kms_alias", {})).unmapped
