"""What a database or snapshot takes over from the one it is made from.

Amazon RDS User Guide, "Encrypting Amazon RDS resources": a snapshot of an encrypted database is
encrypted, a replica in the same Region has the key of its source, and a copy or an Aurora cluster
that is restored can be encrypted by naming a key.  The calls that restore or replicate have no
parameter for encryption (RDS API, RestoreDBInstanceFromDBSnapshot and its like), and the Terraform
provider drops storage_encrypted there: what it says does not decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scanner.mapping.aws.kms import CustomerKey
from scanner.mapping.fields import Derived, flag, written
from scanner.mapping.references import OfOther, ref, refs
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Value, truth_of

_INSTANCES: Final = ("aws_db_instance",)
_CLUSTERS: Final = ("aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster")
_SNAPSHOTS: Final = ("aws_db_snapshot", "aws_db_snapshot_copy")
_CLUSTER_SNAPSHOTS: Final = (
    "aws_db_cluster_snapshot",
    "aws_rds_cluster_snapshot_copy",
    "aws_docdb_cluster_snapshot",
    "aws_neptune_cluster_snapshot",
)
_TYPES: Final = (*_INSTANCES, *_CLUSTERS, *_SNAPSHOTS, *_CLUSTER_SNAPSHOTS)
# Where each type names what it is made from, and what may stand there.
_MADE_FROM: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "aws_db_instance": {
        "replicate_source_db": _INSTANCES,
        "snapshot_identifier": _SNAPSHOTS,
        "restore_to_point_in_time.source_db_instance_identifier": _INSTANCES,
    },
    "aws_rds_cluster": {
        "replication_source_identifier": (*_CLUSTERS, *_INSTANCES),
        "snapshot_identifier": (*_CLUSTER_SNAPSHOTS, *_SNAPSHOTS),
        "restore_to_point_in_time.source_cluster_identifier": _CLUSTERS,
    },
    "aws_docdb_cluster": {
        "snapshot_identifier": _CLUSTER_SNAPSHOTS,
        "restore_to_point_in_time.source_cluster_identifier": _CLUSTERS,
    },
    "aws_neptune_cluster": {
        "replication_source_identifier": _CLUSTERS,
        "snapshot_identifier": _CLUSTER_SNAPSHOTS,
    },
    "aws_db_snapshot": {"db_instance_identifier": _INSTANCES},
    "aws_db_snapshot_copy": {"source_db_snapshot_identifier": _SNAPSHOTS},
    "aws_db_cluster_snapshot": {"db_cluster_identifier": _CLUSTERS},
    "aws_rds_cluster_snapshot_copy": {"source_db_cluster_snapshot_identifier": _CLUSTER_SNAPSHOTS},
    "aws_docdb_cluster_snapshot": {"db_cluster_identifier": _CLUSTERS},
    "aws_neptune_cluster_snapshot": {"db_cluster_identifier": _CLUSTERS},
}
# A snapshot always has the key of its database.
_KEYLESS: Final = (
    "aws_db_snapshot",
    "aws_db_cluster_snapshot",
    "aws_docdb_cluster_snapshot",
    "aws_neptune_cluster_snapshot",
)
CHAIN: Final = 4


def encrypted(block: Block) -> Truth:
    """Whether the storage is encrypted, by its own setting or by that of its origin."""
    return _encrypted(block, 0)


def by_customer_key(terraform: str, api: str) -> Derived:
    """Read whether the key, its own or that of its origin, is the customer's."""
    return Derived(lambda block: _by_customer_key(block, CustomerKey(terraform, api), 0))


def _own_path(type: str) -> str:
    return "encrypted" if type in _SNAPSHOTS else "storage_encrypted"


def _encrypted(block: Block, depth: int) -> Truth:
    record = block.record
    if record.shape == "api":
        api = "Encrypted" if record.type in _SNAPSHOTS else "StorageEncrypted"
        kind = block.read("StorageEncryptionType")
        if kind in ("sse-rds", "sse-kms"):
            # RDS API, DBCluster: by a key that AWS owns, or by one of KMS.
            return known(True, Evidence(f"{block.address}.StorageEncryptionType", str(kind)))
        return flag(_own_path(record.type), api).read(block)
    snapshot = record.type in (*_SNAPSHOTS, *_CLUSTER_SNAPSHOTS)
    path = _own_path(record.type)
    own = written(block, path)
    if snapshot and isinstance(own, bool):
        return known(own, Evidence(f"{block.address}.{path}", str(own).lower()))
    sources = origins(block)
    if not sources:
        return _by_default(block, path)
    key = _key_path(record.type)
    if key and record.type != "aws_db_instance" and _has(block, key):
        return known(True, Evidence(f"{block.address}.{key}", "a key is named"))
    if _has(block, "replicate_source_db") and _has(block, "kms_key_id"):
        return known(True, Evidence(f"{block.address}.kms_key_id", "a key is named"))
    if depth >= CHAIN:
        return unknown(Evidence(block.address, "made from another that is made from another"))
    field = Derived(lambda peer: _encrypted(peer, depth + 1))
    made: Truth = OfOther(refs(*sources), dict.fromkeys(_TYPES, field)).read(block)
    return made


def _by_default(block: Block, path: str) -> Truth:
    if block.record.type == "aws_rds_cluster" and block.read("engine_mode") == "serverless":
        # Terraform registry, aws_rds_cluster: storage_encrypted is true with this engine_mode.
        own: Value[bool] = block.value(path, True)
        return truth_of(own)
    engine = block.read("engine")
    if block.record.type == "aws_rds_cluster" and written(block, path) is MISSING:
        if _has(block, "global_cluster_identifier"):
            return unknown(Evidence(f"{block.address}.{path}", "not set: as the global cluster is"))
        if isinstance(engine, str) and engine.startswith("aurora"):
            # Amazon Aurora User Guide, "Encrypting Amazon Aurora resources": all clusters made
            # since 18 February 2026 are; one that says nothing of it is one yet to be made.
            fact = "not set: Aurora encrypts every new cluster, if need be by a key of AWS"
            return known(True, Evidence(f"{block.address}.{path}", fact))
    return flag(path, "StorageEncrypted").read(block)


def _by_customer_key(block: Block, own: CustomerKey, depth: int) -> Truth:
    path = own.terraform if block.record.shape == "terraform" else own.api
    sources = origins(block)
    if block.record.shape == "api" or not sources or written(block, path) is not MISSING:
        return own.read(block)
    if depth >= CHAIN:
        return unknown(Evidence(block.address, "made from another that is made from another"))

    def read(peer: Block) -> Truth:
        key = CustomerKey(_key_path(peer.record.type) or "kms_key_id", "KmsKeyId")
        return _by_customer_key(peer, key, depth + 1)

    return OfOther(refs(*sources), dict.fromkeys(_TYPES, Derived(read))).read(block)


def _key_path(type: str) -> str:
    if type == "aws_neptune_cluster":
        return "kms_key_arn"
    return "" if type in _KEYLESS else "kms_key_id"


def origins(block: Block) -> list[Derived]:
    """Give the references that are written to what the record is made from."""
    paths = _MADE_FROM.get(block.record.type, {})
    return [
        Derived(ref(path, "", *types).read) for path, types in paths.items() if _has(block, path)
    ]


def _has(block: Block, path: str) -> bool:
    return written(block, path) not in (MISSING, "", None)
