"""Object storage: S3 buckets with the types that complete them, and the inline blocks of old.

API paths are those of GetBucketEncryption, GetBucketVersioning, GetBucketLogging, GetBucketPolicy,
GetBucketAcl and GetPublicAccessBlock (botocore service model `s3`), laid together in one record.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.aws.s3_public import POLICY, is_public
from scanner.mapping.fields import Derived, always, both, flag, holds, never
from scanner.mapping.references import From
from scanner.mapping.registry import account_wide, companion, maps, supports
from scanner.model.account import AccountSettings
from scanner.model.data import Bucket
from scanner.model.document import PolicyDocument, Statement
from scanner.record import Block
from scanner.truth import Evidence, Truth, known, unknown

_KMS: Final = ("aws:kms", "aws:kms:dsse")
_ENCRYPTION: Final = "aws_s3_bucket_server_side_encryption_configuration"
_DEFAULT: Final = "rule.apply_server_side_encryption_by_default"
_INLINE: Final = f"server_side_encryption_configuration.{_DEFAULT}"
_API: Final = "ServerSideEncryptionConfiguration.Rules.ApplyServerSideEncryptionByDefault"


def _kms(algorithm: Any) -> bool:
    return algorithm in _KMS


def _by_customer_key(prefix: str) -> Any:
    return both(
        holds(_kms, f"{prefix}.sse_algorithm", f"{_API}.SSEAlgorithm"),
        CustomerKey(f"{prefix}.kms_master_key_id", f"{_API}.KMSMasterKeyID"),
    )


def _refuses_plain_http(bucket: str, of: Callable[[str], bool]) -> Callable[[Statement], Truth]:
    """Make the question whether a statement denies everybody every action without TLS.

    `of` says whether a resource of the statement covers the bucket, or all objects in it.  Amazon
    S3 User Guide, "Security best practices for Amazon S3", "Enforce encryption of data in transit".
    """

    def refuses(statement: Statement) -> Truth:
        insecure = known(
            False, Evidence(statement.source, "not a condition on aws:SecureTransport")
        )
        if len(statement.conditions) == 1 and not statement.conditions_unknown:
            condition = statement.conditions[0]
            if condition.key == "aws:securetransport" and condition.operator.lower() in (
                "bool",
                "boolifexists",
            ):
                insecure = condition.values.any(lambda text: text.lower() == "false")
        return (
            ~statement.allows
            # A denial with NotPrincipal spares somebody.
            & statement.principals.any(lambda text: text == "AWS:*")
            & statement.actions.any(lambda text: text.lower() in ("*", "s3:*"))
            & _covers(statement, bucket, of)
            & insecure
        )

    return refuses


def _covers(statement: Statement, bucket: str, of: Callable[[str], bool]) -> Truth:
    words = statement.resources
    found = words.any(of)
    if found.is_false and words.identifiers:
        mine = words.identifiers == (bucket,)
        if mine and any(of(f"arn:aws:s3:::bucket{ending}") for ending in words.endings):
            return known(True, Evidence(words.source, words.shown))
        # Whether the identifier stands there alone or with "/*" behind it, only the source tells.
        fact = "which part of the bucket it is about is known after apply"
        return unknown(Evidence(words.source, fact))
    return found


def _is_bucket(resource: str) -> bool:
    return "/" not in resource.rpartition(":::")[2]


def _are_objects(resource: str) -> bool:
    name, within, objects = resource.rpartition(":::")[2].partition("/")
    return objects == "*" if within else name.endswith("*")


def _tls_only(block: Block) -> Truth:
    policy: PolicyDocument = POLICY.read(block)
    bucket = block.record.address
    return policy.any(_refuses_plain_http(bucket, _is_bucket)) & policy.any(
        _refuses_plain_http(bucket, _are_objects)
    )


def _names_target(block: Block) -> Truth:
    """Whether a bucket for the logs is named, be it one that the same plan makes."""
    target = holds(bool, "target_bucket", "LoggingEnabled.TargetBucket", unset="").read(block)
    if target.is_unknown and block.record.shape == "terraform":
        links = block.links("target_bucket", frozenset({"aws_s3_bucket"}))
        if (links.targets or links.one_of) and not (links.maybe or links.unknown):
            return known(True, links)
    return target


maps(
    "aws_s3_bucket",
    to=Bucket,
    # Amazon S3 User Guide, "Setting default server-side encryption behavior": since 5 January 2023.
    encrypted_at_rest=always("S3 encrypts every new object, by a key of its own if none is named"),
    customer_key=From(_ENCRYPTION, _by_customer_key(_DEFAULT), absent=_by_customer_key(_INLINE)),
    keys=From(
        _ENCRYPTION,
        key(f"{_DEFAULT}.kms_master_key_id", f"{_API}.KMSMasterKeyID"),
        absent=key(f"{_INLINE}.kms_master_key_id", f"{_API}.KMSMasterKeyID"),
    ),
    resource_policy=POLICY,
    public=Derived(is_public),
    tls_only=Derived(_tls_only),
    versioned=From(
        "aws_s3_bucket_versioning",
        holds(lambda status: status == "Enabled", "versioning_configuration.status", "Status"),
        absent=flag("versioning.enabled", "Status"),
    ),
    logged=From(
        "aws_s3_bucket_logging",
        Derived(_names_target),
        absent=holds(bool, "logging.target_bucket", "LoggingEnabled.TargetBucket", unset=""),
    ),
)

for _type in (
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_acl",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_logging",
    _ENCRYPTION,
):
    companion(_type, "aws_s3_bucket", "bucket", "Bucket")

supports(
    "aws_s3_bucket_accelerate_configuration",
    "aws_s3_bucket_analytics_configuration",
    "aws_s3_bucket_cors_configuration",
    "aws_s3_bucket_intelligent_tiering_configuration",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_metric",
    "aws_s3_bucket_notification",
    "aws_s3_bucket_object_lock_configuration",
    "aws_s3_bucket_request_payment_configuration",
)

maps(
    "aws_s3_account_public_access_block",
    to=AccountSettings,
    blocks_public_buckets=both(
        flag("block_public_acls", "BlockPublicAcls"),
        flag("block_public_policy", "BlockPublicPolicy"),
        flag("ignore_public_acls", "IgnorePublicAcls"),
        flag("restrict_public_buckets", "RestrictPublicBuckets"),
    ),
    encrypts_new_volumes=never("this is a setting of S3"),
)
account_wide("aws_s3_account_public_access_block", of="aws_s3_bucket")
