"""What is attached to a hub (DRG): of which kind, by which record, and how it is referred to.

A VCN is attached by a resource of its own.  A VPN, a line or a peering with another hub comes with
its attachment; a further resource may manage that, and routes name either.

API paths are those of DrgAttachment (Core Services API).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from scanner.mapping.fields import Derived, written
from scanner.mapping.oci.lines import CIRCUIT, IPSEC, is_private
from scanner.mapping.oci.reading import NETWORKS, named, named_at, path_for
from scanner.mapping.oci.tables import tables
from scanner.mapping.references import merge_links, refs
from scanner.mapping.registry import companion_by
from scanner.model.network import AttachmentKind
from scanner.record import MISSING, Block, Links, Record
from scanner.value import Unknown, Value

DRG: Final = "oci_core_drg"
ATTACHMENT: Final = "oci_core_drg_attachment"
MANAGEMENT: Final = "oci_core_drg_attachment_management"
REMOTE: Final = "oci_core_remote_peering_connection"
_LOOK_UP: Final = "oci_core_drg_attachments"
ATTACHMENTS: Final = frozenset({ATTACHMENT, MANAGEMENT, _LOOK_UP})
HUB: Final = named("drg_id", "drgId", DRG)
CIRCUIT_HUB: Final = named("gateway_id", "gatewayId", DRG)
# Core Services API, DrgAttachmentNetworkDetails, type.
KINDS: Final[Mapping[str, AttachmentKind]] = {
    "VCN": AttachmentKind.NETWORK,
    "VIRTUAL_CIRCUIT": AttachmentKind.LINE,
    "REMOTE_PEERING_CONNECTION": AttachmentKind.PEERING,
    "IPSEC_TUNNEL": AttachmentKind.VPN,
    "LOOPBACK": AttachmentKind.OTHER,
}
# The resource with which the attachment of a kind comes into being.
_MADE_BY: Final = {
    AttachmentKind.NETWORK: ATTACHMENT,
    AttachmentKind.LINE: CIRCUIT,
    AttachmentKind.PEERING: REMOTE,
    AttachmentKind.VPN: IPSEC,
}
_BY_MAKER: Final = {maker: kind for kind, maker in _MADE_BY.items() if maker != ATTACHMENT}
_TUNNELS: Final = (
    "oci_core_ipsec_connection_tunnel_management",
    "oci_core_ipsec_connection_tunnels",
)


def kind_of(block: Block) -> Value[Any]:
    """Read what an attachment attaches; vcn_id alone is the older form of a VCN's."""
    made = _BY_MAKER.get(block.record.type)
    if made is not None:
        return Value(made, block)
    path = path_for(block, "network_details.type", "networkDetails.type")
    found = written(block, path)
    if found in (MISSING, ""):
        path = path_for(block, "attachment_type", "networkDetails.type")
        found = written(block, path)
    if found in (MISSING, ""):
        return Value(AttachmentKind.NETWORK, block, path_for(block, "vcn_id", "vcnId"))
    if isinstance(found, Unknown):
        return Value(found, block, path)
    kind = KINDS.get(found) if isinstance(found, str) else None
    return Value(kind or Unknown("no kind of attachment that assay knows"), block, path)


def _network(block: Block) -> Links:
    """Name the VCN, if it is the attachment of one."""
    kind = kind_of(block).content
    if isinstance(kind, AttachmentKind) and kind is not AttachmentKind.NETWORK:
        return Links(block, path_for(block, "network_details.id", "networkDetails.id"))
    parts = [
        named_at(block, path_for(block, *pair), NETWORKS)
        for pair in (
            ("network_details.id", "networkDetails.id"),
            ("network_id", "networkDetails.id"),
            ("vcn_id", "vcnId"),
        )
    ]
    return merge_links(block, [part for part in parts if not part.is_empty] or parts[:1])


ATTACHED_NETWORK: Final = Derived(_network)
# VcnDrgAttachmentNetworkDetails, routeTableId: directs the traffic as it enters the VCN; without
# one it is delivered where it is addressed to.
NETWORK_TABLES: Final = refs(
    tables("network_details.route_table_id", "networkDetails.routeTableId"),
    tables("route_table_id", "routeTableId"),
)


def hub_of(record: Record) -> Links:
    """Name the hub of whatever is an attachment, or comes with one."""
    return (CIRCUIT_HUB if record.type == CIRCUIT else HUB).read(record.block)


