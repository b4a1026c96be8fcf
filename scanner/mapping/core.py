"""Declares how one provider type becomes canonical resources.

A mapping names each canonical field once, with the path that holds it in Terraform attributes and
the path in the cloud API's answer side by side.  Defaults are not written here: they stand, with
their sources, in `defaults.json`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module, resources
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import msgspec

from scanner.model.base import Field, Inapplicable, Resource, SecretPlace, field_names
from scanner.model.document import PolicyDocument
from scanner.record import MISSING, Block, Companions, Gap, Inventory, Links, Peers, Record
from scanner.truth import Evidence, Truth, all_of, any_of, known, one_answer, unknown
from scanner.value import Unknown, Value, truth_of


class _Default(msgspec.Struct, frozen=True):
    value: Any
    source: str


_MAPPINGS: dict[str, list[Mapped]] = {}
_COMPANIONS: dict[str, Companion] = {}
_ACCOUNT_WIDE: dict[str, frozenset[str]] = {}
_SUPPORTING: set[str] = set()
_LOADED: set[str] = set()
_NO_DEFAULT: Final = object()
_NO_FIELDS: Final[Mapping[str, Field]] = MappingProxyType({})


@lru_cache(maxsize=1)
def defaults() -> Mapping[str, Mapping[str, _Default]]:
    """The provider defaults, by type and Terraform path, each with its source."""
    data = resources.files(__package__).joinpath("defaults.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, dict[str, _Default]])


def default_of(type: str, path: str) -> Any:
    """The documented default of an attribute, or `MISSING`."""
    found = defaults().get(type, {}).get(path)
    return MISSING if found is None else found.value


def written(block: Block, path: str) -> Any:
    """Read an attribute; one that the configuration leaves to the provider counts as missing."""
    found = block.read(path)
    if isinstance(found, Unknown) and (block.leaves_out(path) or _in_block_not_shown(block, path)):
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
    if isinstance(found, Unknown) and block.shows_nothing(path):
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
class Ref:
    """References to records; `types` are the provider types that may stand there."""

    terraform: str
    api: str
    types: frozenset[str] = frozenset()

    def read(self, block: Block) -> Links:
        """Resolve the reference."""
        path = self.terraform if block.record.shape == "terraform" else self.api
        return block.links(path, self.types)


def ref(terraform: str, api: str, *types: str) -> Ref:
    """Read references to records of these provider types."""
    return Ref(terraform, api, frozenset(types))


@dataclass(frozen=True)
class RefIfSet:
    """References that are none where the configuration leaves the attribute to the provider."""

    ref: Ref

    def read(self, block: Block) -> Links:
        """Resolve the reference, if one is written."""
        path = self.ref.terraform if block.record.shape == "terraform" else self.ref.api
        if written(block, path) in (MISSING, []):
            return Links(block, path)
        return self.ref.read(block)


def ref_if_set(terraform: str, api: str, *types: str) -> RefIfSet:
    """Read references to records, none where nothing is written."""
    return RefIfSet(ref(terraform, api, *types))


@dataclass(frozen=True)
class Refs:
    """References from several attributes together."""

    parts: tuple[Field, ...]

    def read(self, block: Block) -> Links:
        """Resolve all of them."""
        return merge_links(block, [part.read(block) for part in self.parts])


def refs(*parts: Field) -> Refs:
    """Read references from several attributes as one."""
    return Refs(parts)


@dataclass(frozen=True)
class Through:
    """References of the records that a reference leads to: the subnets of a subnet group."""

    via: Field
    then: Mapping[str, Field]
    unset: str = ""

    def read(self, block: Block) -> Links:
        """Follow the first reference, then the second; what is lost on the way is unknown.

        Where the first refers to nothing, `unset` says what the provider then takes by itself.
        """
        first: Links = self.via.read(block)
        if self.unset and first.is_empty:
            return replace(first, unknown=(self.unset,))
        peers = block.record.peers
        found: list[Links] = []
        lost = [*first.unknown]
        lost += [f'"{name}" is not in what was read' for name in first.outside]
        for address in first.candidates():
            peer = peers.get(address)
            step = self.then.get(peer.type) if peer is not None else None
            if peer is None or step is None:
                lost.append(f"{address} was not read")
                continue
            links = step.read(peer.block)
            if address not in first.targets:
                links = replace(
                    links,
                    targets=(),
                    one_of=(),
                    maybe=tuple(links.candidates()),
                )
            found.append(links)
        merged = merge_links(block, found, first.path)
        return replace(merged, unknown=tuple(dict.fromkeys((*merged.unknown, *lost))))


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
class Nothing:
    """References of which this type has none."""

    def read(self, block: Block) -> Links:
        """Give no links."""
        return Links(block, "")


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


@dataclass(frozen=True)
class From:
    """A field read from a companion record, such as a bucket's separate versioning.

    absent: what is true where the companion certainly does not exist.
    """

    type: str
    field: Field
    absent: Field

    def read(self, block: Block) -> Any:
        """Read the companion's field, or what its absence means."""
        companions = block.record.companions(self.type)
        if not companions.certain:
            if companions.unknown:
                return self._open(block, companions.unknown)
            return self.absent.read(block)
        found = [self.field.read(record.block) for record in companions.certain]
        return found[0] if len(found) == 1 else self._together(block, found)

    def _together(self, block: Block, found: Sequence[Any]) -> Any:
        """Read several companions of one kind: which of them is in force is not known."""
        first = found[0]
        if isinstance(first, Truth):
            return one_answer(found)
        if isinstance(first, Links):
            return merge_links(block, found)
        if isinstance(first, PolicyDocument):
            statements = tuple(item for part in found for item in part.statements)
            reasons = tuple(dict.fromkeys(item for part in found for item in part.unknown))
            return replace(first, statements=statements, unknown=reasons)
        if all(item == first for item in found):
            return first
        reason = f"several {self.type} say different things"
        return Value(Unknown(reason), block, first.path)

    def _open(self, block: Block, reasons: tuple[str, ...]) -> Any:
        content = self.absent.read(block)
        if isinstance(content, Truth):
            return unknown(*(Evidence(block.address, reason) for reason in reasons))
        if isinstance(content, Value):
            return Value(Unknown(reasons[0]), block, content.path)
        if isinstance(content, Links):
            return replace(content, unknown=(*content.unknown, *reasons))
        return replace(content, unknown=(*content.unknown, *reasons))


