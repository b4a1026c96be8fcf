"""Databases on systems of their own: MySQL HeatWave and PostgreSQL.

API paths are those of DbSystem in the MySQL Database and PostgreSQL APIs.
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
    Fixed,
    fixed,
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
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, all_of, known, unknown
from scanner.value import Unknown, Value

# Its security lists and groups say who may call it: there is no list of callers.
ANYBODY: Final = Constant(())
ENCRYPTED: Final = "OCI encrypts the storage and the backups of every such database at rest"
_NO_VERSIONS: Final = NotApplicable("Oracle upgrades in the maintenance window of the system")
NO_PROTECTION: Final = NotApplicable("the service has no protection against deletion to switch on")


def days_kept(terraform: str, api: str, switch: tuple[str, str]) -> Derived:
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


_PORTS: Final = (("port", "port"), ("port_x", "portX"))
# MySQL Database API: each has a port of its own, and a switch in words.
_EXTRAS: Final = (
    ("database_console", "databaseConsole", ("status", "status"), "ENABLED"),
    ("rest", "rest", ("configuration", "configuration"), "DBSYSTEM_ONLY"),
)


def _mysql_ports(block: Block) -> Value[Any]:
    """Read the ports of both protocols, and of the console and of REST where they are on."""
    attrs = [Attr(*pair, whole) for pair in _PORTS]
    for terraform, api, switch, on in _EXTRAS:
        at = path_for(block, terraform, api)
        state = written(block, f"{at}.{path_for(block, *switch)}")
        if isinstance(state, Unknown):
            return Value(state, block, at)
        if state == on:
            attrs.append(Attr(f"{terraform}.port", f"{api}.port", whole))
    values = [attr.read(block) for attr in attrs]
    for value in values:
        if isinstance(value.content, Unknown):
            return value
    return Value(tuple(value.content for value in values), block, "port", values[0].note)


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
    addresses=Fixed(
        (
            ("ip_address", "ipAddress"),
            ("read_endpoint.read_endpoint_ip_address", "readEndpoint.readEndpointIpAddress"),
        )
    ),
    ports=Derived(_mysql_ports),
    public_ranges=ANYBODY,
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
    backup_days=days_kept(
        "backup_policy.retention_in_days",
        "backupPolicy.retentionInDays",
        ("backup_policy.is_enabled", "backupPolicy.isEnabled"),
    ),
    audit_logged=NotApplicable("the audit log of MySQL is a plugin inside the database"),
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
    addresses=fixed(
        "network_details.primary_db_endpoint_private_ip",
        "networkDetails.primaryDbEndpointPrivateIp",
    ),
    # "Connecting to a Database": the port is that of PostgreSQL itself.
    ports=Constant((5432,)),
    public_ranges=ANYBODY,
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
