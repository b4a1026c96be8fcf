"""Data warehouses: Redshift clusters.

API paths are those of DescribeClusters and DescribeLoggingStatus (botocore service model
`redshift`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.aws.parameters import Parameter
from scanner.mapping.aws.ports import ANYBODY, ports
from scanner.mapping.aws.rds import DEFAULT_NETWORK
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.fields import Attr, Constant, NotApplicable, always, flag
from scanner.mapping.references import From, Nothing, Through, ref
from scanner.mapping.registry import companion, maps, supports
from scanner.model.data import Database
from scanner.record import Block, Record
from scanner.truth import Evidence, Truth, known, unknown

_SSL: Final = "require_ssl"
_FAMILIES: Final = {"redshift-1.0": False, "redshift-2.0": True}


def _default(block: Block, group: Record | None) -> Truth:
    """Whether TLS is demanded where the group does not say so.

    Amazon Redshift Management Guide, "Behavior changes in Amazon Redshift", "Security changes
    effective after January 10, 2025": require_ssl is true in default.redshift-2.0, which new and
    restored clusters have that name no group.  In the family redshift-1.0 it is false.
    """
    if group is None:
        fact = "which default parameter group it has depends on when it was made"
        return unknown(Evidence(block.address, fact))
    family = group.block.read("family")
    if not isinstance(family, str):
        return unknown(Evidence(f"{group.address}.family", "the family is not known"))
    text = f"{_SSL} is not set, in the family {family}"
    if family not in _FAMILIES:
        return unknown(Evidence(group.address, f"{text}: its default is not known"))
    return known(_FAMILIES[family], Evidence(group.address, text))


maps(
    "aws_redshift_cluster",
    to=Database,
    engine=Constant("redshift"),
    encrypted_at_rest=flag("encrypted", "Encrypted"),
    customer_key=CustomerKey("kms_key_id", "KmsKeyId"),
    keys=key("kms_key_id", "KmsKeyId"),
    encrypted_in_transit=Parameter(
        ref(
            "cluster_parameter_group_name",
            "ClusterParameterGroups[].ParameterGroupName",
            "aws_redshift_parameter_group",
        ),
        lambda block: (_SSL,),
        _default,
    ),
    publicly_accessible=flag("publicly_accessible", "PubliclyAccessible"),
    security_groups=groups("vpc_security_group_ids", "VpcSecurityGroups[].VpcSecurityGroupId"),
    subnets=Through(
        ref("cluster_subnet_group_name", "ClusterSubnetGroupName", "aws_redshift_subnet_group"),
        {"aws_redshift_subnet_group": subnets("subnet_ids", "Subnets[].SubnetIdentifier")},
        unset=DEFAULT_NETWORK,
    ),
    addresses=CHOSEN,
    public_ranges=ANYBODY,
    ports=ports("port", "Endpoint.Port"),
    spans_zones=flag("multi_az", "MultiAZ"),
    deletion_protected=NotApplicable("Redshift has no protection against deletion"),
    backup_days=Attr("automated_snapshot_retention_period", "AutomatedSnapshotRetentionPeriod"),
    minor_upgrades_automatic=flag("allow_version_upgrade", "AllowVersionUpgrade"),
    audit_logged=From(
        "aws_redshift_logging",
        always("aws_redshift_logging sends its audit logs to a bucket or to CloudWatch"),
        absent=flag("logging.enable", "LoggingEnabled"),
    ),
    cluster=Nothing(),
)

companion("aws_redshift_logging", "aws_redshift_cluster", "cluster_identifier", "ClusterIdentifier")
supports("aws_redshift_subnet_group", "aws_redshift_parameter_group")
