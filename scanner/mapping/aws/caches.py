"""In-memory stores: ElastiCache and MemoryDB.

API paths are those of DescribeReplicationGroups, DescribeCacheClusters, DescribeServerlessCaches
(botocore service model `elasticache`) and DescribeClusters (`memorydb`).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.aws.aurora import AT_CLUSTER
from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.aws.ports import ANYBODY, of_engine, ports, ports_by_engine
from scanner.mapping.aws.rds import DEFAULT_NETWORK
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.fields import (
    Attr,
    Certain,
    Constant,
    Derived,
    NotApplicable,
    always,
    both,
    flag,
    holds,
    never,
    written,
)
from scanner.mapping.references import Through, ref
from scanner.mapping.registry import maps, supports
from scanner.model.base import Field
from scanner.model.data import Cache
from scanner.record import MISSING, Block
from scanner.truth import Truth
from scanner.value import Unknown, Value

# Amazon ElastiCache User Guide, "Amazon VPCs and ElastiCache security": no public addresses.
_IN_VPC: Final = never("the nodes have addresses of their VPC only")
_NOT_PROTECTED: Final = NotApplicable("the service has no protection against deletion")
_SUBNETS: Final = subnets("subnet_ids", "Subnets[].SubnetIdentifier")
_BY_GROUP: Final = Through(
    ref("subnet_group_name", "CacheSubnetGroupName", "aws_elasticache_subnet_group"),
    {"aws_elasticache_subnet_group": _SUBNETS},
    unset=DEFAULT_NETWORK,
)


def _is_required(mode: Any) -> bool:
    return str(mode) != "preferred"


def _unless_of_group(own: Field) -> Derived:
    """Read a field of a cluster, which one that belongs to a replication group shares with it."""

    def read(block: Block) -> Any:
        terraform = block.record.shape == "terraform"
        path = "replication_group_id" if terraform else "ReplicationGroupId"
        group = written(block, path)
        return (own if group in (MISSING, "") else AT_CLUSTER).read(block)

    return Derived(read)


def _at_rest(block: Block) -> Truth:
    """Whether a node-based store is encrypted.

    Terraform registry, aws_elasticache_replication_group: at_rest_encryption_enabled is by default
    false with the engine redis and true with valkey.
    """
    attr = flag(
        "at_rest_encryption_enabled",
        "AtRestEncryptionEnabled",
        unset=block.read("engine") == "valkey",
    )
    return attr.read(block)


_ENGINE: Final = Attr("engine", "Engine")
_PORTS: Final = ports_by_engine(ports("port", "ConfigurationEndpoint.Port"), _ENGINE)


def _serverless_ports(block: Block) -> Value[tuple[int, ...]]:
    """Read the ports of a serverless cache: that of the engine, and the next one for reading.

    Amazon ElastiCache User Guide, "Setting up ElastiCache", "Grant network access".
    """
    engine = _ENGINE.read(block)
    first = of_engine(engine.content) if isinstance(engine.content, str) else None
    if first is None:
        reason = engine.content if isinstance(engine.content, Unknown) else Unknown("not known")
        return Value(reason, block, engine.path)
    return Value((first, first + 1), block, engine.path, "the ports of a serverless cache")


maps(
    "aws_elasticache_replication_group",
    to=Cache,
    engine=_ENGINE,
    encrypted_at_rest=Derived(_at_rest),
    customer_key=CustomerKey("kms_key_id", "KmsKeyId"),
    keys=key("kms_key_id", "KmsKeyId"),
    # With "preferred" both kinds of connections are accepted: ElastiCache User Guide, "In-transit
    # encryption (TLS)"; "required" is what an enabled one has by default.
    encrypted_in_transit=both(
        flag("transit_encryption_enabled", "TransitEncryptionEnabled"),
        holds(_is_required, "transit_encryption_mode", "TransitEncryptionMode"),
    ),
    publicly_accessible=_IN_VPC,
    security_groups=groups("security_group_ids", "SecurityGroups[].SecurityGroupId"),
    subnets=_BY_GROUP,
    addresses=CHOSEN,
    public_ranges=ANYBODY,
    ports=_PORTS,
    spans_zones=both(
        flag("multi_az_enabled", "MultiAZ"),
        flag("automatic_failover_enabled", "AutomaticFailover"),
    ),
    deletion_protected=_NOT_PROTECTED,
    minor_upgrades_automatic=flag("auto_minor_version_upgrade", "AutoMinorVersionUpgrade"),
)


def _memcached_or_encrypted(block: Block) -> Truth:
    # ElastiCache User Guide, "At-rest encryption": for replication groups only, on creation.
    return Certain(False, "a cluster without a replication group is not encrypted").read(block)


maps(
    "aws_elasticache_cluster",
    to=Cache,
    engine=_ENGINE,
    encrypted_at_rest=_unless_of_group(Derived(_memcached_or_encrypted)),
    customer_key=_unless_of_group(never("a cluster without a replication group names no key")),
    keys=key("kms_key_id", "KmsKeyId"),
    encrypted_in_transit=_unless_of_group(
        flag("transit_encryption_enabled", "TransitEncryptionEnabled")
    ),
    publicly_accessible=_unless_of_group(_IN_VPC),
    security_groups=_unless_of_group(
        groups("security_group_ids", "SecurityGroups[].SecurityGroupId")
    ),
    subnets=_unless_of_group(_BY_GROUP),
    addresses=CHOSEN,
    public_ranges=ANYBODY,
    ports=_unless_of_group(_PORTS),
    spans_zones=_unless_of_group(
        holds(lambda mode: mode == "cross-az", "az_mode", "PreferredAvailabilityZone")
    ),
    deletion_protected=_NOT_PROTECTED,
    minor_upgrades_automatic=_unless_of_group(
        flag("auto_minor_version_upgrade", "AutoMinorVersionUpgrade")
    ),
)

maps(
    "aws_elasticache_serverless_cache",
    to=Cache,
    engine=_ENGINE,
    # ElastiCache User Guide, "At-Rest Encryption in ElastiCache" and "In-transit encryption".
    encrypted_at_rest=always("serverless caches are always encrypted"),
    customer_key=CustomerKey("kms_key_id", "KmsKeyId"),
    keys=key("kms_key_id", "KmsKeyId"),
    encrypted_in_transit=always("serverless caches only accept TLS"),
    publicly_accessible=_IN_VPC,
    security_groups=groups("security_group_ids", "SecurityGroupIds"),
    subnets=subnets("subnet_ids", "SubnetIds"),
    addresses=CHOSEN,
    public_ranges=ANYBODY,
    ports=Derived(_serverless_ports),
    spans_zones=always("a serverless cache is kept in several zones"),
    deletion_protected=_NOT_PROTECTED,
    minor_upgrades_automatic=always("AWS upgrades serverless caches by itself"),
)

maps(
    "aws_memorydb_cluster",
    to=Cache,
    engine=Constant("memorydb"),
    # Amazon MemoryDB Developer Guide, "At-Rest Encryption in MemoryDB".
    encrypted_at_rest=always("MemoryDB always encrypts its transaction log and snapshots"),
    customer_key=CustomerKey("kms_key_arn", "KmsKeyId"),
    keys=key("kms_key_arn", "KmsKeyId"),
    encrypted_in_transit=flag("tls_enabled", "TLSEnabled"),
    publicly_accessible=_IN_VPC,
    security_groups=groups("security_group_ids", "SecurityGroups[].SecurityGroupId"),
    subnets=Through(
        ref("subnet_group_name", "SubnetGroupName", "aws_memorydb_subnet_group"),
        {"aws_memorydb_subnet_group": subnets("subnet_ids", "Subnets[].Identifier")},
        unset=DEFAULT_NETWORK,
    ),
    addresses=CHOSEN,
    public_ranges=ANYBODY,
    ports=ports("port", "ClusterEndpoint.Port"),
    # MemoryDB Developer Guide, "Minimizing downtime in MemoryDB with Multi-AZ": a shard with a
    # replica is kept in more than one zone.
    spans_zones=holds(
        lambda replicas: int(replicas) > 0, "num_replicas_per_shard", "NumberOfReplicasPerShard"
    ),
    deletion_protected=_NOT_PROTECTED,
    minor_upgrades_automatic=flag("auto_minor_version_upgrade", "AutoMinorVersionUpgrade"),
)

supports(
    "aws_elasticache_subnet_group",
    "aws_elasticache_parameter_group",
    "aws_memorydb_subnet_group",
    "aws_memorydb_parameter_group",
)
