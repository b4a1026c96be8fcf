"""Listeners of load balancers of both layers, and where they send what they receive.

API paths are those of Listener in the Load Balancing and Network Load Balancer APIs.
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import Attr, Derived, NotApplicable, holds, never, written
from scanner.mapping.oci.balancer_parts import (
    BALANCERS,
    NETWORK_BALANCER,
    NETWORK_SETS,
    SETS,
    part_named,
)
from scanner.mapping.oci.reading import blocks_of, path_for, texts_at, truth_at
from scanner.mapping.oci.rule_sets import admitted, redirects_all, redirects_to_tls
from scanner.mapping.references import ref
from scanner.mapping.registry import maps, supports
from scanner.model.edge import Forward, Listener
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value

_POLICY: Final = "oci_load_balancer_load_balancer_routing_policy"
_PATHS: Final = "oci_load_balancer_path_route_set"


def _encrypts(block: Block) -> Truth:
    """Whether the listener has a certificate: then it speaks TLS, whatever its protocol."""
    path = path_for(block, "ssl_configuration", "sslConfiguration")
    found = written(block, path)
    source = f"{block.address}.{path}"
    if isinstance(found, Unknown):
        return unknown(Evidence(source, found.reason))
    if found is MISSING or found in ([], {}):
        return known(False, Evidence(source, "not set: the listener speaks without TLS"))
    return known(True, Evidence(source, "set"))


def _only_modern(protocols: Any) -> bool:
    return bool(protocols) and set(protocols) <= {"TLSv1.2", "TLSv1.3"}


def _authenticated(block: Block) -> Truth:
    """Whether a client must show a certificate: the only way that a load balancer has.

    Load Balancing API, SSLConfigurationDetails, verifyPeerCertificate and
    trustedCertificateAuthorityIds.
    """
    path = path_for(block, "ssl_configuration", "sslConfiguration")
    if written(block, path) in (MISSING, []):
        return known(False, Evidence(block.address, "a load balancer asks nobody who they are"))
    name = path_for(block, "verify_peer_certificate", "verifyPeerCertificate")
    trusted = path_for(block, "trusted_certificate_authority_ids", "trustedCertificateAuthorityIds")
    bundle = path_for(block, "certificate_name", "certificateName")
    verifies = truth_at(block, f"{path}.{name}", "ssl_configuration.verify_peer_certificate")
    if verifies.is_true and not texts_at(block, f"{path}.{trusted}").known_or(("?",)):
        if written(block, f"{path}.{bundle}") in (MISSING, ""):
            fact = "it trusts no authority that could certify clients"
            return known(False, Evidence(f"{block.address}.{path}", fact))
        fact = "whether its certificate bundle names an authority for clients is not known"
        return unknown(Evidence(f"{block.address}.{path}", fact))
    return verifies


def _forwards(block: Block) -> Value[Any]:
    """List the backend sets that requests go to, with the clients that rules admit."""
    path = path_for(block, "default_backend_set_name", "defaultBackendSetName")
    redirects = redirects_all(block)
    if redirects.is_true:
        return Value((), block, path, "every request is redirected")
    if redirects.is_unknown:
        why = next((item.fact for item in redirects.evidence), "known after apply")
        return Value(Unknown(f"whether it redirects every request: {why}"), block, path)
    groups = [part_named(block, path, written(block, path), SETS), *_chosen(block)]
    sources = admitted(block)
    authenticated = _authenticated(block)
    return Value(
        tuple(Forward(group, sources, authenticated) for group in _distinct(groups)),
        block,
        path,
    )


def _distinct(groups: list[Links]) -> tuple[Links, ...]:
    """Leave out what repeats another: a policy may choose the default set too."""
    found = {(item.targets, item.maybe, item.outside, item.unknown): item for item in groups[::-1]}
    return tuple(found.values())[::-1]


def _chosen(block: Block) -> list[Links]:
    """Find the backend sets that a routing policy or a set of path routes chooses.

    Load Balancing API, ListenerDetails, routingPolicyName, and pathRouteSetName, which it replaced.
    """
    groups: list[Links] = []
    for pair, kind, at, inside in (
        (
            ("routing_policy_name", "routingPolicyName"),
            _POLICY,
            ("rules", "rules"),
            ("actions", "actions"),
        ),
        (
            ("path_route_set_name", "pathRouteSetName"),
            _PATHS,
            ("path_routes", "pathRoutes"),
            ("", ""),
        ),
    ):
        path = path_for(block, *pair)
        found = part_named(block, path, written(block, path), (kind,))
        reasons = [*found.unknown, *found.maybe, *found.outside]
        for address in found.targets:
            peer = block.record.peers.get(address)
            if peer is None:
                reasons.append(address)
                continue
            groups += _named_in(peer.block, path_for(block, *at), path_for(block, *inside))
        if reasons or found.one_of:
            doubt = f"where {path} leads was not read"
            groups.append(Links(block, path, unknown=(doubt,)))
    return groups


def _named_in(block: Block, at: str, inside: str) -> list[Links]:
    """Find the backend sets that are named in blocks, or in blocks of these."""
    outer = blocks_of(block, at)
    if isinstance(outer, Unknown):
        return [Links(block, at, unknown=(outer.reason,))]
    groups: list[Links] = []
    for item in outer:
        inner = blocks_of(item, inside) if inside else (item,)
        if isinstance(inner, Unknown):
            groups.append(Links(item, inside, unknown=(inner.reason,)))
            continue
        for action in inner:
            path = path_for(action, "backend_set_name", "backendSetName")
            groups.append(part_named(action, path, action.read(path), SETS))
    return groups


maps(
    "oci_load_balancer_listener",
    to=Listener,
    load_balancer=ref("load_balancer_id", "loadBalancerId", *BALANCERS),
    port=Attr("port", "port"),
    protocol=Attr("protocol", "protocol", str.upper),
    encrypts=Derived(_encrypts),
    redirects_to_tls=Derived(redirects_to_tls),
    modern_tls=holds(_only_modern, "ssl_configuration.protocols", "sslConfiguration.protocols"),
    forwards=Derived(_forwards),
)


def _passes_through(block: Block) -> Truth:
    """Whether what stands behind speaks TLS: a network load balancer does not tell."""
    port = block.read("port")
    if port in (80, "80"):
        # Port 80 is registered for HTTP without TLS (IANA service names and port numbers).
        return known(False, Evidence(f"{block.address}.port", "80: HTTP without TLS"))
    fact = "it passes traffic through: whether that is TLS, only what stands behind it tells"
    return unknown(Evidence(block.address, fact))


def _passes_on(block: Block) -> Value[Any]:
    path = path_for(block, "default_backend_set_name", "defaultBackendSetName")
    group = part_named(block, path, written(block, path), NETWORK_SETS)
    anybody: Value[tuple[str, ...]] = Value((), block, path)
    unasked = known(False, Evidence(block.address, "a network load balancer asks nobody"))
    return Value((Forward(group, anybody, unasked),), block, path)


maps(
    "oci_network_load_balancer_listener",
    to=Listener,
    load_balancer=ref("network_load_balancer_id", "networkLoadBalancerId", NETWORK_BALANCER),
    # CreateListenerDetails, protocol: ANY and L3IP mean every port, and the port is then 0.
    port=Attr("port", "port"),
    protocol=Attr("protocol", "protocol", str.upper),
    encrypts=Derived(_passes_through),
    redirects_to_tls=never("a network load balancer answers nothing itself"),
    modern_tls=NotApplicable("a network load balancer ends no TLS itself"),
    forwards=Derived(_passes_on),
)
supports(_POLICY, _PATHS)
