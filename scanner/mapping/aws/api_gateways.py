"""APIs of API Gateway: HTTP and WebSocket APIs, REST APIs, and their links into networks.

API paths are those of GetApi, GetVpcLink (botocore service model `apigatewayv2`), GetRestApi and
GetVpcLink (`apigateway`); routes, methods and integrations are records of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from scanner.mapping.aws.callers import ranges_of
from scanner.mapping.aws.origins import BALANCERS, origins
from scanner.mapping.aws.ports import ANYBODY, always_on
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.documents import Document
from scanner.mapping.fields import Attr, Constant, Derived, flag, never, written
from scanner.mapping.references import From, Nothing, Through, merge_links, ref
from scanner.mapping.registry import companion, maps
from scanner.model.base import Field
from scanner.model.edge import EdgeService, NetworkLink
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, all_of, known, unknown
from scanner.value import Unknown, Value

_LINKS: Final = ("aws_apigatewayv2_vpc_link", "aws_api_gateway_vpc_link")
_TARGETS: Final = ref("target_arns", "targetArns", *BALANCERS)
_LEADS: Final[dict[str, Field]] = {
    "aws_apigatewayv2_vpc_link": Nothing(),
    "aws_api_gateway_vpc_link": _TARGETS,
}
_OFF: Final = flag("disable_execute_api_endpoint", "DisableExecuteApiEndpoint")


def _answers(mapping: str) -> Callable[[Block], Truth]:
    """Whether an API answers at the endpoint that AWS makes for it, or at a domain name."""

    def read(block: Block) -> Truth:
        off = _OFF.read(block)
        if off.is_false:
            return ~off
        domains = block.record.companions(mapping)
        if domains.certain:
            return known(True, Evidence(domains.certain[0].address, "a domain name leads to it"))
        if domains.unknown or not block.record.managed:
            reasons = domains.unknown or ("its domain names were not read",)
            return ~off | unknown(Evidence(block.address, reasons[0]))
        return ~off

    return read


def _parts(block: Block, type: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Give the routes, methods or integrations of an API, and why there may be others."""
    found = block.record.companions(type)
    reasons = found.unknown
    body = block.record.body.attributes.get("body")
    if body not in (None, "") and not (isinstance(body, Unknown) and block.leaves_out("body")):
        reasons = (*reasons, "others are imported from an OpenAPI document")
    if not block.record.managed:
        reasons = (*reasons, "those of an API that is looked up were not read")
    return tuple(record.block for record in found.certain), reasons


def _authenticated(type: str, judge: Callable[[Block, Block], Truth | None]) -> Derived:
    """Whether every route or method demands a login; some need not be asked."""

    def read(block: Block) -> Truth:
        found, reasons = _parts(block, type)
        truths = [truth for item in found if (truth := judge(block, item)) is not None]
        truths += [unknown(Evidence(block.address, reason)) for reason in reasons]
        if block.has("target"):
            fact = "the route that is made with it demands no login"
            truths.append(known(False, Evidence(f"{block.address}.target", fact)))
        return all_of(truths) if truths else unknown(Evidence(block.address, "no route was read"))

    return Derived(read)


def _called(type: str, *paths: str) -> Derived:
    """Read what the integrations of an API call, by themselves or through a link."""

    def read(block: Block) -> Links:
        found, reasons = _parts(block, type)
        # Through a link the URL only says what the request is to look like.
        direct = [item for item in found if item.read("connection_type") != "VPC_LINK"]
        parts = [origins(direct if path == "uri" else found, path, block) for path in paths]
        # An API that is made in one go names what it calls itself.
        parts.append(origins((block,), "target", block))
        behind = Through(_entered(type), _LEADS).read(block)
        return merge_links(block, [Links(block, "", unknown=reasons), *parts, behind], paths[0])

    return Derived(read)


def _entered(type: str) -> Derived:
    """Read the links into networks that the integrations of an API use."""

    def read(block: Block) -> Links:
        found, reasons = _parts(block, type)
        parts = [Links(block, "connection_id", unknown=reasons)]
        parts += [item.links("connection_id", frozenset(_LINKS)) for item in found]
        return merge_links(block, parts, "connection_id")

    return Derived(read)


