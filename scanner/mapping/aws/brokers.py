"""Message brokers: Amazon MQ and Managed Streaming for Apache Kafka.

API paths are those of DescribeBroker (botocore service model `mq`) and DescribeCluster (`kafka`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.aws.references import groups, subnets
from scanner.mapping.fields import (
    Attr,
    Constant,
    Derived,
    NotApplicable,
    always,
    both,
    flag,
    holds,
    is_not,
    never,
)
from scanner.mapping.registry import maps, supports
from scanner.model.data import Broker
from scanner.record import Block, Links

_NOT_PROTECTED: Final = NotApplicable("the service has no protection against deletion")
_SPANNING: Final = ("ACTIVE_STANDBY_MULTI_AZ", "CLUSTER_MULTI_AZ")
_SUBNETS: Final = subnets("subnet_ids", "SubnetIds")


def _subnets(block: Block) -> Links:
    links = _SUBNETS.read(block)
    if not links.is_empty:
        return links
    # Amazon MQ API, CreateBroker: without subnets the broker is in those of the default VPC.
    reason = "no subnet is named: those of the default VPC are not read"
    return Links(block, links.path, unknown=(reason,))


maps(
    "aws_mq_broker",
    to=Broker,
    engine=Attr("engine_type", "EngineType"),
    # Amazon MQ Developer Guide, "Data protection in Amazon MQ".
    encrypted_at_rest=always("Amazon MQ encrypts all data at rest"),
    customer_key=both(
        is_not("encryption_options.use_aws_owned_key", "EncryptionOptions.UseAwsOwnedKey"),
        CustomerKey("encryption_options.kms_key_id", "EncryptionOptions.KmsKeyId"),
    ),
    keys=key("encryption_options.kms_key_id", "EncryptionOptions.KmsKeyId"),
    # The same page: endpoints of brokers are reached with TLS only.
    encrypted_in_transit=always("the endpoints of a broker only accept TLS"),
    publicly_accessible=flag("publicly_accessible", "PubliclyAccessible"),
    security_groups=groups("security_groups", "SecurityGroups"),
    subnets=Derived(_subnets),
    spans_zones=holds(lambda mode: mode in _SPANNING, "deployment_mode", "DeploymentMode"),
    deletion_protected=_NOT_PROTECTED,
    minor_upgrades_automatic=flag("auto_minor_version_upgrade", "AutoMinorVersionUpgrade"),
)

_NODES: Final = "broker_node_group_info"
_CIPHERED: Final = "encryption_info.encryption_in_transit"

maps(
    "aws_msk_cluster",
    to=Broker,
    engine=Constant("kafka"),
    # Amazon MSK Developer Guide, "Amazon MSK encryption": at rest always.
    encrypted_at_rest=always("Amazon MSK always encrypts data at rest"),
    customer_key=CustomerKey(
        "encryption_info.encryption_at_rest_kms_key_arn",
        "EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId",
    ),
    keys=key(
        "encryption_info.encryption_at_rest_kms_key_arn",
        "EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId",
    ),
    encrypted_in_transit=both(
        holds(
            lambda mode: mode == "TLS",
            f"{_CIPHERED}.client_broker",
            "EncryptionInfo.EncryptionInTransit.ClientBroker",
        ),
        flag(f"{_CIPHERED}.in_cluster", "EncryptionInfo.EncryptionInTransit.InCluster"),
    ),
    publicly_accessible=holds(
        lambda kind: kind != "DISABLED",
        f"{_NODES}.connectivity_info.public_access.type",
        "BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type",
    ),
    security_groups=groups(f"{_NODES}.security_groups", "BrokerNodeGroupInfo.SecurityGroups"),
    subnets=subnets(f"{_NODES}.client_subnets", "BrokerNodeGroupInfo.ClientSubnets"),
    # Amazon MSK Developer Guide, "Create a cluster": two or three subnets, each in another zone.
    spans_zones=always("MSK spreads the brokers over subnets in at least two zones"),
    deletion_protected=_NOT_PROTECTED,
    minor_upgrades_automatic=NotApplicable("versions of Kafka are upgraded on request only"),
)

maps(
    "aws_msk_serverless_cluster",
    to=Broker,
    engine=Constant("kafka"),
    encrypted_at_rest=always("Amazon MSK always encrypts data at rest"),
    customer_key=never("MSK Serverless uses a key of AWS"),
    keys=key("kms_key_arn", "KmsKeyArn"),
    # Amazon MSK Developer Guide, "MSK Serverless": IAM access control, which demands TLS.
    encrypted_in_transit=always("MSK Serverless only accepts TLS with IAM access control"),
    publicly_accessible=never("MSK Serverless has endpoints in the VPC only"),
    security_groups=groups("vpc_config[].security_group_ids", "VpcConfigs[].SecurityGroupIds"),
    subnets=subnets("vpc_config[].subnet_ids", "VpcConfigs[].SubnetIds"),
    spans_zones=always("MSK Serverless replicates over the zones of its subnets"),
    deletion_protected=_NOT_PROTECTED,
    minor_upgrades_automatic=always("AWS manages the version of MSK Serverless"),
)

supports("aws_mq_configuration", "aws_msk_configuration", "aws_msk_scram_secret_association")
