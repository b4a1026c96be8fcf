"""Reads a file of declarations, and says of each mistake where it is and what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from scanner.errors import ConfigError
from scanner.scope.declared import Scopes, Selector, alike

if TYPE_CHECKING:
    from yaml import MappingNode, Node

T = TypeVar("T")

_LARGEST: Final = 1 << 20


def read_scopes(file: Path) -> Scopes:
    """Read a file; whatever is wrong with it raises ConfigError with the line."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file} is not a text in UTF-8") from None
    return parse(text, str(file))


def parse(text: str, name: str = "assay.yaml") -> Scopes:
    """Read the text of a file that is called `name` in messages."""
    import yaml

    if len(text) > _LARGEST:
        raise ConfigError(f"{name} is larger than a megabyte: that is no list of scopes")
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise ConfigError(f"{name} is not YAML: {_where(error)}") from None
    if node is None:
        return Scopes(source=name)
    return _Reader(name).scopes(node)


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be read"
    return f"{problem}, line {mark.line + 1}" if mark is not None else str(problem)


class _Reader:
    """Reads the nodes of one file."""

    def __init__(self, name: str) -> None:
        self._name = name

    def scopes(self, node: Node) -> Scopes:
        """Read the whole."""
        readers: Mapping[str, Callable[[Node, str], Any]] = {
            "bastions": self._selectors,
            "cardholder_data": self._selectors,
            "connected": self._selectors,
            "environments": self._environments,
            "allowed_between": self._pairs,
        }
        found = {
            key: readers[key](value, key) for key, value in self._mapping(node, "", tuple(readers))
        }
        names = found.get("environments")
        if names is not None:
            found["environment_tags"] = ()
            self._known_names(node, names)
        return Scopes(**found, source=self._name)

    def _known_names(self, node: Node, names: Mapping[str, object]) -> None:
        """Refuse pairs of environments that the same file does not declare."""
        for key, value in self._mapping(node, "", None):
            if key != "allowed_between":
                continue
            for index, pair in enumerate(value.value):
                for item in pair.value:
                    if alike(item.value) not in names and item.value != "*":
                        self._refuse(
                            item,
                            f"{key}[{index}]",
                            f'"{item.value}" is not declared under environments'
                            + _meant(alike(item.value), names),
                        )

    def _environments(self, node: Node, path: str) -> Mapping[str, tuple[Selector, ...]]:
        found: dict[str, tuple[Selector, ...]] = {}
        for key, value in self._mapping(node, path, None):
            name = alike(key)
            if name in found:
                self._refuse(value, f"{path}.{key}", "declared twice")
            found[name] = self._selectors(value, f"{path}.{key}")
        return MappingProxyType(found)

    def _pairs(self, node: Node, path: str) -> tuple[tuple[str, str], ...]:
        found = []
        for index, item in enumerate(self._list(node, path)):
            names = self._texts(item, f"{path}[{index}]")
            if len(names) != 2:
                self._refuse(item, f"{path}[{index}]", "expected the names of two environments")
            first, second = names
            found.append((alike(first), alike(second)))
        return tuple(found)

    def _selectors(self, node: Node, path: str) -> tuple[Selector, ...]:
        return tuple(
            self._selector(item, f"{path}[{index}]")
            for index, item in enumerate(self._list(node, path))
        )

    def _selector(self, node: Node, path: str) -> Selector:
        readers: Mapping[str, Callable[[Node, str], Any]] = {
            "tags": self._tags,
            "resource": self._text,
            "account": self._text,
            "compartment": self._text,
            "region": self._text,
            "range": self._ranges,
        }
        found = {
            key: readers[key](value, f"{path}.{key}")
            for key, value in self._mapping(node, path, tuple(readers))
        }
        if not found:
            self._refuse(node, path, f"expected one of {', '.join(readers)}")
        if "range" in found:
            found["ranges"] = found.pop("range")
        return Selector(**found)

    def _tags(self, node: Node, path: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        found: dict[str, tuple[str, ...]] = {}
        for key, value in self._mapping(node, path, None):
            if alike(key) in found:
                self._refuse(value, f"{path}.{key}", "given twice")
            found[alike(key)] = tuple(map(alike, self._texts(value, f"{path}.{key}")))
        if not found:
            self._refuse(node, path, "expected at least one key with its value")
        return tuple(found.items())

    def _ranges(self, node: Node, path: str) -> tuple[str, ...]:
        found = self._texts(node, path)
        for text in found:
            try:
                ip_network(text)
            except ValueError as error:
                wrong = "has bits behind its prefix" if "host bits" in str(error) else "is none"
                self._refuse(
                    node, path, f'expected address ranges such as 10.0.0.0/16; "{text}" {wrong}'
                )
        return found

    # Nodes

    def _texts(self, node: Node, path: str) -> tuple[str, ...]:
        """Read a text, or a list of texts that is not empty."""
        if _kind(node) != "sequence":
            return (self._text(node, path),)
        found = tuple(self._text(item, f"{path}[{index}]") for index, item in enumerate(node.value))
        if not found:
            self._refuse(node, path, "expected a text or a list of texts")
        return found

    def _text(self, node: Node, path: str) -> str:
        # As it is written: an account number is not a number, and `yes` not a truth.
        if _kind(node) != "scalar" or node.tag.endswith(":null") or not node.value.strip():
            self._refuse(node, path, "expected a text")
        return str(node.value).strip()

    def _list(self, node: Node, path: str) -> list[Node]:
        if _kind(node) != "sequence":
            self._refuse(node, path, "expected a list")
        found: list[Node] = node.value
        return found

    def _mapping(
        self, node: Node, path: str, keys: tuple[str, ...] | None
    ) -> Iterator[tuple[str, Node]]:
        if _kind(node) != "mapping":
            expected = f"expected keys and values ({', '.join(keys)})" if keys else (
                "expected keys and values"
            )  # fmt: skip
            self._refuse(node, path, expected)
        seen: set[str] = set()
        mapping: MappingNode = node  # type: ignore[assignment]  # its id says so
        for key_node, value in mapping.value:
            key = self._text(key_node, path)
            where = f"{path}.{key}" if path else key
            if keys is not None and key not in keys:
                self._refuse(
                    key_node,
                    where,
                    f"not known here{_meant(key, keys)}; known are {', '.join(keys)}",
                )
            if key in seen:
                self._refuse(key_node, where, "given twice")
            seen.add(key)
            yield key, value

    def _refuse(self, node: Node, path: str, problem: str) -> NoReturn:
        place = f"{self._name}, line {node.start_mark.line + 1}"
        raise ConfigError(f"{place}: {path}: {problem}" if path else f"{place}: {problem}")


def _kind(node: Node) -> str:
    return str(getattr(node, "id", ""))


def _meant(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    close = get_close_matches(word, list(known), 1)
    return f'; did you mean "{close[0]}"?' if close else ""
