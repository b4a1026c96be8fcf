"""VCNs, their subnets, interfaces and public addresses.

API paths are those of Vcn, Subnet, VnicAttachment, Vnic and PublicIp (Core Services API).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from scanner.mapping.fields import Attr, Derived, either, flag, is_not, never, written
from scanner.mapping.oci.interfaces import (
    BEARERS,
    Reserved,
    bearers,
    has_public_six,
    has_six,
    own_tables,
)
from scanner.mapping.oci.reading import (
    LISTS,
    NETWORKS,
    blocks_of,
    groups,
    named,
    named_at,
    path_for,
    subnets,
    truth_at,
)
from scanner.mapping.oci.tables import TABLES
from scanner.mapping.references import merge_links, ref
from scanner.mapping.registry import companion, maps, supports
from scanner.model.network import Network, NetworkInterface, PublicAddress, Subnet
from scanner.record import MISSING, Block, Links
from scanner.truth import Truth
from scanner.value import Unknown, Value

_DEFAULT: Final = "default_route_table_id"


def _ranges(*paths: tuple[str, str]) -> Derived:
    """Read the address ranges of several attributes, of which one set is enough."""

    def read(block: Block) -> Value[tuple[str, ...]]:
        found: dict[str, None] = {}
        doubt: Unknown | None = None
        for terraform, api in paths:
            content = written(block, path_for(block, terraform, api))
            if isinstance(content, Unknown):
                doubt = content
                continue
            for item in content if isinstance(content, list) else [content]:
                if isinstance(item, Unknown):
                    return Value(item, block, paths[0][0])
                if isinstance(item, str) and item:
                    found[item] = None
        # The provider repeats the first range in a second, computed attribute.
        if doubt is not None and not found:
            return Value(doubt, block, paths[0][0])
        return Value(tuple(found), block, paths[0][0])

    return Derived(read)


_PRIVATE: Final = ("ipv6private_cidr_blocks", "ipv6PrivateCidrBlocks")
_BROUGHT: Final = ("byoipv6cidr_details", "byoipv6CidrDetails")
_ALLOCATES: Final = flag("is_oracle_gua_allocation_enabled", "isOracleGuaAllocationEnabled")


def _ipv6_ranges(block: Block) -> Value[tuple[str, ...]]:
    """Read the prefixes of IPv6, of which Oracle's own is known only once it is allocated.

    Core Services API, CreateVcnDetails, isIpv6Enabled: by default false; if it is true, Oracle
    assigns a prefix of its own, unless isOracleGuaAllocationEnabled is false.
    """
    path = path_for(block, "ipv6cidr_blocks", "ipv6CidrBlocks")
    own = written(block, path_for(block, *_PRIVATE))
    brought = blocks_of(block, path_for(block, *_BROUGHT))
    enabled = flag("is_ipv6enabled", "isIpv6Enabled").read(block)
    if enabled.is_false and own in (MISSING, []) and not brought and block.record.managed:
        return Value((), block, path, "IPv6 is not enabled")
    parts: list[Any] = [own]
    if not _ALLOCATES.read(block).is_false:
        parts.append(block.read(path))
    if isinstance(brought, Unknown):
        parts.append(brought)
    else:
        name = path_for(block, "ipv6cidr_block", "ipv6CidrBlock")
        parts += [item.read(name) for item in brought]
    known = block.read(path_for(block, "byoipv6cidr_blocks", "byoipv6CidrBlocks"))
    parts.append(MISSING if isinstance(known, Unknown) else known)
    found: dict[str, None] = {}
    for part in parts:
        for item in part if isinstance(part, list) else [part]:
            if isinstance(item, Unknown):
                return Value(item, block, path)
            if isinstance(item, str) and item:
                found[item] = None
    return Value(tuple(found), block, path)


maps(
    "oci_core_vcn",
    to=Network,
    cidrs=_ranges(("cidr_blocks", "cidrBlocks"), ("cidr_block", "cidrBlock")),
    ipv6_cidrs=Derived(_ipv6_ranges),
    is_default=never("a tenancy has no VCN but those that somebody made"),
)


def _tables(block: Block) -> Links:
    """Read the table named by the subnet or by an attachment.

    Core Services API, CreateSubnetDetails, routeTableId: a subnet that is given none uses the
    default table of its VCN; so does one that names it as an attribute of the VCN.
    """
    own = named_at(block, path_for(block, "route_table_id", "routeTableId"), TABLES)
    attached = block.record.companions("oci_core_route_table_attachment")
    parts = [record.block.links("route_table_id", TABLES) for record in attached.certain]
    # An attachment replaces what the subnet was made with.
    links = merge_links(block, parts, "route_table_id") if parts else own
    if attached.unknown:
        links = replace(links, unknown=(*links.unknown, *attached.unknown))
    peers = block.record.peers
    if links.outside:
        # The default table of a VCN that exists may be written as its identifier.
        own_network = ref("vcn_id", "vcnId", *NETWORKS).read(block)
        names = {
            peers[address].block.read(_DEFAULT)
            for address in own_network.targets
            if address in peers and isinstance(peers[address].block.read(_DEFAULT), str)
        }
        outside = tuple(name for name in links.outside if name not in names)
        links = replace(links, outside=outside)
    defaults = {
        address
        for address in links.candidates()
        if address in peers and peers[address].type in NETWORKS
    }
    if not defaults:
        return links
    unclear = defaults - set(links.targets)
    reasons = (f"it may be the default table of {address}" for address in sorted(unclear))
    return replace(
        links,
        targets=tuple(address for address in links.targets if address not in defaults),
        one_of=tuple(group for group in links.one_of if not defaults & set(group)),
        maybe=(
            *(address for address in links.maybe if address not in defaults),
            *(item for group in links.one_of if defaults & set(group) for item in group
              if item not in defaults),
        ),
        unknown=(*links.unknown, *reasons),
    )  # fmt: skip


def _permits(block: Block) -> Truth:
    """Whether an interface may have a public address.

    Core Services API, CreateSubnetDetails: prohibitPublicIpOnVnic takes the value of
    prohibitInternetIngress; only one of them should be given, and both default to false.
    """
    return ~_PROHIBITS.read(block)


_PROHIBITS: Final = either(
    flag("prohibit_public_ip_on_vnic", "prohibitPublicIpOnVnic"),
    flag("prohibit_internet_ingress", "prohibitInternetIngress"),
)

companion("oci_core_route_table_attachment", "oci_core_subnet", "subnet_id", "subnetId")
maps(
    "oci_core_subnet",
    to=Subnet,
    network=ref("vcn_id", "vcnId", *NETWORKS),
    cidrs=_ranges(
        ("cidr_block", "cidrBlock"),
        ("ipv4cidr_blocks", "ipv4CidrBlocks"),
    ),
    ipv6_cidrs=_ranges(
        ("ipv6cidr_block", "ipv6CidrBlock"),
        ("ipv6cidr_blocks", "ipv6CidrBlocks"),
    ),
    # CreateSubnetDetails: a subnet without an availability domain is regional.
    zone=Attr("availability_domain", "availabilityDomain", unset=""),
    assigns_public_addresses=Derived(_permits),
    assigns_ipv4_addresses=Derived(_permits),
    # CreateVnicDetails, assignIpv6Ip: an interface gets an address of IPv6 on request only.
    assigns_ipv6_addresses=never("an interface gets an address of IPv6 on request only"),
    permits_public_addresses=Derived(_permits),
    route_tables=Derived(_tables),
    security_lists=named("security_list_ids", "securityListIds", *LISTS),
)


_SUBNET: Final = subnets("create_vnic_details.subnet_id", "subnetId")
_VNIC: Final = ("create_vnic_details.", "")


def _has_public_address(block: Block) -> Truth:
    """Whether a secondary interface asks for a public address, of IPv4 or of IPv6.

    Source of the Terraform provider, oci_core_vnic_attachment: assign_public_ip of
    create_vnic_details has the default false.
    """
    six = has_public_six(block, _SUBNET.read(block), *_VNIC)
    if block.record.shape == "api":
        return Attr("", "publicIp").read(block).test(lambda address: bool(address)) | six
    return truth_at(block, "create_vnic_details.assign_public_ip") | six


maps(
    "oci_core_vnic_attachment",
    to=NetworkInterface,
    subnets=_SUBNET,
    security_groups=groups("create_vnic_details.nsg_ids", "nsgIds"),
    has_public_address=Derived(_has_public_address),
    has_ipv6_address=Derived(lambda block: has_six(block, *_VNIC)),
    addresses=Reserved(*_VNIC),
    route_tables=own_tables("create_vnic_details.route_table_id", "routeTableId"),
    source_check=is_not("create_vnic_details.skip_source_dest_check", "skipSourceDestCheck"),
)


def _assigned_to(block: Block) -> Links:
    """Follow the private address that a public one belongs to, as far as it was read."""
    path = path_for(block, "private_ip_id", "assignedEntityId")
    if written(block, path) in (MISSING, ""):
        return Links(block, path)
    return bearers(block.links(path, BEARERS))


maps("oci_core_public_ip", to=PublicAddress, assigned_to=Derived(_assigned_to))
supports("oci_core_private_ip", "oci_core_ipv6")
