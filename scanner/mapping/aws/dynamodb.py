"""Tables of DynamoDB.

API paths are those of DescribeTable and DescribeContinuousBackups (botocore service model
`dynamodb`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.fields import (
    Attr,
    Constant,
    Derived,
    NotApplicable,
    always,
    both,
    flag,
    holds,
    written,
)
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps
from scanner.model.data import Database
from scanner.record import MISSING, Block
from scanner.value import Unknown, Value

_NO_NETWORK: Final = NotApplicable("a table is reached through the AWS API, not in a network")
# Amazon DynamoDB Developer Guide, "Point-in-time recovery": 1 to 35 days, by default 35.
_DAYS: Final = Attr(
    "point_in_time_recovery.recovery_period_in_days",
    "ContinuousBackupsDescription.PointInTimeRecoveryDescription.RecoveryPeriodInDays",
)


def _backup_days(block: Block) -> Value[int]:
    terraform = block.record.shape == "terraform"
    path = (
        "point_in_time_recovery.enabled"
        if terraform
        else "ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus"
    )
    found = written(block, path)
    if isinstance(found, Unknown):
        return Value(found, block, path)
    if found is MISSING or found in (False, "false", "DISABLED"):
        return Value(0, block, path, "no point-in-time recovery")
    if found in (True, "true", "ENABLED"):
        return _DAYS.read(block)
    return Value(Unknown("not of the expected form"), block, path)


maps(
    "aws_dynamodb_table",
    to=Database,
    engine=Constant("dynamodb"),
    # Amazon DynamoDB Developer Guide, "DynamoDB encryption at rest".
    encrypted_at_rest=always("DynamoDB encrypts all data at rest"),
    # Terraform registry, aws_dynamodb_table: with enabled = false the key is one that AWS owns.
    customer_key=both(
        holds(
            lambda enabled: enabled in (True, "true", "ENABLED"),
            "server_side_encryption.enabled",
            "SSEDescription.Status",
            unset=False,
        ),
        CustomerKey("server_side_encryption.kms_key_arn", "SSEDescription.KMSMasterKeyArn"),
    ),
    keys=key("server_side_encryption.kms_key_arn", "SSEDescription.KMSMasterKeyArn"),
    # Amazon DynamoDB Developer Guide, "Data protection in DynamoDB": HTTPS endpoints only.
    encrypted_in_transit=always("DynamoDB is reached through HTTPS endpoints only"),
    publicly_accessible=_NO_NETWORK,
    security_groups=_NO_NETWORK,
    subnets=_NO_NETWORK,
    addresses=_NO_NETWORK,
    public_ranges=_NO_NETWORK,
    ports=_NO_NETWORK,
    # Amazon DynamoDB Developer Guide, "What is Amazon DynamoDB?", high availability.
    spans_zones=always("DynamoDB keeps each table in several zones of the Region"),
    deletion_protected=flag("deletion_protection_enabled", "DeletionProtectionEnabled"),
    backup_days=Derived(_backup_days),
    minor_upgrades_automatic=NotApplicable("DynamoDB has no versions that a customer upgrades"),
    audit_logged=NotApplicable("CloudTrail records its calls; a table has no setting for it"),
    cluster=Nothing(),
)
