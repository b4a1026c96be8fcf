"""Transit gateways, and references to what is attached to them and to their route tables.

One attachment may be described by several records: the one that makes it, the one that accepts
it, and data sources that look it up.  It goes by the address of the one that makes it.  API paths
are those of DescribeTransitGateways (botocore service model `ec2`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from scanner.mapping.aws.references import by_attribute
from scanner.mapping.fields import Test, either, holds
from scanner.mapping.links import only_target, united
from scanner.mapping.references import Ref, ref
from scanner.mapping.registry import maps, supports
from scanner.model.network import TransitHub
from scanner.record import Block, Links, Peers, Record

HUB: Final = "aws_ec2_transit_gateway"
TABLE: Final = "aws_ec2_transit_gateway_route_table"
VPC: Final = "aws_ec2_transit_gateway_vpc_attachment"
VPC_ACCEPTER: Final = "aws_ec2_transit_gateway_vpc_attachment_accepter"
PEERING: Final = "aws_ec2_transit_gateway_peering_attachment"
PEERING_ACCEPTER: Final = "aws_ec2_transit_gateway_peering_attachment_accepter"
CONNECT: Final = "aws_ec2_transit_gateway_connect"
VPN: Final = "aws_vpn_connection"
CONCENTRATOR: Final = "aws_vpn_concentrator"
LINE: Final = "aws_dx_gateway_association"
CLIENTS: Final = "aws_ec2_client_vpn_endpoint"
# What makes an attachment, and goes by its own address.
ATTACHMENTS: Final = (
    *(VPC, VPC_ACCEPTER, PEERING, PEERING_ACCEPTER, CONNECT, VPN, CONCENTRATOR, LINE, CLIENTS),
)
_OF_VPN: Final = "aws_ec2_transit_gateway_vpn_attachment"
_OF_LINE: Final = "aws_ec2_transit_gateway_dx_gateway_attachment"
_ANY: Final = "aws_ec2_transit_gateway_attachment"
_LOOKED_UP: Final = (_OF_VPN, _OF_LINE, _ANY)

# Where records hold the identifier of an attachment that is not their own.
_IDS: Final[Mapping[str, tuple[str, ...]]] = {
    VPN: ("transit_gateway_attachment_id",),
    CONCENTRATOR: ("transit_gateway_attachment_id",),
    LINE: ("transit_gateway_attachment_id",),
    CLIENTS: ("transit_gateway_configuration.transit_gateway_attachment_id",),
}
_DEFAULT_TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    HUB: ("association_default_route_table_id", "propagation_default_route_table_id"),
}


def hub(terraform: str, api: str) -> Ref:
    """Read a reference to a transit gateway."""
    return ref(terraform, api, HUB)


@dataclass(frozen=True)
class TableRef:
    """References to route tables; the table made with a transit gateway goes by its address."""

    terraform: str
    api: str

    def read(self, block: Block) -> Links:
        """Resolve the reference."""
        links = ref(self.terraform, self.api, TABLE, HUB).read(block)
        return by_attribute(links, _DEFAULT_TABLES)


@dataclass(frozen=True)
class AttachmentRef:
    """References to attachments, each by the address of the record that makes it."""

    terraform: str
    api: str

    def read(self, block: Block) -> Links:
        """Resolve the reference."""
        links = ref(self.terraform, self.api, *ATTACHMENTS, *_LOOKED_UP).read(block)
        peers = block.record.peers
        return united(by_attribute(links, _IDS), lambda address: same_attachment(peers, address))


TABLE_OF: Final = TableRef("transit_gateway_route_table_id", "TransitGatewayRouteTableId")
ATTACHMENT_OF: Final = AttachmentRef("transit_gateway_attachment_id", "TransitGatewayAttachmentId")
HUB_OF: Final = hub("transit_gateway_id", "TransitGatewayId")
REQUESTER: Final = hub("transit_gateway_id", "RequesterTgwInfo.TransitGatewayId")
_OTHER_HUB: Final = hub("peer_transit_gateway_id", "AccepterTgwInfo.TransitGatewayId")
_OF_VPC: Final = ref("transit_gateway_attachment_id", "TransitGatewayAttachmentId", VPC)
REQUEST: Final = ref("transit_gateway_attachment_id", "TransitGatewayAttachmentId", PEERING)


def same_attachment(peers: Peers, address: str) -> str:
    """Name an attachment by the record that makes it, if that was read."""
    record = peers.get(address)
    find = None if record is None else _MAKERS.get(record.type)
    if record is None or find is None:
        return address
    return find(record) or address


def _of_line(record: Record) -> str:
    """Find the association that a lookup of a Direct Connect gateway's attachment finds."""
    gateway = ref("dx_gateway_id", "", "aws_dx_gateway")
    wanted = only_target(gateway.read(record.block))
    here = only_target(HUB_OF.read(record.block))
    found = [
        other.address
        for other in record.peers.of(LINE)
        if wanted
        and other.managed
        and only_target(gateway.read(other.block)) == wanted
        and only_target(hub("associated_gateway_id", "").read(other.block)) == here
    ]
    return found[0] if len(found) == 1 else ""


