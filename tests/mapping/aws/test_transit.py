from __future__ import annotations

from typing import Any

import pytest

from scanner.model.network import (
    AttachmentKind,
    GatewayKind,
    HubAttachment,
    HubRouteTable,
    TransitHub,
)
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

LATER = Unknown("known after apply")
HUB = "aws_ec2_transit_gateway"
TABLE = f"{HUB}_route_table"
VPC = f"{HUB}_vpc_attachment"
ACCEPTER = f"{VPC}_accepter"
PEERING = f"{HUB}_peering_attachment"
PEERING_ACCEPTER = f"{PEERING}_accepter"
CONNECT = f"{HUB}_connect"
ALL = tuple(AttachmentKind)


def hub(body: dict[str, Any] | None = None, name: str = "h", *, managed: bool = True) -> Record:
    return record(HUB, body or {}, name, managed=managed)


def table(name: str = "t", hub: str = "h") -> Record:
    return record(TABLE, {"transit_gateway_id": Pointer(f"{HUB}.{hub}")}, name)


def association(attachment: object, of: object = Pointer(f"{TABLE}.t")) -> Record:
    body = {"transit_gateway_attachment_id": attachment, "transit_gateway_route_table_id": of}
    return record(f"{TABLE}_association", body)


def propagation(attachment: object, of: object = Pointer(f"{TABLE}.t")) -> Record:
    body = {"transit_gateway_attachment_id": attachment, "transit_gateway_route_table_id": of}
    return record(f"{TABLE}_propagation", body)


def attached(body: dict[str, Any] | None, *others: Record, type: str = VPC) -> Any:
    whole = {"transit_gateway_id": Pointer(f"{HUB}.h"), **(body or {})}
    return mapped(HubAttachment, record(type, whole), *others, address=f"{type}.a")


# The hub


@pytest.mark.parametrize(
    ("body", "associates", "propagates", "shares"),
    [
        ({}, "true", "true", "false"),
        (
            {
                "default_route_table_association": "disable",
                "default_route_table_propagation": LATER,
                "security_group_referencing_support": "enable",
            },
            "false",
            "unknown",
            "true",
        ),
    ],
)
def test_what_a_hub_does_by_default(
    body: dict[str, Any], associates: str, propagates: str, shares: str
) -> None:
    found = mapped(TransitHub, hub(body))
    assert found.associates_by_default.state.value == associates
    assert found.propagates_by_default.state.value == propagates
    assert found.shares_groups.state.value == shares


@pytest.mark.parametrize(
    ("body", "unasked", "joins"),
    [
        ({}, "false", "true"),
        ({"default_route_table_association": "disable"}, "false", "true"),
        (
            {
                "default_route_table_association": "disable",
                "default_route_table_propagation": "disable",
                "auto_accept_shared_attachments": "enable",
            },
            "true",
            "false",
        ),
        ({"auto_accept_shared_attachments": LATER}, "unknown", "true"),
    ],
)
def test_a_hub_shares_by_default(body: dict[str, Any], unasked: str, joins: str) -> None:
    found = mapped(TransitHub, hub(body))
    assert found.accepts_attachments_unasked.state.value == unasked
    assert found.joins_by_default.state.value == joins


# Attachments of VPCs


def test_a_vpc_is_attached_through_subnets() -> None:
    found = attached(
        {
            "vpc_id": Pointer("aws_vpc.v"),
            "subnet_ids": [Pointer("aws_subnet.s")],
            "transit_gateway_default_route_table_association": LeftOut(),
            "security_group_referencing_support": LeftOut(),
        },
        hub(),
    )
    assert found.kind.content is AttachmentKind.NETWORK
    assert found.hub.targets == (f"{HUB}.h",)
    assert found.networks.targets == ("aws_vpc.v",)
    assert found.subnets.targets == ("aws_subnet.s",)
    assert found.hub_tables.is_empty
    assert found.network_tables.is_empty
    assert found.peers.is_empty
    assert found.ranges.content == ()
    assert found.associates_by_default.is_true
    assert found.propagates_by_default.is_true
    assert found.shares_groups.is_true


def test_an_attachment_may_refuse_the_defaults() -> None:
    flags = [
        f"transit_gateway_default_route_table_{what}" for what in ("association", "propagation")
    ]
    found = attached(
        {**dict.fromkeys(flags, False), "security_group_referencing_support": "disable"}
    )
    assert found.associates_by_default.is_false
    assert found.propagates_by_default.is_false
    assert found.shares_groups.is_false
    found = attached(dict.fromkeys(flags, LATER))
    assert found.associates_by_default.is_unknown


