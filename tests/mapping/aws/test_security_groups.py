from __future__ import annotations

from typing import Any

import pytest

from scanner.model.base import Inapplicable
from scanner.model.network import Direction, PortRange, SecurityGroup
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

LATER = Unknown("known after apply")
GROUP = Pointer("aws_security_group.a")


def group(body: dict[str, Any] | None = None, *others: Record, type: str = "") -> Any:
    whole = {"name": "web", "ingress": LeftOut(), "egress": LeftOut(), **(body or {})}
    kind = type or "aws_security_group"
    return mapped(SecurityGroup, record(kind, whole), *others, address=f"{kind}.a")


def inline(**changes: Any) -> dict[str, Any]:
    return {
        "protocol": "tcp",
        "from_port": 443,
        "to_port": 443,
        "cidr_blocks": ["10.0.0.0/8"],
        "ipv6_cidr_blocks": [],
        "prefix_list_ids": [],
        "security_groups": [],
        "self": False,
        **changes,
    }


def test_inline_rules_of_both_directions() -> None:
    body = {"ingress": [inline(ipv6_cidr_blocks=["::/0"])], "egress": [inline(protocol="-1")]}
    first, second = group(body).rules.content
    assert first.direction is Direction.INGRESS
    assert first.ports.content == PortRange("tcp", 443, 443)
    assert first.sources.content == ("10.0.0.0/8", "::/0")
    assert first.sources.source == "aws_security_group.a.ingress[0].cidr_blocks, ipv6_cidr_blocks"
    assert first.origin == "aws_security_group.a.ingress[0]"
    assert first.allows.is_true
    assert first.stateless.is_false
    assert second.direction is Direction.EGRESS
    assert second.ports.content.protocol == "all"


def test_a_group_without_rules_permits_nothing() -> None:
    assert group().rules.content == ()
    assert group({"ingress": [], "egress": []}).rules.content == ()


@pytest.mark.parametrize(
    ("type", "direction"), [("ingress", Direction.INGRESS), ("egress", Direction.EGRESS)]
)
def test_a_separate_rule_tells_its_direction(type: str, direction: Direction) -> None:
    body = {
        "security_group_id": GROUP,
        "type": type,
        "protocol": "6",
        "from_port": 22,
        "to_port": 23,
        "cidr_blocks": ["0.0.0.0/0"],
        "source_security_group_id": LeftOut(),
    }
    (rule,) = group(None, record("aws_security_group_rule", body)).rules.content
    assert rule.direction is direction
    assert rule.ports.content == PortRange("tcp", 22, 23)
    assert rule.sources.source == "aws_security_group_rule.a.cidr_blocks"
    assert rule.origin == "aws_security_group_rule.a"
    assert rule.groups.is_empty


@pytest.mark.parametrize("side", ["ingress", "egress"])
def test_the_newest_style_has_one_source_a_rule(side: str) -> None:
    type = f"aws_vpc_security_group_{side}_rule"
    body = {"security_group_id": GROUP, "ip_protocol": "-1", "cidr_ipv6": "::/0"}
    (rule,) = group(None, record(type, body)).rules.content
    assert rule.direction.value == side
    assert rule.ports.content.covers(22)
    assert rule.sources.content == ("::/0",)
    other = {
        "security_group_id": GROUP,
        "ip_protocol": "tcp",
        "from_port": 1,
        "to_port": 2,
        "referenced_security_group_id": Pointer("aws_security_group.b"),
    }
    (rule,) = group(None, record(type, other)).rules.content
    assert rule.sources.content == ()
    assert rule.groups.targets == ("aws_security_group.b",)


def test_the_group_itself_is_a_source() -> None:
    (rule,) = group({"ingress": [inline(cidr_blocks=[], self=True)]}).rules.content
    assert rule.sources.content == ()
    assert rule.groups.targets == ("aws_security_group.a",)
    body = {
        "security_group_id": GROUP,
        "type": "ingress",
        "protocol": "all",
        "self": True,
    }
    (rule,) = group(None, record("aws_security_group_rule", body)).rules.content
    assert rule.groups.targets == ("aws_security_group.a",)


