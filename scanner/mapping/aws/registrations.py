"""Who registers targets with load balancers: attachments, scaling groups, services of containers.

What a record registers for certain, and what perhaps, is told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_address
from typing import Any, Final

from scanner.mapping.aws.ecs import has_interfaces
from scanner.mapping.aws.functions import behind_alias
from scanner.mapping.aws.ports import port
from scanner.mapping.aws.references import by_attribute, perhaps
from scanner.mapping.references import merge_links, ref
from scanner.model.edge import Target
from scanner.record import Block, Links, Record
from scanner.value import Unknown, Value

SERVICES: Final = ("aws_ecs_service", "aws_ecs_task_set")
_REGISTERED: Final = frozenset(
    {"aws_instance", "aws_spot_instance_request", "aws_network_interface", "aws_lb", "aws_alb"}
    | {"aws_lambda_function", "aws_lambda_alias", "aws_vpc_endpoint", "aws_eip"}
)
_SCALING: Final = ref(
    # A node group makes a scaling group of its own, whose name is an attribute of it.
    "autoscaling_group_name",
    "AutoScalingGroupName",
    "aws_autoscaling_group",
    "aws_eks_node_group",
)
_THEIR_NAMES: Final = {"aws_eks_node_group": ("resources.autoscaling_groups.name",)}
_CONTAINER_PORT: Final = port("container_port", "containerPort")


def of_companions(
    owner: Record, type: str, make: Callable[[Record], Iterator[Target]]
) -> Iterator[Target]:
    """Give the targets that records of a type register with a group, or perhaps do."""
    found = owner.companions(type)
    for record in found.certain:
        yield from make(record)
    for record in found.perhaps:
        yield from map(_doubted, make(record))
    if found.missing:
        yield hole(owner.block, found.missing)


def _doubted(target: Target) -> Target:
    """Take back that something is a target for certain."""
    addresses = target.addresses
    if addresses.content:
        reason = "it is not certain that they are registered here"
        addresses = Value(Unknown(reason), addresses.origin, addresses.path)
    return replace(target, resources=perhaps(target.resources), addresses=addresses)


def registered(block: Block, path: str, port: Value[int]) -> Target:
    """Tell resources from plain addresses, which are registered alike."""
    links = behind_alias(block.links(path, _REGISTERED))
    addresses = tuple(text for text in links.outside if _is_address(text))
    outside = tuple(text for text in links.outside if not _is_address(text))
    return Target(replace(links, outside=outside), Value(addresses, block, path), port)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def scaled(owner: Record, port: Value[int]) -> Iterator[Target]:
    """Give the scaling groups that register their instances with a group or classic balancer."""

    def itself(record: Record) -> Iterator[Target]:
        yield _of(Links(record.block, "target_group_arns", targets=(record.address,)), port)

    def named(record: Record) -> Iterator[Target]:
        yield _of(by_attribute(_SCALING.read(record.block), _THEIR_NAMES), port)

    yield from of_companions(owner, "aws_autoscaling_group", itself)
    for type in ("aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment"):
        yield from of_companions(owner, type, named)


def serving(owner: Record, paths: tuple[str, ...], types: tuple[str, ...]) -> Iterator[Target]:
    """Give the services of containers that register their tasks."""

    def served(record: Record) -> Iterator[Target]:
        blocks = record.block.blocks("load_balancer")
        if isinstance(blocks, Unknown):
            yield hole(record.block, (blocks.reason,))
            return
        for block in blocks:
            parts = [block.links(path, frozenset(types)) for path in paths if block.has(path)]
            links = merge_links(block, [Links(block, ""), *parts])
            target = _of_service(record, block)
            if owner.address in links.targets:
                yield target
            elif owner.address in links.candidates() or links.unknown:
                yield _doubted(target)

    for type in SERVICES:
        yield from of_companions(owner, type, served)


def _of_service(record: Record, block: Block) -> Target:
    if has_interfaces(record.block):
        links = Links(block, "", targets=(record.address,))
        return _of(links, _CONTAINER_PORT.read(block))
    # ECS Developer Guide, "Service load balancing": tasks without interfaces of their own are
    # registered as their instances, at the ports of the host.
    reason = "its tasks run on instances of the cluster, which are registered as they come"
    links = Links(block, "", unknown=(reason,))
    return _of(links, Value(Unknown("a port of the host"), block, "container_port"))


def _of(links: Links, port: Value[int]) -> Target:
    return Target(links, Value((), links.origin, links.path), port)


def hole(block: Block, reasons: tuple[str, ...]) -> Target:
    """Stand for targets of which nothing is known but that there may be some."""
    missing: Value[Any] = Value(Unknown(reasons[0]), block, "")
    return Target(Links(block, "", unknown=reasons), missing, missing)
