"""Block and boot volumes, their backups and groups, and file systems.

API paths are those of Volume, BootVolume, VolumeBackup, BootVolumeBackup (Core Services API) and
FileSystem (File Storage API).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.fields import NotApplicable, always, never
from scanner.mapping.oci.compute import ENCRYPTED
from scanner.mapping.oci.reading import CustomerKey, key
from scanner.mapping.registry import maps
from scanner.model.data import FileSystem, Snapshot, Volume

NO_POLICY: Final = NotApplicable("OCI resources carry no policy: those of compartments decide")
# Block Volume documentation, on copies of volumes and backups: a backup is used by policies of its
# tenancy; nothing makes it public.
_NEVER_PUBLIC: Final = never("OCI has no way to make a backup public")

for _type in ("oci_core_volume", "oci_core_boot_volume"):
    maps(
        _type,
        to=Volume,
        encrypted_at_rest=ENCRYPTED,
        customer_key=CustomerKey("kms_key_id", "kmsKeyId"),
        keys=key("kms_key_id", "kmsKeyId"),
    )

for _type in (
    "oci_core_volume_backup",
    "oci_core_boot_volume_backup",
    "oci_core_volume_group_backup",
    "oci_mysql_mysql_backup",
    "oci_database_backup",
    "oci_file_storage_snapshot",
):
    maps(
        _type,
        to=Snapshot,
        encrypted_at_rest=always("OCI encrypts every backup and snapshot at rest"),
        public=_NEVER_PUBLIC,
    )

maps(
    "oci_file_storage_file_system",
    to=FileSystem,
    # Oracle solution guide, "Protect Data at Rest": block, object and file storage are encrypted at
    # rest; File Storage API, kmsKeyId: by a key of one's own where it names one.
    encrypted_at_rest=always("OCI encrypts all file systems at rest"),
    customer_key=CustomerKey("kms_key_id", "kmsKeyId"),
    keys=key("kms_key_id", "kmsKeyId"),
    resource_policy=NO_POLICY,
)