def test_a_known_open_source_stands_apart_from_an_unknown_one() -> None:
    known, other = group({"ingress": [inline(cidr_blocks=["0.0.0.0/0", LATER])]}).rules.content
    assert known.sources.content == ("0.0.0.0/0",)
    assert isinstance(other.sources.content, Unknown)
    assert other.ports.content == PortRange("tcp", 443, 443)


def test_rules_of_unknown_number_are_rules_of_which_nothing_is_known() -> None:
    (rule,) = group({"ingress": LATER}).rules.content
    assert rule.direction is Direction.INGRESS
    assert rule.allows.is_unknown
    assert isinstance(rule.ports.content, Unknown)
    unclear = record("aws_security_group_rule", {"security_group_id": LATER, "type": "ingress"})
    assert [rule.direction for rule in group(None, unclear).rules.content] == [*Direction]
    (rule,) = group(
        None, record("aws_vpc_security_group_ingress_rule", {"security_group_id": LATER})
    ).rules.content
    assert rule.allows.is_unknown


def test_a_separate_rule_of_unknown_direction_may_be_either() -> None:
    body = {"security_group_id": GROUP, "type": LATER}
    rules = group(None, record("aws_security_group_rule", body)).rules.content
    assert [rule.direction for rule in rules] == [*Direction]


@pytest.mark.parametrize(
    ("changes", "ports"),
    [
        ({"protocol": "UDP"}, PortRange("udp", 443, 443)),
        ({"protocol": "-1", "from_port": 0, "to_port": 0}, PortRange("all", 0, 65535)),
        ({"protocol": "50"}, PortRange("50", 0, 65535)),
        ({"protocol": "icmp", "from_port": 3, "to_port": 4}, PortRange("icmp", 3, 3)),
        ({"protocol": "icmpv6", "from_port": None, "to_port": None}, PortRange("icmpv6", -1, -1)),
        ({"from_port": "80", "to_port": 81.0}, PortRange("tcp", 80, 81)),
    ],
)
def test_protocols_and_ports(changes: dict[str, Any], ports: PortRange) -> None:
    (rule,) = group({"ingress": [inline(**changes)]}).rules.content
    assert rule.ports.content == ports


@pytest.mark.parametrize(
    "changes",
    [{"protocol": LATER}, {"protocol": None}, {"from_port": LATER}, {"to_port": "x"}],
)
def test_ports_that_cannot_be_read_are_unknown(changes: dict[str, Any]) -> None:
    (rule,) = group({"ingress": [inline(**changes)]}).rules.content
    assert isinstance(rule.ports.content, Unknown)


def test_prefix_lists_are_read_through_where_they_are_known() -> None:
    prefixes = record("aws_ec2_managed_prefix_list", {"entry": [{"cidr": "192.0.2.0/24"}]})
    named = Pointer("aws_ec2_managed_prefix_list.a")
    body = {"ingress": [inline(cidr_blocks=[], prefix_list_ids=[named])]}
    (rule,) = group(body, prefixes).rules.content
    assert rule.sources.content == ("192.0.2.0/24",)
    (rule,) = group({"ingress": [inline(cidr_blocks=[], prefix_list_ids=["pl-1"])]}).rules.content
    assert "pl-1" in rule.sources.content.reason


def test_the_default_group_is_known_by_its_type_or_name() -> None:
    body = {"vpc_id": Pointer("aws_vpc.v")}
    default = group(body, type="aws_default_security_group")
    assert default.is_default.is_true
    assert default.network.targets == ("aws_vpc.v",)
    assert default.rules.content == ()
    assert group().is_default.is_false
    assert group({"name": LATER}).is_default.is_false
    assert group({"vpc_id": LeftOut()}).network.unknown


