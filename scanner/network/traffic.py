"""What a set of traffic rules lets in, judged rule by rule.

An address range is *wide as the internet* when it is public and larger than a /8 (IPv4) or a /20
(IPv6, the size of a regional registry's allocations): two halves 0.0.0.0/1 and 128.0.0.0/1 are
then each what they are together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from scanner.model.network import Direction, NetworkAcl, PortRange, SecurityGroup, TrafficRule
from scanner.network.placement import is_public, parse_range
from scanner.truth import Evidence, Truth, any_of, known, unknown
from scanner.value import Unknown

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
    return (
        rule.allows
        & rule.ports.test(ports)
        & rule.sources.test(lambda ranges: any(sources(item) for item in ranges))
    )


def covers_any(ports: Collection[int], protocol: str = "tcp") -> Callable[[PortRange], bool]:
    """Make a test whether a range covers one of these ports."""
    return lambda found: any(found.covers(port, protocol) for port in ports)


def first_match(acl: NetworkAcl, port: int) -> Truth:
    """Whether a network ACL lets a TCP port in from the internet: the lowest numbered entry rules.

    AWS VPC User Guide, "Network ACL rules": evaluated from the lowest number, first match applies.
    """
    entries = acl.rules.content
    if isinstance(entries, Unknown):
        return unknown(Evidence(acl.rules.source, entries.reason))
    doubts: list[Truth] = []
    for entry in _ordered(entries):
        if isinstance(entry.order.content, Unknown):
            doubts.append(unknown(Evidence(entry.order.source, entry.order.content.reason)))
            continue
        hits = entry.ports.test(covers_any((port,))) & entry.sources.test(
            lambda ranges: any(is_internet(item) for item in ranges)
        )
        if hits.is_unknown:
            doubts.append(hits)
        elif hits.is_true:
            if doubts:
                break
            return entry.allows & hits
    if doubts:
        return unknown(*(fact for doubt in doubts for fact in doubt.evidence))
    return known(False, Evidence(acl.address, "no entry matches, hence denied"))


def _ordered(entries: Collection[TrafficRule]) -> Iterator[TrafficRule]:
    ingress = [entry for entry in entries if entry.direction is Direction.INGRESS]
    return iter(sorted(ingress, key=lambda entry: entry.order.known_or(-1)))
