"""One rule's verdict on one resource."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from scanner.model.base import Resource
from scanner.network.chain import Answer, Path
from scanner.rule import Rule
from scanner.truth import Evidence, Truth


class Verdict(Enum):
    """What a finding says."""

    PASS = "pass"
    FAIL = "fail"
    UNDETERMINED = "undetermined"


class Finding:
    """One rule's verdict on one resource, with its evidence made only when asked for.

    settings: the thresholds that were applied.
    """

    __slots__ = ("_evidence", "resource", "rule", "settings", "truth", "verdict")

    def __init__(
        self, rule: Rule, resource: Resource, truth: Truth, settings: Mapping[str, Any]
    ) -> None:
        self.rule = rule
        self.resource = resource
        self.truth = truth
        self.settings = settings
        self._evidence: tuple[Evidence, ...] | None = None
        self.verdict = (
            Verdict.PASS
            if truth.is_true
            else Verdict.FAIL
            if truth.is_false
            else Verdict.UNDETERMINED
        )

    def __repr__(self) -> str:
        return f"Finding({self.name!r}, {self.resource.address!r}, {self.verdict.value})"

    @property
    def address(self) -> str:
        """The address of the resource."""
        return self.resource.address

    @property
    def name(self) -> str:
        """The rule's id, with the settings that differ from its defaults."""
        return name_of(self.rule, self.settings)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The facts that decided, or those that are missing."""
        if self.verdict is Verdict.PASS:
            return self.truth.evidence
        # Every report tells it, most of them twice; passes are many and told rarely.
        if self._evidence is None:
            self._evidence = self.truth.evidence
        return self._evidence

    @property
    def paths(self) -> tuple[Path, ...]:
        """The ways of packets that decided, open ones and shut ones; most findings have none."""
        answers = self.truth.witnesses(Answer)
        return tuple(dict.fromkeys(path for answer in answers for path in answer.paths))


def name_of(rule: Rule, settings: Mapping[str, Any]) -> str:
    """Name a rule as it was applied: `password-policy-long-enough[minimum_length=14]`."""
    special = [
        f"{key}={settings[key]}" for key in sorted(settings) if settings[key] != rule.settings[key]
    ]
    return f"{rule.id}[{', '.join(special)}]" if special else rule.id
