"""What groups, lists, ACLs and ways let in, judged by the addresses that get in altogether.

Benchmarks demand that each group be closed by itself, whatever else stands in the way.  Its rules
are united before they are judged, so that the internet in pieces is still the internet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from scanner.model.network import Direction, NetworkAcl, SecurityGroup
from scanner.network.addresses import ALL_V4, ALL_V6, Addresses, Grade, grade, interval
from scanner.network.chain import Answer, Chain, outcome
from scanner.network.filters import Acl, Clause, rules_of
from scanner.network.packets import TCP, Packets, box, from_sources
from scanner.truth import Evidence, State, Truth, all_of, any_of, known, unknown
from scanner.value import Unknown, Value, show

ADMIN_PORTS: Final = (22, 3389, 5985, 5986)
DATABASE_PORTS: Final = (
    1433, 1521, 1522, 3306, 33060, 5432, 5671, 6379, 9042, 9092, 9094, 9200, 27017,
)  # fmt: skip

# What is asked of all addresses that get in.
Test = Callable[[Addresses], bool]


def is_internet(found: Addresses) -> bool:
    """Whether addresses are so many that they stand for the internet: at least a /8 in all."""
    return grade(found) in (Grade.ANY, Grade.WIDE)


def wider_than(prefix_v4: int, prefix_v6: int) -> Test:
    """Make a test whether addresses hold a range larger than these prefix lengths allow."""
    limits = (
        (Addresses((ALL_V4,)), 1 << (32 - prefix_v4)),
        (Addresses((ALL_V6,)), 1 << (128 - prefix_v6)),
    )

    def test(found: Addresses) -> bool:
        return is_internet(found) or any(
            high - low + 1 > limit
            for family, limit in limits
            for low, high in (found & family).intervals
        )

    return test


def tcp_to(ports: Collection[int]) -> Packets:
    """Give the TCP packets to these ports."""
    return Packets(tuple(box(protocol=(TCP, TCP), port=(port, port)) for port in ports))


def united(ranges: Value[tuple[str, ...]], test: Test) -> Truth:
    """Whether a test holds of the ranges of a list together; unknown if one cannot be read."""
    found = ranges.test(lambda items: test(Addresses.read(items)))
    if found.is_false:
        for item in ranges.known_or(()):
            if interval(item) is None:
                return unknown(Evidence(ranges.source, f"{show(item)} is not an address range"))
    return found


class _Admitted(NamedTuple):
    """A rule, and what it certainly and perhaps lets in of the traffic that is asked about."""

    clause: Clause
    must: Packets
    may: Packets


def admits(group: SecurityGroup, traffic: Packets, test: Test) -> Truth:
    """Whether the rules of a group let some of this traffic in from addresses of a kind.

    The test is asked of all addresses together that may send the same packets.
    """
    if isinstance(group.rules.content, Unknown):
        return unknown(Evidence(group.rules.source, group.rules.content.reason))
    found = list(_admitted(group, traffic))
    if not test(_sources(item.may for item in found)):
        return known(False, Evidence(group.address, "no ingress rule allows it"))
    alone = [_allows(item) for item in found if test(item.must.sources())]
    if alone:
        return any_of(alone)
    perhaps: list[_Admitted] = []
    for together in _meeting(found):
        sure = [item for item in together if item.must]
        reach = _sources(item.must for item in sure)
        if test(reach):
            text = f"together they let in {', '.join(reach.texts())}"
            return all_of(map(_allows, sure)).because(Evidence(group.address, text))
        if test(_sources(item.may for item in together)):
            perhaps += together
    if perhaps:
        return unknown(*dict.fromkeys(fact for item in perhaps for fact in item.clause.doubts()))
    return known(False, Evidence(group.address, "no ingress rule allows it"))


def _admitted(group: SecurityGroup, traffic: Packets) -> Iterator[_Admitted]:
    for clause in rules_of(group).ingress:
        may = clause.may & traffic
        ranges = clause.rule.sources.known_or(None)
        if ranges is not None and all(interval(item) for item in ranges):
            # Groups at the other end, known or not, are no addresses.
            may = may & from_sources(Addresses.read(ranges))
        if may and clause.allows is not False:
            yield _Admitted(clause, clause.must & may, may)


def _meeting(found: Sequence[_Admitted]) -> Iterator[Sequence[_Admitted]]:
    """Give the rules that speak of the same packets, for every choice that there is.

    Where several meet, they also do at the lowest protocol and the lowest port of some of them.
    """
    boxes = [(place, index) for index, item in enumerate(found) for place in item.may.boxes]
    for protocol in sorted({place[4] for place, _ in boxes}):
        here = [pair for pair in boxes if pair[0][4] <= protocol <= pair[0][5]]
        for port in sorted({place[8] for place, _ in here}):
            met = {index for place, index in here if place[8] <= port <= place[9]}
            yield [found[index] for index in sorted(met)]


def _sources(sets: Iterable[Packets]) -> Addresses:
    return Addresses.of((place[0], place[1]) for item in sets for place in item.boxes)


def _allows(item: _Admitted) -> Truth:
    rule = item.clause.rule
    return rule.allows.because(rule.ports, rule.sources)


def lets_in(acl: NetworkAcl, traffic: Packets, test: Test) -> Truth:
    """Whether a network ACL lets some of this traffic in from addresses of a kind.

    Its entries are evaluated in their order (AWS VPC User Guide, "Network ACL rules").
    """
    if isinstance(acl.rules.content, Unknown):
        return unknown(Evidence(acl.rules.source, acl.rules.content.reason))
    compiled = Acl(rules_of(acl))
    must, may = compiled.inward.must & traffic, compiled.inward.may & traffic
    decided = list(compiled.deciding(Direction.INGRESS, traffic))
    if test(must.sources()):
        return known(True, *(_entry(item) for item in decided if item.must & must))
    if test(may.sources()):
        return unknown(*dict.fromkeys(compiled.doubts(Direction.INGRESS, may)))
    denials = [_entry(item) for item in decided if item.allows is False]
    return known(False, *denials or (Evidence(acl.address, "no entry matches, hence denied"),))


def _entry(clause: Clause) -> Evidence:
    return Evidence(clause.rule.origin, str(clause))


def called_from(answers: Iterable[Answer], test: Test) -> Truth:
    """Whether those who can open one of these ways are, taken together, addresses of a kind."""
    found = [item for answer in answers for item in answer.found]
    sure = [(result, chain) for result, chain in found if result.state is State.TRUE]
    if test(Addresses.of(place for result, _ in sure for place in result.clients.intervals)):
        return known(True, Answer(sure))
    perhaps = [(result, chain) for result, chain in found if result.state is not State.FALSE]
    if test(Addresses.of(place for _, chain in perhaps for place in _callers(chain).intervals)):
        return unknown(Answer(perhaps))
    return known(False, Answer(found))


def _callers(chain: Chain) -> Addresses:
    """Give all addresses that may get through the part of a way that sees them."""
    return outcome(chain._replace(onward=None)).may.sources()
