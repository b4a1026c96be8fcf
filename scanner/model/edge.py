"""What faces clients: load balancers, gateways, transfer servers."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.base import Resource
from scanner.model.compute import Placed
from scanner.record import Links
from scanner.truth import Truth
from scanner.value import Value


class LoadBalancer(Placed):
    """A load balancer.

    internet_facing: it has public addresses.  layer: `application`, `network`, `classic`.
    firewall: a web application firewall that names it is looked for by relation, not here.
    """

    internet_facing: Truth
    layer: Value[str]
    deletion_protected: Truth
    access_logged: Truth
    drops_invalid_headers: Truth


@dataclass(frozen=True, slots=True)
class Forward:
    """One way of a listener to targets.

    groups: target groups.  sources: the client ranges to which a condition limits it; empty means
    all.  authenticated: only who has logged in at the balancer gets through.
    """

    groups: Links
    sources: Value[tuple[str, ...]]
    authenticated: Truth


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a group.

    resources: instances, scaling groups, services, functions or load balancers.
    addresses: those named by address instead.  port: where it is called.
    """

    resources: Links
    addresses: Value[tuple[str, ...]]
    port: Value[int]


class Listener(Resource):
    """A port on which a load balancer answers; 0 is every port (OCI network load balancers).

    protocol: upper case, provider's word.  encrypts: it speaks TLS itself.
    redirects_to_tls: it answers only with a redirect to an encrypted address.
    modern_tls: only TLS 1.2 and newer are accepted.
    forwards: where it sends requests; empty if it only answers or redirects.
    """

    load_balancer: Links
    port: Value[int]
    protocol: Value[str]
    encrypts: Truth
    redirects_to_tls: Truth
    modern_tls: Truth
    forwards: Value[tuple[Forward, ...]]


class TargetGroup(Resource):
    """What a listener forwards to: AWS target group, OCI backend set, instances of a classic one.

    preserves_client_address: a target sees the address of the client, not of the balancer.
    targets: unknown as a whole where they cannot be listed.
    """

    preserves_client_address: Truth
    targets: Value[tuple[Target, ...]]


class EdgeService(Resource):
    """A service of the provider's edge that answers the internet for what stands behind it.

    CloudFront, API Gateway, function URLs, Global Accelerator.  kind: the provider's name for it.
    public: it answers the internet at all.  public_ranges: who may call, empty means anybody.
    authenticated: a caller must prove who it is.  ports: where it answers.
    origins: load balancers, instances, functions or buckets behind it.
    enters: the interfaces or links from which it calls them, for one that enters a network.
    preserves_client_address: what stands behind it sees the address of the client.
    """

    kind: Value[str]
    public: Truth
    public_ranges: Value[tuple[str, ...]]
    authenticated: Truth
    ports: Value[tuple[int, ...]]
    origins: Links
    enters: Links
    preserves_client_address: Truth


class FunctionUrl(EdgeService):
    """A public address of a function."""


class NetworkLink(Placed):
    """The interfaces by which an edge service enters a network: API Gateway VPC link.

    origins: for a link that leads to load balancers by itself.
    """

    origins: Links


class WebFirewall(Resource):
    """A web application firewall, or its attachment to what it protects."""

    protects: Links


class TransferServer(Placed):
    """A server of a managed file transfer service.

    in_network: it answers inside a network only.  has_public_address: it has one there.
    """

    in_network: Truth
    has_public_address: Truth
    logged: Truth
