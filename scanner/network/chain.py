"""Chains of gates between two ends: what passes all of them, what stops the rest, and why.

A gate lets some packets through, which is a pair of sets (certainly, perhaps).  A chain is the one
way of a packet and of its reply through all gates; a question asks several chains and takes what
any of them answers.  Text and evidence are made only for what is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from scanner.network.addresses import (
    ALL_V4,
    ALL_V6,
    ANY,
    INTERNET_V4,
    INTERNET_V6,
    NOWHERE,
    PUBLIC,
    Addresses,
)
from scanner.network.packets import (
    CAP,
    EVERYTHING,
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
    from_sources,
    to_destinations,
    unite,
)
from scanner.truth import Evidence, State, Truth

_WIDENED: Final = f"more than {CAP} pieces: what passes is not known exactly [NET-WIDENED]"
_NAMES: Final = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMP_V6: "icmpv6"}


class Told(NamedTuple):
    """What a gate says of packets: in words, and which facts are missing."""

    text: str
    evidence: tuple[Evidence, ...] = ()
    nodes: tuple[str, ...] = ()


# The packets asked about, and whether they certainly pass: none at all if nothing passes.
Tell = Callable[[Packets, "State"], Told]


class Gate(NamedTuple):
    """One thing that lets packets through or not.

    code: why it stops what it stops.  node: the address of the object that decides.
    action: what it does to a packet.  reply: it acts on the reply.
    """

    code: str
    node: str
    action: str
    pair: Pair
    tell: Tell
    reply: bool = False


def plainly(text: str, *evidence: Evidence) -> Tell:
    """Tell the same whatever is asked."""
    told = Told(text, evidence)
    return lambda packets, state: told


def from_truth(
    code: str, node: str, action: str, truth: Truth, text: str, denied: str, reply: bool = False
) -> Gate:
    """Make a gate that a truth opens or shuts."""
    pair = OPEN if truth.is_true else SHUT if truth.is_false else UNSURE

    def tell(packets: Packets, state: State) -> Told:
        if truth.is_true:
            return Told(text)
        return Told(denied if truth.is_false else text, truth.evidence)

    return Gate(code, node, action, pair, tell, reply)


@lru_cache(maxsize=65536)
def _is_public(low: int, high: int) -> bool:
    return Addresses(((low, high),)).overlaps(PUBLIC)


@dataclass(frozen=True, slots=True)
class Ends:
    """The two ends of a chain.

    source, target: what they are called.  start: the packets that may be sent.
    public: `source` if the sender has a public address and chooses it, `target` if the receiver has
    one that the sender chooses.
    sources, targets: the addresses of which the end bears one that is not known; None where the
    sender chooses any of those in `start`.
    """

    source: str
    target: str
    start: Packets
    public: str = ""
    sources: Addresses | None = None
    targets: Addresses | None = None
    # The packets that can certainly be sent; all of `start` if None.
    surely: Packets | None = None

    def alive(self, packets: Packets) -> bool:
        """Whether any of these can be sent at all."""
        if not self.public:
            return bool(packets)
        place = 0 if self.public == "source" else 2
        return any(_is_public(item[place], item[place + 1]) for item in packets.boxes)

    def only(self, packets: Packets) -> Packets:
        """Leave out what cannot be sent."""
        if not self.public or len(packets.boxes) < 2:
            return packets
        place = 0 if self.public == "source" else 2
        return Packets(
            tuple(item for item in packets.boxes if _is_public(item[place], item[place + 1]))
        )

    def certainly(self, packets: Packets) -> bool:
        """Whether one of these certainly is sent and meant for the target, whatever it bears."""
        if not packets.boxes:
            return False
        if self.sources is None and self.targets is None:
            return self.alive(packets)
        return any(self._covers(packets.boxes, item) for item in packets.boxes)

    def _covers(self, boxes: Sequence[Box], at: Box) -> bool:
        """Whether, at one protocol and one pair of ports, every possible address is served."""
        if self.public == "source" and not _is_public(at[0], at[1]):
            return False
        if self.public == "target" and not _is_public(at[2], at[3]):
            return False
        inner_source = self.sources is None or Addresses(((at[0], at[1]),)).covers(self.sources)
        inner_target = self.targets is None or Addresses(((at[2], at[3]),)).covers(self.targets)
        if inner_source and inner_target:
            return True
        if len(boxes) == 1:
            return False
        corners = {(other[4], other[6], other[8]) for other in boxes}
        for p, q, t in corners:
            here = [
                other
                for other in boxes
                if other[4] <= p <= other[5]
                and other[6] <= q <= other[7]
                and other[8] <= t <= other[9]
            ]
            if here and self._all_addresses(here):
                return True
        return False

    def _all_addresses(self, boxes: Sequence[Box]) -> bool:
        if self.sources is None:
            # The sender chooses one address, from which all targets must be served.
            assert self.targets is not None
            for low in {item[0] for item in boxes}:
                reached = Addresses.of(
                    (item[2], item[3]) for item in boxes if item[0] <= low <= item[1]
                )
                if reached.covers(self.targets):
                    return True
            return False
        wanted_targets = (ANY,) if self.targets is None else self.targets.intervals
        wanted = Packets(
            tuple(
                (*source, *target, 0, 0, 0, 0, 0, 0)
                for source in self.sources.intervals
                for target in wanted_targets
            )
        )
        flat = Packets(tuple((*item[:4], 0, 0, 0, 0, 0, 0) for item in boxes))
        if self.targets is None:
            # Any one target address will do, but for all sources at once.
            for low in {item[2] for item in boxes}:
                served = Addresses.of(
                    (item[0], item[1]) for item in boxes if item[2] <= low <= item[3]
                )
                if served.covers(self.sources):
                    return True
            return False
        return flat.covers(wanted)


class Chain(NamedTuple):
    """One way between two ends.

    kinds: what it passes, such as `nat`.  onward: the way of what the last gate sends on, for a
    load balancer or an edge service.
    """

    ends: Ends
    gates: tuple[Gate, ...]
    kinds: frozenset[str] = frozenset()
    onward: Chain | None = None


class Outcome(NamedTuple):
    """What passes a chain: the packets that reach the last target, and who sends the first."""

    state: State
    must: Packets
    may: Packets
    clients: Addresses = NOWHERE


_YES, _NO, _UNKNOWN = State.TRUE, State.FALSE, State.UNKNOWN


def outcome(chain: Chain) -> Outcome:
    """Evaluate a chain, and what it leads on to."""
    ends = chain.ends
    may = ends.start
    must = ends.start if ends.surely is None else ends.surely
    for gate in chain.gates:
        pair = gate.pair
        if pair is OPEN:
            continue
        may = may & pair.may
        if not ends.alive(may):
            return Outcome(_NO, NOTHING, NOTHING)
        if must.boxes:
            must = must & pair.must
    state = _YES if ends.certainly(must) else _UNKNOWN
    must, may = ends.only(must), ends.only(may)
    clients = (must if state is _YES else may).sources()
    if chain.onward is not None:
        behind = outcome(chain.onward)
        if chain.onward.ends.public == "source":
            # The target sees the clients themselves.
            clients = behind.clients
        if behind.state is _NO or state is _YES:
            return behind._replace(clients=clients)
        return Outcome(_UNKNOWN, NOTHING, behind.may, clients)
    return Outcome(state, must, may, clients)


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path, told for people.

    code: what it would say if it stopped the packet.  node: the object that decides.
    action: `source`, `address`, `gateway`, `route`, `filter`, `balancer`, `service`, `deliver`.
    state: whether the packet passes.  packets: what passes it, in words.
    evidence: what was read, or is missing.  reply: it acts on the reply.
    """

    code: str
    node: str
    action: str
    text: str
    state: State
    packets: str
    evidence: tuple[Evidence, ...] = ()
    reply: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A way from one end to another: open, shut, or not decided.

    hops: in the order in which a packet takes them, the reply's last.
    blockers: every hop that stops all packets by itself.  kinds: what it passes, such as `nat`.
    """

    source: str
    target: str
    state: State
    packets: str
    hops: tuple[Hop, ...]
    kinds: frozenset[str] = frozenset()

    @property
    def blockers(self) -> tuple[Hop, ...]:
        """The hops that let nothing through."""
        return tuple(hop for hop in self.hops if hop.state is _NO)

    @property
    def doubts(self) -> tuple[Hop, ...]:
        """The hops of which it is not known whether they let anything through."""
        return tuple(hop for hop in self.hops if hop.state is _UNKNOWN)

    def testify(self) -> Iterator[Evidence]:
        """Say each hop that decides: all of an open path, the blockers or doubts of another."""
        if self.state is _YES:
            told = self.hops
        elif self.state is _NO:
            told = self.blockers or self.hops
        else:
            told = self.doubts or self.hops
        for hop in told:
            if not hop.code:
                # The ends are named by the finding itself.
                continue
            yield Evidence(hop.node, f"{hop.text} [{hop.code}]" if hop.code else hop.text)
            if hop.state is not _YES:
                yield from hop.evidence


def path_of(chain: Chain) -> Path:
    """Tell a chain hop by hop: with every blocker if it is shut."""
    found = outcome(chain)
    hops, replies = _hops(chain)
    packets = found.must if found.state is _YES else found.may
    last = chain
    while last.onward is not None:
        last = last.onward
    return Path(
        chain.ends.source,
        last.ends.target,
        found.state,
        summary(packets) if found.state is not _NO else "nothing",
        (*hops, *replies),
        frozenset(chain.kinds | last.kinds),
    )


def _hops(chain: Chain) -> tuple[list[Hop], list[Hop]]:
    ends = chain.ends
    hops = [Hop("", ends.source, "source", f"from {ends.source}", _YES, summary(ends.start))]
    replies: list[Hop] = []
    may = ends.start
    must = ends.start if ends.surely is None else ends.surely
    final = may
    for gate in chain.gates:
        next_may = final & gate.pair.may
        if ends.alive(next_may):
            final = next_may
    surely = must
    for gate in chain.gates:
        next_must = surely & gate.pair.must
        if ends.certainly(next_must):
            surely = next_must
    chosen = _witness(ends, surely)
    for gate in chain.gates:
        passing = may & gate.pair.may
        if not ends.alive(passing):
            state, asked = _NO, may
        else:
            still = must & gate.pair.must
            sure = ends.certainly(still) or gate.pair.must.covers(passing)
            state = _YES if sure else _UNKNOWN
            asked = chosen if state is _YES else final
            may = passing
            if state is _YES:
                must = still
        told = gate.tell(asked & gate.pair.may if state is not _NO else asked, state)
        passes = surely if state is _YES else final
        shown = summary(passes & gate.pair.may) if state is not _NO else "nothing"
        if gate.pair.widened and state is _UNKNOWN:
            told = told._replace(evidence=(*told.evidence, Evidence(gate.node, _WIDENED)))
        for node in told.nodes or (gate.node,):
            hop = Hop(
                gate.code, node, gate.action, told.text, state, shown, told.evidence, gate.reply
            )
            (replies if gate.reply else hops).append(hop)
    if chain.onward is not None:
        further, more = _hops(chain.onward)
        hops += further[1:]
        replies += more
    else:
        hops.append(Hop("", ends.target, "deliver", f"to {ends.target}", _YES, ""))
    return hops, replies


def _witness(ends: Ends, packets: Packets) -> Packets:
    """Choose packets of one kind, which one rule of each gate lets through, and all hops tell of.

    Of an end that bears one of several addresses they are those to or from all of them.
    """
    blind = {0, 1} if ends.sources is not None else set()
    blind |= {2, 3} if ends.targets is not None else set()
    kinds: dict[tuple[int, ...], list[Box]] = {}
    for item in packets.boxes:
        seen = tuple(number for place, number in enumerate(item) if place not in blind)
        kinds.setdefault(seen, []).append(item)
    place = {"source": 0, "target": 2}.get(ends.public)
    for boxes in kinds.values():
        found = Packets(tuple(boxes))
        if place is not None:
            where = found.sources() if place == 0 else found.destinations()
            public = Addresses((where & PUBLIC).intervals[:1])
            found = found & (from_sources if place == 0 else to_destinations)(public)
        if ends.certainly(found):
            return found
    return packets


def summary(packets: Packets, limit: int = 4) -> str:
    """Write packets for people: `tcp 443 from any address`."""
    parts: dict[tuple[int, int, int, int], list[tuple[int, int]]] = {}
    for item in packets.boxes:
        parts.setdefault((item[4], item[5], item[8], item[9]), []).append((item[0], item[1]))
    texts = []
    for (p0, p1, t0, t1), sources in sorted(parts.items()):
        where = Addresses.of(sources)
        texts.append(f"{ports_text(p0, p1, t0, t1)} from {_places(where)}")
    if len(texts) > limit:
        texts = [*texts[:limit], f"{len(texts) - limit} more"]
    return "; ".join(texts) or "nothing"


def ports_text(p0: int, p1: int, t0: int, t1: int) -> str:
    """Write protocol and ports: `tcp 443`, `tcp`, `all protocols`."""
    if (p0, p1) == PROTOCOLS and (t0, t1) == PORTS:
        return "all protocols"
    name = _NAMES.get(p0, f"protocol {p0}") if p0 == p1 else f"protocols {p0}-{p1}"
    if (t0, t1) == PORTS:
        return name
    return f"{name} {t0}" if t0 == t1 else f"{name} {t0}-{t1}"


def ports_of(packets: Packets) -> tuple[str, ...]:
    """Give protocols and target ports, each once."""
    found = {(item[4], item[5], item[8], item[9]) for item in packets.boxes}
    return tuple(ports_text(*item) for item in sorted(found))


def _places(where: Addresses) -> str:
    if where.covers(Addresses((ALL_V4,))) or where.covers(Addresses((ALL_V6,))):
        return "any address"
    if where.covers(INTERNET_V4) or where.covers(INTERNET_V6):
        return "any public address"
    return ", ".join(where.texts(3))


class Answer:
    """What several chains say together.

    state: yes if one is certainly open, no if all are certainly shut.
    must, may: the packets that reach the target.
    """

    __slots__ = ("_chains", "_found", "_paths", "may", "must", "state")

    def __init__(
        self,
        found: Sequence[tuple[Outcome, Chain]] = (),
        chains: Callable[[], Iterable[Chain]] | None = None,
    ) -> None:
        """Take chains with their outcomes, or make those that are known to be shut when asked."""
        self._found = found
        self._chains = chains
        self._paths: tuple[Path, ...] | None = None
        self.must = unite(item.must for item, _ in found if item.state is _YES)
        self.may = unite(item.may for item, _ in found if item.state is not _NO)
        states = {item.state for item, _ in found}
        self.state = _YES if _YES in states else _UNKNOWN if _UNKNOWN in states else _NO

    @property
    def paths(self) -> tuple[Path, ...]:
        """The open path; else those that may be open; else the one with the fewest blockers."""
        if self._paths is None:
            mine = [chain for result, chain in self.found if result.state is self.state]
            mine.sort(key=_length)
            if self.state is _NO:
                told = [path_of(chain) for chain in mine]
                told.sort(key=lambda path: (len(path.blockers), len(path.hops)))
                self._paths = tuple(told[:1])
            else:
                limit = 1 if self.state is _YES else 3
                self._paths = tuple(path_of(chain) for chain in mine[:limit])
        return self._paths

    @property
    def clients(self) -> Addresses:
        """The addresses from which it is reached, or may be where it certainly is not."""
        return Addresses.of(
            item
            for result, _ in self._found
            if result.state is self.state
            for item in result.clients.intervals
        )

    @property
    def found(self) -> Sequence[tuple[Outcome, Chain]]:
        """All chains that were asked, with what passes each."""
        if self._chains is not None:
            self._found = [(outcome(chain), chain) for chain in self._chains()]
            self._chains = None
        return self._found

    @property
    def kinds(self) -> frozenset[str]:
        """What the ways pass that are open, or may be."""
        return frozenset(
            kind
            for result, chain in self._found
            if result.state is self.state
            for kind in chain.kinds
        )

    @property
    def truth(self) -> Truth:
        """The answer as a truth, of which the paths are the evidence."""
        return Truth(self.state, (self,))

    def testify(self) -> Iterator[Evidence]:
        """Say what the paths say."""
        for path in self.paths:
            yield from path.testify()


def ask(chains: Iterable[Chain]) -> Answer:
    """Ask several chains, of which each is a way of its own."""
    return Answer([(outcome(chain), chain) for chain in chains])


def _length(chain: Chain) -> int:
    return len(chain.gates) + (_length(chain.onward) if chain.onward is not None else 0)


__all__ = [
    "EVERYTHING",
    "Answer",
    "Chain",
    "Ends",
    "Gate",
    "Hop",
    "Outcome",
    "Path",
    "Told",
    "ask",
    "from_truth",
    "outcome",
    "path_of",
    "plainly",
    "ports_of",
    "summary",
]
