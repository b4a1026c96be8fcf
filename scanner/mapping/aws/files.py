"""Shared file systems: EFS and the four kinds of FSx, and where they answer in networks.

API paths are those of DescribeFileSystems, DescribeFileSystemPolicy, DescribeMountTargets and
DescribeMountTargetSecurityGroups (botocore service models `efs` and `fsx`).
"""

from __future__ import annotations

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.documents import Document, NoDocument
from scanner.mapping.fields import Derived, NotApplicable, always, flag, written
from scanner.mapping.references import From, ref
from scanner.mapping.registry import companion, maps, supports
from scanner.model.data import FileSystem, MountTarget
from scanner.record import Block, Links
from scanner.value import Value

maps(
    "aws_efs_file_system",
    to=FileSystem,
    encrypted_at_rest=flag("encrypted", "Encrypted"),
    customer_key=CustomerKey("kms_key_id", "KmsKeyId"),
    keys=key("kms_key_id", "KmsKeyId"),
    resource_policy=From(
        "aws_efs_file_system_policy", Document("policy", "Policy"), absent=NoDocument()
    ),
)
companion("aws_efs_file_system_policy", "aws_efs_file_system", "file_system_id", "FileSystemId")

for _kind in ("lustre", "ontap", "openzfs", "windows"):
    maps(
        f"aws_fsx_{_kind}_file_system",
        to=FileSystem,
        # Amazon FSx user guides, "Encryption of data at rest": all file systems are encrypted.
        encrypted_at_rest=always("FSx always encrypts data at rest"),
        customer_key=CustomerKey("kms_key_id", "KmsKeyId"),
        keys=key("kms_key_id", "KmsKeyId"),
        resource_policy=NotApplicable("FSx file systems have no resource policy"),
    )

    maps(
        f"aws_fsx_{_kind}_file_system",
        to=MountTarget,
        # Amazon FSx API Reference, CreateFileSystem, SecurityGroupIds: for all its interfaces.
        subnets=subnets("subnet_ids", "SubnetIds"),
        security_groups=groups("security_group_ids", "SecurityGroupIds"),
        addresses=CHOSEN,
        file_systems=Derived(lambda block: Links(block, "id", targets=(block.record.address,))),
    )


def _addresses(block: Block) -> Value[tuple[str, ...]]:
    """Read the addresses that are written or known, of both families."""
    api = block.record.shape == "api"
    paths = ("IpAddress", "Ipv6Address") if api else ("ip_address", "ipv6_address")
    found = [written(block, path) for path in paths]
    texts = tuple(item for item in found if isinstance(item, str) and item)
    return Value(texts, block, paths[0], "" if texts else "not set")


maps(
    "aws_efs_mount_target",
    to=MountTarget,
    subnets=subnets("subnet_id", "SubnetId"),
    security_groups=groups("security_groups", "SecurityGroups"),
    addresses=Derived(_addresses),
    file_systems=ref("file_system_id", "FileSystemId", "aws_efs_file_system"),
)

supports("aws_efs_access_point", "aws_efs_backup_policy")
