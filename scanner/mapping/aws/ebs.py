"""Block volumes: EBS volumes, and the block devices of instances and templates.

API paths are those of DescribeVolumes, DescribeLaunchTemplateVersions and
GetEbsEncryptionByDefault (botocore service model `ec2`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.fields import Derived, Flag, flag, never, written
from scanner.mapping.references import RefIfSet
from scanner.mapping.registry import maps, supports
from scanner.model.account import AccountSettings
from scanner.model.data import Volume
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, unknown

_ENCRYPTED: Final = flag("encrypted", "Encrypted")


@dataclass(frozen=True)
class _Unless:
    """A truth that a snapshot decides where nothing is written: its copies are as it is."""

    own: Flag

    def read(self, block: Block) -> Truth:
        """Read it."""
        path = self.own.attr.path(block)
        snapshot = "SnapshotId" if block.record.shape == "api" else "snapshot_id"
        if written(block, path) is MISSING and written(block, snapshot) not in (MISSING, ""):
            fact = "not set: a volume made from an encrypted snapshot is encrypted"
            return unknown(Evidence(f"{block.address}.{path}", fact))
        return self.own.read(block)


def _customer_key(path: str) -> Derived:
    own = CustomerKey(path, "KmsKeyId")

    def read(block: Block) -> Truth:
        if block.record.shape != "api" and written(block, path) is MISSING:
            # EBS User Guide, "Amazon EBS encryption": the account's default key is used then.
            for record in block.record.peers.of("aws_ebs_default_kms_key"):
                here, there = block.record.location.region, record.location.region
                if record.managed and (here == there or not here or not there):
                    return CustomerKey("key_arn", "KmsKeyId").read(record.block)
        return own.read(block)

    return Derived(read)


_AT_REST: Final = _Unless(_ENCRYPTED)
_CUSTOMER_KEY: Final = _customer_key("kms_key_id")
_KEYS: Final = RefIfSet(key("kms_key_id", "KmsKeyId"))

maps(
    "aws_ebs_volume",
    to=Volume,
    encrypted_at_rest=_AT_REST,
    customer_key=_CUSTOMER_KEY,
    keys=_KEYS,
)


def _shown(block: Block) -> bool:
    """Whether a block device is to be judged here: in the API, volumes are things of their own."""
    if block.record.shape == "api":
        return False
    # What an instance leaves to its template is judged there.
    return bool(block.content) or written(block.record.block, "launch_template") in (MISSING, [])


for _type in ("aws_instance", "aws_spot_instance_request", "aws_launch_configuration"):
    maps(
        _type,
        to=Volume,
        at="root_block_device",
        expected=True,
        when=_shown,
        encrypted_at_rest=_AT_REST,
        customer_key=_CUSTOMER_KEY,
        keys=_KEYS,
    )
    maps(
        _type,
        to=Volume,
        at="ebs_block_device",
        when=_shown,
        encrypted_at_rest=_AT_REST,
        customer_key=_CUSTOMER_KEY,
        keys=_KEYS,
    )

maps(
    "aws_launch_template",
    to=Volume,
    at="block_device_mappings.ebs",
    expected=True,
    when=_shown,
    encrypted_at_rest=_AT_REST,
    customer_key=_CUSTOMER_KEY,
    keys=_KEYS,
)

maps(
    "aws_ebs_encryption_by_default",
    to=AccountSettings,
    encrypts_new_volumes=flag("enabled", "EbsEncryptionByDefault"),
    blocks_public_buckets=never("this setting is about volumes"),
)

supports("aws_ebs_default_kms_key", "aws_volume_attachment")
