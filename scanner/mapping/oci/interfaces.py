"""What interfaces (VNICs) have in common: addresses of both families, tables, and their bearers.

A route, a public address or a backend names a private address by its OCID; the instance or the
attachment that bears it is found through the identifier of its VNIC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv6Network, ip_network
from typing import Final

from scanner.mapping.fields import flag, written
from scanner.mapping.oci.reading import (
    SUBNETS,
    blocks_of,
    named_at,
    path_for,
    texts_at,
    truth_at,
)
from scanner.mapping.oci.tables import Tables
from scanner.mapping.references import merge_links
from scanner.record import MISSING, Block, Links, Record
from scanner.truth import Evidence, Truth, all_of, any_of, known, unknown
from scanner.value import Unknown, Value

# What leads from a private address, or from a look-up, to whoever bears it.
_LEADS: Final = {
    "oci_core_private_ip": ("vnic_id", "vnicId"),
    "oci_core_private_ips": ("vnic_id", "vnicId"),
    "oci_core_ipv6": ("vnic_id", "vnicId"),
    "oci_core_vnic": ("vnic_id", "vnicId"),
    "oci_core_vnic_attachments": ("instance_id", "instanceId"),
}
BEARERS: Final = frozenset({"oci_core_instance", "oci_core_vnic_attachment", *_LEADS})
_STEPS: Final = 4


def bearers(links: Links) -> Links:
    """Name those who bear the private addresses that are referred to, as far as they were read."""
    peers = links.origin.record.peers
    parts: list[Links] = []
    for address in links.targets:
        found = _bearer(address, peers.get(address), _STEPS)
        parts.append(found or Links(links.origin, links.path, targets=(address,)))
    if not parts:
        return links
    return merge_links(links.origin, [*parts, replace(links, targets=())], links.path)


def _bearer(address: str, record: Record | None, steps: int) -> Links | None:
    """Follow one record; None where it bears the address itself, or nothing says who does."""
    lead = None if record is None else _LEADS.get(record.type)
    if record is None or lead is None or not steps:
        return None
    links = named_at(record.block, path_for(record.block, *lead), BEARERS)
    if links.is_empty:
        return None
    peers = record.peers
    parts = [
        _bearer(target, peers.get(target), steps - 1)
        or Links(links.origin, links.path, targets=(target,))
        for target in links.targets
    ]
    return merge_links(links.origin, [*parts, replace(links, targets=())], links.path)


@dataclass(frozen=True)
class Reserved:
    """The private address of an interface, given itself or by a reserved one that it names."""

    terraform: str
    api: str

    def read(self, block: Block) -> Value[tuple[str, ...]]:
        """Read it; none where Oracle chooses."""
        prefix = path_for(block, self.terraform, self.api)
        path = f"{prefix}{path_for(block, 'private_ip', 'privateIp')}"
        own = written(block, path)
        if isinstance(own, Unknown):
            return Value(own, block, path)
        if isinstance(own, str) and own:
            return Value((own,), block, path)
        by_id = f"{prefix}{path_for(block, 'private_ip_id', 'privateIpId')}"
        if written(block, by_id) in (MISSING, ""):
            return Value((), block, path, "Oracle chooses the address")
        links = block.links(by_id, frozenset({"oci_core_private_ip"}))
        peer = block.record.peers.get(links.targets[0]) if len(links.targets) == 1 else None
        found = peer.block.read("ip_address") if peer is not None and links.certain else MISSING
        if isinstance(found, str) and found:
            return Value((found,), block, by_id)
        return Value(Unknown("the address of the reserved private IP is not known"), block, by_id)


@dataclass(frozen=True)
class OwnTables:
    """The route tables of an interface, which rule it instead of its subnet's.

    Core Services API, CreatePrivateIpDetails, routeTableId: a single private address may have one
    too, so that traffic of that address alone goes by another table.
    """

    tables: Tables

    def read(self, block: Block) -> Links:
        """Read the interface's own; a table of one of its addresses leaves open which one rules."""
        links = self.tables.read(block)
        doubts = tuple(_routed_alone(block.record))
        return replace(links, unknown=(*links.unknown, *doubts)) if doubts else links