def test_a_table_is_associated_by_a_record_of_its_own() -> None:
    found = attached(None, hub(), association(Pointer(f"{VPC}.a")))
    assert found.hub_tables.targets == (f"{TABLE}.t",)
    assert found.hub_tables.certain
    unclear = attached(None, hub(), association(LATER))
    assert unclear.hub_tables.maybe == (f"{TABLE}.t",)
    default = association(Pointer(f"{VPC}.a"), Pointer(f"{HUB}.h"))
    assert attached(None, hub(), default).hub_tables.targets == (f"{HUB}.h",)


def test_the_default_table_has_the_identifier_that_the_hub_tells() -> None:
    body = {"association_default_route_table_id": "tgw-rtb-1"}
    found = attached(None, hub(body), association(Pointer(f"{VPC}.a"), "tgw-rtb-1"))
    assert found.hub_tables.targets == (f"{HUB}.h",)


def test_who_owns_the_hub_may_associate_a_table() -> None:
    looked_up = {"transit_gateway_id": Pointer(f"data.{HUB}.h")}
    assert attached(looked_up, hub(managed=False)).hub_tables.unknown
    assert attached({"transit_gateway_id": "tgw-1"}).hub_tables.unknown
    joint = association(Pointer(f"{VPC}.a"), "tgw-rtb-1")
    assert attached({"transit_gateway_id": "tgw-1"}, joint).hub_tables.outside == ("tgw-rtb-1",)


def test_who_accepts_an_attachment_completes_it() -> None:
    flags = {
        "transit_gateway_attachment_id": Pointer(f"{VPC}.a"),
        "transit_gateway_default_route_table_association": False,
    }
    joint = association(Pointer(f"{ACCEPTER}.x"))
    found = attached(None, hub(), record(ACCEPTER, flags, "x"), joint)
    assert found.associates_by_default.is_false
    assert found.propagates_by_default.is_true
    assert found.hub_tables.targets == (f"{TABLE}.t",)
    everything = population(
        record(VPC, {"transit_gateway_id": Pointer(f"{HUB}.h")}),
        record(ACCEPTER, {"transit_gateway_attachment_id": Pointer(f"{VPC}.a")}, "x"),
    )
    assert [item.address for item in everything.resources] == [f"{VPC}.a"]


def test_an_acceptance_stands_for_an_attachment_that_was_not_read() -> None:
    body = {"transit_gateway_attachment_id": "tgw-attach-1", "vpc_id": "vpc-1"}
    found = mapped(HubAttachment, record(ACCEPTER, body))
    assert found.networks.outside == ("vpc-1",)
    assert found.kind.content is AttachmentKind.NETWORK
    assert found.associates_by_default.is_true


def test_little_is_known_of_an_attachment_that_is_looked_up() -> None:
    body = {"vpc_id": "vpc-1", "security_group_referencing_support": "enable"}
    found = mapped(HubAttachment, record(VPC, body, managed=False))
    assert found.associates_by_default.is_unknown
    assert found.hub_tables.unknown
    assert found.shares_groups.is_true


# Other attachments


def test_a_vpn_that_ends_at_a_hub_is_attached_to_it() -> None:
    found = attached({"static_routes_only": LeftOut()}, hub(), type="aws_vpn_connection")
    assert found.kind.content is AttachmentKind.VPN
    assert isinstance(found.ranges.content, Unknown)
    assert found.associates_by_default.is_true
    assert found.propagates_by_default.is_true
    assert found.shares_groups.is_false
    static = attached({"static_routes_only": True}, hub(), type="aws_vpn_connection")
    assert static.ranges.content == ()
    joint = association(Pointer("aws_vpn_connection.a"))
    found = attached(None, hub(), joint, type="aws_vpn_connection")
    assert found.hub_tables.targets == (f"{TABLE}.t",)


def test_a_vpn_of_a_private_gateway_is_attached_to_no_hub() -> None:
    body = {"vpn_gateway_id": Pointer("aws_vpn_gateway.g"), "transit_gateway_id": None}
    found = population(record("aws_vpn_connection", body)).resources
    assert not [item for item in found if isinstance(item, HubAttachment)]


def test_a_concentrator_of_vpns_is_attached() -> None:
    found = attached(None, hub(), type="aws_vpn_concentrator")
    assert found.kind.content is AttachmentKind.VPN
    assert isinstance(found.ranges.content, Unknown)


LINE = "aws_dx_gateway_association"