def managed(block: Block) -> Links:
    """Name what the attachment came with that such a resource manages or looks up."""
    kind = kind_of(block).content
    maker = _MADE_BY.get(kind) if isinstance(kind, AttachmentKind) else None
    types = (CIRCUIT, REMOTE, IPSEC, *_TUNNELS, *NETWORKS)
    paths = ("network_id", "network_details.id")
    links = merge_links(block, [named_at(block, path, types) for path in paths], paths[0])
    targets: dict[str, None] = {}
    for address in links.targets:
        targets.update(dict.fromkeys(_made(address, block.record)))
    for name in links.outside:
        targets.update(dict.fromkeys(_connection_of(name, block)))
    if targets or maker is None:
        reasons = () if targets else links.unknown
        return Links(block, links.path, targets=tuple(targets), unknown=reasons)
    if links.certain and not links.is_empty:
        return Links(block, links.path)
    hub = HUB.read(block)
    made = block.record.peers.of(maker)
    maybe = tuple(item.address for item in made if _may_be_at(item, hub))
    return Links(block, links.path, maybe=maybe)


def _made(address: str, record: Record) -> Iterator[str]:
    """Give what an attachment of this network came with: of a tunnel, its connection."""
    peer = record.peers.get(address)
    if peer is None:
        return
    if peer.type in _TUNNELS:
        yield from named_at(peer.block, "ipsec_id", (IPSEC,)).targets
    elif peer.type in NETWORKS:
        for attachment in record.peers.of(ATTACHMENT):
            if address in _network(attachment.block).targets:
                yield attachment.address
    else:
        yield address


def _connection_of(tunnel: str, block: Block) -> Iterator[str]:
    """Give the VPN connection that a tunnel is of, once it has an identifier."""
    path = path_for(
        block, "network_details.ipsec_connection_id", "networkDetails.ipsecConnectionId"
    )
    yield from named_at(block, path, (IPSEC,)).targets
    for record in block.record.peers.of(_TUNNELS[0]):
        if record.block.read("tunnel_id") == tunnel:
            yield from named_at(record.block, "ipsec_id", (IPSEC,)).targets


def _may_be_at(record: Record, hub: Links) -> bool:
    theirs = hub_of(record)
    if hub.unknown or theirs.unknown or hub.is_empty:
        return True
    mine = {*hub.candidates(), *hub.outside}
    return bool(mine & {*theirs.candidates(), *theirs.outside})


def stands_alone(block: Block) -> bool:
    """Whether no other resource that was read already stands for the attachment."""
    return not managed(block).targets


def attachments(links: Links) -> Links:
    """Put in the place of what manages or looks up an attachment the resource it came with."""
    peers = links.origin.record.peers
    targets: dict[str, None] = {}
    unclear: list[str] = []
    for address in links.targets:
        peer = peers.get(address)
        made = managed(peer.block) if peer is not None and peer.type != ATTACHMENT else None
        if made is not None and made.targets:
            targets.update(dict.fromkeys(made.targets))
        elif peer is not None and peer.type == _LOOK_UP:
            unclear.append(f"{address}: which attachment it looks up is not known")
        else:
            targets[address] = None
    return replace(links, targets=tuple(targets), unknown=(*links.unknown, *unclear))


def all_attachments(record: Record) -> Iterator[tuple[Record, Value[Any]]]:
    """Give whatever is attached to some hub, with its kind."""
    for type in (ATTACHMENT, MANAGEMENT, IPSEC, CIRCUIT, REMOTE):
        for item in record.peers.of(type):
            if (type == CIRCUIT and not is_private(item.block)) or (
                type == MANAGEMENT and not stands_alone(item.block)
            ):
                continue
            yield item, kind_of(item.block)


def defaults_of(drg: Block) -> Mapping[AttachmentKind, str]:
    """Read the identifiers of a hub's default tables, once it exists."""
    path = path_for(drg, "default_drg_route_tables", "defaultDrgRouteTables")
    found: dict[AttachmentKind, str] = {}
    for kind, names in (
        (AttachmentKind.NETWORK, ("vcn", "vcn")),
        (AttachmentKind.VPN, ("ipsec_tunnel", "ipsecTunnel")),
        (AttachmentKind.PEERING, ("remote_peering_connection", "remotePeeringConnection")),
        (AttachmentKind.LINE, ("virtual_circuit", "virtualCircuit")),
    ):
        name = drg.read(f"{path}.{path_for(drg, *names)}")
        if isinstance(name, str) and name:
            found[kind] = name
    return found


companion_by(MANAGEMENT, (ATTACHMENT, IPSEC, CIRCUIT, REMOTE), Derived(managed))