@dataclass(frozen=True)
class OfOther:
    """A truth about the record that a reference leads to, such as a snapshot's source."""

    via: Field
    then: Mapping[str, Field]

    def read(self, block: Block) -> Truth:
        """Follow the reference and ask; what was not read is unknown."""
        links: Links = self.via.read(block)
        truths = [self._of(links, address) for address in links.targets]
        truths += [one_answer([self._of(links, item) for item in group]) for group in links.one_of]
        doubts = [*(f"perhaps {item}" for item in links.maybe), *links.unknown]
        doubts += [f'"{name}" is not in what was read' for name in links.outside]
        if links.is_empty:
            doubts.append("not set")
        truths += [unknown(Evidence(links.source, doubt)) for doubt in doubts]
        return all_of(truths)

    def _of(self, links: Links, address: str) -> Truth:
        peer = links.origin.record.peers.get(address)
        field = None if peer is None else self.then.get(peer.type)
        if peer is None or field is None:
            return unknown(Evidence(links.source, f"{address} was not read"))
        truth: Truth = field.read(peer.block)
        return truth


@dataclass(frozen=True)
class Some:
    """A truth that holds if the field of some companion of these types holds.

    nothing: what is true, in words, where there certainly is no such companion.
    """

    fields: Mapping[str, Field]
    nothing: str

    def read(self, block: Block) -> Truth:
        """Ask every companion."""
        truths: list[Truth] = []
        for type, field in self.fields.items():
            companions = block.record.companions(type)
            truths += [field.read(record.block) for record in companions.certain]
            truths += [unknown(Evidence(block.address, reason)) for reason in companions.unknown]
        return any_of(truths, Evidence(block.address, self.nothing))


class Companion(NamedTuple):
    """A record type that completes another: the type it belongs to, and the reference to it."""

    of: frozenset[str]
    by: Ref


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
    _COMPANIONS[type] = Companion(owners, Ref(terraform, api, owners))


def account_wide(type: str, of: str | Iterable[str]) -> None:
    """Declare that a type completes all records of other types in its account."""
    _ACCOUNT_WIDE[type] = frozenset((of,) if isinstance(of, str) else of)


def supports(*types: str) -> None:
    """Declare types of which nothing is judged by itself: others are read through them."""
    _SUPPORTING.update(types)


def _tags(block: Block) -> Value[Mapping[str, str]]:
    for path in ("tags_all", "tags", "freeform_tags"):
        found = block.read(path)
        if isinstance(found, Mapping):
            return Value({str(key): str(value) for key, value in found.items()}, block, path)
        if isinstance(found, Unknown):
            return Value(found, block, path)
    return Value({}, block, "tags", "not set")


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


def companion_types() -> Mapping[str, Companion]:
    """The types that complete others."""
    return _COMPANIONS


class Population(NamedTuple):
    """What the records of an inventory became, and the records that nothing is known about."""

    resources: list[Resource]
    unmapped: list[Record]
    gaps: tuple[Gap, ...]


