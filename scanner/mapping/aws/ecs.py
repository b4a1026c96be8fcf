"""Containers: ECS services whose tasks have interfaces of their own, and what containers run.

API paths are those of DescribeServices (botocore service model `ecs`; task sets are part of it).
"""

from __future__ import annotations

from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.fields import Attr, written
from scanner.mapping.registry import maps, supports
from scanner.model.compute import ContainerService
from scanner.record import MISSING, Block


def has_interfaces(block: Block) -> bool:
    """Whether the tasks are placed in subnets; others share the interface of their host."""
    path = "networkConfiguration" if block.record.shape == "api" else "network_configuration"
    return written(block, path) not in (MISSING, [])


def _asked(content: object) -> object:
    if isinstance(content, bool):
        return content
    return content == "ENABLED"


_NETWORK = "networkConfiguration.awsvpcConfiguration"

for _type in ("aws_ecs_service", "aws_ecs_task_set"):
    maps(
        _type,
        to=ContainerService,
        when=has_interfaces,
        subnets=subnets("network_configuration.subnets", f"{_NETWORK}.subnets"),
        # ECS API Reference, AwsVpcConfiguration: without groups the default one of the VPC.
        security_groups=groups(
            "network_configuration.security_groups", f"{_NETWORK}.securityGroups"
        ),
        addresses=CHOSEN,
        asks_for_public_address=Attr(
            "network_configuration.assign_public_ip", f"{_NETWORK}.assignPublicIp", _asked
        ),
    )

# What containers run is judged for its secrets alone, as every record is.
supports("aws_ecs_task_definition", "aws_batch_job_definition", "aws_codebuild_project")
