"""The reference lists of configuration expressions, read back into what was written.

Terraform lists every traversal with its shortenings (`aws_x.y[0].id`, `aws_x.y[0]`, `aws_x.y`), in
source order and as often as it is written.  Function calls, operators and literals beside a
reference are lost, and so are locals' contents and dynamic blocks:
https://developer.hashicorp.com/terraform/internals/json-format#expression-representation
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from scanner.sources.terraform.address import Name, key_of, steps
from scanner.sources.terraform.decode import Key

Head = Literal["resource", "var", "module", "each", "count", "local", "constant", "other"]
Rest = tuple[str | int | tuple[str], ...]


class Reference(NamedTuple):
    """One traversal: what it begins with, and the steps that follow.

    name: the variable, module, local, or `key`/`value`/`index`; a resource block for `resource`.
    key: the instance key where one is written.  rest: the attributes after it.
    """

    head: Head
    name: str | Name
    key: Key
    rest: Rest
    text: str


_CONSTANTS: Final = frozenset({"path", "terraform"})


def is_leaf(node: Any) -> bool:
    """Whether a part of an expression tree is an expression, not a block."""
    if not isinstance(node, dict):
        return False
    if not node:
        return True
    references = node.get("references")
    if isinstance(references, list) and all(isinstance(item, str) for item in references):
        return True
    if "constant_value" not in node:
        return False
    # A block may have an argument of that name; an expression's constant is not an expression.
    return len(node) == 1 and not (
        isinstance(node["constant_value"], dict)
        and is_leaf(node["constant_value"])
        and bool(node["constant_value"])
    )


def references(node: Any) -> tuple[Reference, ...]:
    """Give the traversals of an expression."""
    if not isinstance(node, dict):
        return ()
    listed = node.get("references")
    if not isinstance(listed, list):
        return ()
    return _unwrapped(tuple(item for item in listed if isinstance(item, str)))


@lru_cache(maxsize=8192)
def _unwrapped(texts: tuple[str, ...]) -> tuple[Reference, ...]:
    found: list[Reference] = []
    index = 0
    while index < len(texts):
        text = texts[index]
        found.append(read(text))
        index += 1
        for shorter in listed(text):
            if index < len(texts) and texts[index] == shorter:
                index += 1
    return tuple(found)


@lru_cache(maxsize=8192)
def listed(text: str) -> tuple[str, ...]:
    """Give the shorter forms that Terraform lists after a traversal, longest first."""
    parts = steps(text)
    smallest = 2 if parts[:1] != ("data",) else 3
    found: list[str] = []
    while len(parts) > smallest:
        parts = parts[:-1]
        found.append(written(parts))
    return tuple(found)


def written(parts: Rest) -> str:
    """Write the steps of a traversal the way a plan does."""
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += f".{part}" if text else part
        elif isinstance(part, int):
            text += f"[{part}]"
        else:
            escaped = part[0].replace("\\", "\\\\").replace('"', '\\"')
            text += f'["{escaped}"]'
    return text


@lru_cache(maxsize=65536)
def read(text: str) -> Reference:
    """Read one traversal."""
    parts = steps(text)
    first = parts[0] if parts else ""
    if len(parts) < 2 or not isinstance(first, str) or not isinstance(parts[1], str):
        return Reference("constant" if first in _CONSTANTS else "other", text, None, (), text)
    second = parts[1]
    if first == "var":
        return Reference("var", second, None, parts[2:], text)
    if first == "local":
        return Reference("local", second, None, parts[2:], text)
    if first in ("each", "count"):
        return Reference("each" if first == "each" else "count", second, None, parts[2:], text)
    if first in _CONSTANTS:
        return Reference("constant", second, None, (), text)
    if first in ("self", "ephemeral", "action"):
        return Reference("other", text, None, (), text)
    if first == "module":
        key, rest = _keyed(parts[2:])
        return Reference("module", second, key, rest, text)
    mode = "managed"
    rest = parts[2:]
    if first == "data" and len(parts) > 2 and isinstance(parts[2], str):
        mode, first, second, rest = "data", second, parts[2], parts[3:]
    elif first == "resource" and len(parts) > 2 and isinstance(parts[2], str):
        first, second, rest = second, parts[2], parts[3:]
    key, rest = _keyed(rest)
    return Reference("resource", Name(mode, first, second), key, rest, text)


def _keyed(rest: Rest) -> tuple[Key, Rest]:
    if rest and not isinstance(rest[0], str):
        return key_of(rest[0]), rest[1:]
    return None, rest


def dig(value: Any, rest: Rest) -> Any:
    """Follow attribute and index steps into a value; None where there is nothing."""
    for step in rest:
        key = step[0] if isinstance(step, tuple) else step
        if isinstance(value, dict):
            value = value.get(str(key))
        elif isinstance(value, list) and isinstance(key, int) and -1 < key < len(value):
            value = value[key]
        else:
            return None
    return value
