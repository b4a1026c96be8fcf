"""Network interfaces with their addresses and groups, and who uses an elastic address.

API paths are those of DescribeNetworkInterfaces and DescribeAddresses (botocore service model
`ec2`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scanner.mapping.aws.default_groups import default_group, networks_of, with_added
from scanner.mapping.aws.references import by_attribute, groups, subnets
from scanner.mapping.fields import Derived, flag, written
from scanner.mapping.references import Nothing, ref, ref_if_set, refs
from scanner.mapping.registry import companion, companion_by, maps
from scanner.model.network import NetworkInterface, PublicAddress
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value

INSTANCES: Final = ("aws_instance", "aws_spot_instance_request")
ATTACHED_GROUPS: Final = "aws_network_interface_sg_attachment"


@dataclass(frozen=True)
class Family:
    """Attributes with addresses, and the one that says how many the provider shall choose.

    given: how many of those listed are not counted there.
    """

    paths: tuple[str, ...]
    chosen: str = ""
    given: int = 0


@dataclass(frozen=True)
class FixedAddresses:
    """The private addresses of an interface; none where the provider chooses one of them.

    Those known beside one that is chosen would not be all of them.  The first family is the one
    of which the provider chooses an address where none is written.
    """

    terraform: Sequence[Family]
    api: Sequence[str]

    def read(self, block: Block) -> Value[tuple[str, ...]]:
        """Read the addresses of both families."""
        if block.record.shape == "api":
            live = [text for path in self.api for text in _texts(block, path)]
            return _together(block, self.api[0], live)
        first = self.terraform[0]
        found: list[object] = []
        for family in self.terraform:
            here = [text for path in family.paths for text in _texts(block, path)]
            found += here
            number = written(block, family.chosen) if family.chosen else 0
            if isinstance(number, Unknown):
                found.append(number)
            elif isinstance(number, int) and number > max(0, _count(here) - family.given):
                return Value((), block, family.chosen, "the provider chooses")
            elif family is first and not here:
                return Value((), block, first.paths[0], "the provider chooses")
        return _together(block, first.paths[0], found)


def _count(items: Sequence[object]) -> int:
    return len({item for item in items if isinstance(item, str)})


def _texts(block: Block, path: str) -> Iterator[object]:
    found = written(block, path)
    if found is MISSING or found == "":
        return
    yield from found if isinstance(found, list) else (found,)


def _together(block: Block, path: str, items: Sequence[object]) -> Value[tuple[str, ...]]:
    for item in items:
        if not isinstance(item, str):
            why = item if isinstance(item, Unknown) else Unknown("not of the expected form")
            return Value(why, block, path)
    return Value(tuple(dict.fromkeys(map(str, items))), block, path)


_ADDRESSES: Final = FixedAddresses(
    (
        Family(("private_ips", "private_ip_list", "private_ip"), "private_ips_count", given=1),
        Family(("ipv6_addresses", "ipv6_address_list"), "ipv6_address_count"),
    ),
    ("PrivateIpAddresses[].PrivateIpAddress", "Ipv6Addresses[].Ipv6Address"),
)


def _has_ipv6_address(block: Block) -> Truth:
    """Whether an interface is given an address of version 6, which is public.

    VPC User Guide, "IP addressing for your VPCs and subnets".
    """
    doubts: list[Evidence] = []
    for path in ("Ipv6Addresses", "ipv6_addresses", "ipv6_address_list", "ipv6_address_count"):
        found = written(block, path)
        if isinstance(found, Unknown):
            doubts.append(Evidence(f"{block.address}.{path}", found.reason))
        elif found not in (MISSING, [], 0):
            return known(True, Evidence(f"{block.address}.{path}", "an address of IPv6"))
    if doubts:
        return unknown(*doubts)
    return known(False, Evidence(block.address, "no address of IPv6"))


def _has_public_address(block: Block) -> Truth:
    """Whether an interface has a public address: in a plan only an elastic one can be seen."""
    return _has_ipv6_address(block) | _has_elastic_address(block)


def _has_elastic_address(block: Block) -> Truth:
    if block.record.shape == "api":
        association = block.read("Association.PublicIp")
        return known(association is not MISSING, Evidence(block.address, "Association"))
    # An aws_network_interface cannot be given one of IPv4 of its own: EC2 API Reference,
    # InstanceNetworkInterfaceSpecification: only an interface made with its instance gets one.
    found = block.record.companions("aws_eip")
    association_found = block.record.companions("aws_eip_association")
    for record in (*found.certain, *association_found.certain):
        return known(True, Evidence(record.address, f"assigned to {block.record.address}"))
    if not block.record.managed:
        return _looked_up_address(block)
    reasons = (*found.unknown, *association_found.unknown)
    if reasons:
        return unknown(*(Evidence(block.address, reason) for reason in reasons))
    fact = "no elastic address in what was read is assigned to it"
    return known(False, Evidence(block.address, fact))


def _looked_up_address(block: Block) -> Truth:
    """Whether an interface that is looked up has an address; absent attributes show nothing."""
    found = block.read("association")
    if isinstance(found, list) and not any(isinstance(item, Unknown) for item in found):
        fact = "an association" if found else "no association"
        return known(bool(found), Evidence(f"{block.address}.association", fact))
    reason = found.reason if isinstance(found, Unknown) else "not read"
    return unknown(Evidence(f"{block.address}.association", reason))


_SUBNETS: Final = subnets("subnet_id", "SubnetId")
_NETWORKS: Final = networks_of(_SUBNETS)
_GROUPS: Final = groups("security_groups", "Groups[].GroupId")


def _groups(block: Block) -> Links:
    """Read the groups of an interface, and those that were attached to it."""
    return with_added(block, _GROUPS.read(block), ATTACHED_GROUPS, _NETWORKS.read)


def _groups_in_force(block: Block) -> Links:
    """Read its groups for something else that uses it: the default one where none is named."""
    found = _groups(block)
    return default_group(block, _NETWORKS.read(block)) if found.is_empty else found


GROUPS_OF_INTERFACE: Final = Derived(_groups_in_force)
SUBNETS_OF_INTERFACE: Final = _SUBNETS


def _attached_to(block: Block) -> Links:
    """Read what a group is attached to: an interface, or an instance by its first interface."""
    types = ("aws_network_interface", *INSTANCES)
    links = ref("network_interface_id", "NetworkInterfaceId", *types).read(block)
    return by_attribute(links, dict.fromkeys(INSTANCES, ("primary_network_interface_id",)))


companion_by(ATTACHED_GROUPS, ("aws_network_interface", *INSTANCES), Derived(_attached_to))
companion("aws_eip", "aws_network_interface", "network_interface", "NetworkInterfaceId")
companion(
    "aws_eip_association", "aws_network_interface", "network_interface_id", "NetworkInterfaceId"
)

maps(
    "aws_network_interface",
    to=NetworkInterface,
    subnets=_SUBNETS,
    security_groups=Derived(_groups),
    has_public_address=Derived(_has_public_address),
    has_ipv6_address=Derived(_has_ipv6_address),
    source_check=flag("source_dest_check", "SourceDestCheck"),
    addresses=_ADDRESSES,
    route_tables=Nothing(),
)
maps(
    "aws_eip",
    to=PublicAddress,
    assigned_to=refs(
        ref_if_set("instance", "InstanceId", *INSTANCES),
        ref_if_set("network_interface", "NetworkInterfaceId", "aws_network_interface"),
    ),
)
maps(
    "aws_eip_association",
    to=PublicAddress,
    assigned_to=refs(
        ref_if_set("instance_id", "InstanceId", *INSTANCES),
        ref_if_set("network_interface_id", "NetworkInterfaceId", "aws_network_interface"),
    ),
)
