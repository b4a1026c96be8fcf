from __future__ import annotations

from typing import Any

import pytest

from scanner.model.base import Inapplicable
from scanner.model.network import AttachmentKind, HybridLink
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

LATER = Unknown("known after apply")
HUB = "aws_ec2_transit_gateway.h"
PRIVATE = "aws_dx_private_virtual_interface"
TRANSIT = "aws_dx_transit_virtual_interface"
HOSTED = "aws_dx_hosted_private_virtual_interface"
HOSTED_TRANSIT = "aws_dx_hosted_transit_virtual_interface"


def vpn(body: dict[str, Any], *others: Record) -> Any:
    return mapped(HybridLink, record("aws_vpn_connection", body), *others)


def test_a_vpn_joins_a_private_gateway_to_a_device() -> None:
    body = {
        "vpn_gateway_id": Pointer("aws_vpn_gateway.g"),
        "customer_gateway_id": Pointer("aws_customer_gateway.c"),
        "transit_gateway_id": None,
        "static_routes_only": LeftOut(),
        "routes": LeftOut(),
    }
    link = vpn(body)
    assert link.kind.content is AttachmentKind.VPN
    assert link.gateways.targets == ("aws_vpn_gateway.g",)
    assert link.gateways.certain
    assert link.far_ends.targets == ("aws_customer_gateway.c",)
    assert link.ranges.content == ()
    assert link.announced.is_true
    assert link.encrypted.is_true


def test_the_static_routes_of_a_vpn() -> None:
    routes = [
        record(
            "aws_vpn_connection_route",
            {"vpn_connection_id": Pointer("aws_vpn_connection.a"), "destination_cidr_block": text},
        )
        for text in ("172.16.0.0/16",)
    ]
    link = vpn({"static_routes_only": True, "routes": LeftOut()}, *routes)
    assert link.ranges.content == ("172.16.0.0/16",)
    assert link.announced.is_false
    read = vpn({"routes": [{"destination_cidr_block": "172.17.0.0/16", "source": "Static"}]})
    assert read.ranges.content == ("172.17.0.0/16",)
    unclear = record("aws_vpn_connection_route", {"vpn_connection_id": LATER})
    assert isinstance(vpn({}, unclear).ranges.content, Unknown)
    assert vpn({"static_routes_only": LATER}).announced.is_unknown


def test_the_static_routes_of_a_vpn_at_a_hub_stand_in_its_tables() -> None:
    route = record(
        "aws_ec2_transit_gateway_route",
        {
            "transit_gateway_attachment_id": Pointer("aws_vpn_connection.a"),
            "destination_cidr_block": "172.16.0.0/16",
        },
    )
    body = {"transit_gateway_id": Pointer(HUB), "static_routes_only": True}
    link = vpn(body, route)
    assert link.gateways.targets == (HUB,)
    assert link.ranges.content == ("172.16.0.0/16",)


def test_a_concentrator_stands_for_its_hub() -> None:
    concentrator = record("aws_vpn_concentrator", {"transit_gateway_id": Pointer(HUB)}, "c")
    body = {"vpn_concentrator_id": Pointer("aws_vpn_concentrator.c")}
    assert vpn(body, concentrator).gateways.targets == (HUB,)


# Direct Connect


def association(gateway: object, **body: Any) -> Record:
    whole = {
        "dx_gateway_id": Pointer("aws_dx_gateway.d"),
        "associated_gateway_id": gateway,
        **body,
    }
    return record("aws_dx_gateway_association", whole)


def connection(**body: Any) -> Record:
    return record("aws_dx_connection", body, "c")


def line(body: dict[str, Any], *others: Record, type: str = PRIVATE) -> Any:
    return mapped(HybridLink, record(type, body), *others, address=f"{type}.a")


def test_a_virtual_interface_ends_at_a_private_gateway() -> None:
    body = {
        "vpn_gateway_id": Pointer("aws_vpn_gateway.g"),
        "connection_id": Pointer("aws_dx_connection.c"),
    }
    link = line(body, connection(encryption_mode="must_encrypt"))
    assert link.kind.content is AttachmentKind.LINE
    assert link.gateways.targets == ("aws_vpn_gateway.g",)
    assert link.far_ends.targets == ("aws_dx_connection.c",)
    assert link.ranges.content == ()
    assert link.announced.is_true
    assert link.encrypted.is_true


@pytest.mark.parametrize(("type", "gateway"), [(PRIVATE, "aws_vpn_gateway.g"), (TRANSIT, HUB)])
def test_a_virtual_interface_ends_at_what_is_behind_its_gateway(type: str, gateway: str) -> None:
    body = {"dx_gateway_id": Pointer("aws_dx_gateway.d")}
    joint = association(Pointer(gateway))
    link = line(body, joint, record("aws_dx_gateway", {}, "d"), type=type)
    assert link.gateways.targets == (gateway,)
    assert link.gateways.certain


