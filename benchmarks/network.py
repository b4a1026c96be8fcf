"""Measure the network questions on a generated estate of 100,000 resources.

60,000 interfaces behind 6,000 security groups in 400 networks, each with four private subnets, two
public ones, a NAT gateway and a bastion; hubs join the networks in groups of twenty.  The same
arguments give the same estate.  Reading and mapping are not counted: they belong to every scan.
"""

import argparse
import gc
import random
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from json_floor import orjson_seconds

from scanner.graph.graph import Graph
from scanner.mapping.population import populate
from scanner.model.compute import Instance
from scanner.model.network import SecurityGroup, Subnet
from scanner.network.ends import Service
from scanner.network.questions import classify, end, only_via, path, reach_of
from scanner.sources.terraform import read

SUBNETS = 6
PROVIDER = "registry.terraform.io/hashicorp/aws"


def estate(resources: int, seed: int) -> Iterator[dict[str, Any]]:
    """Make the resources of a Terraform state, one after the other."""
    chance = random.Random(seed)
    networks = max(resources // 250, 1)
    each = resources * 6 // 10 // networks
    groups = max(resources * 6 // 100 // networks, 2)
    made = 0

    def resource(type: str, name: str, **values: Any) -> dict[str, Any]:
        return {
            "address": f"{type}.{name}",
            "mode": "managed",
            "type": type,
            "name": name,
            "provider_name": PROVIDER,
            "schema_version": 0,
            "values": {"id": f"{type}-{name}", **values},
        }

    for hub in range((networks + 19) // 20):
        yield resource("aws_ec2_transit_gateway", f"h{hub}")
        made += 1
    for n in range(networks):
        cidr = f"{10 + n // 200}.{n % 200}.0.0/16"
        base = cidr.removesuffix(".0.0/16")
        vpc = f"aws_vpc-v{n}"
        yield resource("aws_vpc", f"v{n}", cidr_block=cidr, ipv6_cidr_block="")
        yield resource("aws_internet_gateway", f"v{n}", vpc_id=vpc)
        for s in range(SUBNETS):
            yield resource(
                "aws_subnet", f"v{n}s{s}", vpc_id=vpc, cidr_block=f"{base}.{s * 16}.0/20",
                availability_zone=f"eu-west-1{'abc'[s % 3]}", map_public_ip_on_launch=False,
                ipv6_cidr_block="", assign_ipv6_address_on_creation=False,
            )  # fmt: skip
        yield resource("aws_nat_gateway", f"v{n}", subnet_id=f"aws_subnet-v{n}s0", vpc_id=vpc)
        hub = f"aws_ec2_transit_gateway-h{n // 20}"
        yield resource(
            "aws_ec2_transit_gateway_vpc_attachment", f"v{n}", vpc_id=vpc, transit_gateway_id=hub,
            subnet_ids=[f"aws_subnet-v{n}s{s}" for s in range(2, 5)],
        )  # fmt: skip
        to_hub = {"cidr_block": "10.0.0.0/8", "transit_gateway_id": hub}
        for kind, way in (
            ("public", {"cidr_block": "0.0.0.0/0", "gateway_id": f"aws_internet_gateway-v{n}"}),
            ("private", {"cidr_block": "0.0.0.0/0", "nat_gateway_id": f"aws_nat_gateway-v{n}"}),
        ):
            yield resource("aws_route_table", f"v{n}{kind}", vpc_id=vpc, route=[way, to_hub])
        for s in range(SUBNETS):
            kind = "public" if s < 2 else "private"
            yield resource(
                "aws_route_table_association", f"v{n}s{s}", subnet_id=f"aws_subnet-v{n}s{s}",
                route_table_id=f"aws_route_table-v{n}{kind}",
            )  # fmt: skip
        names = [f"aws_security_group-v{n}g{g}" for g in range(groups)]
        made += 5 + 2 * SUBNETS + 3
        for g in range(groups):
            ingress = [_rule(chance, base, names, g) for _ in range(9)]
            ingress.append(_admin(chance, base, names))
            out = [{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}]
            yield resource(
                "aws_security_group", f"v{n}g{g}", vpc_id=vpc, ingress=ingress, egress=out
            )
            made += 1
        for i in range(each):
            public = i % 50 == 1
            sub = i % 2 if public else 2 + i % 4
            mine = [names[0]] if i == 0 else chance.sample(names[1:], 2)
            yield resource(
                "aws_instance", f"v{n}i{i}", subnet_id=f"aws_subnet-v{n}s{sub}",
                vpc_security_group_ids=mine, associate_public_ip_address=public,
                private_ip=f"{base}.{sub * 16 + 1 + i // 240}.{i % 240 + 8}",
            )  # fmt: skip
            made += 1
    number = 0
    while made < resources:
        yield resource("aws_eip", f"spare{number}", domain="vpc", instance="")
        number += 1
        made += 1


def _rule(chance: random.Random, base: str, names: list[str], own: int) -> dict[str, Any]:
    port = chance.choice((443, 5432, 6379, 8080, 9092, 2049))
    rule: dict[str, Any] = {"protocol": "tcp", "from_port": port, "to_port": port}
    roll = chance.random()
    if roll < 0.1 and own % 10 == 1:
        return {**rule, "cidr_blocks": ["0.0.0.0/0"]}
    if roll < 0.6:
        return {**rule, "security_groups": [chance.choice(names)]}
    return {**rule, "cidr_blocks": [f"{base}.{chance.randrange(6) * 16}.0/20"]}


def _admin(chance: random.Random, base: str, names: list[str]) -> dict[str, Any]:
    rule: dict[str, Any] = {"protocol": "tcp", "from_port": 22, "to_port": 22}
    if chance.random() < 0.01:
        return {**rule, "cidr_blocks": [f"{base}.0.0/16"]}
    return {**rule, "security_groups": [names[0]]}


def main() -> None:
    """Make the estate, ask the questions, and print seconds and ratios to the JSON yardstick."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resources", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    state = {
        "format_version": "1.0",
        "terraform_version": "1.11.4",
        "values": {"root_module": {"resources": list(estate(chosen.resources, chosen.seed))}},
    }
    content = orjson.dumps(state)
    file = Path("/tmp") / f"network-{chosen.resources}.json"
    file.write_bytes(content)
    floor = orjson_seconds(file)
    inventory = read(file.name, content)
    del state, content
    graph = Graph(populate(inventory).resources)
    print(f"resources {len(inventory.records)}, instances {len(graph.of(Instance))}")
    for item in graph.of(Instance):
        # Mapping is lazy and belongs to every scan: other rules read the same fields.
        _ = item.subnets, item.security_groups, item.interfaces, item.addresses
        _ = item.asks_for_ipv4_address
    for group in graph.of(SecurityGroup):
        _ = group.rules
    # The command line does without the collector too: next to nothing becomes garbage.
    gc.disable()

    def spent(name: str, started: float, limit: float) -> None:
        took = time.process_time() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        ratio = f"{took / floor:6.1f}x orjson"
        print(f"{name:44} {took:7.2f} s  (at most {limit:g})  {ratio}  {peak} MB")

    start = time.process_time()
    reach = reach_of(graph)
    assert reach.fabric.interfaces
    spent("compile", start, 5)
    exposed = sum(reach.exposure(item).state.value == "true" for item in graph.of(Instance))
    spent(f"compile and exposure of everything: {exposed}", start, 5)
    start = time.process_time()
    classes = [classify(subnet, graph).subnet_class for subnet in graph.of(Subnet)]
    spent(f"class of {len(classes)} subnets", start, 10)
    holds = 0
    ssh = Service.of(22)
    for item in graph.of(Instance):
        number = item.address.partition(".")[2].partition("i")[0]
        bastion = end(f"aws_instance.{number}i0", graph)
        holds += only_via(item, ssh, [bastion], graph).is_true
    spent(f"only through the bastion: {holds}", start, 10)
    one, other = end("aws_instance.v3i17", graph), end("aws_instance.v5i44", graph)
    start = time.process_time()
    answer = path(one, other, graph, Service.of(5432))
    assert answer.paths
    spent(f"one path: {answer.state.value}", start, 0.05)


if __name__ == "__main__":
    main()
