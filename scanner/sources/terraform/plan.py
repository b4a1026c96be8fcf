"""Reads plan JSON: the world as it will be after apply, and apart from it what goes away.

Format: https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec
from msgspec import UNSET, Raw, UnsetType

from scanner.record import Change, Deletion, Gap, Inventory, Record, Source
from scanner.sources.terraform.address import Name, parse
from scanner.sources.terraform.configuration import Plan
from scanner.sources.terraform.decode import (
    Deferred,
    Document,
    PriorState,
    ResourceChange,
    StateModule,
    StateResource,
    Values,
    Variable,
    loads,
    salvage,
)
from scanner.sources.terraform.instances import Entry, World
from scanner.sources.terraform.locations import Locations
from scanner.sources.terraform.records import loader
from scanner.sources.terraform.repair import configuration, state_module
from scanner.sources.terraform.resolve import References
from scanner.sources.terraform.sources import Sources

_DELETIONS: dict[tuple[str, ...], Literal["delete", "forget"]] = {
    ("delete",): "delete",
    ("forget",): "forget",
}
_CHANGES = {
    ("no-op",): Change.NONE,
    ("create",): Change.CREATE,
    ("read",): Change.READ,
    ("update",): Change.UPDATE,
    ("delete", "create"): Change.REPLACE,
    ("create", "delete"): Change.REPLACE,
    ("forget", "create"): Change.REPLACE,
    ("create", "forget"): Change.REPLACE,
}
_KNOWN_MAJORS = ("0", "1")


class Reading:
    """One plan on its way into an inventory."""

    def __init__(self, name: str, document: Document, sources: Sources | None = None) -> None:
        self.name = name
        self.document = document
        self.warnings: list[str] = []
        self.gaps: list[Gap] = []
        self.deletions: list[Deletion] = []
        self.records: list[Record] = []
        self.entries: list[Entry] = []
        self.seen: set[str] = set()
        self._mend()
        variables = {key: item.value for key, item in (document.variables or {}).items()}
        self.plan = Plan(document.configuration, variables, sources=sources)
        self.locations = Locations(self.plan)
        incomplete = self._incomplete()
        self.references = References(self.plan, World(self.entries), incomplete)

    def inventory(self) -> Inventory:
        """Read everything."""
        prior = self.document.prior_state
        read = list(_resources(prior.values if prior is not None else None))
        for item, module in read:
            if item.type == "aws_caller_identity" and item.mode == "data":
                name = Name("data", item.type, item.name)
                self.locations.account_of(module, name, item.values)
        for change in self.document.resource_changes or ():
            self._change(change)
        for item, module in read:
            if item.mode == "data":
                self._held(item, module, Change.NONE)
        for item, module in _resources(self.document.planned_values):
            if item.address not in self.seen:
                self._held(item, module, Change.NONE)
        self._notes()
        for deferred in self.document.deferred_changes or ():
            self._deferred(deferred)
        document = self.document
        source = Source(
            self.name,
            "terraform plan",
            document.format_version or "",
            document.terraform_version or "",
        )
        return Inventory(
            self.records, (source,), tuple(self.gaps), tuple(self.deletions), tuple(self.warnings)
        )

    def _change(self, item: ResourceChange) -> None:
        actions = tuple(item.change.actions)
        gone = _DELETIONS.get(actions)
        if item.deposed is not None:
            # A deposed object is the old half of a replacement; the live one has its own entry.
            if item.mode != "data":
                address = f"{item.address} (deposed)"
                self._delete(Deletion(item.type, address, gone or "delete"))
            return
        if gone is not None:
            if item.mode != "data":
                self._delete(Deletion(item.type, item.address, gone))
            self.seen.add(item.address)
            return
        change = _CHANGES.get(actions)
        if change is None:
            self.warnings.append(f"{item.address}: an unknown planned action; judged as an update")
            change = Change.UPDATE
        unknown = item.change.after_unknown
        said = unknown is not UNSET or change is Change.NONE
        name = Name(item.mode, item.type, item.name)
        self._add(
            item.address,
            name,
            item.module_address or "",
            item.index,
            change,
            item.change.after,
            unknown,
            item.change.after_sensitive,
            said,
        )

    def _held(self, item: StateResource, module: str, change: Change) -> None:
        if item.deposed_key is None:
            self._add(
                item.address,
                Name(item.mode, item.type, item.name),
                module,
                item.index,
                change,
                item.values,
                None,
                item.sensitive_values,
                True,
            )

    def _add(
        self,
        address: str,
        name: Name,
        module: str,
        key: str | int | None,
        change: Change,
        after: Raw,
        unknown: Raw | UnsetType | None,
        sensitive: Raw,
        complete: bool,
    ) -> None:
        if address in self.seen:
            return
        self.seen.add(address)
        if not name.name:
            parts = parse(address)
            name = parts.name if parts is not None else name
        record = Record(
            name.type,
            address,
            loader(address, name.type, after, unknown, sensitive, self.references, complete),
            managed=name.mode != "data",
            change=change,
            location=self.locations.find(module, name, after),
            resolver=self.references,
        )
        self.records.append(record)
        self.entries.append(Entry(module, name, key, record))

    def _delete(self, deletion: Deletion) -> None:
        if deletion not in self.deletions[-8:]:
            self.deletions.append(deletion)

    def _mend(self) -> None:
        """Read what can be read of the parts that have another shape than they should."""
        document = self.document
        for part, raw in sorted(document.damaged.items()):
            if part == "resource_changes":
                document.resource_changes, count = salvage(raw, ResourceChange)
                self._damage(part, count)
            elif part == "deferred_changes":
                document.deferred_changes, count = salvage(raw, Deferred)
                self._damage(part, count)
            elif part == "configuration":
                document.configuration, count = configuration(raw)
                self._damage(part, count)
            elif part in ("prior_state", "planned_values"):
                root, count = state_module(raw)
                if part == "prior_state":
                    document.prior_state = PriorState(Values(root))
                else:
                    document.planned_values = Values(root)
                self._damage(part, count)
            elif part == "variables":
                document.variables = _variables(raw)
                self._damage(part, 1)
            else:
                self.warnings.append(f"{self.name}: {part} has another type than it should")

    def _damage(self, part: str, count: int) -> None:
        if count:
            reason = f"damaged in the plan: {count} of {part} could not be read"
            self.warnings.append(f"{self.name}: {reason}")
            self.gaps.append(Gap(self.name, reason))

    def _incomplete(self) -> str:
        if self.gaps:
            return "the plan is damaged"
        if self.document.complete is False or self.document.errored:
            return "the plan is not complete"
        return ""

    def _notes(self) -> None:
        document = self.document
        if document.configuration is None:
            self.warnings.append(
                f"{self.name}: there is no configuration in it, so unknown references stay unknown"
            )
        if document.errored:
            reason = "planning ended with an error, so the plan holds only a part of the resources"
            self.warnings.append(f"{self.name}: {reason}")
            self.gaps.append(Gap(self.name, reason))
        elif document.complete is False:
            reason = "the plan says that it is not complete (targets or deferred changes)"
            self.warnings.append(f"{self.name}: {reason}")
            self.gaps.append(Gap(self.name, reason))
        warn_version(self.name, document, self.warnings)
        self._compare()

    def _compare(self) -> None:
        """Warn if the source given is not that of the plan."""
        root, sources = self.plan.area(()), self.plan.sources
        if sources is None or root is None or not self.plan.known:
            return
        differing = sources.root.differs(root.names())
        if differing:
            more = f" and {len(differing) - 3} more" if len(differing) > 3 else ""
            self.warnings.append(
                f"{self.name}: the source given is not what was planned ({', '.join(differing[:3])}"
                f"{more} differ); where they disagree, the plan counts"
            )

    def _deferred(self, deferred: Deferred) -> None:
        item = deferred.resource_change
        address = item.address if item is not None else "a resource"
        types = frozenset((item.type,)) if item is not None else frozenset[str]()
        cause = deferred.reason.replace("_", " ") or "no reason given"
        self.gaps.append(Gap(address, f"deferred to a later plan: {cause[:80]}", types))
        self.warnings.append(f"{address}: deferred to a later plan")


def read_plan(name: str, document: Document, sources: Sources | None = None) -> Inventory:
    """Give the inventory of a plan; the source adds what a plan does not show."""
    return Reading(name, document, sources).inventory()


def warn_version(name: str, document: Document, warnings: list[str]) -> None:
    """Warn of a format that is newer than what this was written for."""
    version = document.format_version or ""
    if version and version.partition(".")[0] not in _KNOWN_MAJORS:
        warnings.append(
            f"{name}: format version {version[:20]} is newer than 1.x; what is new is not read"
        )


def _resources(values: Values | None) -> Iterator[tuple[StateResource, str]]:
    """Walk the modules of a state representation, with each resource's module address."""
    pending: list[StateModule] = [] if values is None else [values.root_module]
    while pending:
        module = pending.pop()
        for item in module.resources:
            yield item, module.address
        pending.extend(reversed(module.child_modules))


def _variables(raw: Raw) -> dict[str, Variable]:
    try:
        found: Any = loads(raw)
    except msgspec.DecodeError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        key: Variable(item.get("value")) for key, item in found.items() if isinstance(item, dict)
    }
