"""Repositories of container images: ECR and ECR Public.

API paths are those of DescribeRepositories, GetRepositoryPolicy and
GetRegistryScanningConfiguration (botocore service models `ecr`, `ecr-public`).
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

from scanner.mapping.documents import Document
from scanner.mapping.fields import Derived, NotApplicable, always, flag, holds, never
from scanner.mapping.references import From
from scanner.mapping.registry import companion, maps, supports
from scanner.model.compute import ImageRepository
from scanner.model.document import PolicyDocument
from scanner.record import Block, Record
from scanner.truth import Evidence, Truth, any_of, known, unknown
from scanner.value import Unknown

_ON_PUSH: Final = flag(
    "image_scanning_configuration.scan_on_push", "imageScanningConfiguration.scanOnPush"
)
_NO_POLICY: Final = Derived(lambda block: PolicyDocument(block, "policy"))


def _scanned(block: Block) -> Truth:
    """Whether the repository's own setting or one of the registry scans its images."""
    registries = [
        record
        for record in block.record.peers.of("aws_ecr_registry_scanning_configuration")
        if record.managed and _same_place(record, block.record)
    ]
    own = _ON_PUSH.read(block)
    if not registries or own.is_false:
        return any_of((own, *(_covers(record, block) for record in registries)))
    # ECR User Guide, "Image scanning", "Using filters": where the registry has filters, what they
    # do not match is scanned on request only (basic) or not at all (enhanced).
    return any_of(
        own if _leaves_it_to_repositories(record) else _covers(record, block)
        for record in registries
    )


def _leaves_it_to_repositories(registry: Record) -> bool:
    """Whether a configuration without rules of basic scanning changes nothing."""
    rules = registry.block.blocks("rule")
    return rules == () and registry.block.read("scan_type") == "BASIC"


def _same_place(one: Record, other: Record) -> bool:
    here, there = one.location, other.location
    return all(
        not mine or not yours or mine == yours
        for mine, yours in ((here.account, there.account), (here.region, there.region))
    )


def _covers(registry: Record, repository: Block) -> Truth:
    rules = registry.block.blocks("rule")
    if isinstance(rules, Unknown):
        return unknown(Evidence(registry.address, rules.reason))
    name = repository.read("name")
    truths = []
    for rule in rules:
        frequency = rule.read("scan_frequency")
        if frequency == "MANUAL":
            continue
        for pattern in _texts(rule.read("repository_filter[].filter")):
            source = f"{rule.address}.repository_filter"
            if pattern == "*":
                truths.append(known(True, Evidence(source, '"*"')))
            elif isinstance(name, str):
                # A filter without a wildcard matches every name that contains it.
                glob = pattern if "*" in pattern else f"*{pattern}*"
                matched = fnmatchcase(name, glob)
                truths.append(known(matched, Evidence(source, f'"{pattern}"')))
            else:
                truths.append(unknown(Evidence(source, "the repository's name is not known")))
    return any_of(truths, Evidence(registry.address, "no rule scans on push"))


def _texts(found: object) -> list[str]:
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


companion("aws_ecr_repository_policy", "aws_ecr_repository", "repository", "repositoryName")
companion(
    "aws_ecrpublic_repository_policy",
    "aws_ecrpublic_repository",
    "repository_name",
    "repositoryName",
)
maps(
    "aws_ecr_repository",
    to=ImageRepository,
    public=never("a private repository: only its policy can open it"),
    scanned=Derived(_scanned),
    # With exclusion filters, tags that match them can still be moved.
    immutable_tags=holds(
        lambda mode: mode == "IMMUTABLE", "image_tag_mutability", "imageTagMutability"
    ),
    resource_policy=From("aws_ecr_repository_policy", Document("policy", "policyText"), _NO_POLICY),
)
maps(
    "aws_ecrpublic_repository",
    to=ImageRepository,
    public=always("a repository of ECR Public can be read by anybody"),
    scanned=NotApplicable("ECR Public does not scan images"),
    immutable_tags=NotApplicable("ECR Public has no immutable tags"),
    resource_policy=From(
        "aws_ecrpublic_repository_policy", Document("policy", "policyText"), _NO_POLICY
    ),
)

supports("aws_ecr_registry_scanning_configuration")
