"""Asks the conditions of selectors of single resources, and of what these stand in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Final

from scanner.model.base import Inapplicable, Resource, field_names
from scanner.model.compute import Placed
from scanner.model.data import FileSystem
from scanner.model.network import Network, NetworkInterface, Subnet
from scanner.record import Links, Record
from scanner.scope.declared import CONVENTION, Selector
from scanner.scope.spoken import World, spoken, tags_of
from scanner.truth import Evidence, Truth, all_of, any_of, known, unknown
from scanner.value import Unknown

# What a condition finds in one thing itself: None where it says nothing, so its network counts.
_Ask = Callable[[Resource], Truth | None]

_CONTAINERS: Final[tuple[tuple[str, type[Resource]], ...]] = (
    ("cluster", Placed),
    ("file_systems", FileSystem),
    ("subnets", Subnet),
    ("network", Network),
)
_NOT: Final = known(False)


class Judge:
    """Answers for one list of selectors and one graph, each resource once.

    silent: nobody uses any of the keys that are asked for.
    """

    def __init__(self, selectors: tuple[Selector, ...], graph: World) -> None:
        self._selectors = selectors
        self._graph = graph
        self._answers: dict[str, Truth] = {}
        self._inherited: dict[tuple[object, str], Truth | None] = {}
        self._compartments: dict[tuple[str, str], Truth] = {}
        keys = {key for item in selectors for key, _ in item.tags}
        self.silent = not any(key in spoken(graph).keys for key in keys)
        self._of_convention = CONVENTION.issuperset(selectors)

    def can_name_nothing(self) -> bool:
        """Whether it is clear without asking that no resource in the networks is named."""
        only_tags = all(item == Selector(tags=item.tags) for item in self._selectors)
        open_ended = spoken(self._graph).open_ended and not self._of_convention
        return only_tags and self.silent and not open_ended

    def names(self, resource: Resource) -> Truth:
        """Whether some selector names a resource."""
        found = self._answers.get(resource.address)
        if found is None:
            found = any_of(all_of(self._parts(item, resource)) for item in self._selectors)
            if found.is_unknown and self.silent and self._of_convention:
                # Nobody uses the convention: that tags are not known is then no reason to think so.
                found = _NOT
            self._answers[resource.address] = found
        return found

    def _parts(self, selector: Selector, resource: Resource) -> Iterator[Truth]:
        for item in selector.tags:
            yield self._holds(item, partial(self._tagged, *item), resource)
        if selector.resource:
            pattern = _pattern(selector.resource)
            yield self._holds(pattern, partial(_named, pattern), resource)
        if selector.account:
            yield _placed("account", selector.account, resource)
        if selector.region:
            yield _placed("region", selector.region, resource)
        if selector.compartment:
            yield self._in_compartment(resource, selector.compartment)
        if selector.ranges:
            wanted = _networks(selector.ranges)
            yield self._holds(wanted, partial(_inside, wanted), resource)

    def _holds(self, about: object, ask: _Ask, resource: Resource) -> Truth:
        found = self._ask(about, ask, resource)
        return _NOT if found is None else found

    def _ask(self, about: object, ask: _Ask, resource: Resource) -> Truth | None:
        """Ask a thing itself, and what it stands in if it says nothing."""
        own = ask(resource)
        if own is not None:
            return own
        key = (about, resource.address)
        if key not in self._inherited:
            truths = list(self._of_containers(about, ask, resource))
            self._inherited[key] = any_of(truths) if truths else None
        return self._inherited[key]

    def _of_containers(self, about: object, ask: _Ask, resource: Resource) -> Iterator[Truth]:
        for name, kind in _containers(type(resource)):
            links = _links(resource, name)
            if links is None:
                continue
            for address in dict.fromkeys(links.candidates()):
                container = self._graph.at(address, kind)
                if container is None or container.address == resource.address:
                    continue
                truth = self._ask(about, ask, container)
                if truth is not None:
                    sure = address in links.targets or truth.is_false
                    yield truth if sure else unknown(links)

    def _tagged(self, key: str, values: tuple[str, ...], resource: Resource) -> Truth | None:
        tags = tags_of(resource)
        value = tags.known.get(key)
        if value is not None:
            return known(value in values, Evidence(resource.tags.source, f'{key} = "{value}"'))
        why = tags.holes.get(key)
        if why is not None:
            return unknown(Evidence(f"{resource.tags.source}.{key}", why))
        return unknown(Evidence(resource.tags.source, tags.further)) if tags.further else None

    def _in_compartment(self, resource: Resource, wanted: str) -> Truth:
        return self._below(resource.block.record, wanted, 0) if resource.provider == "oci" else _NOT

    def _below(self, record: Record, wanted: str, depth: int) -> Truth:
        """Whether a record is in a compartment, or in one below it as far as that was read."""
        key = (record.address, wanted)
        if key not in self._compartments:
            self._compartments[key] = any_of(self._compartment(record, wanted, depth))
        return self._compartments[key]

    def _compartment(self, record: Record, wanted: str, depth: int) -> Iterator[Truth]:
        links = record.block.links("compartment_id", _COMPARTMENTS)
        pattern = _pattern(wanted)
        for address in dict.fromkeys(links.candidates()):
            parent = record.peers.get(address)
            own = None if parent is None else parent.block.read("id")
            here = known(own == wanted or bool(pattern.fullmatch(address)), links)
            if not here.is_true and parent is not None and depth < _DEEPEST:
                here = here | self._below(parent, wanted, depth + 1)
            yield here if address in links.targets or here.is_false else unknown(links)
        for name in links.outside:
            yield known(name == wanted, links)
        for reason in links.unknown:
            yield unknown(Evidence(links.source, reason))


_COMPARTMENTS: Final = frozenset({"oci_identity_compartment"})
# OCI Identity and Access Management, "Managing Compartments": at most six levels below the root.
_DEEPEST: Final = 6


_BY_KIND: dict[type[Resource], tuple[tuple[str, type[Resource]], ...]] = {}


def _containers(kind: type[Resource]) -> tuple[tuple[str, type[Resource]], ...]:
    """Give the fields by which things of a kind name what they stand in."""
    found = _BY_KIND.get(kind)
    if found is None:
        fields = field_names(kind)
        found = _BY_KIND[kind] = tuple(item for item in _CONTAINERS if item[0] in fields)
    return found


def _links(resource: Resource, name: str) -> Links | None:
    try:
        found = getattr(resource, name)
    except Inapplicable:
        return None
    return found if isinstance(found, Links) else None


@lru_cache(maxsize=1024)
def _pattern(text: str) -> re.Pattern[str]:
    """Read a pattern of addresses; one without an index means all instances."""
    body = ".*".join(re.escape(part) for part in text.split("*"))
    return re.compile(rf"{body}(?:\[[^][]*\])?", re.DOTALL)


def _named(pattern: re.Pattern[str], resource: Resource) -> Truth | None:
    names = (resource.block.record.address, resource.address)
    if any(pattern.fullmatch(name) for name in names):
        return known(True, resource.fact("it is named by its address"))
    return None


def _placed(what: str, wanted: str, resource: Resource) -> Truth:
    found: str = getattr(resource.location, what)
    if not found:
        return unknown(resource.fact(f"its {what} is not known"))
    return known(found.casefold() == wanted.casefold(), resource.fact(f"its {what} is {found}"))


_Range = IPv4Network | IPv6Network


@lru_cache(maxsize=4096)
def _networks(texts: tuple[str, ...]) -> tuple[_Range, ...]:
    fours: list[IPv4Network] = []
    sixes: list[IPv6Network] = []
    for text in texts:
        try:
            found = ip_network(text.strip(), strict=False)
        except ValueError:
            continue
        if isinstance(found, IPv4Network):
            fours.append(found)
        else:
            sixes.append(found)
    return (*collapse_addresses(fours), *collapse_addresses(sixes))


def _inside(wanted: tuple[_Range, ...], resource: Resource) -> Truth | None:
    """Whether the addresses of a thing are in these ranges."""
    whole = isinstance(resource, (Network, Subnet))
    if not whole and not isinstance(resource, (Placed, NetworkInterface)):
        return None
    texts: list[str] = []
    for name in ("cidrs", "ipv6_cidrs") if whole else ("addresses",):
        try:
            value = getattr(resource, name)
        except Inapplicable:
            continue
        if isinstance(value.content, Unknown):
            return unknown(value) if whole else None
        texts += value.content
    mine = _networks(tuple(texts))
    if not mine:
        return None
    inside = [any(_within(item, other) for other in wanted) for item in mine]
    if all(inside):
        return known(True, resource.fact(", ".join(texts)))
    if whole and any(_touch(item, other) for item in mine for other in wanted):
        return unknown(resource.fact("only a part of its addresses is meant"))
    return known(False, resource.fact(", ".join(texts)))


def _within(item: _Range, other: _Range) -> bool:
    if isinstance(item, IPv4Network):
        return isinstance(other, IPv4Network) and item.subnet_of(other)
    return isinstance(other, IPv6Network) and item.subnet_of(other)


def _touch(item: _Range, other: _Range) -> bool:
    return item.version == other.version and item.overlaps(other)
