"""Reads Terraform states: `terraform show -json` of one, and raw state files of version 4."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Raw

from scanner.errors import NotTerraformError
from scanner.record import Body, Gap, Inventory, Location, Record, Source
from scanner.sources.terraform.address import Name, module_of, write
from scanner.sources.terraform.body import Damaged, damaged
from scanner.sources.terraform.configuration import Plan
from scanner.sources.terraform.decode import (
    Document,
    RawInstance,
    RawResource,
    StateModule,
    Values,
    loads,
    salvage,
)
from scanner.sources.terraform.instances import Entry, World
from scanner.sources.terraform.locations import place
from scanner.sources.terraform.plan import warn_version
from scanner.sources.terraform.records import body, loader
from scanner.sources.terraform.repair import state_module
from scanner.sources.terraform.resolve import References


class Reading:
    """One state on its way into an inventory."""

    def __init__(self, name: str, document: Document) -> None:
        self.name = name
        self.document = document
        self.warnings: list[str] = []
        self.gaps: list[Gap] = []
        self.records: list[Record] = []
        self.entries: list[Entry] = []
        self.seen: set[str] = set()
        self.references = References(Plan(None, {}, known=False), World(self.entries))

    def shown(self) -> Inventory:
        """Read the output of `terraform show -json`."""
        values = self.document.values
        if "values" in self.document.damaged:
            root, count = state_module(self.document.damaged["values"])
            values = Values(root)
            self._damage(count)
        pending: list[StateModule] = [] if values is None else [values.root_module]
        while pending:
            module = pending.pop()
            for item in module.resources:
                if item.deposed_key is None:
                    name = Name(item.mode, item.type, item.name)
                    load = loader(
                        item.address,
                        item.type,
                        item.values,
                        None,
                        item.sensitive_values,
                        self.references,
                    )
                    self._add(item.address, name, module.address, item.index, load, item.values)
            pending.extend(reversed(module.child_modules))
        warn_version(self.name, self.document, self.warnings)
        return self._inventory(self.document.format_version or "")

    def raw(self) -> Inventory:
        """Read a state file."""
        version = self.document.version
        if version is not None and version < 4:
            raise NotTerraformError(
                self.name,
                f"is a state file of version {version}, from before Terraform 0.12",
                "let a newer Terraform upgrade it, or scan `terraform show -json`",
            )
        if version is not None and version > 4:
            self.warnings.append(
                f"{self.name}: state version {version} is newer than 4; what is new is not read"
            )
        resources = self.document.resources or []
        if "resources" in self.document.damaged:
            resources, count = salvage(self.document.damaged["resources"], RawResource)
            self._damage(count)
        for resource in resources:
            for instance in resource.instances:
                if instance.deposed is None:
                    self._instance(resource, instance)
        return self._inventory(str(version or ""))

    def _instance(self, resource: RawResource, instance: RawInstance) -> None:
        name = Name(resource.mode, resource.type, resource.name)
        address = write(module_of(resource.module), name, instance.index_key)
        raw = instance.attributes
        marks = instance.sensitive_attributes
        references = self.references

        def load() -> Body:
            try:
                content, sensitive = loads(raw), loads(marks)
            except msgspec.DecodeError:
                return Body(Damaged({}, damaged("the attributes cannot be decoded")))
            if content is None:
                return Body(Damaged({}, damaged("the attributes are of an old format")))
            tree = _marks(sensitive)
            return body(address, resource.type, content, None, tree, references)

        self._add(address, name, resource.module, instance.index_key, load, raw)

    def _add(
        self,
        address: str,
        name: Name,
        module: str,
        key: str | int | None,
        load: Any,
        values: Raw,
    ) -> None:
        if address in self.seen:
            return
        self.seen.add(address)
        record = Record(
            name.type,
            address,
            load,
            managed=name.mode != "data",
            location=place(name.type, values, Location()),
            resolver=self.references,
        )
        self.records.append(record)
        self.entries.append(Entry(module, name, key, record))

    def _damage(self, count: int) -> None:
        if count:
            reason = f"damaged in the state: {count} resources could not be read"
            self.warnings.append(f"{self.name}: {reason}")
            self.gaps.append(Gap(self.name, reason))

    def _inventory(self, version: str) -> Inventory:
        source = Source(
            self.name, "terraform state", version, self.document.terraform_version or ""
        )
        return Inventory(self.records, (source,), tuple(self.gaps), warnings=tuple(self.warnings))


def _marks(paths: Any) -> Any:
    """Make a tree of marks from the paths of a state file; hide everything if it cannot be read."""
    if not paths:
        return None
    tree: dict[str, Any] = {}
    if not isinstance(paths, list):
        return True
    for path in paths:
        if not isinstance(path, list) or not path:
            return True
        # Only the attribute itself: an index below it would need the element's identity in a set.
        step = path[0]
        name = step.get("value") if isinstance(step, dict) else None
        if not isinstance(name, str):
            return True
        names = [item.get("value") for item in path if isinstance(item, dict)]
        if len(names) == len(path) and all(isinstance(item, str) for item in names):
            _mark(tree, [str(item) for item in names])
        else:
            tree[name] = True
    return tree


def _mark(tree: dict[str, Any], names: list[str]) -> None:
    for name in names[:-1]:
        below = tree.setdefault(name, {})
        if below is True:
            return
        tree = below
    tree[names[-1]] = True
