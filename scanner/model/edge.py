"""What faces clients: load balancers, gateways, transfer servers."""

from __future__ import annotations

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


class Listener(Resource):
    """A port on which a load balancer answers.

    protocol: upper case, provider's word.  encrypts: it speaks TLS itself.
    redirects_to_tls: it answers only with a redirect to an encrypted address.
    modern_tls: only TLS 1.2 and newer are accepted.
    """

    load_balancer: Links
    port: Value[int]
    protocol: Value[str]
    encrypts: Truth
    redirects_to_tls: Truth
    modern_tls: Truth


class WebFirewall(Resource):
    """A web application firewall, or its attachment to what it protects."""

    protects: Links


class TransferServer(Resource):
    """A server of a managed file transfer service."""

    in_network: Truth
    logged: Truth
