"""References to route tables of a VCN, of which the default one may be named through its VCN."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from scanner.mapping.oci.reading import NETWORKS, NetworkOfDefault, named_at, path_for
from scanner.record import Block, Links

_DEFAULT: Final = "default_route_table_id"
_MANAGED: Final = "oci_core_default_route_table"
_OF_DEFAULT: Final = NetworkOfDefault("manage_default_resource_id", _DEFAULT)
TABLES: Final = frozenset({"oci_core_route_table", _MANAGED, *NETWORKS})


@dataclass(frozen=True)
class Tables:
    """The route tables that an attribute names; none where nothing is written.

    silent: a default table that nothing manages counts as none.  It holds no rule but the routes
    inside its VCN, which is what a gateway without a table does.
    """

    terraform: str
    api: str
    silent: bool = True

    def read(self, block: Block) -> Links:
        """Resolve them; the default table of a VCN is the resource that manages it."""
        links = named_at(block, path_for(block, self.terraform, self.api), TABLES)
        links = _by_identifier(links)
        peers = links.origin.record.peers
        for address in tuple(links.candidates()):
            peer = peers.get(address)
            if peer is not None and peer.type in NETWORKS:
                links = self._managed(links, address)
        return links

    def _managed(self, links: Links, network: str) -> Links:
        """Put the resource that manages the default table of a VCN in the place of the VCN."""
        record = links.origin.record.peers[network]
        found: list[str] = []
        doubts: list[str] = []
        for manager in record.peers.of(_MANAGED):
            owners = _OF_DEFAULT.read(manager.block)
            if network in owners.targets:
                found.append(manager.address)
            elif owners.unknown or network in owners.candidates():
                doubts.append(f"{manager.address} may manage the default table of {network}")
        if not found and not doubts and not (self.silent and record.managed):
            doubts.append(f"the default table of {network} is not in what was read")
        groups = [_exchanged(group, network, found) for group in links.one_of]
        # A choice of which one alternative is no table at all.
        loose = [] if found else [g for g in groups if g not in links.one_of]
        return replace(
            links,
            targets=_exchanged(links.targets, network, found),
            one_of=tuple(group for group in groups if group not in loose),
            maybe=(
                *_exchanged(links.maybe, network, found),
                *(address for group in loose for address in group),
            ),
            unknown=(*links.unknown, *doubts),
        )


def tables(terraform: str, api: str) -> Tables:
    """Read the route tables that direct what enters through a gateway."""
    return Tables(terraform, api)


def _by_identifier(links: Links) -> Links:
    """Name the VCN whose default table is written as the identifier that it has."""
    if not links.outside:
        return links
    owners = {
        name: record.address
        for kind in NETWORKS
        for record in links.origin.record.peers.of(kind)
        if (name := record.block.read(_DEFAULT)) in links.outside
    }
    return replace(
        links,
        targets=tuple(dict.fromkeys((*links.targets, *owners.values()))),
        outside=tuple(name for name in links.outside if name not in owners),
    )


def _exchanged(addresses: Iterable[str], old: str, new: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for address in addresses:
        found.update(dict.fromkeys(new) if address == old else {address: None})
    return tuple(found)
