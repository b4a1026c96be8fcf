"""The default security group of a VPC, for what names no group, and groups that are added later.

VPC User Guide, "Default security groups for your VPCs": whatever names no group gets the default
one.  Where nothing is added, references stay empty, which says the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scanner.mapping.aws.references import NETWORKS, SUBNETS, groups, network
from scanner.mapping.links import only_target, with_companions, with_doubts
from scanner.mapping.references import Through
from scanner.model.base import Field
from scanner.record import Block, Links

_TYPES: Final = frozenset(NETWORKS)
_ADDED: Final = groups("security_group_id", "GroupId")
_OF_SUBNETS: Final = dict.fromkeys(SUBNETS, network("vpc_id", "VpcId"))


def networks_of(subnets: Field) -> Through:
    """Read the VPCs of subnets."""
    return Through(subnets, _OF_SUBNETS)


def default_group(block: Block, networks: Links) -> Links:
    """Give the default group of a VPC: adopted by a resource, or as it is made with the VPC."""
    path = networks.path
    name = only_target(networks)
    if not name:
        reason = "the default security group of its VPC, and it is not known which VPC that is"
        return Links(block, path, unknown=(reason,))
    for record in block.record.peers.of("aws_default_security_group"):
        links = record.block.links("vpc_id", _TYPES)
        if name in links.targets:
            return Links(block, path, targets=(record.address,))
        if name in links.candidates() or links.unknown:
            reason = f"the default security group of {name}, which {record.address} may be"
            return Links(block, path, unknown=(reason,))
    return Links(block, path, targets=(name,))


def with_added(block: Block, named: Links, type: str, networks: Callable[[Block], Links]) -> Links:
    """Give the groups that something names, and those that records of a type add to them.

    Where it names none, it had the default group of its VPC before others were added.
    """
    found = block.record.companions(type)
    if not found.certain and not found.perhaps:
        return with_doubts(named, *found.missing)
    own = default_group(block, networks(block)) if named.is_empty else named
    return with_companions(block, named.path, type, _ADDED, (own,))
