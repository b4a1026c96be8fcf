from __future__ import annotations

import json
from typing import Any

import pytest

from scanner.graph.graph import Graph
from scanner.mapping.population import populate
from scanner.model.compute import Cluster, Instance, NodePool
from scanner.model.network import Direction, SecurityGroup
from scanner.sources.terraform import read
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record
from tests.plans import Unknown as Written
from tests.plans import plan

LATER = Unknown("known after apply")


def test_a_cluster_that_says_nothing_is_public() -> None:
    cluster = mapped(Cluster, record("aws_eks_cluster", {"vpc_config": [{}]}))
    assert cluster.public_endpoint.is_true
    assert cluster.public_ranges.content == ("0.0.0.0/0",)
    assert cluster.private_endpoint.is_false
    assert cluster.secrets_customer_key.is_false
    assert cluster.audited.is_false
    assert cluster.ports.content == (443,)
    assert cluster.addresses.content == ()
    assert cluster.security_groups.targets == ("aws_eks_cluster.a",)


def test_a_cluster_that_says_all() -> None:
    body = {
        "vpc_config": [
            {
                "endpoint_public_access": False,
                "endpoint_private_access": True,
                "security_group_ids": [Pointer("aws_security_group.g")],
                "public_access_cidrs": ["192.0.2.0/24"],
                "subnet_ids": [Pointer("aws_subnet.s")],
            }
        ],
        "encryption_config": [
            {"resources": ["secrets"], "provider": [{"key_arn": "arn:aws:kms:x:1:key/abc"}]}
        ],
        "enabled_cluster_log_types": ["audit", "api", "authenticator"],
        "version": "1.33",
    }
    cluster = mapped(Cluster, record("aws_eks_cluster", body))
    assert cluster.public_endpoint.is_false
    assert cluster.private_endpoint.is_true
    assert cluster.security_groups.targets == ("aws_security_group.g", "aws_eks_cluster.a")
    assert cluster.public_ranges.content == ("192.0.2.0/24",)
    assert cluster.subnets.targets == ("aws_subnet.s",)
    assert cluster.secrets_customer_key.is_true
    assert cluster.audited.is_true
    assert cluster.version.content == "1.33"


def test_what_is_unknown_of_a_cluster_stays_so() -> None:
    body = {
        "vpc_config": [{"endpoint_public_access": LATER, "endpoint_private_access": LATER}],
        "enabled_cluster_log_types": LATER,
        "encryption_config": LATER,
    }
    cluster = mapped(Cluster, record("aws_eks_cluster", body))
    assert cluster.public_endpoint.is_unknown
    assert cluster.private_endpoint.is_unknown
    assert cluster.audited.is_unknown
    assert cluster.secrets_customer_key.is_unknown


@pytest.mark.parametrize(
    ("access", "state"),
    [
        ([], "false"),
        ([{"ec2_ssh_key": "k"}], "true"),
        ([{"ec2_ssh_key": "k", "source_security_group_ids": []}], "true"),
        ([{"ec2_ssh_key": "k", "source_security_group_ids": ["sg-1"]}], "false"),
        ([{"ec2_ssh_key": "k", "source_security_group_ids": [Pointer("x.g")]}], "false"),
        ([{"source_security_group_ids": ["sg-1"]}], "false"),
        ([{"ec2_ssh_key": LATER}], "unknown"),
        (LATER, "unknown"),
    ],
)
def test_a_key_without_sources_opens_the_nodes(access: Any, state: str) -> None:
    pool = mapped(NodePool, record("aws_eks_node_group", {"remote_access": access}))
    assert pool.open_remote_access.state.value == state


