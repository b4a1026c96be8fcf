"""Small networks with unknown parts, for the proof that no answer claims more than is known.

A world is plain data.  A `Hole` stands for a part that a plan does not tell, with the values that
it may turn out to have.  `completions` fills the holes in every way, `terraform` of the module of
each cloud writes the world as the resources of a plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from tests.plans import Unknown


class Leave(NamedTuple):
    """Stands where an argument is not written at all, though the provider chooses a value."""


LEFT_OUT = Leave()


@dataclass(frozen=True, slots=True)
class Hole:
    """What is not known: it turns out to be one of `options`; the plan shows `written`."""

    key: int
    options: tuple[Any, ...]
    written: Any = Unknown()


@dataclass(frozen=True, slots=True)
class Network:
    """ranges: one or more.  open_gateway: its internet gateway is attached (or switched on)."""

    name: str
    ranges: Any
    has_gateway: bool
    gateway_on: Any = True


@dataclass(frozen=True, slots=True)
class Subnet:
    """public: new interfaces get a public address (AWS), or may have one (OCI).

    table: the name of the table in force, or empty for the main one.
    lists: security lists (OCI); empty for the default one.
    """

    name: str
    network: str
    range: str
    zone: str
    public: Any
    table: Any = ""
    lists: Any = ()


@dataclass(frozen=True, slots=True)
class Table:
    """style: how its routes are written.  main: it rules subnets that name none."""

    name: str
    network: str
    style: str = "inline"
    main: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """kind: `internet`, `nat`, `peering`, `hub`, `hole`; target: the name of what it leads to."""

    table: str
    destination: Any
    kind: str
    target: Any


@dataclass(frozen=True, slots=True)
class Nat:
    """A NAT gateway; on: it lets traffic pass (OCI)."""

    name: str
    network: str
    subnet: str = ""
    on: Any = True


@dataclass(frozen=True, slots=True)
class Peering:
    """A joint of two networks; shares: its rules may name groups of the other side."""

    name: str
    ends: tuple[str, str]
    active: Any = True


@dataclass(frozen=True, slots=True)
class Hub:
    """shares: rules may name groups behind it.  by_default: attachments use its default table."""

    name: str
    shares: bool = False
    by_default: bool = True


@dataclass(frozen=True, slots=True)
class Attachment:
    """table: the hub's table for what comes from it; empty for the default one."""

    name: str
    hub: str
    network: str
    subnets: tuple[str, ...] = ()
    table: Any = ""


@dataclass(frozen=True, slots=True)
class HubTable:
    """learns: the attachments whose ranges it knows by itself."""

    name: str
    hub: str
    learns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HubRoute:
    """target: an attachment; empty for a black hole."""

    table: str
    destination: Any
    target: str


@dataclass(frozen=True, slots=True)
class Acl:
    """default: it is the network's own, which rules subnets that no other one names."""

    name: str
    network: str
    subnets: Any
    style: str = "inline"
    default: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an ACL; of ports where the protocol has some."""

    acl: str
    inward: bool
    number: Any
    allows: Any
    protocol: Any
    ports: Any
    range: Any


@dataclass(frozen=True, slots=True)
class Group:
    """A security group, an NSG, or a security list (`list`)."""

    name: str
    network: str
    style: str = "inline"


@dataclass(frozen=True, slots=True)
class Rule:
    """One permission of a group.  senders: the source ports that it demands (OCI)."""

    group: Any
    inward: bool
    protocol: Any
    ports: Any
    ranges: Any = ()
    groups: Any = ()
    stateless: Any = False
    senders: tuple[int, int] = (0, 65535)


@dataclass(frozen=True, slots=True)
class Instance:
    """public: it asks for a public address; None where it leaves that to the subnet."""

    name: str
    subnet: Any
    address: Any
    groups: Any
    public: Any


@dataclass(frozen=True, slots=True)
class Balancer:
    """layer: `application` or `network`."""

    name: str
    layer: str
    internal: Any
    subnets: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listener:
    """A port of a balancer, forwarded to a port of targets; preserves: they see the client."""

    name: str
    balancer: str
    port: Any
    protocol: str
    target_port: Any
    targets: tuple[str, ...]
    preserves: Any = False


@dataclass(frozen=True, slots=True)
class World:
    """All of a small network."""

    cloud: str
    networks: tuple[Network, ...] = ()
    subnets: tuple[Subnet, ...] = ()
    tables: tuple[Table, ...] = ()
    routes: tuple[Route, ...] = ()
    nats: tuple[Nat, ...] = ()
    peerings: tuple[Peering, ...] = ()
    hubs: tuple[Hub, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    hub_tables: tuple[HubTable, ...] = ()
    hub_routes: tuple[HubRoute, ...] = ()
    acls: tuple[Acl, ...] = ()
    entries: tuple[Entry, ...] = ()
    groups: tuple[Group, ...] = ()
    rules: tuple[Rule, ...] = ()
    instances: tuple[Instance, ...] = ()
    balancers: tuple[Balancer, ...] = ()
    listeners: tuple[Listener, ...] = ()


def holes(node: Any) -> Iterator[Hole]:
    """Give the holes of a world or a part of one."""
    if isinstance(node, Hole):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from holes(item)
    elif is_dataclass(node):
        for name in _names(node.__class__):
            yield from holes(getattr(node, name))


def completions(world: World) -> Iterator[World]:
    """Give every world that the unknown parts leave open; the world itself if it has none."""
    found = list({hole.key: hole for hole in holes(world)}.values())
    for chosen in product(*(hole.options for hole in found)):
        filled = {hole.key: value for hole, value in zip(found, chosen, strict=True)}
        yield fill(world, filled)


def fill(node: Any, filled: dict[int, Any]) -> Any:
    """Put values in the place of holes; what has none stays the same object."""
    if isinstance(node, Hole):
        return filled[node.key]
    if isinstance(node, tuple):
        items = tuple(fill(item, filled) for item in node)
        if all(new is old for new, old in zip(items, node, strict=True)):
            return node
        return type(node)(*items) if hasattr(node, "_fields") else items
    if is_dataclass(node) and not isinstance(node, type):
        changed = {}
        for name in _names(node.__class__):
            old = getattr(node, name)
            new = fill(old, filled)
            if new is not old:
                changed[name] = new
        return replace(node, **changed) if changed else node
    return node


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind))
