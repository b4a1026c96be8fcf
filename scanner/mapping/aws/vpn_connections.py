"""Site-to-site VPN connections as links to the company's own sites.

API paths are those of DescribeVpnConnections (botocore service model `ec2`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.transit import ATTACHMENT_OF, HUB, VPN
from scanner.mapping.fields import Constant, Derived, always, flag, is_not
from scanner.mapping.links import only_target
from scanner.mapping.references import merge_links, ref, ref_if_set, refs
from scanner.mapping.registry import companion, maps
from scanner.model.network import AttachmentKind, HybridLink
from scanner.record import Block, Links
from scanner.value import Unknown, Value

GATEWAY: Final = "aws_vpn_gateway"
STATIC_ONLY: Final = flag("static_routes_only", "Options.StaticRoutesOnly")
_CONCENTRATOR: Final = "aws_vpn_concentrator"


def _gateways_of_vpn(block: Block) -> Links:
    """Read where a VPN connection ends; a concentrator stands for its transit gateway."""
    links = refs(
        ref_if_set("vpn_gateway_id", "VpnGatewayId", GATEWAY),
        ref_if_set("transit_gateway_id", "TransitGatewayId", HUB),
    ).read(block)
    through = ref_if_set("vpn_concentrator_id", "VpnConcentratorId", _CONCENTRATOR).read(block)
    if through.is_empty:
        return links
    record = block.record.peers.get(only_target(through))
    hub = through if record is None else ref("transit_gateway_id", "", HUB).read(record.block)
    return merge_links(block, [links, hub])


def static_ranges(block: Block) -> Value[tuple[str, ...]]:
    """Read the static routes of a VPN connection: its own, and those in separate records.

    EC2 API Reference, CreateVpnConnectionRoute: they are of a virtual private gateway.
    """
    api = block.record.shape == "api"
    path = "Routes[].DestinationCidrBlock" if api else "routes[].destination_cidr_block"
    found = block.read(path)
    items: list[object] = []
    if isinstance(found, list):
        items += found
    elif isinstance(found, Unknown) and (api or not block.record.managed):
        items.append(found)
    separate = block.record.companions("aws_vpn_connection_route")
    items += [record.block.read("destination_cidr_block") for record in separate.certain]
    items += [Unknown(reason) for reason in separate.unknown]
    return _texts(block, path, items)


def _ranges_of_vpn(block: Block) -> Value[tuple[str, ...]]:
    """Read the static routes; those of a transit gateway stand in its route tables."""
    own = static_ranges(block)
    if isinstance(own.content, Unknown) or not STATIC_ONLY.read(block).is_true:
        return own
    routes = (
        record.block.read("destination_cidr_block")
        for record in block.record.peers.of("aws_ec2_transit_gateway_route")
        if block.record.address in ATTACHMENT_OF.read(record.block).targets
    )
    return _texts(block, own.path, [*own.content, *routes])


def _texts(block: Block, path: str, items: list[object]) -> Value[tuple[str, ...]]:
    for item in items:
        if not isinstance(item, str):
            why = item if isinstance(item, Unknown) else Unknown("not of the expected form")
            return Value(why, block, path)
    return Value(tuple(dict.fromkeys(map(str, items))), block, path)


companion("aws_vpn_connection_route", VPN, "vpn_connection_id", "VpnConnectionId")
maps(
    VPN,
    to=HybridLink,
    kind=Constant(AttachmentKind.VPN),
    gateways=Derived(_gateways_of_vpn),
    far_ends=ref("customer_gateway_id", "CustomerGatewayId", "aws_customer_gateway"),
    ranges=Derived(_ranges_of_vpn),
    announced=is_not("static_routes_only", "Options.StaticRoutesOnly"),
    # Site-to-Site VPN User Guide, "How AWS Site-to-Site VPN works": a tunnel is an encrypted link.
    encrypted=always("a tunnel of Site-to-Site VPN is encrypted by IPsec"),
)
