from __future__ import annotations

from typing import Any

import pytest

from scanner.model.network import NetworkInterface, PublicAddress
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

LATER = Unknown("known after apply")


def test_an_interface_has_the_elastic_address_assigned_to_it() -> None:
    interface = record("aws_network_interface", {"source_dest_check": False})
    alone = mapped(NetworkInterface, interface)
    assert alone.has_public_address.is_false
    assert alone.source_check.is_false
    address = record("aws_eip", {"network_interface": Pointer("aws_network_interface.a")})
    interface = record("aws_network_interface", {})
    assert mapped(NetworkInterface, interface, address).has_public_address.is_true
    assert mapped(NetworkInterface, record("aws_network_interface", {})).source_check.is_true
    unclear = record("aws_eip_association", {"network_interface_id": LATER})
    interface = record("aws_network_interface", {})
    assert mapped(NetworkInterface, interface, unclear).has_public_address.is_unknown


def test_an_address_is_assigned_to_an_instance_or_to_nothing() -> None:
    free = record("aws_eip", {"instance": LeftOut(), "network_interface": LeftOut()})
    assert mapped(PublicAddress, free).assigned_to.is_empty
    used = record("aws_eip", {"instance": Pointer("aws_instance.i")})
    assert mapped(PublicAddress, used).assigned_to.targets == ("aws_instance.i",)
    joined = record("aws_eip_association", {"instance_id": Pointer("aws_instance.i")})
    assert mapped(PublicAddress, joined).assigned_to.targets == ("aws_instance.i",)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({}, "false"),
        ({"ipv6_address_count": 0}, "false"),
        ({"ipv6_address_count": 1}, "true"),
        ({"ipv6_addresses": ["2001:db8::1"]}, "true"),
        ({"ipv6_address_list": ["2001:db8::1"]}, "true"),
    ],
)
def test_an_address_of_ipv6_is_public(body: dict, state: str) -> None:
    found = mapped(NetworkInterface, record("aws_network_interface", body))
    assert found.has_public_address.state.value == state


def test_an_address_of_ipv6_that_is_not_known_yet_may_be_one() -> None:
    body = {"ipv6_addresses": [LATER], "ipv6_address_count": LATER}
    found = mapped(NetworkInterface, record("aws_network_interface", body))
    assert found.has_ipv6_address.is_true
    unclear = mapped(NetworkInterface, record("aws_network_interface", {"ipv6_addresses": LATER}))
    assert unclear.has_ipv6_address.is_unknown
    assert unclear.has_public_address.is_unknown


@pytest.mark.parametrize(
    ("association", "state"),
    [([], "false"), ([{"public_ip": "192.0.2.1"}], "true"), (LATER, "unknown"), (None, "unknown")],
)
def test_an_interface_that_is_looked_up_tells_its_address(association: Any, state: str) -> None:
    found = record("aws_network_interface", {"association": association}, managed=False)
    assert mapped(NetworkInterface, found).has_public_address.state.value == state


@pytest.mark.parametrize(
    ("body", "addresses"),
    [
        ({"private_ips": LeftOut(), "private_ip_list": LeftOut()}, ()),
        ({"private_ips": ["10.0.0.5", "10.0.0.6"]}, ("10.0.0.5", "10.0.0.6")),
        ({"private_ip_list": ["10.0.0.5"]}, ("10.0.0.5",)),
        ({"private_ip": "10.0.0.5", "private_ips": ["10.0.0.5"]}, ("10.0.0.5",)),
        ({"private_ips": ["10.0.0.5"], "private_ips_count": 1}, ()),
        (
            {"private_ips": ["10.0.0.5", "10.0.0.6"], "private_ips_count": 1},
            ("10.0.0.5", "10.0.0.6"),
        ),
        (
            {"private_ips": ["10.0.0.5"], "ipv6_addresses": ["2001:db8::5"]},
            ("10.0.0.5", "2001:db8::5"),
        ),
        ({"private_ips": ["10.0.0.5"], "ipv6_address_count": 1}, ()),
        ({"ipv6_addresses": ["2001:db8::5"]}, ()),
        ({"private_ips": LATER}, None),
        ({"private_ips": ["10.0.0.5"], "private_ips_count": LATER}, None),
        ({"private_ips": [{}]}, None),
    ],
)
def test_the_addresses_of_an_interface(body: dict[str, Any], addresses: Any) -> None:
    found = mapped(NetworkInterface, record("aws_network_interface", body))
    content = found.addresses.content
    assert isinstance(content, Unknown) if addresses is None else content == addresses
    assert found.route_tables.is_empty


def attached(to: object) -> Record:
    body = {"network_interface_id": to, "security_group_id": Pointer("aws_security_group.x")}
    return record("aws_network_interface_sg_attachment", body)


def interface(body: dict[str, Any], *others: Record) -> Any:
    whole = {"subnet_id": Pointer("aws_subnet.s"), **body}
    places = [
        record("aws_vpc", {}, "v"),
        record("aws_subnet", {"vpc_id": Pointer("aws_vpc.v")}, "s"),
    ]
    return mapped(NetworkInterface, record("aws_network_interface", whole), *places, *others)


def test_an_interface_that_names_no_group_has_the_default_one() -> None:
    assert interface({"security_groups": LeftOut()}).security_groups.is_empty
    assert interface({"security_groups": LATER}).security_groups.unknown
    named = interface({"security_groups": [Pointer("aws_security_group.g")]})
    assert named.security_groups.targets == ("aws_security_group.g",)


def test_groups_are_added_to_an_interface_by_records_of_their_own() -> None:
    mine = attached(Pointer("aws_network_interface.a"))
    named = interface({"security_groups": [Pointer("aws_security_group.g")]}, mine)
    assert named.security_groups.targets == ("aws_security_group.g", "aws_security_group.x")
    mine = attached(Pointer("aws_network_interface.a"))
    alone = interface({"security_groups": LeftOut()}, mine)
    assert alone.security_groups.targets == ("aws_vpc.v", "aws_security_group.x")
    assert interface({}, attached(LATER)).security_groups.maybe == ("aws_security_group.x",)
