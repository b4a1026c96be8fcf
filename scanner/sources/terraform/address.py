"""Terraform addresses: `module.a["k"].module.b.aws_subnet.x[0]` taken apart and put together."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from scanner.sources.terraform.decode import Key

Module = tuple[tuple[str, Key], ...]
"""A module instance: the calls that lead to it from the root, with their keys."""

ROOT: Final[Module] = ()

_STEP: Final = re.compile(r'\.?([^.\[\]"]+)|\[(?:"((?:[^"\\]|\\.)*)"|(-?\d+))\]')


class Name(NamedTuple):
    """A resource block: mode, type and name."""

    mode: str
    type: str
    name: str


class Address(NamedTuple):
    """The address of one instance."""

    module: Module
    name: Name
    key: Key


def quoted(text: str) -> str:
    """Undo the quoting of a key."""
    if "\\" not in text and "$" not in text and "%" not in text:
        return text
    try:
        return (
            str(msgspec.json.decode(f'"{text}"'.encode())).replace("$${", "${").replace("%%{", "%{")
        )
    except (msgspec.DecodeError, UnicodeError):
        return text


@lru_cache(maxsize=65536)
def steps(text: str) -> tuple[str | int | tuple[str], ...]:
    """Cut a reference or address: names as text, number keys as numbers, text keys in a tuple."""
    found: list[str | int | tuple[str]] = []
    position = 0
    while position < len(text):
        match = _STEP.match(text, position)
        if match is None:
            return (*found, text[position:])
        name, key, number = match.groups()
        if name is not None:
            found.append(name)
        elif number is not None:
            found.append(int(number) if len(number) < 20 else number)
        else:
            found.append((quoted(key),))
        position = match.end()
    return tuple(found)


def key_of(step: str | int | tuple[str]) -> Key:
    """Read a step as an instance key; a name is none."""
    if isinstance(step, tuple):
        return step[0]
    return step if isinstance(step, int) else None


@lru_cache(maxsize=65536)
def module_of(text: str) -> Module:
    """Read a module address; what is not one counts as a module of its own name."""
    module, rest = _modules(steps(text))
    return module if not rest else (*module, (text, None))


def _modules(
    parts: tuple[str | int | tuple[str], ...],
) -> tuple[Module, tuple[str | int | tuple[str], ...]]:
    module: list[tuple[str, Key]] = []
    index = 0
    while index + 1 < len(parts) and parts[index] == "module" and isinstance(parts[index + 1], str):
        name = str(parts[index + 1])
        index += 2
        key: Key = None
        if index < len(parts) and not isinstance(parts[index], str):
            key = key_of(parts[index])
            index += 1
        module.append((name, key))
    return tuple(module), parts[index:]


def parse(text: str) -> Address | None:
    """Read the address of an instance, or None."""
    module, rest = _modules(steps(text))
    mode = "managed"
    if rest[:1] == ("data",):
        mode, rest = "data", rest[1:]
    if len(rest) < 2 or not isinstance(rest[0], str) or not isinstance(rest[1], str):
        return None
    key = key_of(rest[2]) if len(rest) > 2 else None
    return Address(module, Name(mode, rest[0], rest[1]), key)


@lru_cache(maxsize=65536)
def path_of(module: Module) -> tuple[str, ...]:
    """Give the module's place in the configuration, which has no keys."""
    return tuple(name for name, _ in module)


def write(module: Module, name: Name, key: Key) -> str:
    """Write the address of an instance the way Terraform does."""
    parts = [f"module.{call}{_bracket(key)}" for call, key in module]
    if name.mode == "data":
        parts.append("data")
    parts.append(f"{name.type}.{name.name}{_bracket(key)}")
    return ".".join(parts)


def _bracket(key: Key) -> str:
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) else f"[{msgspec.json.encode(key).decode()}]"
