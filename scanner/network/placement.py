"""Where things stand: decided by the routes in force, not by names or flags."""

from __future__ import annotations

from scanner.graph.graph import Graph
from scanner.model.base import Resource
from scanner.model.compute import InstanceGroup, Placed
from scanner.model.network import Subnet
from scanner.network.questions import classify, reach_of
from scanner.truth import Truth, known


def in_private_subnets(placed: Placed | InstanceGroup, graph: Graph) -> Truth:
    """Whether every subnet that something is placed in is private."""
    return graph.every(placed.subnets, Subnet, lambda subnet: is_private(subnet, graph))


def is_private(subnet: Subnet, graph: Graph) -> Truth:
    """Whether no route in force leads public addresses to an internet gateway."""
    return ~classify(subnet, graph).public


def is_placed(resource: Resource, graph: Graph) -> Truth:
    """Whether it stands, or may stand, in a network: a template by itself does not."""
    return known(bool(reach_of(graph).fabric.interfaces.get(resource.address)))
