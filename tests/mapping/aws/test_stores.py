"""Caches, search domains, brokers, migration and file systems."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.identity.public import everyone
from scanner.model.base import Inapplicable
from scanner.model.data import Broker, Cache, DataStore, FileSystem, MountTarget, SearchDomain
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

AFTER = Unknown("known after apply")
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"


def cache(type: str, body: dict[str, Any], *others: Record) -> Cache:
    found: Cache = mapped(Cache, record(type, body), *others, address=f"{type}.a")
    return found


def test_replication_group() -> None:
    group = record("aws_elasticache_subnet_group", {"subnet_ids": [Pointer("aws_subnet.a")]})
    full = cache(
        "aws_elasticache_replication_group",
        {
            "at_rest_encryption_enabled": "true",
            "transit_encryption_enabled": True,
            "transit_encryption_mode": LeftOut(),
            "multi_az_enabled": True,
            "automatic_failover_enabled": True,
            "kms_key_id": KEY,
            "subnet_group_name": Pointer("aws_elasticache_subnet_group.a"),
        },
        group,
    )
    assert full.encrypted_at_rest.is_true
    assert full.encrypted_in_transit.is_true
    assert full.spans_zones.is_true
    assert full.customer_key.is_true
    assert full.subnets.targets == ("aws_subnet.a",)
    assert full.publicly_accessible.is_false
    bare = cache("aws_elasticache_replication_group", {"at_rest_encryption_enabled": LeftOut()})
    assert bare.encrypted_at_rest.is_false
    assert bare.encrypted_in_transit.is_false
    assert bare.spans_zones.is_false
    assert bare.minor_upgrades_automatic.is_true
    assert bare.subnets.unknown
    assert cache(
        "aws_elasticache_replication_group", {"engine": "valkey"}
    ).encrypted_at_rest.is_true


@pytest.mark.parametrize(
    ("type", "body", "ports"),
    [
        ("aws_elasticache_replication_group", {"engine": "redis"}, (6379,)),
        ("aws_elasticache_replication_group", {"engine": "valkey", "port": 7000}, (7000,)),
        ("aws_elasticache_cluster", {"engine": "memcached"}, (11211,)),
        ("aws_elasticache_serverless_cache", {"engine": "valkey"}, (6379, 6380)),
        ("aws_elasticache_serverless_cache", {"engine": "memcached"}, (11211, 11212)),
        ("aws_elasticache_serverless_cache", {"engine": AFTER}, AFTER),
        ("aws_memorydb_cluster", {}, (6379,)),
        ("aws_dax_cluster", {}, (8111,)),
        ("aws_dax_cluster", {"cluster_endpoint_encryption_type": "TLS"}, (9111,)),
        ("aws_dax_cluster", {"cluster_endpoint_encryption_type": AFTER}, AFTER),
    ],
)
def test_where_caches_answer(type: str, body: dict[str, Any], ports: object) -> None:
    found = mapped(Cache, record(type, body))
    assert found.ports.content == ports
    assert found.addresses.content == ()
    assert found.public_ranges.content == ()


def test_a_cache_of_dynamodb() -> None:
    group = record("aws_dax_subnet_group", {"subnet_ids": [Pointer("aws_subnet.s")]}, "g")
    plain = mapped(Cache, record("aws_dax_cluster", {"replication_factor": 1}))
    assert plain.encrypted_at_rest.is_false
    assert plain.encrypted_in_transit.is_false
    assert plain.spans_zones.is_false
    assert plain.security_groups.is_empty
    body = {
        "replication_factor": 3,
        "server_side_encryption": [{"enabled": True}],
        "cluster_endpoint_encryption_type": "TLS",
        "subnet_group_name": Pointer("aws_dax_subnet_group.g"),
        "security_group_ids": [Pointer("aws_security_group.g")],
    }
    found = mapped(Cache, record("aws_dax_cluster", body), group)
    assert found.encrypted_at_rest.is_true
    assert found.encrypted_in_transit.is_true
    assert found.spans_zones.is_true
    assert found.subnets.targets == ("aws_subnet.s",)
    assert found.security_groups.targets == ("aws_security_group.g",)
    together = {**body, "availability_zones": ["eu-west-1a"] * 3}
    assert mapped(Cache, record("aws_dax_cluster", together), group).spans_zones.is_false


def test_preferred_tls_is_not_demanded_tls() -> None:
    body = {"transit_encryption_enabled": True, "transit_encryption_mode": "preferred"}
    assert cache("aws_elasticache_replication_group", body).encrypted_in_transit.is_false


def test_cluster_without_a_group_and_with_one() -> None:
    alone = cache("aws_elasticache_cluster", {"engine": "memcached", "az_mode": "cross-az"})
    assert alone.encrypted_at_rest.is_false
    assert alone.encrypted_in_transit.is_false
    assert alone.spans_zones.is_true
    member = cache("aws_elasticache_cluster", {"replication_group_id": "group"})
    for name in ("encrypted_at_rest", "encrypted_in_transit", "spans_zones", "subnets"):
        with pytest.raises(Inapplicable):
            getattr(member, name)


def test_serverless_cache_and_memorydb() -> None:
    serverless = cache("aws_elasticache_serverless_cache", {"engine": "valkey", "kms_key_id": KEY})
    assert serverless.encrypted_in_transit.is_true
    assert serverless.customer_key.is_true
    group = record("aws_memorydb_subnet_group", {"subnet_ids": [Pointer("aws_subnet.a")]})
    body = {"tls_enabled": False, "subnet_group_name": Pointer("aws_memorydb_subnet_group.a")}
    memory = cache("aws_memorydb_cluster", body, group)
    assert memory.encrypted_in_transit.is_false
    assert memory.spans_zones.is_true
    assert memory.subnets.targets == ("aws_subnet.a",)
    assert cache("aws_memorydb_cluster", {}).encrypted_in_transit.is_true
    assert cache("aws_memorydb_cluster", {"num_replicas_per_shard": 0}).spans_zones.is_false


@pytest.mark.parametrize("type", ["aws_opensearch_domain", "aws_elasticsearch_domain"])
def test_search_domain(type: str) -> None:
    full: SearchDomain = mapped(
        SearchDomain,
        record(
            type,
            {
                "encrypt_at_rest": [{"enabled": True, "kms_key_id": KEY}],
                "domain_endpoint_options": [{"enforce_https": True}],
                "node_to_node_encryption": [{"enabled": True}],
                "vpc_options": [{"subnet_ids": [Pointer("aws_subnet.a")]}],
                "cluster_config": [{"zone_awareness_enabled": True}],
            },
        ),
    )
    assert full.encrypted_at_rest.is_true
    assert full.customer_key.is_true
    assert full.encrypted_in_transit.is_true
    assert full.publicly_accessible.is_false
    assert full.subnets.targets == ("aws_subnet.a",)
    assert full.spans_zones.is_true
    bare: SearchDomain = mapped(SearchDomain, record(type, {"encrypt_at_rest": LeftOut()}))
    assert bare.encrypted_at_rest.is_false
    assert bare.encrypted_in_transit.is_false
    assert bare.publicly_accessible.is_true
    assert bare.spans_zones.is_false
    dark: SearchDomain = mapped(SearchDomain, record(type, {"vpc_options": AFTER}))
    assert dark.publicly_accessible.is_unknown


VPC = {"vpc_options": [{"subnet_ids": [Pointer("aws_subnet.a")]}]}
ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*"}
OFFICE = {**ANYBODY, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}}


@pytest.mark.parametrize(
    ("body", "ranges", "ports"),
    [
        (VPC, (), (443, 80)),
        ({"access_policies": json.dumps({"Statement": OFFICE})}, ("192.0.2.0/24",), (443, 80)),
        ({"access_policies": json.dumps({"Statement": [OFFICE, ANYBODY]})}, (), (443, 80)),
        ({}, (), (443, 80)),
        ({"access_policies": AFTER}, None, (443, 80)),
        ({"vpc_options": AFTER}, None, (443, 80)),
        ({**VPC, "domain_endpoint_options": [{"enforce_https": True}]}, (), (443,)),
        ({**VPC, "domain_endpoint_options": [{"enforce_https": AFTER}]}, (), None),
    ],
)
def test_who_may_call_a_search_domain(body: dict[str, Any], ranges: Any, ports: Any) -> None:
    found = mapped(SearchDomain, record("aws_opensearch_domain", body))
    callers, answers = found.public_ranges.content, found.ports.content
    assert isinstance(callers, Unknown) if ranges is None else callers == ranges
    assert isinstance(answers, Unknown) if ports is None else answers == ports
    assert found.addresses.content == ()


@pytest.mark.parametrize("type", ["aws_opensearch_domain", "aws_elasticsearch_domain"])
def test_the_separate_policy_of_a_search_domain(type: str) -> None:
    policy = {
        "domain_name": Pointer(f"{type}.a"),
        "access_policies": json.dumps({"Statement": OFFICE}),
    }
    found = mapped(
        SearchDomain, record(type, {"access_policies": LeftOut()}), record(f"{type}_policy", policy)
    )
    assert found.public_ranges.content == ("192.0.2.0/24",)


def test_https_is_demanded_by_default_in_the_block_only() -> None:
    body = {
        "domain_endpoint_options": [{"tls_security_policy": "Policy-Min-TLS-1-2-2019-07"}],
        "node_to_node_encryption": [{"enabled": True}],
    }
    domain: SearchDomain = mapped(SearchDomain, record("aws_opensearch_domain", body))
    assert domain.encrypted_in_transit.is_true


def test_domain_policies_are_not_reported_as_not_evaluated() -> None:
    policies = (record("aws_opensearch_domain_policy", {"domain_name": "x"}),)
    assert not population(*policies).unmapped


def test_mq_broker() -> None:
    broker: Broker = mapped(
        Broker,
        record(
            "aws_mq_broker",
            {
                "engine_type": "RabbitMQ",
                "publicly_accessible": True,
                "deployment_mode": "CLUSTER_MULTI_AZ",
                "encryption_options": [{"kms_key_id": KEY, "use_aws_owned_key": False}],
                "subnet_ids": [Pointer("aws_subnet.a")],
            },
        ),
    )
    assert broker.publicly_accessible.is_true
    assert broker.spans_zones.is_true
    assert broker.customer_key.is_true
    assert broker.encrypted_in_transit.is_true
    assert broker.subnets.targets == ("aws_subnet.a",)
    bare: Broker = mapped(Broker, record("aws_mq_broker", {}))
    assert bare.publicly_accessible.is_false
    assert bare.spans_zones.is_false
    assert bare.customer_key.is_false
    assert bare.subnets.unknown


def test_where_a_broker_answers() -> None:
    rabbit = mapped(Broker, record("aws_mq_broker", {"engine_type": "RABBITMQ"}))
    assert rabbit.ports.content == (443, 5671, 15671)
    active = mapped(Broker, record("aws_mq_broker", {"engine_type": "ActiveMQ"}))
    assert 61617 in active.ports.content
    assert 8162 in active.ports.content
    for engine in ("Kafka", AFTER, 7):
        other = mapped(Broker, record("aws_mq_broker", {"engine_type": engine}))
        assert isinstance(other.ports.content, Unknown)
    public = {"engine_type": "RabbitMQ", "publicly_accessible": True, "subnet_ids": LeftOut()}
    assert mapped(Broker, record("aws_mq_broker", public)).subnets.is_empty
    stands = {**public, "engine_type": "ActiveMQ"}
    assert mapped(Broker, record("aws_mq_broker", stands)).subnets.unknown


def kafka(mode: object, login: Any, access: object = "DISABLED") -> Any:
    body = {
        "broker_node_group_info": [{"connectivity_info": [{"public_access": [{"type": access}]}]}],
        "encryption_info": [{"encryption_in_transit": [{"client_broker": mode}]}],
        "client_authentication": login,
    }
    return mapped(Broker, record("aws_msk_cluster", body)).ports.content


@pytest.mark.parametrize(
    ("mode", "login", "ports"),
    [
        ("TLS", [], (9094,)),
        ("PLAINTEXT", [], (9092,)),
        ("TLS_PLAINTEXT", [], (9092, 9094)),
        ("TLS", [{"sasl": [{"iam": True}]}], (9098,)),
        ("TLS", [{"sasl": [{"scram": True}], "unauthenticated": True}], (9094, 9096)),
        ("TLS", [{"tls": [{"certificate_authority_arns": ["arn:x"]}]}], (9094,)),
        (AFTER, [], None),
        ("TLS", AFTER, None),
        ("TLS", [{"sasl": [{"iam": AFTER}]}], None),
    ],
)
def test_where_kafka_answers(mode: object, login: Any, ports: Any) -> None:
    found = kafka(mode, login)
    assert isinstance(found, Unknown) if ports is None else found == ports


def test_kafka_answers_the_internet_on_ports_of_their_own() -> None:
    assert kafka("TLS", [{"sasl": [{"iam": True}]}], "SERVICE_PROVIDED_EIPS") == (9098, 9198)
    serverless = mapped(Broker, record("aws_msk_serverless_cluster", {}))
    assert serverless.ports.content == (9098,)


def test_msk() -> None:
    body = {
        "broker_node_group_info": [
            {
                "client_subnets": [Pointer("aws_subnet.a")],
                "security_groups": [Pointer("aws_security_group.a")],
                "connectivity_info": [{"public_access": [{"type": "SERVICE_PROVIDED_EIPS"}]}],
            }
        ],
        "encryption_info": [{"encryption_in_transit": [{"client_broker": "TLS_PLAINTEXT"}]}],
    }
    kafka: Broker = mapped(Broker, record("aws_msk_cluster", body))
    assert kafka.publicly_accessible.is_true
    assert kafka.encrypted_in_transit.is_false
    assert kafka.subnets.targets == ("aws_subnet.a",)
    assert kafka.security_groups.targets == ("aws_security_group.a",)
    bare: Broker = mapped(Broker, record("aws_msk_cluster", {}))
    assert bare.publicly_accessible.is_false
    assert bare.encrypted_in_transit.is_unknown
    assert bare.customer_key.is_false
    serverless = {"vpc_config": [{"subnet_ids": [Pointer("aws_subnet.a")]}]}
    found: Broker = mapped(Broker, record("aws_msk_serverless_cluster", serverless))
    assert found.subnets.targets == ("aws_subnet.a",)
    assert found.encrypted_in_transit.is_true


def test_migration() -> None:
    group = record("aws_dms_replication_subnet_group", {"subnet_ids": [Pointer("aws_subnet.a")]})
    body = {
        "publicly_accessible": True,
        "multi_az": True,
        "replication_subnet_group_id": Pointer("aws_dms_replication_subnet_group.a"),
    }
    engine: DataStore = mapped(DataStore, record("aws_dms_replication_instance", body), group)
    assert engine.publicly_accessible.is_true
    assert engine.spans_zones.is_true
    assert engine.subnets.targets == ("aws_subnet.a",)
    assert engine.customer_key.is_false
    bare: DataStore = mapped(DataStore, record("aws_dms_replication_instance", {}))
    assert bare.publicly_accessible.is_false


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"engine_name": "mysql", "ssl_mode": "require"}, True),
        ({"engine_name": "mysql", "ssl_mode": "none"}, False),
        ({"engine_name": "mysql"}, False),
        ({"engine_name": "redshift"}, True),
        ({"engine_name": "mysql", "ssl_mode": AFTER}, None),
        ({"engine_name": "kafka", "kafka_settings": [{"broker": "b:9092"}]}, False),
        ({"engine_name": "kafka", "kafka_settings": [{"security_protocol": "sasl-ssl"}]}, True),
        ({"engine_name": "redis", "redis_settings": [{"port": 6379}]}, True),
    ],
)
def test_endpoint_in_transit(body: dict[str, Any], expected: bool | None) -> None:
    endpoint: DataStore = mapped(DataStore, record("aws_dms_endpoint", body))
    truth = endpoint.encrypted_in_transit
    assert truth.is_unknown if expected is None else truth.is_true is expected


def test_endpoint_of_an_aws_service_has_no_tls_mode() -> None:
    endpoint: DataStore = mapped(DataStore, record("aws_dms_endpoint", {"engine_name": "s3"}))
    with pytest.raises(Inapplicable):
        _ = endpoint.encrypted_in_transit


def test_efs() -> None:
    everybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*", "Resource": "*"}
    policy = record(
        "aws_efs_file_system_policy",
        {
            "file_system_id": Pointer("aws_efs_file_system.a"),
            "policy": json.dumps({"Statement": everybody}),
        },
    )
    files: FileSystem = mapped(
        FileSystem, record("aws_efs_file_system", {"encrypted": True, "kms_key_id": KEY}), policy
    )
    assert files.encrypted_at_rest.is_true
    assert files.customer_key.is_true
    assert everyone(files.resource_policy).is_true
    bare: FileSystem = mapped(FileSystem, record("aws_efs_file_system", {"encrypted": LeftOut()}))
    assert bare.encrypted_at_rest.is_false
    assert bare.customer_key.is_false
    assert bare.resource_policy.is_absent


def test_where_a_file_system_answers() -> None:
    body = {
        "file_system_id": Pointer("aws_efs_file_system.a"),
        "subnet_id": Pointer("aws_subnet.s"),
        "security_groups": [Pointer("aws_security_group.g")],
        "ip_address": "10.0.0.9",
    }
    target = mapped(MountTarget, record("aws_efs_mount_target", body))
    assert target.file_systems.targets == ("aws_efs_file_system.a",)
    assert target.subnets.targets == ("aws_subnet.s",)
    assert target.security_groups.targets == ("aws_security_group.g",)
    assert target.addresses.content == ("10.0.0.9",)
    left = {"ip_address": LeftOut(), "security_groups": LeftOut(), "subnet_id": AFTER}
    bare = mapped(MountTarget, record("aws_efs_mount_target", left))
    assert bare.addresses.content == ()
    assert bare.security_groups.is_empty
    assert bare.subnets.unknown


@pytest.mark.parametrize("kind", ["lustre", "ontap", "openzfs", "windows"])
def test_where_a_file_system_of_fsx_answers(kind: str) -> None:
    type = f"aws_fsx_{kind}_file_system"
    body = {"subnet_ids": [Pointer("x.s")], "security_group_ids": [Pointer("x.g")]}
    target = mapped(MountTarget, record(type, body))
    assert target.file_systems.targets == (f"{type}.a",)
    assert target.subnets.targets == ("x.s",)
    assert target.security_groups.targets == ("x.g",)
    assert target.addresses.content == ()


@pytest.mark.parametrize("kind", ["lustre", "ontap", "openzfs", "windows"])
def test_fsx(kind: str) -> None:
    type = f"aws_fsx_{kind}_file_system"
    keyed: FileSystem = mapped(FileSystem, record(type, {"kms_key_id": KEY}))
    assert keyed.encrypted_at_rest.is_true
    assert keyed.customer_key.is_true
    bare: FileSystem = mapped(FileSystem, record(type, {"kms_key_id": LeftOut()}))
    assert bare.customer_key.is_false
    with pytest.raises(Inapplicable):
        _ = bare.resource_policy
