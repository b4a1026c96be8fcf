"""Ways out of a VCN, among them the DRG, which is a hub besides.

API paths are those of InternetGateway, NatGateway, ServiceGateway, LocalPeeringGateway, Drg and
DrgAttachment (Core Services API).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.fields import Constant, always, flag, is_not
from scanner.mapping.oci.hub_attachments import ATTACHED_NETWORK, NETWORK_TABLES
from scanner.mapping.oci.reading import NETWORKS
from scanner.mapping.oci.tables import tables
from scanner.mapping.references import Nothing, ref
from scanner.mapping.registry import maps
from scanner.model.network import Gateway, GatewayKind

_RUNS: Final = always("it has no switch: it passes traffic from the moment it is made")
_NETWORK: Final = ref("vcn_id", "vcnId", *NETWORKS)
# Core Services API, CreateNatGatewayDetails and its like, routeTableId: a gateway that is given
# none has none; it does not take the default one of its VCN.
_TABLES: Final = tables("route_table_id", "routeTableId")

maps(
    "oci_core_internet_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.INTERNET),
    network=_NETWORK,
    enabled=flag("enabled", "isEnabled"),
    subnets=Nothing(),
    route_tables=_TABLES,
)
maps(
    "oci_core_nat_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.NAT),
    network=_NETWORK,
    enabled=is_not("block_traffic", "blockTraffic"),
    # Core Services API, CreateNatGatewayDetails, vcnId: it belongs to the VCN, not to a subnet.
    subnets=Nothing(),
    route_tables=_TABLES,
)
maps(
    "oci_core_service_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.SERVICE),
    network=_NETWORK,
    enabled=_RUNS,
    subnets=Nothing(),
    route_tables=_TABLES,
)
maps(
    "oci_core_local_peering_gateway",
    to=Gateway,
    kind=Constant(GatewayKind.PEERING),
    network=_NETWORK,
    enabled=_RUNS,
    subnets=Nothing(),
    route_tables=_TABLES,
)
maps(
    "oci_core_drg",
    to=Gateway,
    kind=Constant(GatewayKind.HUB),
    network=Nothing(),
    enabled=_RUNS,
    subnets=Nothing(),
    # What enters a VCN through it is directed by a table of the attachment.
    route_tables=Nothing(),
)
maps(
    "oci_core_drg_attachment",
    to=Gateway,
    kind=Constant(GatewayKind.HUB),
    network=ATTACHED_NETWORK,
    enabled=_RUNS,
    subnets=Nothing(),
    route_tables=NETWORK_TABLES,
)
