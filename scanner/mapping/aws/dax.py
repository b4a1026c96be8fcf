"""Caches of DynamoDB: DAX.

API paths are those of DescribeClusters and DescribeSubnetGroups (botocore service model `dax`).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.aws.ports import ANYBODY
from scanner.mapping.aws.rds import DEFAULT_NETWORK
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.fields import (
    Attr,
    Constant,
    Derived,
    NotApplicable,
    always,
    holds,
    never,
    written,
)
from scanner.mapping.references import Nothing, Through, ref
from scanner.mapping.registry import maps, supports
from scanner.model.data import Cache
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, known
from scanner.value import Unknown, Value

_CIPHERED: Final = Attr("cluster_endpoint_encryption_type", "ClusterEndpointEncryptionType")


def _ports(block: Block) -> Value[tuple[int, ...]]:
    """Read where it answers.

    Amazon DynamoDB Developer Guide, "DAX encryption in transit": 9111 with TLS, 8111 without.
    """
    kind = _CIPHERED.read(block)
    if isinstance(kind.content, Unknown):
        return kind
    return Value((9111,) if kind.content == "TLS" else (8111,), block, kind.path, "port of DAX")


_NODES: Final = holds(lambda nodes: int(nodes) > 1, "replication_factor", "TotalNodes")


def _spans_zones(block: Block) -> Truth:
    """Whether there is a further node in another zone.

    DAX API Reference, CreateCluster, AvailabilityZones: one for each node; where none is named, the
    nodes are spread over zones.
    """
    several: Truth = _NODES.read(block)
    zones: Any = written(block, "availability_zones")
    if zones is MISSING or zones == [] or not isinstance(zones, list):
        return several
    named = {zone for zone in zones if isinstance(zone, str)}
    if len(named) == 1 and not any(isinstance(zone, Unknown) for zone in zones):
        return known(False, Evidence(f"{block.address}.availability_zones", "all in one zone"))
    return several


maps(
    "aws_dax_cluster",
    to=Cache,
    engine=Constant("dax"),
    encrypted_at_rest=holds(
        lambda state: state in (True, "true", "ENABLED", "ENABLING"),
        "server_side_encryption.enabled",
        "SSEDescription.Status",
    ),
    # Amazon DynamoDB Developer Guide, "DAX encryption at rest": with the key of AWS for DAX.
    customer_key=never("DAX encrypts with a key of AWS"),
    keys=Nothing(),
    encrypted_in_transit=holds(
        lambda kind: kind == "TLS",
        "cluster_endpoint_encryption_type",
        "ClusterEndpointEncryptionType",
    ),
    publicly_accessible=never("the nodes have addresses of their VPC only"),
    public_ranges=ANYBODY,
    ports=Derived(_ports),
    # DAX API Reference, CreateCluster, SecurityGroupIds: else the default group of the VPC.
    security_groups=groups("security_group_ids", "SecurityGroups[].SecurityGroupIdentifier"),
    subnets=Through(
        ref("subnet_group_name", "SubnetGroup", "aws_dax_subnet_group"),
        {"aws_dax_subnet_group": subnets("subnet_ids", "Subnets[].SubnetIdentifier")},
        unset=DEFAULT_NETWORK,
    ),
    addresses=CHOSEN,
    spans_zones=Derived(_spans_zones),
    deletion_protected=NotApplicable("DAX has no protection against deletion"),
    # Amazon DynamoDB Developer Guide, "DAX cluster components", maintenance windows.
    minor_upgrades_automatic=always("AWS patches the nodes in their maintenance window"),
)
supports("aws_dax_subnet_group", "aws_dax_parameter_group")
