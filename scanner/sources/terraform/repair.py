"""Reads what is sound in a damaged configuration or state; counts what is not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
from msgspec import Raw

from scanner.sources.terraform.decode import (
    ConfigModule,
    ConfigResource,
    Configuration,
    ModuleCall,
    StateModule,
    StateResource,
    loads,
)

_DEPTH = 100

T = TypeVar("T", bound=msgspec.Struct)


def configuration(raw: Raw) -> tuple[Configuration | None, int]:
    """Read a configuration part by part."""
    found = _load(raw)
    if not isinstance(found, dict):
        return None, 1
    module, lost = _config_module(found.get("root_module"), 0)
    return Configuration(_raw(found.get("provider_config")), module), lost + 1


def state_module(raw: Raw) -> tuple[StateModule, int]:
    """Read the root module of a state, part by part, whatever wraps it."""
    found = _load(raw)
    for key in ("values", "root_module"):
        if isinstance(found, dict) and key in found:
            found = found[key]
    return _state_module(found, 0)


def _config_module(found: Any, depth: int) -> tuple[ConfigModule, int]:
    if not isinstance(found, dict) or depth > _DEPTH:
        return ConfigModule(), 1
    lost = 0
    resources: list[ConfigResource] = []
    for item in _items(found.get("resources")):
        kept = _kept(item, ConfigResource)
        resources.extend(kept)
        lost += not kept
    calls: dict[str, ModuleCall] = {}
    called = found.get("module_calls")
    for name, call in called.items() if isinstance(called, dict) else ():
        if not isinstance(call, dict):
            lost += 1
            continue
        module, below = _config_module(call.get("module"), depth + 1)
        lost += below
        source = call.get("source")
        calls[name] = ModuleCall(
            source if isinstance(source, str) else "",
            module,
            _raw(call.get("expressions")),
            _raw(call.get("for_each_expression")),
            _raw(call.get("count_expression")),
        )
    module = ConfigModule(
        resources, calls, _raw(found.get("outputs")), _raw(found.get("variables"))
    )
    return module, lost


def _state_module(found: Any, depth: int) -> tuple[StateModule, int]:
    if not isinstance(found, dict) or depth > _DEPTH:
        return StateModule(), 1
    lost = 0
    resources: list[StateResource] = []
    for item in _items(found.get("resources")):
        kept = _kept(item, StateResource)
        resources.extend(kept)
        lost += not kept
    children: list[StateModule] = []
    for child in _items(found.get("child_modules")):
        module, below = _state_module(child, depth + 1)
        children.append(module)
        lost += below
    address = found.get("address")
    return StateModule(address if isinstance(address, str) else "", resources, children), lost


def _kept(item: Any, type: type[T]) -> list[T]:
    try:
        return [msgspec.json.decode(msgspec.json.encode(item), type=type)]
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return []


def _items(found: Any) -> Iterable[Any]:
    return found if isinstance(found, list) else ()


def _raw(found: Any) -> Raw:
    return Raw(msgspec.json.encode(found))


def _load(raw: Raw) -> Any:
    try:
        return loads(raw)
    except msgspec.DecodeError:
        return None
