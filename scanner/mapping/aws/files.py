"""Shared file systems: EFS and the four kinds of FSx.

API paths are those of DescribeFileSystems and DescribeFileSystemPolicy (botocore service models
`efs` and `fsx`).
"""

from __future__ import annotations

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.documents import Document, NoDocument
from scanner.mapping.fields import NotApplicable, always, flag
from scanner.mapping.references import From
from scanner.mapping.registry import companion, maps, supports
from scanner.model.data import FileSystem

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

supports("aws_efs_access_point", "aws_efs_backup_policy", "aws_efs_mount_target")
