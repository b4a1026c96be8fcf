"""What a source read, in the provider's own shape, under Terraform's type name.

A `Record` is one thing that was read; a `Block` is a view into it (the whole, or a nested block).
Attributes are plain JSON values.  What could not be read stands in their place as `Unknown`,
so nothing after the source has to ask a second structure whether a value may be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Final, Literal, NamedTuple, Protocol

from scanner.truth import Evidence
from scanner.value import Redacted, Unknown, Value

Shape = Literal["terraform", "api"]


class Missing(Enum):
    """The marker for an attribute that is not there, or null."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


class Change(Enum):
    """What the plan does with a record; `NONE` for what exists and stays."""

    NONE = "no-op"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record lives; empty where the source does not say."""

    account: str = ""
    region: str = ""


class Step(NamedTuple):
    """One step of an attribute path: a key, and whether every element of its list is meant."""

    key: str
    every: bool


@cache
def steps(path: str) -> tuple[Step, ...]:
    """Read a path: `a.b` goes through the only block of `a`, `a[].b` through each of them."""
    return tuple(
        Step(part.removesuffix("[]"), part.endswith("[]")) for part in path.split(".") if part
    )


@dataclass(frozen=True, slots=True)
class Links:
    """The records that an attribute refers to, by address.

    targets: certainly referred to.
    one_of: for each entry, exactly one of the addresses is referred to; it is not known which.
    maybe: each may or may not be referred to.
    outside: literal identifiers that no record of the inventory has.
    unknown: reasons why there may be further targets.
    """

    origin: Block
    path: str
    targets: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    maybe: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Where the reference is written."""
        return f"{self.origin.address}.{self.path}"

    @property
    def is_empty(self) -> bool:
        """Whether the attribute certainly refers to nothing."""
        return not (self.targets or self.one_of or self.maybe or self.outside or self.unknown)

    @property
    def certain(self) -> bool:
        """Whether every target is known and part of the inventory."""
        return not (self.one_of or self.maybe or self.outside or self.unknown)

    def candidates(self) -> Iterator[str]:
        """Give every address that is or may be referred to."""
        yield from self.targets
        for group in self.one_of:
            yield from group
        yield from self.maybe

    def testify(self) -> Iterator[Evidence]:
        """Say what is referred to."""
        parts = [*self.targets, *(f'"{name}" (not in what was read)' for name in self.outside)]
        parts += ["one of " + ", ".join(group) for group in self.one_of]
        parts += [f"perhaps {name}" for name in self.maybe]
        parts += [f"({reason})" if parts else reason for reason in self.unknown]
        yield Evidence(self.source, ", ".join(parts) or "not set")


class Resolver(Protocol):
    """Tells what the unknown or literal values of a record's attribute refer to."""

    def links(self, block: Block, path: str, types: frozenset[str] = frozenset()) -> Links:
        """Resolve one attribute of one record, instance by instance."""

    def leaves_out(self, block: Block, path: str) -> bool:
        """Whether the configuration certainly does not set the attribute, or sets it to null."""

    def shows_nothing(self, block: Block, path: str) -> bool:
        """Whether a plan shows nothing that sets it; a dynamic block, which it hides, still may."""

    def endings(self, block: Block, path: str) -> tuple[str, ...]:
        """Give what follows the identifiers that a list of texts begins with, such as `/*`.

        Empty where that is not known of every element.
        """


@dataclass(frozen=True, slots=True)
class Secret:
    """A place in a record that may hold a secret; the text itself was dropped.

    path: where.  kind: `argument` is a password-like argument, `text` a free text or environment.
    plain: True if a secret stands there in plain sight, False if not, None if not known.
    reason: why, in words that hold nothing of the text.
    """

    path: str
    kind: Literal["argument", "text"]
    plain: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Body:
    """The attributes of a record and the secrets that were found and dropped while reading."""

    attributes: Mapping[str, Any]
    secrets: tuple[Secret, ...] = ()


