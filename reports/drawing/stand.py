"""Tells in which areas a gate stands, or on whose edge, as a network engineer would draw it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from reports.drawing.gather import SAID_OF_BOXES, Draft
from reports.drawing.station import Station, Where
from scanner.survey import Area, Place, Role

OUT: Final = frozenset({"NET-SG-OUT", "OCI-SEC-OUT"})
IN: Final = frozenset({"NET-SG-IN", "OCI-SEC-IN", "OCI-STATELESS-RET"})
_EDGE: Final = Area("edge", ("provider edge",))
_HUBS: Final = frozenset({Role.HUB, Role.HUB_TABLE, Role.ATTACHMENT})


class Around(NamedTuple):
    """What stands around a gate.

    drafts, place: all stations, and the gate's place among them.  first, last: the places of the
    boxes before and after it; before, after: the areas of these.  near: the network in which the
    station before it stands.
    """

    drafts: Sequence[Draft]
    place: int
    first: int
    last: int
    before: tuple[Area, ...]
    after: tuple[Area, ...]
    near: tuple[Area, ...]


def areas_of(draft: Draft, where: Where) -> tuple[Area, ...]:
    """Give the areas that hold a box."""
    codes = {hop.code for hop in draft.hops}
    if draft.role is Role.EDGE or "NET-ENDPOINT" in codes:
        # The endpoint that the provider runs stands outside of the customer's networks.
        return (_EDGE,)
    found = where(draft.hop.node)
    return found.areas if found else ()


def stand(
    draft: Draft, known: Place | None, around: Around
) -> tuple[tuple[Area, ...], Area | None]:
    """Tell in which areas a gate stands, and on whose edge."""
    code = draft.hop.code
    before, after, near = around.before, around.after, around.near
    areas = known.areas if known else ()
    if code in OUT or draft.role in (Role.LISTENER, Role.TARGETS):
        return before, None
    if code in IN:
        return after, None
    if code in SAID_OF_BOXES:
        return _said(draft, around), None
    if code in ("NET-NACL-OUT", "NET-NACL-IN"):
        return _acl(code, around)
    if draft.role in _HUBS and areas:
        if all(hop.code == "NET-TGW-AZ" for hop in draft.hops):
            return near, None
        return ((), areas[0]) if draft.role is Role.ATTACHMENT else (areas[:1], None)
    if draft.hop.action == "route":
        return (areas[:1] or near), None
    if code == "NET-IGW" or draft.role is Role.GATEWAY:
        network = areas[:1] or before[:1] or after[:1]
        return ((), network[0]) if network else ((), None)
    if code == "NET-BPA":
        return (after[:1] or before[:1]), None
    if code == "NET-MIDDLEBOX":
        return near, None
    return (before[:1] if before[:1] == after[:1] else ()), None


def _said(draft: Draft, around: Around) -> tuple[Area, ...]:
    """Place what is said of a box beside it."""
    beforehand = draft.hop.code in ("NET-ADDR", "NET-LB-SCHEME")
    apart = around.before[:1] != around.after[:1]
    if beforehand and around.last - around.place > 1 and apart:
        # It is looked for before anything is sent.
        return around.before
    mine = around.drafts[around.first].hop.node == draft.hop.node
    return around.before if mine else around.after


def _acl(code: str, around: Around) -> tuple[tuple[Area, ...], Area | None]:
    """Place an ACL on the edge of its subnet; those of an attachment's subnet stand inside."""
    out = code == "NET-NACL-OUT"
    areas = around.before if out else around.after
    between = range(around.first, around.place) if out else range(around.place + 1, around.last)
    if len(areas) < 2:
        return areas[:1], None
    if any(around.drafts[place].hop.code == code for place in between):
        return (around.near if out else areas[:1]), None
    return areas[:1], areas[1]


def network_of(station: Station) -> tuple[Area, ...]:
    """Give the network in which, or on whose edge, a station stands."""
    if station.inside:
        return station.inside[:1]
    border = station.border
    return (border,) if border is not None and border.kind == "network" else ()