@pytest.mark.parametrize(
    ("gateway", "hubs"),
    [
        (Pointer(f"{HUB}.h"), (f"{HUB}.h",)),
        ("tgw-1", ()),
        (LATER, ()),
    ],
)
def test_a_line_is_attached_by_its_gateway(gateway: object, hubs: tuple[str, ...]) -> None:
    body = {"associated_gateway_id": gateway, "allowed_prefixes": ["10.0.0.0/8"]}
    found = mapped(HubAttachment, record(LINE, body), hub())
    assert found.kind.content is AttachmentKind.LINE
    assert found.hub.targets == hubs
    assert not found.hub.is_empty
    # What AWS announces is not what is behind the line.
    assert isinstance(found.ranges.content, Unknown)


@pytest.mark.parametrize(
    "body",
    [
        {"associated_gateway_id": Pointer("aws_vpn_gateway.g")},
        {"associated_gateway_id": "vgw-1"},
        {"associated_gateway_id": LATER, "associated_gateway_type": "virtualPrivateGateway"},
        {"vpn_gateway_id": Pointer("aws_vpn_gateway.g")},
    ],
)
def test_a_line_of_a_private_gateway_is_attached_to_no_hub(body: dict[str, Any]) -> None:
    found = population(record(LINE, body), record("aws_vpn_gateway", {}, "g")).resources
    assert not [item for item in found if isinstance(item, HubAttachment)]


def test_appliances_are_attached_by_connect() -> None:
    found = attached(None, hub(), type=CONNECT)
    assert found.kind.content is AttachmentKind.OTHER
    assert found.associates_by_default.is_true
    assert isinstance(found.ranges.content, Unknown)
    flags = {"transit_gateway_default_route_table_propagation": False}
    assert attached(flags, hub(), type=CONNECT).propagates_by_default.is_false


def test_clients_of_a_vpn_may_be_attached() -> None:
    configuration = [{"transit_gateway_id": Pointer(f"{HUB}.h")}]
    body = {"transit_gateway_configuration": configuration, "client_cidr_block": "10.8.0.0/22"}
    found = mapped(HubAttachment, record("aws_ec2_client_vpn_endpoint", body), hub())
    assert found.hub.targets == (f"{HUB}.h",)
    assert found.kind.content is AttachmentKind.OTHER
    assert isinstance(found.ranges.content, Unknown)


# Peerings of hubs


def peering(*others: Record, accepted: bool = True) -> list[Record]:
    body = {
        "transit_gateway_id": Pointer(f"{HUB}.h"),
        "peer_transit_gateway_id": Pointer(f"{HUB}.far"),
    }
    records = [hub(), hub(name="far"), record(PEERING, body), *others]
    if accepted:
        body = {
            "transit_gateway_attachment_id": Pointer(f"{PEERING}.a"),
            "transit_gateway_id": LATER,
        }
        records.append(record(PEERING_ACCEPTER, body, "x"))
    return records


def test_each_end_of_a_peering_is_an_attachment() -> None:
    near = mapped(HubAttachment, *peering(), address=f"{PEERING}.a")
    far = mapped(HubAttachment, *peering(), address=f"{PEERING_ACCEPTER}.x")
    assert near.kind.content is far.kind.content is AttachmentKind.PEERING
    assert near.hub.targets == (f"{HUB}.h",)
    assert far.hub.targets == (f"{HUB}.far",)
    assert near.peers.targets == (f"{PEERING_ACCEPTER}.x",)
    assert far.peers.targets == (f"{PEERING}.a",)
    assert near.propagates_by_default.is_false
    assert near.associates_by_default.is_true


def test_a_peering_that_nobody_accepts_names_the_other_hub() -> None:
    near = mapped(HubAttachment, *peering(accepted=False), address=f"{PEERING}.a")
    assert near.peers.targets == (f"{HUB}.far",)


def test_a_dynamic_peering_may_propagate() -> None:
    body = {"options": [{"dynamic_routing": "enable"}]}
    assert attached(body, hub(), type=PEERING).propagates_by_default.is_unknown


def test_the_table_tells_which_end_of_a_peering_is_meant() -> None:
    # Both ends have the same identifier.
    joint = association(Pointer(f"{PEERING}.a"))
    records = peering(table(hub="far"), joint)
    near = mapped(HubAttachment, *records, address=f"{PEERING}.a")
    far = mapped(HubAttachment, *records, address=f"{PEERING_ACCEPTER}.x")
    assert near.hub_tables.is_empty
    assert far.hub_tables.targets == (f"{TABLE}.t",)


