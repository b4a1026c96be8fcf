from __future__ import annotations

from typing import Any

import pytest

from scanner.model.network import Peering
from scanner.record import Location, Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, Resolver, mapped, population, record

LATER = Unknown("known after apply")
CONNECTION = "aws_vpc_peering_connection"
ACCEPTER = "aws_vpc_peering_connection_accepter"


@pytest.mark.parametrize(
    "type", ["aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter"]
)
def test_a_peering_joins_two_networks(type: str) -> None:
    body = {"vpc_id": Pointer("aws_vpc.a"), "peer_vpc_id": "vpc-2"}
    networks = mapped(Peering, record(type, body)).networks
    assert networks.targets == ("aws_vpc.a",)
    assert networks.outside == ("vpc-2",)


def connection(body: dict[str, Any] | None = None, *others: Record, managed: bool = True) -> Any:
    whole = {"vpc_id": Pointer("aws_vpc.a"), "peer_vpc_id": Pointer("aws_vpc.b"), **(body or {})}
    return mapped(Peering, record(CONNECTION, whole, managed=managed), *others)


def accepter(**body: Any) -> Record:
    return record(ACCEPTER, {"vpc_peering_connection_id": Pointer(f"{CONNECTION}.a"), **body})


@pytest.mark.parametrize(
    ("body", "active"),
    [
        ({"auto_accept": True}, "true"),
        ({"auto_accept": True, "accept_status": "pending-acceptance"}, "true"),
        ({"auto_accept": False}, "unknown"),
        ({}, "unknown"),
        ({"auto_accept": LATER}, "unknown"),
        ({"accept_status": "active"}, "true"),
        ({"accept_status": "pending-acceptance"}, "false"),
        ({"accept_status": "rejected"}, "false"),
    ],
)
def test_a_peering_is_active_if_it_is_accepted(body: dict[str, Any], active: str) -> None:
    assert connection(body).active.state.value == active


def test_a_peering_that_nobody_accepts_says_so() -> None:
    facts = [item.fact for item in connection({"peer_region": "eu-west-1"}).active.evidence]
    assert "nothing in what was read accepts it" in facts


def test_who_accepts_a_peering_completes_it() -> None:
    found = connection(None, accepter(auto_accept=True))
    assert found.address == f"{CONNECTION}.a"
    assert found.active.is_true
    assert found.peers.is_empty
    assert connection(None, accepter(auto_accept=False)).active.is_unknown
    options = record(
        "aws_vpc_peering_connection_options",
        {"vpc_peering_connection_id": Pointer(f"{CONNECTION}.a")},
    )
    assert connection(None, options).active.is_true
    options = record(
        "aws_vpc_peering_connection_options",
        {"vpc_peering_connection_id": Pointer(f"{ACCEPTER}.a")},
    )
    assert connection(None, accepter(), options).active.is_true


def test_an_acceptance_stands_for_a_connection_that_was_not_read() -> None:
    body = {"vpc_peering_connection_id": "pcx-1", "vpc_id": LATER, "auto_accept": True}
    found = mapped(Peering, record(ACCEPTER, body))
    assert found.active.is_true
    assert found.networks.unknown
    assert found.shares_groups.is_unknown


@pytest.mark.parametrize(
    ("body", "shares"),
    [
        ({}, "true"),
        ({"peer_region": LeftOut()}, "true"),
        ({"peer_region": "eu-central-1"}, "true"),
        ({"peer_region": "eu-west-1"}, "false"),
        ({"peer_region": LATER}, "unknown"),
    ],
)
def test_groups_are_shared_within_one_region(body: dict[str, Any], shares: str) -> None:
    place = Location(region="eu-central-1")
    mine = Record(CONNECTION, f"{CONNECTION}.a", body, resolver=Resolver(), location=place)
    assert mapped(Peering, mine).shares_groups.state.value == shares


def test_without_a_region_of_its_own_another_one_is_not_known_to_differ() -> None:
    assert connection({"peer_region": "eu-west-1"}).shares_groups.is_unknown


def test_a_peering_that_is_looked_up_tells_its_state() -> None:
    body = {"status": "active", "requester_region": "eu-west-1", "peer_region": "eu-west-1"}
    found = connection(body, managed=False)
    assert found.active.is_true
    assert found.shares_groups.is_true
    assert connection({"peer_region": LATER}, managed=False).shares_groups.is_unknown


def test_the_answer_of_the_api_tells_both_sides() -> None:
    body = {
        "Status": {"Code": "active"},
        "RequesterVpcInfo": {"VpcId": "vpc-1", "Region": "eu-west-1"},
        "AccepterVpcInfo": {"VpcId": "vpc-2", "Region": "us-east-1"},
    }
    found = mapped(Peering, Record(CONNECTION, f"{CONNECTION}.a", body, shape="api"))
    assert found.active.is_true
    assert found.shares_groups.is_false
    assert found.networks.outside == ("vpc-1", "vpc-2")


def test_no_part_of_a_peering_is_unmapped() -> None:
    records = [record(type, {}) for type in (CONNECTION, ACCEPTER, f"{CONNECTION}_options")]
    assert not population(*records).unmapped
