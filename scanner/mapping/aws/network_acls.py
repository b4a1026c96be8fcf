"""Network ACLs with their entries, inline and separate, and the subnets they rule.

API paths are those of DescribeNetworkAcls (botocore service model `ec2`), whose answer holds all
entries, and tells their direction by `Egress`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from scanner.mapping.aws.references import NETWORKS, SUBNETS, network
from scanner.mapping.aws.traffic import hole, port_range
from scanner.mapping.fields import Derived, always, flag, never, shown, written
from scanner.mapping.references import merge_links
from scanner.mapping.registry import companion, maps
from scanner.model.network import Direction, NetworkAcl, PortRange, TrafficRule
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value

_ACLS: Final = ("aws_network_acl", "aws_default_network_acl")
_SUBNETS: Final = frozenset(SUBNETS)


@dataclass(frozen=True)
class Names:
    """What the parts of an entry are called where it is written."""

    order: str
    action: str
    ranges: tuple[str, str] = ("cidr_block", "ipv6_cidr_block")
    protocol: str = "protocol"
    first: str = "from_port"
    last: str = "to_port"
    icmp: str = "icmp_type"


_INLINE: Final = Names("rule_no", "action")
_SEPARATE: Final = Names("rule_number", "rule_action")
_API: Final = Names(
    "RuleNumber",
    "RuleAction",
    ("CidrBlock", "Ipv6CidrBlock"),
    "Protocol",
    "PortRange.From",
    "PortRange.To",
    "IcmpTypeCode.Type",
)


def _entry(block: Block, direction: Direction, names: Names) -> TrafficRule:
    return TrafficRule(
        direction=direction,
        ports=_ports(block, names),
        sources=_sources(block, names),
        groups=Links(block, ""),
        allows=_allows(block, names.action),
        order=_order(block, names.order),
        stateless=known(True, Evidence(block.address, "network ACLs are stateless")),
        description=Value("", block),
        origin=block.address,
    )


def _ports(block: Block, names: Names) -> Value[PortRange]:
    kind = block.read(names.protocol)
    if kind in ("1", "58", 1, 58, "icmp", "icmpv6"):
        return port_range(block, names.protocol, names.icmp, names.icmp)
    return port_range(block, names.protocol, names.first, names.last)


def _sources(block: Block, names: Names) -> Value[tuple[str, ...]]:
    texts: list[str] = []
    for path in names.ranges:
        found = written(block, path)
        if found is MISSING or found == "":
            continue
        if not isinstance(found, str):
            why = found if isinstance(found, Unknown) else Unknown("not of the expected form")
            return Value(why, block, path)
        texts.append(found)
    if not texts:
        return Value(Unknown("no address range can be read"), block, names.ranges[0])
    return Value(tuple(texts), block, names.ranges[0])


def _allows(block: Block, path: str) -> Truth:
    value: Value[Any] = block.value(path)
    # Older configurations write ALLOW and DENY; the provider ignores the case.
    if isinstance(value.content, str) and value.content.lower() in ("allow", "deny"):
        return value.test(lambda action: action.lower() == "allow")
    reason = value.content.reason if isinstance(value.content, Unknown) else "not of that form"
    return unknown(Evidence(value.source, reason))


def _order(block: Block, path: str) -> Value[int]:
    found = block.read(path)
    if isinstance(found, str) and found.isdecimal():
        found = int(found)
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    if isinstance(found, int) and not isinstance(found, bool):
        return Value(found, block, path)
    return Value(found if isinstance(found, Unknown) else Unknown("not a number"), block, path)


def _entries(block: Block) -> Iterator[TrafficRule]:
    if block.record.shape == "api":
        blocks = block.blocks("Entries")
        if isinstance(blocks, Unknown):
            yield from _holes(block, "Entries", blocks.reason)
            return
        for item in blocks:
            yield from _directed(item, "Egress", _API)
        return
    for direction, path in ((Direction.INGRESS, "ingress"), (Direction.EGRESS, "egress")):
        # What is left out, though computed, is empty: the provider makes an ACL without entries.
        if shown(block, path) is MISSING:
            continue
        blocks = block.blocks(path)
        if isinstance(blocks, Unknown):
            yield replace(hole(block, path, direction, blocks.reason), stateless=_stateless(block))
            continue
        for item in blocks:
            yield _entry(item, direction, _INLINE)
    separate = block.record.companions("aws_network_acl_rule")
    for record in separate.certain:
        yield from _directed(record.block, "egress", _SEPARATE)
    for reason in separate.unknown:
        yield from _holes(block, "aws_network_acl_rule", reason)


def _stateless(block: Block) -> Truth:
    return known(True, Evidence(block.address, "network ACLs are stateless"))


def _holes(block: Block, path: str, reason: str) -> Iterator[TrafficRule]:
    for direction in Direction:
        yield replace(hole(block, path, direction, reason), stateless=_stateless(block))


def _directed(block: Block, path: str, names: Names) -> Iterator[TrafficRule]:
    outward = block.read(path)
    if isinstance(outward, Unknown):
        yield from _holes(block, path, outward.reason)
        return
    # Terraform registry, aws_network_acl_rule: egress is false by default.
    yield _entry(block, Direction.EGRESS if outward is True else Direction.INGRESS, names)


def _subnets(block: Block) -> Links:
    if block.record.shape == "api":
        return block.links("Associations[].SubnetId", _SUBNETS)
    parts = [Links(block, "subnet_ids")]
    if written(block, "subnet_ids") is not MISSING:
        parts.append(block.links("subnet_ids", _SUBNETS))
    found = block.record.companions("aws_network_acl_association")
    parts += [record.block.links("subnet_id", _SUBNETS) for record in found.certain]
    parts.append(Links(block, "subnet_ids", unknown=found.unknown))
    return merge_links(block, parts, "subnet_ids")


def _network_of_default(block: Block) -> Links:
    if isinstance(block.read("vpc_id"), str):
        return block.links("vpc_id", frozenset(NETWORKS))
    return block.links("default_network_acl_id", frozenset(NETWORKS))


_MADE: Final = never("an ACL that the configuration makes is never the default one of its VPC")
_READ: Final = flag("default", "IsDefault")


def _is_default(block: Block) -> Truth:
    made = block.record.managed and block.record.shape != "api"
    return _MADE.read(block) if made else _READ.read(block)


companion("aws_network_acl_rule", _ACLS, "network_acl_id", "NetworkAclId")
companion("aws_network_acl_association", _ACLS, "network_acl_id", "NetworkAclId")

maps(
    "aws_network_acl",
    to=NetworkAcl,
    network=network("vpc_id", "VpcId"),
    is_default=Derived(_is_default),
    subnets=Derived(_subnets),
    rules=Derived(lambda block: Value(tuple(_entries(block)), block, "")),
)
maps(
    "aws_default_network_acl",
    to=NetworkAcl,
    network=Derived(_network_of_default),
    is_default=always("it is the default ACL of its VPC"),
    subnets=Derived(_subnets),
    rules=Derived(lambda block: Value(tuple(_entries(block)), block, "")),
)
