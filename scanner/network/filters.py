"""What lets packets through: security groups and lists united, and network ACLs in their order.

AWS: VPC User Guide, "Security group rules" (allow only, all groups of an interface united,
stateful) and "Network ACL rules" (from the lowest number, the first match decides, stateless).
OCI: Networking documentation, "Security Rules" (a packet passes if any rule of any list or group
allows it; where a stateful and a stateless rule both match, the stateless one takes precedence and
the connection is not tracked, so that the reply needs a rule of its own).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from scanner.model.network import Direction, NetworkAcl, PortRange, SecurityGroup, TrafficRule
from scanner.network.addresses import ANY, Interval, interval
from scanner.network.packets import (
    ICMP,
    ICMP_V6,
    NOTHING,
    OPEN,
    PORTS,
    PROTOCOLS,
    SHUT,
    TCP,
    UDP,
    UNSURE,
    Box,
    Packets,
    Pair,
    any_of_pairs,
    either,
    perhaps,
    unite,
)
from scanner.truth import Evidence
from scanner.value import Unknown, Value

_NUMBERS: Final = {"tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMP_V6}


class Clause(NamedTuple):
    """One rule of a group or list, or entry of an ACL, as the packets that it speaks of.

    must, may: packets whose other end is named by address.  must_of_groups, may_of_groups:
    packets to or from any address, for other ends that are named by group.
    groups, perhaps_groups: those groups.  any_group: it may name others too.
    stateless: true, false, or None where not known.
    allows: true, false for a denial, None where it may do either or nothing.
    """

    rule: TrafficRule
    owner: str
    must: Packets
    may: Packets
    must_of_groups: Packets
    may_of_groups: Packets
    groups: frozenset[str]
    perhaps_groups: frozenset[str]
    any_group: bool
    stateless: bool | None
    allows: bool | None

    def doubts(self) -> Iterator[Evidence]:
        """Say what is not known of it."""
        rule = self.rule
        for value in (rule.ports, rule.sources):
            if isinstance(value.content, Unknown):
                yield Evidence(value.source, value.content.reason)
        if rule.allows.is_unknown:
            yield from rule.allows.evidence
        for reason in rule.groups.unknown:
            yield Evidence(rule.groups.source, reason)
        for text in rule.sources.known_or(()):
            if interval(text) is None:
                yield Evidence(rule.sources.source, "not an address range")

    def pair(self, other: OtherEnd) -> Pair:
        """Give the packets that it speaks of, with this at the other end."""
        must, may = self.must, self.may
        if self.groups or self.perhaps_groups or self.any_group:
            if self.groups & other.groups and other.by_group is True:
                must = must | self.must_of_groups
                may = may | self.may_of_groups
            elif other.by_group is not False and (
                (self.any_group and (other.possible or other.unknown))
                or other.unknown
                or (self.groups | self.perhaps_groups) & other.possible
            ):
                may = may | self.may_of_groups
        return Pair(must, may)

    def __str__(self) -> str:
        return describe(self.rule)


class OtherEnd(NamedTuple):
    """What is known of the groups of the interface at the other end.

    groups: it certainly bears.  possible: it may bear; holds `groups`.  unknown: it may bear any.
    by_group: whether rules may name it by its group on this way; None where that is not known.
    """

    groups: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    unknown: bool = False
    by_group: bool | None = False


OUTSIDE: Final = OtherEnd()


class Rules(NamedTuple):
    """The compiled rules of a group or list; `hole` says why they cannot be listed."""

    name: str
    ingress: Sequence[Clause]
    egress: Sequence[Clause]
    hole: str

    def of(self, direction: Direction) -> Sequence[Clause]:
        """Give those of one direction."""
        return self.ingress if direction is Direction.INGRESS else self.egress


def rules_of(group: SecurityGroup | NetworkAcl) -> Rules:
    """Compile a group, list or ACL."""
    content = group.rules.content
    if isinstance(content, Unknown):
        return Rules(group.address, (), (), content.reason)
    ingress: list[Clause] = []
    egress: list[Clause] = []
    for rule in content:
        inward = rule.direction is Direction.INGRESS
        (ingress if inward else egress).append(_clause(rule, group.address, inward))
    return Rules(group.address, ingress, egress, "")


def _clause(rule: TrafficRule, owner: str, inward: bool) -> Clause:
    ports = _ports(rule.ports)
    known = ports is not None
    rest = ports if ports is not None else (*PROTOCOLS, *PORTS, *PORTS)
    texts = rule.sources.content
    places: list[Interval] = []
    lost = isinstance(texts, Unknown)
    for text in () if isinstance(texts, Unknown) else texts:
        found = interval(text)
        if found is None:
            lost = True
        else:
            places.append(found)
    sure = (known and rule.allows.is_true) or (known and rule.allows.is_false)
    by_address = Packets(tuple(_placed(place, rest, inward) for place in places))
    anyone = Packets((_placed(ANY, rest, inward),))
    links = rule.groups
    may = anyone if lost else by_address
    state = rule.stateless
    return Clause(
        rule,
        owner,
        by_address if sure else NOTHING,
        may,
        anyone if sure else NOTHING,
        anyone,
        frozenset((*links.targets, *links.outside)),
        frozenset((*(item for group in links.one_of for item in group), *links.maybe)),
        bool(links.unknown),
        None if state.is_unknown else state.is_true,
        None if rule.allows.is_unknown else rule.allows.is_true,
    )


def _placed(place: Interval, rest: tuple[int, int, int, int, int, int], inward: bool) -> Box:
    return (*place, *ANY, *rest) if inward else (*ANY, *place, *rest)


def _ports(
    value: Value[PortRange],
) -> tuple[int, int, int, int, int, int] | None:
    """Read protocol, source ports and target ports; None where they are not known."""
    found = value.content
    if isinstance(found, Unknown):
        return None
    if found.protocol == "all":
        return (*PROTOCOLS, *PORTS, *PORTS)
    number = _NUMBERS.get(found.protocol)
    if number is None:
        if not found.protocol.isdecimal() or int(found.protocol) > 255:
            return None
        number = int(found.protocol)
    if number in (TCP, UDP):
        sender = (found.source_first, found.source_last)
        first, last = found.first, found.last
        if first == last == -1:
            first, last = PORTS
        return (number, number, *sender, max(first, 0), min(last, 65535))
    if number in (ICMP, ICMP_V6) and found.first >= 0:
        # The last number is the code, or the type again.
        kinds = PORTS if (found.first, found.last) == PORTS else (found.first, found.first)
        return (number, number, *PORTS, *kinds)
    return (number, number, *PORTS, *PORTS)


class Bundle:
    """The groups and lists that protect an interface together.

    open_to_all: it has none, and that means that everything passes.
    tracks: every rule is stateful (AWS).
    """

    __slots__ = ("_memory", "maybe", "open_to_all", "other_end", "reasons", "sure", "tracks")

    def __init__(
        self,
        sure: Sequence[Rules],
        maybe: Sequence[Rules],
        reasons: Sequence[Evidence],
        other_end: OtherEnd,
        open_to_all: bool = False,
        tracks: bool = True,
    ) -> None:
        self.sure = sure
        self.maybe = maybe
        self.reasons = reasons
        self.other_end = other_end
        self.open_to_all = open_to_all
        self.tracks = tracks
        self._memory: dict[tuple[Direction, OtherEnd], Pair] = {}

    def admits(self, direction: Direction, other: OtherEnd) -> Pair:
        """Give the packets that it lets through, written as the packets of that direction."""
        found = self._memory.get((direction, other))
        if found is None:
            found = OPEN if self.open_to_all else self._united(direction, other, stateless=None)
            self._memory[direction, other] = found
        return found

    def is_stateless(self, direction: Direction) -> bool:
        """Whether a rule of this direction is, or may be, stateless."""
        if self.tracks:
            return False
        return bool(self.reasons) or any(
            rules.hole or any(clause.stateless is not False for clause in rules.of(direction))
            for rules in (*self.sure, *self.maybe)
        )

    def answers(self, direction: Direction, other: OtherEnd) -> Pair:
        """Give the packets that it lets through and whose replies come back.

        Where a stateless rule matches, nothing is tracked: the reply needs a rule of its own.
        """
        tracked = self._united(direction, other, stateless=False)
        untracked = self._united(direction, other, stateless=True)
        opposite = Direction.EGRESS if direction is Direction.INGRESS else Direction.INGRESS
        replies = self._united(opposite, other, stateless=None).reply()
        return self.admits(direction, other) & ((tracked - untracked) | replies)

    def _united(self, direction: Direction, other: OtherEnd, stateless: bool | None) -> Pair:
        pairs = []
        for rules, sure in self._rules():
            for clause in rules.of(direction):
                if stateless is not None and clause.stateless is (not stateless):
                    continue
                pair = clause.pair(other)
                if not sure or (clause.stateless is None and stateless is not None):
                    pair = Pair(NOTHING, pair.may)
                pairs.append(pair)
            if rules.hole:
                pairs.append(UNSURE)
        if self.reasons:
            pairs.append(UNSURE)
        return any_of_pairs(pairs)

    def _rules(self) -> Iterator[tuple[Rules, bool]]:
        for rules in self.sure:
            yield rules, True
        for rules in self.maybe:
            yield rules, False

    def deciding(
        self, direction: Direction, other: OtherEnd, packets: Packets, certainly: bool
    ) -> Iterator[Clause]:
        """Give the rules that let some of these packets through."""
        for rules, sure in self._rules():
            if certainly and not sure:
                continue
            for clause in rules.of(direction):
                pair = clause.pair(other)
                if (pair.must if certainly else pair.may) & packets:
                    yield clause

    def doubts(self, direction: Direction, other: OtherEnd, packets: Packets) -> Iterator[Evidence]:
        """Say which unknown facts could let these packets through."""
        yield from self.reasons
        for rules, sure in self._rules():
            if rules.hole:
                yield Evidence(rules.name, rules.hole)
            for clause in rules.of(direction):
                pair = clause.pair(other)
                if pair.may & packets and not pair.must & packets:
                    found = tuple(clause.doubts())
                    yield from found
                    if not found:
                        yield Evidence(clause.rule.origin, "whether it applies is not certain")
                elif not sure and pair.may & packets:
                    yield Evidence(rules.name, "whether it applies is not certain")

    @property
    def names(self) -> tuple[str, ...]:
        """The addresses of the groups and lists."""
        return tuple(rules.name for rules, _ in self._rules())


class Acl:
    """A network ACL compiled: the packets that pass in each direction."""

    __slots__ = ("inward", "name", "outward", "rules")

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.name = rules.name
        self.inward = _ordered(rules, rules.ingress)
        self.outward = _ordered(rules, rules.egress)

    def deciding(self, direction: Direction, packets: Packets) -> Iterator[Clause]:
        """Give the entries that speak of these packets, in their order."""
        for clause in _sorted(self.rules.of(direction)):
            if clause.may & packets:
                yield clause

    def doubts(self, direction: Direction, packets: Packets) -> Iterator[Evidence]:
        """Say what is not known of the entries that speak of these packets."""
        if self.rules.hole:
            yield Evidence(self.name, self.rules.hole)
        for clause in self.rules.of(direction):
            if clause.may & packets:
                yield from clause.doubts()
                order = clause.rule.order
                if isinstance(order.content, Unknown):
                    yield Evidence(order.source, order.content.reason)


def _sorted(clauses: Iterable[Clause]) -> list[Clause]:
    return sorted(clauses, key=lambda clause: clause.rule.order.known_or(-1))


def _ordered(rules: Rules, clauses: Sequence[Clause]) -> Pair:
    """Evaluate entries in their order; one without a known number may stand anywhere."""
    if rules.hole:
        return UNSURE
    placed = _sorted(item for item in clauses if not isinstance(item.rule.order.content, Unknown))
    loose = [item for item in clauses if isinstance(item.rule.order.content, Unknown)]
    sometimes_denied = unite(item.may for item in loose if item.allows is not True)
    surely_denied = NOTHING
    must: list[Packets] = []
    may: list[Packets] = []
    for item in placed:
        if item.allows is True:
            must.append(item.must - sometimes_denied)
        if item.allows is not False:
            may.append(item.may - surely_denied)
        if item.allows is not True:
            sometimes_denied = sometimes_denied | item.may
        if item.allows is False:
            surely_denied = surely_denied | item.must
    for item in loose:
        if item.allows is True:
            must.append(item.must - sometimes_denied)
        if item.allows is not False:
            may.append(item.may)
    return any_of_pairs((Pair(unite(must), unite(may)),))


class AclsInForce:
    """The ACL of a subnet, or those of which one is; none at all means that everything passes."""

    __slots__ = ("acls", "inward", "outward", "reasons")

    def __init__(self, acls: Sequence[Acl], reasons: Sequence[Evidence] = ()) -> None:
        self.acls = acls
        self.reasons = reasons
        ways = [(acl.inward, acl.outward) for acl in acls]
        if reasons:
            ways.append((UNSURE, UNSURE))
        if not ways:
            ways = [(OPEN, OPEN)]
        self.inward = either(inward for inward, _ in ways)
        self.outward = either(outward for _, outward in ways)

    def pair(self, direction: Direction) -> Pair:
        """Give what passes in one direction."""
        return self.inward if direction is Direction.INGRESS else self.outward


NO_ACL: Final = AclsInForce(())


def describe(rule: TrafficRule) -> str:
    """Write a rule for people: `allows tcp 443 from 0.0.0.0/0`."""
    ports = rule.ports.content
    what = "unknown ports" if isinstance(ports, Unknown) else str(ports)
    word = "from" if rule.direction is Direction.INGRESS else "to"
    ends: list[str] = []
    sources = rule.sources.content
    if isinstance(sources, Unknown):
        ends.append("addresses that are not known")
    else:
        ends += sources
    links = rule.groups
    ends += [*links.targets, *links.outside, *(f"perhaps {item}" for item in links.maybe)]
    ends += [f"one of {', '.join(group)}" for group in links.one_of]
    shown = ", ".join(ends[:4]) + (f" and {len(ends) - 4} more" if len(ends) > 4 else "")
    verb = "denies" if rule.allows.is_false else "allows"
    order = rule.order.content
    number = f"entry {order}: " if rule.stateless.is_true and isinstance(order, int) else ""
    return f"{number}{verb} {what} {word} {shown or 'nobody'}"


__all__ = [
    "NO_ACL",
    "OUTSIDE",
    "SHUT",
    "Acl",
    "AclsInForce",
    "Bundle",
    "Clause",
    "OtherEnd",
    "Rules",
    "describe",
    "perhaps",
    "rules_of",
]
