"""Autonomous databases, shared and dedicated.

API paths are those of AutonomousDatabase (Database API).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import Attr, Constant, Derived, NotApplicable, always, flag, written
from scanner.mapping.oci.databases import ENCRYPTED, NO_PROTECTION, whole
from scanner.mapping.oci.reading import (
    NETWORKS,
    SUBNETS,
    CustomerKey,
    fixed,
    groups,
    key,
    path_for,
    subnets,
    truth_at,
)
from scanner.mapping.ranges import is_everywhere
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps
from scanner.model.data import Database
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value


def _autonomous_public(block: Block) -> Truth:
    """Whether a shared Autonomous Database can be reached from the whole internet.

    Oracle LiveLabs, "Public and Private Network Access in Autonomous Database": access from
    everywhere is the default; the other choices are an access control list and a private endpoint.
    A dedicated database is in the subnet of its infrastructure.
    """
    dedicated = truth_at(block, path_for(block, "is_dedicated", "isDedicated"), "is_dedicated")
    return ~dedicated & _without_endpoint(block) & _without_list(block)


def _without_endpoint(block: Block) -> Truth:
    path = path_for(block, "subnet_id", "subnetId")
    found = written(block, path)
    source = f"{block.address}.{path}"
    if found is MISSING or found == "":
        return known(True, Evidence(source, "not set: no private endpoint"))
    if isinstance(found, Unknown):
        links = block.links(path, frozenset(SUBNETS))
        if links.unknown or links.maybe or links.is_empty:
            return unknown(Evidence(source, found.reason))
        return known(False, links)
    return known(False, Value(found, block, path))


def _without_list(block: Block) -> Truth:
    path = path_for(block, "whitelisted_ips", "whitelistedIps")
    found = written(block, path)
    source = f"{block.address}.{path}"
    if found is MISSING or found in ([], ""):
        return known(True, Evidence(source, "not set: every address is admitted"))
    if isinstance(found, Unknown):
        return unknown(Evidence(source, found.reason))
    items = found if isinstance(found, list) else [found]
    # Database API, whitelistedIps: a list of one empty text deletes all entries.
    items = [item for item in items if item != ""]
    if not items:
        return known(True, Evidence(source, "empty: every address is admitted"))
    everybody = [item for item in items if isinstance(item, str) and _admits_everybody(item)]
    if everybody:
        return known(True, Evidence(source, f"{everybody[0]} is admitted"))
    if any(not isinstance(item, str) for item in items) and isinstance(
        _listed(block).content, Unknown
    ):
        return unknown(Evidence(source, "not all entries are known"))
    return known(False, Evidence(source, f"{len(items)} entries"))


def _admits_everybody(entry: str) -> bool:
    return entry.strip() == "0.0.0.0" or is_everywhere(entry)


def _admitted(block: Block) -> Value[Any]:
    """Read who may call the public endpoint; an empty list means anybody.

    Database API, whitelistedIps: addresses, ranges, VCNs, or a VCN and a range in it after a
    semicolon.  A VCN stands in the list by its identifier: it is nobody on the internet.
    """
    if _without_endpoint(block).is_false:
        path = path_for(block, "subnet_id", "subnetId")
        return Value((), block, path, "its endpoint is private")
    return _listed(block)


def _listed(block: Block) -> Value[Any]:
    path = path_for(block, "whitelisted_ips", "whitelistedIps")
    found = written(block, path)
    if isinstance(found, Unknown):
        return Value(found, block, path)
    items = found if isinstance(found, list) else [] if found is MISSING else [found]
    texts: list[str] = []
    for item in items:
        if isinstance(item, Unknown):
            networks = block.links(path, frozenset(NETWORKS))
            if networks.unknown or not networks.targets:
                return Value(item, block, path)
            texts += networks.targets
        elif not isinstance(item, str):
            return Value(Unknown("not of the expected form"), block, path)
        elif item:
            texts.append("0.0.0.0/0" if item.strip() == "0.0.0.0" else item)
    return Value(tuple(dict.fromkeys(texts)), block, path)


_DEDICATED: Final = (443, 1521, 2484)
_SERVERLESS: Final = (443, 1521, 1522, 27017)


def _ports(block: Block) -> Value[Any]:
    """Give the ports of the listener, of the tools and of the API for MongoDB.

    "Connect to Autonomous Database": 1522 with mutual TLS, 1521 with TLS, 443 for APEX and REST,
    27017 for the API for MongoDB; on dedicated infrastructure 1521, and 2484 with TLS.
    """
    path = path_for(block, "is_dedicated", "isDedicated")
    dedicated = truth_at(block, path, "is_dedicated")
    if dedicated.is_unknown:
        return Value(tuple(sorted({*_DEDICATED, *_SERVERLESS})), block, path)
    return Value(_DEDICATED if dedicated.is_true else _SERVERLESS, block, path)


_DAYS: Final = Attr("backup_retention_period_in_days", "backupRetentionPeriodInDays", whole)
_CONTAINER: Final = ("autonomous_container_database_id", "autonomousContainerDatabaseId")


def _backup_days(block: Block) -> Value[Any]:
    """Read how long backups are kept; of a dedicated database its container says that.

    Autonomous Database on Dedicated Infrastructure documentation, "Edit Autonomous Container
    Database Backup Settings": retention, and backups as such, are settings of the container.
    """
    path = _DAYS.path(block)
    if written(block, path) is not MISSING:
        return _DAYS.read(block)
    dedicated = truth_at(block, path_for(block, "is_dedicated", "isDedicated"), "is_dedicated")
    if not dedicated.is_false or written(block, path_for(block, *_CONTAINER)) not in (MISSING, ""):
        return Value(Unknown("a container database, if it has one, decides"), block, path)
    return _DAYS.read(block)


maps(
    "oci_database_autonomous_database",
    to=Database,
    engine=Constant("oracle"),
    subnets=subnets("subnet_id", "subnetId"),
    security_groups=groups("nsg_ids", "nsgIds"),
    addresses=fixed("private_endpoint_ip", "privateEndpointIp"),
    ports=Derived(_ports),
    public_ranges=Derived(_admitted),
    # "Data Encryption in Autonomous Database on Dedicated Exadata Infrastructure": at rest by TDE
    # and in transit; neither can be turned off.  A serverless one takes TLS, mutual or not.
    encrypted_at_rest=always(ENCRYPTED),
    customer_key=Derived(
        lambda block: (
            CustomerKey("kms_key_id", "kmsKeyId").read(block)
            | CustomerKey("encryption_key.kms_key_id", "encryptionKey.kmsKeyId").read(block)
        )
    ),
    keys=key("kms_key_id", "kmsKeyId"),
    publicly_accessible=Derived(_autonomous_public),
    encrypted_in_transit=always("Autonomous Database encrypts all connections"),
    spans_zones=flag("is_local_data_guard_enabled", "isLocalDataGuardEnabled"),
    deletion_protected=NO_PROTECTION,
    minor_upgrades_automatic=always("Oracle patches Autonomous Database by itself"),
    backup_days=Derived(_backup_days),
    audit_logged=NotApplicable("unified auditing is always on; Data Safe collects its records"),
    cluster=Nothing(),
)
