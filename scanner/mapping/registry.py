"""Declares how provider types become canonical resources; mappings are written in its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from scanner.mapping.fields import Derived, written
from scanner.mapping.references import Ref
from scanner.model.base import Field, Resource, field_names
from scanner.model.tags import Tags
from scanner.record import MISSING, Block
from scanner.value import Unknown, Value

_MAPPINGS: dict[str, list[Mapped]] = {}


_COMPANIONS: dict[str, tuple[Companion, ...]] = {}


_ACCOUNT_WIDE: dict[str, frozenset[str]] = {}


_SUPPORTING: set[str] = set()


_LOADED: set[str] = set()


class Companion(NamedTuple):
    """A record type that completes another: the type it belongs to, and the reference to it."""

    of: frozenset[str]
    by: Field


class Mapped(NamedTuple):
    """One canonical resource that a provider type gives.

    at: the path of the nested blocks it is made from; the record itself if empty.
    expected: at least one such block exists even where the source does not show it; one that the
    configuration leaves out is as the provider's defaults make it.
    """

    to: type[Resource]
    fields: Mapping[str, Field]
    at: str
    when: Callable[[Block], bool] | None
    expected: bool
    part: str


def maps(
    type: str,
    to: type[Resource],
    *,
    at: str = "",
    when: Callable[[Block], bool] | None = None,
    expected: bool = False,
    part: str = "",
    **fields: Field,
) -> None:
    """Declare that a provider type is this canonical resource.

    With `at`, each nested block at that path is one; blocks that are `expected` but not known give
    one resource of which everything is unknown.  `part` names the resource where the type is
    several at once, such as the two tunnels of a VPN connection.  `when` leaves out records for
    which the type is something else.
    """
    declared = field_names(to)
    for name in fields:
        if name not in declared:
            raise TypeError(f"mapping of {type}: {to.__name__} has no field {name!r}")
    _MAPPINGS.setdefault(type, []).append(
        Mapped(to, MappingProxyType({"tags": TAGS, **fields}), at, when, expected, part)
    )


def companion(type: str, of: str | Iterable[str], terraform: str, api: str) -> None:
    """Declare that a type completes another one, to which the attribute refers."""
    owners = frozenset((of,) if isinstance(of, str) else of)
    companion_by(type, owners, Ref(terraform, api, owners))


def companion_by(type: str, of: Iterable[str], by: Field) -> None:
    """Declare that a type completes another one, to which a reader of references leads.

    A type may complete several kinds of things by references of their own: a route table's
    association names a subnet or a gateway.
    """
    owners = frozenset(of)
    for other in _COMPANIONS.get(type, ()):
        if other.of & owners:
            raise TypeError(f"{type} completes {', '.join(sorted(other.of & owners))} twice")
    _COMPANIONS[type] = (*_COMPANIONS.get(type, ()), Companion(owners, by))


def account_wide(type: str, of: str | Iterable[str]) -> None:
    """Declare that a type completes all records of other types in its account."""
    _ACCOUNT_WIDE[type] = frozenset((of,) if isinstance(of, str) else of)


def supports(*types: str) -> None:
    """Declare types of which nothing is judged by itself: others are read through them."""
    _SUPPORTING.update(types)


def _tags(block: Block) -> Value[Mapping[str, str]]:
    if block.record.provider == "oci":
        return _tags_of_oci(block)
    whole, own = block.read("tags_all"), written(block, "tags")
    if isinstance(whole, Mapping):
        # What the resource says itself, and the default tags of its provider.
        return Value(_read_tags((whole,)), block, "tags_all")
    if isinstance(own, Mapping):
        reason = whole.reason if isinstance(whole, Unknown) else ""
        return Value(_read_tags((own,), reason), block, "tags")
    if isinstance(own, Unknown):
        return Value(own, block, "tags")
    # A provider that has default tags shows them; it shows nothing where there are none at all.
    blocks = block.read("tag")
    reason = blocks.reason if isinstance(blocks, Unknown) else ""
    return Value(_read_tags(_pairs(block), reason), block, "tag")


def _pairs(block: Block) -> Iterator[Mapping[str, Any]]:
    """Read tags that are written as blocks, as those of a scaling group are."""
    blocks = block.blocks("tag")
    for item in () if isinstance(blocks, Unknown) else blocks:
        key = item.read("key")
        if isinstance(key, str):
            yield {key: item.read("value")}


def _tags_of_oci(block: Block) -> Value[Mapping[str, str]]:
    """Read free-form tags, and defined ones as `namespace.key`."""
    paths = ("freeform_tags", "defined_tags")
    found = [written(block, path) for path in paths]
    reason = next((item.reason for item in found if isinstance(item, Unknown)), "")
    return Value(
        _read_tags((item for item in found if isinstance(item, Mapping)), reason),
        block,
        " and ".join(
            path for path, item in zip(paths, found, strict=True) if item is not MISSING
        ) or paths[0],
    )  # fmt: skip


def _read_tags(found: Iterable[Mapping[str, Any]], further: str = "") -> Tags:
    texts: dict[str, str] = {}
    holes: dict[str, str] = {}
    for item in found:
        for key, value in item.items():
            if isinstance(value, Mapping):
                # The API groups defined tags by their namespace.
                inner = _read_tags((value,))
                texts.update({f"{key}.{name}": text for name, text in inner.items()})
                holes.update({f"{key}.{name}": text for name, text in inner.holes.items()})
            elif isinstance(value, Unknown):
                holes[str(key)] = value.reason
            elif value is not None and value is not MISSING:
                texts[str(key)] = str(value)
    return Tags(texts, holes, further)


TAGS: Final = Derived(_tags)


def load(providers: Iterable[str]) -> None:
    """Import the mappings of these providers; others cost nothing, and unknown ones have none."""
    known = {module.name for module in iter_modules(import_module(__package__).__path__)}
    for provider in sorted((set(providers) & known) - _LOADED):
        _LOADED.add(provider)
        package = import_module(f"{__package__}.{provider}")
        for module in iter_modules(getattr(package, "__path__", ())):
            import_module(f"{package.__name__}.{module.name}")


def mapped_types() -> Mapping[str, Sequence[Mapped]]:
    """The types that are mapped by what was loaded so far."""
    return _MAPPINGS


def companion_types() -> Mapping[str, Sequence[Companion]]:
    """The types that complete others, each with all that it completes."""
    return _COMPANIONS


def account_wide_types() -> Mapping[str, frozenset[str]]:
    """The types that complete every record of others in the same account."""
    return _ACCOUNT_WIDE


def is_read_elsewhere(type: str) -> bool:
    """Whether a type is read through other resources, so that it is not a gap."""
    return type in _COMPANIONS or type in _ACCOUNT_WIDE or type in _SUPPORTING
