"""Containers: ECS services whose tasks have interfaces of their own, and what containers run.

API paths are those of DescribeServices (botocore service model `ecs`).
"""

from __future__ import annotations

from scanner.mapping.aws.references import groups, subnets
from scanner.mapping.fields import Attr, NotApplicable, written
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps, supports
from scanner.model.compute import Instance
from scanner.record import MISSING, Block


def _has_interfaces(block: Block) -> bool:
    """Whether the tasks are placed in subnets; others share the interface of their host."""
    path = "networkConfiguration" if block.record.shape == "api" else "network_configuration"
    return written(block, path) not in (MISSING, [])


def _asked(content: object) -> object:
    if isinstance(content, bool):
        return content
    return content == "ENABLED"


_WHY = "tasks of ECS are not virtual machines"
_NETWORK = "networkConfiguration.awsvpcConfiguration"

maps(
    "aws_ecs_service",
    to=Instance,
    when=_has_interfaces,
    subnets=subnets("network_configuration.subnets", f"{_NETWORK}.subnets"),
    security_groups=groups("network_configuration.security_groups", f"{_NETWORK}.securityGroups"),
    asks_for_public_address=Attr(
        "network_configuration.assign_public_ip", f"{_NETWORK}.assignPublicIp", _asked
    ),
    interfaces=Nothing(),
    requires_session_tokens=NotApplicable(_WHY),
    source_check=NotApplicable(_WHY),
    roles=NotApplicable("the task definition names the role of a task"),
)

# What containers run is judged for its secrets alone, as every record is.
supports(
    "aws_ecs_task_definition",
    "aws_batch_job_definition",
    "aws_codebuild_project",
    "aws_apprunner_service",
)
