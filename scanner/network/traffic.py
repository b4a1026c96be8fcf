"""What a set of traffic rules lets in, judged rule by rule.

An address range is *wide as the internet* when it is public and larger than a /8 (IPv4) or a /20
(IPv6, the size of a regional registry's allocations): two halves 0.0.0.0/1 and 128.0.0.0/1 are
then each what they are together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from scanner.model.network import Direction, NetworkAcl, PortRange, SecurityGroup, TrafficRule
from scanner.network.placement import is_public, parse_range
from scanner.truth import Evidence, Truth, all_of, any_of, unknown
from scanner.value import Unknown, Value, show

ADMIN_PORTS = (22, 3389, 5985, 5986)
DATABASE_PORTS = (
    1433, 1521, 1522, 3306, 33060, 5432, 5671, 6379, 9042, 9092, 9094, 9200, 27017,
)  # fmt: skip


def is_internet(text: str) -> bool:
    """Whether an address range is as wide as the internet."""
    network = parse_range(text)
    if network is None or not is_public(text):
        return False
    return network.prefixlen < (8 if network.version == 4 else 20)


def is_wider(text: str, prefix_v4: int, prefix_v6: int) -> bool:
    """Whether an address range is larger than these prefix lengths allow."""
    network = parse_range(text)
    if network is None:
        return False
    return network.prefixlen < (prefix_v4 if network.version == 4 else prefix_v6)


def admits(
    group: SecurityGroup,
    ports: Callable[[PortRange], bool],
    sources: Callable[[str], bool],
    direction: Direction = Direction.INGRESS,
) -> Truth:
    """Whether some rule of a group allows such ports with such addresses at the other end."""
    rules = group.rules.content
    if isinstance(rules, Unknown):
        return unknown(Evidence(group.rules.source, rules.reason))
    nothing = Evidence(group.address, f"no {direction.value} rule allows it")
    return any_of(
        (_allows(rule, ports, sources) for rule in rules if rule.direction is direction), nothing
    )


def _allows(
    rule: TrafficRule, ports: Callable[[PortRange], bool], sources: Callable[[str], bool]
) -> Truth:
    return rule.allows & rule.ports.test(ports) & some_range(rule.sources, sources)


def some_range(ranges: Value[tuple[str, ...]], sources: Callable[[str], bool]) -> Truth:
    """Whether a test holds of some address range; unknown if one of them cannot be read."""
    found = ranges.test(lambda items: any(sources(item) for item in items))
    if found.is_false:
        for item in ranges.known_or(()):
            if parse_range(item) is None:
                return unknown(Evidence(ranges.source, f"{show(item)} is not an address range"))
    return found


def covers_any(ports: Collection[int], protocol: str = "tcp") -> Callable[[PortRange], bool]:
    """Make a test whether a range covers one of these ports."""
    return lambda found: any(found.covers(port, protocol) for port in ports)


def first_match(acl: NetworkAcl, port: int) -> Truth:
    """Whether a network ACL lets a TCP port in from the internet: the lowest numbered entry rules.

    AWS VPC User Guide, "Network ACL rules": evaluated from the lowest number, first match applies.
    An entry only matches the addresses it names, so that a denial of one family or of a half of
    the internet leaves the rest to the entries behind it.
    """
    entries = acl.rules.content
    if isinstance(entries, Unknown):
        return unknown(Evidence(acl.rules.source, entries.reason))
    doubts: list[Truth] = []
    screens: list[Truth] = []
    denied: list[IPv4Network | IPv6Network] = []
    denials: list[Truth] = []
    for entry in _ordered(entries):
        hits = entry.ports.test(covers_any((port,))) & some_range(
            entry.sources, lambda item: is_internet(item) and not _covered(item, denied)
        )
        if isinstance(entry.order.content, Unknown):
            hits &= unknown(Evidence(entry.order.source, entry.order.content.reason))
        opens = hits & entry.allows
        if opens.is_true:
            # What may stand before it may deny what it allows.
            return unknown(*_facts(screens)) if screens else opens
        if opens.is_unknown:
            doubts.append(opens)
        closes = hits & ~entry.allows
        if closes.is_true:
            denials.append(closes)
            denied.extend(filter(None, map(parse_range, entry.sources.known_or(()))))
        elif closes.is_unknown:
            screens.append(closes)
    if doubts:
        return unknown(*_facts(doubts))
    return ~all_of(denials, Evidence(acl.address, "no entry matches, hence denied"))


def _facts(truths: Collection[Truth]) -> Iterator[Evidence]:
    return (fact for truth in truths for fact in truth.evidence)


def _covered(text: str, ranges: Collection[IPv4Network | IPv6Network]) -> bool:
    """Whether these ranges together hold all of a range."""
    network = parse_range(text)
    if isinstance(network, IPv4Network):
        fours = collapse_addresses(item for item in ranges if isinstance(item, IPv4Network))
        return any(network.subnet_of(item) for item in fours)
    if isinstance(network, IPv6Network):
        sixes = collapse_addresses(item for item in ranges if isinstance(item, IPv6Network))
        return any(network.subnet_of(item) for item in sixes)
    return False


def _ordered(entries: Collection[TrafficRule]) -> Iterator[TrafficRule]:
    ingress = [entry for entry in entries if entry.direction is Direction.INGRESS]
    return iter(sorted(ingress, key=lambda entry: entry.order.known_or(-1)))
