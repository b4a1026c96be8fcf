"""Collects what an attribute refers to, and compares two such answers."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.record import Block, Links
from scanner.sources.terraform.expand import Expander


class Answer:
    """Links in the making, by one expander."""

    __slots__ = ("expander", "maybe", "one_of", "outside", "targets", "unknown")

    def __init__(self, expander: Expander) -> None:
        self.expander = expander
        self.targets: dict[str, None] = {}
        self.one_of: dict[tuple[str, ...], None] = {}
        self.maybe: dict[str, None] = {}
        self.outside: dict[str, None] = {}
        self.unknown: dict[str, None] = {}

    def choose(self, addresses: Iterable[str]) -> None:
        """Note that exactly one of these is meant."""
        group = tuple(sorted(set(addresses)))
        if len(group) == 1:
            self.targets[group[0]] = None
        elif group:
            self.one_of[group] = None

    def links(self, block: Block, path: str) -> Links:
        """Give the links, in an order that the input's order does not change."""
        if not (self.one_of or self.maybe or self.outside or self.unknown):
            return Links(block, path, tuple(sorted(self.targets)))
        maybe = tuple(name for name in sorted(self.maybe) if name not in self.targets)
        return Links(
            block,
            path,
            tuple(sorted(self.targets)),
            tuple(sorted(self.one_of)),
            maybe,
            tuple(sorted(self.outside)),
            tuple(sorted(self.unknown)),
        )


def refines(more: Links, found: Links) -> bool:
    """Whether one answer says the same as another, or more where that was open."""
    if not set(found.targets) <= set(more.targets) or not set(more.outside) <= set(found.outside):
        return False
    return bool(found.unknown) or set(more.candidates()) <= set(found.candidates())
