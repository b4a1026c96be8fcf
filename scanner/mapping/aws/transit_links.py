"""What else is attached to transit gateways: VPNs, lines, appliances and clients.

API paths are those of DescribeVpnConnections, DescribeTransitGatewayConnects and
DescribeClientVpnEndpoints (botocore service model `ec2`), and of
DescribeDirectConnectGatewayAssociations (`directconnect`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from scanner.mapping.aws.lines import associated_gateways
from scanner.mapping.aws.transit import CLIENTS, CONCENTRATOR, CONNECT, HUB, HUB_OF, LINE, VPN
from scanner.mapping.aws.transit_attachments import (
    FLAGS,
    JOINS,
    NOT_SHARED,
    tables,
    unless_looked_up,
)
from scanner.mapping.aws.vpn_connections import STATIC_ONLY, static_ranges
from scanner.mapping.fields import Constant, Derived, flag, written
from scanner.mapping.references import Nothing, ref
from scanner.mapping.registry import maps
from scanner.model.network import AttachmentKind, HubAttachment
from scanner.record import MISSING, Block, Links
from scanner.value import Unknown, Value


def _ranges_of_vpn(block: Block) -> Value[tuple[str, ...]]:
    """Give what a VPN makes known to the hub: static routes alone, or what is announced."""
    static = STATIC_ONLY.read(block)
    if static.is_true:
        return static_ranges(block)
    reason = "the other side announces them"
    if static.is_unknown:
        reason = "whether the other side announces them is not known"
    return Value(Unknown(reason), block, STATIC_ONLY.attr.path(block))


def _announced(block: Block) -> Value[tuple[str, ...]]:
    return Value(Unknown("the other side announces them"), block, "")


def _is_attached(block: Block) -> bool:
    path = "TransitGatewayId" if block.record.shape == "api" else "transit_gateway_id"
    return written(block, path) not in (MISSING, "")


maps(
    VPN,
    to=HubAttachment,
    when=_is_attached,
    hub=HUB_OF,
    kind=Constant(AttachmentKind.VPN),
    networks=Nothing(),
    subnets=Nothing(),
    hub_tables=tables(HUB_OF),
    associates_by_default=JOINS,
    propagates_by_default=JOINS,
    network_tables=Nothing(),
    shares_groups=NOT_SHARED,
    peers=Nothing(),
    ranges=Derived(_ranges_of_vpn),
)
maps(
    CONCENTRATOR,
    to=HubAttachment,
    hub=HUB_OF,
    kind=Constant(AttachmentKind.VPN),
    networks=Nothing(),
    subnets=Nothing(),
    hub_tables=tables(HUB_OF),
    associates_by_default=JOINS,
    propagates_by_default=JOINS,
    network_tables=Nothing(),
    shares_groups=NOT_SHARED,
    peers=Nothing(),
    ranges=Derived(_announced),
)


def _hub_of_line(block: Block) -> Links:
    """Read the transit gateway of an association, which may be of a private gateway instead."""
    links = associated_gateways(block)
    peers = block.record.peers

    def is_hub(address: str) -> bool:
        record = peers.get(address)
        return record is None or record.type == HUB

    found = replace(
        links,
        targets=tuple(filter(is_hub, links.targets)),
        one_of=tuple(group for group in links.one_of if any(map(is_hub, group))),
        maybe=tuple(filter(is_hub, links.maybe)),
        outside=tuple(name for name in links.outside if not name.startswith("vgw-")),
    )
    kind = block.read("associated_gateway_type")
    return Links(block, found.path) if kind == "virtualPrivateGateway" else found


maps(
    LINE,
    to=HubAttachment,
    when=lambda block: not _hub_of_line(block).is_empty,
    hub=Derived(_hub_of_line),
    kind=Constant(AttachmentKind.LINE),
    networks=Nothing(),
    subnets=Nothing(),
    hub_tables=tables(Derived(_hub_of_line)),
    associates_by_default=JOINS,
    propagates_by_default=JOINS,
    network_tables=Nothing(),
    shares_groups=NOT_SHARED,
    peers=Nothing(),
    # allowed_prefixes are what AWS announces to the sites, not what is behind the line.
    ranges=Derived(_announced),
)

# Appliances that speak BGP, and clients of a VPN for people

maps(
    CONNECT,
    to=HubAttachment,
    hub=HUB_OF,
    kind=Constant(AttachmentKind.OTHER),
    networks=Nothing(),
    subnets=Nothing(),
    hub_tables=tables(HUB_OF),
    associates_by_default=unless_looked_up(flag(FLAGS[0], "")),
    propagates_by_default=unless_looked_up(flag(FLAGS[1], "")),
    network_tables=Nothing(),
    shares_groups=NOT_SHARED,
    peers=Nothing(),
    ranges=Derived(_announced),
)

_HUB_OF_CLIENTS: Final = ref(
    "transit_gateway_configuration[].transit_gateway_id",
    "TransitGatewayConfiguration.TransitGatewayId",
    HUB,
)


def _has_hub(block: Block) -> bool:
    links = _HUB_OF_CLIENTS.read(block)
    return not links.is_empty and not block.leaves_out("transit_gateway_configuration")


maps(
    CLIENTS,
    to=HubAttachment,
    when=_has_hub,
    hub=_HUB_OF_CLIENTS,
    kind=Constant(AttachmentKind.OTHER),
    networks=Nothing(),
    subnets=Nothing(),
    hub_tables=tables(_HUB_OF_CLIENTS),
    associates_by_default=JOINS,
    propagates_by_default=JOINS,
    network_tables=Nothing(),
    shares_groups=NOT_SHARED,
    peers=Nothing(),
    # Transit Gateways guide, "Client VPN attachments": it must be propagated; with which ranges
    # is not said.
    ranges=Constant(Unknown("which ranges a client VPN makes known to the hub is not known")),
)
