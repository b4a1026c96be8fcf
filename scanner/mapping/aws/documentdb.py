"""Clusters of DocumentDB and Neptune, which RDS keeps like Aurora, and their instances.

API paths are those of DescribeDBClusters and DescribeDBInstances (botocore service models `docdb`
and `neptune`).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.aws.aurora import AT_CLUSTER, AT_INSTANCES, spans_zones
from scanner.mapping.aws.kms import key
from scanner.mapping.aws.parameters import Parameter, value_of
from scanner.mapping.aws.ports import ANYBODY, ports
from scanner.mapping.aws.rds import DEFAULT_NETWORK
from scanner.mapping.aws.rds_origin import by_customer_key, encrypted
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.fields import (
    Attr,
    Constant,
    Derived,
    NotApplicable,
    always,
    flag,
    holds,
    never,
)
from scanner.mapping.references import Nothing, Through, ref
from scanner.mapping.registry import companion, maps, supports
from scanner.model.data import Database

# Amazon DocumentDB API, CreateDBInstance, AutoMinorVersionUpgrade: it has no effect there.
_NO_MINOR_UPGRADES: Final = NotApplicable("DocumentDB makes no minor version upgrades")
_SUBNETS: Final = subnets("subnet_ids", "Subnets[].SubnetIdentifier")


def _audits(exports: Any) -> bool:
    return "audit" in exports


def _by_group(terraform: str, type: str) -> Through:
    via = ref(terraform, "DBSubnetGroup", type)
    return Through(via, {type: _SUBNETS}, unset=DEFAULT_NETWORK)


maps(
    "aws_docdb_cluster",
    to=Database,
    engine=Constant("docdb"),
    encrypted_at_rest=Derived(encrypted),
    customer_key=by_customer_key("kms_key_id", "KmsKeyId"),
    keys=key("kms_key_id", "KmsKeyId"),
    # Amazon DocumentDB Developer Guide, "Encrypting data in transit": on for new clusters, by the
    # parameter tls; "Amazon DocumentDB cluster parameters reference": its default is enabled.
    encrypted_in_transit=Parameter(
        ref(
            "db_cluster_parameter_group_name",
            "DBClusterParameterGroup",
            "aws_docdb_cluster_parameter_group",
        ),
        **value_of(
            "tls",
            lambda value: value.lower() != "disabled",
            True,
            "the parameter tls is enabled by default",
        ),
    ),
    # Amazon DocumentDB Developer Guide, "Connecting to an Amazon DocumentDB cluster from outside
    # an Amazon VPC": clusters have no public endpoints.
    publicly_accessible=never("a DocumentDB cluster is reached from inside its VPC only"),
    security_groups=groups("vpc_security_group_ids", "VpcSecurityGroups[].VpcSecurityGroupId"),
    subnets=_by_group("db_subnet_group_name", "aws_docdb_subnet_group"),
    addresses=CHOSEN,
    public_ranges=ANYBODY,
    ports=ports("port", "Port"),
    spans_zones=spans_zones("aws_docdb_cluster_instance", spread=False),
    deletion_protected=flag("deletion_protection", "DeletionProtection"),
    backup_days=Attr("backup_retention_period", "BackupRetentionPeriod"),
    minor_upgrades_automatic=_NO_MINOR_UPGRADES,
    audit_logged=holds(
        _audits, "enabled_cloudwatch_logs_exports", "EnabledCloudwatchLogsExports", unset=()
    ),
    cluster=Nothing(),
)

maps(
    "aws_neptune_cluster",
    to=Database,
    engine=Constant("neptune"),
    encrypted_at_rest=Derived(encrypted),
    customer_key=by_customer_key("kms_key_arn", "KmsKeyId"),
    keys=key("kms_key_arn", "KmsKeyId"),
    # Amazon Neptune User Guide, "Encrypting connections to your Amazon Neptune database with
    # SSL/HTTPS": since engine version 1.0.4.0 only such connections are allowed.
    encrypted_in_transit=always("Neptune only allows connections through HTTPS"),
    publicly_accessible=AT_INSTANCES,
    security_groups=groups("vpc_security_group_ids", "VpcSecurityGroups[].VpcSecurityGroupId"),
    subnets=_by_group("neptune_subnet_group_name", "aws_neptune_subnet_group"),
    addresses=CHOSEN,
    public_ranges=ANYBODY,
    ports=ports("port", "Port"),
    spans_zones=spans_zones("aws_neptune_cluster_instance", spread=False),
    deletion_protected=flag("deletion_protection", "DeletionProtection"),
    backup_days=Attr("backup_retention_period", "BackupRetentionPeriod"),
    minor_upgrades_automatic=AT_INSTANCES,
    audit_logged=holds(
        _audits, "enable_cloudwatch_logs_exports", "EnabledCloudwatchLogsExports", unset=()
    ),
    cluster=Nothing(),
)

_SHARED: Final[dict[str, Any]] = {
    "encrypted_at_rest": AT_CLUSTER,
    "customer_key": AT_CLUSTER,
    "keys": Nothing(),
    "encrypted_in_transit": AT_CLUSTER,
    "security_groups": AT_CLUSTER,
    "subnets": AT_CLUSTER,
    "addresses": CHOSEN,
    "public_ranges": ANYBODY,
    "ports": AT_CLUSTER,
    "spans_zones": AT_CLUSTER,
    "deletion_protected": AT_CLUSTER,
    "backup_days": AT_CLUSTER,
    "audit_logged": AT_CLUSTER,
}

maps(
    "aws_docdb_cluster_instance",
    to=Database,
    engine=Constant("docdb"),
    publicly_accessible=AT_CLUSTER,
    minor_upgrades_automatic=_NO_MINOR_UPGRADES,
    cluster=ref("cluster_identifier", "DBClusterIdentifier", "aws_docdb_cluster"),
    **_SHARED,
)
maps(
    "aws_neptune_cluster_instance",
    to=Database,
    engine=Constant("neptune"),
    publicly_accessible=flag("publicly_accessible", "PubliclyAccessible"),
    minor_upgrades_automatic=flag("auto_minor_version_upgrade", "AutoMinorVersionUpgrade"),
    cluster=ref("cluster_identifier", "DBClusterIdentifier", "aws_neptune_cluster"),
    **_SHARED,
)
for _type in ("aws_docdb_cluster", "aws_neptune_cluster"):
    companion(f"{_type}_instance", _type, "cluster_identifier", "DBClusterIdentifier")

supports(
    "aws_docdb_subnet_group",
    "aws_docdb_cluster_parameter_group",
    "aws_neptune_subnet_group",
    "aws_neptune_cluster_parameter_group",
    "aws_neptune_parameter_group",
)