def _by(reference: Ref) -> Callable[[Record], str]:
    return lambda record: only_target(reference.read(record.block))


_MAKERS: Final[Mapping[str, Callable[[Record], str]]] = {
    VPC_ACCEPTER: _by(_OF_VPC),
    _OF_VPN: _by(ref("vpn_connection_id", "", VPN)),
    _OF_LINE: _of_line,
    _ANY: _by(ref("transit_gateway_attachment_id", "", *ATTACHMENTS)),
}


def hub_of_request(record: Record) -> Links:
    """Give the hub at this end of a peering, which the record that asks for it names."""
    return REQUESTER.read(record.block)


def hub_at_other_end(record: Record) -> Links:
    """Give the hub at the other end of a peering."""
    return _OTHER_HUB.read(record.block)


def hub_of_table(peers: Peers, address: str) -> str:
    """Give the hub of a route table, or an empty text."""
    record = peers.get(address)
    if record is None:
        return ""
    return address if record.type == HUB else only_target(HUB_OF.read(record.block))


def end_at(hub_address: str, links: Links) -> Links:
    """Name a peering between hubs by its end at one of them.

    Both ends have the same identifier: Terraform registry,
    aws_ec2_transit_gateway_peering_attachment_accepter.
    """
    peers = links.origin.record.peers
    return united(links, lambda address: _end(peers, hub_address, address))


def _end(peers: Peers, hub_address: str, address: str) -> str:
    record = peers.get(address)
    if record is None or not hub_address or record.type not in (PEERING, PEERING_ACCEPTER):
        return address
    if record.type == PEERING_ACCEPTER:
        request = peers.get(only_target(REQUEST.read(record.block)))
        is_other = request is not None and hub_address in hub_of_request(request).targets
        same = request is not None and hub_address in hub_at_other_end(request).targets
        return request.address if request is not None and is_other and not same else address
    is_other = hub_address in hub_at_other_end(record).targets
    if not is_other or hub_address in hub_of_request(record).targets:
        return address
    found = accepters(peers, address)
    return found[0] if len(found) == 1 else address


def accepters(peers: Peers, address: str) -> list[str]:
    """Give the records that certainly accept a peering between hubs."""
    return [
        record.address
        for record in peers.of(PEERING_ACCEPTER)
        if address in REQUEST.read(record.block).targets
    ]


def _enabled(terraform: str, api: str) -> Test:
    return holds(lambda mode: mode == "enable", terraform, api)


ASSOCIATES: Final = _enabled(
    "default_route_table_association", "Options.DefaultRouteTableAssociation"
)
PROPAGATES: Final = _enabled(
    "default_route_table_propagation", "Options.DefaultRouteTablePropagation"
)

supports(*_LOOKED_UP)
maps(
    HUB,
    to=TransitHub,
    accepts_attachments_unasked=_enabled(
        "auto_accept_shared_attachments", "Options.AutoAcceptSharedAttachments"
    ),
    joins_by_default=either(ASSOCIATES, PROPAGATES),
    associates_by_default=ASSOCIATES,
    propagates_by_default=PROPAGATES,
    shares_groups=_enabled(
        "security_group_referencing_support", "Options.SecurityGroupReferencingSupport"
    ),
)
