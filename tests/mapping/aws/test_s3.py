from __future__ import annotations

import json
from typing import Any

from scanner.mapping.population import populate
from scanner.model.account import AccountSettings
from scanner.model.data import Bucket
from scanner.record import Change, Inventory, Location, Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, Resolver, mapped, population, record

AFTER = Unknown("known after apply")
PUBLIC = json.dumps(
    {
        "Statement": [
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
        ]
    }
)
THE = Pointer("aws_s3_bucket.a")
OPEN = {"bucket": THE, "block_public_acls": False}
CLOSED = {
    "bucket": THE,
    "block_public_acls": True,
    "block_public_policy": True,
    "ignore_public_acls": True,
    "restrict_public_buckets": True,
}


def bucket(body: dict[str, Any], *others: Record) -> Bucket:
    found: Bucket = mapped(Bucket, record("aws_s3_bucket", body), *others)
    return found


def new_bucket(*others: Record) -> Bucket:
    made = Record("aws_s3_bucket", "aws_s3_bucket.a", {}, change=Change.CREATE, resolver=Resolver())
    found: Bucket = mapped(Bucket, made, *others)
    return found


def policy(document: Any) -> Record:
    return record("aws_s3_bucket_policy", {"bucket": THE, "policy": document})


def block(body: dict[str, Any]) -> Record:
    return record("aws_s3_bucket_public_access_block", body)


def test_public_policy_with_settings_off_is_public() -> None:
    assert bucket({}, block(OPEN), policy(PUBLIC)).public.is_true
    assert new_bucket(block(OPEN), policy(PUBLIC)).public.is_true


def test_public_access_block_closes() -> None:
    assert bucket({}, block(CLOSED), policy(PUBLIC)).public.is_false
    assert bucket({}, block(CLOSED), policy(AFTER)).public.is_false


def test_public_policy_without_a_declared_block_is_public() -> None:
    assert new_bucket(policy(PUBLIC)).public.is_true
    assert new_bucket().public.is_false
    assert bucket({}, policy(PUBLIC)).public.is_true


def test_unknown_policy_or_block_is_unknown() -> None:
    assert bucket({}, block(OPEN), policy(AFTER)).public.is_unknown
    unsure = block({**CLOSED, "restrict_public_buckets": AFTER})
    assert bucket({}, unsure, policy(PUBLIC)).public.is_unknown


def test_acl_counts_only_where_acls_are_enabled() -> None:
    acl = record("aws_s3_bucket_acl", {"bucket": THE, "acl": "public-read"})
    for ownership, public in (("BucketOwnerPreferred", True), ("BucketOwnerEnforced", False)):
        controls = record(
            "aws_s3_bucket_ownership_controls",
            {"bucket": THE, "rule": [{"object_ownership": ownership}]},
        )
        assert new_bucket(block(OPEN), acl, controls).public.is_true is public
    assert new_bucket(block(OPEN), acl).public.is_true


def test_grants_to_all_users_are_public() -> None:
    uri = "http://acs.amazonaws.com/groups/global/AllUsers"
    grant = {"permission": "READ", "grantee": [{"type": "Group", "uri": uri}]}
    acl = record(
        "aws_s3_bucket_acl", {"bucket": THE, "access_control_policy": [{"grant": [grant]}]}
    )
    assert bucket({}, block(OPEN), acl).public.is_true
    assert bucket({"acl": "public-read"}, block(OPEN)).public.is_true
    assert bucket({"grant": [{"uri": uri}]}, block(OPEN)).public.is_true


def test_account_wide_block_closes_buckets_of_the_same_account_only() -> None:
    def judge(account: str) -> Bucket:
        here = Location(account="111122223333")
        made = Record("aws_s3_bucket", "aws_s3_bucket.a", {}, location=here, resolver=Resolver())
        settings = {key: value for key, value in CLOSED.items() if key != "bucket"}
        wide = Record(
            "aws_s3_account_public_access_block",
            "aws_s3_account_public_access_block.a",
            settings,
            location=Location(account=account),
        )
        records = [made, wide, block(OPEN), policy(PUBLIC)]
        found = populate(Inventory(records=records)).resources
        return next(item for item in found if isinstance(item, Bucket))

    assert judge("111122223333").public.is_false
    assert judge("444455556666").public.is_true
    assert judge("").public.is_unknown


