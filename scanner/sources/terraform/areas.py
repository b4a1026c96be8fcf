"""The blocks of one module of the configuration: the plan's, and what the source adds to them."""

from __future__ import annotations

from typing import Any

import msgspec

from scanner.sources.terraform.address import Name
from scanner.sources.terraform.blocks import Path, Place, locate
from scanner.sources.terraform.decode import ConfigModule, ConfigResource, ModuleCall, loads
from scanner.sources.terraform.sources import Block, Folder
from scanner.sources.terraform.written import Expression


class Call:
    """A call of a module: its arguments and what repeats it."""

    __slots__ = ("_block", "_sharpened", "expressions", "repeats")

    def __init__(self, raw: ModuleCall, block: Block | None = None) -> None:
        self.expressions = content(raw.expressions)
        self.repeats = _repetition(raw, block)
        self._block = block
        self._sharpened: set[str] = set()

    def argument(self, name: str) -> Any:
        """Give the expression of an argument, or None."""
        node = self.expressions.get(name)
        if self._block is None or node is None or name in self._sharpened:
            return node
        self._sharpened.add(name)
        node = self.expressions[name] = self._block.sharpen(node, (name,))
        return node


class Resource:
    """A resource block: its arguments and what repeats it, decoded on first use."""

    __slots__ = ("_agrees", "_expressions", "_raw", "_repeats", "block")

    def __init__(self, raw: ConfigResource, block: Block | None = None) -> None:
        self._raw = raw
        self.block = block
        self._expressions: dict[str, Any] | None = None
        self._repeats: tuple[Any, ...] = ()
        self._agrees: bool | None = None

    @property
    def provider_key(self) -> str:
        """The key of its provider configuration."""
        return self._raw.provider_config_key

    @property
    def expressions(self) -> dict[str, Any]:
        """Its arguments and nested blocks."""
        if self._expressions is None:
            self._expressions = content(self._raw.expressions)
        return self._expressions

    @property
    def repeats(self) -> Any:
        """The expression of its `for_each` or `count`, or None."""
        if not self._repeats:
            self._repeats = (_repetition(self._raw, self.block),)
        return self._repeats[0]

    @property
    def written(self) -> Block | None:
        """The block in the source, if it is at hand and has what the plan shows."""
        if self._agrees is None:
            self._agrees = self.block is not None and self.block.agrees(self.expressions)
        return self.block if self._agrees else None

    def behind(self, attributes: Any, path: Path, type: str) -> tuple[list[Any], Place]:
        """Give the expressions that may stand behind a path, with what the source adds."""
        nodes, place = locate(self.expressions, attributes, path, type)
        written = self.written
        if written is None:
            return nodes, place
        names = [name for name, _ in path[: len(path) - place.flat]]
        if not nodes and place.dynamic and not written.hides(names):
            place = place._replace(dynamic=False)
        return [written.sharpen(node, names) for node in nodes], place


class Area:
    """One module of the configuration, indexed on first use."""

    __slots__ = ("_calls", "_outputs", "_raw", "_resources", "_variables", "folder")

    def __init__(self, raw: ConfigModule, folder: Folder | None = None) -> None:
        self._raw = raw
        self.folder = folder
        self._resources: dict[Name, ConfigResource | Resource] | None = None
        self._calls: dict[str, Call] = {}
        self._outputs: dict[str, Any] | None = None
        self._variables: dict[str, Any] | None = None

    def resource(self, name: Name) -> Resource | None:
        """Find a resource block."""
        if self._resources is None:
            self._resources = {
                Name(item.mode, item.type, item.name): item for item in self._raw.resources
            }
        found = self._resources.get(name)
        if isinstance(found, ConfigResource):
            kind = "data" if name.mode == "data" else "resource"
            found = Resource(found, self._block(kind, name.type, name.name))
            self._resources[name] = found
        return found

    def names(self) -> tuple[Name, ...]:
        """Give the resource blocks."""
        return tuple(Name(item.mode, item.type, item.name) for item in self._raw.resources)

    def call(self, name: str) -> Call | None:
        """Find a module call."""
        raw = self._raw.module_calls.get(name)
        if raw is None:
            return None
        if name not in self._calls:
            self._calls[name] = Call(raw, self._block("module", name))
        return self._calls[name]

    def calls(self) -> tuple[str, ...]:
        """Give the names of the module calls."""
        return tuple(sorted(self._raw.module_calls))

    def outputs(self) -> tuple[str, ...]:
        """Give the names of the outputs."""
        self.output("")
        return tuple(sorted(self._outputs or ()))

    def output(self, name: str) -> Any:
        """Give the expression of an output, or None."""
        if self._outputs is None:
            self._outputs = content(self._raw.outputs)
        found = self._outputs.get(name)
        if not isinstance(found, dict):
            return None
        node = found.get("expression")
        block = self._block("output", name)
        if block is not None and not isinstance(node, Expression):
            node = found["expression"] = block.sharpen(node, ("value",))
        return node

    def local(self, name: str) -> tuple[Expression | None, str]:
        """Give the expression of a local value, which only the source has, or why not."""
        if self.folder is None:
            return None, f"local.{name} is a local value, not part of a plan (give --source)"
        return self.folder.local(name)

    def default(self, name: str) -> tuple[bool, Any]:
        """Tell whether a variable has a default, and which."""
        if self._variables is None:
            self._variables = content(self._raw.variables)
        found = self._variables.get(name)
        if isinstance(found, dict) and "default" in found:
            return True, found["default"]
        return False, None

    def below(self, name: str) -> ModuleCall | None:
        """Give the call that leads to a module."""
        return self._raw.module_calls.get(name)

    def _block(self, *words: str) -> Block | None:
        return None if self.folder is None else Block(self.folder, words)


def _repetition(raw: ConfigResource | ModuleCall, block: Block | None = None) -> Any:
    for name, part in (("for_each", raw.for_each_expression), ("count", raw.count_expression)):
        try:
            found = loads(part)
        except msgspec.DecodeError:
            continue
        if isinstance(found, dict):
            return found if block is None else block.sharpen(found, (name,))
    return None


def content(raw: msgspec.Raw) -> dict[str, Any]:
    """Decode an object; what is none is empty."""
    try:
        found = loads(raw)
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}
