"""Hubs of OCI (DRG), what is attached to them, their tables; peerings and lines."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.model.base import Inapplicable
from scanner.model.network import (
    AttachmentKind,
    Gateway,
    GatewayKind,
    HubAttachment,
    HubRouteTable,
    HybridLink,
    Peering,
    TransitHub,
)
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

WHY = Unknown("known after apply")
DRG = "oci_core_drg"
ATTACHMENT = "oci_core_drg_attachment"
MANAGEMENT = "oci_core_drg_attachment_management"
TABLE = "oci_core_drg_route_table"
RULE = "oci_core_drg_route_table_route_rule"
DISTRIBUTION = "oci_core_drg_route_distribution"
STATEMENT = "oci_core_drg_route_distribution_statement"
DEFAULT = "oci_core_default_drg_route_table"
IPSEC = "oci_core_ipsec"
TUNNEL = "oci_core_ipsec_connection_tunnel_management"
CIRCUIT = "oci_core_virtual_circuit"
REMOTE = "oci_core_remote_peering_connection"
LOCAL = "oci_core_local_peering_gateway"
HUB = Pointer(f"{DRG}.a")
AT_HUB = {"drg_id": HUB}


def attachment(name: str = "a", network: Any = Pointer("oci_core_vcn.a"), **body: Any) -> Record:
    details = [{"id": network, "type": "VCN"}]
    return record(ATTACHMENT, {**AT_HUB, "network_details": details, **body}, name)


def test_hub_associates_but_does_not_propagate_by_default() -> None:
    hub = mapped(TransitHub, record(DRG, {}))
    assert hub.associates_by_default.is_true
    assert hub.propagates_by_default.is_false
    assert hub.shares_groups.is_false
    with pytest.raises(Inapplicable):
        _ = hub.joins_by_default
    with pytest.raises(Inapplicable):
        _ = hub.accepts_attachments_unasked


def test_attachment_of_a_network() -> None:
    body: dict[str, Any] = {
        "drg_route_table_id": Pointer(f"{TABLE}.t"),
        "network_details": [
            {
                "id": Pointer("oci_core_vcn.a"),
                "type": "VCN",
                "route_table_id": Pointer("oci_core_route_table.in"),
            }
        ],
    }
    found = mapped(HubAttachment, attachment(**body))
    assert found.hub.targets == (f"{DRG}.a",)
    assert found.kind.content is AttachmentKind.NETWORK
    assert found.networks.targets == ("oci_core_vcn.a",)
    assert found.hub_tables.targets == (f"{TABLE}.t",)
    assert found.network_tables.targets == ("oci_core_route_table.in",)
    assert found.subnets.is_empty and found.peers.is_empty
    assert found.associates_by_default.is_true
    assert found.propagates_by_default.is_false
    assert found.shares_groups.is_false
    assert found.ranges.content == ()
    gateway = mapped(Gateway, attachment(**body))
    assert gateway.network.targets == ("oci_core_vcn.a",)
    assert gateway.route_tables.targets == ("oci_core_route_table.in",)


def test_attachment_in_its_older_form() -> None:
    body = {
        **AT_HUB,
        "vcn_id": Pointer("oci_core_vcn.a"),
        "route_table_id": Pointer("oci_core_route_table.in"),
        "drg_route_table_id": LeftOut(),
        "network_details": LeftOut(),
    }
    found = mapped(HubAttachment, record(ATTACHMENT, body))
    assert found.kind.content is AttachmentKind.NETWORK
    assert found.networks.targets == ("oci_core_vcn.a",)
    assert found.network_tables.targets == ("oci_core_route_table.in",)
    assert found.hub_tables.is_empty


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("VCN", AttachmentKind.NETWORK),
        ("LOOPBACK", AttachmentKind.OTHER),
        ("IPSEC_TUNNEL", AttachmentKind.VPN),
        ("VIRTUAL_CIRCUIT", AttachmentKind.LINE),
        ("REMOTE_PEERING_CONNECTION", AttachmentKind.PEERING),
        ("SOMETHING_NEW", None),
        (WHY, None),
    ],
)
def test_kinds_of_attachments(kind: Any, content: AttachmentKind | None) -> None:
    found = mapped(HubAttachment, attachment(network_details=[{"type": kind, "id": WHY}]))
    if content is None:
        assert isinstance(found.kind.content, Unknown)
    else:
        assert found.kind.content is content
        assert bool(found.networks.unknown) is (content is AttachmentKind.NETWORK)


def test_default_table_of_a_hub_that_exists_is_none_of_its_own() -> None:
    names = {
        "vcn": "ocid1.drgroutetable.oc1..v",
        "ipsec_tunnel": "ocid1.drgroutetable.oc1..o",
        "virtual_circuit": "ocid1.drgroutetable.oc1..o",
        "remote_peering_connection": "ocid1.drgroutetable.oc1..o",
    }
    hub = record(DRG, {"default_drg_route_tables": [names]})
    own = mapped(HubAttachment, hub, attachment(drg_route_table_id=names["vcn"]))
    assert own.hub_tables.is_empty
    other = mapped(HubAttachment, hub, attachment(drg_route_table_id=names["ipsec_tunnel"]))
    assert other.hub_tables.outside
    # Before it exists only the name of the attribute would tell which default table is meant.
    planned = mapped(HubAttachment, record(DRG, {}), attachment(drg_route_table_id=HUB))
    assert planned.hub_tables.unknown and not planned.hub_tables.targets


def management(kind: str, **body: Any) -> Record:
    tables = {"drg_route_table_id": Pointer(f"{TABLE}.t")}
    return record(MANAGEMENT, {**AT_HUB, "attachment_type": kind, **tables, **body})


def test_managed_attachment_gives_its_table_to_what_it_came_with() -> None:
    peering = record(REMOTE, AT_HUB)
    managed = management("REMOTE_PEERING_CONNECTION", network_id=Pointer(f"{REMOTE}.a"))
    found = mapped(HubAttachment, peering, managed)
    assert found.address == f"{REMOTE}.a"
    assert found.hub_tables.targets == (f"{TABLE}.t",) and found.hub_tables.certain


def test_managed_attachment_of_a_tunnel_is_that_of_its_connection() -> None:
    vpn = record(IPSEC, {**AT_HUB, "static_routes": ["192.168.0.0/16"]})
    look_up = record(
        "oci_core_ipsec_connection_tunnels", {"ipsec_id": Pointer(f"{IPSEC}.a")}, managed=False
    )
    managed = management(
        "IPSEC_TUNNEL", network_id=Pointer("data.oci_core_ipsec_connection_tunnels.a")
    )
    assert mapped(HubAttachment, vpn, look_up, managed).hub_tables.targets == (f"{TABLE}.t",)
    tunnel = record(TUNNEL, {"ipsec_id": Pointer(f"{IPSEC}.a"), "tunnel_id": "ocid1.tunnel.oc1..x"})
    literal = management("IPSEC_TUNNEL", network_id="ocid1.tunnel.oc1..x")
    assert mapped(HubAttachment, vpn, tunnel, literal).hub_tables.targets == (f"{TABLE}.t",)


def test_managed_attachment_of_a_network_replaces_its_table() -> None:
    managed = management("VCN", network_id=Pointer("oci_core_vcn.a"))
    own = attachment(drg_route_table_id=Pointer(f"{TABLE}.old"))
    network = record("oci_core_vcn", {})
    assert mapped(HubAttachment, network, own, managed).hub_tables.targets == (f"{TABLE}.t",)


def test_unclear_managed_attachment_leaves_tables_open() -> None:
    managed = management("VIRTUAL_CIRCUIT", network_id=WHY)
    line = record(CIRCUIT, {"type": "PRIVATE", "gateway_id": HUB})
    peering = record(REMOTE, AT_HUB)
    resources = population(managed, line, peering).resources
    found = {item.address: item for item in resources if isinstance(item, HubAttachment)}
    assert found[f"{CIRCUIT}.a"].hub_tables.unknown
    assert found[f"{REMOTE}.a"].hub_tables.is_empty
    alone = found[f"{MANAGEMENT}.a"]
    assert alone.kind.content is AttachmentKind.LINE
    assert isinstance(alone.ranges.content, Unknown)
    other_hub = record(CIRCUIT, {"type": "PRIVATE", "gateway_id": Pointer(f"{DRG}.b")})
    untouched = mapped(HubAttachment, managed, other_hub, address=f"{CIRCUIT}.a")
    assert untouched.hub_tables.is_empty


def tables(*records: Record) -> dict[str, Any]:
    resources = population(*records).resources
    return {item.address: item for item in resources if isinstance(item, HubRouteTable)}


VCN_TABLE = f"{DRG}.a.default_drg_route_tables.vcn"
OTHERS_TABLE = f"{DRG}.a.default_drg_route_tables.others"


def everything() -> tuple[Record, ...]:
    return (
        attachment(),
        record(IPSEC, AT_HUB),
        record(CIRCUIT, {"type": "PRIVATE", "gateway_id": HUB}),
        record(REMOTE, AT_HUB),
        record(REMOTE, {"drg_id": Pointer(f"{DRG}.b")}, "elsewhere"),
        record(CIRCUIT, {"type": "PUBLIC"}, "public"),
    )


ALL = {f"{ATTACHMENT}.a", f"{IPSEC}.a", f"{CIRCUIT}.a", f"{REMOTE}.a"}


def test_hub_comes_with_two_tables() -> None:
    found = tables(record(DRG, {}), *everything())
    assert set(found) == {VCN_TABLE, OTHERS_TABLE}
    networks, others = found[VCN_TABLE], found[OTHERS_TABLE]
    assert networks.hub.targets == (f"{DRG}.a",)
    assert networks.rules.content == (AttachmentKind.NETWORK,)
    assert set(networks.learns_from.targets) == ALL and networks.learns_from.certain
    assert set(others.rules.content) == {
        AttachmentKind.VPN,
        AttachmentKind.LINE,
        AttachmentKind.PEERING,
    }
    assert others.learns_from.targets == (f"{ATTACHMENT}.a",)
    assert others.routes.content == ()
    assert others.learns_by_default.is_false


def test_hub_that_is_looked_up_has_more_than_was_read() -> None:
    found = tables(record(DRG, {}, managed=False))
    table = found[f"data.{VCN_TABLE}"]
    assert table.learns_from.unknown
    assert isinstance(table.routes.content, Unknown)


def test_attachment_to_an_unknown_hub_may_be_learnt_from() -> None:
    found = tables(record(DRG, {}), attachment(drg_id=WHY), attachment("b", drg_id=HUB))
    assert found[VCN_TABLE].learns_from.targets == (f"{ATTACHMENT}.b",)
    assert found[VCN_TABLE].learns_from.maybe == (f"{ATTACHMENT}.a",)
    kind = attachment(network_details=[{"type": WHY}])
    assert tables(record(DRG, {}), kind)[OTHERS_TABLE].learns_from.maybe == (f"{ATTACHMENT}.a",)


def own_table(**body: Any) -> Record:
    return record(TABLE, {**AT_HUB, **body})


def test_table_without_distribution_learns_nothing() -> None:
    found = tables(own_table(import_drg_route_distribution_id=LeftOut()), *everything())
    assert found[f"{TABLE}.a"].learns_from.is_empty
    assert found[f"{TABLE}.a"].rules.content == ()
    removed = own_table(
        import_drg_route_distribution_id=Pointer(f"{DISTRIBUTION}.a"), remove_import_trigger=True
    )
    assert tables(removed)[f"{TABLE}.a"].learns_from.is_empty
    unclear = tables(own_table(import_drg_route_distribution_id=WHY))
    assert unclear[f"{TABLE}.a"].learns_from.unknown
    looked_up = record(TABLE, AT_HUB, managed=False)
    assert tables(looked_up)[f"data.{TABLE}.a"].learns_from.unknown


def learns(criteria: Any, *others: Record) -> Any:
    statement = {
        "drg_route_distribution_id": Pointer(f"{DISTRIBUTION}.a"),
        "action": "ACCEPT",
        "priority": 1,
        "match_criteria": criteria,
    }
    found = tables(
        record(DRG, {}),
        own_table(import_drg_route_distribution_id=Pointer(f"{DISTRIBUTION}.a")),
        record(DISTRIBUTION, AT_HUB),
        record(STATEMENT, statement),
        *everything(),
        *others,
    )
    return found[f"{TABLE}.a"].learns_from


@pytest.mark.parametrize(
    ("criteria", "targets"),
    [
        ([{}], ALL),
        ([{"match_type": "MATCH_ALL"}], ALL),
        ([{"match_type": "DRG_ATTACHMENT_TYPE", "attachment_type": "VCN"}], {f"{ATTACHMENT}.a"}),
        ([{"attachment_type": "IPSEC_TUNNEL"}], {f"{IPSEC}.a"}),
        ([{"attachment_type": "VIRTUAL_CIRCUIT"}], {f"{CIRCUIT}.a"}),
        ([{"attachment_type": "REMOTE_PEERING_CONNECTION"}], {f"{REMOTE}.a"}),
        ([{"match_type": "DRG_ATTACHMENT_ID", "drg_attachment_id": Pointer(f"{ATTACHMENT}.a"),
           "attachment_type": ""}], {f"{ATTACHMENT}.a"}),
    ],
)  # fmt: skip
def test_distribution_says_what_a_table_learns(criteria: Any, targets: set[str]) -> None:
    found = learns(criteria)
    assert set(found.targets) == targets
    assert found.certain


@pytest.mark.parametrize(
    "criteria",
    [
        WHY,
        [{"match_type": WHY}],
        [{"match_type": "SOMETHING_NEW"}],
        [{"match_type": "DRG_ATTACHMENT_TYPE", "attachment_type": WHY}],
        [{"match_type": "DRG_ATTACHMENT_TYPE", "attachment_type": "SOMETHING_NEW"}],
        [{"match_type": "DRG_ATTACHMENT_ID", "drg_attachment_id": WHY}],
    ],
)
def test_unclear_statement_leaves_open_what_a_table_learns(criteria: Any) -> None:
    found = learns(criteria)
    assert not found.targets and found.unknown


def test_statement_names_an_attachment_by_what_manages_it() -> None:
    managed = management("REMOTE_PEERING_CONNECTION", network_id=Pointer(f"{REMOTE}.a"))
    found = learns([{"drg_attachment_id": Pointer(f"{MANAGEMENT}.a")}], managed)
    assert found.targets == (f"{REMOTE}.a",)
    look_up = record("oci_core_drg_attachments", AT_HUB, managed=False)
    unclear = learns([{"drg_attachment_id": Pointer("data.oci_core_drg_attachments.a")}], look_up)
    assert unclear.unknown and not unclear.targets


def rule(table: Any, **body: Any) -> Record:
    hop = {"next_hop_drg_attachment_id": Pointer(f"{ATTACHMENT}.a")}
    return record(RULE, {"drg_route_table_id": table, "destination": "0.0.0.0/0", **hop, **body})


def test_static_routes_are_records_of_their_own() -> None:
    found = tables(own_table(), attachment(), rule(Pointer(f"{TABLE}.a")))
    (route,) = found[f"{TABLE}.a"].routes.content
    assert route.destination.content == "0.0.0.0/0"
    assert route.target.targets == (f"{ATTACHMENT}.a",)
    assert route.kind.content is GatewayKind.HUB
    assert route.active.is_true
    hole = tables(own_table(), rule(Pointer(f"{TABLE}.a"), next_hop_drg_attachment_id="BLACKHOLE"))
    assert hole[f"{TABLE}.a"].routes.content[0].kind.content is GatewayKind.BLACKHOLE
    other = tables(own_table(), rule(Pointer(f"{TABLE}.b")))
    assert other[f"{TABLE}.a"].routes.content == ()
    unclear = tables(own_table(), rule(WHY))
    assert isinstance(unclear[f"{TABLE}.a"].routes.content, Unknown)
    nowhere = tables(own_table(), rule(Pointer(f"{TABLE}.a"), destination=7))
    assert isinstance(nowhere[f"{TABLE}.a"].routes.content[0].destination.content, Unknown)


NAMES = {"vcn": "ocid1.drgroutetable.oc1..v", "ipsec_tunnel": "ocid1.drgroutetable.oc1..o"}


def test_static_route_of_a_default_table() -> None:
    hub = record(DRG, {"default_drg_route_tables": [NAMES]})
    found = tables(hub, attachment(), rule(NAMES["vcn"]))
    assert len(found[VCN_TABLE].routes.content) == 1
    assert found[OTHERS_TABLE].routes.content == ()
    planned = tables(record(DRG, {}), attachment(), rule(HUB))
    assert isinstance(planned[VCN_TABLE].routes.content, Unknown)
    managed = record(DEFAULT, {"manage_default_resource_id": NAMES["ipsec_tunnel"]})
    through = tables(hub, managed, attachment(), rule(Pointer(f"{DEFAULT}.a")))
    assert through[VCN_TABLE].routes.content == ()
    assert len(through[OTHERS_TABLE].routes.content) == 1


def test_default_table_may_be_told_what_to_learn() -> None:
    hub = record(DRG, {"default_drg_route_tables": [NAMES]})
    managed = record(
        DEFAULT,
        {
            "manage_default_resource_id": NAMES["vcn"],
            "import_drg_route_distribution_id": Pointer(f"{DISTRIBUTION}.a"),
        },
    )
    found = tables(hub, managed, record(DISTRIBUTION, AT_HUB), *everything())
    assert found[VCN_TABLE].learns_from.is_empty
    assert found[OTHERS_TABLE].learns_from.targets == (f"{ATTACHMENT}.a",)
    planned = record(DEFAULT, {"manage_default_resource_id": HUB})
    open_now = tables(record(DRG, {}), planned, *everything())
    assert open_now[VCN_TABLE].learns_from.unknown
    assert not open_now[VCN_TABLE].learns_from.targets


@pytest.mark.parametrize("type", [LOCAL, REMOTE])
def test_either_end_of_a_peering_may_name_the_other(type: str) -> None:
    kind = Peering if type == LOCAL else HubAttachment
    one = record(type, {"peer_id": LeftOut()})
    other = record(type, {"peer_id": Pointer(f"{type}.a")}, "b")
    assert mapped(kind, one, other, address=f"{type}.a").peers.targets == (f"{type}.b",)
    assert mapped(kind, one, other, address=f"{type}.b").peers.targets == (f"{type}.a",)
    assert mapped(kind, one).peers.is_empty
    unclear = record(type, {"peer_id": WHY}, "b")
    assert mapped(kind, one, unclear, address=f"{type}.a").peers.maybe == (f"{type}.b",)
    assert mapped(kind, record(type, {"peer_id": "ocid1.x.oc1..y"})).peers.outside


def local(*others: Record, **body: Any) -> Any:
    own = record(LOCAL, {"vcn_id": Pointer("oci_core_vcn.a"), **body})
    return mapped(Peering, own, *others, address=own.address)


def test_local_peering_joins_its_network() -> None:
    found = local(peer_id=Pointer(f"{LOCAL}.b"))
    assert found.networks.targets == ("oci_core_vcn.a",)
    assert found.shares_groups.is_false
    assert found.active.is_true
    assert local(peer_id="ocid1.localpeeringgateway.oc1..x").active.is_true
    assert local().active.is_false
    assert local(peering_status="PEERED").active.is_true
    assert local(
        peer_id="ocid1.localpeeringgateway.oc1..x", peering_status="REVOKED"
    ).active.is_false
    assert local(peer_id=WHY).active.is_unknown
    assert local(record(LOCAL, {"peer_id": WHY}, "b")).active.is_unknown
    looked_up = mapped(Peering, record(LOCAL, {}, managed=False))
    assert looked_up.active.is_unknown


def test_peering_of_hubs_says_what_is_behind_it() -> None:
    here = record(REMOTE, AT_HUB)
    there = record(REMOTE, {"drg_id": Pointer(f"{DRG}.b"), "peer_id": Pointer(f"{REMOTE}.a")}, "b")
    assert mapped(HubAttachment, here, there, address=here.address).ranges.content == ()
    assert mapped(HubAttachment, here).ranges.content == ()
    abroad = record(REMOTE, {**AT_HUB, "peer_id": "ocid1.remotepeeringconnection.oc1..x"})
    assert isinstance(mapped(HubAttachment, abroad).ranges.content, Unknown)


def vpn(*tunnels: Any, **body: Any) -> tuple[Any, Any]:
    records = [
        record(TUNNEL, {"ipsec_id": Pointer(f"{IPSEC}.a"), **tunnel}, f"t{index}")
        for index, tunnel in enumerate(tunnels)
    ]
    own = record(IPSEC, {**AT_HUB, "static_routes": ["192.168.0.0/16"], **body})
    return mapped(HybridLink, own, *records), mapped(HubAttachment, own, *records)


def test_vpn_connection() -> None:
    link, attached = vpn({"routing": "STATIC"}, {"routing": "STATIC"}, cpe_id="ocid1.cpe.oc1..x")
    assert link.kind.content is AttachmentKind.VPN
    assert link.gateways.targets == (f"{DRG}.a",)
    assert link.far_ends.outside == ("ocid1.cpe.oc1..x",)
    assert link.ranges.content == attached.ranges.content == ("192.168.0.0/16",)
    assert link.announced.is_false
    assert link.encrypted.is_true
    assert attached.kind.content is AttachmentKind.VPN
    assert attached.hub.targets == (f"{DRG}.a",)
    assert attached.networks.is_empty and attached.hub_tables.is_empty


def test_vpn_that_announces_or_may_announce_addresses() -> None:
    link, attached = vpn({"routing": "BGP"}, static_routes=[""])
    assert link.announced.is_true
    assert link.ranges.content == ()
    assert isinstance(attached.ranges.content, Unknown)
    assert vpn({"routing": "STATIC"})[0].announced.is_unknown
    assert vpn()[0].announced.is_unknown
    assert vpn({"routing": WHY}, {"routing": "STATIC"})[0].announced.is_unknown
    assert isinstance(vpn(static_routes=WHY)[1].ranges.content, Unknown)


def test_vpn_by_policy_carries_what_its_selectors_name() -> None:
    selectors = [{"cpe_traffic_selector": ["172.16.0.0/12"]}]
    policy = {"routing": "POLICY", "encryption_domain_config": selectors}
    link, attached = vpn(policy, policy)
    assert link.announced.is_false
    assert attached.ranges.content == ("192.168.0.0/16", "172.16.0.0/12")
    lost = {"routing": "POLICY", "encryption_domain_config": WHY}
    assert isinstance(vpn(lost)[1].ranges.content, Unknown)


def test_tables_of_tunnels() -> None:
    tunnels = [{"drg_route_table_id": Pointer(f"{TABLE}.t")}, {"drg_route_table_id": LeftOut()}]
    assert vpn(tunnel_configuration=tunnels)[1].hub_tables.targets == (f"{TABLE}.t",)
    assert vpn(tunnel_configuration=LeftOut())[1].hub_tables.is_empty


def test_line() -> None:
    own = record(CIRCUIT, {"type": "PRIVATE", "gateway_id": HUB})
    link, attached = mapped(HybridLink, own), mapped(HubAttachment, own)
    assert link.kind.content is attached.kind.content is AttachmentKind.LINE
    assert link.gateways.targets == attached.hub.targets == (f"{DRG}.a",)
    assert link.announced.is_true
    assert link.ranges.content == ()
    assert isinstance(attached.ranges.content, Unknown)
    public = population(record(CIRCUIT, {"type": "PUBLIC"})).resources
    assert not [item for item in public if isinstance(item, (HybridLink, HubAttachment))]


CROSS = "oci_core_cross_connect"


def encrypted(macsec: Any = None, **body: Any) -> Any:
    mapping = {"cross_connect_or_cross_connect_group_id": Pointer(f"{CROSS}.a")}
    cross = record(CROSS, {} if macsec is None else {"macsec_properties": macsec})
    own = record(CIRCUIT, {"type": "PRIVATE", "cross_connect_mappings": [mapping], **body})
    return mapped(HybridLink, own, cross).encrypted


def test_line_is_encrypted_by_macsec_or_by_what_it_carries() -> None:
    on = {"state": "ENABLED", "is_unprotected_traffic_allowed": False}
    assert encrypted([on]).is_true
    assert encrypted().is_false
    assert encrypted([{**on, "state": "DISABLED"}]).is_false
    assert encrypted([{**on, "is_unprotected_traffic_allowed": True}]).is_false
    assert encrypted(WHY).is_unknown
    assert encrypted(is_transport_mode=True).is_true
    assert encrypted(cross_connect_mappings=[], provider_service_id="ocid1.p.oc1..x").is_unknown
    assert encrypted(cross_connect_mappings=WHY).is_unknown
