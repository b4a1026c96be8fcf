"""Write a large Terraform plan: many environments of a company, some of them with faults.

The resources come from real plans of `environment/` (see README.md); this repeats them under
other names, ids and sizes. The same arguments give the same bytes.
"""

import argparse
import gzip
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TextIO

from faults import Fault, break_expressions, break_values, charged_address, possible_faults

TEMPLATE = Path(__file__).parent / "environment.json.gz"
RESOURCES_PER_ENVIRONMENT = 288
APPLIED_SHARE = 0.2
ENVIRONMENT = "module.env_000"
SERVICES = tuple(
    f"{ENVIRONMENT}.module.{name}"
    for name in ("billing", "catalog", "checkout", "notify", "search", "shipping")
)
# Types whose instances nothing refers to one by one, so an environment may have fewer.
SPARE_TYPES = {
    "aws_ebs_volume",
    "aws_iam_policy",
    "aws_iam_role_policy_attachment",
    "aws_instance",
    "aws_network_acl_rule",
    "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule",
}
NEEDED_KEYS = {"auditor", "deploy", "developer", "operator", "read"}
# What the provider makes up: hexadecimal ids, with a letter, unlike numbers of accounts.
# The machine image is no id of the environment's own.
MADE_ID = re.compile(r"(?<!ami-)\b(?=[0-9]*[a-f])[0-9a-f]{10,17}\b")


