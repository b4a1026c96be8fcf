from __future__ import annotations

from typing import Any

import pytest

from scanner.model.base import Inapplicable
from scanner.model.data import Database
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

AFTER = Unknown("known after apply")


def database(type: str, body: dict[str, Any], *others: Record) -> Database:
    found: Database = mapped(Database, record(type, body), *others, address=f"{type}.a")
    return found


def instance(body: dict[str, Any], *others: Record) -> Database:
    return database("aws_db_instance", body, *others)


def test_instance_that_sets_everything() -> None:
    full = instance(
        {
            "engine": "postgres",
            "storage_encrypted": True,
            "kms_key_id": Pointer("aws_kms_key.a"),
            "publicly_accessible": True,
            "multi_az": True,
            "deletion_protection": True,
            "backup_retention_period": 14,
            "auto_minor_version_upgrade": False,
            "enabled_cloudwatch_logs_exports": ["postgresql"],
            "vpc_security_group_ids": [Pointer("aws_security_group.a")],
            "db_subnet_group_name": Pointer("aws_db_subnet_group.a"),
        },
        record("aws_kms_key", {}),
        record("aws_db_subnet_group", {"subnet_ids": [Pointer("aws_subnet.a", "aws_subnet.b")]}),
    )
    assert full.engine.content == "postgres"
    assert full.encrypted_at_rest.is_true
    assert full.customer_key.is_true
    assert full.keys.targets == ("aws_kms_key.a",)
    assert full.publicly_accessible.is_true
    assert full.spans_zones.is_true
    assert full.deletion_protected.is_true
    assert full.backup_days.content == 14
    assert full.minor_upgrades_automatic.is_false
    assert full.audit_logged.is_true
    assert full.security_groups.targets == ("aws_security_group.a",)
    assert full.subnets.targets == ("aws_subnet.a", "aws_subnet.b")
    assert full.cluster.is_empty


def test_instance_that_sets_nothing() -> None:
    bare = instance({"engine": "mysql", "engine_version": "8.0.36", "kms_key_id": LeftOut()})
    assert bare.encrypted_at_rest.is_false
    assert bare.customer_key.is_false
    assert bare.publicly_accessible.is_false
    assert bare.spans_zones.is_false
    assert bare.deletion_protected.is_false
    assert bare.backup_days.content == 0
    assert bare.minor_upgrades_automatic.is_true
    assert bare.audit_logged.is_false
    assert bare.encrypted_in_transit.is_false
    assert "default VPC" in bare.subnets.unknown[0]


@pytest.mark.parametrize(
    ("engine", "port"),
    [
        ("mysql", 3306),
        ("mariadb", 3306),
        ("postgres", 5432),
        ("oracle-ee", 1521),
        ("custom-oracle-ee-cdb", 1521),
        ("sqlserver-web", 1433),
        ("db2-se", 50000),
        ("of-tomorrow", None),
        (AFTER, None),
        (7, None),
    ],
)
def test_the_port_of_an_engine(engine: object, port: int | None) -> None:
    for body in ({"engine": engine}, {"engine": engine, "port": LeftOut()}):
        found = mapped(Database, record("aws_db_instance", body)).ports.content
        assert isinstance(found, Unknown) if port is None else found == (port,)


@pytest.mark.parametrize(
    ("port", "found"),
    [(6000, (6000,)), ("6000", (6000,)), (AFTER, AFTER), (True, None), (70000, None), ([], None)],
)
def test_a_port_that_is_written(port: object, found: object) -> None:
    content = mapped(Database, record("aws_db_instance", {"engine": "mysql", "port": port})).ports
    assert isinstance(content.content, Unknown) if found is None else content.content == found


def test_what_is_made_from_another_has_its_port() -> None:
    source = record("aws_db_instance", {"engine": "mysql", "port": 6000}, "s")
    snapshot = record("aws_db_snapshot", {"db_instance_identifier": Pointer("aws_db_instance.s")})
    replica = {"replicate_source_db": Pointer("aws_db_instance.s"), "port": LeftOut()}
    restored = {"snapshot_identifier": Pointer("aws_db_snapshot.a"), "engine": "mysql"}
    for body in (replica, restored):
        records = (record("aws_db_instance", body, "r"), source, snapshot)
        found = mapped(Database, *records, address="aws_db_instance.r")
        assert found.ports.content == (6000,)
    elsewhere = record("aws_db_instance", {"snapshot_identifier": "other", "engine": "mysql"})
    assert isinstance(mapped(Database, elsewhere).ports.content, Unknown)
    own = record("aws_db_instance", {**restored, "port": 7000}, "r")
    found = mapped(Database, own, source, snapshot, address="aws_db_instance.r")
    assert found.ports.content == (7000,)


