"""Databases on systems of their own: MySQL HeatWave, Base Database and PostgreSQL.

API paths are those of DbSystem in the MySQL Database, Database and PostgreSQL APIs.
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import (
    Attr,
    Constant,
    Derived,
    NotApplicable,
    always,
    flag,
    holds,
    never,
    written,
)
from scanner.mapping.oci.reading import (
    SUBNETS,
    CustomerKey,
    Untold,
    groups,
    key,
    named_at,
    path_for,
    subnets,
    truth_at,
)
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps, supports
from scanner.model.data import Database
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, all_of, known, unknown
from scanner.value import Unknown, Value

ENCRYPTED: Final = "OCI encrypts the storage and the backups of every such database at rest"
_NO_VERSIONS: Final = NotApplicable("Oracle upgrades in the maintenance window of the system")
NO_PROTECTION: Final = NotApplicable("the service has no protection against deletion to switch on")


def _days(terraform: str, api: str, switch: tuple[str, str]) -> Derived:
    """Read how long automatic backups are kept; none are where the switch is off."""

    def read(block: Block) -> Value[Any]:
        path = path_for(block, *switch)
        on = truth_at(block, path, switch[0])
        if on.is_false:
            return Value(0, block, path, "automatic backups are off")
        if on.is_unknown:
            why = next((item.fact for item in on.evidence), "known after apply")
            return Value(Unknown(why), block, path)
        return Attr(terraform, api, whole).read(block)

    return Derived(read)


def whole(content: Any) -> Any:
    """Make a whole number of a content."""
    if isinstance(content, bool):
        return Unknown("not of the expected form")
    return int(content)


def _mysql_tls(block: Block) -> Truth:
    """Whether the configuration of the system refuses connections without TLS."""
    path = path_for(block, "configuration_id", "configurationId")
    types = frozenset({"oci_mysql_mysql_configuration"})
    links = named_at(block, path, types)
    source = f"{block.address}.{path}"
    if not links.targets or not links.certain:
        fact = "the variables of the configuration that Oracle or others made were not read"
        return unknown(Evidence(source, fact))
    variable = "variables.require_secure_transport"
    return all_of(
        truth_at(block.record.peers[address].block, variable)
        if address in block.record.peers
        else unknown(Evidence(source, f"{address} was not read"))
        for address in links.targets
    )


def _mysql_key(block: Block) -> Truth:
    """Whether the data is under a key of the customer's vault (bring your own key)."""
    path = path_for(block, "encrypt_data", "encryptData")
    found = written(block, path)
    source = f"{block.address}.{path}"
    if found is MISSING or found == []:
        return known(False, Evidence(source, "not set: Oracle uses a key of its own"))
    kind = path_for(block, "key_generation_type", "keyGenerationType")
    return holds(lambda text: text == "BYOK", f"{path}.{kind}", f"{path}.{kind}").read(block)


maps(
    "oci_mysql_mysql_db_system",
    to=Database,
    engine=Constant("mysql"),
    subnets=subnets("subnet_id", "subnetId"),
    security_groups=groups("nsg_ids", "nsgIds"),
    # MySQL Database API, EncryptDataDetails: the choice is between a key of Oracle and one's own.
    encrypted_at_rest=always(ENCRYPTED),
    customer_key=Derived(_mysql_key),
    keys=key("encrypt_data.key_id", "encryptData.keyId"),
    # CreateDbSystemDetails, ipAddress: the endpoint is a private address of the subnet.
    publicly_accessible=never("a MySQL DB system has private addresses of its subnet only"),
    encrypted_in_transit=Derived(_mysql_tls),
    spans_zones=flag("is_highly_available", "isHighlyAvailable"),
    deletion_protected=flag(
        "deletion_policy.is_delete_protected", "deletionPolicy.isDeleteProtected"
    ),
    minor_upgrades_automatic=_NO_VERSIONS,
    backup_days=_days(
        "backup_policy.retention_in_days",
        "backupPolicy.retentionInDays",
        ("backup_policy.is_enabled", "backupPolicy.isEnabled"),
    ),
    audit_logged=NotApplicable("the audit log of MySQL is a plugin inside the database"),
    cluster=Nothing(),
)


