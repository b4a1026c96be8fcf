"""Builds Terraform plans from short YAML, for the examples of rules.

`!unknown` stands for a value known after apply, `!ref aws_subnet.a.id` (or a list of references)
for a reference to another resource, `!secret text` for a value that Terraform marks sensitive.
A plan is built in the form of `terraform show -json`: the values after apply, what is unknown and
sensitive in them, and the configuration's expressions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml


class Unknown(NamedTuple):
    """A value known after apply; `refs` are the references of its expression."""

    refs: tuple[str, ...] = ()


class Secret(NamedTuple):
    """A sensitive value."""

    text: str


class Loader(yaml.SafeLoader):
    """YAML with the tags above."""


def _ref(loader: Loader, node: yaml.Node) -> Unknown:
    if isinstance(node, yaml.SequenceNode):
        return Unknown(tuple(loader.construct_sequence(node)))
    assert isinstance(node, yaml.ScalarNode)
    return Unknown((str(loader.construct_scalar(node)),))


Loader.add_constructor("!unknown", lambda loader, node: Unknown())
Loader.add_constructor("!ref", _ref)
Loader.add_constructor("!secret", lambda loader, node: Secret(str(loader.construct_scalar(node))))

_ABSENT = object()


def plan(resources: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Build the plan that creates these resources, given by address `type.name` or `data.…`."""
    changes = []
    configured = []
    known_data = []
    taken = _taken(resources)
    for address, attributes in resources.items():
        is_data = address.startswith("data.")
        type, _, name = address.removeprefix("data.").partition(".")
        name, _, key = name.partition("[")
        provider = f"registry.terraform.io/hashicorp/{type.partition('_')[0]}"
        common = {
            "address": address,
            "mode": "data" if is_data else "managed",
            "type": type,
            "name": name,
            "provider_name": provider,
        }
        if key:
            common["index"] = json.loads(key.removesuffix("]"))
        after = _known(attributes)
        unknown = _marks(attributes, Unknown)
        # What others take from it and it does not say is computed by the provider.
        asked = taken.get(address.partition("[")[0], set())
        computed = dict.fromkeys(asked - {*attributes}, True)
        if computed:
            unknown = {**(unknown or {}), **computed}
        change = {
            "actions": ["read"] if is_data else ["create"],
            "before": None,
            "after": after,
            "after_unknown": unknown or {},
            "before_sensitive": False,
            "after_sensitive": _marks(attributes, Secret) or {},
        }
        if is_data and not unknown:
            known_data.append({**common, "values": after, "sensitive_values": {}})
        else:
            changes.append({**common, "change": change})
        if not key or key == "0]":
            configured.append(
                {
                    "address": address.partition("[")[0],
                    "mode": common["mode"],
                    "type": type,
                    "name": name,
                    "provider_config_key": type.partition("_")[0],
                    "expressions": {k: _expression(v) for k, v in attributes.items()},
                    "schema_version": 0,
                }
            )
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": changes,
        "prior_state": {
            "format_version": "1.0",
            "values": {"root_module": {"resources": known_data}},
        },
        "configuration": {
            "provider_config": {
                "aws": {
                    "name": "aws",
                    "expressions": {"region": {"constant_value": "eu-central-1"}},
                },
                "oci": {
                    "name": "oci",
                    "expressions": {"region": {"constant_value": "eu-frankfurt-1"}},
                },
            },
            "root_module": {"resources": configured},
        },
    }
    return json.dumps(document).encode()


def _taken(value: Any) -> dict[str, set[str]]:
    """The attributes that references take from each resource, by its address without an index."""
    found: dict[str, set[str]] = {}
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, Unknown):
            for ref in item.refs:
                parts = ref.split(".")
                size = 3 if parts[0] == "data" else 2
                if len(parts) > size:
                    address = ".".join(parts[:size]).partition("[")[0]
                    found.setdefault(address, set()).add(parts[size].partition("[")[0])
        elif isinstance(item, Mapping):
            pending += item.values()
        elif isinstance(item, list):
            pending += item
    return found


def _known(value: Any) -> Any:
    """The `after` of a value: unknown attributes left out, unknown elements null."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Secret):
        return value.text
    if isinstance(value, Mapping):
        return {k: _known(v) for k, v in value.items() if not isinstance(v, Unknown)}
    if isinstance(value, list):
        return [_known(item) for item in value]
    return value


def _marks(value: Any, kind: type) -> Any:
    """The tree that says where a kind of value stands; empty where there is none."""
    if isinstance(value, kind):
        return True
    if isinstance(value, Mapping):
        found = {k: _marks(v, kind) for k, v in value.items()}
        return {k: v for k, v in found.items() if v not in (None, False, {}, [])} or None
    if isinstance(value, list):
        items = [_marks(item, kind) for item in value]
        if all(item in (None, False, {}) for item in items):
            return None
        fillers = ({} if isinstance(item, Mapping) else False for item in value)
        return [mark or filler for mark, filler in zip(items, fillers, strict=True)]
    return None


def _expression(value: Any) -> Any:
    if isinstance(value, Unknown):
        refs = [part for ref in value.refs for part in _with_parents(ref)]
        # A variable would be known in a plan; what a resource outside of it makes is not.
        return {"references": refs or ["random_id.elsewhere.hex", "random_id.elsewhere"]}
    if isinstance(value, Secret):
        return {"references": ["var.given_at_run_time"]}
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        return [{k: _expression(v) for k, v in item.items()} for item in value]
    if isinstance(value, list) and any(isinstance(item, Unknown) for item in value):
        refs = [
            part
            for item in value
            if isinstance(item, Unknown)
            for ref in item.refs
            for part in _with_parents(ref)
        ]
        return {"references": refs}
    return {"constant_value": value}


def _with_parents(reference: str) -> list[str]:
    """Terraform lists `aws_subnet.a.id` and then `aws_subnet.a`."""
    parts = reference.split(".")
    size = 3 if parts[0] == "data" else 2
    return [reference] if len(parts) <= size else [reference, ".".join(parts[:size])]
