from __future__ import annotations

import pytest

from scanner.model.network import Gateway, GatewayKind
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record


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