def _in_open_subnet(block: Block) -> Truth:
    """Whether the nodes of a Base Database may have public addresses: the subnet decides.

    Base Database documentation, on networks of DB systems: in a public subnet the nodes get a
    public address, in a private one they have none.
    """
    links: Links = subnets("subnet_id", "subnetId").read(block)
    peers = block.record.peers
    truths = []
    for address in links.candidates():
        peer = peers.get(address)
        if peer is None or peer.type not in SUBNETS:
            truths.append(unknown(Evidence(links.source, f"{address} was not read")))
            continue
        prohibits = flag("prohibit_public_ip_on_vnic", "prohibitPublicIpOnVnic").read(
            peer.block
        ) | flag("prohibit_internet_ingress", "prohibitInternetIngress").read(peer.block)
        truths.append(prohibits)
    truths += [unknown(Evidence(links.source, reason)) for reason in links.unknown]
    truths += [
        unknown(Evidence(links.source, f'"{name}" is not in what was read'))
        for name in links.outside
    ]
    if not truths:
        return unknown(Evidence(links.source, "no subnet can be read"))
    return ~all_of(truths)


_BACKUP: Final = "db_home.database.db_backup_config"
_BACKUP_API: Final = "dbHome.database.dbBackupConfig"


def _base_key(block: Block) -> Truth:
    """Whether the system or its first database names a key of the customer's vault."""
    return CustomerKey("kms_key_id", "kmsKeyId").read(block) | CustomerKey(
        "db_home.database.kms_key_id", "dbHome.database.kmsKeyId"
    ).read(block)


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
    backup_days=_days(
        f"{_BACKUP}.recovery_window_in_days",
        f"{_BACKUP_API}.recoveryWindowInDays",
        (f"{_BACKUP}.auto_backup_enabled", f"{_BACKUP_API}.autoBackupEnabled"),
    ),
    audit_logged=NotApplicable("unified auditing is set inside the database"),
    cluster=Nothing(),
)


def _postgresql_days(block: Block) -> Value[Any]:
    """Read how long backups are kept; a policy of kind NONE makes none.

    PostgreSQL documentation, "Managing OCI Database with PostgreSQL Backups": scheduled backups are
    kept for up to 35 days; retentionDays is the one field of BackupPolicy that can say how many.
    """
    path = path_for(block, "management_policy.backup_policy", "managementPolicy.backupPolicy")
    kind = block.read(f"{path}.kind")
    if kind == "NONE":
        return Value(0, block, f"{path}.kind", "automatic backups are off")
    days = path_for(block, "retention_days", "retentionDays")
    return Attr(f"{path}.{days}", f"{path}.{days}", whole).read(block)


maps(
    "oci_psql_db_system",
    to=Database,
    engine=Constant("postgresql"),
    subnets=subnets("network_details.subnet_id", "networkDetails.subnetId"),
    security_groups=groups("network_details.nsg_ids", "networkDetails.nsgIds"),
    # PostgreSQL API, StorageDetails: the data is on block volumes, which are always encrypted.
    encrypted_at_rest=always(ENCRYPTED),
    customer_key=NotApplicable("OCI Database with PostgreSQL takes no key of the customer"),
    keys=Nothing(),
    # PostgreSQL API, NetworkDetails: endpoints are private addresses of the customer's subnet.
    publicly_accessible=never("a PostgreSQL DB system has private addresses of its subnet only"),
    # Oracle tutorial, "Configure Secure Socket Layer in Oracle Cloud Infrastructure Database with
    # PostgreSQL": its pg_hba.conf has entries of kind hostssl only.
    encrypted_in_transit=always("OCI Database with PostgreSQL accepts connections with TLS only"),
    # PostgreSQL API, StorageDetails: storage is regional or local to an availability domain.
    spans_zones=flag("storage_details.is_regionally_durable", "storageDetails.isRegionallyDurable"),
    deletion_protected=NO_PROTECTION,
    minor_upgrades_automatic=_NO_VERSIONS,
    backup_days=Derived(_postgresql_days),
    audit_logged=NotApplicable("auditing is an extension inside the database"),
    cluster=Nothing(),
)
supports("oci_mysql_mysql_configuration")