def test_what_is_behind_a_gateway_may_not_be_known() -> None:
    body = {"dx_gateway_id": Pointer("aws_dx_gateway.d")}
    gateway = record("aws_dx_gateway", {}, "d")
    assert line(body, association(LATER), gateway).gateways.unknown
    proposal = association(LeftOut(), proposal_id="p-1")
    assert line(body, proposal, gateway).gateways.unknown
    assert line({"dx_gateway_id": "d-1"}).gateways.unknown
    looked_up = record("aws_dx_gateway", {}, "d", managed=False)
    link = line({"dx_gateway_id": Pointer("data.aws_dx_gateway.d")}, looked_up)
    assert link.gateways.unknown


def test_a_proposal_tells_which_gateway_is_associated() -> None:
    body = {"dx_gateway_id": Pointer("aws_dx_gateway.d")}
    gateway = record("aws_dx_gateway", {}, "d")
    joint = association(LeftOut(), proposal_id=Pointer("aws_dx_gateway_association_proposal.p"))
    proposal = record(
        "aws_dx_gateway_association_proposal", {"associated_gateway_id": Pointer(HUB)}, "p"
    )
    assert line(body, joint, gateway, proposal).gateways.targets == (HUB,)


@pytest.mark.parametrize(
    ("body", "encrypted"),
    [
        ({"encryption_mode": "must_encrypt"}, "true"),
        ({"encryption_mode": "no_encrypt"}, "false"),
        ({"encryption_mode": "should_encrypt"}, "unknown"),
        ({"encryption_mode": LATER}, "unknown"),
        ({"encryption_mode": LeftOut()}, "false"),
        ({"encryption_mode": LeftOut(), "request_macsec": True}, "unknown"),
        ({"request_macsec": LATER}, "unknown"),
    ],
)
def test_a_connection_encrypts_by_macsec(body: dict[str, Any], encrypted: str) -> None:
    alone = mapped(HybridLink, connection(**body))
    assert alone.encrypted.state.value == encrypted
    assert alone.gateways.is_empty
    used = line({"connection_id": Pointer("aws_dx_connection.c")}, connection(**body))
    assert used.encrypted.state.value == encrypted


def test_other_connections_may_encrypt() -> None:
    for type in ("aws_dx_lag", "aws_dx_hosted_connection"):
        other = record(type, {}, "c")
        assert line({"connection_id": Pointer(f"{type}.c")}, other).encrypted.is_unknown
    assert line({"connection_id": "dxcon-1"}).encrypted.is_unknown
    looked_up = record("aws_dx_connection", {}, "c", managed=False)
    body = {"connection_id": Pointer("data.aws_dx_connection.c")}
    assert line(body, looked_up).encrypted.is_unknown


@pytest.mark.parametrize("type", [HOSTED, HOSTED_TRANSIT])
def test_who_accepts_a_hosted_interface_says_where_it_ends(type: str) -> None:
    body = {"connection_id": Pointer("aws_dx_connection.c"), "owner_account_id": "111122223333"}
    link = line(body, connection(encryption_mode="must_encrypt"), type=type)
    assert link.gateways.unknown
    assert link.encrypted.is_true
    accepter = record(
        f"{type}_accepter",
        {
            "virtual_interface_id": Pointer(f"{type}.a"),
            "dx_gateway_id": Pointer("aws_dx_gateway.d"),
        },
    )
    gateway = record("aws_dx_gateway", {}, "d")
    found = population(record(type, body), accepter, gateway, association(Pointer(HUB))).resources
    (link,) = [item for item in found if isinstance(item, HybridLink)]
    assert link.address == f"{type}.a"
    assert link.gateways.targets == (HUB,)


@pytest.mark.parametrize("type", [HOSTED, HOSTED_TRANSIT])
def test_an_acceptance_alone_is_a_line_too(type: str) -> None:
    body = {"virtual_interface_id": "dxvif-1", "vpn_gateway_id": Pointer("aws_vpn_gateway.g")}
    link = mapped(HybridLink, record(f"{type}_accepter", body))
    assert link.gateways.targets == ("aws_vpn_gateway.g",)
    assert link.encrypted.is_unknown


def test_a_gateway_without_an_interface_stands_for_the_line() -> None:
    gateway = record("aws_dx_gateway", {}, "d")
    joint = association(Pointer("aws_vpn_gateway.g"))
    link = mapped(HybridLink, gateway, joint)
    assert link.gateways.targets == ("aws_vpn_gateway.g",)
    assert link.announced.is_unknown
    with pytest.raises(Inapplicable):
        _ = link.encrypted


def test_no_part_of_a_line_is_unmapped() -> None:
    types = (
        *("aws_dx_connection", "aws_dx_lag", "aws_dx_hosted_connection", "aws_dx_gateway"),
        *("aws_dx_gateway_association", "aws_dx_gateway_association_proposal"),
        *(PRIVATE, TRANSIT, HOSTED, HOSTED_TRANSIT, f"{HOSTED}_accepter"),
    )
    assert not population(*(record(type, {}) for type in types)).unmapped
