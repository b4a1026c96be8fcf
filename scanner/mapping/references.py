"""Says where the references of a provider type come from, and what other records add to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scanner.mapping.fields import written
from scanner.model.base import Field
from scanner.model.document import PolicyDocument
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, all_of, any_of, one_answer, unknown
from scanner.value import Unknown, Value


@dataclass(frozen=True)
class Ref:
    """References to records; `types` are the provider types that may stand there."""

    terraform: str
    api: str
    types: frozenset[str] = frozenset()

    def read(self, block: Block) -> Links:
        """Resolve the reference."""
        path = self.terraform if block.record.shape == "terraform" else self.api
        return block.links(path, self.types)


def ref(terraform: str, api: str, *types: str) -> Ref:
    """Read references to records of these provider types."""
    return Ref(terraform, api, frozenset(types))


@dataclass(frozen=True)
class RefIfSet:
    """References that are none where the configuration leaves the attribute to the provider."""

    ref: Ref

    def read(self, block: Block) -> Links:
        """Resolve the reference, if one is written."""
        path = self.ref.terraform if block.record.shape == "terraform" else self.ref.api
        if written(block, path) in (MISSING, []):
            return Links(block, path)
        return self.ref.read(block)


def ref_if_set(terraform: str, api: str, *types: str) -> RefIfSet:
    """Read references to records, none where nothing is written."""
    return RefIfSet(ref(terraform, api, *types))


@dataclass(frozen=True)
class Refs:
    """References from several attributes together."""

    parts: tuple[Field, ...]

    def read(self, block: Block) -> Links:
        """Resolve all of them."""
        return merge_links(block, [part.read(block) for part in self.parts])


def refs(*parts: Field) -> Refs:
    """Read references from several attributes as one."""
    return Refs(parts)


@dataclass(frozen=True)
class Through:
    """References of the records that a reference leads to: the subnets of a subnet group."""

    via: Field
    then: Mapping[str, Field]
    unset: str = ""

    def read(self, block: Block) -> Links:
        """Follow the first reference, then the second; what is lost on the way is unknown.

        Where the first refers to nothing, `unset` says what the provider then takes by itself.
        """
        first: Links = self.via.read(block)
        if self.unset and first.is_empty:
            return replace(first, unknown=(self.unset,))
        if first.is_empty:
            return Links(block, first.path)
        peers = block.record.peers
        found: list[Links] = []
        lost = [*first.unknown]
        lost += [f'"{name}" is not in what was read' for name in first.outside]
        for address in first.candidates():
            peer = peers.get(address)
            step = self.then.get(peer.type) if peer is not None else None
            if peer is None or step is None:
                lost.append(f"{address} was not read")
                continue
            links = step.read(peer.block)
            if address not in first.targets:
                links = replace(
                    links,
                    targets=(),
                    one_of=(),
                    maybe=tuple(links.candidates()),
                )
            found.append(links)
        merged = merge_links(block, found, first.path)
        return replace(merged, unknown=tuple(dict.fromkeys((*merged.unknown, *lost))))


@dataclass(frozen=True)
class Nothing:
    """References of which this type has none."""

    def read(self, block: Block) -> Links:
        """Give no links."""
        return Links(block, "")


@dataclass(frozen=True)
class From:
    """A field read from a companion record, such as a bucket's separate versioning.

    absent: what is true where the companion certainly does not exist.
    """

    type: str
    field: Field
    absent: Field

    def read(self, block: Block) -> Any:
        """Read the companion's field, or what its absence means."""
        companions = block.record.companions(self.type)
        if not companions.certain:
            if companions.unknown:
                return self._open(block, companions.unknown)
            return self.absent.read(block)
        found = [self.field.read(record.block) for record in companions.certain]
        return found[0] if len(found) == 1 else self._together(block, found)

    def _together(self, block: Block, found: Sequence[Any]) -> Any:
        """Read several companions of one kind: which of them is in force is not known."""
        first = found[0]
        if isinstance(first, Truth):
            return one_answer(found)
        if isinstance(first, Links):
            return merge_links(block, found)
        if isinstance(first, PolicyDocument):
            statements = tuple(item for part in found for item in part.statements)
            reasons = tuple(dict.fromkeys(item for part in found for item in part.unknown))
            return replace(first, statements=statements, unknown=reasons)
        if all(item == first for item in found):
            return first
        reason = f"several {self.type} say different things"
        return Value(Unknown(reason), block, first.path)

    def _open(self, block: Block, reasons: tuple[str, ...]) -> Any:
        content = self.absent.read(block)
        if isinstance(content, Truth):
            return unknown(*(Evidence(block.address, reason) for reason in reasons))
        if isinstance(content, Value):
            return Value(Unknown(reasons[0]), block, content.path)
        if isinstance(content, Links):
            return replace(content, unknown=(*content.unknown, *reasons))
        return replace(content, unknown=(*content.unknown, *reasons))


@dataclass(frozen=True)
class OfOther:
    """A truth about the record that a reference leads to, such as a snapshot's source."""

    via: Field
    then: Mapping[str, Field]

    def read(self, block: Block) -> Truth:
        """Follow the reference and ask; what was not read is unknown."""
        links: Links = self.via.read(block)
        truths = [self._of(links, address) for address in links.targets]
        truths += [one_answer([self._of(links, item) for item in group]) for group in links.one_of]
        doubts = [*(f"perhaps {item}" for item in links.maybe), *links.unknown]
        doubts += [f'"{name}" is not in what was read' for name in links.outside]
        if links.is_empty:
            doubts.append("not set")
        truths += [unknown(Evidence(links.source, doubt)) for doubt in doubts]
        return all_of(truths)

    def _of(self, links: Links, address: str) -> Truth:
        peer = links.origin.record.peers.get(address)
        field = None if peer is None else self.then.get(peer.type)
        if peer is None or field is None:
            return unknown(Evidence(links.source, f"{address} was not read"))
        truth: Truth = field.read(peer.block)
        return truth


@dataclass(frozen=True)
class Some:
    """A truth that holds if the field of some companion of these types holds.

    nothing: what is true, in words, where there certainly is no such companion.
    """

    fields: Mapping[str, Field]
    nothing: str

    def read(self, block: Block) -> Truth:
        """Ask every companion."""
        truths: list[Truth] = []
        for type, field in self.fields.items():
            companions = block.record.companions(type)
            truths += [field.read(record.block) for record in companions.certain]
            truths += [unknown(Evidence(block.address, reason)) for reason in companions.unknown]
        return any_of(truths, Evidence(block.address, self.nothing))


def merge_links(block: Block, parts: Sequence[Links], path: str = "") -> Links:
    """Make one of several references."""
    if len(parts) == 1 and not path:
        return parts[0]
    filled = [part for part in parts if not part.is_empty]
    if path and len(filled) < 2:
        # Most references are written in one place only.
        if not filled:
            return Links(block, path)
        only = filled[0]
        return Links(block, path, only.targets, only.one_of, only.maybe, only.outside, only.unknown)
    return Links(
        block,
        path or ", ".join(dict.fromkeys(part.path for part in parts)),
        targets=tuple(dict.fromkeys(item for part in parts for item in part.targets)),
        one_of=tuple(dict.fromkeys(item for part in parts for item in part.one_of)),
        maybe=tuple(dict.fromkeys(item for part in parts for item in part.maybe)),
        outside=tuple(dict.fromkeys(item for part in parts for item in part.outside)),
        unknown=tuple(dict.fromkeys(item for part in parts for item in part.unknown)),
    )
