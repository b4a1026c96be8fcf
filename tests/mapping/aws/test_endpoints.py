from __future__ import annotations

from typing import Any

import pytest

from scanner.model.base import Inapplicable
from scanner.model.network import EndpointService, ServiceEndpoint
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

LATER = Unknown("known after apply")
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


def interface(body: dict[str, Any] | None = None, *others: Record) -> Any:
    whole = {
        "vpc_endpoint_type": "Interface",
        "vpc_id": Pointer("aws_vpc.v"),
        "subnet_ids": LeftOut(),
        "security_group_ids": LeftOut(),
        **(body or {}),
    }
    return mapped(
        ServiceEndpoint, record("aws_vpc_endpoint", whole), record("aws_vpc", {}, "v"), *others
    )


def joint(kind: str, **body: Any) -> Record:
    whole = {"vpc_endpoint_id": Pointer("aws_vpc_endpoint.a"), **body}
    return record(f"aws_vpc_endpoint_{kind}_association", whole)


def test_an_endpoint_stands_in_subnets_that_it_or_associations_name() -> None:
    body = {"subnet_ids": [Pointer("aws_subnet.s")]}
    more = joint("subnet", subnet_id=Pointer("aws_subnet.t"))
    assert interface(body, more).subnets.targets == ("aws_subnet.s", "aws_subnet.t")
    assert interface(body, more).subnets.certain
    unclear = joint("subnet", subnet_id=Pointer("aws_subnet.t"), vpc_endpoint_id=LATER)
    assert interface(body, unclear).subnets.maybe == ("aws_subnet.t",)
    assert interface({"subnet_ids": LATER}).subnets.unknown


def test_an_endpoint_that_names_no_group_has_the_default_one() -> None:
    assert interface().security_groups.is_empty
    named = interface({"security_group_ids": [Pointer("aws_security_group.g")]})
    assert named.security_groups.targets == ("aws_security_group.g",)
    assert interface({"security_group_ids": LATER}).security_groups.unknown


def test_a_group_is_associated_beside_the_default_one_or_instead_of_it() -> None:
    group = Pointer("aws_security_group.x")
    beside = interface(None, joint("security_group", security_group_id=group))
    assert beside.security_groups.targets == ("aws_vpc.v", "aws_security_group.x")
    instead = joint("security_group", security_group_id=group, replace_default_association=True)
    assert interface(None, instead).security_groups.targets == ("aws_security_group.x",)
    body = {"security_group_ids": [Pointer("aws_security_group.g")]}
    named = interface(body, joint("security_group", security_group_id=group))
    assert named.security_groups.targets == ("aws_security_group.g", "aws_security_group.x")
    unclear = joint("security_group", security_group_id=group, replace_default_association=LATER)
    assert interface(None, unclear).security_groups.unknown


@pytest.mark.parametrize("kind", ["Gateway", "GatewayLoadBalancer"])
def test_endpoints_of_these_kinds_have_no_groups(kind: str) -> None:
    assert interface({"vpc_endpoint_type": kind}).security_groups.is_empty


def test_the_routes_of_a_gateway_endpoint_are_part_of_it() -> None:
    found = population(joint("route_table", route_table_id=Pointer("aws_route_table.t")))
    assert not found.unmapped
    assert not found.resources


def service(body: dict[str, Any] | None = None, *others: Record) -> Any:
    whole = {
        "acceptance_required": False,
        "network_load_balancer_arns": [Pointer("aws_lb.n")],
        "allowed_principals": LeftOut(),
        **(body or {}),
    }
    return mapped(EndpointService, record("aws_vpc_endpoint_service", whole), *others)


def test_a_service_leads_to_load_balancers() -> None:
    found = service()
    assert found.load_balancers.targets == ("aws_lb.n",)
    assert found.accepts_unasked.is_true
    assert found.principals.content == ()
    gateway = {
        "network_load_balancer_arns": None,
        "gateway_load_balancer_arns": [Pointer("aws_lb.g")],
        "acceptance_required": LATER,
    }
    assert service(gateway).load_balancers.targets == ("aws_lb.g",)
    assert service(gateway).accepts_unasked.is_unknown


def test_who_may_connect_stands_inline_or_apart() -> None:
    root = "arn:aws:iam::111122223333:root"
    apart = record(
        "aws_vpc_endpoint_service_allowed_principal",
        {"vpc_endpoint_service_id": Pointer("aws_vpc_endpoint_service.a"), "principal_arn": root},
    )
    assert service({"allowed_principals": ["*"]}).principals.content == ("*",)
    assert service(None, apart).principals.content == (root,)
    assert isinstance(service({"allowed_principals": LATER}).principals.content, Unknown)
    unclear = record(
        "aws_vpc_endpoint_service_allowed_principal",
        {"vpc_endpoint_service_id": LATER, "principal_arn": root},
    )
    assert isinstance(service(None, unclear).principals.content, Unknown)


def test_a_service_that_is_looked_up_is_of_others() -> None:
    found = population(record("aws_vpc_endpoint_service", {"service": "s3"}, managed=False))
    assert not found.resources
