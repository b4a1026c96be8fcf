"""VPN connections and dedicated lines to the company's own sites.

API paths are those of IPSecConnection, IPSecConnectionTunnel and VirtualCircuit (Core Services
API).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import Constant, Derived, always, holds, written
from scanner.mapping.oci.reading import Texts, named, named_at, path_for, texts_at, truth_at
from scanner.mapping.references import merge_links
from scanner.mapping.registry import companion, maps, supports
from scanner.model.network import AttachmentKind, HybridLink
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, all_of, any_of, known, unknown
from scanner.value import Unknown, Value

IPSEC: Final = "oci_core_ipsec"
CIRCUIT: Final = "oci_core_virtual_circuit"
_TUNNEL: Final = "oci_core_ipsec_connection_tunnel_management"
_CROSS: Final = ("oci_core_cross_connect", "oci_core_cross_connect_group")
_STATIC: Final = Texts("static_routes", "staticRoutes")
# "Site-to-Site VPN Overview": every connection has two tunnels.
_TUNNELS: Final = 2

companion(_TUNNEL, IPSEC, "ipsec_id", "ipsecId")


def _announced(block: Block) -> Truth:
    """Whether the other side announces addresses through some tunnel.

    Core Services API, IPSecConnection: each tunnel has either static routing or BGP; the static
    routes of the connection count only for tunnels of the first kind.  Which one a tunnel has is
    told by the resource that manages it.
    """
    tunnels = block.record.companions(_TUNNEL)
    routed = [
        holds(lambda text: text == "BGP", "routing", "routing").read(record.block)
        for record in tunnels.certain
    ]
    routed += [unknown(Evidence(block.address, reason)) for reason in tunnels.unknown]
    if len(tunnels.certain) < _TUNNELS:
        fact = "not every tunnel is managed: whether it has static routing is not known"
        routed.append(unknown(Evidence(block.address, fact)))
    return any_of(routed)


def ranges_behind(block: Block) -> Value[Any]:
    """Read what is behind a VPN; unknown if the other side announces it.

    IPSecConnectionTunnel, routing: a tunnel of kind POLICY carries what its traffic selectors name.
    """
    if _announced(block).is_true:
        return Value(Unknown("the other side announces them by BGP"), block, "static_routes")
    static = _STATIC.read(block)
    if isinstance(static.content, Unknown):
        return static
    found = dict.fromkeys(static.content)
    for tunnel in block.record.companions(_TUNNEL).certain:
        if tunnel.block.read("routing") != "POLICY":
            continue
        path = path_for(
            tunnel.block,
            "encryption_domain_config.cpe_traffic_selector",
            "encryptionDomainConfig.cpeTrafficSelector",
        )
        selected = texts_at(tunnel.block, path)
        if isinstance(selected.content, Unknown):
            return selected
        found.update(dict.fromkeys(selected.content))
    return Value(tuple(filter(None, found)), static.origin, static.path, static.note)


maps(
    IPSEC,
    to=HybridLink,
    kind=Constant(AttachmentKind.VPN),
    gateways=named("drg_id", "drgId", "oci_core_drg"),
    far_ends=named("cpe_id", "cpeId", "oci_core_cpe"),
    ranges=Derived(lambda block: _STATIC.read(block).map(lambda items: tuple(filter(None, items)))),
    announced=Derived(_announced),
    encrypted=always("IPSec encrypts all that passes through its tunnels"),
)


def is_private(block: Block) -> bool:
    """Whether a line leads into networks: a public one leads to Oracle's public services."""
    return bool(block.read("type") != "PUBLIC")


def _line_encrypted(block: Block) -> Truth:
    """Whether a line encrypts: by MACsec on its cross-connects, or because it carries IPSec only.

    Core Services API, CreateVirtualCircuitDetails, isTransportMode: true for one that carries
    encrypted traffic only; MacsecProperties: state, and whether unprotected traffic is let through.
    """
    path = path_for(block, "is_transport_mode", "isTransportMode")
    only_ipsec = truth_at(block, path, "is_transport_mode")
    at = path_for(block, "cross_connect_mappings", "crossConnectMappings")
    provider = path_for(block, "provider_service_id", "providerServiceId")
    name = path_for(
        block,
        "cross_connect_or_cross_connect_group_id",
        "crossConnectOrCrossConnectGroupId",
    )
    mappings = block.blocks(at) if written(block, at) is not MISSING else ()
    if isinstance(mappings, Unknown):
        return only_ipsec | unknown(Evidence(f"{block.address}.{at}", mappings.reason))
    protected: list[Truth] = []
    for item in mappings:
        links = named_at(item, name, _CROSS)
        protected += [_protected(block, address) for address in links.targets]
        protected += [
            unknown(Evidence(links.source, f"{other} was not read"))
            for other in (*links.outside, *links.maybe, *links.unknown)
        ]
    if not protected or written(block, provider) not in (MISSING, ""):
        fact = "the provider's part of the line is not in what was read"
        protected.append(unknown(Evidence(block.address, fact)))
    return only_ipsec | all_of(protected)


def _connects(block: Block) -> Links:
    """Read the cross-connects of a circuit; a partner's part of the line is not known."""
    at = path_for(block, "cross_connect_mappings", "crossConnectMappings")
    name = path_for(
        block, "cross_connect_or_cross_connect_group_id", "crossConnectOrCrossConnectGroupId"
    )
    mappings = block.blocks(at) if written(block, at) is not MISSING else ()
    if isinstance(mappings, Unknown):
        return Links(block, at, unknown=(mappings.reason,))
    links = merge_links(block, [named_at(item, name, _CROSS) for item in mappings], at)
    if not links.is_empty:
        return links
    return Links(block, at, unknown=("the provider's part of the line is not in what was read",))


def _protected(block: Block, address: str) -> Truth:
    peer = block.record.peers.get(address)
    if peer is None:
        return unknown(Evidence(block.address, f"{address} was not read"))
    path = path_for(peer.block, "macsec_properties", "macsecProperties")
    if written(peer.block, path) in (MISSING, []):
        return known(False, Evidence(f"{peer.address}.{path}", "not set: no MACsec"))
    on = holds(lambda state: state == "ENABLED", f"{path}.state", f"{path}.state").read(peer.block)
    through = path_for(peer.block, "is_unprotected_traffic_allowed", "isUnprotectedTrafficAllowed")
    return on & ~truth_at(
        peer.block, f"{path}.{through}", "macsec_properties.is_unprotected_traffic_allowed"
    )


maps(
    CIRCUIT,
    to=HybridLink,
    when=is_private,
    kind=Constant(AttachmentKind.LINE),
    gateways=named("gateway_id", "gatewayId", "oci_core_drg"),
    far_ends=Derived(_connects),
    ranges=Constant(()),
    # FastConnect documentation, "FastConnect Overview": routes are exchanged by BGP.
    announced=always("a virtual circuit learns the addresses of the other side by BGP"),
    encrypted=Derived(_line_encrypted),
)
supports("oci_core_cpe", *_CROSS)
