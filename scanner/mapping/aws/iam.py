"""Identities: IAM roles, users, access keys and what passwords must be like.

API paths are those of GetRole, GetUser, ListAccessKeys and GetAccountPasswordPolicy (botocore
service model `iam`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.documents import Document
from scanner.mapping.fields import Attr, always, holds
from scanner.mapping.references import Some
from scanner.mapping.registry import companion, maps, supports
from scanner.model.base import Field
from scanner.model.identity import AccessKey, PasswordPolicy, Role, User

maps(
    "aws_iam_role",
    to=Role,
    trust=Document("assume_role_policy", "Role.AssumeRolePolicyDocument"),
)

# What gives rights to a user directly, and where it names the user.
_GIVERS: Final[dict[str, tuple[str, Field]]] = {
    "aws_iam_user_policy": ("user", always("an inline policy is declared for it")),
    "aws_iam_user_policy_attachment": ("user", always("a policy is attached to it")),
    "aws_iam_policy_attachment": ("users", always("a policy is attached to it")),
    "aws_iam_user_policies_exclusive": (
        "user_name",
        holds(bool, "policy_names", "PolicyNames", unset=()),
    ),
    "aws_iam_user_policy_attachments_exclusive": (
        "user_name",
        holds(bool, "policy_arns", "AttachedPolicies", unset=()),
    ),
}

maps(
    "aws_iam_user",
    to=User,
    own_rights=Some(
        {type: field for type, (_, field) in _GIVERS.items()},
        "nothing in what was read gives rights to it directly",
    ),
)
for _type, (_path, _) in _GIVERS.items():
    companion(_type, "aws_iam_user", _path, "UserName")

maps("aws_iam_access_key", to=AccessKey)

maps(
    "aws_iam_account_password_policy",
    to=PasswordPolicy,
    minimum_length=Attr("minimum_password_length", "PasswordPolicy.MinimumPasswordLength"),
    remembered=Attr("password_reuse_prevention", "PasswordPolicy.PasswordReusePrevention"),
)

supports(
    "aws_iam_group",
    "aws_iam_group_membership",
    "aws_iam_instance_profile",
    "aws_iam_service_linked_role",
    "aws_iam_user_group_membership",
)
