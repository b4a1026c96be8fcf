"""Oracle databases on systems of their own: Base Database and Exadata.

API paths are those of DbSystem (Database API).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import Constant, Derived, NotApplicable, always, holds
from scanner.mapping.oci.databases import ANYBODY, ENCRYPTED, NO_PROTECTION, days_kept
from scanner.mapping.oci.interfaces import in_open_subnet
from scanner.mapping.oci.reading import CustomerKey, Untold, fixed, groups, key, path_for, subnets
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps
from scanner.model.data import Database
from scanner.record import Block
from scanner.truth import Truth
from scanner.value import Value


def _in_open_subnet(block: Block) -> Truth:
    """Whether the nodes of a Base Database may have public addresses: the subnet decides.

    Base Database documentation, on networks of DB systems: in a public subnet the nodes get a
    public address, in a private one they have none.
    """
    return in_open_subnet(subnets("subnet_id", "subnetId").read(block))


_BACKUP: Final = "db_home.database.db_backup_config"
_BACKUP_API: Final = "dbHome.database.dbBackupConfig"


def _base_key(block: Block) -> Truth:
    """Whether the system or its first database names a key of the customer's vault."""
    return CustomerKey("kms_key_id", "kmsKeyId").read(block) | CustomerKey(
        "db_home.database.kms_key_id", "dbHome.database.kmsKeyId"
    ).read(block)


def _oracle_ports(block: Block) -> Value[Any]:
    """Give the ports of a node, which is a host that answers to more than its listener.

    Base Database documentation, "Security Rules for the DB System": SSH (22), SQL*Net (1521) and
    ONS (6200); Database API, CloudVmCluster: 2484 for TLS; EM Express answers at 5500.
    """
    path = path_for(block, "listener_port", "listenerPort")
    found = block.read(path)
    known_one = isinstance(found, int) and not isinstance(found, bool)
    return Value((22, found if known_one else 1521, 2484, 5500, 6200), block, path)


def _spans(block: Block) -> Truth:
    """Whether the system has two nodes, which are distributed into fault domains.

    Database API, LaunchDbSystemBase, nodeCount and faultDomains.
    """
    return holds(lambda count: int(count) > 1, "node_count", "nodeCount").read(block)


maps(
    "oci_database_db_system",
    to=Database,
    engine=Constant("oracle"),
    subnets=subnets("subnet_id", "subnetId"),
    security_groups=groups("nsg_ids", "nsgIds"),
    addresses=fixed("private_ip", "privateIp"),
    ports=Derived(_oracle_ports),
    public_ranges=ANYBODY,
    # Block Volume documentation, "Block Volume Encryption": every volume is, always; user-created
    # tablespaces are by TDE besides.
    encrypted_at_rest=always(ENCRYPTED),
    customer_key=Derived(_base_key),
    keys=key("kms_key_id", "kmsKeyId"),
    publicly_accessible=Derived(_in_open_subnet),
    # sqlnet.ora on the nodes: the server may require or only request native network encryption, and
    # then a client can refuse it (Database Security Guide, negotiation of encryption).
    encrypted_in_transit=Untold("a file on the nodes decides whether encryption is required"),
    spans_zones=Derived(_spans),
    deletion_protected=NO_PROTECTION,
    minor_upgrades_automatic=NotApplicable("patches of a DB system are applied on request"),
    backup_days=days_kept(
        f"{_BACKUP}.recovery_window_in_days",
        f"{_BACKUP_API}.recoveryWindowInDays",
        (f"{_BACKUP}.auto_backup_enabled", f"{_BACKUP_API}.autoBackupEnabled"),
    ),
    audit_logged=NotApplicable("unified auditing is set inside the database"),
    cluster=Nothing(),
)
