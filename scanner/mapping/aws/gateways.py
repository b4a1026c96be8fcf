"""Ways out of a VPC: internet, NAT, egress-only, carrier and virtual private gateways.

API paths are those of DescribeInternetGateways, DescribeNatGateways,
DescribeEgressOnlyInternetGateways, DescribeCarrierGateways, DescribeVpnGateways and
DescribeCustomerGateways (botocore service model `ec2`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.references import NETWORKS, network, subnets
from scanner.mapping.fields import Constant, Derived, holds, written
from scanner.mapping.references import Nothing, merge_links, ref_if_set
from scanner.mapping.registry import companion, maps
from scanner.model.network import Gateway, GatewayKind
from scanner.record import MISSING, Block, Links
from scanner.truth import known

_NETWORK: Final = ref_if_set("vpc_id", "VpcId", *NETWORKS)


def _joined(companion_type: str, attachments: str) -> Derived:
    """Read the VPC of a gateway: written on it, or by a separate attachment."""

    def read(block: Block) -> Links:
        if block.record.shape == "api":
            return block.links(attachments, frozenset(NETWORKS))
        found = block.record.companions(companion_type)
        parts = [_NETWORK.read(item) for item in (block, *(r.block for r in found.certain))]
        parts.append(Links(block, "vpc_id", unknown=found.unknown))
        return merge_links(block, parts, "vpc_id")

    return Derived(read)


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
)
maps(
    "aws_egress_only_internet_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.EGRESS_ONLY),
    network=network("vpc_id", "Attachments[].VpcId"),
    enabled=_RUNS,
    subnets=Nothing(),
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


maps(
    "aws_nat_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.NAT),
    network=Derived(_network_of_nat),
    enabled=_RUNS,
    subnets=subnets("subnet_id", "SubnetId"),
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
)

companion("aws_vpn_gateway_attachment", "aws_vpn_gateway", "vpn_gateway_id", "VpnGatewayId")
maps(
    "aws_vpn_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.VPN),
    network=_joined("aws_vpn_gateway_attachment", "VpcAttachments[].VpcId"),
    enabled=_RUNS,
    subnets=Nothing(),
)
maps(
    "aws_customer_gateway",
    to=Gateway,
    # The far end of a VPN, which AWS only describes.
    kind=Constant(GatewayKind.VPN),
    network=Nothing(),
    enabled=holds(lambda kind: kind == "ipsec.1", "type", "Type"),
    subnets=Nothing(),
)
