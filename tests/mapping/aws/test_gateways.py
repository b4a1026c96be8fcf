from __future__ import annotations

import pytest

from scanner.model.network import Gateway, GatewayKind
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

LATER = Unknown("known after apply")


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        ("aws_internet_gateway", GatewayKind.INTERNET),
        ("aws_egress_only_internet_gateway", GatewayKind.EGRESS_ONLY),
        ("aws_ec2_carrier_gateway", GatewayKind.OTHER),
        ("aws_vpn_gateway", GatewayKind.VPN),
    ],
)
def test_a_gateway_is_of_the_kind_of_its_type(type: str, kind: GatewayKind) -> None:
    gateway = mapped(Gateway, record(type, {"vpc_id": Pointer("aws_vpc.v")}))
    assert gateway.kind.content is kind
    assert gateway.network.targets == ("aws_vpc.v",)
    assert gateway.enabled.is_true


@pytest.mark.parametrize(
    ("type", "attachment", "by"),
    [
        ("aws_internet_gateway", "aws_internet_gateway_attachment", "internet_gateway_id"),
        ("aws_vpn_gateway", "aws_vpn_gateway_attachment", "vpn_gateway_id"),
    ],
)
def test_a_gateway_may_be_attached_by_a_resource_of_its_own(
    type: str, attachment: str, by: str
) -> None:
    joint = record(attachment, {by: Pointer(f"{type}.a"), "vpc_id": Pointer("aws_vpc.v")})
    gateway = mapped(Gateway, record(type, {"vpc_id": LeftOut()}), joint)
    assert gateway.network.targets == ("aws_vpc.v",)
    assert gateway.network.certain
    unclear = record(attachment, {by: Unknown("known after apply")})
    assert mapped(Gateway, record(type, {"vpc_id": LeftOut()}), unclear).network.unknown


def test_a_nat_gateway_is_in_the_network_of_its_subnet() -> None:
    subnet = record("aws_subnet", {"vpc_id": Pointer("aws_vpc.v")})
    body = {"subnet_id": Pointer("aws_subnet.a"), "vpc_id": LeftOut()}
    gateway = mapped(Gateway, record("aws_nat_gateway", body), subnet)
    assert gateway.kind.content is GatewayKind.NAT
    assert gateway.network.targets == ("aws_vpc.v",)
    assert gateway.subnets.targets == ("aws_subnet.a",)
    alone = record("aws_nat_gateway", {"subnet_id": Unknown("known after apply")})
    assert mapped(Gateway, alone).network.unknown


def test_a_customer_gateway_is_the_far_end_of_a_vpn() -> None:
    gateway = mapped(Gateway, record("aws_customer_gateway", {"type": "ipsec.1"}))
    assert gateway.kind.content is GatewayKind.VPN
    assert gateway.enabled.is_true


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, GatewayKind.NAT),
        ({"connectivity_type": "public"}, GatewayKind.NAT),
        ({"connectivity_type": "private"}, GatewayKind.PRIVATE_NAT),
        ({"connectivity_type": LATER}, None),
        ({"connectivity_type": "odd"}, None),
    ],
)
def test_a_private_nat_gateway_leads_to_no_internet(body: dict, kind: GatewayKind | None) -> None:
    found = mapped(Gateway, record("aws_nat_gateway", body)).kind.content
    assert isinstance(found, Unknown) if kind is None else found is kind


def test_a_regional_nat_gateway_stands_in_the_vpc_itself() -> None:
    body = {
        "availability_mode": "regional",
        "vpc_id": Pointer("aws_vpc.v"),
        "subnet_id": LeftOut(),
    }
    gateway = mapped(Gateway, record("aws_nat_gateway", body))
    assert gateway.network.targets == ("aws_vpc.v",)
    assert gateway.subnets.is_empty
    assert gateway.route_tables.is_empty


@pytest.mark.parametrize("type", ["aws_internet_gateway", "aws_vpn_gateway"])
def test_a_gateway_may_have_a_route_table_of_its_own(type: str) -> None:
    body = {"vpc_id": Pointer("aws_vpc.v")}
    assert mapped(Gateway, record(type, body)).route_tables.is_empty
    joint = record(
        "aws_route_table_association",
        {"gateway_id": Pointer(f"{type}.a"), "route_table_id": Pointer("aws_route_table.edge")},
    )
    gateway = mapped(Gateway, record(type, body), joint)
    assert gateway.route_tables.targets == ("aws_route_table.edge",)
    assert gateway.route_tables.certain
    unclear = record(
        "aws_route_table_association",
        {"gateway_id": LATER, "route_table_id": Pointer("aws_route_table.edge")},
    )
    assert mapped(Gateway, record(type, body), unclear).route_tables.maybe


def test_the_table_of_some_subnet_says_nothing_of_gateways() -> None:
    of_subnet = record(
        "aws_route_table_association",
        {"subnet_id": LATER, "gateway_id": None, "route_table_id": Pointer("aws_route_table.t")},
    )
    gateway = mapped(Gateway, record("aws_internet_gateway", {}), of_subnet)
    assert gateway.route_tables.is_empty


@pytest.mark.parametrize(
    ("type", "body"),
    [
        ("aws_internet_gateway", {"attachments": [{"vpc_id": "vpc-1", "state": "available"}]}),
        ("aws_vpn_gateway", {"attached_vpc_id": "vpc-1"}),
    ],
)
def test_a_gateway_that_is_looked_up_tells_its_vpc_only(type: str, body: dict) -> None:
    gateway = mapped(Gateway, record(type, body, managed=False))
    assert gateway.network.outside == ("vpc-1",)
    assert not gateway.network.unknown
    assert gateway.route_tables.unknown
    assert mapped(Gateway, record(type, {}, managed=False)).network.unknown
    assert mapped(Gateway, record(type, dict.fromkeys(body, LATER), managed=False)).network.unknown
