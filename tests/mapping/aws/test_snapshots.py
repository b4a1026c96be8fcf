from __future__ import annotations

from typing import Any

import pytest

from scanner.model.data import Snapshot
from scanner.record import Location, Record
from scanner.value import Unknown
from tests.mapping.conftest import Pointer, Resolver, mapped, record

AFTER = Unknown("known after apply")


def snapshot(type: str, body: dict[str, Any], *others: Record) -> Snapshot:
    found: Snapshot = mapped(Snapshot, record(type, body), *others, address=f"{type}.a")
    return found


DATABASES = [
    ("aws_db_snapshot", "db_instance_identifier", "aws_db_instance"),
    ("aws_db_cluster_snapshot", "db_cluster_identifier", "aws_rds_cluster"),
    ("aws_docdb_cluster_snapshot", "db_cluster_identifier", "aws_docdb_cluster"),
    ("aws_neptune_cluster_snapshot", "db_cluster_identifier", "aws_neptune_cluster"),
    ("aws_db_snapshot_copy", "source_db_snapshot_identifier", "aws_db_snapshot"),
    (
        "aws_rds_cluster_snapshot_copy",
        "source_db_cluster_snapshot_identifier",
        "aws_db_cluster_snapshot",
    ),
]


@pytest.mark.parametrize(("type", "path", "origin"), DATABASES)
def test_database_snapshot(type: str, path: str, origin: str) -> None:
    body = {path: Pointer(f"{origin}.b")}
    own = "encrypted" if origin == "aws_db_snapshot" else "storage_encrypted"
    encrypted = record(origin, {own: True}, "b")
    plain = record(origin, {own: False}, "b")
    assert snapshot(type, body, encrypted).encrypted_at_rest.is_true
    assert snapshot(type, body, plain).encrypted_at_rest.is_false
    assert snapshot(type, body, record(origin, {own: AFTER}, "b")).encrypted_at_rest.is_unknown
    assert snapshot(type, {path: "outside"}).encrypted_at_rest.is_unknown
    assert snapshot(type, {path: "x", "shared_accounts": ["all"]}).public.is_true
    assert snapshot(type, {path: "x", "shared_accounts": ["111122223333"]}).public.is_false
    assert snapshot(type, {path: "x"}).public.is_false
    assert snapshot(type, {path: "x", "shared_accounts": AFTER}).public.is_unknown


def test_a_copy_with_a_key_is_encrypted() -> None:
    body = {"source_db_snapshot_identifier": "outside", "kms_key_id": "alias/mine"}
    assert snapshot("aws_db_snapshot_copy", body).encrypted_at_rest.is_true


def test_volume_snapshot_is_as_its_volume() -> None:
    body = {"volume_id": Pointer("aws_ebs_volume.a"), "encrypted": AFTER}
    for flag in (True, False):
        volume = record("aws_ebs_volume", {"encrypted": flag})
        assert snapshot("aws_ebs_snapshot", body, volume).encrypted_at_rest.is_true is flag
    assert snapshot("aws_ebs_snapshot", {"volume_id": "vol-1"}).encrypted_at_rest.is_unknown
    assert snapshot("aws_ebs_snapshot", {"encrypted": True}).encrypted_at_rest.is_true


def test_encryption_by_default_counts_in_its_region_only() -> None:
    def placed(type: str, body: dict[str, Any], region: str) -> Record:
        place = Location(region=region)
        return Record(type, f"{type}.a", body, location=place, resolver=Resolver())

    body = {"volume_id": Pointer("aws_ebs_volume.a")}
    volume = placed("aws_ebs_volume", {}, "eu-west-1")
    here = placed("aws_ebs_encryption_by_default", {"enabled": True}, "eu-west-1")
    there = placed("aws_ebs_encryption_by_default", {"enabled": True}, "eu-central-1")
    assert snapshot("aws_ebs_snapshot", body, volume, here).encrypted_at_rest.is_true
    assert snapshot("aws_ebs_snapshot", body, volume, there).encrypted_at_rest.is_false


def test_copies_of_snapshots() -> None:
    body = {"source_snapshot_id": Pointer("aws_ebs_snapshot.b")}
    source = record("aws_ebs_snapshot", {"encrypted": True}, "b")
    assert snapshot("aws_ebs_snapshot_copy", body, source).encrypted_at_rest.is_true
    assert snapshot("aws_ebs_snapshot_copy", {"encrypted": True}).encrypted_at_rest.is_true
    assert snapshot(
        "aws_ebs_snapshot_copy", {"source_snapshot_id": "s"}
    ).encrypted_at_rest.is_unknown
    assert snapshot("aws_ebs_snapshot_import", {}).encrypted_at_rest.is_false


@pytest.mark.parametrize(
    "type", ["aws_ebs_snapshot", "aws_ebs_snapshot_copy", "aws_ebs_snapshot_import"]
)
def test_permission_of_a_snapshot(type: str) -> None:
    def shared(account: Any) -> Record:
        body = {"snapshot_id": Pointer(f"{type}.a"), "account_id": account}
        return record("aws_snapshot_create_volume_permission", body)

    assert snapshot(type, {}, shared("all")).public.is_true
    assert snapshot(type, {}, shared("111122223333")).public.is_false
    assert snapshot(type, {}, shared(AFTER)).public.is_unknown
    assert snapshot(type, {}).public.is_false


@pytest.mark.parametrize("type", ["aws_ami", "aws_ami_copy", "aws_ami_from_instance"])
def test_permission_of_an_image(type: str) -> None:
    permission = {"image_id": Pointer(f"{type}.a")}
    everybody = record("aws_ami_launch_permission", {**permission, "group": "all"})
    somebody = record("aws_ami_launch_permission", {**permission, "account_id": "111122223333"})
    assert snapshot(type, {}, everybody).public.is_true
    assert snapshot(type, {}, somebody).public.is_false
    assert snapshot(type, {}).public.is_false


def test_images() -> None:
    devices = [{"encrypted": True}, {"snapshot_id": Pointer("aws_ebs_snapshot.b")}]
    body = {"ebs_block_device": devices}
    for flag in (True, False):
        source = record("aws_ebs_snapshot", {"encrypted": flag}, "b")
        assert snapshot("aws_ami", body, source).encrypted_at_rest.is_true is flag
    assert snapshot("aws_ami", {"ebs_block_device": [{}]}).encrypted_at_rest.is_false
    assert snapshot("aws_ami", {"ebs_block_device": AFTER}).encrypted_at_rest.is_unknown
    image = record("aws_ami", {"ebs_block_device": [{"encrypted": True}]}, "b")
    copy = {"source_ami_id": Pointer("aws_ami.b")}
    assert snapshot("aws_ami_copy", copy, image).encrypted_at_rest.is_true
    assert snapshot("aws_ami_copy", {"encrypted": True}).encrypted_at_rest.is_true
    assert snapshot("aws_ami_copy", {"source_ami_id": "ami-1"}).encrypted_at_rest.is_unknown
    machine = record("aws_instance", {"root_block_device": [{"encrypted": True}]})
    made = {"source_instance_id": Pointer("aws_instance.a")}
    assert snapshot("aws_ami_from_instance", made, machine).encrypted_at_rest.is_true
    disks = {"root_block_device": [{"encrypted": True}], "ebs_block_device": [{}]}
    machine = record("aws_instance", disks)
    assert snapshot("aws_ami_from_instance", made, machine).encrypted_at_rest.is_false