def _routed_alone(record: Record) -> Iterator[str]:
    for address in record.peers.of("oci_core_private_ip"):
        if written(address.block, "route_table_id") in (MISSING, ""):
            continue
        bearer = _bearer(address.address, address, _STEPS)
        if bearer is not None and record.address in bearer.candidates():
            yield f"{address.address} has a route table of its own for one address"


def own_tables(terraform: str, api: str) -> OwnTables:
    """Read the route tables of an interface."""
    return OwnTables(Tables(terraform, api, silent=False))


_SIX: Final = ("assign_ipv6ip", "assignIpv6Ip")
_PAIRS: Final = (
    "ipv6address_ipv6subnet_cidr_pair_details",
    "ipv6AddressIpv6SubnetCidrPairDetails",
)
_LOCAL_SIX: Final = IPv6Network("fc00::/7")


def has_six(block: Block, terraform: str, api: str) -> Truth:
    """Whether an interface is given an address of IPv6 by what stands below this prefix.

    Core Services API, CreateVnicDetails, assignIpv6Ip: by default false.
    """
    if block.record.shape == "api" and not api:
        addresses = texts_at(block, "ipv6Addresses")
        return addresses.test(lambda items: bool(items))
    prefix = path_for(block, terraform, api)
    path = f"{prefix}{path_for(block, *_PAIRS)}"
    pairs = blocks_of(block, path)
    if isinstance(pairs, Unknown):
        given = unknown(Evidence(f"{block.address}.{path}", pairs.reason))
    else:
        given = known(bool(pairs), Evidence(f"{block.address}.{path}", f"{len(pairs)} prefixes"))
    own = truth_at(block, f"{prefix}{path_for(block, *_SIX)}", f"{terraform}{_SIX[0]}")
    return own | given


def has_public_six(block: Block, subnets: Links, terraform: str, api: str) -> Truth:
    """Whether it is given one to which the internet may send.

    Core Services API, CreateSubnetDetails, prohibitInternetIngress: if it is true, the addresses
    of IPv6 in the subnet have no access to the internet.  Unique local ones (RFC 4193) never have.
    """
    peers = block.record.peers
    open_to_all = [
        _is_open_to_six(peers[address].block)
        if address in peers and peers[address].type in SUBNETS
        else unknown(Evidence(subnets.source, f"{address} was not read"))
        for address in subnets.candidates()
    ]
    open_to_all += [unknown(Evidence(subnets.source, reason)) for reason in subnets.unknown]
    open_to_all += [
        unknown(Evidence(subnets.source, f'"{name}" is not in what was read'))
        for name in subnets.outside
    ]
    nowhere = Evidence(block.address, "no subnet is named")
    return has_six(block, terraform, api) & any_of(open_to_all, nowhere)


def _is_open_to_six(subnet: Block) -> Truth:
    prohibited = flag("prohibit_internet_ingress", "prohibitInternetIngress").read(subnet)
    prefixes = [
        text
        for pair in (("ipv6cidr_block", "ipv6CidrBlock"), ("ipv6cidr_blocks", "ipv6CidrBlocks"))
        for text in texts_at(subnet, path_for(subnet, *pair)).known_or(())
    ]
    if prefixes and all(map(_is_local, prefixes)):
        return known(False, Evidence(subnet.address, "its prefixes of IPv6 are unique local ones"))
    return ~prohibited


def _is_local(text: str) -> bool:
    try:
        found = ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    return isinstance(found, IPv6Network) and found.subnet_of(_LOCAL_SIX)


def in_open_subnet(subnets: Links) -> Truth:
    """Whether some subnet lets its interfaces have public addresses of IPv4."""
    peers = subnets.origin.record.peers
    truths = []
    for address in subnets.candidates():
        peer = peers.get(address)
        if peer is None or peer.type not in SUBNETS:
            truths.append(unknown(Evidence(subnets.source, f"{address} was not read")))
            continue
        prohibits = flag("prohibit_public_ip_on_vnic", "prohibitPublicIpOnVnic").read(
            peer.block
        ) | flag("prohibit_internet_ingress", "prohibitInternetIngress").read(peer.block)
        truths.append(prohibits)
    truths += [unknown(Evidence(subnets.source, reason)) for reason in subnets.unknown]
    truths += [
        unknown(Evidence(subnets.source, f'"{name}" is not in what was read'))
        for name in subnets.outside
    ]
    if not truths:
        return unknown(Evidence(subnets.source, "no subnet can be read"))
    return ~all_of(truths)
