"""Whether objects of an S3 bucket are public, by ACL, policy, ownership and public access blocks.

Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage" and "Controlling ownership
of objects and disabling ACLs for your bucket".
"""

from __future__ import annotations

from typing import Any, Final

from scanner.identity.public import everyone
from scanner.mapping.documents import Document
from scanner.mapping.fields import either, flag, holds, never
from scanner.mapping.references import From
from scanner.model.base import Field
from scanner.record import Block
from scanner.truth import Truth

POLICY: Final = From(
    "aws_s3_bucket_policy", Document("policy", "Policy"), absent=Document("policy", "Policy")
)
_BLOCK: Final = "aws_s3_bucket_public_access_block"
_ACCOUNT: Final = "aws_s3_account_public_access_block"
_CANNED: Final = frozenset({"public-read", "public-read-write", "authenticated-read"})
_GROUPS: Final = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")


def _closed(terraform: str, api: str) -> Field:
    """Whether one setting is on, at the bucket or at the account; S3 uses the stricter one."""
    setting = flag(terraform, api)
    # S3 blocks public access to new buckets, and disables their ACLs, since April 2023 (AWS News
    # Blog, "Heads-Up: Amazon S3 Security Changes Are Coming in April of 2023").  A configuration
    # that asks for public access and relies on that is judged as it is written.
    of_bucket = From(_BLOCK, setting, absent=never("no public access block is declared for it"))
    of_account = From(_ACCOUNT, setting, absent=never("no public access block of the account"))
    return either(of_bucket, of_account)


def _is_public_acl(acl: Any) -> bool:
    return acl in _CANNED


def _has_public_grant(uris: Any) -> bool:
    return any(isinstance(uri, str) and uri.endswith(_GROUPS) for uri in uris)


_ACL: Final = From(
    "aws_s3_bucket_acl",
    either(
        holds(_is_public_acl, "acl", "ACL", unset="private"),
        holds(
            _has_public_grant,
            "access_control_policy.grant[].grantee.uri",
            "Grants[].Grantee.URI",
            unset=(),
        ),
    ),
    absent=either(
        holds(_is_public_acl, "acl", "ACL"),
        holds(_has_public_grant, "grant[].uri", "Grants[].Grantee.URI", unset=()),
    ),
)
_ACL_OFF: Final = From(
    "aws_s3_bucket_ownership_controls",
    holds(
        lambda ownership: ownership == "BucketOwnerEnforced",
        "rule.object_ownership",
        "OwnershipControls.Rules.ObjectOwnership",
    ),
    absent=never("no ownership controls are declared for it"),
)
# Only these two settings change what an ACL or policy that is there does; the other two refuse
# new ones.
_ACL_IGNORED: Final = _closed("ignore_public_acls", "IgnorePublicAcls")
_POLICY_RESTRICTED: Final = _closed("restrict_public_buckets", "RestrictPublicBuckets")


def is_public(block: Block) -> Truth:
    """Whether anybody can read or list by ACL or by policy, after what blocks them."""
    ignored: Truth = _ACL_IGNORED.read(block)
    disabled: Truth = _ACL_OFF.read(block)
    restricted: Truth = _POLICY_RESTRICTED.read(block)
    acl: Truth = _ACL.read(block)
    by_acl = acl & ~ignored & ~disabled
    by_policy = everyone(POLICY.read(block)) & ~restricted
    return by_acl | by_policy