def test_nodes_take_the_groups_of_their_template() -> None:
    template = record(
        "aws_launch_template", {"vpc_security_group_ids": [Pointer("aws_security_group.g")]}
    )
    body = {
        "subnet_ids": [Pointer("aws_subnet.s")],
        "cluster_name": Pointer("aws_eks_cluster.c"),
        "launch_template": [{"id": Pointer("aws_launch_template.a"), "name": LeftOut()}],
    }
    pool = mapped(NodePool, record("aws_eks_node_group", body), template)
    assert pool.templates.targets == ("aws_launch_template.a",)
    assert pool.security_groups.targets == ("aws_security_group.g",)
    assert pool.cluster.targets == ("aws_eks_cluster.c",)
    assert pool.subnets.targets == ("aws_subnet.s",)
    alone = mapped(NodePool, record("aws_eks_node_group", {}))
    assert alone.templates.is_empty
    assert alone.security_groups.unknown
    assert alone.addresses.content == ()


def test_nodes_without_groups_of_their_own_bear_that_of_the_cluster() -> None:
    of_cluster = {"cluster_name": Pointer("aws_eks_cluster.c")}
    pool = mapped(NodePool, record("aws_eks_node_group", of_cluster))
    assert pool.security_groups.targets == ("aws_eks_cluster.c",)
    templated = {**of_cluster, "launch_template": [{"id": Pointer("aws_launch_template.a")}]}
    template = record("aws_launch_template", {})
    pool = mapped(NodePool, record("aws_eks_node_group", templated), template)
    assert pool.security_groups.targets == ("aws_eks_cluster.c",)
    pods = mapped(NodePool, record("aws_eks_fargate_profile", of_cluster))
    assert pods.security_groups.targets == ("aws_eks_cluster.c",)
    elsewhere = mapped(NodePool, record("aws_eks_node_group", {"cluster_name": "shop"}))
    assert "shop" in elsewhere.security_groups.unknown[0]
    reachable = {**of_cluster, "remote_access": [{"ec2_ssh_key": "k"}]}
    pool = mapped(NodePool, record("aws_eks_node_group", reachable))
    assert pool.security_groups.targets == ("aws_eks_cluster.c", "aws_eks_node_group.a")


def test_the_group_that_eks_makes_with_a_cluster() -> None:
    subnet = record("aws_subnet", {"vpc_id": Pointer("aws_vpc.v")}, "s")
    body = {"vpc_config": [{"subnet_ids": [Pointer("aws_subnet.s")]}]}
    added = record(
        "aws_vpc_security_group_ingress_rule",
        {
            "security_group_id": Pointer("aws_eks_cluster.a"),
            "ip_protocol": "tcp",
            "from_port": 443,
            "to_port": 443,
            "cidr_ipv4": "10.0.0.0/8",
        },
    )
    group = mapped(SecurityGroup, record("aws_eks_cluster", body), subnet, added)
    assert group.address == "aws_eks_cluster.a.cluster_security_group"
    assert group.network.targets == ("aws_vpc.v",)
    assert group.is_default.is_false
    inward, outward, more = group.rules.content
    assert inward.direction is Direction.INGRESS
    assert inward.groups.targets == ("aws_eks_cluster.a",)
    assert inward.sources.content == ()
    assert outward.sources.content == ("0.0.0.0/0",)
    assert str(outward.ports.content) == "all protocols"
    assert more.sources.content == ("10.0.0.0/8",)


def test_what_leaves_a_cluster_of_version_6() -> None:
    body = {"kubernetes_network_config": [{"ip_family": "ipv6"}]}
    rules = mapped(SecurityGroup, record("aws_eks_cluster", body)).rules.content
    assert rules[1].sources.content == ("::/0",)
    unsure = {"kubernetes_network_config": [{"ip_family": LATER}]}
    rules = mapped(SecurityGroup, record("aws_eks_cluster", unsure)).rules.content
    assert rules[1].sources.content == ("0.0.0.0/0", "::/0")


def test_rules_added_to_a_cluster_that_is_looked_up_are_not_known() -> None:
    group = mapped(SecurityGroup, record("aws_eks_cluster", {}, managed=False))
    assert any(rule.allows.is_unknown for rule in group.rules.content)


