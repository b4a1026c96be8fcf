from __future__ import annotations

from typing import Any

import pytest

from scanner.model.account import AccountSettings
from scanner.model.data import Volume
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

LATER = Unknown("known after apply")


def volumes(type: str, body: dict[str, Any], *others: Record) -> list[Any]:
    found = population(record(type, body), *others).resources
    return [item for item in found if isinstance(item, Volume)]


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"encrypted": True}, "true"),
        ({"encrypted": LeftOut()}, "false"),
        ({}, "false"),
        ({"encrypted": LATER}, "unknown"),
        ({"snapshot_id": "snap-1"}, "unknown"),
        ({"snapshot_id": "snap-1", "encrypted": True}, "true"),
    ],
)
def test_a_volume_is_encrypted_if_it_says_so(body: dict[str, Any], state: str) -> None:
    assert mapped(Volume, record("aws_ebs_volume", body)).encrypted_at_rest.state.value == state


def test_the_key_of_a_volume() -> None:
    named = mapped(Volume, record("aws_ebs_volume", {"kms_key_id": Pointer("aws_kms_key.k")}))
    assert named.keys.targets == ("aws_kms_key.k",)
    assert mapped(Volume, record("aws_ebs_volume", {})).customer_key.is_false
    default = record("aws_ebs_default_kms_key", {"key_arn": "arn:aws:kms:x:1:key/abc"})
    assert mapped(Volume, record("aws_ebs_volume", {}), default).customer_key.is_true


@pytest.mark.parametrize(
    "type", ["aws_instance", "aws_spot_instance_request", "aws_launch_configuration"]
)
def test_an_instance_has_a_root_volume_even_if_it_says_nothing(type: str) -> None:
    body = {"root_block_device": LeftOut(), "ebs_block_device": LeftOut()}
    (root,) = volumes(type, body)
    assert root.encrypted_at_rest.is_false
    told = {
        "root_block_device": [{"encrypted": True}],
        "ebs_block_device": [{"encrypted": True}, {"encrypted": LATER}],
    }
    assert [item.encrypted_at_rest.state.value for item in volumes(type, told)] == [
        "true",
        "true",
        "unknown",
    ]
    (hidden,) = volumes(type, {"root_block_device": LATER})
    assert hidden.encrypted_at_rest.is_unknown


def test_the_template_of_an_instance_decides_its_root_volume() -> None:
    body = {"launch_template": [{"id": "lt-1"}], "root_block_device": LeftOut()}
    assert not volumes("aws_instance", body)


def test_the_block_devices_of_a_template() -> None:
    body = {
        "block_device_mappings": [
            {"ebs": [{"encrypted": "true", "kms_key_id": Pointer("aws_kms_key.k")}]},
            {"no_device": "true", "ebs": []},
            {"ebs": [{}]},
        ]
    }
    first, second = volumes("aws_launch_template", body)
    assert first.encrypted_at_rest.is_true
    assert first.address == "aws_launch_template.a.block_device_mappings[0].ebs[0]"
    assert second.encrypted_at_rest.is_false


def test_an_account_may_encrypt_new_volumes() -> None:
    settings = mapped(AccountSettings, record("aws_ebs_encryption_by_default", {}))
    assert settings.encrypts_new_volumes.is_true
    assert settings.blocks_public_buckets.is_false
    off = mapped(AccountSettings, record("aws_ebs_encryption_by_default", {"enabled": False}))
    assert off.encrypts_new_volumes.is_false
