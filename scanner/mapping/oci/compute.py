"""Instances, and their volumes made at launch.

API paths are those of Instance (Core Services API).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from scanner.mapping.fields import Derived, NotApplicable, always, flag, is_not, written
from scanner.mapping.oci.interfaces import (
    Reserved,
    has_public_six,
    own_tables,
)
from scanner.mapping.oci.reading import (
    CustomerKey,
    groups,
    key,
    path_for,
    subnets,
)
from scanner.mapping.registry import companion, maps
from scanner.model.base import Field
from scanner.model.compute import Instance
from scanner.model.data import Volume
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, unknown
from scanner.value import Unknown, Value

# Block Volume documentation, "Block Volume Encryption": block and boot volumes and their backups
# are always encrypted at rest, by AES of 256 bits.
ENCRYPTED: Final = always("OCI encrypts all block and boot volumes and their backups at rest")
NO_ROLES: Final = NotApplicable(
    "an OCI instance gets its rights as a member of a dynamic group, not from an attribute"
)


@dataclass(frozen=True)
class _UnlessConfigured:
    """A truth that an instance configuration decides where the instance itself says nothing."""

    path: str
    own: Field

    def read(self, block: Block) -> Truth:
        """Read the instance's own setting, if it has one or no configuration stands behind it."""
        source = f"{block.address}.{self.path}"
        if written(block, self.path) is MISSING and written(
            block, "instance_configuration_id"
        ) not in (MISSING, ""):
            return unknown(Evidence(source, "the instance configuration decides"))
        truth: Truth = self.own.read(block)
        return truth


@dataclass(frozen=True)
class PublicAddressOfVnic:
    """Whether an interface asks for a public address; unset where the subnet decides.

    Source of the Terraform provider, oci_core_instance: assign_public_ip has the default true;
    Core Services API, CreateVnicDetails, assignPublicIp: not set, the subnet decides.  One of IPv6
    is asked for by another attribute.  prefix: of both, in Terraform and in the API.
    """

    prefix: tuple[str, str]
    subnets: Field
    only_four: bool = False

    def read(self, block: Block) -> Value[Any]:
        """Read it of both families, of which one that is asked for is enough, or of IPv4."""
        value = self._of_four(block)
        if value.content is True or self.only_four:
            return value
        six = has_public_six(block, self.subnets.read(block), *self.prefix)
        path = f"{path_for(block, *self.prefix)}{path_for(block, 'assign_ipv6ip', 'assignIpv6Ip')}"
        if six.is_true:
            return Value(True, block, path, "an address of IPv6")
        if six.is_unknown:
            why = next((item.fact for item in six.evidence), "known after apply")
            return Value(Unknown(why), block, path)
        return value

    def _of_four(self, block: Block) -> Value[Any]:
        """Read a boolean that the provider keeps as text."""
        name = path_for(block, "assign_public_ip", "assignPublicIp")
        path = f"{path_for(block, *self.prefix)}{name}"
        found = written(block, path)
        if found is MISSING or found == "":
            return Value(None, block, path)
        if found == "true" and block.shows_nothing(path):
            # A subnet that prohibits public addresses has the last word over this default.
            return Value(None, block, path, "not set")
        if isinstance(found, str) and found.lower() in {"true", "false"}:
            return Value(found.lower() == "true", block, path)
        if isinstance(found, (bool, Unknown)):
            return Value(found, block, path)
        return Value(Unknown("not of the expected form"), block, path)


def _subnets(block: Block) -> Links:
    """Read the subnet of the first interface; subnet_id is the older place."""
    own = path_for(block, "create_vnic_details.subnet_id", "createVnicDetails.subnetId")
    if written(block, own) is MISSING:
        links = subnets("subnet_id", "subnetId").read(block)
        return _or_configured(block, links)
    return subnets(own, own).read(block)


def _or_configured(block: Block, links: Links) -> Links:
    """Say that an instance configuration decides, where the instance itself names nothing."""
    if links.is_empty and written(block, "instance_configuration_id") not in (MISSING, ""):
        return replace(links, unknown=("the instance configuration decides",))
    return links


def _interfaces(block: Block) -> Links:
    """Name the attachments of further interfaces, which are records of their own."""
    found = block.record.companions("oci_core_vnic_attachment")
    return Links(
        block,
        "vnic attachments",
        targets=tuple(record.address for record in found.certain),
        unknown=found.unknown,
    )


VNIC: Final = ("create_vnic_details.", "createVnicDetails.")
VNIC_GROUPS: Final = groups(f"{VNIC[0]}nsg_ids", f"{VNIC[1]}nsgIds")

companion("oci_core_vnic_attachment", "oci_core_instance", "instance_id", "instanceId")
maps(
    "oci_core_instance",
    to=Instance,
    subnets=Derived(_subnets),
    security_groups=Derived(lambda block: _or_configured(block, VNIC_GROUPS.read(block))),
    addresses=Reserved(*VNIC),
    route_tables=own_tables(f"{VNIC[0]}route_table_id", f"{VNIC[1]}routeTableId"),
    asks_for_public_address=PublicAddressOfVnic(VNIC, Derived(_subnets)),
    asks_for_ipv4_address=PublicAddressOfVnic(VNIC, Derived(_subnets), only_four=True),
    asks_for_ipv6_address=Derived(lambda block: has_public_six(block, _subnets(block), *VNIC)),
    interfaces=Derived(_interfaces),
    requires_session_tokens=_UnlessConfigured(
        "instance_options.are_legacy_imds_endpoints_disabled",
        flag(
            "instance_options.are_legacy_imds_endpoints_disabled",
            "instanceOptions.areLegacyImdsEndpointsDisabled",
        ),
    ),
    source_check=_UnlessConfigured(
        "create_vnic_details.skip_source_dest_check",
        is_not(
            "create_vnic_details.skip_source_dest_check", "createVnicDetails.skipSourceDestCheck"
        ),
    ),
    roles=NO_ROLES,
)


def _makes_boot_volume(block: Block) -> bool:
    """Whether the instance does not start from a boot volume that exists by itself."""
    path = path_for(block, "source_details.source_type", "sourceDetails.sourceType")
    return bool(block.read(path) != "bootVolume")


maps(
    "oci_core_instance",
    to=Volume,
    when=_makes_boot_volume,
    encrypted_at_rest=ENCRYPTED,
    customer_key=_UnlessConfigured(
        "source_details.kms_key_id",
        CustomerKey("source_details.kms_key_id", "sourceDetails.kmsKeyId"),
    ),
    keys=key("source_details.kms_key_id", "sourceDetails.kmsKeyId"),
)
maps(
    "oci_core_instance",
    to=Volume,
    at="launch_volume_attachments",
    when=lambda block: block.has("launch_create_volume_details"),
    encrypted_at_rest=ENCRYPTED,
    customer_key=CustomerKey(
        "launch_create_volume_details.kms_key_id", "launchCreateVolumeDetails.kmsKeyId"
    ),
    keys=key("launch_create_volume_details.kms_key_id", "launchCreateVolumeDetails.kmsKeyId"),
)
