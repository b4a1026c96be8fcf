"""Answers which records an attribute refers to: by literal where known, else by its expression."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from scanner.record import MISSING, Block, Links, literals
from scanner.sources.terraform.answer import Answer, refines
from scanner.sources.terraform.blocks import Path, Place, blocklike, is_collection
from scanner.sources.terraform.configuration import Plan
from scanner.sources.terraform.expand import Expander
from scanner.sources.terraform.expressions import is_leaf
from scanner.sources.terraform.identifiers import Identifiers, is_global, known_identifiers
from scanner.sources.terraform.instances import World
from scanner.sources.terraform.items import Item, Scope
from scanner.sources.terraform.sources import Block as Written
from scanner.value import Unknown

_DYNAMIC = "a dynamic block may have written it, which is not part of a plan"


# More candidates than this say no more than that it is not known.
_MANY = 16


def _unnamed_reason(text: str, count: int) -> str:
    return f'{count} things whose names are known only after apply may be named "{text[:80]}"'


class Found(NamedTuple):
    """The expressions behind a path, where they stand, and their block in the source."""

    nodes: list[Any]
    place: Place
    scope: Scope
    first: str
    written: Written | None


class References:
    """The resolver of one document; answers are made when asked for, and kept."""

    __slots__ = (
        "_alone",
        "_cache",
        "_dynamic",
        "_expander",
        "_identifiers",
        "_incomplete",
        "_nameless",
        "_plan",
        "_world",
    )

    def __init__(self, plan: Plan, world: World, incomplete: str = "") -> None:
        self._plan = plan
        self._world = world
        self._alone = Expander(plan.alone(), world, incomplete)
        self._expander = self._alone
        if plan.sources is not None:
            self._expander = Expander(plan, world, incomplete)
        self._dynamic = _DYNAMIC if plan.sources is not None else f"{_DYNAMIC} (give --source)"
        self._identifiers = Identifiers(entry.record for entry in world.entries)
        self._incomplete = incomplete
        self._cache: dict[tuple[str, str, frozenset[str]], Links] = {}
        self._nameless: dict[frozenset[str], tuple[str, ...]] = {}

    def links(self, block: Block, path: str, types: frozenset[str] = frozenset()) -> Links:
        """Resolve one attribute of one record, instance by instance."""
        inside = f"{block.path}.{path}" if block.path else path
        key = (block.record.address, inside, types)
        found = self._cache.get(key)
        if found is None:
            found = self._answer(self._alone, block, path, types)
            if self._expander is not self._alone and (found.unknown or found.maybe or found.one_of):
                # The plan is the truth: its source may only add to what the plan leaves open.
                more = self._answer(self._expander, block, path, types)
                found = more if refines(more, found) else found
            self._cache[key] = found
        return found

    def _answer(self, expander: Expander, block: Block, path: str, types: frozenset[str]) -> Links:
        answer = Answer(expander)
        self._resolve(block, path, types, answer)
        return answer.links(block, path)

    def _resolve(self, block: Block, path: str, types: frozenset[str], answer: Answer) -> None:
        head, every, rest = path.partition("[].")
        if every:
            blocks = block.blocks(head)
            if isinstance(blocks, Unknown):
                answer.unknown[f"{head}: {blocks.reason}"] = None
                return
            for below in blocks:
                self._resolve(below, rest, types, answer)
            return
        path = path.removesuffix("[]")
        value = block.read(path)
        if value is MISSING:
            return
        elements = value if isinstance(value, list) else None
        if isinstance(value, dict):
            elements = list(value.values())
        if elements is None:
            if isinstance(value, Unknown):
                self._unknown(block, path, types, answer, None, True)
            else:
                for text in literals(value):
                    self._literal(block, path, text, types, answer)
            return
        known = literals(elements)
        for text in known:
            self._literal(block, path, text, types, answer)
        slots = sum(isinstance(item, Unknown) for item in elements)
        if slots:
            self._unknown(block, path, types, answer, slots, False, frozenset(known))

    def _literal(
        self, block: Block, path: str, text: str, types: frozenset[str], answer: Answer
    ) -> None:
        found = self._identifiers.find(text, types)
        if len(found) == 1:
            # Names are unique in one place: elsewhere, one that is not known yet may be meant.
            elsewhere = not is_global(text) and found[0].location != block.record.location
            unnamed = self._unnamed(types) if elsewhere else ()
            if len(unnamed) > _MANY:
                answer.maybe[found[0].address] = None
                answer.unknown[_unnamed_reason(text, len(unnamed))] = None
            else:
                answer.choose((found[0].address, *unnamed))
            return
        # Several of that name, or none by a rule of names: what is written may tell.
        written = self._written(block, path, text, types, answer.expander)
        if found:
            both = [record.address for record in found if record.address in written]
            here = [record.address for record in found if record.location == block.record.location]
            answer.choose(both or here or [record.address for record in found])
        elif len(written) == 1:
            answer.targets[next(iter(written))] = None
        elif written:
            answer.choose(written)
        else:
            answer.outside[text] = None
            unnamed = () if is_global(text) else self._unnamed(types)
            if len(unnamed) > _MANY:
                answer.unknown[_unnamed_reason(text, len(unnamed))] = None
            else:
                answer.maybe.update(dict.fromkeys(unnamed))

    def _unnamed(self, types: frozenset[str]) -> tuple[str, ...]:
        """Give the things whose names are known only after apply, but not made by the provider."""
        found = self._nameless.get(types)
        if found is None:
            found = self._nameless[types] = tuple(
                record.address
                for record, name in self._identifiers.unnamed(types)
                if not self.leaves_out(record.block, name)
            )
        return found

    def _written(
        self, block: Block, path: str, text: str, types: frozenset[str], expander: Expander
    ) -> dict[str, None]:
        """Give the records that the expression refers to and whose identifier is in the text."""
        found: dict[str, None] = {}
        items, _ = self._items(block, path, types, expander)
        for address in (member[1] for item in items for member in item.members):
            entry = self._world.entry(address)
            if entry is not None:
                record = entry.record
                for identifier in known_identifiers(record.body.attributes, record.type):
                    if identifier == text or (len(identifier) > 8 and identifier in text):
                        found[address] = None
        return found

    def _items(
        self, block: Block, path: str, types: frozenset[str], expander: Expander
    ) -> tuple[list[Item], Place]:
        """Expand the expression behind an attribute."""
        if not self._plan.known:
            return [Item("lost", (), "only the value was read, not the configuration")], Place()
        record = block.record
        attributes = record.body.attributes
        steps = _concrete(block, path)
        sought = self._find(record.address, record.type, attributes, steps, expander)
        if sought is None:
            return [Item("lost", (), "the resource is not part of the configuration")], Place()
        nodes, place, scope, _, _ = sought
        if not nodes:
            if place.dynamic:
                return [Item("lost", (), self._dynamic)], place
            value = block.read(path)
            reason = value.reason if isinstance(value, Unknown) else "known after apply"
            return [Item("lost", (), f"{reason}, decided by the provider")], place
        expanded = [expander.expand(node, scope, types) for node in nodes]
        if place.dynamic:
            expanded.append([Item("lost", (), self._dynamic)])
        if len(expanded) == 1 or all(items == expanded[0] for items in expanded):
            return expanded[0], place
        members = tuple(dict.fromkeys(m for items in expanded for i in items for m in i.members))
        reasons = [i for items in expanded for i in items if i.reason and not i.members]
        return [Item("loose", members), *reasons] if members else reasons, place

    def _unknown(
        self,
        block: Block,
        path: str,
        types: frozenset[str],
        answer: Answer,
        slots: int | None,
        scalar: bool,
        known: frozenset[str] = frozenset(),
    ) -> None:
        items, place = self._items(block, path, types, answer.expander)
        items = [item for item in items if item.kind != "all" or item.members]
        if place.flat:
            # The expression is of all blocks together: count the places that it has to fill.
            here = 1 if slots is None else slots
            everywhere = _unknown_leaves(block.record.body.attributes, _concrete(block, path))
            listed = sum(_slots(item) for item in items)
            if everywhere > listed and any(item.members for item in items):
                items = [*items, Item("lost", (), self._dynamic)]
            elif types and listed == everywhere and here == everywhere:
                # They explain every such place, so what else is written there is elsewhere.
                items = [item for item in items if item.members]
            elif here < everywhere or listed > everywhere:
                if types and listed == everywhere:
                    items = [item for item in items if item.members]
                every = tuple(dict.fromkeys(m for item in items for m in item.members))
                reasons = [item for item in items if not item.members and item.reason]
                items = [Item("loose", every), *reasons] if every else reasons
        members = {member[1]: None for item in items for member in item.members}
        # Things of other types explain nothing, unless there is nothing else.
        aside = {"other"} if members else set()
        if place.flat and members:
            aside.add("unnamed")
        local = any(item.kind == "local" for item in items)
        reach = self._reach(block, types, answer.expander) if local else set()
        if types and members and reach <= members.keys():
            # Locals mostly choose.  If nothing else of the types is within their reach, it does
            # not matter whether this one chooses or holds what it gives.
            aside.add("local")
            if not scalar and any(item.kind == "local" for item in items):
                items = [*items, Item("text")]
        items = [item for item in items if item.kind not in aside]
        lost = {item.reason: None for item in items if item.reason}
        if not members:
            lost = lost or {"known after apply, from nothing that the plan names": None}
        if self._incomplete and lost:
            lost[self._incomplete] = None
        if lost:
            answer.unknown.update(lost)
            answer.maybe.update(members or dict.fromkeys(sorted(reach)))
            return
        repeated = slots is not None or is_collection(block.record.type, path.rpartition(".")[2])
        if scalar and not repeated:
            answer.choose(members)
        else:
            self._fill(items, members, slots, known, answer)

    @staticmethod
    def _reach(block: Block, types: frozenset[str], expander: Expander) -> set[str]:
        """Give everything of the types that a local value beside a record could hold."""
        scope, _ = expander.scope(block.record.address) or (None, None)
        return set() if scope is None or not types else expander.within(scope.module, types)

    def _fill(
        self,
        items: list[Item],
        members: dict[str, None],
        slots: int | None,
        known: frozenset[str],
        answer: Answer,
    ) -> None:
        """Say which members of a list's references are certainly elements of it."""
        if known:
            items = [self._without(item, known) for item in items]
            members = {member[1]: None for item in items for member in item.members} or members
        filled = sum(_slots(item) for item in items)
        conditional = any(item.kind == "text" for item in items)
        loose = any(item.kind == "loose" for item in items)
        if (slots is None and not conditional and not loose) or (slots == filled and not loose):
            for item in items:
                if item.kind in ("one", "all"):
                    answer.targets.update((member[1], None) for member in item.members)
                elif item.kind == "either":
                    answer.choose(member[1] for member in item.members)
        elif slots is not None and (len(members) == 1 or slots == 1):
            answer.choose(members)
        else:
            answer.maybe.update(members)

    def _without(self, item: Item, known: frozenset[str]) -> Item:
        """Leave out the members that already stand in the list by their literals."""
        kept = []
        for member in item.members:
            entry = self._world.entry(member[1])
            record = entry.record if entry is not None else None
            if record is None or not known & known_identifiers(record.body.attributes, record.type):
                kept.append(member)
        return item._replace(members=tuple(kept))

    def provenance(
        self, address: str, type: str, attributes: Any, path: str
    ) -> tuple[bool | None, str] | None:
        """Whether a constant is written at a path; None if nothing is written there."""
        if not self._plan.known:
            return None, "the state holds the value, not where it came from"
        found = self._find(address, type, attributes, _path(path))
        if found is None:
            return None, "the resource is not part of the configuration"
        nodes, place, scope, _, _ = found
        if not nodes:
            return (None, self._dynamic) if place.dynamic else None
        verdicts = [self._plan.provenance(node, scope.module) for node in nodes]
        if place.dynamic:
            return None, self._dynamic
        if place.flat:
            return None, "several blocks share one expression"
        if any(verdict != verdicts[0] for verdict in verdicts):
            return None, "it is not known which of several blocks wrote it"
        return verdicts[0]

    def leaves_out(self, block: Block, path: str) -> bool:
        """Whether the configuration certainly does not set the attribute, or sets it to null.

        What is unknown although nothing unknown goes into its expression was null there.
        """
        record = block.record
        if not self._plan.known or self._incomplete:
            return False
        found = self._find(
            record.address, record.type, record.body.attributes, _concrete(block, path)
        )
        if found is None:
            return False
        nodes, place, scope, first, written = found
        names = [name for name, _ in _concrete(block, path)]
        if place.dynamic or place.flat or (written is not None and written.hides(names)):
            return False
        if not nodes:
            if written is not None:
                return not written.writes(names)
            return not blocklike(record.type, first)
        for node in nodes:
            if not is_leaf(node):
                return False
            if "constant_value" in node:
                if node["constant_value"] is not None:
                    return False
            elif not node.get("references") or any(
                item.kind != "text" for item in self._expander.expand(node, scope, frozenset())
            ):
                return False
        return isinstance(block.read(path), Unknown) or block.read(path) is MISSING

    def shows_nothing(self, block: Block, path: str) -> bool:
        """Whether a plan shows nothing that sets it; a dynamic block, which it hides, still may."""
        record = block.record
        if not self._plan.known or self._incomplete:
            return False
        found = self._find(
            record.address, record.type, record.body.attributes, _concrete(block, path)
        )
        if found is None or found.nodes or found.place.flat:
            return False
        written = found.written
        return written is None or not written.hides(name for name, _ in _concrete(block, path))

    def endings(self, block: Block, path: str) -> tuple[str, ...]:
        """Give what follows the identifiers in a list that the source writes out."""
        record = block.record
        found = self._find(
            record.address, record.type, record.body.attributes, _concrete(block, path)
        )
        if found is None or len(found.nodes) != 1:
            return ()
        node = found.nodes[0]
        parts = list(node.parts.values()) if getattr(node, "form", "") == "tuple" else [node]
        endings = []
        for part in parts:
            form = getattr(part, "form", "")
            if form == "traversal":
                endings.append("")
            elif form == "template" and part.parts[0].form == "traversal":
                endings.append(part.parts[1]["constant_value"])
            elif form != "constant":
                return ()
        return tuple(endings)

    def _find(
        self,
        address: str,
        type: str,
        attributes: Any,
        steps: Path,
        expander: Expander | None = None,
    ) -> Found | None:
        """Find the expressions behind a path of a record."""
        scope, resource = (expander or self._expander).scope(address) or (None, None)
        if scope is None or resource is None:
            return None
        nodes, place = resource.behind(attributes, steps, type)
        first = steps[0][0] if len(steps) == 1 else ""
        return Found(nodes, place, scope, first, resource.written)


def _slots(item: Item) -> int:
    """Count the elements that an item fills in a list."""
    if item.kind == "all":
        return len(item.members)
    return 1 if item.members else 0


@lru_cache(maxsize=65536)
def _path(text: str) -> Path:
    """Read `a[0].b` as steps with indices."""
    found: list[tuple[str, int | None]] = []
    for part in text.split("."):
        name, bracket, index = part.partition("[")
        number = index.removesuffix("]")
        found.append((name, int(number) if bracket and number.isdigit() else None))
    return tuple(found)


def _concrete(block: Block, path: str) -> Path:
    inside = f"{block.path}.{path}" if block.path else path
    return _path(inside)


def _unknown_leaves(attributes: Any, path: Path) -> int:
    """Count the unknown values at the same place of every block."""
    values: list[Any] = [attributes]
    for name, _ in path:
        below: list[Any] = []
        for value in values:
            if isinstance(value, dict):
                found = value.get(name)
                below.extend(found if isinstance(found, list) else [found])
        values = below
    return sum(isinstance(value, Unknown) for value in values)