def dumps(value: Any) -> str:
    """Return compact JSON as Go writes it, with `<`, `>` and `&` escaped."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@dataclass(frozen=True)
class Environment:
    """What one environment has of the template, and what is wrong in it."""

    number: int
    name: str
    seed: str
    state: str
    resources: tuple[dict[str, Any], ...]
    dropped_modules: frozenset[str]
    faults: dict[str, Fault]

    def own(self, text: str) -> str:
        """Return the template's text with this environment's names, addresses and ids."""
        text = text.replace("env_000", self.name).replace("env-000", self.name.replace("_", "-"))
        text = text.replace("10.0.", f"10.{self.number % 256}.")
        if self.state == "create":
            return text
        key = int.from_bytes(sha256(f"{self.seed}/{self.name}".encode()).digest()[:8], "big")
        ids: dict[str, str] = {}

        def made_id(match: re.Match[str]) -> str:
            old = match[0]
            if old not in ids:
                mask = (1 << 4 * len(old)) - 1
                ids[old] = f"{int(old, 16) ^ (key & mask):0{len(old)}x}"
            return ids[old]

        return MADE_ID.sub(made_id, text)


class Plan:
    """A plan to be written, of as many environments as the number of resources takes."""

    def __init__(self, resources: int, *, seed: int, bad: float) -> None:
        """Decide what is in each environment."""
        self.template: dict[str, Any] = json.loads(gzip.decompress(TEMPLATE.read_bytes()))
        # The text of resources without a fault, made once.
        self._texts: dict[tuple[str, str, str], str] = {}
        count = -(-resources // RESOURCES_PER_ENVIRONMENT)
        chance = random.Random(f"{seed}/plan")
        applied = set(chance.sample(range(count), round(count * APPLIED_SHARE)))
        sizes = [resources // count + (number < resources % count) for number in range(count)]
        width = max(3, len(str(count - 1)))
        self.environments = [
            self._environment(
                number,
                f"env_{number:0{width}}",
                str(seed),
                "applied" if number in applied else "create",
                size,
                bad,
            )
            for number, size in enumerate(_uneven(sizes, len(self.template["resources"]), chance))
        ]

    def _environment(
        self, number: int, name: str, seed: str, state: str, size: int, bad: float
    ) -> Environment:
        chance = random.Random(f"{seed}/{name}")
        resources, dropped = _shrink(self.template["resources"], size, chance)
        faults = {}
        for resource in resources:
            possible = possible_faults(resource["type"], resource[state]["after"])
            if possible and chance.random() < bad:
                faults[resource["address"]] = chance.choice(possible)
        return Environment(number, name, seed, state, tuple(resources), dropped, faults)

    def truth(self) -> list[dict[str, str]]:
        """Return the planted faults with the addresses they are charged to."""
        return [
            {
                "address": environment.own(charged_address(resource["address"], resource["type"])),
                "fault": environment.faults[resource["address"]].name,
            }
            for environment in self.environments
            for resource in environment.resources
            if resource["address"] in environment.faults
        ]

    def write(self, out: TextIO) -> None:
        """Write the plan, one environment's part in memory at a time."""
        template = self.template
        out.write(
            '{"format_version":"1.2",'
            f'"terraform_version":{dumps(template["terraform_version"])},'
            f'"variables":{dumps(template["variables"])},"planned_values":{{"outputs":{{'
        )
        self._write_joined(out, (self._outputs(one, "planned") for one in self.environments))
        out.write('},"root_module":{"child_modules":[')
        self._write_joined(out, (one.own(self._planned(one)) for one in self.environments))
        out.write(']}},"resource_changes":[')
        # Terraform lists the shallow modules first, then the deeper ones.
        depths = sorted({_depth(resource) for resource in template["resources"]})
        self._write_joined(
            out,
            (
                one.own(
                    ",".join(self._text(one, r, "change") for r in one.resources if _depth(r) == d)
                )
                for d in depths
                for one in self.environments
            ),
        )
        out.write('],"output_changes":{')
        self._write_joined(out, (self._outputs(one, "change") for one in self.environments))
        aws = dumps(template["provider_config"]["aws"])
        out.write(f'}},"configuration":{{"provider_config":{{"aws":{aws},')
        self._write_joined(out, (self._providers(one) for one in self.environments))
        out.write('},"root_module":{"outputs":{')
        outputs = _inside(template["root_outputs"])
        self._write_joined(out, (one.own(outputs) for one in self.environments))
        out.write('},"module_calls":{')
        self._write_joined(out, (one.own(self._call(one)) for one in self.environments))
        out.write(
            f'}},"variables":{dumps(template["root_variables"])}}}}},'
            '"timestamp":"2026-01-01T00:00:00Z","applyable":true,"complete":true,"errored":false}\n'
        )

    @staticmethod
    def _write_joined(out: TextIO, parts: Iterator[str]) -> None:
        separator = ""
        for part in parts:
            if part:
                out.write(separator)
                out.write(part)
                separator = ","

    def _outputs(self, environment: Environment, kind: str) -> str:
        return environment.own(_inside(self.template["outputs"][environment.state][kind]))

    def _text(self, environment: Environment, resource: dict[str, Any], kind: str) -> str:
        render = _planned_resource if kind == "planned" else _resource_change
        state = environment.state
        fault = environment.faults.get(resource["address"])
        if fault:
            return dumps(render(resource, state, break_values(resource[state], fault)))
        key = (resource["address"], state, kind)
        if key not in self._texts:
            self._texts[key] = dumps(render(resource, state, resource[state]))
        return self._texts[key]

    def _planned(self, environment: Environment) -> str:
        modules: dict[str, list[str]] = defaultdict(list)
        children: dict[str, set[str]] = defaultdict(set)
        for resource in environment.resources:
            module = resource["module_address"]
            modules[module].append(self._text(environment, resource, "planned"))
            while module != ENVIRONMENT:
                parent = module.rpartition(".module.")[0]
                children[parent].add(module)
                module = parent

        def render(module: str) -> str:
            parts = []
            if module in modules:
                parts.append(f'"resources":[{",".join(modules[module])}]')
            parts.append(f'"address":"{module}"')
            if module in children:
                inner = ",".join(render(child) for child in sorted(children[module]))
                parts.append(f'"child_modules":[{inner}]')
            return f"{{{','.join(parts)}}}"

        return render(ENVIRONMENT)

    def _providers(self, environment: Environment) -> str:
        kept = {
            key: value
            for key, value in self.template["provider_config"].items()
            if key != "aws" and value["module_address"] not in environment.dropped_modules
        }
        return environment.own(_inside(kept))

    def _call(self, environment: Environment) -> str:
        calls = json.loads(dumps(self.template["module_calls"]))
        for dropped in environment.dropped_modules:
            del _module(calls, dropped.rpartition(".module.")[0])["module_calls"][
                dropped.rpartition(".")[2]
            ]
        instances = Counter(_block(resource) for resource in environment.resources)
        for resource in environment.resources:
            index = resource.get("index")
            fault = environment.faults.get(resource["address"])
            # An instance of several differs by what it is given, not by the common expressions.
            if index != 0 and (fault is None or index is not None):
                continue
            module = _module(calls, resource["module_address"])
            (block,) = (
                block
                for block in module["resources"]
                if (block["type"], block["name"]) == (resource["type"], resource["name"])
            )
            if index == 0:
                block["count_expression"] = {"constant_value": instances[_block(resource)]}
            elif fault:
                break_expressions(block["expressions"], fault)
        return _inside(calls)