class Record:
    """One thing that a source read.

    The body is made on first use: a type that no mapping knows is never decoded.  `peers` are all
    records of the inventory by address, once it is complete; `scope` names the source where several
    sources use the same addresses.
    """

    __slots__ = (
        "_body",
        "_companions",
        "_load",
        "address",
        "change",
        "location",
        "managed",
        "peers",
        "resolver",
        "scope",
        "shape",
        "type",
    )

    def __init__(
        self,
        type: str,
        address: str,
        load: Callable[[], Body] | Mapping[str, Any],
        *,
        shape: Shape = "terraform",
        managed: bool = True,
        change: Change = Change.NONE,
        location: Location = Location(),
        resolver: Resolver | None = None,
    ) -> None:
        self.type = type
        self.address = address
        self.shape: Shape = shape
        self.managed = managed
        self.change = change
        self.location = location
        self.resolver = resolver
        self.peers: Peers = NO_PEERS
        self.scope = ""
        self._load = load
        self._body: Body | None = None
        self._companions: dict[str, Companions] | None = None

    def __repr__(self) -> str:
        return f"Record({self.type!r}, {self.address!r})"

    @property
    def name(self) -> str:
        """The address for people: with the source's name where several sources use the same."""
        return f"{self.scope}: {self.address}" if self.scope else self.address

    @property
    def provider(self) -> str:
        """The provider's short name, as it begins the type: `aws`, `oci`."""
        return self.type.partition("_")[0]

    @property
    def body(self) -> Body:
        """The attributes, decoded on first use."""
        if self._body is None:
            load = self._load
            self._body = load() if callable(load) else Body(load)
            self._load = {}
        return self._body

    @property
    def block(self) -> Block:
        """The whole record as a block."""
        return Block(self, self.body.attributes, "")

    def attach(self, companions: Companions, type: str) -> None:
        """Note the records that complete this one, such as a bucket's versioning."""
        if self._companions is None:
            self._companions = {}
        self._companions[type] = companions

    def companions(self, type: str) -> Companions:
        """Give the records of a type that complete this one."""
        return (
            NO_COMPANIONS if self._companions is None else self._companions.get(type, NO_COMPANIONS)
        )


class Peers(dict[str, Record]):
    """All records of an inventory by address, and by type where a setting of an account counts."""

    __slots__ = ("_by_text", "_by_type")

    def of(self, type: str) -> Sequence[Record]:
        """Give the records of a type."""
        if not hasattr(self, "_by_type"):
            by_type: dict[str, list[Record]] = {}
            for record in self.values():
                by_type.setdefault(record.type, []).append(record)
            self._by_type = by_type
        return self._by_type.get(type, ())

    def named(self, type: str, path: str, text: str) -> Sequence[str]:
        """Give the addresses of the records of a type of which an attribute is this text."""
        if not hasattr(self, "_by_text"):
            self._by_text: dict[tuple[str, str], dict[str, list[str]]] = {}
        found = self._by_text.get((type, path))
        if found is None:
            found = self._by_text[type, path] = {}
            for record in self.of(type):
                content = record.block.read(path)
                if isinstance(content, str) and content:
                    found.setdefault(content.lower(), []).append(record.address)
        return found.get(text.lower(), ())


NO_PEERS: Final = Peers()


@dataclass(frozen=True, slots=True)
class Companions:
    """Records that complete another one.

    certain: they belong to it.  unknown: why others may belong to it too.
    perhaps: those others, where they were read.  missing: the reasons that are of none of them.
    """

    certain: tuple[Record, ...] = ()
    unknown: tuple[str, ...] = ()
    perhaps: tuple[Record, ...] = ()
    missing: tuple[str, ...] = ()


NO_COMPANIONS: Final = Companions()


class Block:
    """A view into a record: all of it, or one nested block."""

    __slots__ = ("content", "path", "record")

    def __init__(self, record: Record, content: Mapping[str, Any], path: str) -> None:
        self.record = record
        self.content = content
        self.path = path

    @property
    def address(self) -> str:
        """The record's address, with the path to this block inside it, as a user is told it."""
        name = self.record.name
        return f"{name}.{self.path}" if self.path else name

    def read(self, path: str) -> Any:
        """Read the raw value at a path: JSON content, `Unknown`, or `MISSING`.

        Through `[]` the values of all blocks come as a list; an unknown list of blocks is Unknown.
        """
        return _walk(self.content, steps(path), 0)

    def value(self, path: str, default: Any = MISSING) -> Value[Any]:
        """Read a Value; a missing one takes the default, or is unknown because it is not set."""
        found = self.read(path)
        if found is MISSING:
            if default is MISSING:
                return Value(Unknown("not set"), self, path)
            return Value(default, self, path, "default")
        if isinstance(found, list):
            return Value(_frozen(found), self, path)
        return Value(found, self, path)

    def has(self, path: str) -> bool:
        """Whether something is written there, known or not."""
        found = self.read(path)
        return found is not MISSING and found != [] and found != ""

    def blocks(self, path: str) -> tuple[Block, ...] | Unknown:
        """Give the nested blocks at a path, or why they are not known."""
        found = self.read(path)
        if isinstance(found, Unknown):
            return found
        if found is MISSING:
            return ()
        if isinstance(found, Mapping):
            return (Block(self.record, found, self._within(path)),)
        if not isinstance(found, list):
            return Unknown(f"{path} is not a block")
        result = []
        for index, item in enumerate(found):
            if isinstance(item, Mapping):
                result.append(Block(self.record, item, self._within(f"{path}[{index}]")))
            elif item is not None:
                return item if isinstance(item, Unknown) else Unknown(f"{path} is not a block")
        return tuple(result)

    def links(self, path: str, types: frozenset[str] = frozenset()) -> Links:
        """Give the records that the attribute refers to; `types` are those that may stand there."""
        if self.record.resolver is not None:
            return self.record.resolver.links(self, path, types)
        found = self.read(path)
        if isinstance(found, Unknown):
            return Links(self, path, unknown=(found.reason,))
        return Links(self, path, outside=literals(found))

    def leaves_out(self, path: str) -> bool:
        """Whether the configuration certainly leaves the attribute to the provider.

        A plan then says "known after apply" of an attribute that the provider computes; what the
        provider documents for an attribute that is not set holds all the same.
        """
        resolver = self.record.resolver
        ask = getattr(resolver, "leaves_out", None)
        return ask is not None and bool(ask(self, path))

    def shows_nothing(self, path: str) -> bool:
        """Whether nothing that sets the attribute can be seen, although a dynamic block may."""
        ask = getattr(self.record.resolver, "shows_nothing", None)
        return ask is not None and bool(ask(self, path))

    def endings(self, path: str) -> tuple[str, ...]:
        """Give what follows the identifiers that the texts of a list begin with, if it is known."""
        resolver = self.record.resolver
        return () if resolver is None else resolver.endings(self, path)

    def _within(self, path: str) -> str:
        return f"{self.path}.{path}" if self.path else path


