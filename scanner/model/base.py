"""What every canonical resource is: a typed, lazy view of one record.

A subclass only names its fields and their types; a mapping says where each comes from.  A field
is read on first use and kept.  A field that the mapping of a type does not name is unknown, with
that as its reason: what is not modelled is never taken for absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, get_args, get_origin, get_type_hints

from scanner.model.document import PolicyDocument, Words
from scanner.record import Block, Links, Location, Secret
from scanner.truth import Evidence, Truth, unknown
from scanner.value import Unknown, Value


class Inapplicable(Exception):
    """The question makes no sense for this kind of resource; there is nothing to decide.

    about: the address of that resource.
    """

    about: str = ""


class Field(Protocol):
    """Says where one canonical field of one provider type comes from."""

    def read(self, block: Block) -> Any:
        """Read the field; raises Inapplicable where the type has no such property."""


class Resource:
    """One canonical thing, named by the address of its record."""

    tags: Value[Mapping[str, str]]

    def __init__(
        self, block: Block, type: str, fields: Mapping[str, Field], part: str = ""
    ) -> None:
        self.block = block
        self.type = type
        self.address = f"{block.address}.{part}" if part else block.address
        self._fields = fields

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address!r})"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            field = self.__dict__.get("_fields", _NONE).get(name)
            if field is None:
                if name not in field_names(type(self)):
                    raise AttributeError(f"{type(self).__name__} has no field {name!r}")
                content = self._not_read(name)
            else:
                try:
                    content = field.read(self.block)
                except Inapplicable as error:
                    error.about = error.about or self.address
                    raise
                if isinstance(content, Value):
                    content = _of_form(content, forms(type(self)).get(name))
            self.__dict__[name] = content
            return content

    @property
    def provider(self) -> str:
        """The cloud: `aws` or `oci`."""
        return self.block.record.provider

    @property
    def location(self) -> Location:
        """Account and region, as far as the source says."""
        return self.block.record.location

    @property
    def managed(self) -> bool:
        """Whether the sources own it, rather than only look it up."""
        return self.block.record.managed

    def fact(self, text: str) -> Evidence:
        """Make evidence about the resource as a whole."""
        return Evidence(self.address, text)

    def _not_read(self, name: str) -> Any:
        reason = f"assay does not read {name.replace('_', ' ')} of {self.type} yet"
        kind = field_names(type(self))[name]
        if kind is Truth:
            return unknown(Evidence(self.address, reason))
        if kind is Links:
            return Links(self.block, name, unknown=(reason,))
        if kind is PolicyDocument:
            return PolicyDocument(self.block, name, unknown=(reason,))
        if kind is Words:
            return Words(unknown=(reason,), source=f"{self.address}.{name}")
        return Value(Unknown(reason), self.block, name)


class SecretPlace(Resource):
    """Any record that has places for secrets, whether or not it is mapped to something else."""

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """The places, and what was learnt of them before the texts were dropped."""
        return self.block.record.body.secrets


_NONE: Mapping[str, Field] = MappingProxyType({})


_FIELDS: dict[type[Resource], Mapping[str, Any]] = {}


def field_names(model: type[Resource]) -> Mapping[str, Any]:
    """The fields that a canonical type declares, with the plain class of each."""
    found = _FIELDS.get(model)
    if found is None:
        hints = get_type_hints(model)
        found = _FIELDS[model] = {
            name: getattr(hint, "__origin__", hint)
            for name, hint in hints.items()
            if not name.startswith("_")
        }
    return found


_FORMS: dict[type[Resource], Mapping[str, type | tuple[type]]] = {}


def forms(model: type[Resource]) -> Mapping[str, type | tuple[type]]:
    """The plain contents that the Values of a type declare: a type, or a tuple of one type."""
    found = _FORMS.get(model)
    if found is None:
        found = _FORMS[model] = {}
        for name, hint in get_type_hints(model).items():
            (content,) = get_args(hint) if get_origin(hint) is Value else (None,)
            if content in (int, str):
                found[name] = content
            elif get_origin(content) is tuple and get_args(content)[0] in (int, str):
                found[name] = (get_args(content)[0],)
    return found


def _of_form(value: Value[Any], form: type | tuple[type] | None) -> Value[Any]:
    """Make content of another form than declared unknown: a rule must be able to rely on it."""
    content = value.content
    if form is None or isinstance(content, Unknown):
        return value
    if isinstance(form, tuple):
        fits = isinstance(content, tuple) and all(_fits(item, form[0]) for item in content)
    else:
        # Terraform writes some numbers as texts, and whole numbers as floats.
        if form is int and isinstance(content, (str, float)):
            content = _number(content)
        fits = _fits(content, form)
    if fits and content is value.content:
        return value
    found = content
    if not fits:
        wanted = "a list" if isinstance(form, tuple) else "a number" if form is int else "a text"
        found = Unknown(f"not of the expected form, which is {wanted}")
    return Value(found, value.origin, value.path, value.note)


def _fits(content: Any, form: type) -> bool:
    return isinstance(content, form) and not isinstance(content, bool)


def _number(content: str | float) -> Any:
    if isinstance(content, float):
        return int(content) if content.is_integer() else content
    return (
        int(content) if content.isascii() and content.isdigit() and len(content) < 18 else content
    )
