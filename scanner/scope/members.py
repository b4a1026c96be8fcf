"""Which resources a declaration names, in three values.

What stands in a subnet or network belongs to what these belong to, unless its own tags say
otherwise; nodes belong to their cluster, mount targets to their file system.  A network that was
not read declares nothing: else everything in it might be anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from scanner.model.base import Resource
from scanner.scope.declared import CONVENTION, Scopes, Selector, ranges, tagged
from scanner.scope.judging import Judge
from scanner.scope.spoken import World, in_networks, spoken, tags_of
from scanner.truth import Truth, known
from scanner.value import Unknown, Value


class Members(NamedTuple):
    """Those that a declaration certainly names, and those of which that is not known."""

    certain: tuple[Resource, ...]
    uncertain: tuple[Resource, ...]


def members(selectors: Sequence[Selector], graph: World) -> Members:
    """Give what some selector names of all that stands in networks, sorted by address."""
    return graph.remember(_members, tuple(selectors))


def _members(selectors: tuple[Selector, ...], graph: World) -> Members:
    judge = graph.remember(Judge, selectors)
    if judge.can_name_nothing():
        return Members((), ())
    found = [(item, judge.names(item)) for item in in_networks(graph)]
    return Members(
        tuple(item for item, truth in found if truth.is_true),
        tuple(item for item, truth in found if truth.is_unknown),
    )


def belongs(resource: Resource, selectors: Sequence[Selector], graph: World) -> Truth:
    """Whether some selector names a resource, of whatever kind it is."""
    found = graph.remember(Judge, tuple(selectors)).names(resource)
    return known(False, resource.fact("it is not declared")) if found.is_false else found


def environments(graph: World) -> Mapping[str, tuple[Selector, ...]]:
    """Give the environments: those of the file, else those that tags name."""
    return graph.remember(_environments, None)


def environments_of(resource: Resource, graph: World) -> Mapping[str, Truth]:
    """Tell to which environments a resource belongs, or may belong."""
    found = {
        name: belongs(resource, selectors, graph) for name, selectors in environments(graph).items()
    }
    return {name: truth for name, truth in found.items() if not truth.is_false}


def tier_of(resource: Resource, graph: World) -> Value[str]:
    """Give the tier that a thing declares for itself; empty if it declares none."""
    tags = tags_of(resource)
    origin, path = resource.tags.origin, resource.tags.path
    for key in graph.scopes.tier_tags:
        if key in tags.known:
            return Value(tags.known[key], origin, f"{path}.{key}")
        if key in tags.holes:
            return Value(Unknown(tags.holes[key]), origin, f"{path}.{key}")
    return Value(Unknown(tags.further) if tags.further else "", origin, path)


def unused(scopes: Scopes, graphs: Sequence[World]) -> Iterator[str]:
    """Say which entries of a file name nothing that was read, as a misspelled address does."""
    if not scopes.source:
        return
    for name, selectors in scopes.named():
        for index, selector in enumerate(selectors):
            if selector in CONVENTION or ranges((selector,)):
                continue
            if all(_names_nothing(selector, graph) for graph in graphs):
                yield f"{scopes.source}: {name}[{index}] names nothing in what was read"


def _names_nothing(selector: Selector, graph: World) -> bool:
    if any(members((selector,), graph)):
        return False
    judge = graph.remember(Judge, (selector,))
    return all(judge.names(item).is_false for item in graph.resources)


def _environments(_: None, graph: World) -> Mapping[str, tuple[Selector, ...]]:
    scopes = graph.scopes
    if scopes.environments:
        return scopes.environments
    keys = scopes.environment_tags
    used = spoken(graph).keys
    names = {value for key in keys for value in used.get(key, ())}
    return {name: tuple(tagged(key, name) for key in keys) for name in sorted(names)}
