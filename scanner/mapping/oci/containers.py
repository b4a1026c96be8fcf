"""Kubernetes clusters (OKE) and their node pools.

API paths are those of Cluster, NodePool and VirtualNodePool (Kubernetes Engine API).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import Attr, Derived, NotApplicable, flag, written
from scanner.mapping.oci.compute import ENCRYPTED
from scanner.mapping.oci.reading import (
    CustomerKey,
    blocks_of,
    groups,
    in_each,
    key,
    named,
    named_all,
    path_for,
    subnets,
)
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps
from scanner.model.compute import Cluster, NodePool
from scanner.model.data import Volume
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, known
from scanner.value import Unknown, Value

_CLUSTERS: Final = ("oci_containerengine_cluster",)


def _public_endpoint(block: Block) -> Truth:
    """Whether the Kubernetes API has a public address.

    Kubernetes Engine documentation, on clusters that are native to a VCN: a cluster made without an
    endpoint configuration has its API endpoint outside of the VCN, with a public address.
    """
    path = path_for(block, "endpoint_config", "endpointConfig")
    found = written(block, path)
    if found is MISSING or found == []:
        fact = "not set: the endpoint is not part of the VCN and is public"
        return known(True, Evidence(f"{block.address}.{path}", fact))
    return flag("endpoint_config.is_public_ip_enabled", "endpointConfig.isPublicIpEnabled").read(
        block
    )


maps(
    "oci_containerengine_cluster",
    to=Cluster,
    subnets=subnets("endpoint_config.subnet_id", "endpointConfig.subnetId"),
    public_endpoint=Derived(_public_endpoint),
    public_ranges=NotApplicable("OKE has no list of callers: security lists and groups decide"),
    secrets_customer_key=CustomerKey("kms_key_id", "kmsKeyId"),
    audited=NotApplicable("the OCI Audit service always records the calls of the Kubernetes API"),
    verifies_images=flag(
        "image_policy_config.is_policy_enabled", "imagePolicyConfig.isPolicyEnabled"
    ),
    version=Attr("kubernetes_version", "kubernetesVersion"),
)


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

_PLACED: Final = named_all(
    in_each(*_PLACES, subnets("subnet_id", "subnetId")),
    subnets(f"{_PODS[0]}.pod_subnet_ids", f"{_PODS[1]}.podSubnetIds"),
)


def _subnets(block: Block) -> Links:
    """Read the subnets of nodes and pods.

    CreateNodePoolDetails: exactly one of subnetIds, which is deprecated, and nodeConfigDetails.
    """
    if written(block, path_for(block, "node_config_details", "nodeConfigDetails")) is MISSING:
        return subnets("subnet_ids", "subnetIds").read(block)
    return _PLACED.read(block)


maps(
    "oci_containerengine_node_pool",
    to=NodePool,
    cluster=named("cluster_id", "clusterId", *_CLUSTERS),
    subnets=Derived(_subnets),
    security_groups=named_all(
        groups("node_config_details.nsg_ids", "nodeConfigDetails.nsgIds"),
        groups(f"{_PODS[0]}.pod_nsg_ids", f"{_PODS[1]}.podNsgIds"),
    ),
    zones=zones(*_PLACES, ("fault_domains", "faultDomains")),
    open_remote_access=_NO_ACCESS,
    templates=Nothing(),
)
maps(
    "oci_containerengine_node_pool",
    to=Volume,
    encrypted_at_rest=ENCRYPTED,
    customer_key=CustomerKey("node_config_details.kms_key_id", "nodeConfigDetails.kmsKeyId"),
    keys=key("node_config_details.kms_key_id", "nodeConfigDetails.kmsKeyId"),
)
maps(
    "oci_containerengine_virtual_node_pool",
    to=NodePool,
    cluster=named("cluster_id", "clusterId", *_CLUSTERS),
    subnets=named_all(
        in_each(
            "placement_configurations", "placementConfigurations", subnets("subnet_id", "subnetId")
        ),
        subnets("pod_configuration.subnet_id", "podConfiguration.subnetId"),
    ),
    security_groups=named_all(
        groups("nsg_ids", "nsgIds"),
        groups("pod_configuration.nsg_ids", "podConfiguration.nsgIds"),
    ),
    zones=zones(
        "placement_configurations", "placementConfigurations", ("fault_domain", "faultDomain")
    ),
    open_remote_access=_NO_ACCESS,
    templates=Nothing(),
)
