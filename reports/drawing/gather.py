"""Gathers the hops of a path into boxes and gates.

What only says that something answers, or has an address, is told at its box; it stands apart only
where it is shut or not known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from reports.drawing.station import Where
from scanner.network.chain import Hop, Path
from scanner.survey import Role
from scanner.truth import State

BOXES: Final = frozenset(
    {Role.HOST, Role.STORE, Role.CLUSTER, Role.FUNCTION, Role.BALANCER, Role.EDGE, Role.ENDPOINT,
     Role.NAT, Role.SUBNET}
)  # fmt: skip
# What these say belongs to the box of the same node.
SAID_OF_BOXES: Final = frozenset(
    {"NET-ADDR", "NET-LB-SCHEME", "NET-PORT", "NET-ENDPOINT", "NET-EDGE", "NET-ALLOWLIST"}
)


@dataclass(slots=True)
class Draft:
    """A station while hops are still added to it."""

    box: bool
    hop: Hop
    role: Role | None
    numbers: list[int]
    state: State = State.TRUE
    hops: list[Hop] = field(default_factory=list)


class Drafts:
    """Gathers hops into stations."""

    def __init__(self, path: Path, where: Where) -> None:
        self.path = path
        self.where = where
        self.drafts: list[Draft] = []
        self.told: dict[str, list[tuple[int, Hop]]] = {}

    def add(self, number: int, hop: Hop) -> None:
        """Add the next hop."""
        place = self.where(hop.node)
        role = place.role if place else None
        is_end = hop.action in ("source", "deliver")
        if is_end:
            self._box(number, hop, role)
            return
        if hop.code in SAID_OF_BOXES or (hop.code == "NET-UNKNOWN" and role in BOXES):
            self._said(number, hop, role)
            return
        if self.drafts and self._continues(self.drafts[-1], hop):
            last = self.drafts[-1]
            last.numbers.append(number)
            last.hops.append(hop)
            last.state = _worse(last.state, hop.state)
            return
        box = role in BOXES and hop.action != "filter"
        self.drafts.append(Draft(box, hop, role, [number], hop.state, [hop]))

    def _continues(self, last: Draft, hop: Hop) -> bool:
        if last.hop.node != hop.node or last.hop.action == "source":
            return False
        return last.hop.action == hop.action or last.box

    def _said(self, number: int, hop: Hop, role: Role | None) -> None:
        """Tell something at the box of its node, or as a gate where it is not certain."""
        if hop.state is State.TRUE:
            self.told.setdefault(hop.node, []).append((number, hop))
        else:
            self.drafts.append(Draft(False, hop, role, [number], hop.state, [hop]))
        if hop.code == "NET-PORT" and hop.node not in (self.path.source, self.path.target):
            # A balancer or edge service has no hop of its own: it is where it answers.
            self.drafts.append(Draft(True, hop, role, [], State.TRUE, [hop]))

    def _box(self, number: int, hop: Hop, role: Role | None) -> None:
        self.drafts.append(Draft(True, hop, role, [number], State.TRUE, [hop]))

    def finished(self) -> list[Draft]:
        """Give the drafts, with what is told at their boxes."""
        for draft in self.drafts:
            if draft.box:
                for number, hop in self.told.pop(draft.hop.node, ()):
                    draft.numbers.append(number)
                    draft.hops.append(hop)
        for draft in self.drafts:
            draft.numbers.sort()
        return self.drafts


_ORDER: Final = (State.TRUE, State.UNKNOWN, State.FALSE)


def _worse(a: State, b: State) -> State:
    return max(a, b, key=_ORDER.index)
