"""Records without a source: a resolver that follows what a test says, nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from scanner.mapping.population import Population, populate
from scanner.model.base import Resource
from scanner.record import Block, Inventory, Links, Record, literals
from scanner.value import Unknown


class Pointer(Unknown):
    """An identifier that is known only after apply, of the records at these addresses."""

    __slots__ = ("addresses",)

    def __init__(self, *addresses: str) -> None:
        super().__init__("known after apply")
        self.addresses = addresses


class LeftOut(Unknown):
    """A value that the configuration leaves to the provider."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("known after apply")


class FilledIn(str):
    """A text that is the provider's own default, not written in the configuration."""

    __slots__ = ()


class Resolver:
    """Follows pointers; literals are outside; a value that is left out says so."""

    def links(self, block: Block, path: str, types: frozenset[str] = frozenset()) -> Links:
        found = block.read(path)
        items = found if isinstance(found, list) else [found]
        targets = [name for item in items if isinstance(item, Pointer) for name in item.addresses]
        reasons = [
            item.reason
            for item in items
            if isinstance(item, Unknown) and not isinstance(item, Pointer)
        ]
        return Links(
            block,
            path,
            targets=tuple(targets),
            outside=literals(found),
            unknown=tuple(dict.fromkeys(reasons)),
        )

    def leaves_out(self, block: Block, path: str) -> bool:
        return isinstance(block.read(path), LeftOut)

    def shows_nothing(self, block: Block, path: str) -> bool:
        return isinstance(block.read(path), (LeftOut, FilledIn))

    def endings(self, block: Block, path: str) -> tuple[str, ...]:
        return ()


def record(type: str, body: Mapping[str, Any], name: str = "a", *, managed: bool = True) -> Record:
    """Make a record that knows this module's resolver."""
    address = f"{type}.{name}" if managed else f"data.{type}.{name}"
    return Record(type, address, body, managed=managed, resolver=Resolver())


def population(*records: Record) -> Population:
    """Map records."""
    return populate(Inventory(records=records))


def mapped(kind: type[Any], *records: Record, address: str = "") -> Any:
    """Map records and give the one resource of a kind, or the one at an address."""
    found: Iterable[Resource] = population(*records).resources
    matching = [
        item
        for item in found
        if isinstance(item, kind) and (not address or item.address == address)
    ]
    assert len(matching) == 1, matching
    return matching[0]
