from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.model.edge import EdgeService, NetworkLink
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

LATER = Unknown("known after apply")
V2 = Pointer("aws_apigatewayv2_api.a")
V1 = Pointer("aws_api_gateway_rest_api.a")
ALLOW = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}


def http(body: dict[str, Any], *others: Record) -> Any:
    body = {"protocol_type": "HTTP", **body}
    return mapped(EdgeService, record("aws_apigatewayv2_api", body), *others)


def rest(body: dict[str, Any], *others: Record) -> Any:
    return mapped(EdgeService, record("aws_api_gateway_rest_api", body), *others)


def route(kind: object, key: str = "GET /", name: str = "r") -> Record:
    body = {"api_id": V2, "route_key": key, "authorization_type": kind}
    return record("aws_apigatewayv2_route", body, name)


def method(kind: object, verb: str = "GET", name: str = "m") -> Record:
    body = {"rest_api_id": V1, "http_method": verb, "authorization": kind}
    return record("aws_api_gateway_method", body, name)


def test_an_api_answers_the_internet_unless_its_endpoint_is_off() -> None:
    for made, mapping, key in (
        (http, "aws_apigatewayv2_api_mapping", V2),
        (rest, "aws_api_gateway_base_path_mapping", V1),
    ):
        assert made({}).public.is_true
        assert made({}).ports.content == (443,)
        off = {"disable_execute_api_endpoint": True}
        assert made(off).public.is_false
        assert made(off, record(mapping, {"api_id": key})).public.is_true
        assert made(off, record(mapping, {"api_id": LATER})).public.is_unknown
        assert made({"disable_execute_api_endpoint": LATER}).public.is_unknown


@pytest.mark.parametrize(
    ("types", "state"),
    [
        (["REGIONAL"], "true"),
        (["EDGE"], "true"),
        (["PRIVATE"], "false"),
        (LATER, "unknown"),
        (LeftOut(), "true"),
    ],
)
def test_a_private_api_is_reached_from_networks_only(types: object, state: str) -> None:
    found = rest({"endpoint_configuration": [{"types": types}]})
    assert found.public.state.value == state


@pytest.mark.parametrize(
    ("routes", "state"),
    [
        ([route("JWT")], "true"),
        ([route("AWS_IAM"), route("CUSTOM", name="s")], "true"),
        ([route("JWT"), route("NONE", name="s")], "false"),
        ([route(LeftOut())], "false"),
        ([route(LATER)], "unknown"),
        ([], "unknown"),
    ],
)
def test_every_route_must_demand_a_login(routes: list[Record], state: str) -> None:
    assert http({}, *routes).authenticated.state.value == state


def test_only_the_connecting_route_of_a_websocket_api_counts() -> None:
    routes = [route("AWS_IAM", "$connect"), route("NONE", "$default", "s")]
    assert http({"protocol_type": "WEBSOCKET"}, *routes).authenticated.is_true


@pytest.mark.parametrize(
    ("methods", "state"),
    [
        ([method("AWS_IAM")], "true"),
        ([method("AWS_IAM"), method("NONE", "OPTIONS", "o")], "true"),
        ([method("COGNITO_USER_POOLS"), method("NONE", "POST", "o")], "false"),
        ([method(LATER)], "unknown"),
        ([], "unknown"),
    ],
)
def test_every_method_must_demand_a_login(methods: list[Record], state: str) -> None:
    assert rest({}, *methods).authenticated.state.value == state


def test_an_imported_api_may_have_other_routes() -> None:
    found = http({"body": "{}"}, route("JWT"))
    assert found.authenticated.is_unknown
    assert found.origins.unknown
    quick = http({"target": Pointer("aws_lambda_function.f")})
    assert quick.authenticated.is_false
    assert quick.origins.targets == ("aws_lambda_function.f",)


