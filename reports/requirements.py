"""Tells which requirements each rule gives evidence for, as the assessments of a scan have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from scanner.engine import Scan


class Reference(NamedTuple):
    """A requirement that a rule gives direct or supporting evidence for."""

    framework: str
    requirement: str
    link: Literal["direct", "supporting"]

    def __str__(self) -> str:
        return f"{self.framework} {self.requirement} ({self.link})"


def references(scan: Scan) -> Mapping[str, tuple[Reference, ...]]:
    """Give the requirements by the name under which a rule was applied."""
    found: dict[str, list[Reference]] = {}
    for assessment in scan.assessments:
        for outcome in assessment.outcomes:
            for link in outcome.links:
                found.setdefault(link.name, []).append(
                    Reference(assessment.framework.id, outcome.requirement.id, link.link.link)
                )
    return {name: tuple(items) for name, items in found.items()}
