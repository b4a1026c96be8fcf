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
    addresses: its private addresses where they are fixed; empty where the provider chooses them.
    """

    subnets: Links
    security_groups: Links
    addresses: Value[tuple[str, ...]]


class Workload(Resource):
    """Where software of the customer runs in a network: machines, groups of them, containers."""


class Addressed(Placed, Workload):
    """A workload that may ask for a public address by itself.

    asks_for_public_address: set on the workload itself; unset where the subnet decides.
    """

    asks_for_public_address: Value[bool | None]


class Instance(Addressed, SourceChecked):
    """A virtual machine, or the template of one.

    asks_for_ipv4_address: as asks_for_public_address, of IPv4 alone.
    asks_for_ipv6_address: one of IPv6 is asked for, which is public.
    interfaces: separately made interfaces that it uses.
    route_tables: the tables that rule its first interface instead of the subnet's (OCI).
    requires_session_tokens: metadata is served only to requests with a token (AWS IMDSv2), or the
    legacy metadata endpoints are off (OCI).
    roles: the instance profile or role that its software may use.
    """

    asks_for_ipv4_address: Value[bool | None]
    asks_for_ipv6_address: Truth
    interfaces: Links
    route_tables: Links
    requires_session_tokens: Truth
    roles: Links


class InstanceGroup(Workload):
    """A scaling group that makes instances from templates in subnets."""

    subnets: Links
    zones: Value[tuple[str, ...]]
    templates: Links


class Cluster(Placed):
    """A Kubernetes cluster: EKS, OKE.

    subnets, security_groups: of the private endpoint of its API, and of its own interfaces.
    public_endpoint: its API answers on a public address.  public_ranges: who may call it there.
    private_endpoint: its API answers inside the network.  ports: those of its API.
    secrets_customer_key: Kubernetes secrets are encrypted with a key of the customer.
    audited: the API's audit records are kept.
    """

    public_endpoint: Truth
    public_ranges: Value[tuple[str, ...]]
    private_endpoint: Truth
    ports: Value[tuple[int, ...]]
    secrets_customer_key: Truth
    audited: Truth
    verifies_images: Truth
    version: Value[str]


class NodePool(Placed, Workload):
    """Worker nodes of a cluster.

    open_remote_access: administrators' ports of the nodes are open to any address.
    """

    cluster: Links
    zones: Value[tuple[str, ...]]
    open_remote_access: Truth
    templates: Links


class ContainerService(Addressed):
    """Containers with interfaces of their own: ECS service, OCI container instance."""


class Function(Placed, Policied):
    """A function that runs on demand."""

    runtime: Value[str]


class ImageRepository(Policied):
    """A repository of container images; `public` beside what its policy says."""

    public: Truth
    scanned: Truth
    immutable_tags: Truth
