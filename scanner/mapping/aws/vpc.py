"""VPCs and their subnets, and who uses an elastic address.

API paths are those of DescribeVpcs, DescribeSubnets, DescribeNetworkInterfaces, DescribeAddresses,
DescribeVpcPeeringConnections and DescribeFlowLogs (botocore service model `ec2`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from scanner.mapping.aws.references import TABLES, groups, network, subnets
from scanner.mapping.fields import Attr, Derived, always, either, flag, never, written
from scanner.mapping.references import Nothing, merge_links, ref, ref_if_set, refs
from scanner.mapping.registry import companion, maps
from scanner.model.network import (
    FlowLog,
    Network,
    NetworkInterface,
    Peering,
    PublicAddress,
    Subnet,
)
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value


def _ranges(*paths: str) -> Derived:
    """Read the address ranges that stand in several attributes."""

    def read(block: Block) -> Value[tuple[str, ...]]:
        found: list[str] = []
        for path in paths:
            content = written(block, path)
            if isinstance(content, Unknown):
                return Value(content, block, path)
            found += [item for item in _listed(content) if isinstance(item, str) and item]
        return Value(tuple(found), block, paths[0])

    return Derived(read)


def _listed(content: object) -> list[object]:
    return content if isinstance(content, list) else [content]


_MADE: Final = never("a VPC that the configuration makes is never the account's default one")
_READ: Final = flag("default", "IsDefault")


def _is_default(block: Block) -> Truth:
    """Whether a VPC that is looked up, or read from the account, is its default one."""
    made = block.record.managed and block.record.shape != "api"
    return _MADE.read(block) if made else _READ.read(block)


maps(
    "aws_vpc",
    to=Network,
    cidrs=_ranges("cidr_block", "ipv6_cidr_block"),
    is_default=Derived(_is_default),
)
maps(
    "aws_default_vpc",
    to=Network,
    cidrs=_ranges("cidr_block", "ipv6_cidr_block"),
    is_default=always("it is the account's default VPC"),
)


def _explicit_tables(block: Block) -> Links:
    """Read the route tables of the associations, which stand in records of their own."""
    found = block.record.companions("aws_route_table_association")
    types = frozenset(TABLES)
    links = merge_links(
        block,
        [Links(block, "route_table_id")]
        + [record.block.links("route_table_id", types) for record in found.certain],
        "route_table_id",
    )
    reasons = found.unknown
    if not block.record.managed and not found.certain:
        reasons = (*reasons, "the route table of a subnet that is only looked up is not read")
    return replace(links, unknown=(*links.unknown, *reasons)) if reasons else links


companion(
    "aws_route_table_association",
    ("aws_subnet", "aws_default_subnet"),
    "subnet_id",
    "Associations[].SubnetId",
)

_ASSIGNS: Final = either(
    flag("map_public_ip_on_launch", "MapPublicIpOnLaunch"),
    flag("assign_ipv6_address_on_creation", "AssignIpv6AddressOnCreation"),
)
# VPC User Guide, "IP addressing for your VPCs and subnets": a public address may be asked for in
# any subnet; whether it is of use depends on the routes.
_PERMITS: Final = always("AWS lets an interface in any subnet have a public address")

for _type in ("aws_subnet", "aws_default_subnet"):
    maps(
        _type,
        to=Subnet,
        network=network("vpc_id", "VpcId"),
        cidrs=_ranges("cidr_block", "ipv6_cidr_block"),
        zone=Attr("availability_zone", "AvailabilityZone"),
        assigns_public_addresses=_ASSIGNS,
        assigns_ipv6_addresses=flag(
            "assign_ipv6_address_on_creation", "AssignIpv6AddressOnCreation"
        ),
        permits_public_addresses=_PERMITS,
        route_tables=Derived(_explicit_tables),
        security_lists=Nothing(),
    )


def _has_ipv6_address(block: Block) -> Truth:
    """Whether an interface is given an address of version 6, which is public.

    VPC User Guide, "IP addressing for your VPCs and subnets".
    """
    for path in ("Ipv6Addresses", "ipv6_addresses", "ipv6_address_list", "ipv6_address_count"):
        found = written(block, path)
        if found not in (MISSING, [], 0) and not isinstance(found, Unknown):
            return known(True, Evidence(f"{block.address}.{path}", "an address of IPv6"))
    return known(False, Evidence(block.address, "no address of IPv6"))


def _has_public_address(block: Block) -> Truth:
    """Whether an interface has a public address: in a plan only an elastic one can be seen."""
    version6 = _has_ipv6_address(block)
    if version6.is_true:
        return version6
    association = block.read("Association.PublicIp")
    if block.record.shape == "api":
        return known(association is not MISSING, Evidence(block.address, "Association"))
    # An aws_network_interface cannot be given one of IPv4 of its own: EC2 API Reference,
    # InstanceNetworkInterfaceSpecification: only an interface made with its instance gets one.
    found = block.record.companions("aws_eip")
    association_found = block.record.companions("aws_eip_association")
    for record in (*found.certain, *association_found.certain):
        return known(True, Evidence(record.address, f"assigned to {block.record.address}"))
    reasons = (*found.unknown, *association_found.unknown)
    if reasons:
        return unknown(*(Evidence(block.address, reason) for reason in reasons))
    fact = "no elastic address in what was read is assigned to it"
    return known(False, Evidence(block.address, fact))


maps(
    "aws_network_interface",
    to=NetworkInterface,
    subnets=subnets("subnet_id", "SubnetId"),
    security_groups=groups("security_groups", "Groups[].GroupId"),
    has_public_address=Derived(_has_public_address),
    source_check=flag("source_dest_check", "SourceDestCheck"),
)

_INSTANCES: Final = ("aws_instance", "aws_spot_instance_request")

companion("aws_eip", "aws_network_interface", "network_interface", "NetworkInterfaceId")
companion(
    "aws_eip_association", "aws_network_interface", "network_interface_id", "NetworkInterfaceId"
)
maps(
    "aws_eip",
    to=PublicAddress,
    assigned_to=refs(
        ref_if_set("instance", "InstanceId", *_INSTANCES),
        ref_if_set("network_interface", "NetworkInterfaceId", "aws_network_interface"),
    ),
)
maps(
    "aws_eip_association",
    to=PublicAddress,
    assigned_to=refs(
        ref_if_set("instance_id", "InstanceId", *_INSTANCES),
        ref_if_set("network_interface_id", "NetworkInterfaceId", "aws_network_interface"),
    ),
)

maps(
    "aws_vpc_peering_connection",
    to=Peering,
    networks=refs(
        network("vpc_id", "RequesterVpcInfo.VpcId"),
        network("peer_vpc_id", "AccepterVpcInfo.VpcId"),
    ),
)
maps(
    "aws_vpc_peering_connection_accepter",
    to=Peering,
    networks=refs(
        network("vpc_id", "AccepterVpcInfo.VpcId"),
        network("peer_vpc_id", "RequesterVpcInfo.VpcId"),
    ),
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
