from __future__ import annotations

from typing import Any

import pytest

from scanner.graph.graph import Graph
from scanner.model.edge import Listener, Target, TargetGroup
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, population, record

LATER = Unknown("known after apply")
GROUP = Pointer("aws_lb_target_group.a")


def targets(body: dict[str, Any], *others: Record, type: str = "aws_lb_target_group") -> Any:
    found = mapped(TargetGroup, record(type, body), *others, address=f"{type}.a")
    assert not isinstance(found.targets.content, Unknown)
    return found.targets.content


def attachment(body: dict[str, Any], name: str = "a") -> Record:
    return record("aws_lb_target_group_attachment", {"target_group_arn": GROUP, **body}, name)


@pytest.mark.parametrize("type", ["aws_lb_target_group", "aws_alb_target_group"])
def test_a_group_without_targets(type: str) -> None:
    assert targets({"port": 80}, type=type) == ()


def test_attachments_register_at_the_port_of_the_group_or_their_own() -> None:
    found = targets(
        {"port": 8080},
        attachment({"target_id": Pointer("aws_instance.i")}),
        attachment({"target_id": Pointer("aws_instance.j"), "port": 9000}, "b"),
        attachment({"target_id": "10.0.0.7"}, "c"),
        attachment({"target_id": LATER}, "d"),
    )
    assert [item.resources.targets for item in found] == [
        ("aws_instance.i",),
        ("aws_instance.j",),
        (),
        (),
    ]
    assert [item.port.content for item in found] == [8080, 9000, 8080, 8080]
    assert found[2].addresses.content == ("10.0.0.7",)
    assert found[2].resources.is_empty
    assert found[3].resources.unknown


def test_an_attachment_whose_group_is_unknown_may_belong_to_any() -> None:
    (loose,) = targets(
        {"port": 80},
        attachment({"target_group_arn": LATER, "target_id": Pointer("aws_instance.i")}),
    )
    assert loose.resources.maybe == ("aws_instance.i",)
    assert not loose.resources.targets
    (literal,) = targets(
        {"port": 80}, attachment({"target_group_arn": LATER, "target_id": "10.0.0.7"})
    )
    assert isinstance(literal.addresses.content, Unknown)


def test_a_service_whose_group_is_unknown_may_register_anywhere() -> None:
    service = {
        "load_balancer": [{"target_group_arn": LATER, "container_port": 9000}],
        "network_configuration": [{"subnets": []}],
    }
    (loose,) = targets({"port": 80}, record("aws_ecs_service", service))
    assert loose.resources.maybe == ("aws_ecs_service.a",)
    assert loose.port.content == 9000
    (unread,) = targets({}, record("aws_ecs_service", {"load_balancer": LATER}))
    assert unread.resources.unknown


def test_a_function_behind_its_alias() -> None:
    alias = record("aws_lambda_alias", {"function_name": Pointer("aws_lambda_function.f")}, "l")
    (found,) = targets(
        {"target_type": "lambda"}, attachment({"target_id": Pointer("aws_lambda_alias.l")}), alias
    )
    assert found.resources.targets == ("aws_lambda_function.f",)
    assert found.port.content == 443


def test_scaling_groups_register_their_instances() -> None:
    other = "aws_lb_target_group.b"
    found = targets(
        {"port": 80},
        record("aws_autoscaling_group", {"target_group_arns": [GROUP, Pointer(other)]}, "g"),
        record("aws_autoscaling_group", {"target_group_arns": LeftOut()}, "h"),
        record("aws_autoscaling_group", {"traffic_source": [{"identifier": GROUP}]}, "i"),
        record("aws_lb_target_group", {}, "b"),
        record(
            "aws_autoscaling_attachment",
            {
                "lb_target_group_arn": GROUP,
                "autoscaling_group_name": Pointer("aws_eks_node_group.n"),
            },
        ),
        record(
            "aws_autoscaling_traffic_source_attachment",
            {
                "traffic_source": [{"identifier": GROUP, "type": "elbv2"}],
                "autoscaling_group_name": Pointer("aws_autoscaling_group.j"),
            },
        ),
    )
    assert [item.resources.targets[0] for item in found] == [
        "aws_autoscaling_group.g",
        "aws_autoscaling_group.i",
        "aws_eks_node_group.n",
        "aws_autoscaling_group.j",
    ]


def test_the_scaling_group_of_a_node_group_is_found_by_its_name() -> None:
    nodes = record(
        "aws_eks_node_group", {"resources": [{"autoscaling_groups": [{"name": "eks-1"}]}]}, "n"
    )
    attached = record(
        "aws_autoscaling_attachment",
        {"lb_target_group_arn": GROUP, "autoscaling_group_name": "eks-1"},
    )
    (found,) = targets({"port": 80}, nodes, attached)
    assert found.resources.targets == ("aws_eks_node_group.n",)


