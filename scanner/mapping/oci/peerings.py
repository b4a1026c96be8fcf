"""Peerings of two VCNs of one region, each end of which is a gateway of its own.

API paths are those of LocalPeeringGateway (Core Services API).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.fields import Derived, never
from scanner.mapping.oci.reading import NETWORKS, named_at, path_for
from scanner.mapping.references import merge_links, ref
from scanner.mapping.registry import maps
from scanner.model.network import Peering
from scanner.record import Block, Links
from scanner.truth import Evidence, Truth, known, unknown

_TYPE: Final = "oci_core_local_peering_gateway"
_PEERED: Final = ("peering_status", "peeringStatus")


def joined(block: Block, type: str) -> Links:
    """Name the thing at the other end: the one that this one names, or the one that names it."""
    path = path_for(block, "peer_id", "peerId")
    own = named_at(block, path, (type,))
    targets: list[str] = []
    maybe: list[str] = []
    for other in block.record.peers.of(type):
        if other is block.record:
            continue
        theirs = named_at(other.block, path_for(other.block, "peer_id", "peerId"), (type,))
        if block.record.address in theirs.targets:
            targets.append(other.address)
        elif theirs.unknown or block.record.address in theirs.candidates():
            maybe.append(other.address)
    if own.targets or own.outside or targets:
        # It has one peer.
        maybe = []
    return merge_links(block, [own, Links(block, path, tuple(targets), maybe=tuple(maybe))], path)


def _active(block: Block) -> Truth:
    """Whether two gateways are joined.

    Core Services API, LocalPeeringGateway, peeringStatus: NEW, PEERED, PENDING, REVOKED (the other
    end is deleted) and INVALID.  A plan joins them by naming one of them in the other.
    """
    peers = joined(block, _TYPE)
    status = block.read(path_for(block, *_PEERED))
    said = Evidence(f"{block.address}.{path_for(block, *_PEERED)}", f'"{status}"')
    if peers.targets or peers.one_of or peers.outside:
        if status in ("REVOKED", "INVALID"):
            return known(False, said)
        return known(True, peers)
    if status == "PEERED":
        return known(True, said)
    if not peers.is_empty or not block.record.managed:
        return unknown(peers)
    fact = "it names no peer, and none of what was read names it"
    return known(False, Evidence(block.address, fact))


maps(
    _TYPE,
    to=Peering,
    networks=ref("vcn_id", "vcnId", *NETWORKS),
    peers=Derived(lambda block: joined(block, _TYPE)),
    active=Derived(_active),
    # Networking documentation, "Managing Security Rules for an NSG": both groups must be in the
    # same VCN.
    shares_groups=never("a rule may name network security groups of its own VCN only"),
)
