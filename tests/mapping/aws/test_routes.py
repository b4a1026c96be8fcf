from __future__ import annotations

from typing import Any

import pytest

from scanner.graph.graph import Graph
from scanner.model.network import GatewayKind, RouteTable, Subnet
from scanner.network.placement import is_private
from scanner.record import Change, Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, Resolver, mapped, population, record

LATER = Unknown("known after apply")


def table(body: dict[str, Any] | None = None, *others: Record) -> Any:
    whole = {"vpc_id": Pointer("aws_vpc.v"), "route": LeftOut(), **(body or {})}
    return mapped(
        RouteTable, record("aws_route_table", whole), *others, address="aws_route_table.a"
    )


@pytest.mark.parametrize(
    ("attribute", "target", "kind"),
    [
        ("gateway_id", "igw-1", GatewayKind.INTERNET),
        ("gateway_id", "vgw-1", GatewayKind.VPN),
        ("gateway_id", "local", GatewayKind.LOCAL),
        ("gateway_id", "vpce-1", GatewayKind.ENDPOINT),
        ("gateway_id", Pointer("aws_internet_gateway.g"), GatewayKind.OTHER),
        ("nat_gateway_id", Pointer("aws_nat_gateway.g"), GatewayKind.NAT),
        ("egress_only_gateway_id", Pointer("x.g"), GatewayKind.EGRESS_ONLY),
        ("transit_gateway_id", Pointer("x.g"), GatewayKind.HUB),
        ("vpc_peering_connection_id", Pointer("x.g"), GatewayKind.PEERING),
        ("vpc_endpoint_id", Pointer("x.g"), GatewayKind.ENDPOINT),
        ("network_interface_id", Pointer("x.g"), GatewayKind.INTERFACE),
        ("core_network_arn", Pointer("x.g"), GatewayKind.HUB),
        ("carrier_gateway_id", Pointer("x.g"), GatewayKind.OTHER),
    ],
)
def test_the_attribute_or_the_id_tells_the_kind(
    attribute: str, target: object, kind: GatewayKind
) -> None:
    body = {"cidr_block": "0.0.0.0/0", "ipv6_cidr_block": "", attribute: target}
    (route,) = table({"route": [body]}).routes.content
    assert route.kind.content is kind
    assert route.destination.content == "0.0.0.0/0"
    assert route.active.is_true
    assert route.target.path == attribute
    assert route.target.targets == (target.addresses if isinstance(target, Pointer) else ())


def test_separate_routes_stand_beside_inline_ones() -> None:
    inline = {"cidr_block": "10.1.0.0/16", "transit_gateway_id": "tgw-1"}
    separate = record(
        "aws_route",
        {
            "route_table_id": Pointer("aws_route_table.a"),
            "destination_ipv6_cidr_block": "::/0",
            "gateway_id": Pointer("aws_internet_gateway.g"),
            "nat_gateway_id": LeftOut(),
            "network_interface_id": LeftOut(),
        },
    )
    first, second = table({"route": [inline]}, separate).routes.content
    assert first.kind.content is GatewayKind.HUB
    assert second.destination.content == "::/0"
    assert second.destination.source == "aws_route.a.destination_ipv6_cidr_block"
    assert second.target.targets == ("aws_internet_gateway.g",)


def test_a_route_of_which_no_target_is_known_may_lead_anywhere() -> None:
    (route,) = table({"route": [{"cidr_block": "0.0.0.0/0"}]}).routes.content
    assert route.kind.content is GatewayKind.OTHER
    assert route.target.unknown
    (route,) = table(
        {"route": [{"cidr_block": "0.0.0.0/0", "gateway_id": LATER, "nat_gateway_id": LATER}]}
    ).routes.content
    assert route.kind.content is GatewayKind.OTHER
    assert route.target.unknown


def test_routes_of_unknown_number_are_one_unknown_route() -> None:
    (route,) = table({"route": LATER}).routes.content
    assert isinstance(route.destination.content, Unknown)
    assert route.active.is_unknown
    (route,) = table(None, record("aws_route", {"route_table_id": LATER})).routes.content
    assert route.active.is_unknown


