"""Ways out of a VPC: internet, NAT, egress-only, carrier and virtual private gateways.

API paths are those of DescribeInternetGateways, DescribeNatGateways,
DescribeEgressOnlyInternetGateways, DescribeCarrierGateways, DescribeVpnGateways and
DescribeCustomerGateways (botocore service model `ec2`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.references import NETWORKS, SUBNETS, TABLES, network, subnets
from scanner.mapping.fields import Attr, Constant, Derived, holds, written
from scanner.mapping.links import UnlessLookedUp, with_companions, with_doubts
from scanner.mapping.references import Nothing, merge_links, ref, ref_if_set, refs
from scanner.mapping.registry import companion, companion_by, maps
from scanner.model.network import Gateway, GatewayKind
from scanner.record import MISSING, Block, Links
from scanner.truth import known
from scanner.value import Unknown

_NETWORK: Final = ref_if_set("vpc_id", "VpcId", *NETWORKS)
# The data sources have it elsewhere.
_PLACES: Final = ("vpc_id", "attachments", "attached_vpc_id")
_LOOKED_UP: Final = refs(
    ref_if_set("attachments[].vpc_id", "", *NETWORKS),
    ref_if_set("attached_vpc_id", "", *NETWORKS),
)


def _joined(companion_type: str, attachments: str) -> Derived:
    """Read the VPC of a gateway: written on it, or by a separate attachment."""

    def read(block: Block) -> Links:
        if block.record.shape == "api":
            return block.links(attachments, frozenset(NETWORKS))
        found = block.record.companions(companion_type)
        parts = [_NETWORK.read(item) for item in (block, *(r.block for r in found.certain))]
        reasons = found.unknown
        if not block.record.managed:
            parts.append(_LOOKED_UP.read(block))
            if all(block.read(path) is MISSING for path in _PLACES):
                reasons = (*reasons, "the VPC of a gateway that is looked up was not read")
        return with_doubts(merge_links(block, parts, "vpc_id"), *reasons)

    return Derived(read)


def _edge_tables(block: Block) -> Links:
    """Read the tables that rule what comes in through a gateway.

    VPC User Guide, "Gateway route tables": a table is associated with an internet gateway or a
    virtual private gateway.
    """
    return with_companions(block, _TABLE.terraform, "aws_route_table_association", _TABLE)


_TABLE: Final = ref("route_table_id", "RouteTableId", *TABLES)
_TABLES: Final = UnlessLookedUp(
    Derived(_edge_tables), "the route table of a gateway that is only looked up is not read"
)
_WITH_TABLES: Final = ("aws_internet_gateway", "aws_vpn_gateway")
companion_by(
    "aws_route_table_association",
    _WITH_TABLES,
    ref_if_set("gateway_id", "Associations[].GatewayId", *_WITH_TABLES),
)


# A gateway of AWS has no switch, so that it runs is no evidence worth showing.
_RUNS: Final = Derived(lambda block: known(True))

companion(
    "aws_internet_gateway_attachment", "aws_internet_gateway", "internet_gateway_id", "GatewayId"
)
maps(
    "aws_internet_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.INTERNET),
    network=_joined("aws_internet_gateway_attachment", "Attachments[].VpcId"),
    # A route to a gateway that is not attached does not work, but attaching needs no plan.
    enabled=_RUNS,
    subnets=Nothing(),
    route_tables=_TABLES,
)
maps(
    "aws_egress_only_internet_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.EGRESS_ONLY),
    network=network("vpc_id", "Attachments[].VpcId"),
    enabled=_RUNS,
    subnets=Nothing(),
    route_tables=Nothing(),
)


def _network_of_nat(block: Block) -> Links:
    """Read the VPC; a zonal NAT gateway has it only through its subnet."""
    path = "VpcId" if block.record.shape == "api" else "vpc_id"
    if written(block, path) not in (MISSING, ""):
        return network(path, path).read(block)
    parts = [Links(block, "subnet_id")]
    links = subnets("subnet_id", "SubnetId").read(block)
    for address in links.targets:
        peer = block.record.peers.get(address)
        if peer is not None:
            parts.append(_NETWORK.read(peer.block))
    if not links.certain or len(parts) == 1:
        parts.append(Links(block, "subnet_id", unknown=("its subnet is not known",)))
    return merge_links(block, parts, "subnet_id")


def _nat(content: object) -> GatewayKind | Unknown:
    kinds = {"public": GatewayKind.NAT, "private": GatewayKind.PRIVATE_NAT}
    found = kinds.get(content) if isinstance(content, str) else None
    return found or Unknown("not of the expected form")


maps(
    "aws_nat_gateway",
    to=Gateway,
    # VPC User Guide, "NAT gateways": a private one leads to other networks, not to the internet.
    kind=Attr("connectivity_type", "ConnectivityType", _nat),
    network=Derived(_network_of_nat),
    enabled=_RUNS,
    # One of mode regional stands in the VPC itself, with a way to the internet of its own.
    subnets=ref_if_set("subnet_id", "SubnetId", *SUBNETS),
    route_tables=Nothing(),
)
maps(
    "aws_ec2_carrier_gateway",
    to=Gateway,
    # Wavelength Developer Guide, "How AWS Wavelength works", "Carrier gateways": outwards to the
    # internet, inwards from the network of the carrier only.
    kind=Constant(GatewayKind.OTHER),
    network=network("vpc_id", "VpcId"),
    enabled=_RUNS,
    subnets=Nothing(),
    route_tables=Nothing(),
)

companion("aws_vpn_gateway_attachment", "aws_vpn_gateway", "vpn_gateway_id", "VpnGatewayId")
maps(
    "aws_vpn_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.VPN),
    network=_joined("aws_vpn_gateway_attachment", "VpcAttachments[].VpcId"),
    enabled=_RUNS,
    subnets=Nothing(),
    route_tables=_TABLES,
)
maps(
    "aws_customer_gateway",
    to=Gateway,
    # The far end of a VPN, which AWS only describes.
    kind=Constant(GatewayKind.VPN),
    network=Nothing(),
    enabled=holds(lambda kind: kind == "ipsec.1", "type", "Type"),
    subnets=Nothing(),
    route_tables=Nothing(),
)
