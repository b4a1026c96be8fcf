"""Instances, the configurations that pools make them from, and their volumes made at launch.

API paths are those of Instance, InstanceConfiguration and InstancePool (Core Services API).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from scanner.mapping.fields import Derived, NotApplicable, always, flag, is_not, written
from scanner.mapping.oci.reading import (
    CustomerKey,
    Texts,
    groups,
    in_each,
    key,
    named,
    named_all,
    path_for,
    subnets,
)
from scanner.mapping.references import Nothing
from scanner.mapping.registry import companion, maps
from scanner.model.base import Field
from scanner.model.compute import Instance, InstanceGroup
from scanner.model.data import Volume
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, unknown
from scanner.value import Unknown, Value

# Block Volume documentation, "Block Volume Encryption": block and boot volumes and their backups
# are always encrypted at rest, by AES of 256 bits.
ENCRYPTED: Final = always("OCI encrypts all block and boot volumes and their backups at rest")
_NO_ROLES: Final = NotApplicable(
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
class _PublicAddress:
    """Whether an interface asks for a public address; unset where the subnet decides.

    Source of the Terraform provider, oci_core_instance: assign_public_ip has the default true;
    Core Services API, CreateVnicDetails, assignPublicIp: not set, the subnet decides.
    """

    terraform: str
    api: str

    def read(self, block: Block) -> Value[Any]:
        """Read a boolean that the provider keeps as text."""
        path = path_for(block, self.terraform, self.api)
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
        return subnets("subnet_id", "subnetId").read(block)
    return subnets(own, own).read(block)


def _interfaces(block: Block) -> Links:
    """Name the attachments of further interfaces, which are records of their own."""
    found = block.record.companions("oci_core_vnic_attachment")
    return Links(
        block,
        "vnic attachments",
        targets=tuple(record.address for record in found.certain),
        unknown=found.unknown,
    )


companion("oci_core_vnic_attachment", "oci_core_instance", "instance_id", "instanceId")
maps(
    "oci_core_instance",
    to=Instance,
    subnets=Derived(_subnets),
    security_groups=groups("create_vnic_details.nsg_ids", "createVnicDetails.nsgIds"),
    asks_for_public_address=_PublicAddress(
        "create_vnic_details.assign_public_ip", "createVnicDetails.assignPublicIp"
    ),
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
    roles=_NO_ROLES,
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


def _template(at: str, terraform: str, api: str) -> None:
    """Map what a configuration launches, at the record itself or at each of its options."""
    vnic = (f"{terraform}create_vnic_details.", f"{api}createVnicDetails.")
    boot = (f"{terraform}source_details.", f"{api}sourceDetails.")

    def is_launched(block: Block) -> bool:
        return block.has((terraform if block.record.shape == "terraform" else api).rstrip("."))

    maps(
        "oci_core_instance_configuration",
        to=Instance,
        at=at,
        when=is_launched,
        subnets=subnets(f"{vnic[0]}subnet_id", f"{vnic[1]}subnetId"),
        security_groups=groups(f"{vnic[0]}nsg_ids", f"{vnic[1]}nsgIds"),
        asks_for_public_address=_PublicAddress(
            f"{vnic[0]}assign_public_ip", f"{vnic[1]}assignPublicIp"
        ),
        interfaces=Nothing(),
        requires_session_tokens=flag(
            f"{terraform}instance_options.are_legacy_imds_endpoints_disabled",
            f"{api}instanceOptions.areLegacyImdsEndpointsDisabled",
        ),
        source_check=is_not(f"{vnic[0]}skip_source_dest_check", f"{vnic[1]}skipSourceDestCheck"),
        roles=_NO_ROLES,
    )
    maps(
        "oci_core_instance_configuration",
        to=Volume,
        at=at,
        when=is_launched,
        encrypted_at_rest=ENCRYPTED,
        customer_key=CustomerKey(f"{boot[0]}kms_key_id", f"{boot[1]}kmsKeyId"),
        keys=key(f"{boot[0]}kms_key_id", f"{boot[1]}kmsKeyId"),
    )


_template("", "instance_details.launch_details.", "instanceDetails.launchDetails.")
_template("instance_details.options", "launch_details.", "launchDetails.")
for _path in ("instance_details.block_volumes", "instance_details.options.block_volumes"):
    maps(
        "oci_core_instance_configuration",
        to=Volume,
        at=_path,
        when=lambda block: block.has("create_details"),
        encrypted_at_rest=ENCRYPTED,
        customer_key=CustomerKey("create_details.kms_key_id", "createDetails.kmsKeyId"),
        keys=key("create_details.kms_key_id", "createDetails.kmsKeyId"),
    )

_PLACES: Final = ("placement_configurations", "placementConfigurations")


maps(
    "oci_core_instance_pool",
    to=InstanceGroup,
    subnets=named_all(
        in_each(
            *_PLACES,
            subnets("primary_subnet_id", "primarySubnetId"),
            subnets("primary_vnic_subnets.subnet_id", "primaryVnicSubnets.subnetId"),
        ),
        in_each(
            f"{_PLACES[0]}[].secondary_vnic_subnets",
            f"{_PLACES[1]}[].secondaryVnicSubnets",
            subnets("subnet_id", "subnetId"),
        ),
    ),
    zones=Texts(
        "placement_configurations[].availability_domain",
        "placementConfigurations[].availabilityDomain",
    ),
    templates=named(
        "instance_configuration_id",
        "instanceConfigurationId",
        "oci_core_instance_configuration",
    ),
)
