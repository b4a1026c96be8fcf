"""Finds the expression behind an attribute, through nested blocks whose order may be lost.

Blocks stand in the configuration in source order; in a plan, lists keep that order and sets do
not.  Blocks written with `dynamic` are not part of the configuration at all.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import msgspec

from scanner.sources.terraform.expressions import is_leaf
from scanner.value import Unknown

Path = tuple[tuple[str, int | None], ...]


class Place(NamedTuple):
    """How well an expression was found.

    flat: how many steps remain below it, for blocks that are written as an attribute.
    dynamic: whether a dynamic block may have written the value instead.
    """

    flat: int = 0
    dynamic: bool = False


@lru_cache(maxsize=1)
def _nesting() -> dict[str, dict[str, list[str]]]:
    """Load what the schemas say about blocks."""
    text = files("scanner.sources.terraform").joinpath("nesting.json").read_bytes()
    found: dict[str, dict[str, list[str]]] = msgspec.json.decode(text)
    return found


@lru_cache(maxsize=4096)
def _lists(type: str) -> frozenset[str]:
    """Give the nested blocks of a type that keep their order."""
    return frozenset(_nesting()["types"].get(type, ()))


def blocklike(type: str, name: str) -> bool:
    """Whether an attribute may also be written as dynamic blocks, which a plan does not show."""
    return name in _nesting()["blocklike"].get(type, ())


def is_collection(type: str, name: str) -> bool:
    """Whether an attribute is a list or set of texts, wherever it stands in the type."""
    return name.endswith(("_ids", "_arns")) or name in _nesting()["texts"].get(type, ())


def locate(tree: Any, attributes: Any, path: Path, type: str) -> tuple[list[Any], Place]:
    """Give the expressions that may stand behind a path; exactly one of them does."""
    nodes: list[Any] = [tree]
    value = attributes
    dotted: list[str] = []
    dynamic = False
    for depth, (name, index) in enumerate(path):
        dotted.append(name)
        value = value.get(name) if isinstance(value, dict) else None
        found: list[Any] = []
        last = depth + 1 == len(path)
        for node in nodes:
            child = node.get(name) if isinstance(node, dict) else None
            if child is None:
                continue
            if isinstance(child, list):
                if last:
                    found.append({})
                    continue
                blocks, more = _candidates(child, value, index, type, dotted)
                dynamic = dynamic or more
                found.extend(blocks)
            elif is_leaf(child) and child:
                if not last:
                    # Security group rules and routes are attributes that look like blocks.
                    return [child], Place(len(path) - depth - 1, dynamic)
                found.append(child)
            elif last or child:
                found.append(child)
        if not found:
            # A nested block that is there although none was written is a dynamic one's, or the
            # provider's own: it cannot be told which.
            missing = not last and any(isinstance(node, dict) for node in nodes)
            return [], Place(0, dynamic or (missing and value not in (None, [])))
        nodes = found
        if isinstance(value, list):
            position = index if index is not None else 0
            value = value[position] if position < len(value) else None
    return nodes, Place(0, dynamic)


def _candidates(
    written: list[Any], values: Any, index: int | None, type: str, dotted: list[str]
) -> tuple[list[Any], bool]:
    """Give the blocks that may have become the value, and whether a dynamic one may have."""
    if not isinstance(values, list):
        values = [values]
    position = index if index is not None else 0
    if len(written) == len(values):
        if len(written) == 1:
            return [written[0]], False
        if ".".join(dotted) in _lists(type) and position < len(written):
            return [written[position]], False
    value = values[position] if position < len(values) else None
    fitting = [block for block in written if _fits(block, value)]
    if len(written) >= len(values):
        return fitting or list(written), False
    if len(fitting) == 1 and sum(_fits(fitting[0], other) for other in values) == 1:
        return fitting, False
    return fitting, True


def _fits(block: Any, value: Any) -> bool:
    """Whether the constants that a block is written with are those of a value."""
    if not isinstance(block, dict) or not isinstance(value, dict):
        return True
    for name, node in block.items():
        if isinstance(node, list):
            if node and not isinstance(value.get(name), Unknown) and not value.get(name):
                return False
        elif isinstance(node, dict) and "constant_value" in node and is_leaf(node):
            constant, there = node["constant_value"], value.get(name)
            if isinstance(there, Unknown) or constant is None:
                continue
            if not _same(constant, there):
                return False
    return True


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, list) and isinstance(right, list):
        return sorted(map(_plain, left)) == sorted(map(_plain, right))
    if right is None:
        return left in ("", [], {}, 0, False)
    return _plain(left) == _plain(right)


def _plain(value: Any) -> str:
    """Write a value the way Terraform converts it to text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
