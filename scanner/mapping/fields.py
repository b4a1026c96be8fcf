"""Says where one canonical value or truth of a provider type comes from.

Each names the path in Terraform attributes and the path in the cloud API's answer side by side.
Defaults are not written here: they stand, with their sources, in `defaults.json`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from scanner.mapping.defaults import default_of
from scanner.model.base import Field, Inapplicable
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value, truth_of

_NO_DEFAULT: Final = object()


def written(block: Block, path: str) -> Any:
    """Read an attribute; one that the configuration leaves to the provider counts as missing.

    What is only looked up says nothing by leaving an attribute out: it is as somebody made it.
    """
    found = block.read(path)
    if (
        isinstance(found, Unknown)
        and block.record.managed
        and (block.leaves_out(path) or _in_block_not_shown(block, path))
    ):
        return MISSING
    return found


def _in_block_not_shown(block: Block, path: str) -> bool:
    """Whether an attribute is in a computed block that nothing in a plan writes; see `shown`."""
    parts = path.split(".")
    for end in range(1, len(parts)):
        whole = ".".join(parts[:end])
        if isinstance(block.read(whole), Unknown):
            return block.shows_nothing(whole)
    return False


def shown(block: Block, path: str) -> Any:
    """Read nested blocks; those that nothing in a plan writes count as missing.

    For attributes that are written as blocks, such as the rules of a security group.  A dynamic
    block over a collection of unknown length cannot be told from none; that is rare, and the
    alternative would be to judge no group whose rules stand in resources of their own.
    """
    found = written(block, path)
    if isinstance(found, Unknown) and block.record.managed and block.shows_nothing(path):
        return MISSING
    return found


@dataclass(frozen=True)
class Attr:
    """A Value at a path; `convert` makes the canonical content of a known one.

    unset: the content where nothing is written and the provider documents no default; without it
    such a value is unknown.  `convert` may return Unknown for content it does not understand.
    """

    terraform: str
    api: str
    convert: Callable[[Any], Any] | None = None
    unset: Any = _NO_DEFAULT

    def path(self, block: Block) -> str:
        """The path that applies to the shape of the record."""
        return self.terraform if block.record.shape == "terraform" else self.api

    def read(self, block: Block) -> Value[Any]:
        """Read it, with the documented default where it is not set."""
        path = self.path(block)
        found = written(block, path)
        note = ""
        if found is MISSING:
            found = default_of(block.record.type, self.terraform)
            note = "default"
            if found is MISSING:
                if self.unset is _NO_DEFAULT:
                    why = block.read(path)
                    if not isinstance(why, Unknown):
                        why = Unknown("not set, and no default is documented")
                    return Value(why, block, path)
                return Value(self.unset, block, path, "" if self.unset is None else "not set")
        if isinstance(found, list):
            value: Value[Any] = Value(_tuple_of(found), block, path, note)
        else:
            value = Value(found, block, path, note)
        if self.convert is not None and not isinstance(value.content, Unknown):
            try:
                content = self.convert(value.content)
            except (TypeError, ValueError, KeyError, AttributeError, IndexError):
                content = Unknown(f"not of the expected form: {_kind(value.content)}")
            return Value(content, block, path, note)
        return value


@dataclass(frozen=True)
class Flag:
    """A truth read from a boolean, or from any content by `holds`."""

    attr: Attr
    negated: bool = False

    def read(self, block: Block) -> Truth:
        """Read it as a truth; anything but a boolean is unknown."""
        value = self.attr.read(block)
        content = value.content
        if content is True or content is False or isinstance(content, Unknown):
            truth = truth_of(value)
        else:
            reason = f"not of the expected form: {_kind(content)}"
            truth = truth_of(Value(Unknown(reason), block, value.path))
        return ~truth if self.negated else truth


def flag(terraform: str, api: str, *, unset: Any = _NO_DEFAULT) -> Flag:
    """Read a boolean attribute."""
    return Flag(Attr(terraform, api, _boolean, unset))


def is_not(terraform: str, api: str, *, unset: Any = _NO_DEFAULT) -> Flag:
    """Read a boolean attribute whose canonical sense is the opposite."""
    return Flag(Attr(terraform, api, _boolean, unset), negated=True)


def holds(
    predicate: Callable[[Any], bool], terraform: str, api: str, *, unset: Any = _NO_DEFAULT
) -> Test:
    """Read a truth by testing the content of an attribute, which is its evidence."""
    return Test(Attr(terraform, api, None, unset), predicate)


@dataclass(frozen=True)
class Test:
    """A truth that a predicate tells from the content of an attribute."""

    attr: Attr
    predicate: Callable[[Any], bool]

    def read(self, block: Block) -> Truth:
        """Test the content; one that the predicate cannot judge is unknown."""
        value = self.attr.read(block)
        try:
            return value.test(self.predicate)
        except (TypeError, ValueError, KeyError, AttributeError, IndexError):
            reason = f"not of the expected form: {_kind(value.content)}"
            return unknown(Evidence(value.source, reason))


@dataclass(frozen=True)
class Certain:
    """A truth that the provider guarantees for every such resource, and why."""

    holds: bool
    because: str

    def read(self, block: Block) -> Truth:
        """Give the truth with its reason."""
        return known(self.holds, Evidence(block.address, self.because))


def always(because: str) -> Certain:
    """What the provider guarantees."""
    return Certain(True, because)


def never(because: str) -> Certain:
    """What the provider rules out."""
    return Certain(False, because)


@dataclass(frozen=True)
class Constant:
    """A content that the type itself tells."""

    content: Any

    def read(self, block: Block) -> Value[Any]:
        """Give the content."""
        return Value(self.content, block, "", "")


@dataclass(frozen=True)
class NotApplicable:
    """A field that makes no sense for this type, and why."""

    because: str

    def read(self, block: Block) -> Any:
        """Refuse: there is nothing to decide."""
        raise Inapplicable(self.because)


@dataclass(frozen=True)
class Derived:
    """A field that needs more than one attribute."""

    compute: Callable[[Block], Any]

    def read(self, block: Block) -> Any:
        """Compute it."""
        return self.compute(block)


@dataclass(frozen=True)
class Either:
    """A truth that holds if one of several fields says so."""

    parts: tuple[Field, ...]

    def read(self, block: Block) -> Truth:
        """Combine them by `or`."""
        result: Truth = self.parts[0].read(block)
        for part in self.parts[1:]:
            result = result | part.read(block)
        return result


def either(*parts: Field) -> Either:
    """Combine truths by `or`."""
    return Either(parts)


@dataclass(frozen=True)
class Both:
    """A truth that holds if all of several fields say so."""

    parts: tuple[Field, ...]

    def read(self, block: Block) -> Truth:
        """Combine them by `and`."""
        result: Truth = self.parts[0].read(block)
        for part in self.parts[1:]:
            result = result & part.read(block)
        return result


def both(*parts: Field) -> Both:
    """Combine truths by `and`."""
    return Both(parts)


def _boolean(content: Any) -> Any:
    # Terraform before 0.12 and many hand-made modules write booleans as strings.
    if isinstance(content, str) and content.lower() in {"true", "false"}:
        return content.lower() == "true"
    if isinstance(content, bool):
        return content
    return Unknown(f"not of the expected form: {_kind(content)}")


def _tuple_of(items: list[Any]) -> Any:
    for item in items:
        if isinstance(item, Unknown):
            return item
    return tuple(items)


def _kind(content: Any) -> str:
    kinds = {
        bool: "a boolean",
        str: "a text",
        int: "a number",
        float: "a number",
        type(None): "null",
    }
    return kinds.get(type(content), "a list" if isinstance(content, (list, tuple)) else "a block")
