"""Instances, volumes, clusters, node pools, functions and image repositories of OCI."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.model.base import Inapplicable
from scanner.model.compute import (
    Cluster,
    ContainerService,
    Function,
    ImageRepository,
    Instance,
    InstanceGroup,
    NodePool,
)
from scanner.model.data import FileSystem, Snapshot, Volume
from scanner.model.network import NetworkInterface
from scanner.record import Record
from scanner.truth import State
from scanner.value import Unknown
from tests.mapping.conftest import FilledIn, LeftOut, Pointer, mapped, population, record

KEY = Pointer("oci_kms_key.a")


def instance(**body: Any) -> Any:
    return mapped(Instance, record("oci_core_instance", body))


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ("true", True),
        (False, False),
        ("false", False),
        (LeftOut(), None),
        (FilledIn("true"), None),
        (Unknown("why"), Unknown("why")),
    ],
)
def test_public_address_asked_for(written: Any, content: Any) -> None:
    found = instance(create_vnic_details=[{"assign_public_ip": written}])
    assert found.asks_for_public_address.content == content


def test_instance_says_nothing_and_the_subnet_decides() -> None:
    found = instance(create_vnic_details=[{"subnet_id": Pointer("oci_core_subnet.a")}])
    assert found.asks_for_public_address.content is None
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.requires_session_tokens.is_false
    assert found.source_check.is_true
    with pytest.raises(Inapplicable):
        _ = found.roles


def test_instance_settings() -> None:
    found = instance(
        subnet_id=Pointer("oci_core_subnet.old"),
        create_vnic_details=[{"skip_source_dest_check": True, "subnet_id": LeftOut()}],
        instance_options=[{"are_legacy_imds_endpoints_disabled": True}],
    )
    assert found.subnets.targets == ("oci_core_subnet.old",)
    assert found.requires_session_tokens.is_true
    assert found.source_check.is_false


def test_instance_configuration_may_decide() -> None:
    found = instance(instance_configuration_id="ocid1.instanceconfiguration.oc1..a")
    assert found.requires_session_tokens.is_unknown
    assert found.source_check.is_unknown


def test_secondary_interfaces_belong_to_the_instance() -> None:
    own = record("oci_core_instance", {})
    attachment = record("oci_core_vnic_attachment", {"instance_id": Pointer("oci_core_instance.a")})
    found = mapped(Instance, own, attachment)
    assert found.interfaces.targets == ("oci_core_vnic_attachment.a",)


def test_boot_volume_of_an_instance() -> None:
    plain = mapped(Volume, record("oci_core_instance", {"source_details": [{}]}))
    assert plain.encrypted_at_rest.is_true
    assert plain.customer_key.is_false
    keyed = mapped(Volume, record("oci_core_instance", {"source_details": [{"kms_key_id": KEY}]}))
    assert keyed.customer_key.is_true
    assert keyed.keys.targets == ("oci_kms_key.a",)
    existing = record("oci_core_instance", {"source_details": [{"source_type": "bootVolume"}]})
    assert not [item for item in population(existing).resources if isinstance(item, Volume)]


def test_volumes_made_at_launch() -> None:
    own = record(
        "oci_core_instance",
        {
            "source_details": [{"source_type": "bootVolume"}],
            "launch_volume_attachments": [
                {"launch_create_volume_details": [{"kms_key_id": Unknown("why")}]},
                {"volume_id": "ocid1.volume.oc1..a"},
            ],
        },
    )
    assert mapped(Volume, own).customer_key.is_unknown


@pytest.mark.parametrize("inside", ["launch_details", "options"])
def test_instance_configuration_is_a_template(inside: str) -> None:
    launch = {
        "create_vnic_details": [{"assign_public_ip": False, "nsg_ids": [Pointer("nsg.a")]}],
        "instance_options": [{"are_legacy_imds_endpoints_disabled": True}],
        "source_details": [{"kms_key_id": "ocid1.key.oc1..a"}],
    }
    details: dict[str, Any] = (
        {"launch_details": [launch]}
        if inside == "launch_details"
        else {"options": [{"launch_details": [launch]}]}
    )
    own = record("oci_core_instance_configuration", {"instance_details": [details]})
    found = mapped(Instance, own)
    assert found.asks_for_public_address.content is False
    assert found.requires_session_tokens.is_true
    assert found.security_groups.targets == ("nsg.a",)
    assert mapped(Volume, own).customer_key.is_true


def test_instance_pool() -> None:
    body = {
        "instance_configuration_id": Pointer("oci_core_instance_configuration.a"),
        "placement_configurations": [
            {"availability_domain": "AD-1", "primary_subnet_id": Pointer("oci_core_subnet.a")},
            {
                "availability_domain": "AD-2",
                "primary_subnet_id": LeftOut(),
                "primary_vnic_subnets": [{"subnet_id": Pointer("oci_core_subnet.b")}],
                "secondary_vnic_subnets": [{"subnet_id": Pointer("oci_core_subnet.c")}],
            },
        ],
    }
    found = mapped(InstanceGroup, record("oci_core_instance_pool", body))
    assert found.subnets.targets == ("oci_core_subnet.a", "oci_core_subnet.b", "oci_core_subnet.c")
    assert found.subnets.certain
    assert found.zones.content == ("AD-1", "AD-2")
    assert found.templates.targets == ("oci_core_instance_configuration.a",)


@pytest.mark.parametrize("type", ["oci_core_volume", "oci_core_boot_volume"])
def test_volumes(type: str) -> None:
    assert mapped(Volume, record(type, {"kms_key_id": LeftOut()})).customer_key.is_false
    assert mapped(Volume, record(type, {"kms_key_id": KEY})).customer_key.is_true
    assert mapped(Volume, record(type, {"kms_key_id": Unknown("why")})).customer_key.is_unknown
    assert mapped(Volume, record(type, {})).encrypted_at_rest.is_true


@pytest.mark.parametrize(
    "type",
    [
        "oci_core_volume_backup",
        "oci_core_boot_volume_backup",
        "oci_core_volume_group_backup",
        "oci_mysql_mysql_backup",
        "oci_database_backup",
        "oci_file_storage_snapshot",
    ],
)
def test_backups_are_encrypted_and_never_public(type: str) -> None:
    found = mapped(Snapshot, record(type, {}))
    assert found.encrypted_at_rest.is_true
    assert found.public.is_false


def test_file_system() -> None:
    found = mapped(FileSystem, record("oci_file_storage_file_system", {"kms_key_id": ""}))
    assert found.encrypted_at_rest.is_true
    assert found.customer_key.is_false


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({}, State.TRUE),
        ({"endpoint_config": []}, State.TRUE),
        ({"endpoint_config": [{"is_public_ip_enabled": True}]}, State.TRUE),
        ({"endpoint_config": [{"is_public_ip_enabled": False}]}, State.FALSE),
        ({"endpoint_config": [{"is_public_ip_enabled": LeftOut()}]}, State.FALSE),
        ({"endpoint_config": [{"is_public_ip_enabled": Unknown("why")}]}, State.UNKNOWN),
        ({"endpoint_config": Unknown("why")}, State.UNKNOWN),
    ],
)
def test_cluster_endpoint(body: dict[str, Any], state: State) -> None:
    found = mapped(Cluster, record("oci_containerengine_cluster", body))
    assert found.public_endpoint.state is state


def test_cluster_endpoint_is_in_a_subnet_if_it_is_configured() -> None:
    type = "oci_containerengine_cluster"
    body = {"endpoint_config": [{"nsg_ids": [Pointer("nsg.a")]}]}
    found = mapped(Cluster, record(type, body))
    assert found.private_endpoint.is_true
    assert found.security_groups.targets == ("nsg.a",)
    assert found.ports.content == (6443, 12250)
    assert "0.0.0.0/0" in found.public_ranges.content
    assert found.addresses.content == ()
    old = mapped(Cluster, record(type, {}))
    assert old.private_endpoint.is_false and old.public_endpoint.is_true
    lost = mapped(Cluster, record(type, {"endpoint_config": Unknown("?")}))
    assert lost.private_endpoint.is_unknown
    made = record(type, {**body, "endpoints": [{"private_endpoint": "10.0.0.5:6443"}]})
    assert mapped(Cluster, made).addresses.content == ("10.0.0.5",)


CONTAINERS = "oci_container_instances_container_instance"


def test_container_instance_is_placed_by_its_interface() -> None:
    vnic = {
        "subnet_id": Pointer("oci_core_subnet.a"),
        "nsg_ids": [Pointer("nsg.a")],
        "is_public_ip_assigned": True,
        "private_ip": "10.0.1.4",
    }
    found = mapped(ContainerService, record(CONTAINERS, {"vnics": [vnic]}))
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.security_groups.targets == ("nsg.a",)
    assert found.addresses.content == ("10.0.1.4",)
    assert found.asks_for_public_address.content is True
    quiet = mapped(ContainerService, record(CONTAINERS, {"vnics": [{"private_ip": LeftOut()}]}))
    assert quiet.addresses.content == ()
    assert isinstance(quiet.asks_for_public_address.content, Unknown)
    lost = mapped(ContainerService, record(CONTAINERS, {"vnics": Unknown("?")}))
    assert lost.subnets.unknown and isinstance(lost.addresses.content, Unknown)


def test_instance_has_addresses_and_tables_of_its_own() -> None:
    details = {"private_ip": "10.0.1.7", "route_table_id": Pointer("oci_core_route_table.t")}
    found = mapped(Instance, record("oci_core_instance", {"create_vnic_details": [details]}))
    assert found.addresses.content == ("10.0.1.7",)
    assert found.route_tables.targets == ("oci_core_route_table.t",)
    plain = mapped(Instance, record("oci_core_instance", {}))
    assert plain.addresses.content == () and plain.route_tables.is_empty
    later = record("oci_core_instance", {"create_vnic_details": [{"private_ip": Unknown("?")}]})
    assert isinstance(mapped(Instance, later).addresses.content, Unknown)


def test_instance_asks_for_an_address_of_ipv6() -> None:
    def asks(subnet: dict[str, Any], **details: Any) -> Any:
        details = {"subnet_id": Pointer("oci_core_subnet.a"), **details}
        own = record("oci_core_instance", {"create_vnic_details": [details]})
        placed = record("oci_core_subnet", subnet)
        return mapped(Instance, own, placed).asks_for_public_address.content

    four = {"create_vnic_details": [{"assign_public_ip": "false", "assign_ipv6ip": True}]}
    own = mapped(Instance, record("oci_core_instance", four))
    assert own.asks_for_ipv4_address.content is False
    assert asks({}, assign_public_ip="false") is False
    assert asks({}, assign_public_ip="false", assign_ipv6ip=True) is True
    closed = {"prohibit_internet_ingress": True}
    assert asks(closed, assign_public_ip="false", assign_ipv6ip=True) is False
    assert isinstance(asks({}, assign_public_ip="false", assign_ipv6ip=Unknown("?")), Unknown)


def test_instance_from_a_configuration_is_placed_by_it() -> None:
    body = {"instance_configuration_id": Pointer("oci_core_instance_configuration.a")}
    found = mapped(Instance, record("oci_core_instance", body))
    assert found.subnets.unknown and found.security_groups.unknown


def test_template_gives_further_interfaces() -> None:
    second = {"create_vnic_details": [{"subnet_id": Pointer("oci_core_subnet.a")}]}
    body = {"instance_details": [{"launch_details": [{}], "secondary_vnics": [second]}]}
    template = record("oci_core_instance_configuration", body)
    open_to_all = record("oci_core_subnet", {})
    found = mapped(NetworkInterface, template, open_to_all)
    assert found.has_public_address.is_true
    assert found.source_check.is_true
    closed = record("oci_core_subnet", {"prohibit_public_ip_on_vnic": True})
    assert mapped(NetworkInterface, template, closed).has_public_address.is_false
    assert mapped(NetworkInterface, template).has_public_address.is_unknown
    assert mapped(Instance, template).addresses.content == ()


def test_cluster_settings() -> None:
    body = {
        "endpoint_config": [{"subnet_id": Pointer("oci_core_subnet.a")}],
        "kms_key_id": KEY,
        "image_policy_config": [{"is_policy_enabled": True}],
        "kubernetes_version": "v1.33.1",
    }
    found = mapped(Cluster, record("oci_containerengine_cluster", body))
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.secrets_customer_key.is_true
    assert found.verifies_images.is_true
    assert found.version.content == "v1.33.1"
    plain = mapped(Cluster, record("oci_containerengine_cluster", {}))
    assert plain.secrets_customer_key.is_false
    assert plain.verifies_images.is_false


POOL = "oci_containerengine_node_pool"


def pool(placements: Any, **network: Any) -> Record:
    pods = {"pod_subnet_ids": [Pointer("oci_core_subnet.pods")], "pod_nsg_ids": [], **network}
    details = {
        "placement_configs": placements,
        "nsg_ids": [Pointer("nsg.a")],
        "node_pool_pod_network_option_details": [pods],
    }
    body = {"node_config_details": [details], "subnet_ids": LeftOut()}
    return record(POOL, body)


def pools(*records: Record) -> list[str]:
    return [item.address for item in population(*records).resources if isinstance(item, NodePool)]


def test_node_pool_places_nodes_and_pods() -> None:
    workers = {"availability_domain": "AD-1", "subnet_id": Pointer("oci_core_subnet.workers")}
    nodes = mapped(NodePool, pool([workers]), address=f"{POOL}.a")
    assert nodes.subnets.targets == ("oci_core_subnet.workers",)
    assert nodes.subnets.certain
    assert nodes.security_groups.targets == ("nsg.a",)
    assert nodes.addresses.content == ()
    assert nodes.zones.content == ("AD-1",)
    pods = mapped(NodePool, pool([workers]), address=f"{POOL}.a.pods")
    assert pods.subnets.targets == ("oci_core_subnet.pods",)
    assert pods.security_groups.is_empty
    with pytest.raises(Inapplicable):
        _ = pods.zones
    faults = {**workers, "fault_domains": ["FAULT-DOMAIN-1", "FAULT-DOMAIN-2"]}
    assert len(mapped(NodePool, pool([faults]), address=f"{POOL}.a").zones.content) == 2
    lost = mapped(NodePool, pool(Unknown("why")), address=f"{POOL}.a")
    assert isinstance(lost.zones.content, Unknown)
    assert mapped(Volume, pool([workers])).customer_key.is_false


def test_pods_without_interfaces_of_their_own_are_not_placed() -> None:
    workers = {"availability_domain": "AD-1", "subnet_id": Pointer("oci_core_subnet.workers")}
    assert pools(pool([workers], cni_type="FLANNEL_OVERLAY")) == [f"{POOL}.a"]
    same = pool(
        [workers],
        pod_subnet_ids=[Pointer("oci_core_subnet.workers")],
        pod_nsg_ids=[Pointer("nsg.a")],
    )
    assert pools(same) == [f"{POOL}.a"]
    assert pools(pool([workers], pod_nsg_ids=Unknown("?"))) == [f"{POOL}.a", f"{POOL}.a.pods"]
    assert pools(record(POOL, {})) == [f"{POOL}.a"]


def test_further_interfaces_of_nodes() -> None:
    details = {"subnet_id": Pointer("oci_core_subnet.x"), "assign_public_ip": True}
    body = {"secondary_vnics": [{"create_vnic_details": [details]}]}
    found = mapped(NetworkInterface, record(POOL, body))
    assert found.subnets.targets == ("oci_core_subnet.x",)
    assert found.has_public_address.is_true
    assert found.source_check.is_unknown


def test_old_node_pool_names_its_subnets() -> None:
    old = record("oci_containerengine_node_pool", {"subnet_ids": [Pointer("oci_core_subnet.a")]})
    assert mapped(NodePool, old).subnets.targets == ("oci_core_subnet.a",)


def test_virtual_node_pool() -> None:
    body = {
        "placement_configurations": [
            {"availability_domain": name, "subnet_id": Pointer("oci_core_subnet.a")}
            for name in ("AD-1", "AD-2")
        ],
        "pod_configuration": [{"subnet_id": Pointer("oci_core_subnet.b")}],
    }
    own = record("oci_containerengine_virtual_node_pool", body)
    found = mapped(NodePool, own, address=own.address)
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.zones.content == ("AD-1", "AD-2")
    pods = mapped(NodePool, own, address=f"{own.address}.pods")
    assert pods.subnets.targets == ("oci_core_subnet.b",)


def test_function_is_placed_by_its_application() -> None:
    application = record(
        "oci_functions_application", {"subnet_ids": [Pointer("oci_core_subnet.a")]}
    )
    own = record(
        "oci_functions_function", {"application_id": Pointer("oci_functions_application.a")}
    )
    assert mapped(Function, application, own).subnets.targets == ("oci_core_subnet.a",)


def scanned(target: dict[str, Any] | None, **body: Any) -> State:
    own = record("oci_artifacts_container_repository", {"display_name": "pay/api", **body})
    others = []
    if target is not None:
        others.append(
            record(
                "oci_vulnerability_scanning_container_scan_target", {"target_registry": [target]}
            )
        )
    state: State = mapped(ImageRepository, own, *others).scanned.state
    return state


def test_repository_is_scanned_by_a_target_of_its_compartment() -> None:
    here = {"compartment_id": Pointer("oci_identity_compartment.a")}
    assert scanned(None, **here) is State.FALSE
    assert scanned({**here, "repositories": []}, **here) is State.TRUE
    assert scanned({**here, "repositories": ["pay/api"]}, **here) is State.TRUE
    assert scanned({**here, "repositories": ["other"]}, **here) is State.FALSE
    assert scanned({**here, "repositories": Unknown("why")}, **here) is State.UNKNOWN
    elsewhere = {"compartment_id": Pointer("oci_identity_compartment.b")}
    assert scanned({**elsewhere, "repositories": []}, **here) is State.FALSE
    assert scanned({"compartment_id": "ocid1.compartment.oc1..a"}, **here) is State.UNKNOWN


def test_repository_flags() -> None:
    plain = mapped(ImageRepository, record("oci_artifacts_container_repository", {}))
    assert plain.public.is_unknown
    assert plain.immutable_tags.is_false
    kept = {"is_public": False}
    assert mapped(
        ImageRepository, record("oci_artifacts_container_repository", kept)
    ).public.is_false
    body = {"is_public": True, "is_immutable": Unknown("why")}
    found = mapped(ImageRepository, record("oci_artifacts_container_repository", body))
    assert found.public.is_true
    assert found.immutable_tags.is_unknown
