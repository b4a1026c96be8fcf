"""Where backups are kept: vaults of AWS Backup.

API paths are those of DescribeBackupVault and GetBackupVaultAccessPolicy (botocore service model
`backup`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.kms import CustomerKey, key
from scanner.mapping.documents import Document, NoDocument
from scanner.mapping.fields import always
from scanner.mapping.references import From
from scanner.mapping.registry import companion, maps, supports
from scanner.model.data import BackupVault

_TYPES: Final = {
    "aws_backup_vault": "kms_key_arn",
    "aws_backup_logically_air_gapped_vault": "encryption_key_arn",
}

for _type, _path in _TYPES.items():
    maps(
        _type,
        to=BackupVault,
        # AWS Backup Developer Guide, "Backup vaults" and "Logically air-gapped vault": each has a
        # key, for those backups whose encryption AWS Backup manages; others keep their source's.
        encrypted_at_rest=always("every backup vault has an encryption key"),
        customer_key=CustomerKey(_path, "EncryptionKeyArn"),
        keys=key(_path, "EncryptionKeyArn"),
        resource_policy=From(
            "aws_backup_vault_policy", Document("policy", "Policy"), absent=NoDocument()
        ),
    )
companion("aws_backup_vault_policy", _TYPES, "backup_vault_name", "BackupVaultName")
supports("aws_backup_vault_lock_configuration", "aws_backup_vault_notifications")