@pytest.mark.parametrize(
    ("body", "port", "sources", "groups"),
    [
        ({"ec2_ssh_key": "k"}, 22, ("0.0.0.0/0",), ()),
        ({"ec2_ssh_key": "k", "source_security_group_ids": [Pointer("x.g")]}, 22, (), ("x.g",)),
    ],
)
def test_the_group_for_logging_in(
    body: dict[str, Any], port: int, sources: tuple[str, ...], groups: tuple[str, ...]
) -> None:
    group = mapped(SecurityGroup, record("aws_eks_node_group", {"remote_access": [body]}))
    (rule,) = group.rules.content
    assert (rule.ports.content.first, rule.sources.content) == (port, sources)
    assert rule.groups.targets == groups
    assert rule.allows.is_true


def test_the_group_for_logging_in_to_windows_and_by_an_unknown_key() -> None:
    body = {"ami_type": "WINDOWS_CORE_2022_x86_64", "remote_access": [{"ec2_ssh_key": LATER}]}
    (rule,) = mapped(SecurityGroup, record("aws_eks_node_group", body)).rules.content
    assert rule.ports.content.first == 3389
    assert rule.allows.is_unknown


SUBNETS: dict[str, Any] = {
    "aws_vpc.v": {"cidr_block": "10.0.0.0/16"},
    "aws_subnet.s": {"vpc_id": Written(("aws_vpc.v.id",)), "cidr_block": "10.0.0.0/24"},
}
OWN = "aws_eks_cluster.c.vpc_config[0].cluster_security_group_id"


def resources(plan_of: dict[str, Any]) -> Graph:
    document = json.loads(plan({**SUBNETS, **plan_of}))
    for item in document["resource_changes"]:
        for config in item["change"]["after_unknown"].get("vpc_config", []):
            # The provider computes it, which no expression says.
            config["cluster_security_group_id"] = True
    return Graph(populate(read("plan.json", json.dumps(document).encode())).resources)


def test_the_group_of_a_cluster_is_named_by_an_attribute_inside_a_block() -> None:
    graph = resources(
        {
            "aws_eks_cluster.c": {"vpc_config": [{"subnet_ids": [Written(("aws_subnet.s.id",))]}]},
            "aws_launch_template.t": {"vpc_security_group_ids": [Written((OWN,))]},
            "aws_security_group_rule.r": {
                "security_group_id": Written((OWN,)),
                "type": "ingress",
                "protocol": "tcp",
                "from_port": 443,
                "to_port": 443,
                "cidr_blocks": ["10.0.0.0/8"],
            },
        }
    )
    template = graph.at("aws_launch_template.t", Instance)
    assert template is not None
    assert template.security_groups.targets == ("aws_eks_cluster.c",)
    group = graph.at("aws_eks_cluster.c", SecurityGroup)
    assert group is not None
    assert group.network.targets == ("aws_vpc.v",)
    assert not isinstance(group.rules.content, Unknown)
    assert group.rules.content[-1].origin == "aws_security_group_rule.r"


def test_the_group_of_a_cluster_is_found_by_its_identifier() -> None:
    group = "sg-0123456789abcdef0"
    graph = resources(
        {
            "aws_eks_cluster.c": {"vpc_config": [{"cluster_security_group_id": group}]},
            "aws_launch_template.t": {"vpc_security_group_ids": [group]},
        }
    )
    template = graph.at("aws_launch_template.t", Instance)
    assert template is not None
    assert template.security_groups.targets == ("aws_eks_cluster.c",)


def test_a_fargate_profile_places_pods() -> None:
    body = {"subnet_ids": [Pointer("aws_subnet.s")], "cluster_name": "c"}
    pool = mapped(NodePool, record("aws_eks_fargate_profile", body))
    assert pool.subnets.targets == ("aws_subnet.s",)
    assert pool.open_remote_access.is_false
    assert pool.templates.is_empty
