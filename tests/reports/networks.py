"""Builds a scan of a small network, with findings that paths decided."""

from __future__ import annotations

from functools import cache

from scanner.engine import Scan
from scanner.finding import Finding
from scanner.graph.graph import Graph
from scanner.mapping.population import populate
from scanner.model.base import Resource
from scanner.network.chain import Answer, Chain, Ends, Gate, Tell, Told, ask, plainly
from scanner.network.packets import OPEN, SHUT, UNSURE, Packets, Pair, box
from scanner.network.questions import reach_of
from scanner.rule import Severity
from scanner.sources.terraform import read
from scanner.survey import Survey
from scanner.truth import Evidence, State
from tests.plans import Unknown, plan
from tests.reports.scans import HOSTILE, make_resource, make_rule, make_scan

CLOSED = make_rule(
    "instance-closed-to-the-internet",
    "Instances are not reached from the internet",
    Severity.CRITICAL,
)
ALLOWED = {"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["0.0.0.0/0"]}
OUT = {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}


def ref(name: str) -> Unknown:
    return Unknown((name,))


RESOURCES = {
    "aws_vpc.main": {"cidr_block": "10.20.0.0/16"},
    "aws_internet_gateway.main": {"vpc_id": ref("aws_vpc.main.id")},
    "aws_route_table.public": {
        "vpc_id": ref("aws_vpc.main.id"),
        "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": ref("aws_internet_gateway.main.id")}],
    },
    "aws_subnet.public": {"vpc_id": ref("aws_vpc.main.id"), "cidr_block": "10.20.0.0/24"},
    "aws_subnet.store": {"vpc_id": ref("aws_vpc.main.id"), "cidr_block": "10.20.1.0/24"},
    "aws_subnet.other": {"vpc_id": ref("aws_vpc.main.id"), "cidr_block": "10.20.2.0/24"},
    "aws_route_table_association.public": {
        "subnet_id": ref("aws_subnet.public.id"),
        "route_table_id": ref("aws_route_table.public.id"),
    },
    "aws_route_table_association.other": {
        "subnet_id": ref("aws_subnet.other.id"),
        "route_table_id": Unknown(),
    },
    "aws_security_group.web": {
        "vpc_id": ref("aws_vpc.main.id"),
        "ingress": [ALLOWED],
        "egress": [OUT],
    },
    "aws_instance.web": {
        "ami": "ami-1",
        "instance_type": "t3.small",
        "subnet_id": ref("aws_subnet.public.id"),
        "vpc_security_group_ids": Unknown(("aws_security_group.web.id",)),
        "associate_public_ip_address": True,
    },
    "aws_instance.store": {
        "ami": "ami-1",
        "instance_type": "t3.small",
        "subnet_id": ref("aws_subnet.store.id"),
        "vpc_security_group_ids": Unknown(("aws_security_group.web.id",)),
        "associate_public_ip_address": False,
    },
    "aws_instance.other": {
        "ami": "ami-1",
        "instance_type": "t3.small",
        "subnet_id": ref("aws_subnet.public.id"),
        "vpc_security_group_ids": Unknown(("aws_security_group.web.id",)),
        "associate_public_ip_address": Unknown(),
    },
}


@cache
def graph() -> Graph:
    return Graph(populate(read("plan.json", plan(RESOURCES))).resources)


def instances() -> list[Resource]:
    found = {item.address: item for item in graph().resources if item.type == "aws_instance"}
    return [found[name] for name in sorted(found)]


def networked() -> Scan:
    """A scan with an open, a shut and an undecided path."""
    findings = [
        Finding(CLOSED, item, ~reach_of(graph()).exposure(item).truth, {}) for item in instances()
    ]
    return make_scan(findings, rules={CLOSED.id: CLOSED}, frameworks=(), networks=Survey([graph()]))


def answer(*pairs: Pair, names: tuple[str, ...] = ("aws_instance.web",)) -> Answer:
    """An answer of one chain whose gates are these, each at one of the names in turn."""
    packets = Packets((box(protocol=(6, 6), port=(443, 443)),))
    gates = tuple(
        Gate("NET-SG-IN", names[place % len(names)], "filter", pair, _tell(pair, names[-1]))
        for place, pair in enumerate(pairs)
    )
    return ask([Chain(Ends("internet", names[0], packets), gates)])


def _tell(pair: Pair, text: str) -> Tell:
    if pair is UNSURE:
        told = Told("not known", (Evidence(text, text),))

        def tell(packets: Packets, state: State) -> Told:
            return told

        return tell
    return plainly(text)


def hostile() -> Scan:
    """A scan in which many paths have hostile names."""
    findings = [
        Finding(
            CLOSED,
            make_resource(f"aws_instance.x[{place}{number}]", "aws_instance"),
            ~answer(*pairs, names=(text, "x")).truth,
            {},
        )
        for place, text in enumerate(HOSTILE)
        for number, pairs in enumerate(((OPEN, OPEN), (OPEN, SHUT), (OPEN, UNSURE)))
    ]
    return make_scan(findings, rules={CLOSED.id: CLOSED}, frameworks=(), networks=Survey([graph()]))