def test_account_settings() -> None:
    body = {key: value for key, value in CLOSED.items() if key != "bucket"}
    wide = mapped(AccountSettings, record("aws_s3_account_public_access_block", body))
    assert wide.blocks_public_buckets.is_true
    wide = mapped(AccountSettings, record("aws_s3_account_public_access_block", {}))
    assert wide.blocks_public_buckets.is_false
    assert wide.encrypts_new_volumes.is_false


def encryption(body: dict[str, Any]) -> Record:
    rule = {"apply_server_side_encryption_by_default": [body]}
    return record(
        "aws_s3_bucket_server_side_encryption_configuration", {"bucket": THE, "rule": [rule]}
    )


def test_key_of_the_bucket() -> None:
    named = {"sse_algorithm": "aws:kms", "kms_master_key_id": Pointer("aws_kms_key.a")}
    keyed = bucket({}, encryption(named), record("aws_kms_key", {}))
    assert keyed.customer_key.is_true
    assert keyed.keys.targets == ("aws_kms_key.a",)
    assert keyed.encrypted_at_rest.is_true
    assert bucket({}, encryption({"sse_algorithm": "AES256"})).customer_key.is_false
    assert bucket({}, encryption({"sse_algorithm": "aws:kms"})).customer_key.is_false
    unknown = {"sse_algorithm": "aws:kms", "kms_master_key_id": AFTER}
    assert bucket({}, encryption(unknown)).customer_key.is_unknown
    assert bucket({}).customer_key.is_false


def test_inline_blocks_of_old_providers() -> None:
    rule = {
        "apply_server_side_encryption_by_default": [
            {"sse_algorithm": "aws:kms", "kms_master_key_id": "arn:aws:kms:eu-west-1:1:key/1"}
        ]
    }
    old = bucket(
        {
            "versioning": [{"enabled": True}],
            "logging": [{"target_bucket": "logs"}],
            "server_side_encryption_configuration": [{"rule": [rule]}],
        }
    )
    assert old.versioned.is_true
    assert old.logged.is_true
    assert old.customer_key.is_true


def test_what_the_configuration_leaves_out_is_not_unknown() -> None:
    left = {"versioning": LeftOut(), "logging": LeftOut(), "acl": LeftOut(), "policy": LeftOut()}
    plain = bucket(left)
    assert plain.versioned.is_false
    assert plain.logged.is_false
    assert plain.resource_policy.is_absent


def test_companions_decide_versioning_and_logging() -> None:
    def versions(status: Any) -> Record:
        configuration = [{"status": status}]
        return record(
            "aws_s3_bucket_versioning", {"bucket": THE, "versioning_configuration": configuration}
        )

    assert bucket({}, versions("Enabled")).versioned.is_true
    assert bucket({}, versions("Suspended")).versioned.is_false
    assert bucket({}, versions(AFTER)).versioned.is_unknown
    logging = record("aws_s3_bucket_logging", {"bucket": THE, "target_bucket": "logs"})
    assert bucket({}, logging).logged.is_true
    assert bucket({}).logged.is_false


def test_an_unclear_companion_makes_it_unknown() -> None:
    loose = record("aws_s3_bucket_versioning", {"bucket": AFTER})
    assert bucket({}, loose).versioned.is_unknown


def test_only_a_general_denial_of_plain_http_counts() -> None:
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    for change, expected in (
        ({}, True),
        ({"Action": "s3:GetObject"}, False),
        ({"Effect": "Allow"}, False),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, False),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
    ):
        text = json.dumps({"Statement": [{**statement, **change}]})
        assert bucket({}, policy(text)).tls_only.is_true is expected, change
    assert bucket({}, policy(AFTER)).tls_only.is_unknown
    assert bucket({}).tls_only.is_false


def test_settings_that_only_serve_the_bucket_are_not_unmapped() -> None:
    found = population(
        record("aws_s3_bucket_lifecycle_configuration", {}),
        record("aws_s3_bucket_object_lock_configuration", {}),
        record("aws_s3_bucket_inventory", {}),
    )
    assert [item.type for item in found.unmapped] == ["aws_s3_bucket_inventory"]
