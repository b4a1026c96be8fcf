from __future__ import annotations

from typing import Any

import pytest

from scanner.model.edge import EdgeService, NetworkLink
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import Pointer, mapped, record

LATER = Unknown("known after apply")
ACCELERATOR = Pointer("aws_globalaccelerator_accelerator.a")


def accelerator(body: dict[str, Any], *others: Record) -> Any:
    return mapped(EdgeService, record("aws_globalaccelerator_accelerator", body), *others)


def listener(ranges: Any) -> Record:
    body = {"accelerator_arn": ACCELERATOR, "port_range": ranges}
    return record("aws_globalaccelerator_listener", body, "l")


@pytest.mark.parametrize(
    ("enabled", "state"),
    [({}, "true"), ({"enabled": False}, "false"), ({"enabled": LATER}, "unknown")],
)
def test_an_accelerator_is_public(enabled: dict[str, Any], state: str) -> None:
    found = accelerator(enabled)
    assert found.public.state.value == state
    assert found.authenticated.is_false
    assert found.origins.is_empty
    assert found.enters.is_empty


@pytest.mark.parametrize(
    ("ranges", "ports"),
    [
        ([{"from_port": 443, "to_port": 444}], (443, 444)),
        ([{"from_port": 1, "to_port": 65535}], None),
        ([{"from_port": LATER, "to_port": 65535}], None),
        ([{"from_port": "x", "to_port": 2}], None),
        (LATER, None),
    ],
)
def test_the_ports_of_an_accelerator(ranges: Any, ports: Any) -> None:
    found = accelerator({}, listener(ranges)).ports.content
    assert isinstance(found, Unknown) if ports is None else found == ports


def test_the_endpoints_behind_an_accelerator() -> None:
    endpoints = [{"endpoint_id": Pointer("aws_lb.a")}, {"endpoint_id": Pointer("aws_instance.i")}]
    group = record(
        "aws_globalaccelerator_endpoint_group",
        {
            "listener_arn": Pointer("aws_globalaccelerator_listener.l"),
            "endpoint_configuration": endpoints,
        },
    )
    found = accelerator({}, listener([]), group)
    assert found.origins.targets == ("aws_lb.a", "aws_instance.i")
    assert found.enters.unknown
    loose = record("aws_globalaccelerator_endpoint_group", {"listener_arn": LATER})
    assert accelerator({}, listener([]), loose).origins.unknown


@pytest.mark.parametrize(
    ("endpoints", "state"),
    [
        ([{"endpoint_id": Pointer("aws_lb.a")}], "true"),
        ([{"endpoint_id": Pointer("aws_lb.n")}], "false"),
        ([{"endpoint_id": Pointer("aws_lb.n"), "client_ip_preservation_enabled": True}], "true"),
        (
            [{"endpoint_id": Pointer("aws_lb.a"), "client_ip_preservation_enabled": LATER}],
            "unknown",
        ),
        ([{"endpoint_id": Pointer("aws_lb.a")}, {"endpoint_id": Pointer("aws_lb.n")}], "unknown"),
        ([{"endpoint_id": Pointer("aws_instance.i")}], "true"),
        ([{"endpoint_id": "arn:x"}], "unknown"),
        (LATER, "unknown"),
        ([], "false"),
    ],
)
def test_whether_endpoints_see_the_client(endpoints: Any, state: str) -> None:
    records = [
        record("aws_lb", {}, "a"),
        record("aws_lb", {"load_balancer_type": "network"}, "n"),
        record("aws_instance", {}, "i"),
        record(
            "aws_globalaccelerator_endpoint_group",
            {
                "listener_arn": Pointer("aws_globalaccelerator_listener.l"),
                "endpoint_configuration": endpoints,
            },
        ),
    ]
    found = accelerator({}, listener([]), *records)
    assert found.preserves_client_address.state.value == state


def service(network: Any) -> Any:
    body = {"network_configuration": network}
    return mapped(EdgeService, record("aws_apprunner_service", body))


def test_a_service_of_app_runner() -> None:
    found = service([])
    assert found.public.is_true
    assert found.authenticated.is_false
    assert found.ports.content == (443,)
    assert found.enters.is_empty
    private = [{"ingress_configuration": [{"is_publicly_accessible": False}]}]
    assert service(private).public.is_false
    assert service(LATER).public.is_unknown
    connector = Pointer("aws_apprunner_vpc_connector.c")
    inside = [{"egress_configuration": [{"vpc_connector_arn": connector}]}]
    assert service(inside).enters.targets == ("aws_apprunner_vpc_connector.c",)


def test_a_connector_of_app_runner() -> None:
    body = {"subnets": [Pointer("x.s")], "security_groups": [Pointer("x.g")]}
    found = mapped(NetworkLink, record("aws_apprunner_vpc_connector", body))
    assert found.subnets.targets == ("x.s",)
    assert found.security_groups.targets == ("x.g",)
    assert found.origins.is_empty


@pytest.mark.parametrize(
    ("body", "public", "authenticated"),
    [
        ({"authentication_type": "AWS_IAM"}, "true", "true"),
        ({"authentication_type": "API_KEY", "visibility": "PRIVATE"}, "false", "false"),
        (
            {
                "authentication_type": "AWS_IAM",
                "additional_authentication_provider": [{"authentication_type": "API_KEY"}],
            },
            "true",
            "false",
        ),
        ({"authentication_type": LATER, "visibility": LATER}, "unknown", "unknown"),
    ],
)
def test_an_api_of_appsync(body: dict[str, Any], public: str, authenticated: str) -> None:
    found = mapped(EdgeService, record("aws_appsync_graphql_api", body))
    assert found.public.state.value == public
    assert found.authenticated.state.value == authenticated


def test_the_sources_of_an_api_of_appsync() -> None:
    source = {
        "api_id": Pointer("aws_appsync_graphql_api.a"),
        "lambda_config": [{"function_arn": Pointer("aws_lambda_function.f")}],
    }
    records = record("aws_appsync_graphql_api", {}), record("aws_appsync_datasource", source)
    assert mapped(EdgeService, *records).origins.targets == ("aws_lambda_function.f",)
