"""Networks of OCI: subnets, routes, gateways, lists, groups, tunnels and bastions."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.graph.graph import Graph
from scanner.model.base import Inapplicable
from scanner.model.network import (
    Bastion,
    Direction,
    Gateway,
    GatewayKind,
    Network,
    NetworkInterface,
    PublicAddress,
    RouteTable,
    SecurityGroup,
    Subnet,
    TransitHub,
    VpnTunnel,
)
from scanner.network.placement import is_private
from scanner.network.traffic import admits, is_internet, tcp_to
from scanner.record import Record
from scanner.truth import State
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

VCN = record("oci_core_vcn", {"cidr_blocks": ["10.0.0.0/16"], "cidr_block": LeftOut()})
IGW = record("oci_core_internet_gateway", {"vcn_id": Pointer("oci_core_vcn.a")})


def subnet(**body: Any) -> Record:
    return record("oci_core_subnet", {"vcn_id": Pointer("oci_core_vcn.a"), **body})


def test_network_has_the_ranges_of_either_attribute() -> None:
    assert mapped(Network, VCN).cidrs.content == ("10.0.0.0/16",)
    old = record("oci_core_vcn", {"cidr_block": "10.1.0.0/16", "cidr_blocks": LeftOut()})
    assert mapped(Network, old).cidrs.content == ("10.1.0.0/16",)
    assert mapped(Network, VCN).is_default.is_false
    doubtful = record("oci_core_vcn", {"cidr_blocks": ["10.0.0.0/16", Unknown("?")]})
    assert isinstance(mapped(Network, doubtful).cidrs.content, Unknown)


@pytest.mark.parametrize(
    ("body", "ranges"),
    [
        ({}, ()),
        ({"is_ipv6enabled": False, "ipv6cidr_blocks": Unknown("known after apply")}, ()),
        ({"is_ipv6enabled": True, "ipv6cidr_blocks": Unknown("known after apply")}, None),
        ({"is_ipv6enabled": Unknown("?"), "ipv6cidr_blocks": Unknown("?")}, None),
        ({"is_ipv6enabled": True, "ipv6cidr_blocks": ["2001:db8::/56"]}, ("2001:db8::/56",)),
        ({"is_ipv6enabled": True, "is_oracle_gua_allocation_enabled": False,
          "ipv6cidr_blocks": Unknown("known after apply"),
          "ipv6private_cidr_blocks": ["fd00:1::/48"]}, ("fd00:1::/48",)),
        ({"is_ipv6enabled": True, "ipv6cidr_blocks": [],
          "byoipv6cidr_details": [{"ipv6cidr_block": "2001:db8:1::/56"}]}, ("2001:db8:1::/56",)),
    ],
)  # fmt: skip
def test_prefixes_of_ipv6_are_oracles_choice(body: dict[str, Any], ranges: Any) -> None:
    found = mapped(Network, record("oci_core_vcn", body)).ipv6_cidrs.content
    assert isinstance(found, Unknown) if ranges is None else found == ranges


def test_looked_up_network_may_have_prefixes_of_ipv6() -> None:
    body = {"ipv6cidr_blocks": Unknown("known after apply")}
    looked_up = record("oci_core_vcn", body, managed=False)
    assert isinstance(mapped(Network, looked_up).ipv6_cidrs.content, Unknown)


def test_subnet_has_ranges_of_both_families() -> None:
    both = subnet(cidr_block="10.0.1.0/24", ipv6cidr_block="2001:db8::/64")
    assert mapped(Subnet, both).cidrs.content == ("10.0.1.0/24",)
    assert mapped(Subnet, both).ipv6_cidrs.content == ("2001:db8::/64",)
    plain = mapped(Subnet, subnet(ipv4cidr_blocks=["10.0.1.0/24"], ipv6cidr_block=LeftOut()))
    assert plain.cidrs.content == ("10.0.1.0/24",)
    assert plain.ipv6_cidrs.content == ()
    later = mapped(Subnet, subnet(ipv6cidr_block=Unknown("known after apply")))
    assert isinstance(later.ipv6_cidrs.content, Unknown)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({}, State.TRUE),
        ({"prohibit_public_ip_on_vnic": LeftOut(), "prohibit_internet_ingress": LeftOut()},
         State.TRUE),
        ({"prohibit_public_ip_on_vnic": True}, State.FALSE),
        ({"prohibit_internet_ingress": True}, State.FALSE),
        ({"prohibit_public_ip_on_vnic": False}, State.TRUE),
        ({"prohibit_public_ip_on_vnic": Unknown("known after apply")}, State.UNKNOWN),
    ],
)  # fmt: skip
def test_subnet_gives_public_addresses_unless_prohibited(
    body: dict[str, Any], state: State
) -> None:
    found = mapped(Subnet, subnet(**body))
    assert found.assigns_public_addresses.state is state
    assert found.permits_public_addresses.state is state


def test_subnet_names_its_table_or_none() -> None:
    table = record("oci_core_route_table", {"vcn_id": Pointer("oci_core_vcn.a")}, "t")
    named = subnet(route_table_id=Pointer("oci_core_route_table.t"))
    found = mapped(Subnet, VCN, table, named)
    assert found.route_tables.targets == ("oci_core_route_table.t",)
    left_out = mapped(Subnet, VCN, subnet(route_table_id=LeftOut()))
    assert left_out.route_tables.is_empty
    default = mapped(Subnet, VCN, subnet(route_table_id=Pointer("oci_core_vcn.a")))
    assert default.route_tables.is_empty
    unknown = mapped(Subnet, subnet(route_table_id=Unknown("known after apply")))
    assert unknown.route_tables.unknown


def test_attachment_replaces_the_table_of_the_subnet() -> None:
    attachment = record(
        "oci_core_route_table_attachment",
        {
            "subnet_id": Pointer("oci_core_subnet.a"),
            "route_table_id": Pointer("oci_core_route_table.t"),
        },
    )
    found = mapped(Subnet, VCN, subnet(route_table_id=LeftOut()), attachment)
    assert found.route_tables.targets == ("oci_core_route_table.t",)


def routed(target: Any, destination: Any = "0.0.0.0/0", **more: Any) -> Record:
    rule = {"network_entity_id": target, "destination": destination, **more}
    body = {"vcn_id": Pointer("oci_core_vcn.a"), "route_rules": [rule]}
    return record("oci_core_route_table", body, "t")


def judge(*records: Record) -> State:
    resources = population(VCN, *records).resources
    found = next(item for item in resources if isinstance(item, Subnet))
    return is_private(found, Graph(resources)).state


def test_route_to_internet_gateway_makes_public() -> None:
    own = subnet(route_table_id=Pointer("oci_core_route_table.t"))
    assert judge(IGW, own, routed(Pointer("oci_core_internet_gateway.a"))) is State.FALSE
    assert judge(own, routed("ocid1.internetgateway.oc1.phx.aaa")) is State.FALSE
    assert judge(own, routed("ocid1.natgateway.oc1.phx.aaa")) is State.TRUE
    nat = record("oci_core_nat_gateway", {"vcn_id": Pointer("oci_core_vcn.a")})
    assert judge(nat, own, routed(Pointer("oci_core_nat_gateway.a"))) is State.TRUE
    assert judge(own, routed(Unknown("known after apply"))) is State.UNKNOWN


def test_switched_off_internet_gateway_passes_nothing() -> None:
    off = record(
        "oci_core_internet_gateway", {"vcn_id": Pointer("oci_core_vcn.a"), "enabled": False}
    )
    own = subnet(route_table_id=Pointer("oci_core_route_table.t"))
    assert judge(off, own, routed(Pointer("oci_core_internet_gateway.a"))) is State.TRUE


def test_service_label_is_no_address() -> None:
    own = subnet(route_table_id=Pointer("oci_core_route_table.t"))
    rule = routed(
        Unknown("known after apply"),
        Unknown("known after apply"),
        destination_type="SERVICE_CIDR_BLOCK",
    )
    assert judge(own, rule) is State.TRUE


def test_default_table_rules_subnets_that_name_none() -> None:
    rule = {"network_entity_id": "ocid1.internetgateway.oc1..a", "destination": "0.0.0.0/0"}
    default = record(
        "oci_core_default_route_table",
        {"manage_default_resource_id": Pointer("oci_core_vcn.a"), "route_rules": [rule]},
    )
    assert judge(default, subnet(route_table_id=LeftOut())) is State.FALSE
    assert judge(subnet(route_table_id=LeftOut())) is State.TRUE
    found = mapped(RouteTable, VCN, default)
    assert found.is_main.is_true
    assert found.network.targets == ("oci_core_vcn.a",)


def test_default_table_of_a_network_that_exists_is_told_by_its_identifier() -> None:
    network = record("oci_core_vcn", {"default_route_table_id": "ocid1.routetable.oc1..d"})
    default = record(
        "oci_core_default_route_table", {"manage_default_resource_id": "ocid1.routetable.oc1..d"}
    )
    assert mapped(RouteTable, network, default).network.targets == ("oci_core_vcn.a",)
    own = subnet(route_table_id="ocid1.routetable.oc1..d")
    assert mapped(Subnet, network, own).route_tables.is_empty
    other = subnet(route_table_id="ocid1.routetable.oc1..x")
    assert mapped(Subnet, network, other).route_tables.outside


def test_unknown_rules_make_the_table_unknown() -> None:
    table = record("oci_core_route_table", {"route_rules": Unknown("known after apply")})
    assert isinstance(mapped(RouteTable, table).routes.content, Unknown)
    looked_up = record("oci_core_route_table", {}, managed=False)
    assert isinstance(mapped(RouteTable, looked_up).routes.content, Unknown)


@pytest.mark.parametrize(
    ("type", "kind"),
    [
        ("oci_core_internet_gateway", GatewayKind.INTERNET),
        ("oci_core_nat_gateway", GatewayKind.NAT),
        ("oci_core_service_gateway", GatewayKind.SERVICE),
        ("oci_core_local_peering_gateway", GatewayKind.PEERING),
        ("oci_core_drg", GatewayKind.HUB),
        ("oci_core_drg_attachment", GatewayKind.HUB),
    ],
)
def test_gateways_pass_traffic_by_default(type: str, kind: GatewayKind) -> None:
    found = mapped(Gateway, record(type, {}))
    assert found.kind.content is kind
    assert found.enabled.is_true


TABLE = "oci_core_route_table"
GATEWAYS = (
    "oci_core_internet_gateway",
    "oci_core_nat_gateway",
    "oci_core_service_gateway",
    "oci_core_local_peering_gateway",
)


@pytest.mark.parametrize("type", GATEWAYS)
def test_gateway_may_have_a_table_for_what_enters(type: str) -> None:
    table = record(TABLE, {"vcn_id": Pointer("oci_core_vcn.a")}, "t")
    named = mapped(Gateway, record(type, {"route_table_id": Pointer(f"{TABLE}.t")}), table)
    assert named.route_tables.targets == (f"{TABLE}.t",)
    assert mapped(Gateway, record(type, {"route_table_id": LeftOut()})).route_tables.is_empty
    assert mapped(Gateway, record(type, {"route_table_id": Unknown("?")})).route_tables.unknown


def test_default_table_of_a_gateway_is_the_resource_that_manages_it() -> None:
    body = {"route_table_id": Pointer("oci_core_vcn.a")}
    gateway = record("oci_core_internet_gateway", body)
    default = record(
        "oci_core_default_route_table", {"manage_default_resource_id": Pointer("oci_core_vcn.a")}
    )
    found = mapped(Gateway, VCN, default, gateway).route_tables
    assert found.targets == ("oci_core_default_route_table.a",) and found.certain
    # A default table that nothing manages leads nowhere but inside.
    assert mapped(Gateway, VCN, gateway).route_tables.is_empty
    foreign = record("oci_core_vcn", {}, managed=False)
    by_data = {"route_table_id": Pointer("data.oci_core_vcn.a")}
    there = mapped(Gateway, foreign, record("oci_core_internet_gateway", by_data))
    assert there.route_tables.unknown
    unclear = record("oci_core_default_route_table", {"manage_default_resource_id": Unknown("?")})
    assert mapped(Gateway, VCN, unclear, gateway).route_tables.unknown
    existing = record("oci_core_vcn", {"default_route_table_id": "ocid1.routetable.oc1..d"})
    literal = record("oci_core_internet_gateway", {"route_table_id": "ocid1.routetable.oc1..d"})
    assert mapped(Gateway, existing, literal).route_tables.is_empty


def test_route_to_a_private_address_leads_to_its_bearer() -> None:
    private = record("oci_core_private_ip", {"vnic_id": Pointer("oci_core_vnic_attachment.fw")})
    route = mapped(RouteTable, private, routed(Pointer("oci_core_private_ip.a"))).routes.content[0]
    assert route.kind.content is GatewayKind.INTERFACE
    assert route.target.targets == ("oci_core_vnic_attachment.fw",)
    free = record("oci_core_private_ip", {"vnic_id": LeftOut()})
    alone = mapped(RouteTable, free, routed(Pointer("oci_core_private_ip.a"))).routes.content[0]
    assert alone.target.targets == ("oci_core_private_ip.a",)


def test_private_address_is_found_through_look_ups() -> None:
    attachments = record(
        "oci_core_vnic_attachments", {"instance_id": Pointer("oci_core_instance.fw")}, managed=False
    )
    addresses = record(
        "oci_core_private_ips",
        {"vnic_id": Pointer("data.oci_core_vnic_attachments.a")},
        managed=False,
    )
    table = routed(Pointer("data.oci_core_private_ips.a"))
    route = mapped(RouteTable, attachments, addresses, table).routes.content[0]
    assert route.target.targets == ("oci_core_instance.fw",)


def test_routes_inside_the_network_are_local_in_answers_of_the_api() -> None:
    rule = {"network_entity_id": LeftOut(), "destination": "10.0.0.0/16", "route_type": "LOCAL"}
    table = record("oci_core_route_table", {"route_rules": [rule]})
    found = mapped(RouteTable, table)
    assert found.routes.content[0].kind.content is GatewayKind.LOCAL
    assert found.learns_from.is_empty


def test_nat_gateway_can_be_blocked() -> None:
    assert mapped(Gateway, record("oci_core_nat_gateway", {"block_traffic": True})).enabled.is_false


def test_hub_has_no_switches() -> None:
    hub = mapped(TransitHub, record("oci_core_drg", {}))
    with pytest.raises(Inapplicable):
        _ = hub.joins_by_default


def listed(rule: dict[str, Any], type: str = "oci_core_security_list") -> Any:
    return mapped(SecurityGroup, record(type, {"ingress_security_rules": [rule]}))


def opens_ssh(group: Any) -> State:
    return admits(group, tcp_to((22,)), is_internet).state


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        ({"protocol": "6", "source": "0.0.0.0/0"}, State.TRUE),
        ({"protocol": "all", "source": "0.0.0.0/0"}, State.TRUE),
        ({"protocol": "6", "source": "::/0", "tcp_options": [{"min": 22, "max": 22}]},
         State.TRUE),
        ({"protocol": "6", "source": "0.0.0.0/0", "tcp_options": [{"min": 0, "max": 0}]},
         State.TRUE),
        ({"protocol": "6", "source": "0.0.0.0/0", "tcp_options": [{"min": 443, "max": 443}]},
         State.FALSE),
        ({"protocol": "17", "source": "0.0.0.0/0"}, State.FALSE),
        ({"protocol": "1", "source": "0.0.0.0/0", "icmp_options": [{"type": 3}]}, State.FALSE),
        ({"protocol": "6", "source": "10.0.0.0/8"}, State.FALSE),
        ({"protocol": "6", "source": "all-phx-services", "source_type": "SERVICE_CIDR_BLOCK"},
         State.FALSE),
        ({"protocol": "6", "source": Unknown("known after apply")}, State.UNKNOWN),
        ({"protocol": Unknown("known after apply"), "source": "0.0.0.0/0"}, State.UNKNOWN),
    ],
)  # fmt: skip
def test_security_list_rules(rule: dict[str, Any], state: State) -> None:
    assert opens_ssh(listed(rule)) is state
    assert listed(rule).is_default.is_false
    assert listed(rule, "oci_core_default_security_list").is_default.is_true


def test_unknown_list_is_unknown_as_a_whole() -> None:
    group = record("oci_core_security_list", {"ingress_security_rules": Unknown("why")})
    assert opens_ssh(mapped(SecurityGroup, group)) is State.UNKNOWN
    looked_up = record("oci_core_security_list", {}, managed=False)
    assert opens_ssh(mapped(SecurityGroup, looked_up)) is State.UNKNOWN


DEFAULT_LIST = "oci_core_default_security_list"


def network() -> Record:
    return record("oci_core_vcn", {"cidr_blocks": ["10.0.0.0/16"]})


def default_list(managed: Any) -> Record:
    return record(DEFAULT_LIST, {"manage_default_resource_id": managed})


def test_default_list_is_as_oracle_makes_it_until_somebody_manages_it() -> None:
    made = mapped(SecurityGroup, network())
    assert made.is_default.is_true
    assert made.network.targets == ("oci_core_vcn.a",)
    assert opens_ssh(made) is State.TRUE
    assert admits(made, tcp_to((443,)), is_internet).is_false
    assert {rule.sources.content for rule in made.rules.content} == {("0.0.0.0/0",)}
    dual = record("oci_core_vcn", {"is_ipv6enabled": True})
    from_six = [rule for rule in mapped(SecurityGroup, dual).rules.content
                if rule.sources.content == ("::/0",)]  # fmt: skip
    assert [rule.ports.content.protocol for rule in from_six] == ["tcp", "icmpv6", "all"]
    looked_up = record("oci_core_vcn", {}, managed=False)
    assert not [item for item in population(looked_up).resources if type(item) is SecurityGroup]


def test_managed_default_list_is_not_the_one_that_oracle_makes() -> None:
    managed = mapped(SecurityGroup, network(), default_list(Pointer("oci_core_vcn.a")))
    assert managed.address == f"{DEFAULT_LIST}.a"
    assert opens_ssh(managed) is State.FALSE
    existing = record("oci_core_vcn", {"default_security_list_id": "ocid1.securitylist.oc1..d"})
    known = mapped(SecurityGroup, existing, default_list("ocid1.securitylist.oc1..d"))
    assert known.address == f"{DEFAULT_LIST}.a"


def test_default_list_that_may_be_managed_is_not_known() -> None:
    doubtful = population(network(), default_list(Unknown("known after apply"))).resources
    groups = {item.address: item for item in doubtful if isinstance(item, SecurityGroup)}
    assert opens_ssh(groups["oci_core_vcn.a"]) is State.UNKNOWN
    other = population(network(), default_list("ocid1.securitylist.oc1..other")).resources
    groups = {item.address: item for item in other if isinstance(item, SecurityGroup)}
    assert opens_ssh(groups["oci_core_vcn.a"]) is State.TRUE


NSG = "oci_core_network_security_group"


def grouped(**rule: Any) -> Any:
    body = {"network_security_group_id": Pointer(f"{NSG}.a"), "protocol": "6", **rule}
    return mapped(SecurityGroup, record(NSG, {}), record(f"{NSG}_security_rule", body))


def test_rules_of_groups_are_records_of_their_own() -> None:
    options = [{"destination_port_range": [{"min": 20, "max": 30}]}]
    opened = grouped(direction="INGRESS", source="0.0.0.0/0", tcp_options=options)
    assert opens_ssh(opened) is State.TRUE
    assert opens_ssh(grouped(direction="EGRESS", destination="0.0.0.0/0")) is State.FALSE
    assert opens_ssh(grouped(direction=Unknown("?"), source="0.0.0.0/0")) is State.UNKNOWN
    peer = grouped(
        direction="INGRESS", source=Pointer(f"{NSG}.a"), source_type="NETWORK_SECURITY_GROUP"
    )
    assert opens_ssh(peer) is State.FALSE
    assert peer.rules.content[0].groups.targets == (f"{NSG}.a",)
    assert peer.rules.content[0].direction is Direction.INGRESS
    narrow = [{"source_port_range": [{"min": 1, "max": 2}]}]
    wide = grouped(direction="INGRESS", source="0.0.0.0/0", tcp_options=narrow)
    assert opens_ssh(wide) is State.TRUE


def source_ports(options: Any, type: str = "") -> Any:
    rule = {"protocol": "17", "source": "0.0.0.0/0", "udp_options": options}
    return listed(rule).rules.content[0].ports.content


def test_rules_may_demand_source_ports() -> None:
    found = source_ports(
        [{"min": 53, "max": 53, "source_port_range": [{"min": 1024, "max": 2048}]}]
    )
    assert (found.first, found.last) == (53, 53)
    assert (found.source_first, found.source_last) == (1024, 2048)
    plain = source_ports([{"min": 53, "max": 53, "source_port_range": []}])
    assert (plain.source_first, plain.source_last) == (0, 65535)
    unknown = source_ports([{"min": 53, "max": 53, "source_port_range": [{"min": Unknown("?")}]}])
    assert isinstance(unknown, Unknown)
    options = [{"source_port_range": [{"min": 1, "max": 2}], "destination_port_range": []}]
    own = grouped(direction="INGRESS", source="0.0.0.0/0", tcp_options=options)
    ports = own.rules.content[0].ports.content
    assert (ports.first, ports.last, ports.source_first, ports.source_last) == (0, 65535, 1, 2)


def test_rule_of_an_unknown_group_may_belong_to_any() -> None:
    rule = {"network_security_group_id": Unknown("known after apply"), "direction": "INGRESS"}
    found = mapped(SecurityGroup, record(NSG, {}), record(f"{NSG}_security_rule", rule))
    assert opens_ssh(found) is State.UNKNOWN


def test_interface_has_no_public_address_unless_asked() -> None:
    plain = record("oci_core_vnic_attachment", {"create_vnic_details": [{}]})
    found = mapped(NetworkInterface, plain)
    assert found.has_public_address.is_false
    assert found.source_check.is_true
    details = [{"assign_public_ip": "true", "skip_source_dest_check": True}]
    public = record("oci_core_vnic_attachment", {"create_vnic_details": details})
    assert mapped(NetworkInterface, public).has_public_address.is_true
    assert mapped(NetworkInterface, public).source_check.is_false


def interface(*others: Record, **details: Any) -> Any:
    details = {"subnet_id": Pointer("oci_core_subnet.a"), **details}
    body = {"create_vnic_details": [details]}
    return mapped(NetworkInterface, record("oci_core_vnic_attachment", body), *others)


def test_interface_has_an_address_of_ipv6_on_request() -> None:
    plain = interface(subnet())
    assert plain.has_ipv6_address.is_false and plain.has_public_address.is_false
    six = interface(subnet(), assign_ipv6ip=True)
    assert six.has_ipv6_address.is_true and six.has_public_address.is_true
    closed = interface(subnet(prohibit_internet_ingress=True), assign_ipv6ip=True)
    assert closed.has_ipv6_address.is_true and closed.has_public_address.is_false
    local = interface(subnet(ipv6cidr_block="fd00::/64"), assign_ipv6ip=True)
    assert local.has_public_address.is_false
    pairs = [{"ipv6subnet_cidr": "2001:db8::/64"}]
    given = interface(subnet(), ipv6address_ipv6subnet_cidr_pair_details=pairs)
    assert given.has_ipv6_address.is_true
    assert interface(subnet(), assign_ipv6ip=Unknown("?")).has_ipv6_address.is_unknown
    assert interface(assign_ipv6ip=True).has_public_address.is_unknown


def test_interface_has_a_fixed_or_a_chosen_address() -> None:
    assert interface(private_ip="10.0.1.9").addresses.content == ("10.0.1.9",)
    assert interface(private_ip=LeftOut()).addresses.content == ()
    assert isinstance(interface(private_ip=Unknown("?")).addresses.content, Unknown)
    reserved = record("oci_core_private_ip", {"ip_address": "10.0.1.8"})
    by_id = {"private_ip_id": Pointer("oci_core_private_ip.a")}
    assert interface(reserved, **by_id).addresses.content == ("10.0.1.8",)
    chosen = record("oci_core_private_ip", {"ip_address": Unknown("known after apply")})
    assert isinstance(interface(chosen, **by_id).addresses.content, Unknown)


def test_interface_may_have_a_table_of_its_own() -> None:
    assert interface(route_table_id=Pointer(f"{TABLE}.t")).route_tables.targets == (f"{TABLE}.t",)
    assert interface().route_tables.is_empty
    assert interface(route_table_id=Unknown("?")).route_tables.unknown
    # The default table instead of the subnet's is another one, even if nothing declares it.
    assert interface(VCN, route_table_id=Pointer("oci_core_vcn.a")).route_tables.unknown
    body = {
        "vnic_id": Pointer("oci_core_vnic_attachment.a"),
        "route_table_id": Pointer(f"{TABLE}.t"),
    }
    alone = interface(record("oci_core_private_ip", body)).route_tables
    assert alone.unknown == ("oci_core_private_ip.a has a route table of its own for one address",)
    other = {**body, "vnic_id": Pointer("oci_core_vnic_attachment.b")}
    assert interface(record("oci_core_private_ip", other)).route_tables.is_empty


def test_reserved_address_follows_the_private_one() -> None:
    private = record("oci_core_private_ip", {"vnic_id": Pointer("oci_core_vnic_attachment.a")})
    public = record("oci_core_public_ip", {"private_ip_id": Pointer("oci_core_private_ip.a")})
    links = mapped(PublicAddress, private, public).assigned_to
    assert links.targets == ("oci_core_vnic_attachment.a",)
    free = record("oci_core_public_ip", {"private_ip_id": ""})
    assert mapped(PublicAddress, free).assigned_to.is_empty


TUNNEL = "oci_core_ipsec_connection_tunnel_management"


def test_tunnel_without_choice_permits_what_oracle_accepts() -> None:
    found = mapped(VpnTunnel, record(TUNNEL, {}))
    assert found.ike_versions.content == ("V1",)
    assert "AES_128_CBC" in found.encryption.content
    assert 5 in found.dh_groups.content


def test_tunnel_with_choice_permits_only_that() -> None:
    body = {
        "ike_version": "V2",
        "phase_one_details": [
            {
                "is_custom_phase_one_config": True,
                "custom_encryption_algorithm": "AES_256_CBC",
                "custom_authentication_algorithm": "SHA2_384",
                "custom_dh_group": "GROUP20",
            }
        ],
        "phase_two_details": [
            {
                "is_custom_phase_two_config": True,
                "custom_encryption_algorithm": "AES_256_GCM",
                "dh_group": "GROUP14",
                "is_pfs_enabled": True,
            }
        ],
    }
    found = mapped(VpnTunnel, record(TUNNEL, body))
    assert found.ike_versions.content == ("V2",)
    assert found.encryption.content == ("AES_256_CBC", "AES_256_GCM")
    assert found.integrity.content == ("SHA2_384",)
    assert found.dh_groups.content == (20, 14)
    open_phase = {**body, "phase_one_details": Unknown("known after apply")}
    assert isinstance(mapped(VpnTunnel, record(TUNNEL, open_phase)).encryption.content, Unknown)


def test_bastion() -> None:
    body = {"client_cidr_block_allow_list": ["198.51.100.0/24"], "target_subnet_id": "ocid1.x"}
    found = mapped(Bastion, record("oci_bastion_bastion", body))
    assert found.client_ranges.content == ("198.51.100.0/24",)
    assert found.longest_session_seconds.content == 10800
    assert found.security_groups.is_empty
    assert mapped(Bastion, record("oci_bastion_bastion", {})).client_ranges.content == ()
