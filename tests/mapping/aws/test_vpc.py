from __future__ import annotations

from typing import Any

import pytest

from scanner.mapping.population import populate
from scanner.model.network import FlowLog, Network, Subnet
from scanner.record import Inventory, Record
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
    association = record(
        "aws_route_table_association", {"subnet_id": LATER, "route_table_id": LATER}
    )
    assert not mapped(Subnet, record("aws_subnet", {}), association).route_tables.is_empty


def test_the_table_of_a_subnet_that_is_looked_up_is_unknown() -> None:
    assert mapped(Subnet, record("aws_subnet", {}, managed=False)).route_tables.unknown


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


def ranges(*records: Record, kind: Any = Network) -> tuple[Any, Any]:
    found = mapped(kind, *records)
    return found.cidrs.content, found.ipv6_cidrs.content


def added(family: int, text: object, **body: Any) -> Record:
    name = "cidr_block" if family == 4 else "ipv6_cidr_block"
    whole = {"vpc_id": Pointer("aws_vpc.a"), name: text, **body}
    return record(f"aws_vpc_ipv{family}_cidr_block_association", whole)


def test_a_vpc_has_all_ranges_that_are_added_to_it() -> None:
    body = {"cidr_block": "10.0.0.0/16", "ipv6_cidr_block": LeftOut()}
    four, six = added(4, "10.1.0.0/16"), added(6, "2001:db8::/56")
    assert ranges(record("aws_vpc", body)) == (("10.0.0.0/16",), ())
    assert ranges(record("aws_vpc", body), four, six) == (
        ("10.0.0.0/16", "10.1.0.0/16"),
        ("2001:db8::/56",),
    )


def test_a_range_that_is_given_after_apply_is_unknown() -> None:
    body = {"cidr_block": "10.0.0.0/16"}
    fours, _ = ranges(record("aws_vpc", body), added(4, LeftOut(), ipv4_ipam_pool_id="ipam-pool-1"))
    assert isinstance(fours, Unknown)
    _, sixes = ranges(record("aws_vpc", body), added(6, LeftOut()))
    assert isinstance(sixes, Unknown)
    fours, sixes = ranges(record("aws_vpc", {"cidr_block": LeftOut(), "ipv4_ipam_pool_id": LATER}))
    assert isinstance(fours, Unknown)
    assert sixes == ()
    unclear = added(4, "10.1.0.0/16", vpc_id=LATER)
    assert isinstance(ranges(record("aws_vpc", body), unclear)[0], Unknown)


@pytest.mark.parametrize("kind", [Network, Subnet])
@pytest.mark.parametrize(
    ("body", "sixes"),
    [
        ({"ipv6_cidr_block": LeftOut()}, ()),
        ({"ipv6_cidr_block": ""}, ()),
        ({"ipv6_cidr_block": LeftOut(), "assign_generated_ipv6_cidr_block": False}, ()),
        ({"ipv6_cidr_block": "2001:db8::/56"}, ("2001:db8::/56",)),
        ({"ipv6_cidr_block": LeftOut(), "assign_generated_ipv6_cidr_block": True}, None),
        ({"ipv6_cidr_block": LeftOut(), "ipv6_ipam_pool_id": LATER}, None),
        ({"ipv6_cidr_block": LATER}, None),
        ({"ipv6_cidr_block": 5}, None),
    ],
)
def test_ipv6_is_there_only_where_it_is_asked_for(kind: Any, body: dict, sixes: Any) -> None:
    type = "aws_vpc" if kind is Network else "aws_subnet"
    _, found = ranges(record(type, {"cidr_block": "10.0.0.0/16", **body}), kind=kind)
    assert isinstance(found, Unknown) if sixes is None else found == sixes


def test_a_default_vpc_has_the_range_that_aws_gives_it() -> None:
    body = {"cidr_block": LeftOut(), "ipv6_cidr_block": LeftOut()}
    assert ranges(record("aws_default_vpc", body)) == (("172.31.0.0/16",), ())


def test_a_subnet_of_ipv6_alone_has_no_range_of_ipv4() -> None:
    body = {"cidr_block": LeftOut(), "ipv6_native": True, "ipv6_cidr_block": "2001:db8::/64"}
    assert ranges(record("aws_subnet", body), kind=Subnet) == ((), ("2001:db8::/64",))
    pool = {"cidr_block": LeftOut(), "ipv4_ipam_pool_id": "ipam-pool-1"}
    assert isinstance(ranges(record("aws_subnet", pool), kind=Subnet)[0], Unknown)


@pytest.mark.parametrize("type", ["aws_vpc", "aws_subnet"])
def test_what_is_looked_up_leaves_nothing_out(type: str) -> None:
    # Nothing is written of what a data source computes: a plan that has not read it knows nothing.
    body = {
        "cidr_block": LeftOut(),
        "ipv6_cidr_block": LeftOut(),
        "map_public_ip_on_launch": LeftOut(),
    }
    kind: Any = Network if type == "aws_vpc" else Subnet
    found = mapped(kind, record(type, body, managed=False))
    assert isinstance(found.cidrs.content, Unknown)
    assert isinstance(found.ipv6_cidrs.content, Unknown)
    if kind is Subnet:
        assert found.assigns_public_addresses.is_unknown


def test_a_vpc_that_is_looked_up_tells_all_its_ranges() -> None:
    body = {
        "cidr_block": "10.0.0.0/16",
        "cidr_block_associations": [
            {"cidr_block": "10.0.0.0/16", "state": "associated"},
            {"cidr_block": "10.1.0.0/16", "state": "associated"},
            {"cidr_block": "10.2.0.0/16", "state": "disassociated"},
        ],
        "ipv6_cidr_block": "",
    }
    found = ranges(record("aws_vpc", body, managed=False))
    assert found == (("10.0.0.0/16", "10.1.0.0/16"), ())


@pytest.mark.parametrize(("type", "kind"), [("aws_vpc", Network), ("aws_subnet", Subnet)])
def test_the_answer_of_the_api_lists_the_ranges(type: str, kind: Any) -> None:
    body = {
        "CidrBlock": "10.0.0.0/16",
        "Ipv6CidrBlockAssociationSet": [
            {"Ipv6CidrBlock": "2001:db8::/56", "Ipv6CidrBlockState": {"State": "associated"}},
            {"Ipv6CidrBlock": "2001:db8:1::/56", "Ipv6CidrBlockState": {"State": "disassociated"}},
        ],
    }
    if kind is Network:
        body["CidrBlockAssociationSet"] = [
            {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
            {"CidrBlock": "10.1.0.0/16", "CidrBlockState": {"State": "associated"}},
        ]
    live = Record(type, f"{type}.a", body, shape="api")
    (found,) = [
        item for item in populate(Inventory(records=[live])).resources if isinstance(item, kind)
    ]
    fours = ("10.0.0.0/16", "10.1.0.0/16") if kind is Network else ("10.0.0.0/16",)
    assert found.cidrs.content == fours
    assert found.ipv6_cidrs.content == ("2001:db8::/56",)


def test_a_table_that_may_be_of_a_subnet_is_perhaps_its_table() -> None:
    association = record(
        "aws_route_table_association",
        {"subnet_id": LATER, "route_table_id": Pointer("aws_route_table.t")},
    )
    found = mapped(Subnet, record("aws_subnet", {}), association).route_tables
    assert found.maybe == ("aws_route_table.t",)
    assert not found.targets
