"""VCNs, their subnets, peerings, interfaces and public addresses.

API paths are those of Vcn, Subnet, VnicAttachment, Vnic and PublicIp (Core Services API).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from scanner.mapping.fields import Attr, Derived, either, flag, is_not, never, written
from scanner.mapping.oci.reading import (
    LISTS,
    NETWORKS,
    groups,
    named,
    named_all,
    named_at,
    path_for,
    subnets,
    truth_at,
)
from scanner.mapping.references import merge_links, ref
from scanner.mapping.registry import companion, maps, supports
from scanner.model.network import (
    Network,
    NetworkInterface,
    Peering,
    PublicAddress,
    Subnet,
)
from scanner.record import MISSING, Block, Links
from scanner.truth import Truth
from scanner.value import Unknown, Value

_DEFAULT: Final = "default_route_table_id"
TABLES: Final = frozenset({"oci_core_route_table", "oci_core_default_route_table", *NETWORKS})


def _ranges(*paths: tuple[str, str]) -> Derived:
    """Read the address ranges of several attributes, of which one set is enough."""

    def read(block: Block) -> Value[tuple[str, ...]]:
        found: dict[str, None] = {}
        doubt: Unknown | None = None
        for terraform, api in paths:
            content = written(block, path_for(block, terraform, api))
            items = content if isinstance(content, list) else [content]
            for item in items:
                if isinstance(item, Unknown):
                    doubt = item
                elif isinstance(item, str) and item:
                    found[item] = None
        # The provider repeats the first range in a second, computed attribute.
        if doubt is not None and not found:
            return Value(doubt, block, paths[0][0])
        return Value(tuple(found), block, paths[0][0])

    return Derived(read)


maps(
    "oci_core_vcn",
    to=Network,
    cidrs=_ranges(("cidr_blocks", "cidrBlocks"), ("cidr_block", "cidrBlock")),
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
        ("ipv6cidr_block", "ipv6CidrBlock"),
        ("ipv6cidr_blocks", "ipv6CidrBlocks"),
    ),
    # CreateSubnetDetails: a subnet without an availability domain is regional.
    zone=Attr("availability_domain", "availabilityDomain", unset=""),
    assigns_public_addresses=Derived(_permits),
    # CreateVnicDetails, assignIpv6Ip: an interface gets an address of IPv6 on request only.
    assigns_ipv6_addresses=never("an interface gets an address of IPv6 on request only"),
    permits_public_addresses=Derived(_permits),
    route_tables=Derived(_tables),
    security_lists=named("security_list_ids", "securityListIds", *LISTS),
)


def _has_public_address(block: Block) -> Truth:
    """Whether a secondary interface asks for a public address.

    Source of the Terraform provider, oci_core_vnic_attachment: assign_public_ip of
    create_vnic_details has the default false.
    """
    if block.record.shape == "api":
        return Attr("", "publicIp").read(block).test(lambda address: bool(address))
    return truth_at(block, "create_vnic_details.assign_public_ip")


maps(
    "oci_core_vnic_attachment",
    to=NetworkInterface,
    subnets=subnets("create_vnic_details.subnet_id", "subnetId"),
    security_groups=groups("create_vnic_details.nsg_ids", "nsgIds"),
    has_public_address=Derived(_has_public_address),
    source_check=is_not("create_vnic_details.skip_source_dest_check", "skipSourceDestCheck"),
)


def _assigned_to(block: Block) -> Links:
    """Follow the private address that a public one belongs to, as far as it was read."""
    path = path_for(block, "private_ip_id", "assignedEntityId")
    if written(block, path) in (MISSING, ""):
        return Links(block, path)
    types = ("oci_core_private_ip", "oci_core_instance", "oci_core_vnic_attachment")
    links = block.links(path, frozenset((*types, "oci_core_private_ips")))
    parts: list[Links] = []
    for address in links.targets:
        peer = block.record.peers.get(address)
        if peer is not None and peer.type in ("oci_core_private_ip", "oci_core_private_ips"):
            through = peer.block.links("vnic_id", frozenset(types[1:]))
            parts.append(through)
        else:
            parts.append(Links(block, path, targets=(address,)))
    rest = replace(links, targets=())
    return merge_links(block, [*parts, rest], path)


maps("oci_core_public_ip", to=PublicAddress, assigned_to=Derived(_assigned_to))

maps(
    "oci_core_local_peering_gateway",
    to=Peering,
    networks=named_all(
        named("vcn_id", "vcnId", *NETWORKS),
        named("peer_id", "peerId", "oci_core_local_peering_gateway"),
    ),
)
maps(
    "oci_core_remote_peering_connection",
    to=Peering,
    # It joins two hubs; which networks those join is told by their attachments.
    networks=named("drg_id", "drgId", "oci_core_drg"),
)
supports("oci_core_private_ip")
