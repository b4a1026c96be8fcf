"""The configuration that was planned: modules, resource blocks, variables and their expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.sources.terraform.address import Module, Name, path_of
from scanner.sources.terraform.areas import Area, Resource, content
from scanner.sources.terraform.decode import (
    ConfigModule,
    Configuration,
    Key,
)
from scanner.sources.terraform.expressions import Reference, Rest, dig, is_leaf, references
from scanner.sources.terraform.sources import Folder, Sources
from scanner.sources.terraform.written import Expression, narrowed

_NO_MODULE = ConfigModule()


NOTHING = "nothing is written there"


class Plan:
    """The configuration of one plan, with the values of its root variables."""

    __slots__ = ("_areas", "_raw", "known", "sources", "variables")

    def __init__(
        self,
        raw: Configuration | None,
        variables: Mapping[str, Any],
        known: bool = True,
        sources: Sources | None = None,
    ) -> None:
        self._raw = raw or Configuration()
        self.known = known and raw is not None
        self.variables = variables
        self.sources = sources
        root = Area(self._raw.root_module, None if sources is None else sources.root)
        self._areas: dict[tuple[str, ...], Area | None] = {(): root}

    def alone(self) -> Plan:
        """Give the same configuration without its source."""
        if self.sources is None:
            return self
        return Plan(self._raw if self.known else None, self.variables)

    def area(self, path: tuple[str, ...]) -> Area | None:
        """Find a module by the names of the calls that lead to it."""
        if path not in self._areas:
            parent = self.area(path[:-1])
            call = parent.below(path[-1]) if parent is not None else None
            folder: Folder | None = None
            if self.sources is not None and parent is not None and parent.folder is not None:
                source = call.source if call is not None else ""
                folder = self.sources.below(parent.folder, path, source)
            self._areas[path] = None if call is None else Area(call.module, folder)
        return self._areas[path]

    def resource(self, module: Module, name: Name) -> Resource | None:
        """Find the block that an instance was made from."""
        area = self.area(path_of(module))
        return None if area is None else area.resource(name)

    def providers(self) -> dict[str, Any]:
        """Give the provider configurations by key."""
        return content(self._raw.provider_config)

    def argument(self, module: Module, name: str) -> tuple[Any, Key, Any]:
        """Give the expression of a module's argument, with the call's key and repetition."""
        area = self.area(path_of(module[:-1]))
        call = None if area is None or not module else area.call(module[-1][0])
        if call is None:
            return None, None, None
        return call.argument(name), module[-1][1], call.repeats

    def local(self, module: Module, name: str) -> tuple[Expression | None, str]:
        """Give the expression of a local value, or why there is none."""
        area = self.area(path_of(module))
        if area is None:
            return None, f"local.{name} stands in a module that is not part of the configuration"
        return area.local(name)

    def arguments(self, module: Module) -> tuple[str, ...]:
        """Give the names of the arguments that a module instance is called with."""
        area = self.area(path_of(module[:-1]))
        call = None if area is None or not module else area.call(module[-1][0])
        return () if call is None else tuple(sorted(call.expressions))

    def constant(self, node: Any, module: Module, key: Key = None, repeats: Any = None) -> Any:
        """Evaluate an expression that is a literal or leads to one through variables; else None.

        Functions are not part of a plan, so what an expression makes of one single reference
        cannot be seen: use it only where a wrong answer shows itself.
        """
        return self._constant(node, module, key, repeats, 0)

    def _constant(self, node: Any, module: Module, key: Key, repeats: Any, depth: int) -> Any:
        if not isinstance(node, dict) or depth > 30:
            return None
        if isinstance(node, Expression):
            return self._written(node, (), module, key, repeats, depth)
        if "constant_value" in node:
            return node["constant_value"]
        found = references(node)
        if len(found) != 1:
            return None
        return self.follow(found[0], module, key, repeats, depth)

    def _written(
        self, node: Any, rest: Rest, module: Module, key: Key, repeats: Any, depth: int
    ) -> Any:
        """Evaluate what stands at some steps into an expression, if the source shows it."""
        found = narrowed(node, rest)
        if found is None or depth > 30:
            return dig(self._constant(node, module, key, repeats, depth + 1), rest)
        if found.form == "path":
            found = self.straight(found, module, key, repeats, depth + 1) or found
        if found.form == "traversal":
            return self.follow(references(found)[0], module, key, repeats, depth + 1)
        return found.value

    def straight(
        self, node: Expression, module: Module, key: Key, repeats: Any, depth: int = 0
    ) -> Expression | None:
        """Evaluate the keys of a path; None if one is not known, or what they lead to."""
        rest: list[str | int | tuple[str]] = []
        for step in node.steps:
            if isinstance(step, Expression):
                found = self._constant(step, module, key, repeats, depth + 1)
                if isinstance(found, str):
                    rest.append((found,))
                elif isinstance(found, int) and not isinstance(found, bool) and found >= 0:
                    rest.append(found)
                else:
                    return None
            else:
                rest.append(step)
        found = narrowed(node.parts[0], tuple(rest))
        return found if found is None or found.form != "path" or depth > 30 else None

    def follow(
        self, reference: Reference, module: Module, key: Key, repeats: Any, depth: int = 0
    ) -> Any:
        """Evaluate one reference to a variable, a key or an element of what is repeated."""
        if depth > 30:
            return None
        if reference.head == "count" or (reference.head == "each" and reference.name == "key"):
            return key
        if reference.head == "each" and reference.name == "value" and key is not None:
            return self._element(reference.rest, module, key, repeats, depth)
        if reference.head == "local":
            node, _ = self.local(module, str(reference.name))
            return self._written(node, reference.rest, module, None, None, depth + 1)
        if reference.head != "var" or not isinstance(reference.name, str):
            return None
        if module:
            node, outer, above = self.argument(module, reference.name)
            if isinstance(node, Expression):
                return self._written(node, reference.rest, module[:-1], outer, above, depth + 1)
        return dig(self.variable(module, reference.name, depth + 1), reference.rest)

    def _element(self, rest: Rest, module: Module, key: Key, repeats: Any, depth: int) -> Any:
        if isinstance(repeats, Expression) and isinstance(key, str):
            found = self._written(repeats, ((key,), *rest), module, None, None, depth + 1)
            if found is not None:
                return found
        whole = self._constant(repeats, module, None, None, depth + 1)
        if isinstance(whole, dict):
            return dig(whole.get(str(key)), rest)
        if isinstance(whole, list) and key in whole and not rest:
            return key
        return None

    def variable(self, module: Module, name: str, depth: int = 0) -> Any:
        """Evaluate a variable of a module instance; None if it is null or not a literal."""
        if not module:
            if name in self.variables:
                return self.variables[name]
        else:
            node, key, repeats = self.argument(module, name)
            if node is not None:
                return self._constant(node, module[:-1], key, repeats, depth + 1)
        area = self.area(path_of(module))
        return None if area is None else area.default(name)[1]

    def provenance(self, node: Any, module: Module, depth: int = 0) -> tuple[bool | None, str]:
        """Tell whether what an expression gives is written in the configuration."""
        if node is None:
            return None, "the configuration does not say where the value comes from"
        if not is_leaf(node) or depth > 30:
            return None, "the expression is not part of the plan"
        if "constant_value" in node:
            if node["constant_value"] in (None, ""):
                return False, NOTHING
            if isinstance(node, Expression):
                node.forget()
            return True, "a constant is written in the configuration"
        found = references(node)
        if not found:
            return None, "the value comes from a function, which a plan does not show"
        verdicts = [self._provenance(reference, module, depth) for reference in found]
        if all(verdict is True for verdict, _ in verdicts):
            return verdicts[0]
        for verdict, reason in verdicts:
            if verdict is None:
                return verdict, reason
        if any(verdict is True for verdict, _ in verdicts):
            return None, "the value is chosen between several, of which one has a default"
        return verdicts[0]

    def _provenance(
        self, reference: Reference, module: Module, depth: int
    ) -> tuple[bool | None, str]:
        if reference.head == "resource" and isinstance(reference.name, Name):
            name = reference.name
            data = "data." if name.mode == "data" else ""
            return False, f"the value comes from {data}{name.type}.{name.name}"
        if reference.head == "var" and isinstance(reference.name, str):
            area = self.area(path_of(module))
            if module:
                node, _, _ = self.argument(module, reference.name)
                if node is not None:
                    inside = narrowed(node, reference.rest)
                    return self.provenance(
                        node if inside is None else inside, module[:-1], depth + 1
                    )
            has, default = (False, None) if area is None else area.default(reference.name)
            if not module and reference.name in self.variables and has:
                if default in (None, ""):
                    return False, f"the variable {reference.name} is given at run time"
                if dig(self.variables[reference.name], reference.rest) != dig(
                    default, reference.rest
                ):
                    return False, f"the variable {reference.name} is given at run time"
            if has and module and default in (None, ""):
                # A module's variable that its call does not set has its default for certain.
                return False, NOTHING
            if (
                has
                and isinstance(dig(default, reference.rest), str)
                and dig(default, reference.rest)
            ):
                return True, f"the variable {reference.name} has the value as its default"
            return False, f"the variable {reference.name} is given at run time"
        if reference.head == "module":
            return self._output_provenance(reference, module, depth)
        if reference.head == "local":
            return self._local_provenance(reference, module, depth)
        if reference.head in ("constant", "count"):
            return False, "the value is not a literal"
        return None, f"{reference.head}.{reference.name} is not followed"

    def _local_provenance(
        self, reference: Reference, module: Module, depth: int
    ) -> tuple[bool | None, str]:
        node, reason = self.local(module, str(reference.name))
        if node is None:
            return None, reason
        inside = narrowed(node, reference.rest)
        return self.provenance(node if inside is None else inside, module, depth + 1)

    def _output_provenance(
        self, reference: Reference, module: Module, depth: int
    ) -> tuple[bool | None, str]:
        below = (*module, (str(reference.name), reference.key))
        area = self.area(path_of(below))
        output = reference.rest[0] if reference.rest else None
        node = area.output(output) if area is not None and isinstance(output, str) else None
        return self.provenance(node, below, depth + 1)
