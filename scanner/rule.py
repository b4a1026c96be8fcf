"""A rule is a function from one canonical resource to a Truth."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from importlib import import_module
from pkgutil import walk_packages
from types import MappingProxyType, ModuleType
from typing import Any, TypeVar

from scanner.graph.graph import Graph
from scanner.model.base import Resource
from scanner.truth import Truth

C = TypeVar("C", bound=Callable[..., Truth])


class Severity(IntEnum):
    """How bad it is when the rule does not hold."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        """The word for people and files."""
        return self.name.lower()


@dataclass(frozen=True, eq=False)
class Rule:
    """One question, asked of every resource of its subject.

    check: takes the resource, then the graph if it has a parameter `graph`, then the settings.
    when: an optional question that says whether the rule is about this resource at all.
    settings: the thresholds with their defaults, which a framework may set otherwise.
    """

    id: str
    title: str
    severity: Severity
    risk: str
    fix: str
    subject: type[Resource]
    check: Callable[..., Truth]
    when: Callable[..., Truth] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    wants_graph: bool = False
    when_wants_graph: bool = False

    def applies(self, resource: Resource, graph: Graph) -> Truth | None:
        """Whether the rule is about this resource; None if it always is."""
        if self.when is None:
            return None
        return self.when(resource, graph) if self.when_wants_graph else self.when(resource)

    def judge(self, resource: Resource, graph: Graph, settings: Mapping[str, Any]) -> Truth:
        """Ask the question; a resource that the rule is not about satisfies it."""
        if self.wants_graph:
            return self.check(resource, graph, **settings)
        return self.check(resource, **settings)


_RULES: dict[str, Rule] = {}


def rule(
    id: str,
    *,
    title: str,
    severity: Severity,
    fix: str,
    when: Callable[..., Truth] | None = None,
) -> Callable[[C], C]:
    """Declare a rule.

    The first parameter's type is the subject; a parameter `graph` receives the graph; keyword-only
    parameters with defaults are the settings.  The docstring says what could happen otherwise.
    """

    def register(check: C) -> C:
        if id in _RULES:
            raise ValueError(f"rule {id!r} is declared twice")
        signature = inspect.signature(check, eval_str=True)
        parameters = list(signature.parameters.values())
        settings = {
            item.name: item.default for item in parameters if item.kind is item.KEYWORD_ONLY
        }
        _RULES[id] = Rule(
            id,
            title,
            severity,
            inspect.getdoc(check) or "",
            fix,
            parameters[0].annotation,
            check,
            when,
            MappingProxyType(settings),
            "graph" in signature.parameters,
            when is not None and "graph" in inspect.signature(when).parameters,
        )
        return check

    return register


def load(package: ModuleType) -> Mapping[str, Rule]:
    """Import every module of a package of rules and give the rules by id, sorted."""
    for module in walk_packages(package.__path__, package.__name__ + "."):
        import_module(module.name)
    return {id: _RULES[id] for id in sorted(_RULES)}
