"""VPCs and their subnets with all address ranges, and flow logs.

API paths are those of DescribeVpcs, DescribeSubnets, DescribeRouteTables and DescribeFlowLogs
(botocore service model `ec2`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from scanner.mapping.aws.references import NETWORKS, SUBNETS, TABLES, network, subnets
from scanner.mapping.fields import Attr, Derived, always, either, flag, never, written
from scanner.mapping.links import with_companions, with_doubts
from scanner.mapping.references import Nothing, merge_links, ref
from scanner.mapping.registry import companion, maps
from scanner.model.network import FlowLog, Network, Subnet
from scanner.record import MISSING, Block, Links
from scanner.truth import Truth
from scanner.value import Unknown, Value

# VPC User Guide, "Default VPCs": a default VPC has this range.
_OF_DEFAULT: Final = "172.31.0.0/16"
_IN_USE: Final = ("associated", "associating")


def _ranges(
    block: Block, path: str, items: Iterable[object], note: str = ""
) -> Value[tuple[str, ...]]:
    """Make a Value of ranges; one that is unknown makes the whole unknown."""
    found: list[str] = []
    for item in items:
        if isinstance(item, str):
            found += [item] if item else []
        elif item is not MISSING:
            why = item if isinstance(item, Unknown) else Unknown("not of the expected form")
            return Value(why, block, path)
    return Value(tuple(dict.fromkeys(found)), block, path, note)


def _associated(block: Block, path: str, name: str, state: str) -> Iterator[object]:
    """Give the ranges of a list of associations that are in use."""
    blocks = block.blocks(path)
    if isinstance(blocks, Unknown):
        if block.record.shape == "api" or not block.record.managed:
            yield blocks
        return
    for item in blocks:
        if item.read(state) in (MISSING, *_IN_USE):
            yield item.read(name)


def _separate(block: Block, type: str, path: str) -> Iterator[object]:
    """Give the further ranges of a VPC that stand in records of their own."""
    found = block.record.companions(type)
    for record in found.certain:
        text = written(record.block, path)
        missing = Unknown(f"the range of {record.address} is given after apply")
        yield missing if text in (MISSING, "") else text
    for reason in found.unknown:
        yield Unknown(reason)


def _cidrs(block: Block) -> Value[tuple[str, ...]]:
    """Read the ranges of IPv4 of a VPC: the first one and all that were added."""
    if block.record.shape == "api":
        path = "CidrBlockAssociationSet"
        parts = _associated(block, path, "CidrBlock", "CidrBlockState.State")
        return _ranges(block, path, (block.read("CidrBlock"), *parts))
    first = _given(block, "cidr_block", "ipv4_ipam_pool_id")
    note = ""
    if block.record.type == "aws_default_vpc" and written(block, "cidr_block") is MISSING:
        first, note = _OF_DEFAULT, "as AWS makes it"
    others = _associated(block, "cidr_block_associations", "cidr_block", "state")
    separate = _separate(block, "aws_vpc_ipv4_cidr_block_association", "cidr_block")
    return _ranges(block, "cidr_block", (first, *others, *separate), note)


def _given(block: Block, path: str, pool: str) -> object:
    """Read a range that something always has: where it is not written, a pool gives it."""
    found = written(block, path)
    if found not in (MISSING, ""):
        return found
    asked = written(block, pool) is not MISSING
    return Unknown("a pool of addresses gives it after apply" if asked else "not set")


def _ipv6_cidrs(block: Block) -> Value[tuple[str, ...]]:
    """Read the ranges of IPv6 of a VPC, which has none unless one is asked for."""
    if block.record.shape == "api":
        path = "Ipv6CidrBlockAssociationSet"
        parts = _associated(block, path, "Ipv6CidrBlock", "Ipv6CidrBlockState.State")
        return _ranges(block, path, parts)
    separate = _separate(block, "aws_vpc_ipv6_cidr_block_association", "ipv6_cidr_block")
    return _ranges(block, "ipv6_cidr_block", (_asked(block), *separate))


def _asked(block: Block) -> object:
    """Read a range of IPv6 that something may have; unknown where one is asked for."""
    found = written(block, "ipv6_cidr_block")
    if found not in (MISSING, ""):
        return found
    generated = written(block, "assign_generated_ipv6_cidr_block")
    if isinstance(generated, Unknown):
        return generated
    if generated in (True, "true"):
        return Unknown("Amazon gives it after apply")
    if written(block, "ipv6_ipam_pool_id") is not MISSING:
        return Unknown("a pool of addresses gives it after apply")
    return MISSING


_MADE: Final = never("a VPC that the configuration makes is never the account's default one")
_READ: Final = flag("default", "IsDefault")


def _is_default(block: Block) -> Truth:
    """Whether a VPC that is looked up, or read from the account, is its default one."""
    made = block.record.managed and block.record.shape != "api"
    return _MADE.read(block) if made else _READ.read(block)


for _family in ("aws_vpc_ipv4_cidr_block_association", "aws_vpc_ipv6_cidr_block_association"):
    companion(_family, NETWORKS, "vpc_id", "VpcId")

maps(
    "aws_vpc",
    to=Network,
    cidrs=Derived(_cidrs),
    ipv6_cidrs=Derived(_ipv6_cidrs),
    is_default=Derived(_is_default),
)
maps(
    "aws_default_vpc",
    to=Network,
    cidrs=Derived(_cidrs),
    ipv6_cidrs=Derived(_ipv6_cidrs),
    is_default=always("it is the account's default VPC"),
)


def _explicit_tables(block: Block) -> Links:
    """Read the route tables of the associations, which stand in records of their own."""
    links = with_companions(block, _TABLE.terraform, "aws_route_table_association", _TABLE)
    if block.record.managed or links.targets:
        return links
    return with_doubts(links, "the route table of a subnet that is only looked up is not read")


_TABLE: Final = ref("route_table_id", "RouteTableId", *TABLES)
companion("aws_route_table_association", SUBNETS, "subnet_id", "Associations[].SubnetId")

_ASSIGNS: Final = either(
    flag("map_public_ip_on_launch", "MapPublicIpOnLaunch"),
    flag("assign_ipv6_address_on_creation", "AssignIpv6AddressOnCreation"),
)
# VPC User Guide, "IP addressing for your VPCs and subnets": a public address may be asked for in
# any subnet; whether it is of use depends on the routes.
_PERMITS: Final = always("AWS lets an interface in any subnet have a public address")


def _cidrs_of_subnet(block: Block) -> Value[tuple[str, ...]]:
    """Read the range of IPv4, which only a subnet of IPv6 alone does without."""
    if block.record.shape == "api":
        return _ranges(block, "CidrBlock", (block.read("CidrBlock"),))
    if written(block, "cidr_block") in (MISSING, ""):
        alone = written(block, "ipv6_native")
        if isinstance(alone, Unknown) or alone in (True, "true"):
            return Value(alone if isinstance(alone, Unknown) else (), block, "ipv6_native")
    return _ranges(block, "cidr_block", (_given(block, "cidr_block", "ipv4_ipam_pool_id"),))


def _ipv6_cidrs_of_subnet(block: Block) -> Value[tuple[str, ...]]:
    if block.record.shape == "api":
        return _ipv6_cidrs(block)
    return _ranges(block, "ipv6_cidr_block", (_asked(block),))


def _network_of_subnet(block: Block) -> Links:
    """Read the VPC; a default subnet is in the default one of its account and region.

    VPC User Guide, "Default VPC components".
    """
    links = network("vpc_id", "VpcId").read(block)
    if block.record.type != "aws_default_subnet" or links.targets or links.outside:
        return links
    here = block.record.location
    found = [
        record.address
        for record in block.record.peers.of("aws_default_vpc")
        if not (here.region and record.location.region) or here.region == record.location.region
    ]
    return Links(block, "vpc_id", targets=(found[0],)) if len(found) == 1 else links


for _type in SUBNETS:
    maps(
        _type,
        to=Subnet,
        network=Derived(_network_of_subnet),
        cidrs=Derived(_cidrs_of_subnet),
        ipv6_cidrs=Derived(_ipv6_cidrs_of_subnet),
        zone=Attr("availability_zone", "AvailabilityZone"),
        assigns_public_addresses=_ASSIGNS,
        assigns_ipv4_addresses=flag("map_public_ip_on_launch", "MapPublicIpOnLaunch"),
        assigns_ipv6_addresses=flag(
            "assign_ipv6_address_on_creation", "AssignIpv6AddressOnCreation"
        ),
        permits_public_addresses=_PERMITS,
        route_tables=Derived(_explicit_tables),
        security_lists=Nothing(),
    )

_LOGGED: Final = (
    network("vpc_id", "ResourceId"),
    subnets("subnet_id", ""),
    ref("eni_id", "", "aws_network_interface"),
    ref("transit_gateway_id", "", "aws_ec2_transit_gateway"),
    ref("transit_gateway_attachment_id", "", "aws_ec2_transit_gateway_vpc_attachment"),
)


def _of(block: Block) -> Links:
    if block.record.shape == "api":
        return block.links("ResourceId")
    return merge_links(block, [part.read(block) for part in _LOGGED if block.has(part.terraform)])


maps(
    "aws_flow_log",
    to=FlowLog,
    of=Derived(_of),
    traffic=Attr("traffic_type", "TrafficType"),
    # A transit gateway's log has no traffic type: it records all.
    enabled=always("a flow log runs from the moment it is made"),
)
