"""Reads one written route: its destinations, and which gateway or other thing it leads to.

EC2 API Reference, Route; Terraform registry, aws_route and aws_route_table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from scanner.mapping.aws.peerings import peering_links
from scanner.mapping.aws.prefix_lists import behind
from scanner.mapping.aws.references import by_attribute
from scanner.mapping.fields import written
from scanner.mapping.references import merge_links
from scanner.model.network import GatewayKind, Route
from scanner.record import MISSING, Block, Change, Links
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
_FIRST_INTERFACES: Final = {"aws_instance": ("primary_network_interface_id",)}
INLINE: Final = ("cidr_block", "ipv6_cidr_block", "destination_prefix_list_id")
SEPARATE: Final = (
    "destination_cidr_block",
    "destination_ipv6_cidr_block",
    "destination_prefix_list_id",
)
API: Final = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


def routes_of(block: Block, destinations: Sequence[str]) -> Iterator[Route]:
    """Give the routes of one block: one for each range of its destination."""
    path, kind, target = _target(block)
    if _drops(block):
        # VPC User Guide, "Route tables": the route stays, and drops what it decides.
        path, kind = "state", GatewayKind.BLACKHOLE
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
        if content == "local":
            return path, GatewayKind.LOCAL, Links(block, path)
        links = block.links(path, frozenset(types))
        if kind is GatewayKind.PEERING:
            links = peering_links(links)
        elif kind is GatewayKind.INTERFACE:
            links = by_attribute(links, _FIRST_INTERFACES)
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
    for prefix, found in _PREFIXES:
        if content.startswith(prefix):
            return found
    return kind


def _state(block: Block) -> object:
    """Read the state of a route; one that the plan changes has not the state it had before."""
    if block.record.change is Change.UPDATE:
        return MISSING
    return block.read("State" if block.record.shape == "api" else "state")


def _drops(block: Block) -> bool:
    return _state(block) == "blackhole"


def _active(block: Block) -> Truth:
    state = _state(block)
    if isinstance(state, str):
        taken = state in ("active", "blackhole")
        return known(taken, Evidence(f"{block.address}.state", f'"{state}"'))
    # A route that a plan makes is taken: that needs no evidence beside its target.
    return known(True)


def hole(block: Block, path: str, reason: str) -> Route:
    """Stand for routes that may exist and of which nothing is known."""
    missing = Unknown(reason)
    return Route(
        Value(missing, block, path),
        Value(GatewayKind.OTHER, block, path),
        Links(block, path, unknown=(reason,)),
        unknown(Evidence(f"{block.address}.{path}", reason)),
    )