def test_a_vpc_keeps_its_default_group_unless_a_resource_adopts_it() -> None:
    kept = mapped(SecurityGroup, record("aws_vpc", {}, "v"))
    assert kept.address == "aws_vpc.v"
    assert kept.is_default.is_true
    ingress, egress = kept.rules.content
    assert ingress.sources.content == ()
    assert ingress.groups.targets == ("aws_vpc.v",)
    assert egress.sources.content == ("0.0.0.0/0", "::/0")
    adopted = record("aws_default_security_group", {"vpc_id": Pointer("aws_vpc.v"), "ingress": []})
    found = mapped(SecurityGroup, record("aws_vpc", {}, "v"), adopted)
    assert found.address == "aws_default_security_group.a"


@pytest.mark.parametrize(
    "type",
    [
        "aws_security_group_rule",
        "aws_vpc_security_group_ingress_rule",
        "aws_vpc_security_group_egress_rule",
    ],
)
def test_a_rule_of_a_group_made_elsewhere_is_judged_by_itself(type: str) -> None:
    body = {"security_group_id": "sg-1", "type": "ingress", "cidr_ipv4": "0.0.0.0/0"}
    alone = mapped(SecurityGroup, record(type, body))
    assert len(alone.rules.content) == 1
    with pytest.raises(Inapplicable):
        _ = alone.is_default


def test_the_rules_of_a_group_that_is_looked_up_are_not_all_known() -> None:
    looked_up = mapped(SecurityGroup, record("aws_security_group", {}, managed=False))
    assert all(rule.allows.is_unknown for rule in looked_up.rules.content)
    assert looked_up.is_default.is_unknown


def test_rules_of_the_api() -> None:
    answer = {
        "GroupName": "default",
        "IpPermissions": [
            {
                "IpProtocol": "tcp",
                "FromPort": 22,
                "ToPort": 22,
                "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
                "UserIdGroupPairs": [],
                "PrefixListIds": [],
            }
        ],
    }
    live = Record("aws_security_group", "sg-1", answer, shape="api")
    (rule,) = mapped(SecurityGroup, live).rules.content
    assert rule.sources.content == ("0.0.0.0/0", "::/0")
    assert rule.ports.content == PortRange("tcp", 22, 22)
    assert mapped(SecurityGroup, live).is_default.is_true


@pytest.mark.parametrize("entries", [LATER, [], None])
def test_a_list_of_aws_that_was_not_read_leaves_the_sources_open(entries: object) -> None:
    prefixes = record(
        "aws_ec2_managed_prefix_list",
        {"name": "com.amazonaws.eu-west-1.s3", "entries": entries},
        managed=False,
    )
    named = Pointer("data.aws_ec2_managed_prefix_list.a")
    body = {"ingress": [inline(cidr_blocks=[], prefix_list_ids=[named])]}
    (rule,) = group(body, prefixes).rules.content
    assert isinstance(rule.sources.content, Unknown)


@pytest.mark.parametrize("entries", [LATER, [], [{"cidr": "120.52.22.96/27"}]])
def test_the_list_of_cloudfront_stands_for_cloudfront(entries: object) -> None:
    name = "com.amazonaws.global.cloudfront.origin-facing"
    prefixes = record(
        "aws_ec2_managed_prefix_list", {"name": name, "entries": entries}, managed=False
    )
    named = Pointer("data.aws_ec2_managed_prefix_list.a")
    body = {"ingress": [inline(cidr_blocks=[], prefix_list_ids=[named])]}
    (rule,) = group(body, prefixes).rules.content
    assert rule.sources.content == ()
    assert rule.groups.outside == (name,)


def test_a_list_of_aws_that_was_read_tells_the_sources() -> None:
    prefixes = record(
        "aws_ec2_managed_prefix_list", {"entries": [{"cidr": "192.0.2.0/24"}]}, managed=False
    )
    named = Pointer("data.aws_ec2_managed_prefix_list.a")
    body = {"ingress": [inline(cidr_blocks=[], prefix_list_ids=[named])]}
    (rule,) = group(body, prefixes).rules.content
    assert rule.sources.content == ("192.0.2.0/24",)
