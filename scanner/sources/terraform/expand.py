"""Which instances an expression can refer to, followed through modules, one instance at a time."""

from __future__ import annotations

from typing import Any

from scanner.sources.terraform.address import Module, Name, module_of, path_of
from scanner.sources.terraform.areas import Area, Resource
from scanner.sources.terraform.configuration import Plan
from scanner.sources.terraform.decode import Key
from scanner.sources.terraform.expressions import Reference, Rest, is_leaf, references
from scanner.sources.terraform.follow import Resources
from scanner.sources.terraform.instances import World
from scanner.sources.terraform.items import Item, Scope, aligned, chosen, loosened, lost, picked
from scanner.sources.terraform.written import Expression, narrowed

_DEPTH = 40
_MANY = 10_000
_ALONE: frozenset[Key] = frozenset((None,))


class Expander:
    """Follows expressions of one plan."""

    __slots__ = ("_active", "_cache", "_cuts", "_resources", "_scopes", "plan", "world")

    def __init__(self, plan: Plan, world: World, incomplete: str = "") -> None:
        self.plan = plan
        self.world = world
        self._resources = Resources(plan, world, self, incomplete)
        self._cache: dict[tuple[Any, ...], list[Item]] = {}
        self._active: set[tuple[Any, ...]] = set()
        self._cuts = 0
        self._scopes: dict[str, tuple[Scope, Resource | None] | None] = {}

    def expand(self, node: Any, scope: Scope, types: frozenset[str], depth: int = 0) -> list[Item]:
        """Give the parts that an expression refers to; types keeps only such records."""
        if depth > _DEPTH:
            self._cuts += 1
            return lost("the references go in a circle")
        if not is_leaf(node):
            return lost("the expression is not part of the plan")
        if "constant_value" in node:
            return [Item("text")]
        if isinstance(node, Expression):
            written = self._written(node, scope, types, depth)
            if written is not None:
                return written
        return self._listed(node, scope, types, depth)

    def _written(
        self, node: Expression, scope: Scope, types: frozenset[str], depth: int
    ) -> list[Item] | None:
        """Follow the structure of an expression; None where its references are all there is."""
        if node.form == "path":
            found = self.plan.straight(node, scope.module, scope.key, scope.repeats)
            return None if found is None else self.expand(found, scope, types, depth + 1)
        if node.form in ("object", "tuple"):
            items: list[Item] = []
            for part in node.parts.values():
                items.extend(self.expand(part, scope, types, depth + 1))
            return items
        if node.form != "choice":
            return None
        first, second = (self.expand(part, scope, types, depth + 1) for part in node.parts.values())
        if first == second:
            return first
        if not all(any(item.members for item in items) for items in (first, second)):
            # That there may be nothing is noted by a text beside what there may be.
            return [*first, *second, Item("text")]
        if [item.kind for item in (*first, *second)] == ["one", "one"]:
            return [Item("either", (*first[0].members, *second[0].members))]
        return [loosened([*first, *second])]

    def _listed(self, node: Any, scope: Scope, types: frozenset[str], depth: int) -> list[Item]:
        """Follow a list of references, of which it is not known what is made."""
        found = references(node)
        if not found:
            return lost("the value comes from a function, which a plan does not show")
        items: list[Item] = []
        last: list[Item] = []
        sources = [item for item in found if item.head in ("resource", "module", "var")]
        for position, reference in enumerate(found):
            if reference.head == "module" and not reference.rest and reference.key is None:
                # `module.x[each.key].y` is listed as `module.x` and the key: `y` is lost.
                key = self._picked(reference, found[position + 1 :], scope)
                reference = reference._replace(key=key)
            if reference.head == "count" or (reference.head == "each" and reference.name == "key"):
                # `x[each.key]` and `element(x, count.index)` list the key right after x.
                last = chosen(last, scope.key, scope.peers)
                continue
            if reference.head == "each":
                value = self.plan.follow(reference, scope.module, scope.key, scope.repeats)
                if any(item.kind == "all" or item.parts for item in last):
                    key = value if isinstance(value, (str, int)) else None
                    if key is None and not reference.rest:
                        key = scope.key
                    if key is not None:
                        peers = scope.peers if key == scope.key else frozenset((key,))
                        last = chosen(last, key, peers)
                    continue
                if value is not None or sources:
                    items.extend(last)
                    last = [Item("text")] if value is not None else []
                    if value is not None:
                        continue
            items.extend(last)
            last = self._reference(reference, scope, types, depth)
        items.extend(last)
        return items

    def _picked(self, reference: Reference, after: tuple[Reference, ...], scope: Scope) -> Key:
        """Give the key by which a module instance is picked, if it is that of the one who asks."""
        if not after or after[0].head not in ("each", "count"):
            return None
        key = self.plan.follow(after[0], scope.module, scope.key, scope.repeats)
        if not isinstance(key, (str, int)):
            return None
        keys = set(self.world.calls(scope.module, str(reference.name)))
        return key if key in keys and (key != scope.key or scope.peers <= keys) else None

    def within(self, module: Module, types: frozenset[str]) -> set[str]:
        """Give everything of some types that a local value of a module could hold."""
        key = ("within", module, types)
        if key not in self._cache:
            items = [
                Item("all", self.world.members(module, name))
                for name in self.world.names(module)
                if name.type in types
            ]
            area = self.plan.area(path_of(module))
            for call in area.calls() if area is not None else ():
                reference = Reference("module", call, None, (), f"module.{call}")
                items.extend(self._output(reference, module, types, 1))
            if module:
                for argument in self.plan.arguments(module):
                    reference = Reference("var", argument, None, (), f"var.{argument}")
                    items.extend(self._variable(reference, module, types, 1))
            self._cache[key] = items
        return {member[1] for item in self._cache[key] for member in item.members}

    def _reference(
        self, reference: Reference, scope: Scope, types: frozenset[str], depth: int
    ) -> list[Item]:
        key = (reference.text, reference.key, scope.module, types)
        if reference.head not in ("resource", "var", "module", "local"):
            return self._followed(reference, scope, types, depth)
        if key in self._cache:
            return list(self._cache[key])
        if key in self._active:
            return lost("the references go in a circle")
        cuts = self._cuts
        self._active.add(key)
        try:
            found = self._followed(reference, scope, types, depth)
        finally:
            self._active.discard(key)
        if len(found) > _MANY:
            # Values made of values made of values can multiply without end.
            found = [loosened(found)]
        if self._cuts == cuts:
            self._cache[key] = list(found)
        return found

    def _followed(
        self, reference: Reference, scope: Scope, types: frozenset[str], depth: int
    ) -> list[Item]:
        if reference.head == "resource" and isinstance(reference.name, Name):
            return self._resources.follow(reference, reference.name, scope.module, types, depth)
        if reference.head == "var":
            return self._variable(reference, scope.module, types, depth)
        if reference.head == "module":
            return self._output(reference, scope.module, types, depth)
        if reference.head == "each":
            return self._element(reference, scope, types, depth)
        if reference.head == "constant":
            return [Item("text")]
        if reference.head != "local":
            return lost(f"{reference.text} is not followed")
        node, reason = self.plan.local(scope.module, str(reference.name))
        if node is None:
            return [Item("local", (), reason)]
        place = Scope(scope.module, None, None, _ALONE)
        return self._through(node, reference.rest, place, types, depth, reference.text)

    def _variable(
        self, reference: Reference, module: Module, types: frozenset[str], depth: int
    ) -> list[Item]:
        name = str(reference.name)
        if not module:
            return [Item("text")]
        node, key, repeats = self.plan.argument(module, name)
        if node is None:
            return [Item("text")]
        parent, call = module[:-1], module[-1][0]
        peers = frozenset(self.world.calls(parent, call))
        place = Scope(parent, key, repeats, peers)
        return self._through(node, reference.rest, place, types, depth, reference.text)

    def _through(
        self,
        node: Any,
        rest: Rest,
        scope: Scope,
        types: frozenset[str],
        depth: int,
        label: str,
    ) -> list[Item]:
        """Follow an expression and what is picked from it."""
        inside = narrowed(node, rest)
        if inside is not None:
            return self.expand(inside, scope, types, depth + 1)
        return picked(self.expand(node, scope, types, depth + 1), rest, label)

    def _output(
        self, reference: Reference, module: Module, types: frozenset[str], depth: int
    ) -> list[Item]:
        name = str(reference.name)
        area = self.plan.area(path_of(module))
        call = None if area is None else area.call(name)
        if call is None:
            return lost(f"module.{name} is not part of the configuration")
        below = self.plan.area((*path_of(module), name))
        rest = reference.rest
        keys: tuple[Key, ...]
        if reference.key is not None:
            keys = (reference.key,)
        elif call.repeats is None:
            keys = self.world.calls(module, name) or (None,)
        else:
            keys = self.world.calls(module, name)
            if not keys:
                return lost(f"no instance of module.{name} holds a resource")
        output = rest[0] if rest and isinstance(rest[0], str) else None
        found: list[tuple[Key, list[Item]]] = []
        for key in keys:
            scope = Scope((*module, (name, key)), None, None, _ALONE)
            if output is None:
                found.append((key, self._unnamed(name, below, scope, types, depth)))
                continue
            node = below.output(output) if below is not None else None
            if node is None:
                return lost(f"module.{name}.{output} is not part of the configuration")
            items = self._through(node, rest[1:], scope, types, depth, reference.text)
            found.append((key, items))
        if len(found) == 1:
            return found[0][1]
        if all(len(items) == 1 and items[0].kind == "one" for _, items in found):
            # One thing an instance: still chosen by the key of the module.
            return [Item("all", tuple((key, items[0].members[0][1]) for key, items in found))]
        whole = loosened([item for _, items in found for item in items])
        return [whole._replace(parts=tuple((key, tuple(items)) for key, items in found))]

    def _unnamed(
        self, name: str, below: Area | None, scope: Scope, types: frozenset[str], depth: int
    ) -> list[Item]:
        """Follow an output that is not named: the only one that gives things of the types."""
        reason = f"an output of module.{name} that a plan does not name"
        if below is None or not types:
            return [Item("unnamed", (), reason)]
        giving: list[list[Item]] = []
        unsure = False
        for output in below.outputs():
            items = self.expand(below.output(output), scope, types, depth + 1)
            if any(item.members for item in items):
                giving.append(items)
            unsure = unsure or any(item.kind == "local" for item in items)
        if not giving:
            return [Item("unnamed", (), reason)]
        if len(giving) == 1 and not unsure:
            return giving[0]
        found = loosened([item for items in giving for item in items])
        return [found._replace(reason=reason) if unsure else found]

    def _element(
        self, reference: Reference, scope: Scope, types: frozenset[str], depth: int
    ) -> list[Item]:
        """Follow `each.value` into the expression of `for_each`."""
        if scope.repeats is None:
            return lost("each.value comes from an expression that is not part of the plan")
        outer = Scope(scope.module, None, None, frozenset())
        if scope.key is not None:
            step = (scope.key,) if isinstance(scope.key, str) else scope.key
            inside = narrowed(scope.repeats, (step, *reference.rest))
            if inside is not None:
                return self.expand(inside, outer, types, depth + 1)
        whole = references(scope.repeats)
        if len(whole) == 1 and whole[0].head == "resource" and isinstance(whole[0].name, Name):
            name = whole[0].name
            members = self.world.members(scope.module, name)
            own = [item for item in members if item[0] == scope.key]
            keys = {key for key, _ in members}
            if own and not whole[0].rest and scope.peers <= keys:
                label = f"{name.type}.{name.name}"
                return self._resources.attribute(
                    own[0], name, reference.rest, label, types, depth + 1
                )
        if len(whole) == 1 and whole[0].head == "module" and not whole[0].rest:
            keys = set(self.world.calls(scope.module, str(whole[0].name)))
            if scope.key in keys and scope.peers <= keys:
                own_call = whole[0]._replace(key=scope.key, rest=reference.rest)
                return self._output(own_call, scope.module, types, depth + 1)
        items = self.expand(scope.repeats, outer, types, depth + 1)
        if len(items) == 1 and items[0].kind == "all":
            same = aligned(items[0], scope.key, scope.peers)
            if same.kind == "one":
                return [same]
        return [loosened(items)] if any(item.members for item in items) else items

    def scope(self, address: str) -> tuple[Scope, Resource | None] | None:
        """Give the scope in which a record's own arguments stand, and the block they are in."""
        if address not in self._scopes:
            self._scopes[address] = self._scope(address)
        return self._scopes[address]

    def _scope(self, address: str) -> tuple[Scope, Resource | None] | None:
        entry = self.world.entry(address)
        if entry is None:
            return None
        module = module_of(entry.module)
        block = self.plan.resource(module, entry.name)
        if entry.key is None:
            return Scope(module, None, None, _ALONE), block
        repeats = None if block is None else block.repeats
        peers = self.world.peers(module, entry.name)
        return Scope(module, entry.key, repeats, peers), block
