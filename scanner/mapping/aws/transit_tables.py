"""Route tables of transit gateways: those of the configuration, and the one made with a gateway.

EC2 API Reference, TransitGatewayOptions: the default table is made if association or propagation
by default is enabled.  API paths are those of DescribeTransitGatewayRouteTables,
SearchTransitGatewayRoutes, GetTransitGatewayPrefixListReferences and
GetTransitGatewayRouteTablePropagations (botocore service model `ec2`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from scanner.mapping.aws.prefix_lists import behind
from scanner.mapping.aws.transit import (
    ASSOCIATES,
    ATTACHMENT_OF,
    HUB,
    HUB_OF,
    PROPAGATES,
    TABLE,
    TABLE_OF,
    AttachmentRef,
    end_at,
    hub_of_table,
)
from scanner.mapping.fields import Derived, flag
from scanner.mapping.links import with_companions, with_doubts
from scanner.mapping.references import ref
from scanner.mapping.registry import companion_by, maps
from scanner.model.network import AttachmentKind, GatewayKind, HubRouteTable, Route
from scanner.record import Block, Links, Record
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value

_ROUTE: Final = "aws_ec2_transit_gateway_route"
_PREFIXES: Final = "aws_ec2_transit_gateway_prefix_list_reference"
_PROPAGATION: Final = "aws_ec2_transit_gateway_route_table_propagation"
_DEFAULT_ASSOCIATION: Final = "aws_ec2_transit_gateway_default_route_table_association"
_DEFAULT_PROPAGATION: Final = "aws_ec2_transit_gateway_default_route_table_propagation"
_ALL: Final = tuple(AttachmentKind)
_NOT_READ: Final = "what a table that is only looked up holds was not read"

_BLACKHOLE: Final = flag("blackhole", "Blackhole")
_OF_ROUTE: Final = AttachmentRef(
    "transit_gateway_attachment_id", "TransitGatewayAttachments[].TransitGatewayAttachmentId"
)
_OF_PREFIXES: Final = AttachmentRef(
    "transit_gateway_attachment_id", "TransitGatewayAttachment.TransitGatewayAttachmentId"
)


def _hub_address(block: Block) -> str:
    return hub_of_table(block.record.peers, block.record.address)


def _routes(block: Block) -> Value[tuple[Route, ...]]:
    """Read the static routes, each range of a prefix list as one."""
    hub_address = _hub_address(block)
    found: list[Route] = []
    routes, prefixes = (block.record.companions(type) for type in (_ROUTE, _PREFIXES))
    for record in routes.certain:
        path = "DestinationCidrBlock" if record.shape == "api" else "destination_cidr_block"
        found.append(_route(record, _destination(record.block, path), _OF_ROUTE, hub_address))
    for record in prefixes.certain:
        found += [
            _route(record, destination, _OF_PREFIXES, hub_address)
            for destination in _behind(record.block)
        ]
    reasons = [*routes.unknown, *prefixes.unknown]
    if not block.record.managed:
        reasons.append(_NOT_READ)
    found += [_hole(block, reason) for reason in reasons]
    return Value(tuple(found), block, "")


def _destination(block: Block, path: str) -> Value[str]:
    value: Value[Any] = block.value(path)
    if isinstance(value.content, (str, Unknown)):
        return value
    return Value(Unknown("not of the expected form"), block, path)


def _behind(block: Block) -> Iterator[Value[str]]:
    path = "PrefixListId" if block.record.shape == "api" else "prefix_list_id"
    ranges = behind(block, path)
    for text in ranges.known:
        yield Value(text, block, path)
    for reason in ranges.unknown:
        yield Value(Unknown(reason), block, path)


def _route(record: Record, destination: Value[str], of: AttachmentRef, hub_address: str) -> Route:
    block = record.block
    drops = _drops(block)
    path = of.terraform if record.shape == "terraform" else of.api
    target = Links(block, path) if drops.is_true else end_at(hub_address, of.read(block))
    kind: Value[GatewayKind] = Value(GatewayKind.HUB, block, path)
    if drops.is_true:
        kind = Value(GatewayKind.BLACKHOLE, block, "blackhole")
    elif drops.is_unknown:
        kind = Value(Unknown("whether it drops what it decides is not known"), block, "blackhole")
    return Route(destination, kind, target, known(True))


def _drops(block: Block) -> Truth:
    if block.record.shape == "api" and block.has("State") and not block.has("Blackhole"):
        return block.value("State").equals("blackhole")
    return _BLACKHOLE.read(block)


def _hole(block: Block, reason: str) -> Route:
    """Stand for routes that may exist and of which nothing is known."""
    missing = Unknown(reason)
    return Route(
        Value(missing, block, ""),
        Value(missing, block, ""),
        Links(block, "", unknown=(reason,)),
        unknown(Evidence(block.address, reason)),
    )


def _learns_from(block: Block) -> Links:
    """Read the attachments that are propagated to a table."""
    path = ATTACHMENT_OF.terraform
    links = end_at(_hub_address(block), with_companions(block, path, _PROPAGATION, ATTACHMENT_OF))
    return links if block.record.managed else with_doubts(links, _NOT_READ)


_RULES: Final = flag("default_association_route_table", "DefaultAssociationRouteTable")
_LEARNS: Final = flag("default_propagation_route_table", "DefaultPropagationRouteTable")


def _chosen(block: Block, type: str, itself: Truth) -> Truth:
    """Whether a table is the default one: it says so, or a record makes it so."""
    found = block.record.companions(type)
    for record in found.certain:
        return known(True, Evidence(record.address, f"makes {block.record.address} the default"))
    if itself.is_true or not block.record.managed or block.record.shape == "api":
        return itself
    if found.unknown:
        return unknown(*(Evidence(block.address, reason) for reason in found.unknown))
    return known(False, Evidence(block.address, "nothing makes it the default table"))


def _still(block: Block, type: str, itself: Truth, path: str) -> Truth:
    """Whether the table made with a hub is the default one, and no record makes another it."""
    found = block.record.companions(type)
    for record in found.certain:
        return known(False, Evidence(record.address, "makes another table the default"))
    name = block.read(path)
    for table in block.record.peers.of(TABLE):
        if isinstance(name, str) and name and table.block.read("id") == name:
            return known(False, Evidence(f"{block.address}.{path}", table.address))
    if found.unknown and not itself.is_false:
        return unknown(*(Evidence(block.address, reason) for reason in found.unknown))
    return itself


def _kinds(block: Block, path: str, truth: Truth) -> Value[tuple[AttachmentKind, ...]]:
    """Give the kinds of attachments that a default table rules: all, or none."""
    if truth.is_unknown:
        facts = truth.evidence
        return Value(Unknown(facts[0].fact if facts else "not known"), block, path)
    return Value(_ALL if truth.is_true else (), block, path)


def _rules(block: Block) -> Value[tuple[AttachmentKind, ...]]:
    if block.record.type == HUB:
        path = "association_default_route_table_id"
        truth = _still(block, _DEFAULT_ASSOCIATION, ASSOCIATES.read(block), path)
        return _kinds(block, "default_route_table_association", truth)
    truth = _chosen(block, _DEFAULT_ASSOCIATION, _RULES.read(block))
    return _kinds(block, _RULES.attr.terraform, truth)


def _learns_by_default(block: Block) -> Truth:
    if block.record.type == HUB:
        path = "propagation_default_route_table_id"
        return _still(block, _DEFAULT_PROPAGATION, PROPAGATES.read(block), path)
    return _chosen(block, _DEFAULT_PROPAGATION, _LEARNS.read(block))


def _has_table(block: Block) -> bool:
    """Whether a default table is made with a hub."""
    made: Truth = ASSOCIATES.read(block) | PROPAGATES.read(block)
    return not made.is_false


for _type in (_ROUTE, _PREFIXES, _PROPAGATION):
    companion_by(_type, (TABLE, HUB), TABLE_OF)
for _type in (_DEFAULT_ASSOCIATION, _DEFAULT_PROPAGATION):
    companion_by(_type, (HUB,), HUB_OF)
    companion_by(_type, (TABLE,), ref(TABLE_OF.terraform, TABLE_OF.api, TABLE))

maps(
    TABLE,
    to=HubRouteTable,
    hub=HUB_OF,
    routes=Derived(_routes),
    learns_from=Derived(_learns_from),
    rules=Derived(_rules),
    learns_by_default=Derived(_learns_by_default),
)
maps(
    HUB,
    to=HubRouteTable,
    part="default_table",
    when=_has_table,
    hub=Derived(lambda block: Links(block, "id", targets=(block.record.address,))),
    routes=Derived(_routes),
    learns_from=Derived(_learns_from),
    rules=Derived(_rules),
    learns_by_default=Derived(_learns_by_default),
)
