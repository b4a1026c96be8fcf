"""Writes the graph of resources for other programs; the only home of networkx."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scanner.errors import ConfigError
from scanner.graph.graph import Graph, words
from scanner.model.base import Inapplicable, Resource, field_names
from scanner.record import Links

if TYPE_CHECKING:
    import networkx as nx

ENDINGS: Final = (".graphml", ".gexf", ".json")


def as_networkx(graph: Graph) -> nx.MultiDiGraph[str]:
    """Give the graph as networkx has it: nodes by address, one edge a reference.

    Nodes have `type`, `kind` and `managed`; edges have `field` and `certainty`: `certain`,
    `one of` or `maybe`.  What a reference could not be resolved to is not in it.
    """
    import networkx as nx

    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for resource in graph.resources:
        name = resource.block.record.name
        known = made.nodes.get(name, {})
        kinds = dict.fromkeys((*known.get("kind", "").split(", "), words(type(resource))))
        made.add_node(
            name,
            type=resource.type,
            kind=", ".join(kind for kind in kinds if kind),
            managed=resource.managed,
        )
    for resource in graph.resources:
        for field, target, certainty in _edges(resource):
            found = graph.at(target, Resource)
            if found is not None:
                made.add_edge(
                    resource.block.record.name,
                    found.block.record.name,
                    field=field,
                    certainty=certainty,
                )
    return made


def _edges(resource: Resource) -> Iterator[tuple[str, str, str]]:
    for field, kind in sorted(field_names(type(resource)).items()):
        if kind is not Links:
            continue
        try:
            links: Links = getattr(resource, field)
        except Inapplicable:
            continue
        for target in links.targets:
            yield field, target, "certain"
        for group in links.one_of:
            for target in group:
                yield field, target, "one of"
        for target in links.maybe:
            yield field, target, "maybe"


def write(graph: Graph, path: Path) -> None:
    """Write the graph in the format that the name's ending tells."""
    import networkx as nx

    suffix = path.suffix.lower()
    if suffix not in ENDINGS:
        raise ConfigError(f"cannot write a graph as {path.name}: end it in {', '.join(ENDINGS)}")
    made = as_networkx(graph)
    try:
        if suffix == ".graphml":
            nx.write_graphml(made, path)
        elif suffix == ".gexf":
            nx.write_gexf(made, path)
        else:
            path.write_bytes(_json(nx.node_link_data(made, edges="edges")))
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}") from error


def _json(content: Any) -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"
