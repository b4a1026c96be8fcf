"""What is attached to transit gateways: VPCs and other hubs, and the tables that rule them.

API paths are those of DescribeTransitGatewayVpcAttachments, DescribeTransitGatewayAttachments and
DescribeTransitGatewayPeeringAttachments (botocore service model `ec2`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.references import network, subnets
from scanner.mapping.aws.transit import (
    ATTACHMENT_OF,
    ATTACHMENTS,
    HUB_OF,
    PEERING,
    PEERING_ACCEPTER,
    REQUEST,
    REQUESTER,
    TABLE_OF,
    VPC,
    VPC_ACCEPTER,
    accepters,
    end_at,
    hub_at_other_end,
    hub_of_request,
    hub_of_table,
    same_attachment,
)
from scanner.mapping.fields import Constant, Derived, always, flag, holds, never
from scanner.mapping.links import only_target, with_companions, with_doubts
from scanner.mapping.references import From, Nothing
from scanner.mapping.registry import companion, companion_by, maps
from scanner.model.base import Field
from scanner.model.network import AttachmentKind, HubAttachment
from scanner.record import Block, Links
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Value

_ASSOCIATION: Final = "aws_ec2_transit_gateway_route_table_association"


def _associated(block: Block) -> Links:
    """Read which attachment an association speaks of: of a peering the end at the table's hub."""
    peers = block.record.peers
    hub_address = hub_of_table(peers, only_target(TABLE_OF.read(block)))
    return end_at(hub_address, ATTACHMENT_OF.read(block))


def tables(of: Field) -> Derived:
    """Read the tables that are associated with an attachment; none means the hub's default."""

    def read(block: Block) -> Links:
        if block.record.shape == "api":
            return block.links("Association.TransitGatewayRouteTableId")
        links = with_companions(block, TABLE_OF.terraform, _ASSOCIATION, TABLE_OF)
        if links.targets or _is_ours(block, of.read(block)):
            return links
        return with_doubts(links, "its hub belongs to others, who may associate it with a table")

    return Derived(read)


def _is_ours(block: Block, hubs: Links) -> bool:
    """Whether the hub of an attachment is part of the configuration too."""
    record = block.record.peers.get(only_target(hubs))
    return block.record.managed and record is not None and record.managed


def unless_looked_up(field: Field) -> Derived:
    """Read a truth of which nothing is known where the attachment is only looked up."""

    def read(block: Block) -> Truth:
        if block.record.managed or block.record.shape == "api":
            truth: Truth = field.read(block)
            return truth
        return unknown(Evidence(block.address, "not read of what is only looked up"))

    return Derived(read)


NOT_SHARED: Final = never("rules may name groups of another VPC behind a hub, of nothing else")
JOINS: Final = unless_looked_up(always("an attachment of this kind has no switch against it"))
_NONE: Final = Constant(())
FLAGS: Final = tuple(
    f"transit_gateway_default_route_table_{what}" for what in ("association", "propagation")
)

companion_by(_ASSOCIATION, ATTACHMENTS, Derived(_associated))

# VPCs


def _by_default(path: str) -> Derived:
    """Read a flag of the attachment; where its hub is of another account, of who accepts it."""
    return unless_looked_up(From(VPC_ACCEPTER, flag(path, ""), absent=flag(path, "")))


def _is_alone(block: Block) -> bool:
    """Whether the attachment that a record accepts was not read."""
    return same_attachment(block.record.peers, block.record.address) == block.record.address


_SHARES: Final = holds(
    lambda mode: mode == "enable",
    "security_group_referencing_support",
    "Options.SecurityGroupReferencingSupport",
)

companion(VPC_ACCEPTER, VPC, "transit_gateway_attachment_id", "TransitGatewayAttachmentId")
maps(
    VPC,
    to=HubAttachment,
    hub=HUB_OF,
    kind=Constant(AttachmentKind.NETWORK),
    networks=network("vpc_id", "VpcId"),
    subnets=subnets("subnet_ids", "SubnetIds"),
    hub_tables=tables(HUB_OF),
    associates_by_default=_by_default(FLAGS[0]),
    propagates_by_default=_by_default(FLAGS[1]),
    network_tables=Nothing(),
    shares_groups=_SHARES,
    peers=Nothing(),
    ranges=_NONE,
)
maps(
    VPC_ACCEPTER,
    to=HubAttachment,
    when=_is_alone,
    hub=HUB_OF,
    kind=Constant(AttachmentKind.NETWORK),
    networks=network("vpc_id", "VpcId"),
    subnets=subnets("subnet_ids", "SubnetIds"),
    hub_tables=tables(HUB_OF),
    associates_by_default=flag(FLAGS[0], ""),
    propagates_by_default=flag(FLAGS[1], ""),
    network_tables=Nothing(),
    shares_groups=_SHARES,
    peers=Nothing(),
    ranges=_NONE,
)

# Peerings with other hubs: each end is an attachment of its own.


def _accepters(block: Block) -> Links:
    """Give the other end: the record that accepts it, else the other hub."""
    found = accepters(block.record.peers, block.record.address)
    if found:
        return Links(block, "peer_transit_gateway_id", targets=tuple(found))
    return hub_at_other_end(block.record)


def _hub_of_accepter(block: Block) -> Links:
    """Read the hub of the accepting end, which the record that asks for it names."""
    if isinstance(block.read("transit_gateway_id"), str):
        return HUB_OF.read(block)
    request = block.record.peers.get(only_target(REQUEST.read(block)))
    if request is None:
        return HUB_OF.read(block)
    # What is looked up is seen from here: Terraform provider, data source of that name.
    return hub_at_other_end(request) if request.managed else hub_of_request(request)


def _propagates(block: Block) -> Truth:
    """Whether routes come over a peering by themselves: static ones only, unless it is dynamic.

    Transit Gateways guide, "Transit gateway peering attachments": a static route is needed.
    """
    if block.record.shape != "api":
        dynamic: Value[str] = block.value("options.dynamic_routing", "disable")
        if dynamic.content != "disable":
            return unknown(dynamic)
    return known(False, Evidence(block.address, "static routes alone lead over a peering"))


companion(PEERING_ACCEPTER, PEERING, "transit_gateway_attachment_id", "TransitGatewayAttachmentId")
maps(
    PEERING,
    to=HubAttachment,
    hub=REQUESTER,
    kind=Constant(AttachmentKind.PEERING),
    networks=Nothing(),
    subnets=Nothing(),
    hub_tables=tables(REQUESTER),
    associates_by_default=JOINS,
    propagates_by_default=Derived(_propagates),
    network_tables=Nothing(),
    shares_groups=NOT_SHARED,
    peers=Derived(_accepters),
    ranges=_NONE,
)
maps(
    PEERING_ACCEPTER,
    to=HubAttachment,
    hub=Derived(_hub_of_accepter),
    kind=Constant(AttachmentKind.PEERING),
    networks=Nothing(),
    subnets=Nothing(),
    hub_tables=tables(Derived(_hub_of_accepter)),
    associates_by_default=JOINS,
    propagates_by_default=Derived(_propagates),
    network_tables=Nothing(),
    shares_groups=NOT_SHARED,
    peers=REQUEST,
    ranges=_NONE,
)
