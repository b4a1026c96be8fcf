"""The instances of every resource block, found by module instance, name and key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from scanner.record import Record
from scanner.sources.terraform.address import Module, Name, module_of
from scanner.sources.terraform.decode import Key

Members = tuple[tuple[Key, str], ...]
"""Instances of one block, in the order of their keys, with their addresses."""


class Entry(NamedTuple):
    """One record with the parts of its address."""

    module: str
    name: Name
    key: Key
    record: Record


class World:
    """All records of one document; the indices are made on first use."""

    __slots__ = (
        "_by_address",
        "_by_name",
        "_calls",
        "_keys",
        "_members",
        "_names",
        "_peers",
        "entries",
    )

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self._by_address: dict[str, Entry] | None = None
        self._by_name: dict[tuple[Module, Name], dict[Key, str]] = {}
        self._members: dict[tuple[Module, Name], Members] = {}
        self._names: dict[Module, set[Name]] = {}
        self._keys: dict[tuple[Module, str], set[Key]] = {}
        self._calls: dict[tuple[Module, str], tuple[Key, ...]] = {}
        self._peers: dict[tuple[Module, Name], frozenset[Key]] = {}

    def entry(self, address: str) -> Entry | None:
        """Find the record with an address."""
        if self._by_address is None:
            self._by_address = {entry.record.address: entry for entry in self.entries}
        return self._by_address.get(address)

    def members(self, module: Module, name: Name) -> Members:
        """Give the instances of a block in one module instance."""
        self._index()
        sought = (module, name)
        found = self._members.get(sought)
        if found is None:
            instances = self._by_name.get(sought, {})
            found = self._members[sought] = tuple(sorted(instances.items(), key=_order))
        return found

    def peers(self, module: Module, name: Name) -> frozenset[Key]:
        """Give the keys of all instances of a block in one module instance."""
        sought = (module, name)
        found = self._peers.get(sought)
        if found is None:
            keys = (key for key, _ in self.members(module, name))
            found = self._peers[sought] = frozenset(keys)
        return found

    def names(self, module: Module) -> tuple[Name, ...]:
        """Give the blocks of a module instance that have any instance."""
        self._index()
        return tuple(sorted(self._names.get(module, ())))

    def calls(self, module: Module, name: str) -> tuple[Key, ...]:
        """Give the keys of the instances of a module call that hold any record."""
        self._index()
        sought = (module, name)
        found = self._calls.get(sought)
        if found is None:
            keys = sorted(self._keys.get(sought, ()), key=lambda key: _order((key, "")))
            found = self._calls[sought] = tuple(keys)
        return found

    def _index(self) -> None:
        if self._by_name:
            return
        modules: dict[str, Module] = {}
        for entry in self.entries:
            module = modules.get(entry.module)
            if module is None:
                module = modules[entry.module] = module_of(entry.module)
                for depth, (call, key) in enumerate(module):
                    self._keys.setdefault((module[:depth], call), set()).add(key)
            self._names.setdefault(module, set()).add(entry.name)
            instances = self._by_name.setdefault((module, entry.name), {})
            instances.setdefault(entry.key, entry.record.address)


def _order(item: tuple[Key, str]) -> tuple[int, int, str]:
    key = item[0]
    if key is None:
        return 0, 0, ""
    return (1, key, "") if isinstance(key, int) else (2, 0, key)
