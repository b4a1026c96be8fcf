"""What a way is: gates between a place and a goal, which speak of where packets go."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from scanner.network.addresses import EVERYWHERE, Addresses
from scanner.network.chain import Gate, Tell, Told, plainly
from scanner.network.fabric import Net, Sub
from scanner.network.packets import OPEN, UNSURE, Pair, certain, to_destinations
from scanner.network.routing import Table
from scanner.truth import Evidence, State, Truth

Zone = Literal["internet", "onprem", "services"]
Goal = Net | Zone


class Way(NamedTuple):
    """A way from a table to a goal.

    gates: they speak of the destination of the packets.  kinds: what it passes.
    by_group: whether rules at the end may name the sender by its group; None where not known.
    enters: the subnets of a hub's attachment by one of which it enters the network of its end.
    """

    gates: tuple[Gate, ...]
    kinds: frozenset[str] = frozenset()
    by_group: bool | None = False
    enters: tuple[Sub, ...] = ()

    @property
    def pair(self) -> Pair:
        """What passes all gates."""
        pair = OPEN
        for gate in self.gates:
            pair = pair & gate.pair
        return pair


class Place(NamedTuple):
    """Where a packet is: which tables decide there, in which subnet and network."""

    tables: tuple[Table, ...]
    sub: Sub | None
    net: Net | None


class Trail(NamedTuple):
    """What a search has passed, and which destinations it still asks for."""

    marks: tuple[str, ...] = ()
    wanted: Addresses = EVERYWHERE

    def passing(self, mark: str) -> Trail:
        """Remember a place."""
        return Trail((*self.marks, mark), self.wanted)

    def toward(self, addresses: Addresses) -> Trail:
        """Ask only for destinations among these."""
        return Trail(self.marks, self.wanted & addresses)


def by_truth(truth: Truth) -> bool | None:
    """Read a truth as true, false or None."""
    return True if truth.is_true else False if truth.is_false else None


def telling(text: str, doubts: Iterable[Evidence]) -> Tell:
    """Tell a text, and what is missing where something is."""
    missing = tuple(doubts)
    return lambda packets, state: Told(text, () if state is State.TRUE else missing)


def unknown_gate(node: str, what: str, *doubts: Evidence) -> Gate:
    """Make a gate of which it is not known what it lets through."""
    told = Told(f"not known: {what}", doubts or (Evidence(node, what),))
    return Gate("NET-UNKNOWN", node or "?", "unknown", UNSURE, lambda packets, state: told)


def inside(code: str, node: str, far: Net) -> Gate:
    """Make the gate that delivers only within a network."""
    pair = certain(to_destinations(far.ranges)) if far.complete else UNSURE
    return Gate(code, node, "gateway", pair, plainly(f"delivered within {far.name}"))
