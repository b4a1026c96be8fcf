"""API gateways: what answers the internet or a network for functions and other services.

API paths are those of Gateway and Deployment (API Gateway API).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from scanner.mapping.fields import Constant, Derived, holds, never, written
from scanner.mapping.oci.default_lists import DEFAULT_LIST, as_made
from scanner.mapping.oci.reading import (
    CHOSEN,
    LISTS,
    NETWORKS,
    blocks_of,
    groups,
    named,
    named_at,
    path_for,
    subnets,
    truth_at,
)
from scanner.mapping.oci.traffic import group_rules, list_rules
from scanner.mapping.references import merge_links
from scanner.mapping.registry import companion, maps
from scanner.model.edge import EdgeService, NetworkLink
from scanner.model.network import Direction, PortRange, TrafficRule
from scanner.record import MISSING, Block, Links, Record
from scanner.truth import Evidence, Truth, all_of, any_of, known, unknown
from scanner.value import Unknown, Value

_GATEWAY: Final = "oci_apigateway_gateway"
_DEPLOYMENT: Final = "oci_apigateway_deployment"
_SUBNETS: Final = subnets("subnet_id", "subnetId")
_GROUPS: Final = groups("network_security_group_ids", "networkSecurityGroupIds")
_LISTS: Final = named("security_list_ids", "securityListIds", *LISTS)
_PUBLIC: Final = holds(lambda kind: kind == "PUBLIC", "endpoint_type", "endpointType")
# "Creating an API Gateway": rules must admit traffic to port 443.
_PORT: Final = 443

companion(_DEPLOYMENT, _GATEWAY, "gateway_id", "gatewayId")


def _guards(block: Block) -> Iterator[Value[Any]]:
    """Give the rules of each group and list that holds for the interface of a gateway."""
    yield from _each(_GROUPS.read(block))
    placed = _SUBNETS.read(block)
    yield from _doubts(placed)
    for address in placed.candidates():
        subnet = block.record.peers.get(address)
        if subnet is None:
            yield Value(Unknown(f"{address} was not read"), block, placed.path)
            continue
        lists = _LISTS.read(subnet.block)
        if lists.is_empty:
            # CreateSubnetDetails, securityListIds: the default one of the VCN, if none is given.
            path = path_for(subnet.block, "vcn_id", "vcnId")
            lists = named_at(subnet.block, path, NETWORKS)
        yield from _each(lists)


def _each(links: Links) -> Iterator[Value[Any]]:
    yield from _doubts(links)
    for address in links.candidates():
        record = links.origin.record.peers.get(address)
        if record is None:
            yield Value(Unknown(f"{address} was not read"), links.origin, links.path)
        else:
            yield from _rules(record)


def _doubts(links: Links) -> Iterator[Value[Any]]:
    for reason in (*links.unknown, *links.outside):
        yield Value(Unknown(f"not all guards were read: {reason}"), links.origin, links.path)


def _rules(record: Record) -> Iterator[Value[Any]]:
    if record.type == "oci_core_network_security_group":
        yield group_rules(record.block)
    elif record.type not in NETWORKS:
        yield list_rules(record.block)
    else:
        own = record.companions(DEFAULT_LIST).certain
        if own:
            yield from (list_rules(item.block) for item in own)
        elif record.managed:
            yield as_made(record.block)
        else:
            yield Value(Unknown("the default list was not read"), record.block, "vcn_id")


def _admitted(block: Block) -> Value[Any]:
    """Read which addresses may call the gateway: those that some rule lets in to its port."""
    path = path_for(block, "subnet_id", "subnetId")
    found: dict[str, None] = {}
    for guard in _guards(block):
        if isinstance(guard.content, Unknown):
            return guard
        for rule in guard.content:
            if rule.direction is Direction.EGRESS or rule.ports.test(_is_other).is_true:
                continue
            doubt = _doubt(rule)
            if doubt is not None:
                return Value(doubt, block, path)
            found.update(dict.fromkeys(rule.sources.known_or(())))
    return Value(tuple(found), block, path, "what its security lists and groups admit")


def _is_other(ports: PortRange) -> bool:
    return not ports.covers(_PORT)


def _doubt(rule: TrafficRule) -> Unknown | None:
    for content in (rule.ports.content, rule.sources.content):
        if isinstance(content, Unknown):
            return content
    return None if rule.allows.is_true else Unknown("whether a rule is one of its own is not known")


def _public(block: Block) -> Truth:
    """Whether it has a public address, and some rule lets anybody in to its port.

    API Gateway API, CreateGatewayDetails, endpointType.
    """
    admitted = _admitted(block)
    nobody = Evidence(block.address, f"no rule of its lists and groups admits port {_PORT}")
    if admitted.content == ():
        return _PUBLIC.read(block) & known(False, nobody)
    return _PUBLIC.read(block) & admitted.test(lambda ranges: bool(ranges))


def _authenticated(block: Block) -> Truth:
    """Whether every deployment demands to know who calls, on every route."""
    deployments = block.record.companions(_DEPLOYMENT)
    truths = [_deployment_authenticated(record.block) for record in deployments.certain]
    truths += [unknown(Evidence(block.address, reason)) for reason in deployments.unknown]
    if not truths:
        return unknown(Evidence(block.address, "none of what was read is deployed on it"))
    return all_of(truths)


def _deployment_authenticated(block: Block) -> Truth:
    """Judge one deployment.

    API Gateway API, AuthenticationPolicy and RouteAuthorizationPolicy: with a policy every route
    demands it, but those of type ANONYMOUS.  MutualTlsDetails: or a certificate is demanded.
    """
    policies = path_for(block, "specification.request_policies", "specification.requestPolicies")
    mutual = path_for(block, "mutual_tls", "mutualTls")
    demanded = path_for(block, "is_verified_certificate_required", "isVerifiedCertificateRequired")
    certificate = known(
        False, Evidence(f"{block.address}.{policies}", "no certificate is demanded")
    )
    if written(block, f"{policies}.{mutual}") not in (MISSING, []):
        certificate = truth_at(block, f"{policies}.{mutual}.{demanded}")
    asks = [
        _is_there(block, f"{policies}.{name}")
        for name in (
            "authentication",
            path_for(block, "dynamic_authentication", "dynamicAuthentication"),
        )
    ]
    return certificate | (any_of(asks) & ~_some_route_is_anonymous(block))


def _is_there(block: Block, path: str) -> Truth:
    found = written(block, path)
    source = Evidence(f"{block.address}.{path}", "not set" if found in (MISSING, []) else "set")
    if isinstance(found, Unknown):
        return unknown(Evidence(f"{block.address}.{path}", found.reason))
    return known(found not in (MISSING, []), source)


def _routes(block: Block) -> tuple[Block, ...] | Unknown:
    return blocks_of(block, "specification.routes")


def _some_route_is_anonymous(block: Block) -> Truth:
    routes = _routes(block)
    if isinstance(routes, Unknown):
        return unknown(Evidence(f"{block.address}.specification.routes", routes.reason))
    kind = ("request_policies.authorization.type", "requestPolicies.authorization.type")
    return any_of(
        (holds(lambda text: text == "ANONYMOUS", *kind, unset="").read(route) for route in routes),
        Evidence(block.address, "no route is anonymous"),
    )


def _origins(block: Block) -> Links:
    """Name the functions behind it; what a URL leads to is not followed."""
    deployments = block.record.companions(_DEPLOYMENT)
    parts = [Links(block, "deployments", unknown=deployments.unknown)]
    for record in deployments.certain:
        routes = _routes(record.block)
        if isinstance(routes, Unknown):
            parts.append(Links(record.block, "specification.routes", unknown=(routes.reason,)))
            continue
        parts += [part for route in routes for part in _behind(route, "backend")]
    return merge_links(block, parts, "deployments")


def _behind(block: Block, path: str) -> Iterator[Links]:
    found = blocks_of(block, path)
    if isinstance(found, Unknown):
        yield Links(block, path, unknown=(found.reason,))
        return
    for backend in found:
        kind = backend.read("type")
        if isinstance(kind, Unknown) or kind == "ORACLE_FUNCTIONS_BACKEND":
            by_id = path_for(backend, "function_id", "functionId")
            yield named_at(backend, by_id, ("oci_functions_function",))
        if isinstance(kind, Unknown) or kind == "HTTP_BACKEND":
            url = backend.read("url")
            if isinstance(url, str) and url:
                yield Links(backend, "url", outside=(url,))
            elif isinstance(url, Unknown):
                yield Links(backend, "url", unknown=(f"where a URL leads: {url.reason}",))
        several = blocks_of(backend, path_for(backend, "routing_backends", "routingBackends"))
        for item in several if not isinstance(several, Unknown) else ():
            yield from _behind(item, "backend")


def _itself(block: Block) -> Links:
    return Links(block, path_for(block, "subnet_id", "subnetId"), targets=(block.record.address,))


maps(
    _GATEWAY,
    to=EdgeService,
    kind=Constant("API Gateway"),
    public=Derived(_public),
    public_ranges=Derived(_admitted),
    authenticated=Derived(_authenticated),
    ports=Constant((_PORT,)),
    origins=Derived(_origins),
    # It stands in a subnet of the customer, from which it calls what is behind it.
    enters=Derived(_itself),
    # HTTPBackend: it sends requests of its own to what is behind it.
    preserves_client_address=never("it calls what is behind it from its own address"),
)
maps(
    _GATEWAY,
    to=NetworkLink,
    subnets=_SUBNETS,
    security_groups=_GROUPS,
    addresses=CHOSEN,
    origins=Derived(_origins),
)