def test_a_cluster_that_is_restored_to_a_time_has_the_port_of_the_engine() -> None:
    later = [{"source_cluster_identifier": "other"}]
    body = {"engine": "aurora-postgresql", "restore_to_point_in_time": later}
    assert mapped(Database, record("aws_rds_cluster", body)).ports.content == (5432,)
    body = {"engine": "aurora-postgresql", "snapshot_identifier": "other"}
    assert isinstance(mapped(Database, record("aws_rds_cluster", body)).ports.content, Unknown)


@pytest.mark.parametrize(
    ("type", "port"),
    [("aws_docdb_cluster", 27017), ("aws_neptune_cluster", 8182), ("aws_redshift_cluster", 5439)],
)
def test_where_clusters_answer(type: str, port: int) -> None:
    found = mapped(Database, record(type, {}))
    assert found.ports.content == (port,)
    assert found.addresses.content == ()
    assert found.public_ranges.content == ()
    assert mapped(Database, record(type, {"port": 9999})).ports.content == (9999,)
    assert isinstance(mapped(Database, record(type, {"port": AFTER})).ports.content, Unknown)


def test_instance_of_which_nothing_is_known() -> None:
    names = ("engine", "storage_encrypted", "kms_key_id", "multi_az", "parameter_group_name")
    dark = instance(dict.fromkeys(names, AFTER))
    assert dark.encrypted_at_rest.is_unknown
    assert dark.customer_key.is_unknown
    assert dark.spans_zones.is_unknown
    assert dark.encrypted_in_transit.is_unknown


@pytest.mark.parametrize(
    ("engine", "version", "forced"),
    [
        ("postgres", "16.4", True),
        ("postgres", "14.9", False),
        ("postgres", AFTER, None),
        ("mysql", "8.0.36", False),
        ("mysql", "8.4.3", None),
        ("mysql", "8", None),
        ("mysql", "5.7", False),
        ("mariadb", "11.8.2", True),
        ("mariadb", "10.11", False),
        ("mariadb", "11.4", False),
        ("mariadb", "11", None),
        ("mariadb", "12", True),
        ("sqlserver-ex", "15.00", False),
        ("oracle-ee", "19", None),
    ],
)
def test_tls_by_default(engine: str, version: Any, forced: bool | None) -> None:
    truth = instance({"engine": engine, "engine_version": version}).encrypted_in_transit
    assert truth.is_unknown if forced is None else truth.is_true is forced


def parameters(type: str, *pairs: tuple[Any, Any], family: str = "") -> Record:
    blocks = [{"name": name, "value": value} for name, value in pairs]
    return record(type, {"parameter": blocks, "family": family})


def test_tls_by_parameter_group() -> None:
    group = "aws_db_parameter_group"
    body = {"engine": "postgres", "parameter_group_name": Pointer(f"{group}.a")}
    assert instance(body, parameters(group, ("rds.force_ssl", "1"))).encrypted_in_transit.is_true
    assert instance(body, parameters(group, ("rds.force_ssl", "0"))).encrypted_in_transit.is_false
    assert instance(
        body, parameters(group, ("rds.force_ssl", AFTER))
    ).encrypted_in_transit.is_unknown
    # The group does not set it: its family tells the version.
    assert instance(body, parameters(group, family="postgres16")).encrypted_in_transit.is_true
    assert instance(body, parameters(group, family="postgres13")).encrypted_in_transit.is_false
    sql = {"engine": "mariadb", "parameter_group_name": Pointer(f"{group}.a")}
    on = parameters(group, ("require_secure_transport", "ON"))
    assert instance(sql, on).encrypted_in_transit.is_true
    outside = {"engine": "postgres", "parameter_group_name": "made-elsewhere"}
    assert instance(outside).encrypted_in_transit.is_unknown
    default = {"engine": "postgres", "parameter_group_name": "default.postgres16"}
    assert instance({**default, "engine_version": "16"}).encrypted_in_transit.is_true


