"""Instance configurations, and the pools that make instances from them.

API paths are those of InstanceConfiguration and InstancePool (Core Services API).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.fields import Derived, flag, is_not
from scanner.mapping.oci.compute import (
    ENCRYPTED,
    NO_ROLES,
    VNIC,
    VNIC_GROUPS,
    PublicAddressOfVnic,
)
from scanner.mapping.oci.interfaces import (
    Reserved,
    has_public_six,
    has_six,
    in_open_subnet,
    own_tables,
)
from scanner.mapping.oci.reading import (
    CustomerKey,
    Texts,
    groups,
    in_each,
    key,
    named,
    named_all,
    subnets,
)
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps
from scanner.model.compute import Instance, InstanceGroup
from scanner.model.data import Volume
from scanner.model.network import NetworkInterface
from scanner.record import Block
from scanner.truth import Truth


def _template(at: str, terraform: str, api: str) -> None:
    """Map what a configuration launches, at the record itself or at each of its options."""
    vnic = (f"{terraform}{VNIC[0]}", f"{api}{VNIC[1]}")
    placed = subnets(f"{vnic[0]}subnet_id", f"{vnic[1]}subnetId")
    boot = (f"{terraform}source_details.", f"{api}sourceDetails.")

    def is_launched(block: Block) -> bool:
        return block.has((terraform if block.record.shape == "terraform" else api).rstrip("."))

    maps(
        "oci_core_instance_configuration",
        to=Instance,
        at=at,
        when=is_launched,
        subnets=placed,
        security_groups=groups(f"{vnic[0]}nsg_ids", f"{vnic[1]}nsgIds"),
        addresses=Reserved(*vnic),
        route_tables=own_tables(f"{vnic[0]}route_table_id", f"{vnic[1]}routeTableId"),
        asks_for_public_address=PublicAddressOfVnic(vnic, placed),
        asks_for_ipv4_address=PublicAddressOfVnic(vnic, placed, only_four=True),
        asks_for_ipv6_address=Derived(
            lambda block: has_public_six(block, placed.read(block), *vnic)
        ),
        interfaces=Nothing(),
        requires_session_tokens=flag(
            f"{terraform}instance_options.are_legacy_imds_endpoints_disabled",
            f"{api}instanceOptions.areLegacyImdsEndpointsDisabled",
        ),
        source_check=is_not(f"{vnic[0]}skip_source_dest_check", f"{vnic[1]}skipSourceDestCheck"),
        roles=NO_ROLES,
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


def _second_interfaces(type: str, at: str) -> None:
    """Map the further interfaces that a template gives to every instance made from it."""
    placed = subnets(f"{VNIC[0]}subnet_id", f"{VNIC[1]}subnetId")

    def has_public_address(block: Block) -> Truth:
        """Whether it asks for one; CreateVnicDetails: else the subnet decides."""
        value = PublicAddressOfVnic(VNIC, placed).read(block)
        if value.content is None:
            return in_open_subnet(placed.read(block))
        return value.test(lambda content: content is True)

    maps(
        type,
        to=NetworkInterface,
        at=at,
        subnets=placed,
        security_groups=VNIC_GROUPS,
        has_public_address=Derived(has_public_address),
        has_ipv6_address=Derived(lambda block: has_six(block, *VNIC)),
        addresses=Reserved(*VNIC),
        route_tables=own_tables(f"{VNIC[0]}route_table_id", f"{VNIC[1]}routeTableId"),
        source_check=is_not(f"{VNIC[0]}skip_source_dest_check", f"{VNIC[1]}skipSourceDestCheck"),
    )


for _path in ("instance_details.secondary_vnics", "instance_details.options.secondary_vnics"):
    _second_interfaces("oci_core_instance_configuration", _path)

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
