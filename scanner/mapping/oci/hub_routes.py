"""Route tables of a hub (DRG): those that somebody made, and the two that come with it.

API paths are those of DrgRouteTable and DrgRouteRule (Core Services API).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any, Final

from scanner.mapping.fields import Constant, Derived, never
from scanner.mapping.oci.distributions import at_hub, imports
from scanner.mapping.oci.hub_attachments import ATTACHMENTS, DRG, HUB, attachments, defaults_of
from scanner.mapping.oci.reading import named_at, path_for
from scanner.mapping.references import merge_links
from scanner.mapping.registry import companion_by, maps, supports
from scanner.model.network import AttachmentKind, GatewayKind, HubRouteTable, Route
from scanner.record import Block, Links, Record
from scanner.truth import known
from scanner.value import Unknown, Value

_TABLE: Final = "oci_core_drg_route_table"
_RULE: Final = "oci_core_drg_route_table_route_rule"
_DEFAULT: Final = "oci_core_default_drg_route_table"
_OTHERS: Final = (AttachmentKind.VPN, AttachmentKind.LINE, AttachmentKind.PEERING)
_MANAGES: Final = "manage_default_resource_id"


def _ruled(block: Block) -> Links:
    """Name the table of a static rule; a default table stands for its hub."""
    links = _hubs_by_name(named_at(block, "drg_route_table_id", (_TABLE, _DEFAULT, DRG)))
    peers = block.record.peers
    parts = [replace(links, targets=())]
    for address in links.targets:
        peer = peers.get(address)
        if peer is not None and peer.type == _DEFAULT:
            parts.append(_hubs_by_name(peer.block.links(_MANAGES, frozenset({DRG}))))
        else:
            parts.append(Links(block, links.path, targets=(address,)))
    return merge_links(block, parts, links.path)


def _hubs_by_name(links: Links) -> Links:
    """Put a hub in the place of the identifier of one of its default tables."""
    if not links.outside:
        return links
    owners = {
        name: drg.address
        for drg in links.origin.record.peers.of(DRG)
        for name in defaults_of(drg.block).values()
    }
    return replace(
        links,
        targets=tuple(
            dict.fromkeys(
                (*links.targets, *(owners[name] for name in links.outside if name in owners))
            )
        ),
        outside=tuple(name for name in links.outside if name not in owners),
    )


def _default_named(rule: Block) -> Any:
    """Read the identifier of the default table that a rule belongs to, where it is known."""
    links = named_at(rule, "drg_route_table_id", (_DEFAULT,))
    for address in links.targets:
        peer = rule.record.peers.get(address)
        if peer is not None and peer.type == _DEFAULT:
            return peer.block.read(_MANAGES)
    return rule.read("drg_route_table_id")


companion_by(_RULE, (_TABLE, DRG), Derived(_ruled))


def _route(rule: Block) -> Route:
    path = path_for(rule, "next_hop_drg_attachment_id", "nextHopDrgAttachmentId")
    target = attachments(rule.links(path, ATTACHMENTS))
    found = rule.read("destination")
    kind = GatewayKind.HUB
    if rule.read(path) == "BLACKHOLE":
        # DrgRouteRule, nextHopDrgAttachmentId: traffic is then discarded.
        kind, target = GatewayKind.BLACKHOLE, Links(rule, path)
    elif target.is_empty:
        target = Links(rule, path, unknown=("no target can be read",))
    readable = isinstance(found, (str, Unknown))
    return Route(
        destination=Value(
            found if readable else Unknown("no destination can be read"), rule, "destination"
        ),
        kind=Value(kind, rule, path),
        target=target,
        active=known(True),
    )


def _listed(block: Block, rules: Collection[Record]) -> Value[Any]:
    """Give the static routes of these rules, unless there may be others."""
    path = "drg_route_table_id"
    if not block.record.managed:
        return Value(Unknown("the rules of a table that is looked up were not read"), block, path)
    for reason in block.record.companions(_RULE).unknown:
        return Value(Unknown(reason), block, path)
    return Value(tuple(_route(rule.block) for rule in rules), block, path)


maps(
    _TABLE,
    to=HubRouteTable,
    hub=HUB,
    routes=Derived(lambda block: _listed(block, block.record.companions(_RULE).certain)),
    learns_from=Derived(
        lambda block: (
            imports(block, HUB.read(block))
            if block.record.managed
            else Links(block, "", unknown=("what a table that is looked up learns was not read",))
        )
    ),
    # Default tables come with the hub; DefaultDrgRouteTables: they cannot be deleted.
    rules=Constant(()),
    learns_by_default=never("its import distribution tells what it learns"),
)


def _itself(block: Block) -> Links:
    return Links(block, "default_drg_route_tables", targets=(block.record.address,))


def _managers(block: Block, kind: AttachmentKind) -> Iterator[tuple[Record, bool]]:
    """Give what manages, or may manage, a default table of a hub."""
    mine = defaults_of(block).get(kind)
    for record in block.record.peers.of(_DEFAULT):
        name = record.block.read(_MANAGES)
        if isinstance(name, str) and mine is not None:
            if name == mine:
                yield record, True
            continue
        links = record.block.links(_MANAGES, frozenset({DRG}))
        if links.unknown or links.outside or block.record.address in links.candidates():
            yield record, False


def _default_table(part: str, rules: tuple[AttachmentKind, ...], learns: Any) -> None:
    """Map one of the two tables that Oracle makes with a hub.

    Core Services API, DrgRouteDistribution: the default table of VCN attachments imports the
    routes of every type of attachment; the other one, of all other types, imports those of VCN
    attachments.
    """

    def learns_from(block: Block) -> Links:
        own = at_hub(block, _itself(block), learns)
        for record, certain in _managers(block, rules[0]):
            if certain:
                return imports(record.block, _itself(block))
            own = replace(
                own,
                targets=(),
                maybe=tuple(own.candidates()),
                unknown=(*own.unknown, f"{record.address} may say what it learns"),
            )
        return own

    def routes(block: Block) -> Value[Any]:
        mine = defaults_of(block).get(rules[0])
        rows = block.record.companions(_RULE).certain
        for row in rows:
            if mine is None or not isinstance(_default_named(row.block), str):
                reason = f"of which default table {row.address} is a rule is not known"
                return Value(Unknown(reason), block, "default_drg_route_tables")
        return _listed(block, [row for row in rows if _default_named(row.block) == mine])

    maps(
        DRG,
        to=HubRouteTable,
        part=part,
        hub=Derived(_itself),
        routes=Derived(routes),
        learns_from=Derived(learns_from),
        rules=Constant(rules),
        learns_by_default=never("its import distribution tells what it learns"),
    )


_default_table("default_drg_route_tables.vcn", (AttachmentKind.NETWORK,), tuple(AttachmentKind))
_default_table("default_drg_route_tables.others", _OTHERS, (AttachmentKind.NETWORK,))
supports(_DEFAULT)