def separate(**body: Any) -> Record:
    return record("aws_route", {"route_table_id": Pointer("aws_route_table.a"), **body})


def test_a_route_to_a_target_that_is_gone_drops_what_it_decides() -> None:
    route = separate(destination_cidr_block="0.0.0.0/0", gateway_id="igw-1", state="blackhole")
    (found,) = table(None, route).routes.content
    assert found.kind.content is GatewayKind.BLACKHOLE
    assert found.active.is_true
    taken = separate(destination_cidr_block="0.0.0.0/0", gateway_id="igw-1", state="active")
    assert table(None, taken).routes.content[0].kind.content is GatewayKind.INTERNET
    filtered = separate(destination_cidr_block="0.0.0.0/0", gateway_id="igw-1", state="filtered")
    assert table(None, filtered).routes.content[0].active.is_false


def test_a_route_that_is_changed_has_not_the_state_it_had() -> None:
    body = {
        "route_table_id": Pointer("aws_route_table.a"),
        "destination_cidr_block": "0.0.0.0/0",
        "gateway_id": "igw-1",
        "state": "blackhole",
    }
    changed = Record("aws_route", "aws_route.a", body, resolver=Resolver(), change=Change.UPDATE)
    assert table(None, changed).routes.content[0].kind.content is GatewayKind.INTERNET


def test_a_black_hole_leads_nowhere_public() -> None:
    body = {"vpc_id": Pointer("aws_vpc.v"), "route": LeftOut()}
    subnet = record("aws_subnet", {"vpc_id": Pointer("aws_vpc.v")})
    joint = record(
        "aws_route_table_association",
        {"subnet_id": Pointer("aws_subnet.a"), "route_table_id": Pointer("aws_route_table.a")},
    )
    route = separate(destination_cidr_block="0.0.0.0/0", gateway_id="igw-1", state="blackhole")
    found = population(
        record("aws_vpc", {}, "v"), subnet, joint, record("aws_route_table", body), route
    )
    graph = Graph(found.resources)
    assert is_private(graph.of(Subnet)[0], graph).is_true


def test_a_local_route_names_no_target() -> None:
    (route,) = table(
        {"route": [{"cidr_block": "10.0.0.0/16", "gateway_id": "local"}]}
    ).routes.content
    assert route.kind.content is GatewayKind.LOCAL
    assert route.target.is_empty


def test_a_peering_goes_by_the_connection_and_not_by_its_acceptance() -> None:
    accepter = record(
        "aws_vpc_peering_connection_accepter",
        {"vpc_peering_connection_id": Pointer("aws_vpc_peering_connection.a")},
    )
    route = separate(
        destination_cidr_block="10.9.0.0/16",
        vpc_peering_connection_id=Pointer("aws_vpc_peering_connection_accepter.a"),
    )
    connection = record("aws_vpc_peering_connection", {})
    (found,) = table(None, route, connection, accepter).routes.content
    assert found.target.targets == ("aws_vpc_peering_connection.a",)


def propagation(**body: Any) -> Record:
    whole = {"vpn_gateway_id": Pointer("aws_vpn_gateway.g"), **body}
    return record("aws_vpn_gateway_route_propagation", whole)


def test_a_table_learns_from_the_gateways_that_are_propagated_to_it() -> None:
    assert table({"propagating_vgws": LeftOut()}).learns_from.is_empty
    own = table({"propagating_vgws": [Pointer("aws_vpn_gateway.g")]})
    assert own.learns_from.targets == ("aws_vpn_gateway.g",)
    beside = propagation(route_table_id=Pointer("aws_route_table.a"))
    assert table(None, beside).learns_from.targets == ("aws_vpn_gateway.g",)
    assert table({"propagating_vgws": LATER}).learns_from.unknown
    unclear = table(None, propagation(route_table_id=LATER)).learns_from
    assert unclear.maybe == ("aws_vpn_gateway.g",)
    looked_up = mapped(RouteTable, record("aws_route_table", {}, managed=False))
    assert looked_up.learns_from.unknown


