"""Security groups with their rules, in all three styles that Terraform has for them.

Rules stand inline (`ingress`, `egress`), in `aws_security_group_rule`, or in
`aws_vpc_security_group_ingress_rule` and `_egress_rule`.  API paths are those of
DescribeSecurityGroups (botocore service model `ec2`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from scanner.mapping.aws.references import GROUPS, NETWORKS, OWN_GROUPS
from scanner.mapping.aws.traffic import INLINE, RULE, SINGLE, Names, hole, rules_of
from scanner.mapping.fields import Derived, NotApplicable, always, shown, written
from scanner.mapping.registry import companion, maps
from scanner.model.network import Direction, PortRange, SecurityGroup, TrafficRule
from scanner.record import MISSING, Block, Links, Record
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value

_BOTH: Final = (Direction.INGRESS, Direction.EGRESS)
_STYLES: Final[dict[str, tuple[Names, Direction | None]]] = {
    "aws_security_group_rule": (RULE, None),
    "aws_vpc_security_group_ingress_rule": (SINGLE, Direction.INGRESS),
    "aws_vpc_security_group_egress_rule": (SINGLE, Direction.EGRESS),
}


def _inline(block: Block) -> Iterator[TrafficRule]:
    api = block.record.shape == "api"
    paths = ("IpPermissions", "IpPermissionsEgress") if api else ("ingress", "egress")
    for direction, path in zip(_BOTH, paths, strict=True):
        # Terraform registry, aws_security_group, note on egress rules: the provider removes the
        # rule that AWS makes, so what is left out, though computed, is empty.
        if shown(block, path) is MISSING:
            continue
        blocks = block.blocks(path)
        if isinstance(blocks, Unknown):
            yield hole(block, path, direction, blocks.reason)
            continue
        for item in blocks:
            yield from rules_of(item, direction, INLINE)


def separate(block: Block) -> Iterator[TrafficRule]:
    """Give the rules that stand in resources of their own, and those that may belong to it."""
    for type in _STYLES:
        found = block.record.companions(type)
        for record in found.certain:
            yield from _of_record(record)
        for reason in found.unknown:
            for direction in _directions(type):
                yield hole(block, type, direction, reason)


def _directions(type: str) -> tuple[Direction, ...]:
    fixed = _STYLES[type][1]
    return _BOTH if fixed is None else (fixed,)


def _of_record(record: Record) -> Iterator[TrafficRule]:
    names, direction = _STYLES[record.type]
    block = record.block
    if direction is not None:
        yield from rules_of(block, direction, names)
        return
    written_type = block.read("type")
    for candidate in _BOTH:
        if written_type == candidate.value:
            yield from rules_of(block, candidate, names)
        elif isinstance(written_type, Unknown):
            yield hole(block, "type", candidate, written_type.reason)


def _rules(block: Block) -> Value[tuple[TrafficRule, ...]]:
    """Read all rules; those that may exist or not stand as rules of which nothing is known."""
    found = [*_inline(block), *separate(block)]
    if not block.record.managed:
        reason = "the rules of a group that is looked up were not read"
        found += [hole(block, "", direction, reason) for direction in _BOTH]
    return Value(tuple(found), block, "")


def _of_default_network(block: Block) -> Links:
    """Read the VPC; a group that names none is in the account's default one."""
    if written(block, "vpc_id") is not MISSING:
        return block.links("vpc_id", frozenset(NETWORKS))
    reason = "not set: the default VPC of the account, which was not read"
    return Links(block, "vpc_id", unknown=(reason,))


def _is_default(block: Block) -> Truth:
    """Whether its name is `default`, which AWS reserves for the group made with a VPC."""
    path = "GroupName" if block.record.shape == "api" else "name"
    found = block.read(path)
    if isinstance(found, str):
        return known(found == "default", Evidence(f"{block.address}.{path}", f'"{found}"'))
    if block.record.managed:
        return known(False, Evidence(block.address, "a group that the configuration makes"))
    return unknown(Evidence(f"{block.address}.{path}", "not read"))


for _type in _STYLES:
    companion(_type, (*GROUPS, *OWN_GROUPS), "security_group_id", "GroupId")

maps(
    "aws_security_group",
    to=SecurityGroup,
    network=Derived(
        lambda block: (
            block.links("VpcId") if block.record.shape == "api" else _of_default_network(block)
        )
    ),
    is_default=Derived(_is_default),
    rules=Derived(_rules),
)
companion("aws_default_security_group", NETWORKS, "vpc_id", "VpcId")
maps(
    "aws_default_security_group",
    to=SecurityGroup,
    network=Derived(_of_default_network),
    is_default=always("it is the default group of its VPC"),
    # Terraform registry, aws_default_security_group: on adoption all rules are removed at once.
    rules=Derived(_rules),
)


def _as_made(block: Block) -> Value[tuple[TrafficRule, ...]]:
    """Give the rules of the default group that AWS makes with a VPC, and those added to it.

    VPC User Guide, "Default security groups for your VPCs": all traffic from the group itself may
    enter, all traffic may leave.
    """
    reason = "the default security group as AWS makes it: no aws_default_security_group changes it"
    everything = Value(PortRange("all", 0, 65535), block, "default_security_group_id", reason)
    ranges = {Direction.INGRESS: (), Direction.EGRESS: ("0.0.0.0/0", "::/0")}
    itself = Links(block, "default_security_group_id", targets=(block.record.address,))
    rules = [
        TrafficRule(
            direction=direction,
            ports=everything,
            sources=Value(ranges[direction], block, "default_security_group_id", reason),
            groups=itself if direction is Direction.INGRESS else Links(block, ""),
            allows=known(True, Evidence(block.address, reason)),
            order=Value(0, block),
            stateless=known(False, Evidence(block.address, "security groups are stateful")),
            description=Value("", block),
            origin=f"{block.record.address}.default_security_group_id",
        )
        for direction in _BOTH
    ]
    doubts = block.record.companions("aws_default_security_group").unknown
    rules = [] if doubts else rules
    for doubt in doubts:
        rules += [hole(block, "default_security_group_id", item, doubt) for item in _BOTH]
    return Value((*rules, *separate(block)), block, "default_security_group_id")


def _keeps_default_group(block: Block) -> bool:
    """Whether the default group of a VPC is certainly not adopted by a resource of its own."""
    record = block.record
    return record.managed and not record.companions("aws_default_security_group").certain


for _type in NETWORKS:
    maps(
        _type,
        to=SecurityGroup,
        when=_keeps_default_group,
        network=Derived(
            lambda block: Links(block, "default_security_group_id", targets=(block.record.address,))
        ),
        is_default=always("it is the default group that AWS makes with the VPC"),
        rules=Derived(_as_made),
    )


def _unattached(by: str) -> Callable[[Block], bool]:
    """Whether the group that a rule belongs to is not part of what was read."""

    def belongs_to_nobody(block: Block) -> bool:
        links = block.links(by, frozenset((*GROUPS, *OWN_GROUPS)))
        peers = block.record.peers
        return not any(address in peers and peers[address].managed for address in links.targets)

    return belongs_to_nobody


# A rule added to a group made elsewhere is all that can be judged of that group.
for _type in _STYLES:
    maps(
        _type,
        to=SecurityGroup,
        when=_unattached("security_group_id"),
        network=NotApplicable("only one rule of the group was read"),
        is_default=NotApplicable("only one rule of the group was read"),
        rules=Derived(lambda block: Value(tuple(_of_record(block.record)), block, "")),
    )
