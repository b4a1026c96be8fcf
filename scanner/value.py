"""A value that was read from a source, or the reason why it could not be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

from scanner.truth import Evidence, State, Truth

T = TypeVar("T")
S = TypeVar("S")

_SHOWN = 200


class Unknown:
    """Why a value is missing, such as 'known after apply' or 'AccessDenied: s3:GetBucketAcl'."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and self.reason == other.reason

    def __hash__(self) -> int:
        return hash(self.reason)

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r})"


class Redacted(Unknown):
    """A secret that was dropped where it was read; only what was learnt about it is kept."""

    __slots__ = ()


class Origin(Protocol):
    """What a value was read from."""

    @property
    def address(self) -> str:
        """The name by which a user finds it again."""


class Value(Generic[T]):
    """`content` and where it came from; two Values with the same content are equal.

    `note` explains a content that was not written in the source, such as a provider's default.
    """

    __slots__ = ("content", "note", "origin", "path")

    def __init__(
        self, content: T | Unknown, origin: Origin | None = None, path: str = "", note: str = ""
    ) -> None:
        self.content = content
        self.origin = origin
        self.path = path
        self.note = note

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and bool(self.content == other.content)

    def __hash__(self) -> int:
        return hash(self.content)

    def __repr__(self) -> str:
        return f"Value({self.content!r}, {self.source!r})"

    @property
    def source(self) -> str:
        """Where it was read: the address and the attribute path."""
        address = self.origin.address if self.origin is not None else ""
        return f"{address}.{self.path}" if address and self.path else address or self.path

    def testify(self) -> Iterator[Evidence]:
        """Say what was read, or why it was not."""
        if isinstance(self.content, Unknown):
            yield Evidence(self.source, self.content.reason)
        else:
            shown = show(self.content)
            yield Evidence(self.source, f"{shown} ({self.note})" if self.note else shown)

    def test(self, predicate: Callable[[T], bool]) -> Truth:
        """Whether the predicate holds; unknown if the value is."""
        if isinstance(self.content, Unknown):
            return Truth(State.UNKNOWN, (self,))
        return Truth(State.TRUE if predicate(self.content) else State.FALSE, (self,))

    def equals(self, other: T) -> Truth:
        """Whether the content is exactly this."""
        return self.test(lambda content: content == other)

    def one_of(self, others: Collection[T]) -> Truth:
        """Whether the content is one of these."""
        return self.test(lambda content: content in others)

    def known_or(self, fallback: S) -> T | S:
        """Give the content, or the fallback where it is unknown: never for a verdict."""
        return fallback if isinstance(self.content, Unknown) else self.content

    def map(self, convert: Callable[[T], S]) -> Value[S]:
        """Give a Value of the converted content, from the same source."""
        if isinstance(self.content, Unknown):
            return Value(self.content, self.origin, self.path, self.note)
        return Value(convert(self.content), self.origin, self.path, self.note)


def truth_of(value: Value[bool]) -> Truth:
    """Read a flag as a truth."""
    return value.test(lambda content: content is True)


def show(content: Any) -> str:
    """Write a content for people: short, one line, the way Terraform writes literals."""
    if content is None:
        return "not set"
    if content is True or content is False:
        return "true" if content else "false"
    if isinstance(content, str):
        text = f'"{content}"'
    elif isinstance(content, Unknown):
        text = f"({content.reason})"
    elif isinstance(content, Enum):
        text = str(content.value)
    elif isinstance(content, dict):
        text = "{" + ", ".join(f"{key} = {show(content[key])}" for key in sorted(content)) + "}"
    elif isinstance(content, (list, tuple, set, frozenset)):
        items = content if isinstance(content, (list, tuple)) else sorted(content, key=repr)
        text = "[" + ", ".join(show(item) for item in items) + "]"
    else:
        text = str(content)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
