from __future__ import annotations

from typing import Any

import pytest

from scanner.model.network import Direction, NetworkAcl, PortRange
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

LATER = Unknown("known after apply")
TYPES = pytest.mark.parametrize("type", ["aws_network_acl", "aws_default_network_acl"])


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "rule_no": 100,
        "action": "allow",
        "protocol": "6",
        "from_port": 22,
        "to_port": 22,
        "cidr_block": "0.0.0.0/0",
        "ipv6_cidr_block": "",
        **changes,
    }


@TYPES
def test_inline_entries(type: str) -> None:
    body = {"ingress": [entry(), entry(rule_no=90, action="DENY")], "egress": [entry()]}
    allow, deny, out = mapped(NetworkAcl, record(type, body)).rules.content
    assert allow.allows.is_true
    assert allow.order.content == 100
    assert allow.ports.content == PortRange("tcp", 22, 22)
    assert allow.sources.content == ("0.0.0.0/0",)
    assert allow.stateless.is_true
    assert deny.allows.is_false
    assert out.direction is Direction.EGRESS


@TYPES
def test_separate_entries_and_subnets(type: str) -> None:
    owner = Pointer(f"{type}.a")
    rule = record(
        "aws_network_acl_rule",
        {
            "network_acl_id": owner,
            "rule_number": 10,
            "rule_action": "deny",
            "protocol": "icmp",
            "icmp_type": 3,
            "ipv6_cidr_block": "::/0",
            "egress": True,
        },
    )
    joint = record(
        "aws_network_acl_association", {"network_acl_id": owner, "subnet_id": Pointer("x.s")}
    )
    body = {"subnet_ids": LeftOut(), "ingress": LeftOut(), "egress": LeftOut()}
    acl = mapped(NetworkAcl, record(type, body), rule, joint)
    (found,) = acl.rules.content
    assert found.direction is Direction.EGRESS
    assert found.ports.content == PortRange("icmp", 3, 3)
    assert found.origin == "aws_network_acl_rule.a"
    assert acl.subnets.targets == ("x.s",)
    assert acl.subnets.certain


def test_what_is_not_known_stays_so() -> None:
    body = {"ingress": [entry(rule_no=LATER, action=LATER, cidr_block=LATER)], "egress": LATER}
    found, hole = mapped(NetworkAcl, record("aws_network_acl", body)).rules.content
    assert isinstance(found.order.content, Unknown)
    assert isinstance(found.sources.content, Unknown)
    assert found.allows.is_unknown
    assert hole.allows.is_unknown
    assert hole.stateless.is_true


def test_the_network_of_the_default_list_is_that_of_its_id() -> None:
    body = {"default_network_acl_id": Pointer("aws_vpc.v"), "vpc_id": LATER}
    acl = mapped(NetworkAcl, record("aws_default_network_acl", body))
    assert acl.network.targets == ("aws_vpc.v",)
    assert acl.rules.content == ()


def test_only_the_adopted_acl_is_the_default_one() -> None:
    made = mapped(NetworkAcl, record("aws_network_acl", {"vpc_id": Pointer("aws_vpc.v")}))
    assert made.is_default.is_false
    body = {"default_network_acl_id": Pointer("aws_vpc.v"), "vpc_id": LATER}
    adopted = mapped(NetworkAcl, record("aws_default_network_acl", body))
    assert adopted.is_default.is_true
    assert adopted.network.targets == ("aws_vpc.v",)
    assert adopted.subnets.is_empty
    assert adopted.rules.content == ()


@pytest.mark.parametrize(("value", "state"), [(True, "true"), (False, "false"), (None, "unknown")])
def test_the_api_tells_the_default_acl(value: object, state: str) -> None:
    live = Record("aws_network_acl", "aws_network_acl.a", {"IsDefault": value}, shape="api")
    assert mapped(NetworkAcl, live).is_default.state.value == state