def test_an_http_api_enters_a_network() -> None:
    listener = record("aws_lb_listener", {"load_balancer_arn": Pointer("aws_lb.in")}, "l")
    link_body = {
        "subnet_ids": [Pointer("aws_subnet.s")],
        "security_group_ids": [Pointer("aws_security_group.g")],
    }
    link = record("aws_apigatewayv2_vpc_link", link_body, "v")
    integration = record(
        "aws_apigatewayv2_integration",
        {
            "api_id": V2,
            "connection_type": "VPC_LINK",
            "connection_id": Pointer("aws_apigatewayv2_vpc_link.v"),
            "integration_uri": Pointer("aws_lb_listener.l"),
        },
    )
    found = http({}, integration, link, listener)
    assert found.origins.targets == ("aws_lb.in",)
    assert found.enters.targets == ("aws_apigatewayv2_vpc_link.v",)
    entered = mapped(NetworkLink, link)
    assert entered.subnets.targets == ("aws_subnet.s",)
    assert entered.security_groups.targets == ("aws_security_group.g",)
    assert entered.origins.is_empty


def test_a_rest_api_enters_a_network() -> None:
    link = record("aws_api_gateway_vpc_link", {"target_arns": [Pointer("aws_lb.n")]}, "v")
    integration = record(
        "aws_api_gateway_integration",
        {
            "rest_api_id": V1,
            "connection_type": "VPC_LINK",
            "connection_id": Pointer("aws_api_gateway_vpc_link.v"),
            "uri": "https://shop.internal/",
        },
    )
    found = rest({}, integration, link)
    assert found.origins.targets == ("aws_lb.n",)
    assert found.origins.outside == ()
    assert found.enters.targets == ("aws_api_gateway_vpc_link.v",)
    entered = mapped(NetworkLink, link)
    assert entered.origins.targets == ("aws_lb.n",)
    assert entered.subnets.is_empty


def test_what_a_known_uri_names() -> None:
    arn = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/f/invocations"
    function = record("aws_lambda_function", {"invoke_arn": arn}, "f")
    balancer = record("aws_lb", {"dns_name": "b.elb.amazonaws.com"}, "b")
    calls = [
        record("aws_api_gateway_integration", {"rest_api_id": V1, "uri": uri}, name)
        for name, uri in (
            ("one", arn),
            ("two", "http://b.elb.amazonaws.com:8080/x"),
            ("three", "arn:aws:apigateway:eu-west-1:sqs:path/1/q"),
            ("four", "https://api.example.com/y"),
        )
    ]
    found = rest({}, *calls, function, balancer)
    assert set(found.origins.targets) == {"aws_lambda_function.f", "aws_lb.b"}
    assert found.origins.outside == ("api.example.com",)
    lost = record("aws_api_gateway_integration", {"rest_api_id": LATER, "uri": arn}, "lost")
    assert rest({}, lost).origins.unknown


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": list(statements)})


VPCE = {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}
PLAIN = {"Bool": {"aws:SecureTransport": "false"}}
IPS = {"aws:SourceIp": ["192.0.2.0/24"]}


@pytest.mark.parametrize(
    ("document", "ranges"),
    [
        (LeftOut(), ()),
        (policy(ALLOW), ()),
        (policy({**ALLOW, "Condition": {"IpAddress": IPS}}), ("192.0.2.0/24",)),
        (
            policy(ALLOW, {**ALLOW, "Effect": "Deny", "Condition": {"NotIpAddress": IPS}}),
            ("192.0.2.0/24",),
        ),
        (policy(ALLOW, {**ALLOW, "Condition": {"IpAddress": IPS}}), ()),
        (policy({**ALLOW, "Condition": {"NotIpAddress": IPS}}), None),
        (policy({**ALLOW, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}), None),
        (
            policy(ALLOW, {**ALLOW, "Effect": "Deny", "Condition": {"IpAddress": IPS}}),
            None,
        ),
        (policy(), ()),
        (policy(ALLOW, {**ALLOW, "Effect": "Deny", "Condition": VPCE}), None),
        (policy(ALLOW, {**ALLOW, "Effect": "Deny", "Condition": PLAIN}), ()),
        ("not json", None),
        (LATER, None),
    ],
)
def test_from_where_a_policy_admits_callers(document: Any, ranges: Any) -> None:
    found = rest({"policy": document}).public_ranges.content
    assert isinstance(found, Unknown) if ranges is None else found == ranges


def test_the_separate_policy_of_an_api() -> None:
    limited = policy({**ALLOW, "Condition": {"IpAddress": IPS}})
    separate = record("aws_api_gateway_rest_api_policy", {"rest_api_id": V1, "policy": limited})
    found = rest({"policy": LeftOut()}, separate)
    assert found.public_ranges.content == ("192.0.2.0/24",)
