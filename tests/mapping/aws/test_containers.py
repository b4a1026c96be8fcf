from __future__ import annotations

from typing import Any

import pytest

from scanner.model.base import Inapplicable, SecretPlace
from scanner.model.compute import ContainerService, ImageRepository
from scanner.record import Body, Record, Secret
from scanner.value import Unknown
from tests.mapping.conftest import Pointer, mapped, population, record

LATER = Unknown("known after apply")
POLICY = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "ecr:*"}}'


def repository(body: dict[str, Any], *others: Record) -> Any:
    return mapped(ImageRepository, record("aws_ecr_repository", body), *others)


def test_a_repository_that_says_nothing() -> None:
    found = repository({})
    assert found.public.is_false
    assert found.scanned.is_false
    assert found.immutable_tags.is_false
    assert found.resource_policy.is_absent


def test_a_repository_that_says_all() -> None:
    body = {
        "image_tag_mutability": "IMMUTABLE",
        "image_scanning_configuration": [{"scan_on_push": True}],
    }
    policy = record(
        "aws_ecr_repository_policy",
        {"repository": Pointer("aws_ecr_repository.a"), "policy": POLICY},
    )
    found = repository(body, policy)
    assert found.scanned.is_true
    assert found.immutable_tags.is_true
    assert found.resource_policy.statements[0].principals.items == ("AWS:*",)
    assert repository({"image_tag_mutability": LATER}).immutable_tags.is_unknown


@pytest.mark.parametrize(
    ("frequency", "pattern", "name", "state"),
    [
        ("SCAN_ON_PUSH", "*", LATER, "true"),
        ("CONTINUOUS_SCAN", "pay*", "payments", "true"),
        ("SCAN_ON_PUSH", "pay", "repay", "true"),
        ("SCAN_ON_PUSH", "pay*", "other", "false"),
        ("SCAN_ON_PUSH", "pay*", LATER, "unknown"),
        ("MANUAL", "*", "payments", "false"),
    ],
)
def test_the_registry_may_scan(frequency: str, pattern: str, name: Any, state: str) -> None:
    rule = {"scan_frequency": frequency, "repository_filter": [{"filter": pattern}]}
    registry = record("aws_ecr_registry_scanning_configuration", {"rule": [rule]})
    assert repository({"name": name}, registry).scanned.state.value == state


def test_a_public_repository_is_public() -> None:
    policy = record(
        "aws_ecrpublic_repository_policy",
        {"repository_name": Pointer("aws_ecrpublic_repository.a"), "policy": POLICY},
    )
    found = mapped(ImageRepository, record("aws_ecrpublic_repository", {}), policy)
    assert len(found.resource_policy.statements) == 1
    assert found.public.is_true
    with pytest.raises(Inapplicable):
        _ = found.scanned


@pytest.mark.parametrize("type", ["aws_ecs_service", "aws_ecs_task_set"])
def test_tasks_with_interfaces_are_placed(type: str) -> None:
    body = {
        "network_configuration": [
            {"subnets": [Pointer("x.s")], "security_groups": [Pointer("x.g")]}
        ]
    }
    service = mapped(ContainerService, record(type, body))
    assert service.subnets.targets == ("x.s",)
    assert service.security_groups.targets == ("x.g",)
    assert service.addresses.content == ()
    assert service.asks_for_public_address.content is False
    public = {"network_configuration": [{"assign_public_ip": True}]}
    assert mapped(ContainerService, record(type, public)).asks_for_public_address.content is True
    later = {"network_configuration": [{"assign_public_ip": LATER}]}
    found = mapped(ContainerService, record(type, later))
    assert isinstance(found.asks_for_public_address.content, Unknown)
    assert found.security_groups.is_empty


def test_tasks_on_the_interface_of_their_host_are_not_placed() -> None:
    assert not population(record("aws_ecs_service", {"network_configuration": []})).resources


@pytest.mark.parametrize(
    "type",
    [
        "aws_ecs_task_definition",
        "aws_batch_job_definition",
        "aws_codebuild_project",
        "aws_apprunner_service",
    ],
)
def test_what_containers_run_is_evaluated_for_its_secrets(type: str) -> None:
    secret = Secret("environment", "text", True, "holds a key")
    body = Body({}, (secret,))
    found = mapped(SecretPlace, Record(type, f"{type}.a", lambda: body))
    assert found.secrets == (secret,)


@pytest.mark.parametrize(
    ("registry", "state"),
    [
        ({"scan_type": "BASIC", "rule": []}, "true"),
        ({"scan_type": "ENHANCED", "rule": []}, "false"),
        (
            {
                "scan_type": "BASIC",
                "rule": [
                    {
                        "scan_frequency": "SCAN_ON_PUSH",
                        "repository_filter": [{"filter": "web-*"}],
                    }
                ],
            },
            "false",
        ),
    ],
)
def test_what_the_filters_of_the_registry_leave_out_is_not_scanned(
    registry: Any, state: str
) -> None:
    body = {"name": "payments", "image_scanning_configuration": [{"scan_on_push": True}]}
    scanning = record("aws_ecr_registry_scanning_configuration", registry)
    assert repository(body, scanning).scanned.state.value == state
