"""Nodes of Kubernetes clusters (OKE), and the pods that have interfaces of their own.

API paths are those of NodePool and VirtualNodePool (Kubernetes Engine API).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import Derived, NotApplicable, flag, is_not, written
from scanner.mapping.oci.compute import ENCRYPTED
from scanner.mapping.oci.interfaces import has_six
from scanner.mapping.oci.reading import (
    CHOSEN,
    CustomerKey,
    blocks_of,
    groups,
    in_each,
    key,
    named,
    path_for,
    subnets,
)
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps
from scanner.model.base import Field
from scanner.model.compute import NodePool
from scanner.model.data import Volume
from scanner.model.network import NetworkInterface
from scanner.record import MISSING, Block, Links
from scanner.value import Unknown, Value

_CLUSTER: Final = named("cluster_id", "clusterId", "oci_containerengine_cluster")


def zones(terraform: str, api: str, faults: tuple[str, str]) -> Derived:
    """Read the availability domains of placements; within a single one, its fault domains.

    Many regions have one availability domain only; Kubernetes Engine API,
    NodePoolPlacementConfigDetails, faultDomains: those in which nodes are placed.
    """

    def read(block: Block) -> Value[Any]:
        path = path_for(block, terraform, api)
        found = blocks_of(block, path)
        if isinstance(found, Unknown):
            return Value(found, block, path)
        domains: dict[str, None] = {}
        parts: dict[str, None] = {}
        for item in found:
            name = item.read(path_for(block, "availability_domain", "availabilityDomain"))
            if not isinstance(name, str):
                why = name if isinstance(name, Unknown) else Unknown("not of the expected form")
                return Value(why, block, path)
            domains[name] = None
            named_faults = written(item, path_for(block, *faults))
            if isinstance(named_faults, list):
                parts.update((f"{name} {part}", None) for part in named_faults if part)
        return Value(tuple(parts if len(domains) == 1 and len(parts) > 1 else domains), block, path)

    return Derived(read)


_NO_ACCESS: Final = NotApplicable("OKE opens no port of a node: security lists and groups decide")
_PLACES: Final = ("node_config_details.placement_configs", "nodeConfigDetails.placementConfigs")
_PODS: Final = (
    "node_config_details.node_pool_pod_network_option_details",
    "nodeConfigDetails.nodePoolPodNetworkOptionDetails",
)
_PLACED: Final = in_each(*_PLACES, subnets("subnet_id", "subnetId"))
_NODE_GROUPS: Final = groups("node_config_details.nsg_ids", "nodeConfigDetails.nsgIds")
_POD_SUBNETS: Final = subnets(f"{_PODS[0]}.pod_subnet_ids", f"{_PODS[1]}.podSubnetIds")
_POD_GROUPS: Final = groups(f"{_PODS[0]}.pod_nsg_ids", f"{_PODS[1]}.podNsgIds")


def _subnets(block: Block) -> Links:
    """Read the subnets of nodes.

    CreateNodePoolDetails: exactly one of subnetIds, which is deprecated, and nodeConfigDetails.
    """
    if written(block, path_for(block, "node_config_details", "nodeConfigDetails")) is MISSING:
        return subnets("subnet_ids", "subnetIds").read(block)
    return _PLACED.read(block)


def _differ(one: Links, other: Links) -> bool:
    """Whether two references are not certainly to the same things."""
    doubt = any((part.one_of or part.maybe or part.unknown) for part in (one, other))
    same = {*one.targets, *one.outside} == {*other.targets, *other.outside}
    return bool(doubt) or not same


def _has_pods(block: Block) -> bool:
    """Whether pods have interfaces of their own, placed or protected unlike those of the nodes.

    Kubernetes Engine API, NodePoolPodNetworkOptionDetails, cniType: with FLANNEL_OVERLAY pods use
    the interface of their node; with OCI_VCN_IP_NATIVE they have some.
    """
    path = path_for(block, *_PODS)
    if written(block, path) in (MISSING, []):
        return False
    if block.read(f"{path}.{path_for(block, 'cni_type', 'cniType')}") == "FLANNEL_OVERLAY":
        return False
    return _differ(_POD_SUBNETS.read(block), _subnets(block)) or _differ(
        _POD_GROUPS.read(block), _NODE_GROUPS.read(block)
    )


def _pods_of(type: str, when: Any, placed: Field, protected: Field) -> None:
    maps(
        type,
        to=NodePool,
        part="pods",
        when=when,
        cluster=_CLUSTER,
        subnets=placed,
        security_groups=protected,
        addresses=CHOSEN,
        zones=NotApplicable("the nodes of the pool have the zones"),
        open_remote_access=_NO_ACCESS,
        templates=Nothing(),
    )


maps(
    "oci_containerengine_node_pool",
    to=NodePool,
    cluster=_CLUSTER,
    subnets=Derived(_subnets),
    security_groups=_NODE_GROUPS,
    addresses=CHOSEN,
    zones=zones(*_PLACES, ("fault_domains", "faultDomains")),
    open_remote_access=_NO_ACCESS,
    templates=Nothing(),
)
_pods_of("oci_containerengine_node_pool", _has_pods, _POD_SUBNETS, _POD_GROUPS)
maps(
    "oci_containerengine_node_pool",
    to=NetworkInterface,
    at="secondary_vnics",
    subnets=subnets("create_vnic_details.subnet_id", "createVnicDetails.subnetId"),
    security_groups=groups("create_vnic_details.nsg_ids", "createVnicDetails.nsgIds"),
    has_public_address=flag(
        "create_vnic_details.assign_public_ip", "createVnicDetails.assignPublicIp"
    ),
    has_ipv6_address=Derived(
        lambda block: has_six(block, "create_vnic_details.", "createVnicDetails.")
    ),
    addresses=CHOSEN,
    route_tables=Nothing(),
    source_check=is_not(
        "create_vnic_details.skip_source_dest_check", "createVnicDetails.skipSourceDestCheck"
    ),
)
maps(
    "oci_containerengine_node_pool",
    to=Volume,
    encrypted_at_rest=ENCRYPTED,
    customer_key=CustomerKey("node_config_details.kms_key_id", "nodeConfigDetails.kmsKeyId"),
    keys=key("node_config_details.kms_key_id", "nodeConfigDetails.kmsKeyId"),
)

_VIRTUAL: Final = ("placement_configurations", "placementConfigurations")
_VIRTUAL_PLACED: Final = in_each(*_VIRTUAL, subnets("subnet_id", "subnetId"))
_VIRTUAL_GROUPS: Final = groups("nsg_ids", "nsgIds")
_VIRTUAL_PODS: Final = subnets("pod_configuration.subnet_id", "podConfiguration.subnetId")
_VIRTUAL_POD_GROUPS: Final = groups("pod_configuration.nsg_ids", "podConfiguration.nsgIds")


def _has_virtual_pods(block: Block) -> bool:
    """Whether pods are placed or protected unlike the virtual nodes.

    Kubernetes Engine API, PodConfiguration: pods on virtual nodes always have their own interface.
    """
    return _differ(_VIRTUAL_PODS.read(block), _VIRTUAL_PLACED.read(block)) or _differ(
        _VIRTUAL_POD_GROUPS.read(block), _VIRTUAL_GROUPS.read(block)
    )


maps(
    "oci_containerengine_virtual_node_pool",
    to=NodePool,
    cluster=_CLUSTER,
    subnets=_VIRTUAL_PLACED,
    security_groups=_VIRTUAL_GROUPS,
    addresses=CHOSEN,
    zones=zones(*_VIRTUAL, ("fault_domain", "faultDomain")),
    open_remote_access=_NO_ACCESS,
    templates=Nothing(),
)
_pods_of(
    "oci_containerengine_virtual_node_pool",
    _has_virtual_pods,
    _VIRTUAL_PODS,
    _VIRTUAL_POD_GROUPS,
)
