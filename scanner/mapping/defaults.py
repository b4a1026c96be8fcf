"""The documented defaults of the providers, each with its source, in one data file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import msgspec

from scanner.record import MISSING


class _Default(msgspec.Struct, frozen=True):
    value: Any
    source: str


@lru_cache(maxsize=1)
def defaults() -> Mapping[str, Mapping[str, _Default]]:
    """The provider defaults, by type and Terraform path, each with its source."""
    data = resources.files(__package__).joinpath("defaults.json").read_bytes()
    return msgspec.json.decode(data, type=dict[str, dict[str, _Default]])


def default_of(type: str, path: str) -> Any:
    """The documented default of an attribute, or `MISSING`."""
    found = defaults().get(type, {}).get(path)
    return MISSING if found is None else found.value