def literals(found: Any) -> tuple[str, ...]:
    """Give the strings of a value or list of values; empty strings stand for nothing."""
    items = found if isinstance(found, (list, tuple)) else [found]
    return tuple(item for item in items if isinstance(item, str) and item)


def _walk(found: Any, path: tuple[Step, ...], start: int) -> Any:
    for index in range(start, len(path)):
        key, every = path[index]
        if isinstance(found, list):
            # A block of which there is at most one is a list in Terraform.
            if not found:
                return MISSING
            if len(found) > 1:
                return Unknown(f"more than one block where one was expected, before {key}")
            found = found[0]
        if isinstance(found, Unknown):
            return found
        if not isinstance(found, Mapping):
            return MISSING if found is None else Unknown(f"not a block, before {key}")
        found = found.get(key, MISSING)
        if found is None or found is MISSING:
            return MISSING
        if every:
            if isinstance(found, Unknown):
                return found
            if isinstance(found, Mapping):
                found = [found]
            if not isinstance(found, list):
                return Unknown(f"{key} is not a list")
            if index + 1 == len(path):
                return found
            return _each(found, path, index + 1)
    return found


def _each(items: list[Any], path: tuple[Step, ...], start: int) -> list[Any]:
    result: list[Any] = []
    for item in items:
        found = _walk(item, path, start)
        if isinstance(found, list):
            result.extend(found)
        elif found is not MISSING:
            result.append(found)
    return result


def _frozen(items: list[Any]) -> Any:
    """Make a tuple of a list; one unknown element makes the whole unknown, for a scalar reader."""
    for item in items:
        if isinstance(item, Unknown):
            return item
    return tuple(items)


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of the world that was not read, or not completely, and why."""

    scope: str
    reason: str
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Deletion:
    """A thing that the plan removes (`delete`) or stops managing (`forget`)."""

    type: str
    address: str
    action: Literal["delete", "forget"]


@dataclass(frozen=True, slots=True)
class Source:
    """What was read: `name` as the user gave it, the kind, and the version of format and tool."""

    name: str
    kind: str
    format_version: str = ""
    tool_version: str = ""


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything that the sources of one scan read."""

    records: Sequence[Record] = ()
    sources: tuple[Source, ...] = ()
    gaps: tuple[Gap, ...] = ()
    deletions: tuple[Deletion, ...] = ()
    warnings: tuple[str, ...] = ()


def tell_apart(inventories: Sequence[Inventory]) -> None:
    """Put the source's name before the addresses of several inventories that use the same ones."""
    seen: dict[str, int] = {}
    for part in inventories:
        for address in {record.address for record in part.records}:
            seen[address] = seen.get(address, 0) + 1
    if all(count == 1 for count in seen.values()):
        return
    for part in inventories:
        scope = part.sources[0].name if part.sources else ""
        for record in part.records:
            record.scope = scope


__all__ = [
    "MISSING",
    "NO_COMPANIONS",
    "NO_PEERS",
    "Block",
    "Body",
    "Change",
    "Companions",
    "Deletion",
    "Gap",
    "Inventory",
    "Links",
    "Location",
    "Missing",
    "Peers",
    "Record",
    "Redacted",
    "Resolver",
    "Secret",
    "Shape",
    "Source",
    "literals",
    "steps",
    "tell_apart",
]