@pytest.mark.parametrize(
    ("named", "at", "end"),
    [
        (f"{PEERING}.a", "far", f"{PEERING_ACCEPTER}.x"),
        (f"{PEERING}.a", "h", f"{PEERING}.a"),
        (f"{PEERING_ACCEPTER}.x", "far", f"{PEERING_ACCEPTER}.x"),
        (f"{PEERING_ACCEPTER}.x", "h", f"{PEERING}.a"),
    ],
)
def test_a_route_leads_to_the_end_at_its_own_hub(named: str, at: str, end: str) -> None:
    records = peering(table(hub=at), static(Pointer(named)))
    found = mapped(HubRouteTable, *records, address=f"{TABLE}.t")
    assert found.routes.content[0].target.targets == (end,)


# Tables


def static(attachment: object, of: object = Pointer(f"{TABLE}.t"), **body: Any) -> Record:
    whole = {
        "destination_cidr_block": "10.1.0.0/16",
        "transit_gateway_attachment_id": attachment,
        "transit_gateway_route_table_id": of,
        **body,
    }
    return record(f"{HUB}_route", whole)


def of_hub(*others: Record, body: dict[str, Any] | None = None) -> Any:
    return mapped(HubRouteTable, hub(body), *others, address=f"{HUB}.h.default_table")


def of_table(*others: Record) -> Any:
    return mapped(HubRouteTable, table(), *others, address=f"{TABLE}.t")


def test_a_static_route_leads_to_an_attachment() -> None:
    (route,) = of_table(static(Pointer(f"{VPC}.a"))).routes.content
    assert route.destination.content == "10.1.0.0/16"
    assert route.kind.content is GatewayKind.HUB
    assert route.target.targets == (f"{VPC}.a",)
    assert route.active.is_true


@pytest.mark.parametrize(
    ("blackhole", "kind"), [(True, GatewayKind.BLACKHOLE), (False, GatewayKind.HUB), (LATER, None)]
)
def test_a_route_may_drop_what_it_decides(blackhole: object, kind: GatewayKind | None) -> None:
    (route,) = of_table(static(None, blackhole=blackhole)).routes.content
    found = route.kind.content
    assert isinstance(found, Unknown) if kind is None else found is kind


def test_a_route_names_an_attachment_by_what_accepts_or_finds_it() -> None:
    accepter = record(ACCEPTER, {"transit_gateway_attachment_id": Pointer(f"{VPC}.a")}, "x")
    route = static(Pointer(f"{ACCEPTER}.x"))
    (found,) = of_table(route, accepter, record(VPC, {})).routes.content
    assert found.target.targets == (f"{VPC}.a",)
    name = f"{HUB}_vpn_attachment"
    finds = record(name, {"vpn_connection_id": Pointer("aws_vpn_connection.v")}, managed=False)
    (found,) = of_table(static(Pointer(f"data.{name}.a")), finds).routes.content
    assert found.target.targets == ("aws_vpn_connection.v",)
    vpn = record("aws_vpn_connection", {"transit_gateway_attachment_id": "tgw-attach-1"}, "v")
    (found,) = of_table(static("tgw-attach-1"), vpn).routes.content
    assert found.target.targets == ("aws_vpn_connection.v",)


def test_the_attachment_of_a_line_may_be_looked_up() -> None:
    both = {"dx_gateway_id": Pointer("aws_dx_gateway.g")}
    line = record(LINE, {**both, "associated_gateway_id": Pointer(f"{HUB}.h")}, "l")
    name = f"{HUB}_dx_gateway_attachment"
    finds = record(name, {**both, "transit_gateway_id": Pointer(f"{HUB}.h")}, managed=False)
    (found,) = of_table(static(Pointer(f"data.{name}.a")), finds, line).routes.content
    assert found.target.targets == (f"{LINE}.l",)


def test_a_prefix_list_makes_a_route_of_each_range() -> None:
    prefixes = record(
        "aws_ec2_managed_prefix_list", {"entry": [{"cidr": "10.2.0.0/16"}, {"cidr": "10.3.0.0/16"}]}
    )
    body = {
        "prefix_list_id": Pointer("aws_ec2_managed_prefix_list.a"),
        "transit_gateway_attachment_id": Pointer(f"{VPC}.a"),
        "transit_gateway_route_table_id": Pointer(f"{TABLE}.t"),
    }
    first, second = of_table(record(f"{HUB}_prefix_list_reference", body), prefixes).routes.content
    assert (first.destination.content, second.destination.content) == ("10.2.0.0/16", "10.3.0.0/16")
    assert second.target.targets == (f"{VPC}.a",)
    dropped = {**body, "blackhole": True, "prefix_list_id": "pl-1"}
    (found,) = of_table(record(f"{HUB}_prefix_list_reference", dropped)).routes.content
    assert found.kind.content is GatewayKind.BLACKHOLE
    assert isinstance(found.destination.content, Unknown)


