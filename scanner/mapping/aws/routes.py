"""Route tables with their routes, inline and separate, and which of them is the main one.

API paths are those of DescribeRouteTables (botocore service model `ec2`), whose answer holds
every route inline.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from scanner.mapping.aws.prefix_lists import behind
from scanner.mapping.aws.references import NETWORKS, TABLES, network
from scanner.mapping.fields import Derived, shown, written
from scanner.mapping.references import merge_links
from scanner.mapping.registry import companion, maps
from scanner.model.network import GatewayKind, Route, RouteTable
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value

# Every attribute that names a target: Terraform's, the API's, what it leads to, and its types.
_TARGETS: Final = (
    (
        "gateway_id",
        "GatewayId",
        GatewayKind.OTHER,
        ("aws_internet_gateway", "aws_vpn_gateway", "aws_vpc_endpoint"),
    ),
    ("nat_gateway_id", "NatGatewayId", GatewayKind.NAT, ("aws_nat_gateway",)),
    (
        "egress_only_gateway_id",
        "EgressOnlyInternetGatewayId",
        GatewayKind.EGRESS_ONLY,
        ("aws_egress_only_internet_gateway",),
    ),
    (
        "transit_gateway_id",
        "TransitGatewayId",
        GatewayKind.HUB,
        ("aws_ec2_transit_gateway", "aws_ec2_transit_gateway_vpc_attachment"),
    ),
    (
        "vpc_peering_connection_id",
        "VpcPeeringConnectionId",
        GatewayKind.PEERING,
        ("aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter"),
    ),
    ("vpc_endpoint_id", "VpcEndpointId", GatewayKind.ENDPOINT, ("aws_vpc_endpoint",)),
    (
        "network_interface_id",
        "NetworkInterfaceId",
        GatewayKind.INTERFACE,
        ("aws_network_interface", "aws_instance"),
    ),
    ("instance_id", "InstanceId", GatewayKind.INTERFACE, ("aws_instance",)),
    ("core_network_arn", "CoreNetworkArn", GatewayKind.HUB, ("aws_networkmanager_core_network",)),
    ("carrier_gateway_id", "CarrierGatewayId", GatewayKind.OTHER, ("aws_ec2_carrier_gateway",)),
    ("local_gateway_id", "LocalGatewayId", GatewayKind.OTHER, ("aws_ec2_local_gateway",)),
    ("odb_network_arn", "OdbNetworkArn", GatewayKind.PEERING, ("aws_odb_network",)),
)
# VPC User Guide, "Route tables": the id of the target tells what it is.
_PREFIXES: Final = (
    ("igw-", GatewayKind.INTERNET),
    ("vgw-", GatewayKind.VPN),
    ("vpce-", GatewayKind.ENDPOINT),
    ("eigw-", GatewayKind.EGRESS_ONLY),
    ("nat-", GatewayKind.NAT),
    ("tgw-", GatewayKind.HUB),
    ("pcx-", GatewayKind.PEERING),
    ("eni-", GatewayKind.INTERFACE),
    ("cagw-", GatewayKind.OTHER),
)
_INLINE: Final = ("cidr_block", "ipv6_cidr_block", "destination_prefix_list_id")
_SEPARATE: Final = (
    "destination_cidr_block",
    "destination_ipv6_cidr_block",
    "destination_prefix_list_id",
)
_API: Final = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


def _routes_of(block: Block, destinations: Sequence[str]) -> Iterator[Route]:
    """Give the routes of one block: one for each range of its destination."""
    path, kind, target = _target(block)
    source = Value(kind, block, path)
    for destination in _destinations(block, destinations):
        yield Route(destination, source, target, _active(block))


def _destinations(block: Block, paths: Sequence[str]) -> Iterator[Value[str]]:
    found = False
    for path in paths[:2]:
        content = written(block, path)
        if content is MISSING or content == "":
            continue
        found = True
        if isinstance(content, (str, Unknown)):
            yield Value(content, block, path)
        else:
            yield Value(Unknown("not of the expected form"), block, path)
    path = paths[2]
    if block.has(path) and written(block, path) is not MISSING:
        found = True
        ranges = behind(block, path)
        for text in ranges.known:
            yield Value(text, block, path)
        for reason in ranges.unknown:
            yield Value(Unknown(reason), block, path)
    if not found:
        yield Value(Unknown("no destination can be read"), block, paths[0])


def _target(block: Block) -> tuple[str, GatewayKind, Links]:
    candidates: list[tuple[str, GatewayKind, Links]] = []
    api = block.record.shape == "api"
    for terraform, name, kind, types in _TARGETS:
        path = name if api else terraform
        content = written(block, path)
        if content is MISSING or content == "":
            continue
        links = block.links(path, frozenset(types))
        if isinstance(content, str):
            return path, _kind_of(content, kind), links
        if not links.is_empty:
            candidates.append((path, kind, links))
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        reason = "no target can be read"
        return "", GatewayKind.OTHER, Links(block, "", unknown=(reason,))
    merged = merge_links(block, [links for _, _, links in candidates])
    maybe = tuple(dict.fromkeys(merged.candidates()))
    reasons = merged.unknown or ("it is not known which of these is the target",)
    return (
        merged.path,
        GatewayKind.OTHER,
        replace(merged, targets=(), one_of=(), maybe=maybe, unknown=reasons),
    )


def _kind_of(content: str, kind: GatewayKind) -> GatewayKind:
    if content == "local":
        return GatewayKind.LOCAL
    for prefix, found in _PREFIXES:
        if content.startswith(prefix):
            return found
    return kind


def _active(block: Block) -> Truth:
    state = block.read("State" if block.record.shape == "api" else "state")
    if isinstance(state, str):
        return known(state == "active", Evidence(f"{block.address}.state", f'"{state}"'))
    # A route that a plan makes is taken: that needs no evidence beside its target.
    return known(True)


def _hole(block: Block, path: str, reason: str) -> Route:
    """Stand for routes that may exist and of which nothing is known."""
    missing = Unknown(reason)
    return Route(
        Value(missing, block, path),
        Value(GatewayKind.OTHER, block, path),
        Links(block, path, unknown=(reason,)),
        unknown(Evidence(f"{block.address}.{path}", reason)),
    )


def _routes(block: Block) -> Value[tuple[Route, ...]]:
    """Read the inline routes and those of `aws_route`."""
    api = block.record.shape == "api"
    path = "Routes" if api else "route"
    found: list[Route] = []
    if not api and not block.record.managed:
        # The data source calls its blocks `routes`.
        path = "routes"
    if shown(block, path) is not MISSING:
        blocks = block.blocks(path)
        if isinstance(blocks, Unknown):
            found.append(_hole(block, path, blocks.reason))
        else:
            for item in blocks:
                found += _routes_of(item, _API if api else _INLINE)
    elif not block.record.managed:
        found.append(_hole(block, path, "the routes of a table that is looked up were not read"))
    return Value((*found, *_separate(block)), block, path)


def _separate(block: Block) -> Iterator[Route]:
    separate = block.record.companions("aws_route")
    for record in separate.certain:
        yield from _routes_of(record.block, _SEPARATE)
    for reason in separate.unknown:
        yield _hole(block, "route", reason)


def _is_main(block: Block) -> Truth:
    """Whether the API says so, or an association makes it the main table."""
    path = "Associations[].Main" if block.record.shape == "api" else "associations[].main"
    flags = block.read(path)
    if isinstance(flags, list) and any(flag is True for flag in flags):
        return known(True, Evidence(f"{block.address}.{path}", "true"))
    found = block.record.companions("aws_main_route_table_association")
    for record in found.certain:
        return known(True, Evidence(record.address, f"makes {block.record.address} the main table"))
    if found.unknown:
        return unknown(*(Evidence(block.address, reason) for reason in found.unknown))
    if not block.record.managed and not isinstance(flags, list):
        fact = "whether a table that is looked up is the main one was not read"
        return unknown(Evidence(block.address, fact))
    return known(False, Evidence(block.address, "nothing makes it the main route table"))


def _network_of_default(block: Block) -> Links:
    """Read the VPC of a default table, which is written as an attribute of the VPC."""
    if isinstance(block.read("vpc_id"), str):
        return block.links("vpc_id", frozenset(NETWORKS))
    return block.links("default_route_table_id", frozenset(NETWORKS))


def _itself(block: Block) -> Links:
    return Links(block, "main_route_table_id", targets=(block.record.address,))


def _still_main(block: Block) -> Truth:
    """Whether the table made with the VPC has not been replaced as its main one."""
    links = _itself(block) if block.record.type in NETWORKS else _network_of_default(block)
    mine = set(links.candidates())
    for record in block.record.peers.of("aws_main_route_table_association"):
        other = record.block.links("vpc_id", frozenset(NETWORKS))
        if mine.intersection(other.targets) and links.certain:
            return known(False, Evidence(record.address, "makes another table the main one"))
        if mine.intersection(other.candidates()) or other.unknown:
            return unknown(Evidence(record.address, "may make another table the main one"))
    return known(True, Evidence(block.address, "the main route table that is made with the VPC"))


companion("aws_route", (*TABLES, *NETWORKS), "route_table_id", "RouteTableId")
companion("aws_main_route_table_association", "aws_route_table", "route_table_id", "RouteTableId")

maps(
    "aws_route_table",
    to=RouteTable,
    network=network("vpc_id", "VpcId"),
    is_main=Derived(_is_main),
    routes=Derived(_routes),
)
maps(
    "aws_default_route_table",
    to=RouteTable,
    network=Derived(_network_of_default),
    is_main=Derived(_still_main),
    routes=Derived(_routes),
)


def _has_routes(block: Block) -> bool:
    found = block.record.companions("aws_route")
    return bool(found.certain or found.unknown)


def _as_made(block: Block) -> Value[tuple[Route, ...]]:
    """Give the routes added to the table that AWS makes with a VPC, and those it is made with.

    VPC User Guide, "Default VPCs": the main table of a default VPC sends 0.0.0.0/0 to the internet
    gateway that is made with the VPC.  Adopting the table removes that route.
    """
    path = "main_route_table_id"
    if block.record.type != "aws_default_vpc" or _is_adopted(block):
        return Value(tuple(_separate(block)), block, path)
    source = Value("0.0.0.0/0", block, path, "as AWS makes it")
    out = Route(source, Value(GatewayKind.INTERNET, block, path), Links(block, path), known(True))
    return Value((out, *_separate(block)), block, path)


def _is_adopted(block: Block) -> bool:
    tables = block.record.peers.of("aws_default_route_table")
    return any(
        block.record.address in _network_of_default(table.block).candidates() for table in tables
    )


for _type in NETWORKS:
    # Routes may be added to the table that AWS makes with a VPC, by its main_route_table_id.
    maps(
        _type,
        to=RouteTable,
        when=_has_routes,
        network=Derived(_itself),
        is_main=Derived(_still_main),
        routes=Derived(_as_made),
    )
