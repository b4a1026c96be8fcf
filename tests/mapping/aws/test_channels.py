"""Queues, topics, streams and backup vaults."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.identity.public import everyone
from scanner.model.base import Inapplicable
from scanner.model.data import BackupVault, MessageChannel
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

AFTER = Unknown("known after apply")
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"
PUBLIC = json.dumps(
    {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}
)


def channel(type: str, body: dict[str, Any], *others: Record) -> MessageChannel:
    found: MessageChannel = mapped(MessageChannel, record(type, body), *others)
    return found


def test_topic() -> None:
    keyed = channel("aws_sns_topic", {"kms_master_key_id": KEY})
    assert keyed.encrypted_at_rest.is_true
    assert keyed.customer_key.is_true
    of_aws = channel("aws_sns_topic", {"kms_master_key_id": "alias/aws/sns"})
    assert of_aws.encrypted_at_rest.is_true
    assert of_aws.customer_key.is_false
    bare = channel("aws_sns_topic", {"policy": LeftOut()})
    assert bare.encrypted_at_rest.is_false
    assert bare.resource_policy.is_absent
    dark = channel("aws_sns_topic", {"kms_master_key_id": AFTER})
    assert dark.encrypted_at_rest.is_unknown


def test_a_reference_to_a_key_names_a_key() -> None:
    body = {"kms_master_key_id": Pointer("aws_kms_key.a")}
    named = channel("aws_sns_topic", body, record("aws_kms_key", {}))
    assert named.encrypted_at_rest.is_true
    assert named.customer_key.is_true


def test_queue() -> None:
    assert channel("aws_sqs_queue", {}).encrypted_at_rest.is_true
    off = channel("aws_sqs_queue", {"sqs_managed_sse_enabled": False})
    assert off.encrypted_at_rest.is_false
    left = channel("aws_sqs_queue", {"sqs_managed_sse_enabled": LeftOut()})
    assert left.encrypted_at_rest.is_true
    assert left.customer_key.is_false


@pytest.mark.parametrize(
    ("type", "companion", "path"),
    [
        ("aws_sns_topic", "aws_sns_topic_policy", "arn"),
        ("aws_sqs_queue", "aws_sqs_queue_policy", "queue_url"),
        ("aws_kinesis_stream", "aws_kinesis_resource_policy", "resource_arn"),
    ],
)
def test_policies_declared_apart(type: str, companion: str, path: str) -> None:
    apart = record(companion, {path: Pointer(f"{type}.a"), "policy": PUBLIC})
    assert everyone(channel(type, {}, apart).resource_policy).is_true
    assert everyone(channel(type, {}).resource_policy).is_false


def test_stream() -> None:
    keyed = channel("aws_kinesis_stream", {"encryption_type": "KMS", "kms_key_id": KEY})
    assert keyed.encrypted_at_rest.is_true
    assert keyed.customer_key.is_true
    bare = channel("aws_kinesis_stream", {})
    assert bare.encrypted_at_rest.is_false
    assert bare.customer_key.is_false


def test_delivery_stream() -> None:
    type = "aws_kinesis_firehose_delivery_stream"
    body = {"server_side_encryption": [{"enabled": True, "key_arn": KEY}]}
    assert channel(type, body).encrypted_at_rest.is_true
    assert channel(type, body).customer_key.is_true
    assert channel(type, {}).encrypted_at_rest.is_false
    fed = channel(type, {"kinesis_source_configuration": [{"kinesis_stream_arn": "x"}]})
    with pytest.raises(Inapplicable):
        _ = fed.encrypted_at_rest


@pytest.mark.parametrize(
    ("type", "path"),
    [
        ("aws_backup_vault", "kms_key_arn"),
        ("aws_backup_logically_air_gapped_vault", "encryption_key_arn"),
    ],
)
def test_backup_vault(type: str, path: str) -> None:
    policy = record(
        "aws_backup_vault_policy", {"backup_vault_name": Pointer(f"{type}.a"), "policy": PUBLIC}
    )
    vault: BackupVault = mapped(BackupVault, record(type, {path: KEY}), policy)
    assert vault.encrypted_at_rest.is_true
    assert vault.customer_key.is_true
    assert everyone(vault.resource_policy).is_true
    bare: BackupVault = mapped(BackupVault, record(type, {path: LeftOut()}))
    assert bare.customer_key.is_false
    assert bare.resource_policy.is_absent


def test_locks_are_not_reported_as_not_evaluated() -> None:
    assert not population(record("aws_backup_vault_lock_configuration", {})).unmapped