def test_a_table_learns_from_what_is_propagated_to_it() -> None:
    found = of_table(propagation(Pointer(f"{VPC}.a")))
    assert found.learns_from.targets == (f"{VPC}.a",)
    assert found.hub.targets == (f"{HUB}.h",)
    unclear = of_table(propagation(Pointer(f"{VPC}.a"), LATER))
    assert unclear.learns_from.maybe == (f"{VPC}.a",)
    assert of_table(propagation(LATER)).learns_from.unknown


def test_a_table_is_no_default_unless_something_makes_it_one() -> None:
    found = of_table()
    assert found.rules.content == ()
    assert found.learns_by_default.is_false
    both = {
        "transit_gateway_id": Pointer(f"{HUB}.h"),
        "transit_gateway_route_table_id": Pointer(f"{TABLE}.t"),
    }
    association = record(f"{HUB}_default_route_table_association", both)
    found = of_table(association, hub())
    assert found.rules.content == ALL
    assert found.learns_by_default.is_false
    propagation = record(f"{HUB}_default_route_table_propagation", both)
    assert of_table(propagation, hub()).learns_by_default.is_true
    unclear = {**both, "transit_gateway_route_table_id": LATER}
    found = of_table(record(f"{HUB}_default_route_table_association", unclear), hub())
    assert isinstance(found.rules.content, Unknown)


def test_a_hub_is_made_with_a_table_that_rules_what_names_none() -> None:
    found = of_hub()
    assert found.hub.targets == (f"{HUB}.h",)
    assert found.rules.content == ALL
    assert found.learns_by_default.is_true
    assert found.routes.content == ()
    assert found.learns_from.is_empty
    static_route = static(Pointer(f"{VPC}.a"), Pointer(f"{HUB}.h"))
    learnt = propagation(Pointer(f"{VPC}.b"), Pointer(f"{HUB}.h"))
    found = of_hub(static_route, learnt)
    assert found.routes.content[0].target.targets == (f"{VPC}.a",)
    assert found.learns_from.targets == (f"{VPC}.b",)


def test_a_hub_without_defaults_has_no_table_of_its_own() -> None:
    off = dict.fromkeys(
        ("default_route_table_association", "default_route_table_propagation"), "disable"
    )
    found = population(hub(off)).resources
    assert not [item for item in found if isinstance(item, HubRouteTable)]
    half = of_hub(body={**off, "default_route_table_propagation": "enable"})
    assert half.rules.content == ()
    assert half.learns_by_default.is_true
    unclear = of_hub(body={"default_route_table_association": LATER})
    assert isinstance(unclear.rules.content, Unknown)


def test_another_table_may_replace_the_one_made_with_a_hub() -> None:
    both = {
        "transit_gateway_id": Pointer(f"{HUB}.h"),
        "transit_gateway_route_table_id": Pointer(f"{TABLE}.t"),
    }
    association = record(f"{HUB}_default_route_table_association", both)
    found = of_hub(association)
    assert found.rules.content == ()
    assert found.learns_by_default.is_true
    propagation = record(f"{HUB}_default_route_table_propagation", both)
    assert of_hub(propagation).learns_by_default.is_false
    unclear = record(
        f"{HUB}_default_route_table_association", {**both, "transit_gateway_id": LATER}
    )
    assert isinstance(of_hub(unclear).rules.content, Unknown)
    named = {"association_default_route_table_id": "tgw-rtb-1"}
    found = of_hub(record(TABLE, {"id": "tgw-rtb-1"}, "t"), body=named)
    assert found.rules.content == ()


def test_what_a_table_that_is_looked_up_holds_is_unknown() -> None:
    body = {"default_association_route_table": True, "default_propagation_route_table": LATER}
    found = mapped(HubRouteTable, record(TABLE, body, managed=False))
    assert found.routes.content[0].active.is_unknown
    assert found.learns_from.unknown
    assert found.rules.content == ALL
    assert found.learns_by_default.is_unknown
    body = {
        "default_route_table_association": "enable",
        "default_route_table_propagation": "enable",
    }
    found = mapped(HubRouteTable, hub(body, managed=False))
    assert found.routes.content[0].active.is_unknown


def test_nothing_of_a_hub_is_unmapped() -> None:
    types = [
        *(HUB, TABLE, VPC, ACCEPTER, PEERING, PEERING_ACCEPTER, CONNECT, f"{HUB}_route"),
        *(f"{TABLE}_association", f"{TABLE}_propagation", f"{HUB}_prefix_list_reference"),
        *(f"{HUB}_default_route_table_{what}" for what in ("association", "propagation")),
    ]
    assert not population(*(record(type, {}) for type in types)).unmapped
