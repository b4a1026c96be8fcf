"""VPC peering connections, which are one thing together with the resource that accepts them.

API paths are those of DescribeVpcPeeringConnections (botocore service model `ec2`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.references import network
from scanner.mapping.fields import Derived, flag, written
from scanner.mapping.links import only_target, united
from scanner.mapping.references import Nothing, ref, refs
from scanner.mapping.registry import companion_by, maps
from scanner.model.network import Peering
from scanner.record import MISSING, Block, Links, Peers
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value

_CONNECTION: Final = "aws_vpc_peering_connection"
_ACCEPTER: Final = "aws_vpc_peering_connection_accepter"
_OPTIONS: Final = "aws_vpc_peering_connection_options"
TYPES: Final = (_CONNECTION, _ACCEPTER)

_OF: Final = ref("vpc_peering_connection_id", "VpcPeeringConnectionId", *TYPES)
_ACCEPTS: Final = flag("auto_accept", "", unset=False)


def same_peering(peers: Peers, address: str) -> str:
    """Name a peering by its connection, if what is named only accepts it."""
    record = peers.get(address)
    if record is None or record.type != _ACCEPTER:
        return address
    other = only_target(ref(_OF.terraform, _OF.api, _CONNECTION).read(record.block))
    return other or address


def peering_links(links: Links) -> Links:
    """Name every peering that is referred to by its connection."""
    peers = links.origin.record.peers
    return united(links, lambda address: same_peering(peers, address))


def _stands_alone(block: Block) -> bool:
    """Whether the connection that a record accepts is not part of what was read."""
    return same_peering(block.record.peers, block.record.address) == block.record.address


def _active(block: Block) -> Truth:
    """Whether a peering is accepted: by itself, by a record beside it, or as its status says.

    VPC Peering Guide, "Create a VPC peering connection": the owner of the other VPC must accept it.
    """
    if block.record.shape == "api":
        return _is_active(block.value("Status.Code"))
    truths = [_ACCEPTS.read(block)]
    accepters = block.record.companions(_ACCEPTER)
    truths += [_ACCEPTS.read(record.block) for record in accepters.certain]
    for truth in truths:
        if truth.is_true:
            return truth
    for record in block.record.companions(_OPTIONS).certain:
        # Options can be set of an active connection only.
        return known(True, Evidence(record.address, "sets options of it"))
    for path in ("accept_status", "status"):
        status = block.value(path)
        if isinstance(status.content, str):
            return _is_active(status)
    doubts = [fact for truth in truths if truth.is_unknown for fact in truth.evidence]
    doubts += [Evidence(block.address, reason) for reason in accepters.unknown]
    return unknown(*doubts, Evidence(block.address, "nothing in what was read accepts it"))


def _is_active(status: Value[str]) -> Truth:
    # VPC Peering Guide, "VPC peering connection lifecycle".
    return status.test(lambda code: code == "active")


def _shares_groups(block: Block) -> Truth:
    """Whether rules may name groups of the other VPC: in the same region only.

    VPC Peering Guide, "Update your security groups to reference peer security groups".
    """
    if block.record.shape == "api":
        return _same(block, block.read("RequesterVpcInfo.Region"), "AccepterVpcInfo.Region")
    here = block.read("requester_region")
    if not isinstance(here, str) or not here:
        here = block.read("region")
    if not isinstance(here, str) or not here:
        here = block.record.location.region
    if block.record.managed and written(block, "peer_region") in (MISSING, ""):
        fact = "peer_region is not set: the region of the requester"
        return known(True, Evidence(block.address, fact))
    return _same(block, here, "peer_region")


def _same(block: Block, here: object, path: str) -> Truth:
    there = block.value(path)
    if not isinstance(there.content, str) or not isinstance(here, str) or not here:
        why = there.content if isinstance(there.content, Unknown) else None
        reason = why.reason if why is not None else "the region of the requester is not known"
        return unknown(Evidence(there.source, reason))
    return there.test(lambda region: region == here)


def _not_known(block: Block) -> Truth:
    # Its peer_region is that of the accepter itself: Terraform registry, of the same name.
    reason = "the connection that it accepts, whose regions decide, is not part of what was read"
    return unknown(Evidence(block.address, reason))


companion_by(_ACCEPTER, (_CONNECTION,), ref(_OF.terraform, _OF.api, _CONNECTION))
companion_by(_OPTIONS, TYPES, Derived(lambda block: peering_links(_OF.read(block))))

maps(
    _CONNECTION,
    to=Peering,
    networks=refs(
        network("vpc_id", "RequesterVpcInfo.VpcId"),
        network("peer_vpc_id", "AccepterVpcInfo.VpcId"),
    ),
    peers=Nothing(),
    active=Derived(_active),
    shares_groups=Derived(_shares_groups),
)
maps(
    _ACCEPTER,
    to=Peering,
    when=_stands_alone,
    networks=refs(
        network("vpc_id", "AccepterVpcInfo.VpcId"),
        network("peer_vpc_id", "RequesterVpcInfo.VpcId"),
    ),
    peers=Nothing(),
    active=Derived(_active),
    shares_groups=Derived(_not_known),
)
