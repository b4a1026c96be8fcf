"""Copies of databases, volumes and machines: snapshots and images.

API paths are those of DescribeDBSnapshots, DescribeDBSnapshotAttributes (botocore service model
`rds`), DescribeSnapshots, DescribeSnapshotAttribute, DescribeImages and DescribeImageAttribute
(`ec2`).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.aws.rds_origin import encrypted
from scanner.mapping.fields import Derived, flag, holds, shown
from scanner.mapping.references import OfOther, Some, ref
from scanner.mapping.registry import companion, maps
from scanner.model.base import Field
from scanner.model.data import Snapshot
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, all_of, known, unknown
from scanner.value import Unknown


def _is_all(account: Any) -> bool:
    return str(account) == "all"


def _includes_all(accounts: Any) -> bool:
    return any(_is_all(account) for account in accounts)


for _type, _key in {
    "aws_db_snapshot": "DBSnapshotAttributes",
    "aws_db_snapshot_copy": "DBSnapshotAttributes",
    "aws_db_cluster_snapshot": "DBClusterSnapshotAttributes",
    "aws_rds_cluster_snapshot_copy": "DBClusterSnapshotAttributes",
    "aws_docdb_cluster_snapshot": "DBClusterSnapshotAttributes",
    "aws_neptune_cluster_snapshot": "DBClusterSnapshotAttributes",
}.items():
    maps(
        _type,
        to=Snapshot,
        encrypted_at_rest=Derived(encrypted),
        # Amazon RDS User Guide, "Sharing a DB snapshot": the value `all` makes it public.
        public=holds(_includes_all, "shared_accounts", f"{_key}[].AttributeValues", unset=()),
    )

_OWN: Final = flag("encrypted", "Encrypted")


def _volume_encrypted(block: Block) -> Truth:
    """Whether a volume is encrypted, by itself or as the account encrypts all in its Region."""
    own: Truth = _OWN.read(block)
    for record in block.record.peers.of("aws_ebs_encryption_by_default"):
        here, there = block.record.location.region, record.location.region
        if record.managed and here and here == there:
            own = own | flag("enabled", "EbsEncryptionByDefault").read(record.block)
    return own


_OF_VOLUME: Final = OfOther(
    ref("volume_id", "", "aws_ebs_volume"), {"aws_ebs_volume": Derived(_volume_encrypted)}
)


def _snapshot_encrypted(block: Block) -> Truth:
    """Whether a snapshot is encrypted: by what the provider told, or as its origin is."""
    if block.record.shape == "api" or isinstance(block.read("encrypted"), bool):
        return _OWN.read(block)
    return _OF_VOLUME.read(block)


def _copy_encrypted(block: Block) -> Truth:
    """Whether a copy is encrypted; the copy of an encrypted one always is."""
    if block.record.shape == "api":
        return _OWN.read(block)
    own: Truth = _OWN.read(block)
    if own.is_true:
        return own
    return own | _OF_SNAPSHOT.read(block)


_OF_SNAPSHOT: Final = OfOther(
    ref("source_snapshot_id", "", "aws_ebs_snapshot"),
    {"aws_ebs_snapshot": Derived(_snapshot_encrypted)},
)
_BY_PERMISSION: Final = Some(
    {"aws_snapshot_create_volume_permission": holds(_is_all, "account_id", "Group")},
    "no permission in what was read shares it",
)

_SNAPSHOTS: Final[dict[str, Field]] = {
    "aws_ebs_snapshot": Derived(_snapshot_encrypted),
    "aws_ebs_snapshot_copy": Derived(_copy_encrypted),
    "aws_ebs_snapshot_import": _OWN,
}
for _type, _encrypted in _SNAPSHOTS.items():
    maps(_type, to=Snapshot, encrypted_at_rest=_encrypted, public=_BY_PERMISSION)

companion("aws_snapshot_create_volume_permission", _SNAPSHOTS, "snapshot_id", "SnapshotId")

_OF_DEVICE: Final = OfOther(
    ref("snapshot_id", "", "aws_ebs_snapshot", "aws_ebs_snapshot_copy"),
    {
        "aws_ebs_snapshot": Derived(_snapshot_encrypted),
        "aws_ebs_snapshot_copy": Derived(_copy_encrypted),
    },
)


def _image_encrypted(block: Block) -> Truth:
    """Whether all block devices of an image are encrypted."""
    devices = block.blocks("ebs_block_device")
    if isinstance(devices, Unknown):
        return unknown(Evidence(f"{block.address}.ebs_block_device", devices.reason))
    truths = [
        (_OF_DEVICE if device.has("snapshot_id") else _OWN).read(device) for device in devices
    ]
    if not truths:
        return known(True, Evidence(block.address, "it holds no block device"))
    return all_of(truths)


_OF_IMAGE: Final = OfOther(
    ref("source_ami_id", "", "aws_ami"), {"aws_ami": Derived(_image_encrypted)}
)


def _machine_encrypted(block: Block) -> Truth:
    """Whether the volumes that an instance has by itself are encrypted: an image holds them all."""
    root: Truth = flag("root_block_device.encrypted", "").read(block)
    if shown(block, "ebs_block_device") is MISSING:
        return root
    devices = block.blocks("ebs_block_device")
    if isinstance(devices, Unknown):
        return root & unknown(Evidence(f"{block.address}.ebs_block_device", devices.reason))
    return all_of([root, *(_OWN.read(device) for device in devices)])


_OF_INSTANCE: Final = OfOther(
    ref("source_instance_id", "", "aws_instance"), {"aws_instance": Derived(_machine_encrypted)}
)


def _image_copy_encrypted(block: Block) -> Truth:
    own: Truth = _OWN.read(block)
    return own if own.is_true else own | _OF_IMAGE.read(block)


_BY_LAUNCH: Final = Some(
    {
        "aws_ami_launch_permission": holds(
            _is_all, "group", "LaunchPermissions.Group", unset="no group"
        )
    },
    "no launch permission in what was read shares it",
)
_IMAGES: Final[dict[str, Field]] = {
    "aws_ami": Derived(_image_encrypted),
    "aws_ami_copy": Derived(_image_copy_encrypted),
    "aws_ami_from_instance": _OF_INSTANCE,
}
for _type, _encrypted_image in _IMAGES.items():
    maps(_type, to=Snapshot, encrypted_at_rest=_encrypted_image, public=_BY_LAUNCH)
companion("aws_ami_launch_permission", _IMAGES, "image_id", "ImageId")
