"""Whatever stands in a plan, reading a field never raises anything but Inapplicable."""

from __future__ import annotations

import random
from typing import Any

import pytest

from scanner.mapping.defaults import defaults
from scanner.mapping.population import populate
from scanner.mapping.registry import load, mapped_types
from scanner.model.base import Inapplicable, Resource, field_names
from scanner.model.document import PolicyDocument, Words
from scanner.record import Inventory, Links, Record
from scanner.truth import Truth
from scanner.value import Unknown, Value
from tests.mapping.conftest import LeftOut, Pointer, Resolver

load(("aws", "oci"))

_SCALARS: tuple[Any, ...] = (
    None, True, False, 0, -1, 3.5, 10**30, "", "0.0.0.0/0", "ocid1.drg.oc1..a", "true", "PT1S",
    Unknown("known after apply"),
)  # fmt: skip


_KINDS = (Truth, Value, Links, PolicyDocument, Words)


def junk(chance: random.Random, names: list[str], depth: int = 0) -> Any:
    kind = chance.randrange(10)
    if depth > 3 or kind < 5:
        return chance.choice((*_SCALARS, LeftOut(), Pointer("x.y")))
    if kind < 8:
        return [junk(chance, names, depth + 1) for _ in range(chance.randrange(3))]
    return {name: junk(chance, names, depth + 1) for name in chance.sample(names, 4)}


def paths_of(value: Any, found: set[str]) -> None:
    """Collect the attribute names that the fields of a mapping speak of."""
    if isinstance(value, str):
        found.update(part.removesuffix("[]") for part in value.split(".") if part.isidentifier())
    elif isinstance(value, (tuple, list, frozenset, set)):
        for item in value:
            paths_of(item, found)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            paths_of(getattr(value, name), found)
    elif callable(value) and hasattr(value, "__code__"):
        paths_of(value.__code__.co_consts, found)


def names_of(type: str) -> list[str]:
    found: set[str] = set()
    for mapping in mapped_types()[type]:
        paths_of(mapping.at, found)
        for field in mapping.fields.values():
            paths_of(field, found)
    for path in defaults().get(type, {}):
        paths_of(path, found)
    return sorted(found | {"id", "source", "protocol", "direction"})


def read_all(resource: Resource) -> None:
    for name, kind in field_names(type(resource)).items():
        try:
            content = getattr(resource, name)
        except Inapplicable:
            continue
        assert isinstance(content, _KINDS), (resource, name)
        if kind in _KINDS:
            assert isinstance(content, kind), (resource, name, content)
        if isinstance(content, Truth):
            assert content.evidence is not None
        elif isinstance(content, (Value, Links)):
            list(content.testify())


@pytest.mark.parametrize("name", sorted(mapped_types()))
def test_junk_never_raises(name: str) -> None:
    chance = random.Random(name)
    names = names_of(name)
    for _ in range(25):
        body = {key: junk(chance, names) for key in names if chance.random() < 0.7}
        resolver = Resolver() if chance.random() < 0.7 else None
        records = [
            Record(name, f"{name}.a", body, resolver=resolver, managed=chance.random() < 0.9),
            Record(name, f"{name}.b", {}, resolver=resolver),
        ]
        for resource in populate(Inventory(records=records)).resources:
            read_all(resource)


@pytest.mark.parametrize("name", sorted(mapped_types()))
def test_no_field_is_forgotten(name: str) -> None:
    for mapping in mapped_types()[name]:
        missing = set(field_names(mapping.to)) - set(mapping.fields)
        assert not missing, f"{name} as {mapping.to.__name__}"


@pytest.mark.parametrize("name", sorted(defaults()))
def test_every_default_has_a_source(name: str) -> None:
    for default in defaults()[name].values():
        assert len(default.source) > 20
