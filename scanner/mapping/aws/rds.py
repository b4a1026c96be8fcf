"""Relational databases: RDS instances, with their subnet and parameter groups.

API paths are those of DescribeDBInstances (botocore service model `rds`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.kms import key
from scanner.mapping.aws.parameters import forces_tls
from scanner.mapping.aws.ports import ANYBODY
from scanner.mapping.aws.rds_origin import by_customer_key, encrypted
from scanner.mapping.aws.rds_ports import DATABASE_PORTS
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.fields import Attr, Derived, NotApplicable, flag, holds, written
from scanner.mapping.references import Nothing, Through, ref
from scanner.mapping.registry import maps, supports
from scanner.model.base import Field
from scanner.model.data import Database
from scanner.record import MISSING, Block

# RDS API, CreateDBInstance and CreateDBCluster: without a group the subnets of the default VPC.
DEFAULT_NETWORK: Final = "no subnet group is named: the subnets of the default VPC are not read"
SUBNET_GROUPS: Final = {"aws_db_subnet_group": subnets("subnet_ids", "Subnets[].SubnetIdentifier")}


def subnets_by_group(terraform: str, api: str) -> Through:
    """Read the subnets of a database subnet group."""
    via = ref(terraform, api, "aws_db_subnet_group")
    return Through(via, SUBNET_GROUPS, unset=DEFAULT_NETWORK)


_BACKUP: Final = Attr("backup_retention_period", "BackupRetentionPeriod")


def _of_replica(own: Field, because: str) -> Derived:
    """Read a field that a read replica takes over from its source, which is judged instead."""

    def read(block: Block) -> object:
        source = written(block, "replicate_source_db")
        of_source = block.record.shape == "terraform" and source not in (MISSING, "")
        return (NotApplicable(because) if of_source else own).read(block)

    return Derived(read)


maps(
    "aws_db_instance",
    to=Database,
    engine=Attr("engine", "Engine"),
    encrypted_at_rest=Derived(encrypted),
    customer_key=by_customer_key("kms_key_id", "KmsKeyId"),
    keys=key("kms_key_id", "KmsKeyId"),
    encrypted_in_transit=forces_tls(
        ref(
            "parameter_group_name",
            "DBParameterGroups[].DBParameterGroupName",
            "aws_db_parameter_group",
        )
    ),
    publicly_accessible=flag("publicly_accessible", "PubliclyAccessible"),
    public_ranges=ANYBODY,
    ports=DATABASE_PORTS,
    security_groups=groups("vpc_security_group_ids", "VpcSecurityGroups[].VpcSecurityGroupId"),
    subnets=subnets_by_group("db_subnet_group_name", "DBSubnetGroup.DBSubnetGroupName"),
    addresses=CHOSEN,
    spans_zones=flag("multi_az", "MultiAZ"),
    deletion_protected=flag("deletion_protection", "DeletionProtection"),
    backup_days=_of_replica(_BACKUP, "a read replica is backed up by the backups of its source"),
    minor_upgrades_automatic=flag("auto_minor_version_upgrade", "AutoMinorVersionUpgrade"),
    audit_logged=holds(
        bool, "enabled_cloudwatch_logs_exports", "EnabledCloudwatchLogsExports", unset=()
    ),
    cluster=Nothing(),
)

supports(
    "aws_db_subnet_group",
    "aws_db_parameter_group",
    "aws_db_option_group",
    "aws_rds_cluster_parameter_group",
    "aws_db_event_subscription",
    "aws_db_instance_role_association",
    "aws_rds_cluster_role_association",
)
