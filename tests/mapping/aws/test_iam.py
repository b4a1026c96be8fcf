"""Policies, identities and customers' directories."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.model.identity import AccessKey, PasswordPolicy, Policy, Role, User, UserPool
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

AFTER = Unknown("known after apply")
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
TEXT = json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


@pytest.mark.parametrize(
    ("type", "path"),
    [
        ("aws_iam_policy", "policy"),
        ("aws_iam_role_policy", "policy"),
        ("aws_iam_user_policy", "policy"),
        ("aws_iam_group_policy", "policy"),
        ("aws_ssoadmin_permission_set_inline_policy", "inline_policy"),
    ],
)
def test_documents_of_policies(type: str, path: str) -> None:
    policy: Policy = mapped(Policy, record(type, {path: TEXT}))
    (statement,) = policy.documents.statements
    assert statement.actions.items == ("*",)
    assert policy.managed_policies.content == ()
    assert policy.statements.is_empty
    dark: Policy = mapped(Policy, record(type, {path: AFTER}))
    assert dark.documents.unknown


ATTACHMENTS = [
    ("aws_iam_role_policy_attachment", "policy_arn", False),
    ("aws_iam_user_policy_attachment", "policy_arn", False),
    ("aws_iam_group_policy_attachment", "policy_arn", False),
    ("aws_iam_policy_attachment", "policy_arn", False),
    ("aws_iam_role_policy_attachments_exclusive", "policy_arns", True),
    ("aws_iam_user_policy_attachments_exclusive", "policy_arns", True),
    ("aws_iam_group_policy_attachments_exclusive", "policy_arns", True),
    ("aws_ssoadmin_managed_policy_attachment", "managed_policy_arn", False),
]


@pytest.mark.parametrize(("type", "path", "many"), ATTACHMENTS)
def test_attachments_hand_out_policies_of_aws(type: str, path: str, many: bool) -> None:
    def attachment(value: Any) -> Record:
        return record(type, {path: [value] if many else value})

    policy: Policy = mapped(Policy, attachment(ADMIN))
    assert policy.managed_policies.content == (ADMIN,)
    assert policy.documents.is_absent
    own = record("aws_iam_policy", {"policy": TEXT}, "own")
    found = population(attachment(Pointer("aws_iam_policy.own")), own)
    assert [item.address for item in found.resources if isinstance(item, Policy)] == [own.address]
    assert not found.unmapped
    elsewhere = population(attachment("arn:aws:iam::111122223333:policy/mine"))
    assert not [item for item in elsewhere.resources if isinstance(item, Policy)]
    dark: Policy = mapped(Policy, attachment(AFTER))
    assert isinstance(dark.managed_policies.content, Unknown)


def test_attachment_of_a_policy_that_is_looked_up() -> None:
    data = record("aws_iam_policy", {"name": "AdministratorAccess", "arn": AFTER}, managed=False)
    body = {"policy_arn": Pointer("data.aws_iam_policy.a")}
    policy: Policy = mapped(
        Policy,
        record("aws_iam_role_policy_attachment", body),
        data,
        address="aws_iam_role_policy_attachment.a",
    )
    assert policy.managed_policies.content == ("AdministratorAccess",)


def test_role() -> None:
    trust = json.dumps(
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
    )
    role: Role = mapped(Role, record("aws_iam_role", {"assume_role_policy": trust}))
    assert role.trust.statements[0].principals.items == ("AWS:*",)
    dark: Role = mapped(Role, record("aws_iam_role", {"assume_role_policy": AFTER}))
    assert dark.trust.unknown


def test_role_with_rights_of_its_own_is_a_policy_too() -> None:
    body = {"inline_policy": [{"name": "x", "policy": TEXT}], "managed_policy_arns": [ADMIN]}
    policy: Policy = mapped(Policy, record("aws_iam_role", body))
    assert len(policy.documents.statements) == 1
    assert policy.managed_policies.content == (ADMIN,)
    bare = record("aws_iam_role", {"inline_policy": LeftOut(), "managed_policy_arns": LeftOut()})
    assert not [item for item in population(bare).resources if isinstance(item, Policy)]
    dark: Policy = mapped(Policy, record("aws_iam_role", {"inline_policy": AFTER}))
    assert dark.documents.unknown


def user(*others: Record) -> User:
    found: User = mapped(User, record("aws_iam_user", {"name": "x"}), *others)
    return found


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("aws_iam_user_policy", {"user": Pointer("aws_iam_user.a")}),
        ("aws_iam_user_policy_attachment", {"user": Pointer("aws_iam_user.a")}),
        ("aws_iam_policy_attachment", {"users": [Pointer("aws_iam_user.a")]}),
        (
            "aws_iam_user_policies_exclusive",
            {"user_name": Pointer("aws_iam_user.a"), "policy_names": ["x"]},
        ),
        (
            "aws_iam_user_policy_attachments_exclusive",
            {"user_name": Pointer("aws_iam_user.a"), "policy_arns": [ADMIN]},
        ),
    ],
)
def test_rights_of_a_user(type: str, body: dict[str, Any]) -> None:
    assert user(record(type, body)).own_rights.is_true


def test_user_without_rights_and_with_unclear_ones() -> None:
    assert user().own_rights.is_false
    empty = {"user_name": Pointer("aws_iam_user.a"), "policy_names": []}
    assert user(record("aws_iam_user_policies_exclusive", empty)).own_rights.is_false
    assert user(record("aws_iam_user_policy", {"user": AFTER})).own_rights.is_unknown


def test_access_key_is_found() -> None:
    assert mapped(AccessKey, record("aws_iam_access_key", {"user": "x"}))


def test_password_policy() -> None:
    body = {"minimum_password_length": 14, "password_reuse_prevention": 24}
    strict: PasswordPolicy = mapped(PasswordPolicy, record("aws_iam_account_password_policy", body))
    assert strict.minimum_length.content == 14
    assert strict.remembered.content == 24
    left = {"password_reuse_prevention": LeftOut()}
    bare: PasswordPolicy = mapped(PasswordPolicy, record("aws_iam_account_password_policy", left))
    assert bare.minimum_length.content == 6
    assert bare.remembered.content == 0


@pytest.mark.parametrize(
    ("mode", "demanded"), [("ON", True), ("OPTIONAL", False), (None, False), (AFTER, None)]
)
def test_user_pool(mode: Any, demanded: bool | None) -> None:
    pool: UserPool = mapped(UserPool, record("aws_cognito_user_pool", {"mfa_configuration": mode}))
    truth = pool.demands_second_factor
    assert truth.is_unknown if demanded is None else truth.is_true is demanded


def test_groups_are_not_reported_as_not_evaluated() -> None:
    types = ("aws_iam_group", "aws_iam_role_policies_exclusive")
    assert not population(*(record(type, {}) for type in types)).unmapped
