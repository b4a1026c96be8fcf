"""Makes records whose bodies are decoded on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from msgspec import UNSET, Raw, UnsetType

from scanner.record import Body
from scanner.sources.terraform.body import Damaged, assemble, conceal, damaged
from scanner.sources.terraform.decode import loads
from scanner.sources.terraform.secrets import Dropper


class Provenances(Protocol):
    """Tells where an argument's value comes from."""

    def provenance(
        self, address: str, type: str, attributes: Any, path: str
    ) -> tuple[bool | None, str] | None:
        """Whether a constant is written at a path; None if nothing is."""


def loader(
    address: str,
    type: str,
    after: Raw,
    unknown: Raw | UnsetType | None,
    sensitive: Raw,
    provenances: Provenances,
    complete: bool = True,
) -> Callable[[], Body]:
    """Give the function that decodes a body; after it has run, nothing holds the bytes."""

    def load() -> Body:
        try:
            attributes = loads(after)
            marks = loads(unknown) if unknown is not None and unknown is not UNSET else None
            return body(address, type, attributes, marks, loads(sensitive), provenances, complete)
        except msgspec.DecodeError:
            return Body(Damaged({}, damaged("the attributes cannot be decoded")))

    return load


def body(
    address: str,
    type: str,
    after: Any,
    unknown: Any,
    sensitive: Any,
    provenances: Provenances,
    complete: bool = True,
) -> Body:
    """Merge what is known, unknown and sensitive, and drop the secrets."""
    attributes = assemble(after, unknown, complete=complete)
    dropper = Dropper(type, lambda path: provenances.provenance(address, type, attributes, path))
    dropper.drop(attributes)
    return Body(
        conceal(attributes, sensitive), tuple(sorted(dropper.found, key=lambda item: item.path))
    )