def test_a_replica_has_the_encryption_and_backups_of_its_source() -> None:
    body = {"engine": AFTER, "replicate_source_db": Pointer("aws_db_instance.b")}
    source = record(
        "aws_db_instance",
        {"storage_encrypted": True, "kms_key_id": "arn:aws:kms:eu-west-1:1:key/1"},
        "b",
    )
    replica = instance(body, source)
    assert replica.encrypted_at_rest.is_true
    assert replica.customer_key.is_true
    with pytest.raises(Inapplicable):
        _ = replica.backup_days
    assert instance(body, record("aws_db_instance", {}, "b")).encrypted_at_rest.is_false
    elsewhere = {"replicate_source_db": "arn:aws:rds:eu-west-1:111122223333:db:other"}
    assert instance(elsewhere).encrypted_at_rest.is_unknown
    abroad = {**elsewhere, "kms_key_id": "arn:aws:kms:eu-central-1:1:key/1"}
    assert instance(abroad).encrypted_at_rest.is_true


def test_replicas_of_each_other_are_unknown() -> None:
    first = {"replicate_source_db": Pointer("aws_db_instance.b")}
    second = record("aws_db_instance", {"replicate_source_db": Pointer("aws_db_instance.a")}, "b")
    assert instance(first, second).encrypted_at_rest.is_unknown
    assert instance(first, second).customer_key.is_unknown


def test_aurora_cluster() -> None:
    body = {
        "engine": "aurora-mysql",
        "storage_encrypted": True,
        "backup_retention_period": 30,
        "db_cluster_parameter_group_name": Pointer("aws_rds_cluster_parameter_group.a"),
        "db_subnet_group_name": Pointer("aws_db_subnet_group.a"),
    }
    on = parameters("aws_rds_cluster_parameter_group", ("require_secure_transport", "ON"))
    group = record("aws_db_subnet_group", {"subnet_ids": [Pointer("aws_subnet.a")]})
    cluster = database("aws_rds_cluster", body, on, group)
    assert cluster.encrypted_at_rest.is_true
    assert cluster.customer_key.is_false
    assert cluster.encrypted_in_transit.is_true
    assert cluster.backup_days.content == 30
    assert cluster.subnets.targets == ("aws_subnet.a",)
    assert cluster.spans_zones.is_false
    with pytest.raises(Inapplicable):
        _ = cluster.publicly_accessible
    bare = database("aws_rds_cluster", {"engine": "aurora-postgresql", "engine_version": "17.4"})
    assert bare.encrypted_at_rest.is_true
    assert bare.customer_key.is_false
    plain = database("aws_rds_cluster", {"engine": "aurora-mysql", "storage_encrypted": False})
    assert plain.encrypted_at_rest.is_false
    member = {"engine": "aurora-mysql", "global_cluster_identifier": "ledger"}
    assert database("aws_rds_cluster", member).encrypted_at_rest.is_unknown
    assert bare.encrypted_in_transit.is_true
    assert bare.backup_days.content == 1
    assert bare.audit_logged.is_false
    old = database("aws_rds_cluster", {"engine": "aurora", "engine_mode": "serverless"})
    assert old.encrypted_at_rest.is_true
    assert old.spans_zones.is_true


def test_multi_az_cluster_of_rds() -> None:
    body = {"engine": "postgres", "db_cluster_instance_class": "db.r6gd.large"}
    bare = database("aws_rds_cluster", body)
    assert bare.publicly_accessible.is_true
    assert bare.minor_upgrades_automatic.is_true
    assert bare.spans_zones.is_true
    assert bare.encrypted_at_rest.is_false
    inside = {**body, "db_subnet_group_name": Pointer("aws_db_subnet_group.a")}
    group = record("aws_db_subnet_group", {"subnet_ids": [Pointer("aws_subnet.a")]})
    assert database("aws_rds_cluster", inside, group).publicly_accessible.is_false
    outside = {**body, "db_subnet_group_name": "made-elsewhere"}
    assert database("aws_rds_cluster", outside).publicly_accessible.is_false
    dark = {**body, "db_subnet_group_name": AFTER}
    assert database("aws_rds_cluster", dark).publicly_accessible.is_unknown
    maybe = database("aws_rds_cluster", {**body, "db_cluster_instance_class": AFTER})
    assert maybe.publicly_accessible.is_unknown
    assert maybe.minor_upgrades_automatic.is_unknown


