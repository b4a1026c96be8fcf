"""Reads Terraform and OpenTofu plans and states, in whatever form they come."""

from __future__ import annotations

from pathlib import Path

import msgspec

from scanner.errors import NotTerraformError
from scanner.record import Inventory
from scanner.sources.terraform.document import bytes_of, parse, text_of
from scanner.sources.terraform.plan import read_plan
from scanner.sources.terraform.sources import Sources
from scanner.sources.terraform.state import Reading as State

_PLAN = ("resource_changes", "planned_values")
_EXPECTED = "expected a plan or a state: write it with `terraform show -json plan.out`"


def open_input(path: str, source: Path | None = None) -> Inventory:
    """Read a file, or standard input for `-`.

    `source` is the folder of the root module that was planned; a state has no use for it.
    """
    name, data = bytes_of(path)
    return _read(name, data, None if path == "-" else Path(path), source)


def read(name: str, data: bytes, source: Path | None = None) -> Inventory:
    """Read plan JSON, state JSON, a raw state file, or gzip of these."""
    return _read(name, data, None, source)


def _read(name: str, data: bytes, path: Path | None, source: Path | None) -> Inventory:
    sources = None if source is None else Sources(source)
    text = text_of(name, data, path)
    document = parse(name, text)
    if any(map(document.has, _PLAN)):
        return read_plan(name, document, sources)
    if document.has("format_version"):
        if document.provider_schemas:
            raise NotTerraformError(name, "holds provider schemas, not a plan", _EXPECTED)
        if document.has("values") or not document.has("configuration"):
            return State(name, document).shown()
        return read_plan(name, document, sources)
    if document.has("version") and (document.has("resources") or document.has("lineage")):
        return State(name, document).raw()
    found = f"is JSON, but no Terraform plan or state{_keys(text)}"
    raise NotTerraformError(name, found, _EXPECTED)


def _keys(text: bytes) -> str:
    """Name the keys that were found, shortened: they are somebody else's."""
    named = list(msgspec.json.decode(text, type=dict[str, msgspec.Raw]))
    if not named:
        return ": it is empty"
    shown = ", ".join(ascii(key[:40]) for key in named[:6])
    more = f" and {len(named) - 6} more" if len(named) > 6 else ""
    return f" (it has {shown}{more})"


__all__ = ["open_input", "read"]
