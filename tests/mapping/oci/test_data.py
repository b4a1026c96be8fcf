"""Databases, stores, buckets, channels, keys and secrets of OCI."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.mapping.oci.vault import days_of
from scanner.model.base import Inapplicable
from scanner.model.data import (
    Bucket,
    Cache,
    Database,
    MessageChannel,
    PreauthenticatedRequest,
    SearchDomain,
)
from scanner.model.keys import Key, Secret
from scanner.truth import State
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

KEY = Pointer("oci_kms_key.a")
WHY = Unknown("known after apply")
MYSQL = "oci_mysql_mysql_db_system"
AUTONOMOUS = "oci_database_autonomous_database"


def database(type: str, *others: Any, **body: Any) -> Any:
    return mapped(Database, record(type, body), *others)


def test_mysql_as_it_comes() -> None:
    found = database(MYSQL, backup_policy=LeftOut(), is_highly_available=LeftOut())
    assert found.encrypted_at_rest.is_true
    assert found.publicly_accessible.is_false
    assert found.customer_key.is_false
    assert found.spans_zones.is_false
    assert found.deletion_protected.is_false
    assert isinstance(found.backup_days.content, Unknown)
    assert found.encrypted_in_transit.is_unknown
    assert found.engine.content == "mysql"


def test_mysql_as_asked_for() -> None:
    found = database(
        MYSQL,
        subnet_id=Pointer("oci_core_subnet.a"),
        nsg_ids=[Pointer("nsg.a")],
        is_highly_available=True,
        deletion_policy=[{"is_delete_protected": True}],
        encrypt_data=[{"key_generation_type": "BYOK", "key_id": KEY}],
        backup_policy=[{"is_enabled": True, "retention_in_days": 14}],
    )
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.security_groups.targets == ("nsg.a",)
    assert found.spans_zones.is_true
    assert found.deletion_protected.is_true
    assert found.customer_key.is_true
    assert found.keys.targets == ("oci_kms_key.a",)
    assert found.backup_days.content == 14


def test_mysql_backups_may_be_off_or_unknown() -> None:
    plain = database(MYSQL, backup_policy=[{"is_enabled": True}])
    assert plain.backup_days.content == 7
    off = database(MYSQL, backup_policy=[{"is_enabled": False, "retention_in_days": 14}])
    assert off.backup_days.content == 0
    assert isinstance(database(MYSQL, backup_policy=WHY).backup_days.content, Unknown)


@pytest.mark.parametrize(
    ("value", "state"),
    [(True, State.TRUE), (False, State.FALSE), (WHY, State.UNKNOWN)],
)
def test_mysql_configuration_demands_tls(value: Any, state: State) -> None:
    configuration = record(
        "oci_mysql_mysql_configuration", {"variables": [{"require_secure_transport": value}]}
    )
    found = database(
        MYSQL, configuration, configuration_id=Pointer("oci_mysql_mysql_configuration.a")
    )
    assert found.encrypted_in_transit.state is state


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({}, State.TRUE),
        ({"subnet_id": LeftOut(), "whitelisted_ips": []}, State.TRUE),
        ({"subnet_id": Pointer("oci_core_subnet.a")}, State.FALSE),
        ({"subnet_id": "ocid1.subnet.oc1..a"}, State.FALSE),
        ({"whitelisted_ips": ["198.51.100.0/24"]}, State.FALSE),
        ({"whitelisted_ips": ["198.51.100.0/24", "0.0.0.0/0"]}, State.TRUE),
        ({"whitelisted_ips": [""]}, State.TRUE),
        ({"whitelisted_ips": WHY}, State.UNKNOWN),
        ({"whitelisted_ips": ["198.51.100.0/24", WHY]}, State.UNKNOWN),
        ({"is_dedicated": True}, State.FALSE),
        ({"subnet_id": WHY}, State.UNKNOWN),
    ],
)
def test_autonomous_access(body: dict[str, Any], state: State) -> None:
    assert database(AUTONOMOUS, **body).publicly_accessible.state is state


def test_autonomous_settings() -> None:
    plain = database(AUTONOMOUS)
    assert plain.backup_days.content == 60
    assert plain.customer_key.is_false
    assert plain.spans_zones.is_false
    assert plain.encrypted_in_transit.is_true
    found = database(AUTONOMOUS, kms_key_id=KEY, is_local_data_guard_enabled=True)
    assert found.customer_key.is_true
    assert found.spans_zones.is_true
    with pytest.raises(Inapplicable):
        _ = found.deletion_protected


@pytest.mark.parametrize(
    ("body", "days"),
    [
        ({"is_dedicated": True, "backup_retention_period_in_days": 15}, 15),
        ({"is_dedicated": True}, None),
        ({"is_dedicated": WHY}, None),
        ({"autonomous_container_database_id": "ocid1.autonomouscontainerdatabase.oc1..a"}, None),
        ({"autonomous_container_database_id": LeftOut()}, 60),
    ],
)
def test_container_of_a_dedicated_database_keeps_its_backups(
    body: dict[str, Any], days: int | None
) -> None:
    found = database(AUTONOMOUS, **body).backup_days.content
    assert isinstance(found, Unknown) if days is None else found == days


@pytest.mark.parametrize(
    ("prohibited", "state"),
    [(True, State.FALSE), (False, State.TRUE), (WHY, State.UNKNOWN)],
)
def test_base_database_is_as_public_as_its_subnet(prohibited: Any, state: State) -> None:
    subnet = record("oci_core_subnet", {"prohibit_public_ip_on_vnic": prohibited})
    found = database("oci_database_db_system", subnet, subnet_id=Pointer("oci_core_subnet.a"))
    assert found.publicly_accessible.state is state
    assert database("oci_database_db_system", subnet_id="ocid1.x").publicly_accessible.is_unknown


def test_base_database_settings() -> None:
    backup = [{"auto_backup_enabled": True}]
    home = [{"database": [{"kms_key_id": KEY, "db_backup_config": backup}]}]
    found = database("oci_database_db_system", db_home=home, node_count=2)
    assert found.customer_key.is_true
    assert found.backup_days.content == 30
    assert found.spans_zones.is_true
    assert found.encrypted_at_rest.is_true
    assert found.encrypted_in_transit.is_unknown
    assert database("oci_database_db_system").spans_zones.is_false
    assert database("oci_database_db_system", node_count=WHY).spans_zones.is_unknown


def test_postgresql() -> None:
    found = database(
        "oci_psql_db_system",
        network_details=[{"subnet_id": Pointer("oci_core_subnet.a")}],
        storage_details=[{"is_regionally_durable": True}],
        management_policy=[{"backup_policy": [{"kind": "DAILY", "retention_days": 35}]}],
    )
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.spans_zones.is_true
    assert found.backup_days.content == 35
    none = database("oci_psql_db_system", management_policy=[{"backup_policy": [{"kind": "NONE"}]}])
    assert none.backup_days.content == 0


def test_nosql_table() -> None:
    found = database("oci_nosql_table")
    assert found.encrypted_at_rest.is_unknown
    assert found.encrypted_in_transit.is_true
    assert found.spans_zones.is_unknown
    assert found.subnets.is_empty
    with pytest.raises(Inapplicable):
        _ = found.publicly_accessible


@pytest.mark.parametrize(
    ("kind", "type", "count", "demands_tls"),
    [
        (Cache, "oci_redis_redis_cluster", "node_count", State.TRUE),
        (SearchDomain, "oci_opensearch_opensearch_cluster", "data_node_count", State.UNKNOWN),
    ],
)
def test_stores_with_private_endpoints(
    kind: type[Any], type: str, count: str, demands_tls: State
) -> None:
    found = mapped(kind, record(type, {"subnet_id": Pointer("oci_core_subnet.a"), count: 3}))
    assert found.subnets.targets == ("oci_core_subnet.a",)
    assert found.publicly_accessible.is_false
    assert found.encrypted_in_transit.state is demands_tls
    assert found.encrypted_at_rest.is_unknown
    assert found.spans_zones.is_true
    assert mapped(kind, record(type, {count: 1})).spans_zones.is_false
    assert mapped(kind, record(type, {count: WHY})).spans_zones.is_unknown


def test_bucket_as_it_comes() -> None:
    found = mapped(Bucket, record("oci_objectstorage_bucket", {"versioning": LeftOut()}))
    assert found.public.is_false
    assert found.versioned.is_false
    assert found.customer_key.is_false
    assert found.tls_only.is_true
    assert found.logged.is_false


@pytest.mark.parametrize("access", ["ObjectRead", "ObjectReadWithoutList"])
def test_bucket_opened(access: str) -> None:
    body = {"access_type": access, "versioning": "Enabled", "kms_key_id": KEY}
    found = mapped(Bucket, record("oci_objectstorage_bucket", body))
    assert found.public.is_true
    assert found.versioned.is_true
    assert found.customer_key.is_true
    unknown = mapped(Bucket, record("oci_objectstorage_bucket", {"access_type": WHY}))
    assert unknown.public.is_unknown


def test_preauthenticated_request() -> None:
    body = {"access_type": "ObjectRead", "time_expires": "2026-01-01T00:00:00Z"}
    found = mapped(PreauthenticatedRequest, record("oci_objectstorage_preauthrequest", body))
    assert found.access.content == "ObjectRead"
    assert found.expires.content == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("type", "attributes"),
    [
        ("oci_streaming_stream_pool", {"custom_encryption_key": [{"kms_key_id": KEY}]}),
        ("oci_queue_queue", {"custom_encryption_key_id": KEY}),
    ],
)
def test_channels_with_keys(type: str, attributes: dict[str, Any]) -> None:
    assert mapped(MessageChannel, record(type, attributes)).customer_key.is_true
    plain = mapped(MessageChannel, record(type, {}))
    assert plain.customer_key.is_false
    assert plain.encrypted_at_rest.is_true


@pytest.mark.parametrize(
    ("type", "encrypted"),
    [("oci_streaming_stream", State.TRUE), ("oci_ons_notification_topic", State.UNKNOWN)],
)
def test_channels_without_keys(type: str, encrypted: State) -> None:
    found = mapped(MessageChannel, record(type, {}))
    assert found.encrypted_at_rest.state is encrypted
    with pytest.raises(Inapplicable):
        _ = found.customer_key


def test_key_rotation() -> None:
    assert mapped(Key, record("oci_kms_key", {})).rotates.is_false
    assert mapped(Key, record("oci_kms_key", {"is_auto_rotation_enabled": True})).rotates.is_true
    assert mapped(Key, record("oci_kms_key", {"is_auto_rotation_enabled": WHY})).rotates.is_unknown


@pytest.mark.parametrize(
    "body", [{"protection_mode": "EXTERNAL"}, {"key_shape": [{"algorithm": "RSA"}]}]
)
def test_keys_that_rotate_otherwise(body: dict[str, Any]) -> None:
    with pytest.raises(Inapplicable):
        _ = mapped(Key, record("oci_kms_key", body)).rotates


def test_secret() -> None:
    plain = mapped(Secret, record("oci_vault_secret", {}))
    assert plain.customer_key.is_true
    assert plain.rotates.is_false
    assert isinstance(plain.rotation_days.content, Unknown)
    rotation = [{"is_scheduled_rotation_enabled": True, "rotation_interval": "P30D"}]
    found = mapped(Secret, record("oci_vault_secret", {"rotation_config": rotation}))
    assert found.rotates.is_true
    assert found.rotation_days.content == 30


@pytest.mark.parametrize(
    ("text", "days"), [("P30D", 30), ("P1M", 31), ("P1Y", 366), ("P2W", 14), ("P1M5D", 36)]
)
def test_durations(text: str, days: int) -> None:
    assert days_of(text) == days


@pytest.mark.parametrize("text", ["", "P", "PT5M", "30", "P9999999D"])
def test_other_texts_are_no_durations(text: str) -> None:
    assert isinstance(days_of(text), Unknown)


def test_mysql_answers_at_the_ports_of_both_protocols() -> None:
    plain = database(MYSQL, port=LeftOut())
    assert plain.ports.content == (3306, 33060)
    assert plain.addresses.content == ()
    assert plain.public_ranges.content == ()
    moved = database(
        MYSQL,
        port=3307,
        port_x="33070",
        database_console=[{"status": "ENABLED", "port": 443}],
        rest=[{"configuration": "DISABLED"}],
        ip_address="10.0.1.3",
        read_endpoint=[{"read_endpoint_ip_address": "10.0.1.4"}],
    )
    assert moved.ports.content == (3307, 33070, 443)
    assert moved.addresses.content == ("10.0.1.3", "10.0.1.4")
    assert isinstance(database(MYSQL, port=WHY).ports.content, Unknown)
    assert isinstance(database(MYSQL, rest=[{"configuration": WHY}]).ports.content, Unknown)
    assert isinstance(database(MYSQL, ip_address=WHY).addresses.content, Unknown)


def test_autonomous_lists_who_may_call() -> None:
    def ranges(*others: Any, **body: Any) -> Any:
        return database(AUTONOMOUS, *others, **body).public_ranges.content

    assert ranges() == ()
    assert ranges(whitelisted_ips=[""]) == ()
    assert ranges(whitelisted_ips=["203.0.113.7", "0.0.0.0"]) == ("203.0.113.7", "0.0.0.0/0")
    assert ranges(whitelisted_ips=[Pointer("oci_core_vcn.a")]) == ("oci_core_vcn.a",)
    assert isinstance(ranges(whitelisted_ips=[WHY]), Unknown)
    assert isinstance(ranges(whitelisted_ips=WHY), Unknown)
    assert isinstance(ranges(whitelisted_ips=[7]), Unknown)
    private = {"subnet_id": Pointer("oci_core_subnet.a"), "whitelisted_ips": ["203.0.113.7"]}
    assert ranges(**private) == ()
    inside = database(AUTONOMOUS, whitelisted_ips=[Pointer("oci_core_vcn.a")])
    assert inside.publicly_accessible.is_false


def test_autonomous_ports_and_addresses() -> None:
    assert 1522 in database(AUTONOMOUS).ports.content
    assert 2484 in database(AUTONOMOUS, is_dedicated=True).ports.content
    assert {1522, 2484} <= set(database(AUTONOMOUS, is_dedicated=WHY).ports.content)
    fixed = database(AUTONOMOUS, private_endpoint_ip="10.0.1.5")
    assert fixed.addresses.content == ("10.0.1.5",)


def test_nodes_of_a_base_database_are_hosts() -> None:
    found = database("oci_database_db_system", private_ip="10.0.1.6", listener_port=LeftOut())
    assert {22, 1521} <= set(found.ports.content)
    assert found.addresses.content == ("10.0.1.6",)
    moved = database("oci_database_db_system", listener_port=1600)
    assert 1600 in moved.ports.content and 1521 not in moved.ports.content


def test_other_stores_answer_at_their_own_ports() -> None:
    details = [{"primary_db_endpoint_private_ip": "10.0.1.8"}]
    postgresql = database("oci_psql_db_system", network_details=details)
    assert postgresql.ports.content == (5432,)
    assert postgresql.addresses.content == ("10.0.1.8",)
    body = {"primary_endpoint_ip_address": LeftOut(), "node_collection": LeftOut()}
    cache = mapped(Cache, record("oci_redis_redis_cluster", body))
    assert cache.ports.content == (6379,)
    assert cache.addresses.content == ()
    made = {
        "primary_endpoint_ip_address": "10.0.1.9",
        "node_collection": [{"items": [{"private_endpoint_ip_address": "10.0.1.10"}]}],
    }
    existing = mapped(Cache, record("oci_redis_redis_cluster", made))
    assert existing.addresses.content == ("10.0.1.9", "10.0.1.10")
    search = mapped(SearchDomain, record("oci_opensearch_opensearch_cluster", {}))
    assert search.ports.content == (9200, 5601)
    with pytest.raises(Inapplicable):
        _ = database("oci_nosql_table").ports
