"""Database migration: replication instances and the endpoints that they connect to.

API paths are those of DescribeReplicationInstances and DescribeEndpoints (botocore service model
`dms`).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.aws.ports import ANYBODY, always_on
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.fields import Attr, Constant, Derived, NotApplicable, always, flag, holds
from scanner.mapping.references import Nothing, Through, ref
from scanner.mapping.registry import maps, supports
from scanner.model.data import DataStore
from scanner.record import Block

# AWS Security Hub User Guide, "DMS endpoints should use SSL": these have no such mode, for they
# speak the AWS API over HTTPS.
_WITHOUT_MODE: Final = NotApplicable("endpoints of this engine are reached through the AWS API")
_BY_API: Final = frozenset({"s3", "dynamodb", "kinesis", "opensearch", "elasticsearch", "neptune"})
# AWS DMS User Guide, "Using SSL with AWS Database Migration Service".
_REDSHIFT: Final = always("DMS always connects to a Redshift endpoint with SSL")
_NOT_A_SERVER: Final = NotApplicable("an endpoint is a connection, not a server")

maps(
    "aws_dms_replication_instance",
    to=DataStore,
    engine=Constant("dms"),
    # AWS DMS User Guide, "Setting an encryption key": the storage is always encrypted.
    encrypted_at_rest=always("DMS always encrypts the storage of a replication instance"),
    customer_key=CustomerKey("kms_key_arn", "KmsKeyId"),
    keys=key("kms_key_arn", "KmsKeyId"),
    encrypted_in_transit=NotApplicable("the endpoints it connects to decide this"),
    publicly_accessible=flag("publicly_accessible", "PubliclyAccessible"),
    security_groups=groups("vpc_security_group_ids", "VpcSecurityGroups[].VpcSecurityGroupId"),
    subnets=Through(
        ref(
            "replication_subnet_group_id",
            "ReplicationSubnetGroup.ReplicationSubnetGroupIdentifier",
            "aws_dms_replication_subnet_group",
        ),
        {"aws_dms_replication_subnet_group": subnets("subnet_ids", "Subnets[].SubnetIdentifier")},
        unset="no subnet group is named: the subnets of the default VPC are not read",
    ),
    addresses=CHOSEN,
    public_ranges=ANYBODY,
    # It opens connections and answers none.
    ports=always_on(),
    spans_zones=flag("multi_az", "MultiAZ"),
    deletion_protected=NotApplicable("DMS has no protection against deletion"),
    minor_upgrades_automatic=flag("auto_minor_version_upgrade", "AutoMinorVersionUpgrade"),
)

_SSL: Final = holds(lambda mode: mode != "none", "ssl_mode", "SslMode")
_KAFKA: Final = holds(
    lambda protocol: str(protocol).lower() in ("ssl-encryption", "ssl-authentication", "sasl-ssl"),
    "kafka_settings.security_protocol",
    "KafkaSettings.SecurityProtocol",
    unset="plaintext",
)
_REDIS: Final = holds(
    lambda protocol: protocol == "ssl-encryption",
    "redis_settings.ssl_security_protocol",
    "RedisSettings.SslSecurityProtocol",
)


def _in_transit(block: Block) -> Any:
    engine = block.read("engine_name" if block.record.shape == "terraform" else "EngineName")
    if isinstance(engine, str) and engine in _BY_API:
        return _WITHOUT_MODE.read(block)
    if engine == "redshift":
        return _REDSHIFT.read(block)
    if engine == "kafka":
        return _KAFKA.read(block)
    return (_REDIS if engine == "redis" else _SSL).read(block)


maps(
    "aws_dms_endpoint",
    to=DataStore,
    engine=Attr("engine_name", "EngineName"),
    encrypted_at_rest=always("DMS always encrypts the connection parameters of an endpoint"),
    customer_key=CustomerKey("kms_key_arn", "KmsKeyId"),
    keys=key("kms_key_arn", "KmsKeyId"),
    encrypted_in_transit=Derived(_in_transit),
    publicly_accessible=_NOT_A_SERVER,
    security_groups=Nothing(),
    subnets=_NOT_A_SERVER,
    addresses=_NOT_A_SERVER,
    public_ranges=_NOT_A_SERVER,
    ports=_NOT_A_SERVER,
    spans_zones=_NOT_A_SERVER,
    deletion_protected=_NOT_A_SERVER,
    minor_upgrades_automatic=_NOT_A_SERVER,
)

supports("aws_dms_replication_subnet_group", "aws_dms_certificate", "aws_dms_event_subscription")
