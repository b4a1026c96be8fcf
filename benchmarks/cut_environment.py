"""Cut two Terraform plans of `environment/` down to the template that `make_plan.py` repeats.

One plan is of an environment that does not exist yet, the other of the same one when applied.
"""

import argparse
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# The plans are made without a cloud, where a stand-in for the provider answers with
# `acl-1f00ba` for what AWS would leave empty.
PLACEHOLDER = re.compile(r"^([a-z_0-9]+)-[0-9a-f]{6}$")
BLANK = {
    "host_id",
    "host_resource_group_arn",
    "outpost_arn",
    "placement_group_id",
    "spot_instance_request_id",
}


def cut(create: dict[str, Any], applied: dict[str, Any]) -> dict[str, Any]:
    """Return what the two plans say, each thing once."""
    root = create["configuration"]["root_module"]
    schema_versions = {
        resource["address"]: resource["schema_version"]
        for resource in _planned(create["planned_values"]["root_module"])
    }
    (vpc_id,) = (
        resource["change"]["after"]["id"]
        for resource in applied["resource_changes"]
        if resource["type"] == "aws_vpc"
    )
    resources = []
    for new, old in zip(create["resource_changes"], applied["resource_changes"], strict=True):
        if new["address"] != old["address"] or old["change"]["actions"] != ["no-op"]:
            raise SystemExit(f"{new['address']}: the second plan is not of the applied first one")
        resource = {key: value for key, value in new.items() if key != "change"}
        unknown = new["change"]["after_unknown"]
        resource["schema_version"] = schema_versions[new["address"]]
        resource["create"] = {
            key: new["change"][key] for key in ("after", "after_unknown", "after_sensitive")
        }
        after = _without_placeholders(old["change"]["after"], unknown)
        if unknown.get("vpc_id") is True:
            # The provider tells the network of a load balancer; the stand-in makes one up.
            after["vpc_id"] = vpc_id
        sensitive = {
            key: [] if after[key] == [] else value
            for key, value in old["change"]["after_sensitive"].items()
        }
        resource["applied"] = {
            "after": after,
            "after_unknown": {},
            "after_sensitive": sensitive,
        }
        resources.append(resource)
    return {
        "terraform_version": create["terraform_version"],
        "variables": create["variables"],
        "outputs": {
            name: {"planned": plan["planned_values"]["outputs"], "change": plan["output_changes"]}
            for name, plan in (("create", create), ("applied", applied))
        },
        "provider_config": create["configuration"]["provider_config"],
        "root_outputs": root["outputs"],
        "root_variables": root["variables"],
        "module_calls": root["module_calls"],
        "resources": resources,
    }


def _planned(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _planned(child)


def _without_placeholders(after: dict[str, Any], unknown: dict[str, Any]) -> dict[str, Any]:
    """Return the applied values without blocks and words that the stand-in made up."""
    cleaned = {
        # A block that nobody configured is empty, not filled with made-up rules or disks.
        key: []
        if unknown.get(key) is True and isinstance(value, list) and value and _is_block(value)
        else _clean(key, value)
        for key, value in after.items()
    }
    for key in BLANK & cleaned.keys() & unknown.keys():
        cleaned[key] = ""
    if cleaned.get("associate_public_ip_address") is False:
        cleaned["public_ip"] = ""
    return cleaned


def _is_block(value: list[Any]) -> bool:
    return isinstance(value[0], dict)


def _clean(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _clean(inner, item) for inner, item in value.items()}
    if isinstance(value, list):
        return [item for item in value if not _made_up(key.removesuffix("s"), item)] and [
            _clean(key, item) for item in value
        ]
    if _made_up(key, value) or (key == "policy" and value == "{}"):
        return ""
    return value


def _made_up(key: str, value: Any) -> bool:
    match = PLACEHOLDER.match(value) if isinstance(value, str) else None
    return match is not None and match[1] == key


def main() -> None:
    """Read the two plans, write the template."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("create", type=Path, help="plan JSON of the new environment")
    parser.add_argument("applied", type=Path, help="plan JSON of the applied environment")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "environment.json.gz")
    arguments = parser.parse_args()
    template = cut(
        json.loads(arguments.create.read_bytes()), json.loads(arguments.applied.read_bytes())
    )
    text = json.dumps(template, separators=(",", ":")).encode()
    arguments.out.write_bytes(gzip.compress(text, mtime=0))


if __name__ == "__main__":
    main()