def _of_route(api: Block, route: Block) -> Truth | None:
    """Judge a route; only the first of a WebSocket API decides who may connect.

    API Gateway Developer Guide, "Control and manage access to WebSocket APIs".
    """
    key: Any = route.read("route_key")
    if api.read("protocol_type") == "WEBSOCKET" and isinstance(key, str) and key != "$connect":
        return None
    kind: Value[Any] = Attr("authorization_type", "AuthorizationType").read(route)
    return kind.test(lambda content: content != "NONE")


def _of_method(api: Block, method: Block) -> Truth | None:
    """Judge a method; browsers ask for the options of others without a login."""
    if method.read("http_method") == "OPTIONS":
        return None
    kind: Value[Any] = method.value("authorization")
    return kind.test(lambda content: content != "NONE")


_V2: Final = "aws_apigatewayv2"
for _part in ("route", "integration", "api_mapping"):
    companion(f"{_V2}_{_part}", f"{_V2}_api", "api_id", "ApiId")
maps(
    f"{_V2}_api",
    to=EdgeService,
    kind=Constant("API Gateway"),
    public=Derived(_answers(f"{_V2}_api_mapping")),
    public_ranges=ANYBODY,
    authenticated=_authenticated(f"{_V2}_route", _of_route),
    # API Gateway Developer Guide: all APIs are exposed by HTTPS only.
    ports=always_on(443),
    origins=_called(f"{_V2}_integration", "integration_uri"),
    enters=_entered(f"{_V2}_integration"),
    preserves_client_address=never("API Gateway calls what is behind it itself"),
)
maps(
    f"{_V2}_vpc_link",
    to=NetworkLink,
    subnets=subnets("subnet_ids", "SubnetIds"),
    security_groups=groups("security_group_ids", "SecurityGroupIds"),
    addresses=CHOSEN,
    origins=Nothing(),
)

_V1: Final = "aws_api_gateway"
_TYPES: Final = Attr("endpoint_configuration.types", "endpointConfiguration.types", unset=("EDGE",))
_POLICY: Final = Document("policy", "policy")


def _is_private(block: Block) -> Truth:
    """Whether only endpoints in networks lead to it.

    API Gateway REST API Reference, EndpointConfiguration; an API that names no type is EDGE.
    """
    types = _TYPES.read(block)
    return types.test(lambda content: "PRIVATE" in content)


def _public(block: Block) -> Truth:
    private = _is_private(block)
    return ~private & _answers(f"{_V1}_base_path_mapping")(block)


def _public_ranges(block: Block) -> Value[tuple[str, ...]]:
    """Read from which addresses its resource policy admits callers; without one anybody is."""
    if _is_private(block).is_true:
        return ANYBODY.read(block)
    separate = f"{_V1}_rest_api_policy"
    if block.record.companions(separate).certain or written(block, "policy") in (MISSING, ""):
        document = From(separate, _POLICY, absent=_POLICY).read(block)
    else:
        document = _POLICY.read(block)
    return ANYBODY.read(block) if document.is_absent else ranges_of(document)


for _part in ("method", "integration", "rest_api_policy"):
    companion(f"{_V1}_{_part}", f"{_V1}_rest_api", "rest_api_id", "restApiId")
companion(f"{_V1}_base_path_mapping", f"{_V1}_rest_api", "api_id", "restApiId")
maps(
    f"{_V1}_rest_api",
    to=EdgeService,
    kind=Constant("API Gateway"),
    public=Derived(_public),
    public_ranges=Derived(_public_ranges),
    authenticated=_authenticated(f"{_V1}_method", _of_method),
    ports=always_on(443),
    origins=_called(f"{_V1}_integration", "uri", "integration_target"),
    enters=_entered(f"{_V1}_integration"),
    preserves_client_address=never("API Gateway calls what is behind it itself"),
)
maps(
    f"{_V1}_vpc_link",
    to=NetworkLink,
    # It reaches load balancers as endpoints of services do, and has no interfaces of its own.
    subnets=Nothing(),
    security_groups=Nothing(),
    addresses=CHOSEN,
    origins=_TARGETS,
)
