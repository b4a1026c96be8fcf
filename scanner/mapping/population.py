"""Makes canonical resources of all records of an inventory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from scanner.mapping.fields import shown
from scanner.mapping.registry import (
    Mapped,
    account_wide_types,
    companion_types,
    is_read_elsewhere,
    load,
    mapped_types,
)
from scanner.model.base import Field, Resource, SecretPlace
from scanner.record import MISSING, Block, Companions, Gap, Inventory, Links, Peers, Record
from scanner.value import Unknown

_NO_FIELDS: Final[Mapping[str, Field]] = MappingProxyType({})


class Population(NamedTuple):
    """What the records of an inventory became, and the records that nothing is known about."""

    resources: list[Resource]
    unmapped: list[Record]
    gaps: tuple[Gap, ...]


def populate(inventory: Inventory) -> Population:
    """Make canonical resources of all records, in the order of their addresses."""
    load(record.provider for record in inventory.records)
    records = sorted(inventory.records, key=lambda record: record.address)
    peers = Peers((record.address, record) for record in records)
    for record in records:
        record.peers = peers
    _attach(records, inventory.gaps)
    resources: list[Resource] = []
    unmapped: list[Record] = []
    gaps: list[Gap] = []
    for record in records:
        mappings = mapped_types().get(record.type)
        if record.managed and record.body.secrets:
            resources.append(SecretPlace(record.block, record.type, _NO_FIELDS))
        if mappings is None:
            if record.managed and not is_read_elsewhere(record.type):
                unmapped.append(record)
            continue
        for mapped in mappings:
            blocks = (record.block,) if not mapped.at else _parts(record.block, mapped)
            if isinstance(blocks, Unknown):
                if not mapped.expected and record.block.leaves_out(mapped.at):
                    continue
                if not mapped.expected:
                    scope = f"{record.address}.{mapped.at}"
                    gaps.append(Gap(scope, blocks.reason, frozenset({record.type})))
                    continue
                blocks = (Block(record, _Unread(blocks), mapped.at),)
            resources.extend(
                mapped.to(block, record.type, mapped.fields, mapped.part)
                for block in blocks
                if mapped.when is None or mapped.when(block)
            )
    return Population(resources, unmapped, tuple(gaps))


def _parts(block: Block, mapped: Mapped) -> tuple[Block, ...] | Unknown:
    """Give the nested blocks that a resource is made from, through every block on the way."""
    blocks: tuple[Block, ...] = (block,)
    for step in mapped.at.split("."):
        inner: list[Block] = []
        for outer in blocks:
            found = outer.blocks(step)
            if isinstance(found, Unknown):
                if shown(outer, step) is not MISSING:
                    return found
                found = ()
            inner += found
        blocks = tuple(inner)
    if not blocks and mapped.expected:
        # The provider makes it as its defaults say.
        return (Block(block.record, {}, mapped.at),)
    return blocks


class _Unread(dict[str, Any]):
    """The content of a block of which nothing is known but that it exists."""

    def __init__(self, reason: Unknown) -> None:
        super().__init__()
        self._reason = reason

    def get(self, key: str, default: Any = None) -> Any:
        return self._reason


def _attach(records: Iterable[Record], gaps: Iterable[Gap]) -> None:
    """Give each record the companions that refer to it; an unclear reference is shared by all.

    Where a part was not read, that no companion is there shows nothing.
    """
    _attach_by_account(records)
    missing = {type: gap.reason for gap in gaps for type in gap.types or companion_types()}
    certain: dict[tuple[str, str], list[Record]] = {}
    loose: dict[tuple[str, frozenset[str]], list[tuple[Record, Links]]] = {}
    present = missing.keys() & companion_types().keys()
    for record in records:
        found = companion_types().get(record.type)
        if found is None or not record.managed:
            continue
        present.add(record.type)
        for relation in found:
            links = relation.by.read(record.block)
            for address in links.targets:
                certain.setdefault((address, record.type), []).append(record)
            if links.one_of or links.maybe or links.unknown:
                loose.setdefault((record.type, relation.of), []).append((record, links))
    if not present:
        return
    owners: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for type in sorted(present):
        for relation in companion_types()[type]:
            for owner in relation.of:
                owners.setdefault(owner, []).append((type, relation.of))
    for record in records:
        for type, of in owners.get(record.type, ()):
            mine = certain.get((record.address, type), ())
            others = tuple(_others(record, loose.get((type, of), ())))
            gap = (missing[type],) if type in missing and not mine else ()
            if mine or others or gap:
                reasons = (*(reason for _, reason in others), *gap)
                perhaps = tuple(other for other, _ in others)
                record.attach(Companions(tuple(mine), reasons, perhaps, gap), type)


def _attach_by_account(records: Iterable[Record]) -> None:
    """Give each record the settings of its account; where no account is said, it may be another."""
    for settings in records:
        owners = account_wide_types().get(settings.type)
        if owners is None or not settings.managed:
            continue
        account = settings.location.account
        for record in records:
            if record.type not in owners:
                continue
            held = record.companions(settings.type)
            if account and account == record.location.account:
                held = Companions((*held.certain, settings), held.unknown)
            elif not account or not record.location.account:
                reason = f"{settings.address} may be of another account"
                held = Companions(held.certain, (*held.unknown, reason))
            else:
                continue
            record.attach(held, settings.type)


def _others(owner: Record, loose: Iterable[tuple[Record, Links]]) -> Iterator[tuple[Record, str]]:
    """Give the records that may complete another one, and why that is not certain."""
    for record, links in loose:
        if owner.address in links.targets:
            continue
        if links.unknown or owner.address in links.maybe:
            why = links.unknown[0] if links.unknown else "its reference is not certain"
            yield record, f"{record.address} may belong to it: {why}"
        elif any(owner.address in group for group in links.one_of):
            yield record, f"{record.address} belongs to it or to another"
