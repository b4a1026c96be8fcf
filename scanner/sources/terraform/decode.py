"""The shape of plan and state JSON, decoded only as far as every scan needs it.

Format: https://developer.hashicorp.com/terraform/internals/json-format.  What may not be needed
stays `Raw`, a view of the bytes that were read.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

Key = str | int | None
"""The key of an instance: a string of `for_each`, a number of `count`, or none."""


class Change(Struct, gc=False):
    """One planned change; `before` is never decoded."""

    actions: list[str] = []
    after: Raw = Raw(b"null")
    after_unknown: Raw | UnsetType = UNSET
    after_sensitive: Raw = Raw(b"null")


class ResourceChange(Struct, gc=False):
    """One entry of `resource_changes`."""

    address: str
    type: str
    change: Change
    name: str = ""
    mode: str = "managed"
    module_address: str | None = None
    index: Key = None
    deposed: str | None = None


class StateResource(Struct, gc=False):
    """One resource of `values` or `prior_state`."""

    address: str
    type: str
    name: str = ""
    mode: str = "managed"
    index: Key = None
    values: Raw = Raw(b"null")
    sensitive_values: Raw = Raw(b"null")
    deposed_key: str | None = None


class StateModule(Struct, gc=False):
    """One module of a state representation."""

    address: str = ""
    resources: list[StateResource] = []
    child_modules: list[StateModule] = []


class Values(Struct, gc=False):
    """A state representation; the outputs are left out."""

    root_module: StateModule = msgspec.field(default_factory=StateModule)


class PriorState(Struct, gc=False):
    """The state before the plan, which also holds the data sources that were read."""

    values: Values = msgspec.field(default_factory=Values)


class ConfigResource(Struct, gc=False):
    """One resource block of the configuration."""

    type: str = ""
    name: str = ""
    mode: str = "managed"
    provider_config_key: str = ""
    expressions: Raw = Raw(b"null")
    for_each_expression: Raw = Raw(b"null")
    count_expression: Raw = Raw(b"null")


class ConfigModule(Struct, gc=False):
    """One module of the configuration."""

    resources: list[ConfigResource] = []
    module_calls: dict[str, ModuleCall] = {}
    outputs: Raw = Raw(b"null")
    variables: Raw = Raw(b"null")


class ModuleCall(Struct, gc=False):
    """One call of a module, with the module's own configuration."""

    source: str = ""
    module: ConfigModule = msgspec.field(default_factory=ConfigModule)
    expressions: Raw = Raw(b"null")
    for_each_expression: Raw = Raw(b"null")
    count_expression: Raw = Raw(b"null")


class Configuration(Struct, gc=False):
    """The configuration that was planned; locals and dynamic blocks are not part of it."""

    provider_config: Raw = Raw(b"null")
    root_module: ConfigModule = msgspec.field(default_factory=ConfigModule)


class Variable(Struct, gc=False):
    """The value that a root variable had."""

    value: Any = None


class Deferred(Struct, gc=False):
    """A change that Terraform put off to a later plan."""

    reason: str = ""
    resource_change: ResourceChange | None = None


class RawInstance(Struct, gc=False):
    """One instance in a state file."""

    index_key: Key = None
    attributes: Raw = Raw(b"null")
    attributes_flat: Raw | UnsetType = UNSET
    sensitive_attributes: Raw = Raw(b"null")
    deposed: str | None = None


class RawResource(Struct, gc=False):
    """One resource in a state file."""

    type: str
    name: str
    mode: str = "managed"
    module: str = ""
    provider: str = ""
    instances: list[RawInstance] = []


class Document(Struct):
    """Whatever was read: a plan, a state representation, or a state file."""

    format_version: str | None = None
    terraform_version: str | None = None
    errored: bool | None = None
    complete: bool | None = None
    variables: dict[str, Variable] | None = None
    resource_changes: list[ResourceChange] | None = None
    deferred_changes: list[Deferred] | None = None
    configuration: Configuration | None = None
    prior_state: PriorState | None = None
    planned_values: Values | None = None
    values: Values | None = None
    version: int | None = None
    lineage: str | None = None
    resources: list[RawResource] | None = None
    provider_schemas: Raw | UnsetType = UNSET
    others: list[str] = msgspec.field(default_factory=list, name=" others")
    damaged: dict[str, Raw] = msgspec.field(default_factory=dict, name=" damaged")

    def has(self, name: str) -> bool:
        """Whether the document has this part, sound or damaged."""
        return name in self.damaged or getattr(self, name) is not None


def loads(raw: Raw | bytes) -> Any:
    """Decode JSON content; `DecodeError` where it is not JSON, whatever the cause."""
    try:
        return msgspec.json.decode(raw)
    except (RecursionError, UnicodeError) as error:
        raise msgspec.DecodeError(type(error).__name__) from None


def salvage(raw: Raw, item: type[Struct]) -> tuple[list[Any], int]:
    """Decode those elements of a damaged list that are sound; count the others."""
    try:
        parts = msgspec.json.decode(raw, type=list[Raw])
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return [], 1
    sound: list[Any] = []
    lost = 0
    for part in parts:
        try:
            sound.append(msgspec.json.decode(part, type=item))
        except (msgspec.DecodeError, RecursionError, UnicodeError):
            lost += 1
    return sound, lost
