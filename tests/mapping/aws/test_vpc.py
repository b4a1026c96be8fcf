from __future__ import annotations

import pytest

from scanner.model.network import (
    FlowLog,
    Network,
    NetworkInterface,
    Peering,
    PublicAddress,
    Subnet,
)
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

LATER = Unknown("known after apply")


@pytest.mark.parametrize(("type", "default"), [("aws_vpc", False), ("aws_default_vpc", True)])
def test_a_vpc_is_a_network(type: str, default: bool) -> None:
    network = mapped(
        Network, record(type, {"cidr_block": "10.0.0.0/16", "ipv6_cidr_block": LeftOut()})
    )
    assert network.cidrs.content == ("10.0.0.0/16",)
    assert network.is_default.is_true is default
    assert isinstance(mapped(Network, record(type, {"cidr_block": LATER})).cidrs.content, Unknown)


@pytest.mark.parametrize(
    ("body", "assigns"),
    [
        ({}, "false"),
        ({"map_public_ip_on_launch": True}, "true"),
        ({"map_public_ip_on_launch": False, "assign_ipv6_address_on_creation": True}, "true"),
        ({"map_public_ip_on_launch": LATER}, "unknown"),
    ],
)
def test_a_subnet_assigns_addresses_of_either_family(body: dict, assigns: str) -> None:
    subnet = mapped(Subnet, record("aws_subnet", body))
    assert subnet.assigns_public_addresses.state.value == assigns
    assert subnet.permits_public_addresses.is_true


def test_a_default_subnet_assigns_addresses_unless_told_otherwise() -> None:
    assert mapped(Subnet, record("aws_default_subnet", {})).assigns_public_addresses.is_true
    told = record("aws_default_subnet", {"map_public_ip_on_launch": False})
    assert mapped(Subnet, told).assigns_public_addresses.is_false


def test_the_table_of_a_subnet_stands_in_its_association() -> None:
    association = record(
        "aws_route_table_association",
        {"subnet_id": Pointer("aws_subnet.a"), "route_table_id": Pointer("aws_route_table.t")},
    )
    subnet = mapped(Subnet, record("aws_subnet", {}), association)
    assert subnet.route_tables.targets == ("aws_route_table.t",)
    assert subnet.route_tables.certain


def test_without_an_association_the_main_table_rules() -> None:
    of_gateway = record(
        "aws_route_table_association",
        {"gateway_id": Pointer("aws_internet_gateway.g"), "route_table_id": Pointer("x.y")},
    )
    assert mapped(Subnet, record("aws_subnet", {}), of_gateway).route_tables.is_empty


def test_an_unresolved_association_leaves_the_table_open() -> None:
    association = record("aws_route_table_association", {"subnet_id": LATER})
    assert mapped(Subnet, record("aws_subnet", {}), association).route_tables.unknown


def test_the_table_of_a_subnet_that_is_looked_up_is_unknown() -> None:
    assert mapped(Subnet, record("aws_subnet", {}, managed=False)).route_tables.unknown


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
    "type", ["aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter"]
)
def test_a_peering_joins_two_networks(type: str) -> None:
    body = {"vpc_id": Pointer("aws_vpc.a"), "peer_vpc_id": "vpc-2"}
    networks = mapped(Peering, record(type, body)).networks
    assert networks.targets == ("aws_vpc.a",)
    assert networks.outside == ("vpc-2",)


def test_a_flow_log_names_what_it_records() -> None:
    body = {"vpc_id": Pointer("aws_vpc.a"), "subnet_id": None, "traffic_type": "REJECT"}
    log = mapped(FlowLog, record("aws_flow_log", body))
    assert log.of.targets == ("aws_vpc.a",)
    assert log.traffic.content == "REJECT"
    assert isinstance(mapped(FlowLog, record("aws_flow_log", {})).traffic.content, Unknown)


def test_nothing_of_a_network_is_unmapped() -> None:
    types = ("aws_vpc", "aws_subnet", "aws_route_table_association", "aws_eip")
    assert not population(*(record(type, {}) for type in types)).unmapped


@pytest.mark.parametrize(("value", "state"), [(True, "true"), (False, "false"), (LATER, "unknown")])
def test_a_vpc_that_is_looked_up_may_be_the_default_one(value: object, state: str) -> None:
    found = mapped(Network, record("aws_vpc", {"default": value}, managed=False))
    assert found.is_default.state.value == state


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
