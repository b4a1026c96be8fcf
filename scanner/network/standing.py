"""Where things stand: their interfaces in subnets, whatever kind of resource they are."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.graph.graph import Graph
from scanner.model.base import Resource
from scanner.network.fabric import Interface
from scanner.network.questions import reach_of
from scanner.truth import Truth, known


def interfaces_of(resource: Resource, graph: Graph) -> Sequence[Interface]:
    """Give the interfaces of a resource; a template that others are made from has none."""
    found = reach_of(graph).fabric.interfaces.get(resource.address, ())
    # Other views of the same record have the same address.
    return [item for item in found if item.owner is resource]


def stands_in_network(resource: Resource, graph: Graph) -> Truth:
    """Whether a resource stands, or may stand, in a subnet."""
    return known(bool(interfaces_of(resource, graph)))