def test_the_table_made_with_a_vpc_may_learn_too() -> None:
    beside = propagation(route_table_id=Pointer("aws_vpc.v"))
    found = mapped(RouteTable, record("aws_vpc", {}, "v"), beside)
    assert found.learns_from.targets == ("aws_vpn_gateway.g",)
    by_name = propagation(route_table_id="rtb-1")
    network = record("aws_vpc", {"main_route_table_id": "rtb-1"}, "v")
    assert mapped(RouteTable, network, by_name).learns_from.targets == ("aws_vpn_gateway.g",)


def test_the_adopted_table_learns_like_any_other() -> None:
    beside = propagation(route_table_id=Pointer("aws_default_route_table.a"))
    found = mapped(RouteTable, record("aws_default_route_table", {"route": []}), beside)
    assert found.learns_from.targets == ("aws_vpn_gateway.g",)


def test_a_prefix_list_is_read_through() -> None:
    prefixes = record("aws_ec2_managed_prefix_list", {"entry": [{"cidr": "0.0.0.0/0"}]})
    entry = record(
        "aws_ec2_managed_prefix_list_entry",
        {"prefix_list_id": Pointer("aws_ec2_managed_prefix_list.a"), "cidr": "192.0.2.0/24"},
    )
    body = {
        "destination_prefix_list_id": Pointer("aws_ec2_managed_prefix_list.a"),
        "gateway_id": "igw-1",
    }
    found = table({"route": [body]}, prefixes, entry).routes.content
    assert [route.destination.content for route in found] == ["0.0.0.0/0", "192.0.2.0/24"]
    (route,) = table(
        {"route": [{"destination_prefix_list_id": "pl-1", "gateway_id": "igw-1"}]}
    ).routes.content
    assert "pl-1" in route.destination.content.reason


def test_an_association_makes_a_table_the_main_one() -> None:
    assert table().is_main.is_false
    main = record(
        "aws_main_route_table_association", {"route_table_id": Pointer("aws_route_table.a")}
    )
    assert table(None, main).is_main.is_true
    unclear = record("aws_main_route_table_association", {"route_table_id": LATER})
    assert table(None, unclear).is_main.is_unknown


def test_the_default_table_is_the_main_one_until_it_is_replaced() -> None:
    body = {"default_route_table_id": Pointer("aws_vpc.v"), "vpc_id": LATER, "route": []}
    network = record("aws_vpc", {}, "v")
    found = mapped(RouteTable, record("aws_default_route_table", body), network)
    assert found.network.targets == ("aws_vpc.v",)
    assert found.is_main.is_true
    assert found.routes.content == ()
    other = record(
        "aws_main_route_table_association",
        {"vpc_id": Pointer("aws_vpc.v"), "route_table_id": Pointer("x.y")},
    )
    replaced = record("aws_default_route_table", body)
    assert mapped(RouteTable, replaced, record("aws_vpc", {}, "v"), other).is_main.is_false


def test_routes_added_to_the_table_of_a_vpc_count_for_its_subnets() -> None:
    route = record(
        "aws_route",
        {
            "route_table_id": Pointer("aws_vpc.v"),
            "destination_cidr_block": "0.0.0.0/0",
            "gateway_id": "igw-1",
        },
    )
    subnet = record("aws_subnet", {"vpc_id": Pointer("aws_vpc.v")})
    for others, private in (((), True), ((route,), False)):
        found = population(record("aws_vpc", {}, "v"), subnet, *others)
        graph = Graph(found.resources)
        (only,) = graph.of(Subnet)
        assert is_private(only, graph).is_true is private
        assert not is_private(only, graph).is_unknown


def test_the_routes_of_a_table_that_is_looked_up_are_unknown() -> None:
    found = mapped(RouteTable, record("aws_route_table", {}, managed=False))
    assert found.is_main.is_unknown
    assert found.routes.content[0].active.is_unknown
    told = {
        "routes": [{"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}],
        "associations": [{"main": True}],
    }
    found = mapped(RouteTable, record("aws_route_table", told, managed=False))
    assert found.is_main.is_true
    assert found.routes.content[0].kind.content is GatewayKind.INTERNET
