"""Private endpoints, mount targets, firewalls, API gateways and zero trust labels of OCI."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.model.base import Inapplicable
from scanner.model.data import MountTarget
from scanner.model.edge import EdgeService, NetworkLink
from scanner.model.network import NetworkInterface, ServiceEndpoint, ZeroTrustLabels
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

WHY = Unknown("known after apply")
SUBNET = record("oci_core_subnet", {"vcn_id": Pointer("oci_core_vcn.a")})
PLACED = {"subnet_id": Pointer("oci_core_subnet.a")}
GROUPED = (
    "oci_objectstorage_private_endpoint",
    "oci_data_safe_data_safe_private_endpoint",
    "oci_database_management_db_management_private_endpoint",
    "oci_database_tools_database_tools_private_endpoint",
    "oci_dataflow_private_endpoint",
    "oci_datascience_private_endpoint",
    "oci_distributed_database_distributed_database_private_endpoint",
    "oci_dns_resolver_endpoint",
    "oci_generative_ai_generative_ai_private_endpoint",
    "oci_integration_private_endpoint_outbound_connection",
    "oci_oda_oda_private_endpoint",
    "oci_opsi_operations_insights_private_endpoint",
)
GROUPLESS = (
    "oci_ai_vision_vision_private_endpoint",
    "oci_datacatalog_catalog_private_endpoint",
    "oci_kms_ekms_private_endpoint",
)


@pytest.mark.parametrize("type", [*GROUPED, *GROUPLESS])
def test_private_endpoints_stand_in_a_subnet(type: str) -> None:
    body = {**PLACED, "nsg_ids": [Pointer("nsg.a")]}
    found = mapped(ServiceEndpoint, SUBNET, record(type, body))
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.network.targets == ("oci_core_vcn.a",)
    assert found.security_groups.targets == (("nsg.a",) if type in GROUPED else ())
    assert found.kind.content == "interface"
    assert found.service.content
    with pytest.raises(Inapplicable):
        _ = found.resource_policy
    assert mapped(ServiceEndpoint, record(type, {"subnet_id": WHY})).network.unknown


def test_private_endpoint_that_spells_its_groups_otherwise() -> None:
    body = {**PLACED, "nsg_id_list": [Pointer("nsg.a")]}
    found = mapped(ServiceEndpoint, record("oci_resourcemanager_private_endpoint", body))
    assert found.security_groups.targets == ("nsg.a",)


def test_stream_pool_may_answer_in_a_subnet() -> None:
    settings = {**PLACED, "nsg_ids": [Pointer("nsg.a")]}
    own = record("oci_streaming_stream_pool", {"private_endpoint_settings": [settings]})
    found = mapped(ServiceEndpoint, own, SUBNET)
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.security_groups.targets == ("nsg.a",)
    assert found.network.targets == ("oci_core_vcn.a",)
    public = population(record("oci_streaming_stream_pool", {})).resources
    assert not [item for item in public if isinstance(item, ServiceEndpoint)]
    lost = record("oci_streaming_stream_pool", {"private_endpoint_settings": WHY})
    assert mapped(ServiceEndpoint, lost).subnets.unknown


def test_network_firewall_passes_on_what_is_not_its_own() -> None:
    body = {
        **PLACED,
        "ipv4address": "10.0.0.4",
        "network_security_group_ids": [Pointer("nsg.a")],
        "ipv6address": LeftOut(),
    }
    found = mapped(NetworkInterface, record("oci_network_firewall_network_firewall", body))
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.security_groups.targets == ("nsg.a",)
    assert found.addresses.content == ("10.0.0.4",)
    assert found.source_check.is_false
    assert found.has_public_address.is_false and found.has_ipv6_address.is_false
    chosen = record("oci_network_firewall_network_firewall", {"ipv4address": LeftOut()})
    assert mapped(NetworkInterface, chosen).addresses.content == ()


TARGET = "oci_file_storage_mount_target"
EXPORT = "oci_file_storage_export"


def exported(*others: Record, to: Any, **body: Any) -> Any:
    export = {"export_set_id": to, "file_system_id": Pointer("oci_file_storage_file_system.f")}
    own = record(TARGET, {**PLACED, **body})
    return mapped(MountTarget, own, record(EXPORT, export), *others)


def test_mount_target() -> None:
    found = exported(to=Pointer(f"{TARGET}.a"), nsg_ids=[Pointer("nsg.a")], ip_address="10.0.0.7")
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.security_groups.targets == ("nsg.a",)
    assert found.addresses.content == ("10.0.0.7",)
    assert found.file_systems.targets == ("oci_file_storage_file_system.f",)
    assert exported(to=Pointer(f"{TARGET}.b"), ip_address=LeftOut()).addresses.content == ()
    assert isinstance(exported(to=WHY, ip_address=WHY).addresses.content, Unknown)


def test_mount_target_is_found_through_its_export_set() -> None:
    assert exported(to=Pointer(f"{TARGET}.b")).file_systems.is_empty
    target = {"mount_target_id": Pointer(f"{TARGET}.a")}
    sets = record("oci_file_storage_export_set", target)
    through = exported(sets, to=Pointer("oci_file_storage_export_set.a"))
    assert through.file_systems.targets == ("oci_file_storage_file_system.f",)
    literal = exported(to="ocid1.exportset.oc1..x", export_set_id="ocid1.exportset.oc1..x")
    assert literal.file_systems.targets == ("oci_file_storage_file_system.f",)
    assert exported(to=WHY).file_systems.maybe == ("oci_file_storage_file_system.f",)


GATEWAY = "oci_apigateway_gateway"
DEPLOYMENT = "oci_apigateway_deployment"
LIST = "oci_core_security_list"
NSG = "oci_core_network_security_group"


def guarded(*rules: dict[str, Any]) -> tuple[Record, Record]:
    lists = {"security_list_ids": [Pointer(f"{LIST}.a")], "vcn_id": Pointer("oci_core_vcn.a")}
    return record("oci_core_subnet", lists), record(LIST, {"ingress_security_rules": list(rules)})


def admit(source: Any, port: int = 443) -> dict[str, Any]:
    return {"protocol": "6", "source": source, "tcp_options": [{"min": port, "max": port}]}


def gateway(*others: Record, **body: Any) -> Any:
    own = record(GATEWAY, {**PLACED, "endpoint_type": "PUBLIC", **body})
    return mapped(EdgeService, own, *others)


def test_public_gateway_answers_whom_its_guards_admit() -> None:
    found = gateway(*guarded(admit("0.0.0.0/0"), admit("10.0.0.0/8", 22)))
    assert found.kind.content == "API Gateway"
    assert found.public.is_true
    assert found.public_ranges.content == ("0.0.0.0/0",)
    assert found.ports.content == (443,)
    assert found.enters.targets == (f"{GATEWAY}.a",)
    assert found.preserves_client_address.is_false
    assert gateway(*guarded(admit("0.0.0.0/0")), endpoint_type="PRIVATE").public.is_false
    assert gateway(*guarded(admit("0.0.0.0/0")), endpoint_type=WHY).public.is_unknown
    assert gateway(*guarded(admit("0.0.0.0/0", 22))).public.is_false
    assert gateway(*guarded(admit(WHY))).public.is_unknown
    assert gateway().public.is_unknown


def test_guards_of_a_gateway_are_groups_and_lists_together() -> None:
    body = {
        "network_security_group_id": Pointer(f"{NSG}.a"),
        "direction": "INGRESS",
        "protocol": "6",
        "source": "198.51.100.0/24",
    }
    grouped = (record(NSG, {}), record(f"{NSG}_security_rule", body))
    groups = {"network_security_group_ids": [Pointer(f"{NSG}.a")]}
    both = gateway(*guarded(admit("203.0.113.0/24")), *grouped, **groups)
    assert both.public_ranges.content == ("198.51.100.0/24", "203.0.113.0/24")
    # Without lists the default one of the network holds, which as it is made admits SSH alone.
    network = record("oci_core_vcn", {"cidr_blocks": ["10.0.0.0/16"]})
    default = gateway(SUBNET, network, *grouped, **groups)
    assert default.public_ranges.content == ("198.51.100.0/24",)
    managed = record(
        "oci_core_default_security_list",
        {
            "manage_default_resource_id": Pointer("oci_core_vcn.a"),
            "ingress_security_rules": [admit("203.0.113.0/24")],
        },
    )
    assert gateway(SUBNET, network, managed).public_ranges.content == ("203.0.113.0/24",)
    foreign = record("oci_core_vcn", {}, managed=False)
    by_data = record("oci_core_subnet", {"vcn_id": Pointer("data.oci_core_vcn.a")})
    assert isinstance(gateway(by_data, foreign).public_ranges.content, Unknown)


def test_gateway_enters_the_network_by_its_interfaces() -> None:
    body = {**PLACED, "network_security_group_ids": [Pointer(f"{NSG}.a")]}
    found = mapped(NetworkLink, record(GATEWAY, body))
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.security_groups.targets == (f"{NSG}.a",)
    assert found.addresses.content == ()


def deployed(*routes: Any, **policies: Any) -> Record:
    specification = {"routes": list(routes), "request_policies": [policies]}
    body = {"gateway_id": Pointer(f"{GATEWAY}.a"), "specification": [specification]}
    return record(DEPLOYMENT, body)


TOKENS = {"authentication": [{"type": "JWT_AUTHENTICATION"}]}


def test_gateway_may_demand_to_know_who_calls() -> None:
    assert gateway(deployed({}, **TOKENS)).authenticated.is_true
    assert gateway(deployed({})).authenticated.is_false
    anonymous = {"request_policies": [{"authorization": [{"type": "ANONYMOUS"}]}]}
    assert gateway(deployed(anonymous, **TOKENS)).authenticated.is_false
    scoped = {"request_policies": [{"authorization": [{"type": "ANY_OF"}]}]}
    assert gateway(deployed(scoped, **TOKENS)).authenticated.is_true
    certificate = {"mutual_tls": [{"is_verified_certificate_required": True}]}
    assert gateway(deployed({}, **certificate)).authenticated.is_true
    dynamic: dict[str, Any] = {"dynamic_authentication": [{}]}
    assert gateway(deployed({}, **dynamic)).authenticated.is_true
    assert gateway(deployed({}, authentication=WHY)).authenticated.is_unknown
    assert gateway().authenticated.is_unknown


def backend(kind: Any, **body: Any) -> dict[str, Any]:
    return {"backend": [{"type": kind, **body}]}


def test_origins_of_a_gateway() -> None:
    function = {"function_id": Pointer("oci_functions_function.f")}
    found = gateway(deployed(backend("ORACLE_FUNCTIONS_BACKEND", **function, url=LeftOut())))
    assert found.origins.targets == ("oci_functions_function.f",) and found.origins.certain
    stock = gateway(deployed(backend("STOCK_RESPONSE_BACKEND", url=WHY, function_id=WHY)))
    assert stock.origins.is_empty
    web = gateway(deployed(backend("HTTP_BACKEND", url="https://api.example.com/")))
    assert web.origins.outside == ("https://api.example.com/",)
    assert gateway(deployed(backend("HTTP_BACKEND", url=WHY))).origins.unknown
    inner = [backend("ORACLE_FUNCTIONS_BACKEND", **function)]
    routed = gateway(deployed(backend("DYNAMIC_ROUTING_BACKEND", routing_backends=inner)))
    assert routed.origins.targets == ("oci_functions_function.f",)
    unread = record(
        DEPLOYMENT, {"gateway_id": Pointer(f"{GATEWAY}.a"), "specification": [{"routes": WHY}]}
    )
    assert gateway(unread).origins.unknown
    elsewhere = record(DEPLOYMENT, {"gateway_id": WHY})
    assert gateway(elsewhere).origins.unknown


LABELS = {"Oracle-ZPR.tier.value": "data", "Oracle-ZPR.tier.mode": "enforce"}


@pytest.mark.parametrize("type", ["oci_core_instance", "oci_bastion_bastion"])
def test_labels_of_zero_trust_guard_what_bears_them(type: str) -> None:
    found = mapped(ZeroTrustLabels, record(type, {"security_attributes": LABELS}))
    assert found.guarded.is_true
    assert found.of.targets == (f"{type}.a",)
    empty: tuple[dict[str, Any], ...] = (
        {},
        {"security_attributes": LeftOut()},
        {"security_attributes": {}},
    )
    for body in empty:
        plain = population(record(type, body)).resources
        assert not [item for item in plain if isinstance(item, ZeroTrustLabels)]
    unclear = mapped(ZeroTrustLabels, record(type, {"security_attributes": WHY}))
    assert unclear.guarded.is_unknown


def test_labels_may_stand_on_the_interface() -> None:
    body = {"create_vnic_details": [{"security_attributes": LABELS}]}
    assert mapped(ZeroTrustLabels, record("oci_core_instance", body)).guarded.is_true
    assert mapped(ZeroTrustLabels, record("oci_core_vnic_attachment", body)).guarded.is_true
