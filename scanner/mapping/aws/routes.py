"""Route tables with their routes, inline and separate, and which of them is the main one.

API paths are those of DescribeRouteTables (botocore service model `ec2`), whose answer holds
every route inline, those that a virtual private gateway added by itself too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scanner.mapping.aws.references import NETWORKS, TABLES, by_attribute, network
from scanner.mapping.aws.route_targets import API, INLINE, SEPARATE, hole, routes_of
from scanner.mapping.fields import Derived, shown
from scanner.mapping.links import with_companions, with_doubts
from scanner.mapping.references import ref, ref_if_set
from scanner.mapping.registry import companion_by, maps
from scanner.model.network import GatewayKind, Route, RouteTable
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value


def _routes(block: Block) -> Value[tuple[Route, ...]]:
    """Read the inline routes and those of `aws_route`."""
    api = block.record.shape == "api"
    path = "Routes" if api else "route"
    found: list[Route] = []
    if not api and not block.record.managed:
        # The data source calls its blocks `routes`.
        path = "routes"
    if shown(block, path) is not MISSING:
        blocks = block.blocks(path)
        if isinstance(blocks, Unknown):
            found.append(hole(block, path, blocks.reason))
        else:
            for item in blocks:
                found += routes_of(item, API if api else INLINE)
    elif not block.record.managed:
        found.append(hole(block, path, "the routes of a table that is looked up were not read"))
    return Value((*found, *_separate(block)), block, path)


def _separate(block: Block) -> Iterator[Route]:
    separate = block.record.companions("aws_route")
    for record in separate.certain:
        yield from routes_of(record.block, SEPARATE)
    for reason in separate.unknown:
        yield hole(block, "route", reason)


def _is_main(block: Block) -> Truth:
    """Whether the API says so, or an association makes it the main table."""
    path = "Associations[].Main" if block.record.shape == "api" else "associations[].main"
    flags = block.read(path)
    if isinstance(flags, list) and any(flag is True for flag in flags):
        return known(True, Evidence(f"{block.address}.{path}", "true"))
    found = block.record.companions("aws_main_route_table_association")
    for record in found.certain:
        return known(True, Evidence(record.address, f"makes {block.record.address} the main table"))
    if found.unknown:
        return unknown(*(Evidence(block.address, reason) for reason in found.unknown))
    if not block.record.managed and not isinstance(flags, list):
        fact = "whether a table that is looked up is the main one was not read"
        return unknown(Evidence(block.address, fact))
    return known(False, Evidence(block.address, "nothing makes it the main route table"))


def _network_of_default(block: Block) -> Links:
    """Read the VPC of a default table, which is written as an attribute of the VPC."""
    if isinstance(block.read("vpc_id"), str):
        return block.links("vpc_id", frozenset(NETWORKS))
    return block.links("default_route_table_id", frozenset(NETWORKS))


def _itself(block: Block) -> Links:
    return Links(block, "main_route_table_id", targets=(block.record.address,))


def _still_main(block: Block) -> Truth:
    """Whether the table made with the VPC has not been replaced as its main one."""
    links = _itself(block) if block.record.type in NETWORKS else _network_of_default(block)
    mine = set(links.candidates())
    for record in block.record.peers.of("aws_main_route_table_association"):
        other = record.block.links("vpc_id", frozenset(NETWORKS))
        if mine.intersection(other.targets) and links.certain:
            return known(False, Evidence(record.address, "makes another table the main one"))
        if mine.intersection(other.candidates()) or other.unknown:
            return unknown(Evidence(record.address, "may make another table the main one"))
    return known(True, Evidence(block.address, "the main route table that is made with the VPC"))


_PROPAGATION: Final = "aws_vpn_gateway_route_propagation"
_LEARNS: Final = ref_if_set("propagating_vgws", "PropagatingVgws[].GatewayId", "aws_vpn_gateway")
_PROPAGATED: Final = ref("vpn_gateway_id", "GatewayId", "aws_vpn_gateway")
_MADE_WITH: Final = dict.fromkeys(NETWORKS, ("main_route_table_id", "default_route_table_id"))
_TABLE: Final = ref("route_table_id", "RouteTableId", *TABLES, *NETWORKS)


def _table_of(block: Block) -> Links:
    """Read the table that a record completes; the one made with a VPC may stand for itself."""
    return by_attribute(_TABLE.read(block), _MADE_WITH)


def _learns_from(block: Block) -> Links:
    """Read the virtual private gateways whose routes are added, in both styles."""
    own = _LEARNS.read(block)
    links = with_companions(block, own.path, _PROPAGATION, _PROPAGATED, (own,))
    if block.record.managed:
        return links
    return with_doubts(links, "which gateways add routes to a table that is looked up was not read")


companion_by("aws_route", (*TABLES, *NETWORKS), Derived(_table_of))
companion_by(_PROPAGATION, (*TABLES, *NETWORKS), Derived(_table_of))
companion_by(
    "aws_main_route_table_association",
    ("aws_route_table",),
    ref("route_table_id", "RouteTableId", "aws_route_table"),
)

maps(
    "aws_route_table",
    to=RouteTable,
    network=network("vpc_id", "VpcId"),
    is_main=Derived(_is_main),
    routes=Derived(_routes),
    learns_from=Derived(_learns_from),
)
maps(
    "aws_default_route_table",
    to=RouteTable,
    network=Derived(_network_of_default),
    is_main=Derived(_still_main),
    routes=Derived(_routes),
    learns_from=Derived(_learns_from),
)


def _has_routes(block: Block) -> bool:
    found = [block.record.companions(type) for type in ("aws_route", _PROPAGATION)]
    return any(item.certain or item.unknown for item in found)


def _as_made(block: Block) -> Value[tuple[Route, ...]]:
    """Give the routes added to the table that AWS makes with a VPC, and those it is made with.

    VPC User Guide, "Default VPCs": the main table of a default VPC sends 0.0.0.0/0 to the internet
    gateway that is made with the VPC.  Adopting the table removes that route.
    """
    path = "main_route_table_id"
    if block.record.type != "aws_default_vpc" or _is_adopted(block):
        return Value(tuple(_separate(block)), block, path)
    source = Value("0.0.0.0/0", block, path, "as AWS makes it")
    out = Route(source, Value(GatewayKind.INTERNET, block, path), Links(block, path), known(True))
    return Value((out, *_separate(block)), block, path)


def _is_adopted(block: Block) -> bool:
    tables = block.record.peers.of("aws_default_route_table")
    return any(
        block.record.address in _network_of_default(table.block).candidates() for table in tables
    )


for _type in NETWORKS:
    # Routes may be added to the table that AWS makes with a VPC, by its main_route_table_id.
    maps(
        _type,
        to=RouteTable,
        when=_has_routes,
        network=Derived(_itself),
        is_main=Derived(_still_main),
        routes=Derived(_as_made),
        learns_from=Derived(_learns_from),
    )
