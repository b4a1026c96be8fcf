"""Kubernetes clusters (OKE), and containers that run without hosts of the customer.

API paths are those of Cluster (Kubernetes Engine API) and ContainerInstance (Container Instances
API).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import Attr, Constant, Derived, NotApplicable, flag, written
from scanner.mapping.oci.reading import (
    CustomerKey,
    Fixed,
    blocks_of,
    groups,
    in_each,
    path_for,
    subnets,
    truth_at,
)
from scanner.mapping.registry import maps
from scanner.model.compute import Cluster, ContainerService
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, any_of, known, unknown
from scanner.value import Unknown, Value

_ENDPOINT: Final = ("endpoint_config", "endpointConfig")


def _public_endpoint(block: Block) -> Truth:
    """Whether the Kubernetes API has a public address.

    Kubernetes Engine documentation, on clusters that are native to a VCN: a cluster made without an
    endpoint configuration has its API endpoint outside of the VCN, with a public address.
    """
    path = path_for(block, *_ENDPOINT)
    found = written(block, path)
    if found is MISSING or found == []:
        fact = "not set: the endpoint is not part of the VCN and is public"
        return known(True, Evidence(f"{block.address}.{path}", fact))
    return flag("endpoint_config.is_public_ip_enabled", "endpointConfig.isPublicIpEnabled").read(
        block
    )


def _private_endpoint(block: Block) -> Truth:
    """Whether the Kubernetes API has a private address in a subnet: with a configuration, always.

    "Example Network Resource Configurations": the endpoint is assigned a private address by
    default; a public one is added to it.
    """
    path = path_for(block, *_ENDPOINT)
    found = written(block, path)
    source = f"{block.address}.{path}"
    if isinstance(found, Unknown):
        return unknown(Evidence(source, found.reason))
    if found is MISSING or found == []:
        return known(False, Evidence(source, "not set: the endpoint is not part of the VCN"))
    return known(True, Evidence(source, "the endpoint has a private address of its subnet"))


def _endpoint_address(block: Block) -> Value[Any]:
    """Read the private address of the API, once the cluster exists; Oracle chooses it."""
    path = path_for(block, "endpoints.private_endpoint", "endpoints.privateEndpoint")
    found = block.read(path)
    if isinstance(found, str) and found:
        return Value((found.partition(":")[0],), block, path)
    return Value((), block, path, "Oracle chooses the address")


maps(
    "oci_containerengine_cluster",
    to=Cluster,
    subnets=subnets("endpoint_config.subnet_id", "endpointConfig.subnetId"),
    security_groups=groups("endpoint_config.nsg_ids", "endpointConfig.nsgIds"),
    addresses=Derived(_endpoint_address),
    public_endpoint=Derived(_public_endpoint),
    # OKE has no list of callers: security lists and groups decide.
    public_ranges=Constant(("0.0.0.0/0", "::/0")),
    private_endpoint=Derived(_private_endpoint),
    # "Example Network Resource Configurations": 6443 for the API, 12250 for what workers ask of
    # the control plane.
    ports=Constant((6443, 12250)),
    secrets_customer_key=CustomerKey("kms_key_id", "kmsKeyId"),
    audited=NotApplicable("the OCI Audit service always records the calls of the Kubernetes API"),
    verifies_images=flag(
        "image_policy_config.is_policy_enabled", "imagePolicyConfig.isPolicyEnabled"
    ),
    version=Attr("kubernetes_version", "kubernetesVersion"),
)


_VNICS: Final = ("vnics", "vnics")


def _asks(block: Block) -> Value[Any]:
    """Read whether an interface asks for a public address; unknown where it does not say."""
    path = path_for(block, *_VNICS)
    found = blocks_of(block, path)
    if isinstance(found, Unknown):
        return Value(found, block, path)
    name = path_for(block, "is_public_ip_assigned", "isPublicIpAssigned")
    asked = any_of(truth_at(item, name, "vnics.is_public_ip_assigned") for item in found)
    if asked.is_unknown:
        why = next((item.fact for item in asked.evidence), "known after apply")
        return Value(Unknown(why), block, f"{path}.{name}")
    return Value(asked.is_true, block, f"{path}.{name}")


maps(
    "oci_container_instances_container_instance",
    to=ContainerService,
    subnets=in_each(*_VNICS, subnets("subnet_id", "subnetId")),
    security_groups=in_each(*_VNICS, groups("nsg_ids", "nsgIds")),
    addresses=Fixed((("private_ip", "privateIp"),), at=_VNICS),
    asks_for_public_address=Derived(_asks),
)