def populate(inventory: Inventory) -> Population:
    """Make canonical resources of all records, in the order of their addresses."""
    load(record.provider for record in inventory.records)
    records = sorted(inventory.records, key=lambda record: record.address)
    peers = Peers((record.address, record) for record in records)
    for record in records:
        record.peers = peers
    _attach(records)
    resources: list[Resource] = []
    unmapped: list[Record] = []
    gaps: list[Gap] = []
    for record in records:
        mappings = _MAPPINGS.get(record.type)
        if record.managed and record.body.secrets:
            resources.append(SecretPlace(record.block, record.type, _NO_FIELDS))
        if mappings is None:
            if record.managed and not _is_read_elsewhere(record.type):
                unmapped.append(record)
            continue
        for mapped in mappings:
            blocks = (record.block,) if not mapped.at else _parts(record.block, mapped)
            if isinstance(blocks, Unknown):
                if not mapped.expected and record.block.leaves_out(mapped.at):
                    continue
                if not mapped.expected:
                    scope = f"{record.address}.{mapped.at}"
                    gaps.append(Gap(scope, blocks.reason, frozenset({record.type})))
                    continue
                blocks = (Block(record, _Unread(blocks), mapped.at),)
            resources.extend(
                mapped.to(block, record.type, mapped.fields, mapped.part)
                for block in blocks
                if mapped.when is None or mapped.when(block)
            )
    return Population(resources, unmapped, tuple(gaps))


def _is_read_elsewhere(type: str) -> bool:
    return type in _COMPANIONS or type in _ACCOUNT_WIDE or type in _SUPPORTING


def _parts(block: Block, mapped: Mapped) -> tuple[Block, ...] | Unknown:
    """Give the nested blocks that a resource is made from, through every block on the way."""
    blocks: tuple[Block, ...] = (block,)
    for step in mapped.at.split("."):
        inner: list[Block] = []
        for outer in blocks:
            found = outer.blocks(step)
            if isinstance(found, Unknown):
                if shown(outer, step) is not MISSING:
                    return found
                found = ()
            inner += found
        blocks = tuple(inner)
    if not blocks and mapped.expected:
        # The provider makes it as its defaults say.
        return (Block(block.record, {}, mapped.at),)
    return blocks


class _Unread(dict[str, Any]):
    """The content of a block of which nothing is known but that it exists."""

    def __init__(self, reason: Unknown) -> None:
        super().__init__()
        self._reason = reason

    def get(self, key: str, default: Any = None) -> Any:
        return self._reason


def _attach(records: Iterable[Record]) -> None:
    """Give each record the companions that refer to it; an unclear reference is shared by all."""
    _attach_by_account(records)
    certain: dict[tuple[str, str], list[Record]] = {}
    loose: dict[str, list[tuple[Record, Links]]] = {}
    present: set[str] = set()
    for record in records:
        found = _COMPANIONS.get(record.type)
        if found is None or not record.managed:
            continue
        present.add(record.type)
        links = found.by.read(record.block)
        for address in links.targets:
            certain.setdefault((address, record.type), []).append(record)
        if links.one_of or links.maybe or links.unknown:
            loose.setdefault(record.type, []).append((record, links))
    if not present:
        return
    owners: dict[str, list[str]] = {}
    for type in sorted(present):
        for owner in _COMPANIONS[type].of:
            owners.setdefault(owner, []).append(type)
    for record in records:
        for type in owners.get(record.type, ()):
            mine = certain.get((record.address, type), ())
            reasons = tuple(_reasons(record, loose.get(type, ())))
            if mine or reasons:
                record.attach(Companions(tuple(mine), reasons), type)


def _attach_by_account(records: Iterable[Record]) -> None:
    """Give each record the settings of its account; where no account is said, it may be another."""
    for settings in records:
        owners = _ACCOUNT_WIDE.get(settings.type)
        if owners is None or not settings.managed:
            continue
        account = settings.location.account
        for record in records:
            if record.type not in owners:
                continue
            held = record.companions(settings.type)
            if account and account == record.location.account:
                held = Companions((*held.certain, settings), held.unknown)
            elif not account or not record.location.account:
                reason = f"{settings.address} may be of another account"
                held = Companions(held.certain, (*held.unknown, reason))
            else:
                continue
            record.attach(held, settings.type)


def _reasons(owner: Record, loose: Iterable[tuple[Record, Links]]) -> Iterator[str]:
    for record, links in loose:
        if owner.address in links.targets:
            continue
        if links.unknown or owner.address in links.maybe:
            why = links.unknown[0] if links.unknown else "its reference is not certain"
            yield f"{record.address} may belong to it: {why}"
        elif any(owner.address in group for group in links.one_of):
            yield f"{record.address} belongs to it or to another"


def merge_links(block: Block, parts: Sequence[Links], path: str = "") -> Links:
    """Make one of several references."""
    if len(parts) == 1 and not path:
        return parts[0]
    return Links(
        block,
        path or ", ".join(dict.fromkeys(part.path for part in parts)),
        targets=tuple(dict.fromkeys(item for part in parts for item in part.targets)),
        one_of=tuple(dict.fromkeys(item for part in parts for item in part.one_of)),
        maybe=tuple(dict.fromkeys(item for part in parts for item in part.maybe)),
        outside=tuple(dict.fromkeys(item for part in parts for item in part.outside)),
        unknown=tuple(dict.fromkeys(item for part in parts for item in part.unknown)),
    )


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
