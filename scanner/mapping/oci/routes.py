"""Route tables of a VCN, and which of them is its default one.

API paths are those of RouteTable (Core Services API), whose answer holds every rule inline.
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import Derived, always, never, written
from scanner.mapping.oci.interfaces import bearers
from scanner.mapping.oci.reading import NETWORKS, NetworkOfDefault, blocks_of, path_for
from scanner.mapping.references import Nothing, ref
from scanner.mapping.registry import maps
from scanner.model.network import GatewayKind, Route, RouteTable
from scanner.record import MISSING, Block, Links
from scanner.truth import known
from scanner.value import Unknown, Value

_KINDS: Final = {
    "oci_core_nat_gateway": GatewayKind.NAT,
    "oci_core_service_gateway": GatewayKind.SERVICE,
    "oci_core_drg": GatewayKind.HUB,
    "oci_core_drg_attachment": GatewayKind.HUB,
    "oci_core_local_peering_gateway": GatewayKind.PEERING,
    "oci_core_private_ip": GatewayKind.INTERFACE,
    "oci_core_private_ips": GatewayKind.INTERFACE,
    "oci_core_vnic": GatewayKind.INTERFACE,
    "oci_core_vnic_attachments": GatewayKind.INTERFACE,
    "oci_core_instance": GatewayKind.INTERFACE,
    "oci_core_vnic_attachment": GatewayKind.INTERFACE,
    "oci_network_firewall_network_firewall": GatewayKind.INTERFACE,
    "oci_network_load_balancer_network_load_balancer": GatewayKind.INTERFACE,
}
_TARGETS: Final = frozenset({*_KINDS, "oci_core_internet_gateway"})
# Documentation, "Resource Identifiers": an OCID is ocid1.<resource type>.<realm>.[region]....
_PREFIXES: Final = {
    "internetgateway": GatewayKind.INTERNET,
    "natgateway": GatewayKind.NAT,
    "servicegateway": GatewayKind.SERVICE,
    "drg": GatewayKind.HUB,
    "localpeeringgateway": GatewayKind.PEERING,
    "privateip": GatewayKind.INTERFACE,
}


def _kind(links: Links) -> GatewayKind:
    """Tell the kind from the targets; an internet gateway is asked itself whether it is on."""
    peers = links.origin.record.peers
    kinds = {
        _KINDS.get(peers[address].type, GatewayKind.OTHER)
        if address in peers
        else GatewayKind.OTHER
        for address in links.candidates()
    }
    for name in links.outside:
        prefix, _, rest = name.partition(".")
        part = rest.partition(".")[0]
        kinds.add(
            _PREFIXES.get(part, GatewayKind.OTHER) if prefix == "ocid1" else GatewayKind.OTHER
        )
    if links.unknown or len(kinds) != 1:
        return GatewayKind.OTHER
    return kinds.pop()


def _destination(block: Block) -> Value[Any]:
    """Read an address range, or the label of Oracle's services, which is not one."""
    path = "destination"
    found = block.read(path)
    # cidr_block is the older name of the same argument.
    old = path_for(block, "cidr_block", "cidrBlock")
    if not isinstance(found, str) and isinstance(block.read(old), str) and block.read(old):
        path, found = old, block.read(old)
    kind = block.read(path_for(block, "destination_type", "destinationType"))
    if kind == "SERVICE_CIDR_BLOCK":
        label = found if isinstance(found, str) else "a label of Oracle's services"
        return Value(label, block, path)
    if isinstance(found, (str, Unknown)):
        return Value(found, block, path)
    return Value(Unknown("no destination can be read"), block, path)


def _route(block: Block) -> Route:
    path = path_for(block, "network_entity_id", "networkEntityId")
    target = block.links(path, _TARGETS)
    kind = _kind(target)
    if block.read(path_for(block, "route_type", "routeType")) == "LOCAL":
        # RouteRule, routeType: one that Oracle added, for the ranges of the VCN itself.
        kind, target = GatewayKind.LOCAL, Links(block, path)
    elif target.is_empty:
        target = Links(block, path, unknown=("no target can be read",))
    return Route(
        destination=_destination(block),
        kind=Value(kind, block, path),
        # A route to a private address leads to whoever bears it.
        target=bearers(target) if kind is GatewayKind.INTERFACE else target,
        active=known(True),
    )


def _routes(block: Block) -> Value[Any]:
    path = path_for(block, "route_rules", "routeRules")
    if written(block, path) is MISSING and not block.record.managed:
        return Value(Unknown("the rules of a table that is looked up were not read"), block, path)
    found = blocks_of(block, path)
    if isinstance(found, Unknown):
        return Value(found, block, path)
    return Value(tuple(map(_route, found)), block, path)


maps(
    "oci_core_route_table",
    to=RouteTable,
    network=ref("vcn_id", "vcnId", *NETWORKS),
    # Core Services API, CreateVcn: the default table comes with the VCN and
    # cannot be replaced by another one.
    is_main=never("the default table is made with the VCN, and this one was made after it"),
    routes=Derived(_routes),
    # Routes are dynamic inside a DRG only; a table of a VCN holds what somebody wrote.
    learns_from=Nothing(),
)
maps(
    "oci_core_default_route_table",
    to=RouteTable,
    # The argument is an attribute of the VCN: its default_route_table_id.
    network=NetworkOfDefault("manage_default_resource_id", "default_route_table_id"),
    is_main=always("it manages the default table of the VCN"),
    routes=Derived(_routes),
    # Routes are dynamic inside a DRG only; a table of a VCN holds what somebody wrote.
    learns_from=Nothing(),
)
