"""Three-valued logic that carries its own evidence.

`&`, `|` and `~` follow Kleene's strong logic of indeterminacy (S. C. Kleene, Introduction to
Metamathematics, section 64).  The operands that decide a result supply its evidence, so a
verdict says why and never more than why.  Evidence is text only when somebody asks for it:
until then a Truth holds the values and truths that it came from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn, Protocol, TypeVar

W = TypeVar("W", bound="Witness")


@dataclass(frozen=True, order=True, slots=True)
class Evidence:
    """One fact that was read: where it was, and what it said."""

    source: str
    fact: str


class Witness(Protocol):
    """Something that can say, when asked, what was read."""

    def testify(self) -> Iterable[Evidence]:
        """Give the facts."""


class State(Enum):
    """The three truth values."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


_TRUE, _FALSE, _UNKNOWN = State.TRUE, State.FALSE, State.UNKNOWN


class Truth:
    """True, false or unknown, with the facts that decided it.

    Equality compares state and evidence.  It has no `bool`: ask `.is_true`, or combine.
    """

    __slots__ = ("_why", "state")

    def __init__(self, state: State, why: tuple[Truth | Witness | Evidence, ...] = ()) -> None:
        self.state = state
        self._why = why

    def __bool__(self) -> NoReturn:
        raise TypeError("a Truth may be unknown: combine it with &, | and ~, or ask .is_true")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Truth):
            return NotImplemented
        return self.state is other.state and self.evidence == other.evidence

    def __hash__(self) -> int:
        return hash((self.state, self.evidence))

    def __repr__(self) -> str:
        return f"Truth({self.state.value}, {list(self.evidence)})"

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The deciding facts, sorted and without repetition."""
        found: set[Evidence] = set()
        visited: set[int] = set()
        pending: list[Truth | Witness | Evidence] = [self]
        while pending:
            why = pending.pop()
            if isinstance(why, Evidence):
                found.add(why)
            elif isinstance(why, Truth):
                if id(why) not in visited:
                    visited.add(id(why))
                    pending.extend(why._why)
            else:
                found.update(why.testify())
        return tuple(sorted(found))

    def witnesses(self, kind: type[W]) -> tuple[W, ...]:
        """Give the witnesses of a class among those that decided, in their order, each once."""
        for why in self._why:
            if isinstance(why, (Truth, kind)):
                break
        else:
            return ()
        found: dict[int, W] = {}
        visited: set[int] = set()
        pending: list[Truth | Witness | Evidence] = [self]
        while pending:
            why = pending.pop()
            if isinstance(why, Truth):
                if id(why) not in visited:
                    visited.add(id(why))
                    pending.extend(reversed(why._why))
            elif isinstance(why, kind):
                found.setdefault(id(why), why)
        return tuple(found.values())

    @property
    def is_true(self) -> bool:
        """Whether it is certainly true."""
        return self.state is _TRUE

    @property
    def is_false(self) -> bool:
        """Whether it is certainly false."""
        return self.state is _FALSE

    @property
    def is_unknown(self) -> bool:
        """Whether it depends on facts that were not read."""
        return self.state is _UNKNOWN

    def __invert__(self) -> Truth:
        if self.state is _TRUE:
            return Truth(_FALSE, self._why)
        if self.state is _FALSE:
            return Truth(_TRUE, self._why)
        return self

    def __and__(self, other: Truth) -> Truth:
        return _decide((self, other), _FALSE, _TRUE)

    def __or__(self, other: Truth) -> Truth:
        return _decide((self, other), _TRUE, _FALSE)

    def because(self, *facts: Evidence | Witness) -> Truth:
        """Give the same truth with further facts beside those that decided it."""
        return Truth(self.state, (self, *facts))


def _decide(operands: tuple[Truth, ...], decisive: State, neutral: State) -> Truth:
    """One decisive operand settles it; else an unknown one leaves it open; else all count."""
    for state in (decisive, _UNKNOWN):
        deciding = tuple(truth for truth in operands if truth.state is state)
        if deciding:
            return deciding[0] if len(deciding) == 1 else Truth(state, deciding)
    return operands[0] if len(operands) == 1 else Truth(neutral, operands)


def known(value: bool, *evidence: Evidence | Witness) -> Truth:
    """Make a certain truth."""
    return Truth(_TRUE if value else _FALSE, evidence)


def unknown(*evidence: Evidence | Witness) -> Truth:
    """Make a truth that depends on the facts named, which were not read."""
    return Truth(_UNKNOWN, evidence)


def all_of(truths: Iterable[Truth], nothing: Evidence | Witness | None = None) -> Truth:
    """Whether every one is true; true of none at all, for which `nothing` is the evidence."""
    return _over(tuple(truths), _FALSE, _TRUE, nothing)


def any_of(truths: Iterable[Truth], nothing: Evidence | Witness | None = None) -> Truth:
    """Whether at least one is true; false of none at all, for which `nothing` is the evidence."""
    return _over(tuple(truths), _TRUE, _FALSE, nothing)


def _over(
    truths: tuple[Truth, ...], decisive: State, neutral: State, nothing: Evidence | Witness | None
) -> Truth:
    if not truths:
        return Truth(neutral, () if nothing is None else (nothing,))
    return _decide(truths, decisive, neutral)


def one_answer(truths: Iterable[Truth]) -> Truth:
    """What all possible worlds agree on: exactly one of these holds, and it is not known which."""
    operands = tuple(truths)
    states = {truth.state for truth in operands}
    return Truth(states.pop() if len(states) == 1 else _UNKNOWN, operands)
