"""Follows a reference to a resource: to its instances, or on through one of their attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scanner.record import MISSING
from scanner.sources.terraform.address import Module, Name
from scanner.sources.terraform.configuration import Plan
from scanner.sources.terraform.decode import Key
from scanner.sources.terraform.expressions import Reference, Rest
from scanner.sources.terraform.identifiers import identity
from scanner.sources.terraform.instances import World
from scanner.sources.terraform.items import Item, loosened, lost
from scanner.value import Unknown

if TYPE_CHECKING:
    from scanner.sources.terraform.expand import Expander

# A computed attribute of this name is the thing itself in another form.
_OWN_ENDINGS = ("arn", "url", "uri", "endpoint", "domain_name", "dns_name", "fqdn", "address")


class Resources:
    """Follows references to resources for an expander."""

    __slots__ = ("_expander", "_incomplete", "_plan", "_world")

    def __init__(self, plan: Plan, world: World, expander: Expander, incomplete: str) -> None:
        self._plan = plan
        self._world = world
        self._expander = expander
        self._incomplete = incomplete

    def follow(
        self, reference: Reference, name: Name, module: Module, types: frozenset[str], depth: int
    ) -> list[Item]:
        """Give the instances, or what their attribute refers to."""
        members = self._world.members(module, name)
        label = f"{'data.' if name.mode == 'data' else ''}{name.type}.{name.name}"
        if not members:
            if self._plan.resource(module, name) is None:
                return lost(f"{label} is not part of what was read")
            return lost(f"{label}: {self._incomplete}") if self._incomplete else []
        rest = reference.rest
        if reference.key is not None:
            members = tuple(item for item in members if item[0] == reference.key)
            if not members:
                return lost(f"{label}: {self._incomplete}") if self._incomplete else []
        elif rest and not isinstance(rest[0], str):
            rest = rest[1:]
        if len(members) == 1 and (members[0][0] is None or reference.key is not None):
            return self.attribute(members[0], name, rest, label, types, depth)
        # Of `x[*].id` and `[for i in x : i.id]` a plan keeps only `x`.
        if types and name.type not in types:
            return [Item("unnamed", (), f"an attribute of {label} that a plan does not name")]
        return [Item("all", members)]

    def attribute(
        self,
        member: tuple[Key, str],
        name: Name,
        rest: Rest,
        label: str,
        types: frozenset[str],
        depth: int,
    ) -> list[Item]:
        """Follow an attribute of one instance: itself, or what the attribute is written with."""
        last = rest[-1] if rest and isinstance(rest[-1], str) else ""
        fits = not types or name.type in types
        if fits and (not rest or (len(rest) == 1 and last in identity(name.type))):
            return [Item("one", (member,))]
        if not rest:
            return [Item("unnamed", (), f"an attribute of {label} that a plan does not name")]
        entry = self._world.entry(member[1])
        if entry is None:
            return lost(f"{label} is not part of what was read")
        value = entry.record.body.attributes
        concrete: list[tuple[str, int | None]] = []
        found: Any = value
        for step in rest:
            found, concrete = _step(found, step, concrete)
            if isinstance(found, Unknown) or found is MISSING:
                break
        scope, block = self._expander.scope(entry.record.address) or (None, None)
        if scope is not None and block is not None and concrete:
            nodes, _ = block.behind(value, tuple(concrete), name.type)
            if nodes:
                items: list[Item] = []
                for node in nodes:
                    items.extend(self._expander.expand(node, scope, types, depth + 1))
                return items if len(nodes) == 1 else [loosened(items)]
        if not isinstance(found, Unknown):
            return [Item("text")]
        # In a block of a type that was asked for stands what it brings along, such as the security
        # group of a cluster.
        if fits and (types or (len(rest) == 1 and not _names_other(last))):
            return [Item("one", (member,))]
        if len(rest) == 1 and last in ("id", "arn", "name"):
            return [Item("other", (), f"{label} is not of a type that belongs there")]
        return lost(f"{label}.{_words(rest)} is decided by the provider")


def _step(
    found: Any, step: str | int | tuple[str], concrete: list[tuple[str, int | None]]
) -> tuple[Any, list[tuple[str, int | None]]]:
    """Take one step into attributes, and note it the way expressions are found."""
    if isinstance(step, int):
        if isinstance(found, list) and 0 <= step < len(found) and concrete:
            return found[step], [*concrete[:-1], (concrete[-1][0], step)]
        return MISSING, concrete
    if isinstance(step, tuple):
        return (found.get(step[0], MISSING) if isinstance(found, dict) else MISSING), concrete
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if not isinstance(found, dict):
        return MISSING, concrete
    return found.get(step, MISSING), [*concrete, (step, None)]


def _names_other(attribute: str) -> bool:
    """Whether a computed attribute may be the identifier of another thing than its owner."""
    if attribute.endswith(_OWN_ENDINGS):
        return attribute.endswith(("secret_arn", "role_arn", "key_arn", "policy_arn"))
    return attribute.endswith(("_id", "_ids", "_arns", "_name", "_names")) or attribute == ""


def _words(rest: Rest) -> str:
    return ".".join(step if isinstance(step, str) else str(step) for step in rest)
