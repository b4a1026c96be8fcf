"""Clusters of RDS: Aurora and Multi-AZ DB clusters, their instances, and global clusters.

API paths are those of DescribeDBClusters, DescribeDBInstances and DescribeGlobalClusters (botocore
service model `rds`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.kms import key
from scanner.mapping.aws.parameters import forces_tls
from scanner.mapping.aws.ports import ANYBODY
from scanner.mapping.aws.rds import subnets_by_group
from scanner.mapping.aws.rds_origin import by_customer_key, encrypted
from scanner.mapping.aws.rds_ports import DATABASE_PORTS
from scanner.mapping.aws.references import CHOSEN, groups
from scanner.mapping.fields import Attr, Derived, NotApplicable, flag, holds, written
from scanner.mapping.references import Nothing, OfOther, ref
from scanner.mapping.registry import companion, maps
from scanner.model.data import Database
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value

AT_CLUSTER: Final = NotApplicable("it shares this property with its cluster, which is judged")
AT_INSTANCES: Final = NotApplicable("each instance of the cluster decides this for itself")


def spans_zones(type: str, *, spread: bool = True) -> Derived:
    """Read whether a cluster has instances in more than one zone.

    Amazon Aurora User Guide, "High availability for Amazon Aurora": the storage is in three zones,
    but the database only stays up if an instance in another zone can take over.
    spread: whether the service is known to put instances that name no zone in different ones.
    """

    def read(block: Block) -> Truth:
        if block.record.shape == "api":
            return flag("multi_az", "MultiAZ").read(block)
        kind = written(block, "db_cluster_instance_class")
        if isinstance(kind, str) or block.read("engine_mode") == "serverless":
            fact = "a cluster of this kind has its instances, or a replacement, in several zones"
            return known(True, Evidence(block.address, fact))
        found = _by_instances(block, type, spread)
        if isinstance(kind, Unknown):
            return found | unknown(Value(kind, block, "db_cluster_instance_class"))
        return found

    return Derived(read)


def _by_instances(block: Block, type: str, spread: bool) -> Truth:
    companions = block.record.companions(type)
    zones = [record.block.read("availability_zone") for record in companions.certain]
    names = ", ".join(record.address for record in companions.certain) or "none"
    fact = Evidence(block.address, f"instances: {names}")
    named = [zone for zone in zones if isinstance(zone, str)]
    if len(set(named)) > 1:
        return known(True, fact)
    if len(zones) > 1 and not named and spread:
        # RDS API, CreateDBCluster, AvailabilityZones: the first three instances of an Aurora
        # cluster are put in different zones.
        return known(True, fact)
    if companions.unknown:
        return unknown(*(Evidence(block.address, reason) for reason in companions.unknown))
    if len(zones) > 1 and any(not isinstance(zone, str) for zone in zones):
        return unknown(Evidence(block.address, "the zone of one of its instances is not known"))
    return known(False, fact)


def _is_multi_az(block: Block) -> bool | Unknown:
    """Whether it is a Multi-AZ DB cluster: RDS makes its instances, no code does."""
    terraform = block.record.shape == "terraform"
    kind = written(block, "db_cluster_instance_class" if terraform else "DBClusterInstanceClass")
    return kind if isinstance(kind, Unknown) else kind not in (MISSING, "")


def _public(block: Block) -> Truth:
    """Whether a Multi-AZ DB cluster has a public address.

    RDS API, CreateDBCluster, PubliclyAccessible, which Terraform has no argument for: true without
    a subnet group and in the one named `default`, false in any other.
    """
    multi_az = _is_multi_az(block)
    if multi_az is False:
        found: Truth = AT_INSTANCES.read(block)
        return found
    if isinstance(multi_az, Unknown):
        return unknown(Evidence(f"{block.address}.db_cluster_instance_class", multi_az.reason))
    if block.record.shape == "api":
        return flag("", "PubliclyAccessible").read(block)
    path = f"{block.address}.db_subnet_group_name"
    group = written(block, "db_subnet_group_name")
    if group in (MISSING, "", "default"):
        return known(True, Evidence(path, "the default subnet group: RDS makes it public"))
    if isinstance(group, Unknown) and not _GROUP.read(block).targets:
        return unknown(Evidence(path, group.reason))
    return known(False, Evidence(path, "a subnet group is named: RDS does not make it public"))


_GROUP: Final = ref("db_subnet_group_name", "DBSubnetGroup", "aws_db_subnet_group")


def _upgrades(block: Block) -> Truth:
    multi_az = _is_multi_az(block)
    if multi_az is False:
        found: Truth = AT_INSTANCES.read(block)
        return found
    if isinstance(multi_az, Unknown):
        return unknown(Evidence(f"{block.address}.db_cluster_instance_class", multi_az.reason))
    if block.record.shape == "api":
        return flag("", "AutoMinorVersionUpgrade").read(block)
    # RDS API, CreateDBCluster, AutoMinorVersionUpgrade; Terraform has no argument for it.
    return known(True, Evidence(block.address, "RDS upgrades Multi-AZ DB clusters by default"))


maps(
    "aws_rds_cluster",
    to=Database,
    engine=Attr("engine", "Engine"),
    encrypted_at_rest=Derived(encrypted),
    customer_key=by_customer_key("kms_key_id", "KmsKeyId"),
    keys=key("kms_key_id", "KmsKeyId"),
    encrypted_in_transit=forces_tls(
        ref(
            "db_cluster_parameter_group_name",
            "DBClusterParameterGroup",
            "aws_rds_cluster_parameter_group",
        )
    ),
    publicly_accessible=Derived(_public),
    public_ranges=ANYBODY,
    ports=DATABASE_PORTS,
    security_groups=groups("vpc_security_group_ids", "VpcSecurityGroups[].VpcSecurityGroupId"),
    subnets=subnets_by_group("db_subnet_group_name", "DBSubnetGroup"),
    addresses=CHOSEN,
    spans_zones=spans_zones("aws_rds_cluster_instance"),
    deletion_protected=flag("deletion_protection", "DeletionProtection"),
    backup_days=Attr("backup_retention_period", "BackupRetentionPeriod"),
    minor_upgrades_automatic=Derived(_upgrades),
    audit_logged=holds(
        bool, "enabled_cloudwatch_logs_exports", "EnabledCloudwatchLogsExports", unset=()
    ),
    cluster=Nothing(),
)

maps(
    "aws_rds_cluster_instance",
    to=Database,
    engine=Attr("engine", "Engine"),
    encrypted_at_rest=AT_CLUSTER,
    customer_key=AT_CLUSTER,
    keys=Nothing(),
    encrypted_in_transit=AT_CLUSTER,
    publicly_accessible=flag("publicly_accessible", "PubliclyAccessible"),
    security_groups=AT_CLUSTER,
    subnets=AT_CLUSTER,
    addresses=CHOSEN,
    public_ranges=ANYBODY,
    ports=AT_CLUSTER,
    spans_zones=AT_CLUSTER,
    deletion_protected=AT_CLUSTER,
    backup_days=AT_CLUSTER,
    minor_upgrades_automatic=flag("auto_minor_version_upgrade", "AutoMinorVersionUpgrade"),
    audit_logged=AT_CLUSTER,
    cluster=ref("cluster_identifier", "DBClusterIdentifier", "aws_rds_cluster"),
)
companion(
    "aws_rds_cluster_instance", "aws_rds_cluster", "cluster_identifier", "DBClusterIdentifier"
)

_AT_MEMBERS: Final = NotApplicable("the member clusters decide this")

_OF_SOURCE: Final = OfOther(
    ref("source_db_cluster_identifier", "", "aws_rds_cluster"),
    {"aws_rds_cluster": Derived(encrypted)},
)


def _global_encrypted(block: Block) -> Truth:
    source = written(block, "source_db_cluster_identifier")
    if block.record.shape == "terraform" and source is not MISSING:
        return _OF_SOURCE.read(block)
    return flag("storage_encrypted", "StorageEncrypted").read(block)


maps(
    "aws_rds_global_cluster",
    to=Database,
    engine=Attr("engine", "Engine"),
    encrypted_at_rest=Derived(_global_encrypted),
    customer_key=_AT_MEMBERS,
    keys=Nothing(),
    encrypted_in_transit=_AT_MEMBERS,
    publicly_accessible=_AT_MEMBERS,
    security_groups=_AT_MEMBERS,
    subnets=_AT_MEMBERS,
    addresses=_AT_MEMBERS,
    public_ranges=_AT_MEMBERS,
    ports=_AT_MEMBERS,
    spans_zones=_AT_MEMBERS,
    deletion_protected=flag("deletion_protection", "DeletionProtection"),
    backup_days=_AT_MEMBERS,
    minor_upgrades_automatic=_AT_MEMBERS,
    audit_logged=_AT_MEMBERS,
    cluster=Nothing(),
)
