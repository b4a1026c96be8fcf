"""Reads one security group rule, whatever it is written in, into canonical traffic rules.

EC2 API Reference, IpPermission: protocol -1 means all protocols and all ports; protocols other
than tcp, udp, icmp and icmpv6 have no ports.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from scanner.mapping.aws.prefix_lists import behind
from scanner.mapping.fields import written
from scanner.mapping.references import merge_links
from scanner.model.network import Direction, PortRange, TrafficRule
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, known, unknown
from scanner.value import Unknown, Value

_GROUP_TYPES: Final = frozenset(
    {"aws_security_group", "aws_default_security_group"}
    # Their own groups are attributes of these.
    | {"aws_eks_cluster", "aws_elb", "aws_directory_service_directory"}
)
_PROTOCOLS: Final = {
    "-1": "all",
    "all": "all",
    "6": "tcp",
    "17": "udp",
    "1": "icmp",
    "58": "icmpv6",
    "tcp": "tcp",
    "udp": "udp",
    "icmp": "icmp",
    "icmpv6": "icmpv6",
}


@dataclass(frozen=True)
class Names:
    """What the parts of a rule are called where it is written."""

    protocol: str
    ranges: tuple[str, ...]
    prefix_lists: str
    groups: str
    itself: str = ""
    first: str = "from_port"
    last: str = "to_port"
    description: str = "description"


INLINE: Final = Names(
    "protocol", ("cidr_blocks", "ipv6_cidr_blocks"), "prefix_list_ids", "security_groups", "self"
)
RULE: Final = Names(
    "protocol",
    ("cidr_blocks", "ipv6_cidr_blocks"),
    "prefix_list_ids",
    "source_security_group_id",
    "self",
)
SINGLE: Final = Names(
    "ip_protocol", ("cidr_ipv4", "cidr_ipv6"), "prefix_list_id", "referenced_security_group_id"
)
_API: Final = Names(
    "IpProtocol",
    ("IpRanges[].CidrIp", "Ipv6Ranges[].CidrIpv6"),
    "PrefixListIds[].PrefixListId",
    "UserIdGroupPairs[].GroupId",
    first="FromPort",
    last="ToPort",
    description="IpRanges[].Description",
)


def rules_of(block: Block, direction: Direction, names: Names) -> Iterator[TrafficRule]:
    """Give what one written rule permits.

    Sources that are known only in part make two rules: one of the known, one of the unknown ones,
    so that a known open source decides whatever the others turn out to be.
    """
    if block.record.shape == "api":
        names = _API
    ports = port_range(block, names.protocol, names.first, names.last)
    sources, doubts = _sources(block, names)
    groups = _groups(block, names)
    if sources.content or not doubts:
        yield _rule(block, direction, ports, sources, groups, names)
    if doubts:
        yield _rule(block, direction, ports, doubts[0], groups, names)


def hole(block: Block, path: str, direction: Direction, reason: str) -> TrafficRule:
    """Stand for rules that may exist and of which nothing is known."""
    missing: Value[Any] = Value(Unknown(reason), block, path)
    return TrafficRule(
        direction=direction,
        ports=missing,
        sources=missing,
        groups=Links(block, path, unknown=(reason,)),
        allows=unknown(missing),
        order=missing,
        stateless=known(False, Evidence(block.address, "security groups are stateful")),
        description=missing,
        origin=missing.source,
    )


def _rule(
    block: Block,
    direction: Direction,
    ports: Value[PortRange],
    sources: Value[tuple[str, ...]],
    groups: Links,
    names: Names,
) -> TrafficRule:
    description = block.read(names.description)
    return TrafficRule(
        direction=direction,
        ports=ports,
        sources=sources,
        groups=groups,
        # That a permission permits needs no evidence beside what it permits.
        allows=known(True),
        order=Value(0, block),
        stateless=known(False, Evidence(block.address, "security groups are stateful")),
        description=Value(
            description if isinstance(description, str) else "", block, names.description
        ),
        origin=block.address,
    )


def _sources(block: Block, names: Names) -> tuple[Value[tuple[str, ...]], list[Value[Any]]]:
    """Read the address ranges of both families and of prefix lists; what is unknown apart."""
    texts: list[str] = []
    used: list[str] = []
    doubts: list[Value[Any]] = []
    for path in names.ranges:
        found = written(block, path)
        if found is MISSING or found == [] or found == "":
            continue
        used.append(path)
        for item in found if isinstance(found, list) else [found]:
            if isinstance(item, str):
                texts.append(item)
            elif isinstance(item, Unknown):
                doubts.append(Value(item, block, path))
            elif item is not None:
                doubts.append(Value(Unknown("not of the expected form"), block, path))
    if written(block, names.prefix_lists) is not MISSING:
        ranges = behind(block, names.prefix_lists)
        if ranges.known:
            used.append(names.prefix_lists)
        texts += ranges.known
        doubts += [Value(Unknown(reason), block, names.prefix_lists) for reason in ranges.unknown]
    path = ", ".join(used) or names.ranges[0]
    return Value(tuple(texts), block, path), doubts


def _groups(block: Block, names: Names) -> Links:
    parts = [Links(block, names.groups)]
    if written(block, names.groups) is not MISSING:
        parts.append(block.links(names.groups, _GROUP_TYPES))
    if written(block, names.prefix_lists) is not MISSING:
        services = behind(block, names.prefix_lists).services
        if services:
            parts.append(Links(block, names.prefix_lists, outside=services))
    if names.itself:
        itself = block.read(names.itself)
        owner = block.record.address
        if itself is True and block.path:
            parts.append(Links(block, names.itself, targets=(owner,)))
        elif itself is True:
            parts.append(block.links("security_group_id", _GROUP_TYPES))
        elif isinstance(itself, Unknown):
            parts.append(Links(block, names.itself, unknown=(itself.reason,)))
    return merge_links(block, parts, names.groups)


def port_range(block: Block, protocol_path: str, first: str, last: str) -> Value[PortRange]:
    """Read protocol and ports; for ICMP `first` is the attribute with the type."""
    protocol = block.read(protocol_path)
    if isinstance(protocol, Unknown):
        return Value(protocol, block, protocol_path)
    if isinstance(protocol, int) and not isinstance(protocol, bool):
        protocol = str(protocol)
    if not isinstance(protocol, str) or not protocol:
        return Value(Unknown("the protocol is not readable"), block, protocol_path)
    name = _PROTOCOLS.get(protocol.lower(), protocol.lower())
    if name == "all" or name not in ("tcp", "udp", "icmp", "icmpv6"):
        return Value(PortRange(name, 0, 65535), block, protocol_path)
    limits: list[int] = []
    for path in (first, last):
        found = written(block, path)
        if found is MISSING and name.startswith("icmp"):
            found = -1
        number = _number(found)
        if isinstance(number, Unknown):
            return Value(number, block, path)
        limits.append(number)
    if name.startswith("icmp"):
        # from_port is the type and to_port the code.
        return Value(PortRange(name, limits[0], limits[0]), block, first)
    if min(limits) < 0:
        return Value(Unknown(f"{min(limits)} is not a port of {name}"), block, first)
    return Value(PortRange(name, limits[0], limits[1]), block, first)


def _number(found: Any) -> int | Unknown:
    if isinstance(found, Unknown):
        return found
    if isinstance(found, bool):
        return Unknown("not of the expected form: a boolean")
    if isinstance(found, float) and found.is_integer():
        return int(found)
    if isinstance(found, str) and found.lstrip("-").isdecimal():
        return int(found)
    return found if isinstance(found, int) else Unknown("the ports are not readable")
