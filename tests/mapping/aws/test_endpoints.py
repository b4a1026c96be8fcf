from __future__ import annotations

import pytest

from scanner.model.base import Inapplicable
from scanner.model.network import ServiceEndpoint
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

POLICY = '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}]}'


def test_an_endpoint_without_policy_has_an_absent_one() -> None:
    body = {"policy": LeftOut(), "subnet_ids": LeftOut(), "service_name": "com.amazonaws.x.s3"}
    endpoint = mapped(ServiceEndpoint, record("aws_vpc_endpoint", body))
    assert endpoint.resource_policy.is_absent
    assert endpoint.kind.content == "Gateway"
    assert endpoint.service.content == "com.amazonaws.x.s3"
    assert endpoint.subnets.is_empty


def test_a_policy_stands_inline_or_in_a_resource_of_its_own() -> None:
    inline = record("aws_vpc_endpoint", {"policy": POLICY})
    assert len(mapped(ServiceEndpoint, inline).resource_policy.statements) == 1
    separate = record(
        "aws_vpc_endpoint_policy",
        {"vpc_endpoint_id": Pointer("aws_vpc_endpoint.a"), "policy": POLICY},
    )
    endpoint = record("aws_vpc_endpoint", {"policy": LeftOut()})
    assert len(mapped(ServiceEndpoint, endpoint, separate).resource_policy.statements) == 1
    unclear = record("aws_vpc_endpoint_policy", {"vpc_endpoint_id": Unknown("known after apply")})
    endpoint = record("aws_vpc_endpoint", {"policy": LeftOut()})
    assert mapped(ServiceEndpoint, endpoint, unclear).resource_policy.unknown


def test_an_unknown_policy_is_unknown() -> None:
    body = {"policy": Unknown("known after apply"), "vpc_endpoint_type": "Interface"}
    assert mapped(ServiceEndpoint, record("aws_vpc_endpoint", body)).resource_policy.unknown


def test_an_endpoint_of_an_appliance_has_no_policy() -> None:
    body = {"vpc_endpoint_type": "GatewayLoadBalancer"}
    with pytest.raises(Inapplicable):
        _ = mapped(ServiceEndpoint, record("aws_vpc_endpoint", body)).resource_policy
