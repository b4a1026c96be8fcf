"""Direct Connect: lines to the company's own sites, and the gateways at which they end.

A line reaches a virtual private gateway or a transit gateway by a virtual interface, mostly
through a Direct Connect gateway that is associated with them.  API paths are those of
DescribeVirtualInterfaces, DescribeConnections and DescribeDirectConnectGatewayAssociations
(botocore service model `directconnect`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from scanner.mapping.aws.transit import HUB, LINE
from scanner.mapping.fields import Constant, Derived, NotApplicable, always, flag, written
from scanner.mapping.links import only_target, with_companions, with_doubts
from scanner.mapping.references import Nothing, merge_links, ref, ref_if_set, refs
from scanner.mapping.registry import companion, maps, supports
from scanner.model.network import AttachmentKind, HybridLink
from scanner.record import Block, Links, Record
from scanner.truth import Evidence, Truth, all_of, known, unknown
from scanner.value import Unknown

GATEWAY: Final = "aws_vpn_gateway"
CONNECTION: Final = "aws_dx_connection"
_LAG: Final = "aws_dx_lag"
_HOSTED_CONNECTION: Final = "aws_dx_hosted_connection"
_DX_GATEWAY: Final = "aws_dx_gateway"
_PROPOSAL: Final = "aws_dx_gateway_association_proposal"
_MAKERS: Final = ("aws_dx_private_virtual_interface", "aws_dx_transit_virtual_interface")
_HOSTED: Final = (
    "aws_dx_hosted_private_virtual_interface",
    "aws_dx_hosted_transit_virtual_interface",
)
_TO_GATEWAY: Final = ref("dx_gateway_id", "directConnectGatewayId", _DX_GATEWAY)
_ASSOCIATED: Final = refs(
    ref_if_set("associated_gateway_id", "associatedGateway.id", GATEWAY, HUB),
    # Until version 5 of the provider.
    ref_if_set("vpn_gateway_id", "virtualGatewayId", GATEWAY),
)
_PROPOSED: Final = ref("associated_gateway_id", "", GATEWAY, HUB)


def associated_gateways(block: Block) -> Links:
    """Read the gateway that an association joins; one that is proposed stands in the proposal."""
    links: Links = _ASSOCIATED.read(block)
    if not links.is_empty or block.record.shape == "api":
        return links
    proposal = ref_if_set("proposal_id", "", _PROPOSAL).read(block)
    record = block.record.peers.get(only_target(proposal))
    if record is not None:
        return _PROPOSED.read(record.block)
    return with_doubts(links, "the gateway of another account, which proposed the association")


def _behind_dx_gateway(block: Block) -> Links:
    """Give the gateways that are associated with a Direct Connect gateway."""
    links = with_companions(block, "id", LINE, Derived(associated_gateways))
    if block.record.managed:
        return links
    return with_doubts(links, "what is associated with a gateway that is looked up was not read")


_DIRECT: Final = ref_if_set("vpn_gateway_id", "virtualGatewayId", GATEWAY)
_THROUGH: Final = ref_if_set("dx_gateway_id", "directConnectGatewayId", _DX_GATEWAY)


def _gateways(block: Block) -> Links:
    """Read where a virtual interface ends: at a gateway, or at those behind its own."""
    parts = [_DIRECT.read(block)]
    through = _THROUGH.read(block)
    reasons = [*through.unknown]
    reasons += [f'"{name}" is not in what was read' for name in through.outside]
    for address in through.candidates():
        record = block.record.peers.get(address)
        if record is None or address not in through.targets:
            reasons.append(f"what is behind {address}")
        else:
            parts.append(_behind_dx_gateway(record.block))
    return with_doubts(merge_links(block, parts), *reasons)


def _gateways_if_accepted(block: Block) -> Links:
    """Read where a hosted virtual interface ends, which the account says that accepts it."""
    found = block.record.companions(f"{block.record.type}_accepter")
    if not found.certain:
        reasons = found.unknown or ("the account that accepts it chooses, which was not read",)
        return Links(block, "", unknown=reasons)
    return merge_links(block, [_gateways(record.block) for record in found.certain])


def _encrypts(block: Block) -> Truth:
    """Whether MACsec encrypts all that passes a connection.

    Direct Connect User Guide, "MAC Security" and "Update a connection": must_encrypt lets nothing
    pass without it; should_encrypt does while the encryption is down.
    """
    if block.record.type != CONNECTION or not block.record.managed:
        return unknown(Evidence(block.address, "whether it encrypts was not read"))
    api = block.record.shape == "api"
    path = "encryptionMode" if api else "encryption_mode"
    mode = written(block, path)
    if mode == "must_encrypt" or mode == "no_encrypt":
        return known(mode == "must_encrypt", Evidence(f"{block.address}.{path}", f'"{mode}"'))
    if isinstance(mode, Unknown):
        return unknown(Evidence(f"{block.address}.{path}", mode.reason))
    if mode == "should_encrypt":
        fact = '"should_encrypt": not while the encryption is down'
        return unknown(Evidence(f"{block.address}.{path}", fact))
    asked = _ASKED.read(block)
    if asked.is_true:
        return unknown(Evidence(block.address, "MACsec is asked for, and no mode is set"))
    return asked


_ASKED: Final = flag("request_macsec", "macSecCapable")
_ON: Final = ref("connection_id", "connectionId", CONNECTION, _LAG, _HOSTED_CONNECTION)


def _encrypted(block: Block) -> Truth:
    """Whether the connection below a virtual interface encrypts."""
    links = _ON.read(block)
    truths: list[Truth] = []
    for address in links.candidates():
        record = block.record.peers.get(address)
        if record is None or address not in links.targets:
            truths.append(unknown(links))
        else:
            truths.append(_encrypts(record.block))
    if links.is_empty or links.outside or links.unknown:
        truths.append(unknown(links))
    return all_of(truths)


def _users(block: Block, types: tuple[str, ...], path: str) -> Iterator[Record]:
    for type in types:
        for record in block.record.peers.of(type):
            links = record.block.links(path, frozenset({block.record.type}))
            if block.record.address in links.candidates():
                yield record


_VIRTUAL: Final = (*_MAKERS, *_HOSTED)
_ENDING: Final = (*_MAKERS, *(f"{type}_accepter" for type in _HOSTED))


def _has_no_interface(block: Block) -> bool:
    """Whether no virtual interface of a connection was read, which would stand for the link."""
    return block.record.managed and not any(_users(block, _VIRTUAL, "connection_id"))


def _ends_nothing(block: Block) -> bool:
    """Whether no virtual interface was read that ends at a Direct Connect gateway."""
    return block.record.managed and not any(_users(block, _ENDING, "dx_gateway_id"))


def _is_alone(block: Block) -> bool:
    """Whether the hosted virtual interface that a record accepts was not read."""
    made = block.record.type.removesuffix("_accepter")
    links = ref("virtual_interface_id", "virtualInterfaceId", made).read(block)
    return not only_target(links)


companion(LINE, _DX_GATEWAY, "dx_gateway_id", "directConnectGatewayId")
for _type in _HOSTED:
    companion(f"{_type}_accepter", _type, "virtual_interface_id", "virtualInterfaceId")
supports(_LAG, _HOSTED_CONNECTION, _PROPOSAL, "aws_dx_connection_association", "aws_dx_bgp_peer")

# Direct Connect User Guide, "Routing policies and BGP communities": all routes come by BGP.
_ANNOUNCED: Final = always("the routes of a Direct Connect line are announced by BGP")
_NONE: Final[Constant] = Constant(())
_ITSELF: Final = Derived(lambda block: Links(block, "", targets=(block.record.address,)))


def _not_read(reason: str) -> Callable[[Block], Links]:
    return lambda block: Links(block, "", unknown=(reason,))


for _type in _MAKERS:
    maps(
        _type,
        to=HybridLink,
        kind=Constant(AttachmentKind.LINE),
        gateways=Derived(_gateways),
        far_ends=_ON,
        ranges=_NONE,
        announced=_ANNOUNCED,
        encrypted=Derived(_encrypted),
    )
for _type in _HOSTED:
    maps(
        _type,
        to=HybridLink,
        kind=Constant(AttachmentKind.LINE),
        gateways=Derived(_gateways_if_accepted),
        far_ends=_ON,
        ranges=_NONE,
        announced=_ANNOUNCED,
        encrypted=Derived(_encrypted),
    )
    maps(
        f"{_type}_accepter",
        to=HybridLink,
        when=_is_alone,
        kind=Constant(AttachmentKind.LINE),
        gateways=Derived(_gateways),
        far_ends=Derived(_not_read("the connection of the other account was not read")),
        ranges=_NONE,
        announced=_ANNOUNCED,
        encrypted=Derived(
            lambda block: unknown(
                Evidence(block.address, "the connection of the other account was not read")
            )
        ),
    )
maps(
    CONNECTION,
    to=HybridLink,
    when=_has_no_interface,
    kind=Constant(AttachmentKind.LINE),
    # Without a virtual interface it ends nowhere.
    gateways=Nothing(),
    far_ends=_ITSELF,
    ranges=_NONE,
    announced=_ANNOUNCED,
    encrypted=Derived(_encrypts),
)
maps(
    _DX_GATEWAY,
    to=HybridLink,
    when=_ends_nothing,
    kind=Constant(AttachmentKind.LINE),
    gateways=Derived(_behind_dx_gateway),
    far_ends=Derived(_not_read("no virtual interface that ends at it was read")),
    ranges=_NONE,
    announced=Derived(
        lambda block: unknown(
            Evidence(block.address, "no virtual interface that ends at it was read")
        )
    ),
    encrypted=NotApplicable("the connections whose virtual interfaces end at it decide"),
)
