"""Data at rest and in motion: databases, buckets, volumes, snapshots, channels."""

from __future__ import annotations

from scanner.model.base import Resource
from scanner.model.compute import Placed
from scanner.model.policy import Policied
from scanner.record import Links
from scanner.truth import Truth
from scanner.value import Value


class Encrypted(Resource):
    """Whatever stores data.

    encrypted_at_rest: by any key.  customer_key: by a key that the customer controls.
    keys: the key, where one is named.
    """

    encrypted_at_rest: Truth
    customer_key: Truth
    keys: Links


class DataStore(Placed, Encrypted):
    """A managed service that holds data behind a network endpoint.

    publicly_accessible: the provider gives it an endpoint on the internet.
    public_ranges: who may call that endpoint, for a store that no security group protects.
    ports: where it answers; empty where that is not known.
    encrypted_in_transit: it refuses connections without TLS.
    spans_zones: it survives the loss of one availability zone or fault domain.
    deletion_protected: it cannot be deleted without switching a protection off first.
    """

    publicly_accessible: Truth
    public_ranges: Value[tuple[str, ...]]
    ports: Value[tuple[int, ...]]
    encrypted_in_transit: Truth
    spans_zones: Truth
    deletion_protected: Truth
    minor_upgrades_automatic: Truth
    engine: Value[str]


class Database(DataStore):
    """A database.

    backup_days: how long automatic backups are kept; 0 means there are none.
    audit_logged: what its users do is recorded outside the database.
    cluster: the cluster that an instance belongs to.
    """

    backup_days: Value[int]
    audit_logged: Truth
    cluster: Links


class Cache(DataStore):
    """An in-memory store."""


class SearchDomain(DataStore):
    """A search cluster."""


class Broker(DataStore):
    """A message broker."""


class Bucket(Encrypted, Policied):
    """An object store.

    public: objects can be read or listed by anybody, judged by all of policy, ACL and blocks.
    tls_only: requests without TLS are refused.  logged: accesses are recorded.
    """

    public: Truth
    tls_only: Truth
    versioned: Truth
    logged: Truth


class PreauthenticatedRequest(Resource):
    """A link that gives whoever holds it access to objects.

    access: the provider's access type.  expires: RFC 3339 time.
    """

    access: Value[str]
    expires: Value[str]


class Volume(Encrypted):
    """A block volume, or a block device of an instance or template."""


class FileSystem(Encrypted, Policied):
    """A shared file system."""


class MountTarget(Placed):
    """The address at which a shared file system answers in a subnet."""

    file_systems: Links


class Snapshot(Resource):
    """A copy of a volume, database or machine.

    public: anybody may restore it.
    """

    encrypted_at_rest: Truth
    public: Truth


class MessageChannel(Encrypted, Policied):
    """A queue, topic or stream."""


class BackupVault(Encrypted, Policied):
    """Where backups are kept."""
