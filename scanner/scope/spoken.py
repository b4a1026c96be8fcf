"""What tags say, in the spelling in which they are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from scanner.model.base import Resource
from scanner.model.compute import Placed, Workload
from scanner.model.data import FileSystem
from scanner.model.edge import EdgeService
from scanner.model.network import (
    Bastion,
    ClientVpn,
    Network,
    NetworkInterface,
    ServiceEndpoint,
    Subnet,
)
from scanner.model.tags import Tags
from scanner.scope.declared import Scopes, alike
from scanner.value import Unknown

T = TypeVar("T")
R = TypeVar("R", bound=Resource)


class World(Protocol):
    """The resources that are asked about: a graph."""

    @property
    def resources(self) -> Sequence[Resource]:
        """All of them."""

    @property
    def scopes(self) -> Scopes:
        """What is declared of them."""

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Give those of a kind."""

    def at(self, address: str, kind: type[R]) -> R | None:
        """Give the resource of a kind at an address."""

    def remember(self, question: Callable[[Any, Any], T], about: Any) -> T:
        """Answer a question once."""


class Read(NamedTuple):
    """The tags of a resource: those that are known, the reasons why values are not, and why there
    may be further ones.
    """

    known: Mapping[str, str]
    holes: Mapping[str, str]
    further: str


_SILENT: Final = Read({}, {}, "")
_spelled = lru_cache(maxsize=65536)(alike)


def tags_of(resource: Resource) -> Read:
    """Read the tags of a resource."""
    content = resource.tags.content
    if isinstance(content, Unknown):
        return Read({}, {}, content.reason)
    holes: Mapping[str, str] = {}
    further = ""
    if isinstance(content, Tags):
        holes, further = content.holes, content.further
    if not (content or holes or further):
        return _SILENT
    return Read(
        {_spelled(key): _spelled(value) for key, value in content.items()},
        {_spelled(key): reason for key, reason in holes.items()},
        further,
    )


# What stands in networks, and networks themselves.
_KINDS: Final[tuple[type[Resource], ...]] = (
    *(Network, Subnet, Placed, Workload, NetworkInterface),
    *(ServiceEndpoint, Bastion, ClientVpn, EdgeService),
    # It stands in none itself, but speaks for its mount targets.
    FileSystem,
)


def in_networks(graph: World) -> tuple[Resource, ...]:
    """Give what may be an end of a question about networks, in the order of addresses."""
    return graph.remember(_in_networks, None)


def _in_networks(_: None, graph: World) -> tuple[Resource, ...]:
    found: dict[str, Resource] = {}
    for kind in _KINDS:
        for resource in graph.of(kind):
            found.setdefault(resource.address, resource)
    return tuple(found[address] for address in sorted(found))


class Spoken(NamedTuple):
    """The keys that tags use in the networks, with their values.

    open_ended: of some resource not all tags are known.
    """

    keys: Mapping[str, frozenset[str]]
    open_ended: bool


def spoken(graph: World) -> Spoken:
    """Read which keys are used at all, once."""
    return graph.remember(_spoken, None)


def _spoken(_: None, graph: World) -> Spoken:
    found: dict[str, set[str]] = {}
    open_ended = False
    for tags in _all(graph):
        for key, value in tags.known.items():
            found.setdefault(key, set()).add(value)
        for key in tags.holes:
            found.setdefault(key, set())
        open_ended = open_ended or bool(tags.further)
    return Spoken({key: frozenset(values) for key, values in found.items()}, open_ended)


def _all(graph: World) -> Iterator[Read]:
    for resource in in_networks(graph):
        tags = tags_of(resource)
        if tags is not _SILENT:
            yield tags