def test_what_a_restored_database_says_of_encryption_does_not_decide() -> None:
    own = {"engine": "postgres", "storage_encrypted": True}
    outside = {**own, "snapshot_identifier": "ledger-before-move"}
    assert instance(outside).encrypted_at_rest.is_unknown
    copied = {**own, "snapshot_identifier": Pointer("aws_db_snapshot.b")}
    for flag in (True, False):
        snapshot = record("aws_db_snapshot", {"encrypted": flag}, "b")
        assert instance(copied, snapshot).encrypted_at_rest.is_true is flag
    assert instance({**own, "snapshot_identifier": None}).encrypted_at_rest.is_true


@pytest.mark.parametrize(
    ("type", "zones"),
    [
        ("aws_rds_cluster", ("x", "y")),
        ("aws_rds_cluster", (None, None)),
        ("aws_docdb_cluster", ("x", "y")),
        ("aws_neptune_cluster", ("x", "y")),
    ],
)
def test_cluster_with_two_instances_spans_zones(type: str, zones: tuple[Any, Any]) -> None:
    members = [
        record(
            f"{type}_instance",
            {"cluster_identifier": Pointer(f"{type}.a"), "availability_zone": zone},
            name,
        )
        for name, zone in zip("xy", zones, strict=True)
    ]
    assert database(type, {}, *members).spans_zones.is_true
    assert database(type, {}, members[0]).spans_zones.is_false
    loose = record(f"{type}_instance", {"cluster_identifier": AFTER}, "z")
    assert database(type, {}, loose).spans_zones.is_unknown


@pytest.mark.parametrize("type", ["aws_docdb_cluster", "aws_neptune_cluster"])
def test_where_instances_are_put_that_name_no_zone_is_not_known(type: str) -> None:
    member = {"cluster_identifier": Pointer(f"{type}.a")}
    both = [record(f"{type}_instance", member, name) for name in "xy"]
    assert database(type, {}, *both).spans_zones.is_unknown


def test_instances_in_one_zone_do_not_span() -> None:
    member = {"cluster_identifier": Pointer("aws_rds_cluster.a"), "availability_zone": "x"}
    both = [record("aws_rds_cluster_instance", member, name) for name in "xy"]
    assert database("aws_rds_cluster", {}, *both).spans_zones.is_false


@pytest.mark.parametrize("type", ["aws_rds_cluster", "aws_neptune_cluster"])
def test_cluster_instances_are_only_judged_for_what_is_their_own(type: str) -> None:
    body = {"publicly_accessible": True, "cluster_identifier": Pointer(f"{type}.b")}
    member = database(f"{type}_instance", body)
    assert member.publicly_accessible.is_true
    assert member.minor_upgrades_automatic.is_true
    assert member.cluster.targets == (f"{type}.b",)
    for name in ("encrypted_at_rest", "backup_days", "subnets", "spans_zones"):
        with pytest.raises(Inapplicable):
            getattr(member, name)
    assert database(f"{type}_instance", {}).publicly_accessible.is_false


def test_global_cluster_follows_its_source() -> None:
    source = {"source_db_cluster_identifier": Pointer("aws_rds_cluster.a")}
    encrypted = record("aws_rds_cluster", {"storage_encrypted": True})
    assert database("aws_rds_global_cluster", source, encrypted).encrypted_at_rest.is_true
    assert database("aws_rds_global_cluster", {}).encrypted_at_rest.is_false
    assert database("aws_rds_global_cluster", {}).deletion_protected.is_false


def test_documentdb() -> None:
    body = {
        "db_subnet_group_name": Pointer("aws_docdb_subnet_group.a"),
        "db_cluster_parameter_group_name": Pointer("aws_docdb_cluster_parameter_group.a"),
        "enabled_cloudwatch_logs_exports": ["profiler"],
    }
    group = record("aws_docdb_subnet_group", {"subnet_ids": [Pointer("aws_subnet.a")]})
    off = parameters("aws_docdb_cluster_parameter_group", ("tls", "disabled"))
    cluster = database("aws_docdb_cluster", body, group, off)
    assert cluster.encrypted_in_transit.is_false
    assert cluster.audit_logged.is_false
    assert cluster.subnets.targets == ("aws_subnet.a",)
    assert cluster.publicly_accessible.is_false
    bare = database("aws_docdb_cluster", {"enabled_cloudwatch_logs_exports": ["audit"]})
    assert bare.encrypted_in_transit.is_true
    assert bare.audit_logged.is_true
    assert bare.encrypted_at_rest.is_false
    for name in ("publicly_accessible", "minor_upgrades_automatic"):
        with pytest.raises(Inapplicable):
            getattr(database("aws_docdb_cluster_instance", {}), name)


