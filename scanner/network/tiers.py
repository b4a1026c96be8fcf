"""Which tier something belongs to, and what stands together in a subnet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from scanner.graph.graph import Graph
from scanner.model.base import Resource
from scanner.model.compute import (
    Cluster,
    ContainerService,
    Function,
    Instance,
    InstanceGroup,
    NodePool,
)
from scanner.model.data import DataStore, MountTarget
from scanner.model.edge import LoadBalancer
from scanner.model.network import Subnet
from scanner.network.questions import reach_of
from scanner.scope import tier_of
from scanner.truth import Evidence
from scanner.value import Unknown, Value

DATA: Final = "data"
WORKLOAD: Final = "workload"
EDGE: Final = "edge"
CONTROL: Final = "control"
# The words that tags commonly have for these.
_SAME: Final = {
    "db": DATA, "database": DATA, "databases": DATA, "storage": DATA,
    "app": WORKLOAD, "application": WORKLOAD, "workloads": WORKLOAD, "compute": WORKLOAD,
    "public": EDGE, "web": EDGE, "dmz": EDGE,
}  # fmt: skip


class Resident(NamedTuple):
    """Something of a tier in a subnet; `sure` that it stands there and is of that tier."""

    tier: str
    sure: bool
    fact: Evidence


def residents(subnet: Subnet, graph: Graph) -> Sequence[Resident]:
    """Give what stands, or may stand, in a subnet and belongs to a tier."""
    return graph.remember(_by_subnet, None).get(subnet.address, ())


def _by_subnet(_: None, graph: Graph) -> Mapping[str, Sequence[Resident]]:
    found: dict[str, list[Resident]] = {}
    for interfaces in reach_of(graph).fabric.interfaces.values():
        tiers = list(_tiers(interfaces[0].owner, graph)) if interfaces else []
        for item in interfaces:
            if item.sub is not None:
                here = found.setdefault(item.sub.name, [])
                here += (tier._replace(sure=tier.sure and item.sure) for tier in tiers)
    return found


def _tiers(resource: Resource, graph: Graph) -> Iterator[Resident]:
    """Give the tier that it declares, else that of its kind; several if that is not known."""
    kinds = list(_by_kind(resource))
    if not kinds and not isinstance(resource, Instance):
        return
    declared = declared_tier(resource, graph)
    content = declared.content
    if isinstance(content, Unknown):
        why = Evidence(declared.source, content.reason)
        yield from (Resident(kind, False, why) for kind in (DATA, WORKLOAD, EDGE))
        return
    if content:
        yield Resident(content, True, Evidence(declared.source, f'"{content}"'))
        return
    for kind, sure in kinds:
        yield Resident(kind, sure, Evidence(resource.address, f"of the {kind} tier"))


def declared_tier(resource: Resource, graph: Graph) -> Value[str]:
    """Give the tier that a thing declares for itself; empty where no tag speaks of it."""
    declared = tier_of(resource, graph)
    content = declared.content
    if isinstance(content, Unknown):
        # Tags that are not known at all are no reason to think that one of them is a tier.
        spoken = bool(content.reason) and declared.path.endswith("tier")
        return declared if spoken else Value("", declared.origin, declared.path)
    return Value(_SAME.get(content, content), declared.origin, declared.path)


def _by_kind(resource: Resource) -> Iterator[tuple[str, bool]]:
    """Tell the tier of a kind of resource; what belongs to none may stand anywhere.

    A load balancer that only the inside uses stands in AWS beside what it serves: groups protect
    each interface by itself.  In OCI a subnet's lists hold for all that stands in it, and "Example
    Network Resource Configurations" of OKE gives balancers and the API subnets of their own.
    EKS User Guide, "Networking requirements for VPC and subnets": nodes may use the subnets of the
    cluster, whose own interfaces are of no tier.  A single instance may be a database or a bastion.
    """
    oci = resource.provider == "oci"
    if isinstance(resource, (DataStore, MountTarget)):
        yield DATA, True
    elif isinstance(resource, (InstanceGroup, NodePool, ContainerService, Function)):
        yield WORKLOAD, True
    elif isinstance(resource, Cluster) and oci:
        yield CONTROL, True
    elif isinstance(resource, LoadBalancer):
        facing = resource.internet_facing
        if oci or not facing.is_false:
            yield EDGE, oci or facing.is_true
