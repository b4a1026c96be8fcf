"""Computing: instances, clusters, functions and images."""

from __future__ import annotations

from scanner.model.base import Resource
from scanner.model.network import SourceChecked
from scanner.model.policy import Policied
from scanner.record import Links
from scanner.truth import Truth
from scanner.value import Value


class Placed(Resource):
    """Whatever has its own interfaces in subnets, behind security groups.

    subnets: named directly or through subnet groups; security_groups: likewise.
    """

    subnets: Links
    security_groups: Links


class Instance(Placed, SourceChecked):
    """A virtual machine, or the template of one.

    asks_for_public_address: set on the instance itself; unset where the subnet decides.
    interfaces: separately made interfaces that it uses.
    requires_session_tokens: metadata is served only to requests with a token (AWS IMDSv2), or the
    legacy metadata endpoints are off (OCI).
    roles: the instance profile or role that its software may use.
    """

    asks_for_public_address: Value[bool | None]
    interfaces: Links
    requires_session_tokens: Truth
    roles: Links


class InstanceGroup(Resource):
    """A scaling group that makes instances from templates in subnets."""

    subnets: Links
    zones: Value[tuple[str, ...]]
    templates: Links


class Cluster(Resource):
    """A Kubernetes cluster: EKS, OKE.

    public_endpoint: its API answers on a public address.  public_ranges: who may call it there.
    secrets_customer_key: Kubernetes secrets are encrypted with a key of the customer.
    audited: the API's audit records are kept.
    """

    subnets: Links
    public_endpoint: Truth
    public_ranges: Value[tuple[str, ...]]
    secrets_customer_key: Truth
    audited: Truth
    verifies_images: Truth
    version: Value[str]


class NodePool(Placed):
    """Worker nodes of a cluster.

    open_remote_access: administrators' ports of the nodes are open to any address.
    """

    cluster: Links
    zones: Value[tuple[str, ...]]
    open_remote_access: Truth
    templates: Links


class Function(Placed, Policied):
    """A function that runs on demand."""

    runtime: Value[str]


class FunctionUrl(Resource):
    """A public address of a function."""

    authenticated: Truth


class ImageRepository(Policied):
    """A repository of container images; `public` beside what its policy says."""

    public: Truth
    scanned: Truth
    immutable_tags: Truth