@pytest.mark.parametrize("type", ["aws_ecs_service", "aws_ecs_task_set"])
def test_services_register_their_tasks(type: str) -> None:
    balancer = {"target_group_arn": GROUP, "container_port": 9000}
    other = {"target_group_arn": Pointer("aws_lb_target_group.b"), "container_port": 1}
    service = {
        "load_balancer": [balancer, other],
        "network_configuration": [{"subnets": [Pointer("x.s")]}],
    }
    (found,) = targets({"port": 80}, record(type, service))
    assert found.resources.targets == (f"{type}.a",)
    assert found.port.content == 9000
    (on_host,) = targets({"port": 80}, record(type, {**service, "network_configuration": []}))
    assert on_host.resources.unknown
    assert isinstance(on_host.port.content, Unknown)


def test_the_second_group_of_a_service_that_changes_colours() -> None:
    balancer = {
        "target_group_arn": Pointer("aws_lb_target_group.b"),
        "container_port": 9000,
        "advanced_configuration": [{"alternate_target_group_arn": GROUP}],
    }
    service = {"load_balancer": [balancer], "network_configuration": [{"subnets": []}]}
    (found,) = targets({"port": 80}, record("aws_ecs_service", service))
    assert found.resources.targets == ("aws_ecs_service.a",)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"protocol": "HTTP"}, "false"),
        ({"protocol": "GENEVE"}, "false"),
        ({"target_type": "lambda"}, "false"),
        ({"protocol": "TCP"}, "true"),
        ({"protocol": "TLS", "target_type": "instance"}, "true"),
        ({"protocol": "TCP", "target_type": "alb"}, "true"),
        ({"protocol": "TCP", "target_type": "ip"}, "false"),
        ({"protocol": "UDP", "target_type": "ip"}, "true"),
        ({"protocol": "TCP_UDP", "preserve_client_ip": "false"}, "true"),
        ({"protocol": "QUIC", "target_type": "ip"}, "true"),
        ({"protocol": "TCP", "preserve_client_ip": "false"}, "false"),
        ({"protocol": "TCP", "target_type": "ip", "preserve_client_ip": "true"}, "true"),
        ({"protocol": "TCP", "target_type": "ip", "preserve_client_ip": LeftOut()}, "false"),
        ({"protocol": "TCP", "preserve_client_ip": LATER}, "unknown"),
        ({"protocol": "TCP", "preserve_client_ip": "perhaps"}, "unknown"),
        ({"protocol": "TCP", "target_type": LATER}, "unknown"),
        ({"protocol": LATER}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_whether_a_target_sees_the_client(body: dict[str, Any], state: str) -> None:
    found = mapped(TargetGroup, record("aws_lb_target_group", body))
    assert found.preserves_client_address.state.value == state


def test_a_group_that_is_looked_up_may_have_other_targets() -> None:
    group = record("aws_lb_target_group", {"port": 80, "protocol": "TCP"}, managed=False)
    (hole,) = mapped(TargetGroup, group).targets.content
    assert hole.resources.unknown


def classic(body: dict[str, Any], *others: Record) -> tuple[Target, ...]:
    body = {"listener": [{"lb_port": 443, "instance_port": 8443}], **body}
    address = "aws_elb.a.listener[0]"
    found = mapped(TargetGroup, record("aws_elb", body), *others, address=address)
    assert found.preserves_client_address.is_false
    content = found.targets.content
    assert isinstance(content, tuple)
    return content


def test_each_listener_of_a_classic_load_balancer_has_targets_of_its_own() -> None:
    listeners = [{"lb_port": 443, "instance_port": 8443}, {"lb_port": 80, "instance_port": 8080}]
    body = {"listener": listeners, "instances": [Pointer("aws_instance.i")]}
    graph = Graph(population(record("aws_elb", body)).resources)
    for number, port in ((0, 8443), (1, 8080)):
        listener = graph.at(f"aws_elb.a.listener[{number}]", Listener)
        assert listener is not None
        assert not isinstance(listener.forwards.content, Unknown)
        (way,) = listener.forwards.content
        group = graph.at(way.groups.targets[0], TargetGroup)
        assert group is not None
        assert not isinstance(group.targets.content, Unknown)
        assert group.targets.content[0].port.content == port


def test_what_stands_behind_a_classic_load_balancer() -> None:
    balancer = Pointer("aws_elb.a")
    found = classic(
        {"instances": [Pointer("aws_instance.i")]},
        record("aws_elb_attachment", {"elb": balancer, "instance": Pointer("aws_instance.j")}),
        record("aws_autoscaling_group", {"load_balancers": [balancer]}, "g"),
        record("aws_autoscaling_attachment", {"elb": balancer, "autoscaling_group_name": "other"}),
        record(
            "aws_ecs_service",
            {
                "load_balancer": [{"elb_name": balancer, "container_port": 8443}],
                "network_configuration": [],
            },
        ),
    )
    assert [item.resources.targets for item in found] == [
        ("aws_instance.i",),
        ("aws_instance.j",),
        ("aws_autoscaling_group.g",),
        (),
        (),
    ]
    assert [item.port.content for item in found[:4]] == [8443, 8443, 8443, 8443]
    assert found[3].resources.outside == ("other",)
    assert found[4].resources.unknown
    assert classic({"instances": LeftOut()}) == ()
    (unsure,) = classic({"instances": LATER})
    assert unsure.resources.unknown
