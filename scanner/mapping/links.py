"""Operations on references that were read: name one thing by one address, add doubts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scanner.mapping.references import merge_links
from scanner.model.base import Field
from scanner.record import Block, Links


def united(links: Links, same: Callable[[str], str]) -> Links:
    """Name by one address what several records describe; `same` gives it for each of them."""
    if not (links.targets or links.one_of or links.maybe):
        return links
    targets = dict.fromkeys(map(same, links.targets))
    one_of: list[tuple[str, ...]] = []
    for group in links.one_of:
        names = tuple(dict.fromkeys(map(same, group)))
        if len(names) == 1:
            targets[names[0]] = None
        else:
            one_of.append(names)
    maybe = dict.fromkeys(map(same, links.maybe))
    return replace(
        links,
        targets=tuple(targets),
        one_of=tuple(dict.fromkeys(one_of)),
        maybe=tuple(name for name in maybe if name not in targets),
    )


def only_target(links: Links) -> str:
    """Give the one record that is certainly meant; an empty text if there is none."""
    return links.targets[0] if len(links.targets) == 1 and links.certain else ""


def with_doubts(links: Links, *reasons: str) -> Links:
    """Add reasons why there may be further targets."""
    if not reasons:
        return links
    return replace(links, unknown=tuple(dict.fromkeys((*links.unknown, *reasons))))


def with_companions(
    block: Block, path: str, type: str, field: Field, own: Sequence[Links] = ()
) -> Links:
    """Add the references of records that complete one; of those that may do so only perhaps."""
    found = block.record.companions(type)
    parts = [Links(block, path), *own]
    parts += [field.read(record.block) for record in found.certain]
    for record in found.perhaps:
        links: Links = field.read(record.block)
        parts.append(replace(links, targets=(), one_of=(), maybe=tuple(links.candidates())))
    merged = merge_links(block, parts, path)
    maybe = tuple(name for name in merged.maybe if name not in merged.targets)
    return with_doubts(replace(merged, maybe=maybe), *found.missing)


@dataclass(frozen=True)
class UnlessLookedUp:
    """References that stand in other records: those of what is only looked up were not read."""

    field: Field
    reason: str

    def read(self, block: Block) -> Links:
        """Read them, with a doubt where the thing belongs to somebody else."""
        links: Links = self.field.read(block)
        if block.record.managed or block.record.shape == "api":
            return links
        return with_doubts(links, self.reason)