def _uneven(sizes: list[int], most: int, chance: random.Random) -> list[int]:
    """Move some resources from one environment of a pair to the other."""
    sizes = list(sizes)
    for left in range(0, len(sizes) - 1, 2):
        # Small ones have nothing to spare.
        spare = min(8, most - sizes[left]) if sizes[left + 1] >= 200 else 0
        moved = chance.randint(0, spare)
        sizes[left] += moved
        sizes[left + 1] -= moved
    return sizes


def _shrink(
    resources: list[dict[str, Any]], size: int, chance: random.Random
) -> tuple[list[dict[str, Any]], frozenset[str]]:
    """Return exactly `size` of the resources, and the modules left out as a whole."""
    service_sizes = Counter(resource["module_address"] for resource in resources)
    services = list(SERVICES)
    dropped: set[str] = set()
    while services and len(resources) - size >= service_sizes[services[0]]:
        service = services.pop(chance.randrange(len(services)))
        dropped.add(service)
        resources = [one for one in resources if one["module_address"] != service]
    spare: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for resource in resources:
        index = resource.get("index")
        if resource["type"] in SPARE_TYPES and index is not None and index not in NEEDED_KEYS:
            spare[_block(resource)].append(resource)
    gone: set[str] = set()
    for _ in range(len(resources) - size):
        blocks = [block for block, instances in spare.items() if len(instances) > 1]
        if not blocks:
            raise SystemExit(
                f"--resources: an environment of {size} cannot be made, only of "
                f"{len(resources) - len(gone)} to {RESOURCES_PER_ENVIRONMENT}"
            )
        instances = spare[chance.choice(blocks)]
        # `count` leaves out the last ones, `for_each` any.
        last = isinstance(instances[0]["index"], int)
        gone.add(instances.pop(-1 if last else chance.randrange(len(instances)))["address"])
    return [one for one in resources if one["address"] not in gone], frozenset(dropped)


def _depth(resource: dict[str, Any]) -> int:
    return str(resource["module_address"]).count("module.")


def _block(resource: dict[str, Any]) -> str:
    return f"{resource['module_address']}.{resource['type']}.{resource['name']}"


def _inside(value: dict[str, Any]) -> str:
    return dumps(value)[1:-1]


def _module(calls: dict[str, Any], address: str) -> dict[str, Any]:
    module: dict[str, Any] = {"module_calls": calls}
    for name in address.removeprefix("module.").split(".module."):
        module = module["module_calls"][name]["module"]
    return module


def _planned_resource(resource: dict[str, Any], state: str, change: dict[str, Any]) -> Any:
    hidden = {"module_address", "create", "applied"}
    return {
        **{key: value for key, value in resource.items() if key not in hidden},
        "values": change["after"],
        "sensitive_values": change["after_sensitive"],
    }


def _resource_change(resource: dict[str, Any], state: str, change: dict[str, Any]) -> Any:
    hidden = {"schema_version", "create", "applied"}
    applied = state == "applied"
    return {
        **{key: value for key, value in resource.items() if key not in hidden},
        "change": {
            "actions": ["no-op" if applied else "create"],
            "before": change["after"] if applied else None,
            "after": change["after"],
            "after_unknown": change["after_unknown"],
            "before_sensitive": change["after_sensitive"] if applied else False,
            "after_sensitive": change["after_sensitive"],
        },
    }


def main() -> None:
    """Write the plan and, if asked for, what is wrong in it."""
    parser = argparse.ArgumentParser(description="Write a large Terraform plan.")
    parser.add_argument("--resources", type=int, required=True, help="how many")
    parser.add_argument("--out", type=Path, required=True, help="the plan JSON to write")
    parser.add_argument("--truth", type=Path, help="a list of the planted faults to write")
    parser.add_argument("--seed", type=int, default=7, help="another plan of the same size")
    parser.add_argument(
        "--bad",
        type=float,
        default=0.125,
        help="chance of a fault on each resource that can have one (about two in three can)",
    )
    arguments = parser.parse_args()
    if arguments.resources < 1:
        parser.error("--resources: at least one environment is needed")
    plan = Plan(arguments.resources, seed=arguments.seed, bad=arguments.bad)
    with arguments.out.open("w", encoding="utf-8", newline="\n") as out:
        plan.write(out)
    if arguments.truth:
        lines = ",\n".join(dumps(entry) for entry in plan.truth())
        arguments.truth.write_text(f"[\n{lines}\n]\n" if lines else "[]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
