from __future__ import annotations

from typing import Any

import pytest

from scanner.model.compute import Cluster, NodePool
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

LATER = Unknown("known after apply")


def test_a_cluster_that_says_nothing_is_public() -> None:
    cluster = mapped(Cluster, record("aws_eks_cluster", {"vpc_config": [{}]}))
    assert cluster.public_endpoint.is_true
    assert cluster.public_ranges.content == ("0.0.0.0/0",)
    assert cluster.secrets_customer_key.is_false
    assert cluster.audited.is_false


def test_a_cluster_that_says_all() -> None:
    body = {
        "vpc_config": [
            {
                "endpoint_public_access": False,
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
    assert cluster.public_ranges.content == ("192.0.2.0/24",)
    assert cluster.subnets.targets == ("aws_subnet.s",)
    assert cluster.secrets_customer_key.is_true
    assert cluster.audited.is_true
    assert cluster.version.content == "1.33"


def test_what_is_unknown_of_a_cluster_stays_so() -> None:
    body = {
        "vpc_config": [{"endpoint_public_access": LATER}],
        "enabled_cluster_log_types": LATER,
        "encryption_config": LATER,
    }
    cluster = mapped(Cluster, record("aws_eks_cluster", body))
    assert cluster.public_endpoint.is_unknown
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


def test_a_fargate_profile_places_pods() -> None:
    body = {"subnet_ids": [Pointer("aws_subnet.s")], "cluster_name": "c"}
    pool = mapped(NodePool, record("aws_eks_fargate_profile", body))
    assert pool.subnets.targets == ("aws_subnet.s",)
    assert pool.open_remote_access.is_false
    assert pool.templates.is_empty
