"""Ways out of a VCN, and the hub (DRG) that joins networks.

API paths are those of InternetGateway, NatGateway, ServiceGateway, LocalPeeringGateway and Drg
(Core Services API).
"""

from __future__ import annotations

from scanner.mapping.fields import Constant, NotApplicable, always, flag, is_not
from scanner.mapping.oci.reading import NETWORKS, named
from scanner.mapping.references import Nothing, ref
from scanner.mapping.registry import maps
from scanner.model.network import Gateway, GatewayKind, TransitHub

_RUNS = always("it has no switch: it passes traffic from the moment it is made")

maps(
    "oci_core_internet_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.INTERNET),
    network=ref("vcn_id", "vcnId", *NETWORKS),
    enabled=flag("enabled", "isEnabled"),
    subnets=Nothing(),
)
maps(
    "oci_core_nat_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.NAT),
    network=ref("vcn_id", "vcnId", *NETWORKS),
    enabled=is_not("block_traffic", "blockTraffic"),
    # Core Services API, CreateNatGatewayDetails, vcnId: it belongs to the VCN, not to a subnet.
    subnets=Nothing(),
)
maps(
    "oci_core_service_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.SERVICE),
    network=ref("vcn_id", "vcnId", *NETWORKS),
    enabled=_RUNS,
    subnets=Nothing(),
)
maps(
    "oci_core_local_peering_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.PEERING),
    network=ref("vcn_id", "vcnId", *NETWORKS),
    enabled=_RUNS,
    subnets=Nothing(),
)
maps(
    "oci_core_drg",
    to=Gateway,
    kind=Constant(GatewayKind.HUB),
    network=Nothing(),
    enabled=_RUNS,
    subnets=Nothing(),
)
maps(
    "oci_core_drg",
    to=TransitHub,
    accepts_attachments_unasked=NotApplicable("a DRG has no such switch: policies decide"),
    joins_by_default=NotApplicable("what a DRG joins is told by its route tables"),
)
maps(
    "oci_core_drg_attachment",
    to=Gateway,
    kind=Constant(GatewayKind.HUB),
    network=named("vcn_id", "vcnId", *NETWORKS),
    enabled=_RUNS,
    subnets=Nothing(),
)
