"""What an expression may refer to, in parts; where it stands; and how keys pick from it."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from scanner.sources.terraform.address import Module
from scanner.sources.terraform.decode import Key
from scanner.sources.terraform.expressions import Rest
from scanner.sources.terraform.instances import Members


class Item(NamedTuple):
    """A part of what an expression refers to.

    one: exactly the member.  all: every member (a splat).  either: exactly one of the members.
    loose: any number of the members.  text: a known value.  lost: not followed, for a reason.
    local: a local value, which a plan does not hold.
    parts: for the instances of a module, what each of them gives.
    other: a thing of a type that was not asked for.  unnamed: some attribute of such things.
    """

    kind: Literal["one", "all", "either", "loose", "text", "lost", "local", "other", "unnamed"]
    members: Members = ()
    reason: str = ""
    parts: tuple[tuple[Key, tuple[Any, ...]], ...] = ()


class Scope(NamedTuple):
    """Where an expression stands: the module instance, and what its `each` and `count` are."""

    module: Module
    key: Key
    repeats: Any
    peers: frozenset[Key]


def lost(reason: str) -> list[Item]:
    """Say why an expression is not followed."""
    return [Item("lost", (), reason)]


def chosen(items: list[Item], key: Key, peers: frozenset[Key]) -> list[Item]:
    """Apply the key that follows a reference."""
    found: list[Item] = []
    for item in items:
        parts = dict(item.parts)
        if key in parts and peers <= parts.keys():
            found.extend(parts[key])
        else:
            found.append(aligned(item, key, peers))
    return found


def aligned(item: Item, key: Key, peers: frozenset[Key]) -> Item:
    """Pick the instance with the same key, if every instance that asks would find its own."""
    if item.kind != "all" or key is None:
        return item
    by_key = dict(item.members)
    if key in by_key and peers <= by_key.keys():
        return Item("one", ((key, by_key[key]),))
    if len(item.members) == 1:
        return Item("one", item.members)
    return Item("either", item.members)


def picked(items: list[Item], rest: Rest, label: str) -> list[Item]:
    """Go into a collection: by key where it is a splat of instances, else one of everything."""
    if not rest or not any(item.members for item in items):
        return items
    if len(items) == 1 and items[0].parts and not isinstance(rest[0], str):
        parts = dict(items[0].parts)
        chosen = rest[0][0] if isinstance(rest[0], tuple) else rest[0]
        if chosen in parts:
            return picked(list(parts[chosen]), rest[1:], label)
    if len(items) == 1 and items[0].kind == "all":
        step = rest[0]
        by_key = dict(items[0].members)
        key: Key = step[0] if isinstance(step, tuple) else step
        if key in by_key:
            return [Item("one", ((key, by_key[key]),))]
        if isinstance(key, int) and 0 <= key < len(items[0].members):
            # Splats and `for` go through instances in the order of their keys.
            return [Item("one", (items[0].members[key],))]
    if len(items) == 1 and items[0].kind == "one":
        return items
    return [loosened(items)]


def loosened(items: list[Item]) -> Item:
    """Give the same members without saying how many of them are meant."""
    reasons = [item.reason for item in items if item.kind in ("lost", "local", "unnamed")]
    reasons += [item.reason for item in items if item.kind == "loose" and item.reason]
    members = tuple(dict.fromkeys(member for item in items for member in item.members))
    if members:
        return Item("loose", members, reasons[0] if reasons else "")
    if reasons:
        return Item("lost", (), reasons[0])
    return next((item for item in items if item.kind == "other"), Item("text"))