def test_neptune() -> None:
    cluster = database(
        "aws_neptune_cluster",
        {
            "storage_encrypted": True,
            "kms_key_arn": "arn:aws:kms:eu-west-1:1:key/1",
            "enable_cloudwatch_logs_exports": ["audit"],
            "neptune_subnet_group_name": Pointer("aws_neptune_subnet_group.a"),
        },
        record("aws_neptune_subnet_group", {"subnet_ids": ["subnet-1"]}),
    )
    assert cluster.customer_key.is_true
    assert cluster.encrypted_in_transit.is_true
    assert cluster.audit_logged.is_true
    assert cluster.subnets.outside == ("subnet-1",)


def test_redshift() -> None:
    body = {
        "cluster_parameter_group_name": Pointer("aws_redshift_parameter_group.a"),
        "cluster_subnet_group_name": Pointer("aws_redshift_subnet_group.a"),
        "encrypted": "false",
    }
    group = record("aws_redshift_subnet_group", {"subnet_ids": [Pointer("aws_subnet.a")]})
    kind = "aws_redshift_parameter_group"
    on = parameters(kind, ("require_ssl", "true"), family="redshift-1.0")
    warehouse = database("aws_redshift_cluster", body, group, on)
    assert warehouse.encrypted_at_rest.is_false
    assert warehouse.encrypted_in_transit.is_true
    assert warehouse.subnets.targets == ("aws_subnet.a",)
    silent = parameters(kind, family="redshift-1.0")
    assert database("aws_redshift_cluster", body, silent).encrypted_in_transit.is_false
    silent = parameters(kind, family="redshift-2.0")
    assert database("aws_redshift_cluster", body, silent).encrypted_in_transit.is_true
    silent = parameters(kind, family="redshift-3.0")
    assert database("aws_redshift_cluster", body, silent).encrypted_in_transit.is_unknown
    bare = database("aws_redshift_cluster", {})
    assert bare.encrypted_in_transit.is_unknown
    assert bare.audit_logged.is_false
    assert bare.publicly_accessible.is_false
    logging = record(
        "aws_redshift_logging", {"cluster_identifier": Pointer("aws_redshift_cluster.a")}
    )
    assert database("aws_redshift_cluster", {}, logging).audit_logged.is_true


def test_dynamodb() -> None:
    table = database(
        "aws_dynamodb_table",
        {
            "server_side_encryption": [{"enabled": True, "kms_key_arn": Pointer("aws_kms_key.a")}],
            "point_in_time_recovery": [{"enabled": True}],
            "deletion_protection_enabled": True,
        },
        record("aws_kms_key", {}),
    )
    assert table.customer_key.is_true
    assert table.backup_days.content == 35
    assert table.deletion_protected.is_true
    bare = database("aws_dynamodb_table", {"point_in_time_recovery": LeftOut()})
    assert bare.encrypted_at_rest.is_true
    assert bare.customer_key.is_false
    assert bare.encrypted_in_transit.is_true
    assert bare.spans_zones.is_true
    assert bare.backup_days.content == 0
    dark = database("aws_dynamodb_table", {"point_in_time_recovery": [{"enabled": AFTER}]})
    assert isinstance(dark.backup_days.content, Unknown)
    with pytest.raises(Inapplicable):
        _ = bare.subnets


def test_groups_are_not_reported_as_not_evaluated() -> None:
    types = (
        "aws_db_subnet_group",
        "aws_db_parameter_group",
        "aws_rds_cluster_parameter_group",
        "aws_docdb_subnet_group",
        "aws_docdb_cluster_parameter_group",
        "aws_redshift_subnet_group",
    )
    assert not population(*(record(type, {}) for type in types)).unmapped
