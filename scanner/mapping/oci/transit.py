"""The hub that joins networks (DRG), and what is attached to it.

API paths are those of Drg, DrgAttachment, IPSecConnection, VirtualCircuit and
RemotePeeringConnection (Core Services API).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from scanner.mapping.fields import Constant, Derived, NotApplicable, always, never
from scanner.mapping.oci.hub_attachments import (
    ATTACHED_NETWORK,
    ATTACHMENT,
    CIRCUIT_HUB,
    DRG,
    HUB,
    MANAGEMENT,
    NETWORK_TABLES,
    REMOTE,
    defaults_of,
    hub_of,
    kind_of,
    stands_alone,
)
from scanner.mapping.oci.lines import CIRCUIT, IPSEC, is_private, ranges_behind
from scanner.mapping.oci.peerings import joined
from scanner.mapping.oci.reading import in_each, named, path_for
from scanner.mapping.references import Nothing, merge_links
from scanner.mapping.registry import maps
from scanner.model.base import Field
from scanner.model.network import AttachmentKind, HubAttachment, TransitHub
from scanner.record import Block, Links, Record
from scanner.value import Unknown, Value

_SPREADS: Final = never("the import distributions of its tables tell what they learn")
# Networking documentation, "Managing Security Rules for an NSG": both groups must be in the same
# VCN.
_NO_GROUPS: Final = never("a rule may name network security groups of its own VCN only")

maps(
    DRG,
    to=TransitHub,
    accepts_attachments_unasked=NotApplicable("a DRG has no such switch: policies decide"),
    joins_by_default=NotApplicable("what a DRG joins is told by its route tables"),
    # Core Services API, DrgRouteTable: every type of attachment has a default table.
    associates_by_default=always("an attachment that names no table uses the default of its type"),
    propagates_by_default=_SPREADS,
    shares_groups=_NO_GROUPS,
)

_TABLE: Final = named("drg_route_table_id", "drgRouteTableId", "oci_core_drg_route_table", DRG)
_TUNNEL_TABLES: Final = in_each("tunnel_configuration", "tunnelConfiguration", _TABLE)


def _tables(own: Field) -> Derived:
    """Read the table of an attachment; a resource that manages it has the last word."""

    def read(block: Block) -> Links:
        managers = block.record.companions(MANAGEMENT)
        parts = [_TABLE.read(manager.block) for manager in managers.certain]
        parts = [part for part in parts if not part.is_empty] or [own.read(block)]
        links = _but_default(block.record, merge_links(block, parts, "drg_route_table_id"))
        return replace(links, unknown=(*links.unknown, *managers.unknown))

    return Derived(read)


def _but_default(record: Record, links: Links) -> Links:
    """Leave out the default table of its own kind: an attachment that names none uses that."""
    hubs = {item for item in links.candidates() if _is_hub(record, item)}
    if hubs:
        # Before it exists, only the attribute's name would tell which of the two is meant.
        links = replace(
            links,
            targets=tuple(item for item in links.targets if item not in hubs),
            one_of=tuple(group for group in links.one_of if not hubs & set(group)),
            maybe=(
                *(item for item in links.maybe if item not in hubs),
                *(
                    item
                    for group in links.one_of
                    if hubs & set(group)
                    for item in group
                    if item not in hubs
                ),
            ),
            unknown=(*links.unknown, "which default table of the hub it names is not known"),
        )
    if not links.outside:
        return links
    kind = kind_of(record.block).content
    peers = record.peers
    own = [peers[item] for item in hub_of(record).targets if item in peers]
    mine = {
        name
        for hub in own or peers.of(DRG)
        for of_kind, name in defaults_of(hub.block).items()
        if of_kind is kind
    }
    return replace(links, outside=tuple(name for name in links.outside if name not in mine))


def _is_hub(record: Record, address: str) -> bool:
    peer = record.peers.get(address)
    return peer is not None and peer.type == DRG


def _attached(
    type: str,
    *,
    hub: Field = HUB,
    tables: Field = _TABLE,
    networks: Field = Nothing(),
    network_tables: Field = Nothing(),
    peers: Field = Nothing(),
    ranges: Field,
    when: Callable[[Block], bool] | None = None,
) -> None:
    maps(
        type,
        to=HubAttachment,
        when=when,
        hub=hub,
        kind=Derived(kind_of),
        networks=networks,
        # "Dynamic Routing Gateways": a VCN is attached as a whole.
        subnets=Nothing(),
        hub_tables=_tables(tables),
        associates_by_default=always("without a table of its own it uses the default of its type"),
        propagates_by_default=_SPREADS,
        network_tables=network_tables,
        shares_groups=_NO_GROUPS,
        peers=peers,
        ranges=ranges,
    )


def _of_network(block: Block) -> Value[Any]:
    kind = kind_of(block).content
    if kind in (AttachmentKind.NETWORK, AttachmentKind.OTHER):
        return Value((), block, "", "its addresses are those of the VCN")
    why = kind if isinstance(kind, Unknown) else Unknown("what it attaches was not read")
    return Value(why, block, path_for(block, "network_id", "networkDetails.id"))


def _behind_peer(block: Block) -> Value[Any]:
    """Say that what is behind a peering is told by the hub at its other end."""
    peers = joined(block, REMOTE)
    path = path_for(block, "peer_id", "peerId")
    if peers.certain:
        why = "it has no peer" if peers.is_empty else "what is attached to the hub of its peer"
        return Value((), block, path, why)
    return Value(Unknown("the hub at the other end announces them"), block, path)


for _type in (ATTACHMENT, MANAGEMENT):
    _attached(
        _type,
        networks=ATTACHED_NETWORK,
        network_tables=NETWORK_TABLES,
        ranges=Derived(_of_network),
        when=stands_alone if _type == MANAGEMENT else None,
    )
_attached(IPSEC, tables=_TUNNEL_TABLES, ranges=Derived(ranges_behind))
_attached(
    CIRCUIT,
    hub=CIRCUIT_HUB,
    tables=Nothing(),
    ranges=Constant(Unknown("the other side announces them by BGP")),
    when=is_private,
)
_attached(
    REMOTE,
    tables=Nothing(),
    peers=Derived(lambda block: joined(block, REMOTE)),
    ranges=Derived(_behind_peer),
)
