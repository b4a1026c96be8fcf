"""What AWS calls public, statement by statement."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.identity.public import everyone
from scanner.mapping.documents import Document
from scanner.truth import Truth
from scanner.value import Unknown
from tests.mapping.conftest import record

EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}


def judge(*statements: Any) -> Truth:
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return everyone(Document("policy", "Policy").read(record("aws_x", {"policy": policy}).block))


def test_a_statement_for_everybody_is_public() -> None:
    assert judge(EVERYBODY).is_true
    assert judge({**EVERYBODY, "Principal": {"AWS": ["*"]}}).is_true


def test_named_principals_are_not_everybody() -> None:
    assert judge({**EVERYBODY, "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}).is_false
    assert judge({**EVERYBODY, "Principal": {"Service": "logs.amazonaws.com"}}).is_false


def test_all_but_some_is_public() -> None:
    rest = {key: value for key, value in EVERYBODY.items() if key != "Principal"}
    assert judge({**rest, "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:root"}}).is_true


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}},
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1234567890/r-ab/*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:111122223333:*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:*:*:named-bucket"}},
        {"IpAddress": {"aws:SourceIp": ["198.51.100.0/24", "10.0.0.0/8"]}},
        {"StringEquals": {"kms:CallerAccount": "111122223333"}},
        {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}},
    ],
)
def test_a_condition_on_where_or_who_limits(condition: Any) -> None:
    assert judge({**EVERYBODY, "Condition": condition}).is_false


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:SecureTransport": "true"}},
        {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
        {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1234567890"}},
        {"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-1/r-1/"}},
        {"StringLike": {"aws:PrincipalOrgID": "*"}},
        {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
        {"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}},
        {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/1"]}},
        {"StringEquals": {"aws:UserAgent": "secret"}},
    ],
)
def test_other_conditions_do_not(condition: Any) -> None:
    assert judge({**EVERYBODY, "Condition": condition}).is_true


def test_a_general_denial_of_strangers_closes_it() -> None:
    denial = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1234567890"}},
    }
    assert judge(EVERYBODY, denial).is_false
    assert judge(EVERYBODY, {**denial, "Action": "s3:PutObject"}).is_true
    narrower = {**denial["Condition"], "Bool": {"aws:ViaAWSService": "false"}}  # type: ignore[dict-item]
    assert judge(EVERYBODY, {**denial, "Condition": narrower}).is_true


def test_an_unknown_document_is_unknown() -> None:
    block = record("aws_x", {"policy": Unknown("known after apply")}).block
    assert everyone(Document("policy", "Policy").read(block)).is_unknown


def test_no_document_is_not_public() -> None:
    assert everyone(Document("policy", "Policy").read(record("aws_x", {}).block)).is_false
