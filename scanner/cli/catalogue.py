"""Finds the rules and frameworks that came with the program, and picks from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType

import rules as rule_package
import scanner
from scanner.errors import ConfigError
from scanner.framework import Framework, read_frameworks
from scanner.rule import Rule, load


def all_rules() -> Mapping[str, Rule]:
    """Give every rule by id."""
    return load(_ours())


def all_frameworks() -> Mapping[str, Framework]:
    """Give every framework by id."""
    _ours()
    folder = Path(rule_package.__file__ or "").parent / "frameworks"
    return {item.id: item for item in read_frameworks(folder)}


def _ours() -> ModuleType:
    # `rules` is a common name: whatever else is called so must not be taken for ours (ADR 1).
    home = Path(scanner.__file__ or "").parent.parent
    found = Path(rule_package.__file__ or "").parent
    if found.parent != home:
        raise ConfigError(
            f"the folder {found} hides the rules of assay: start assay from another folder, or "
            "install it in an environment of its own"
        )
    return rule_package


def pick_rules(
    rules: Mapping[str, Rule], chosen: Iterable[str], excluded: Iterable[str]
) -> Mapping[str, Rule]:
    """Give the chosen rules, or all, without the excluded ones."""
    names = list(chosen) or list(rules)
    gone = {known_id(id, rules, "rule") for id in excluded}
    return {id: rules[id] for id in sorted({known_id(id, rules, "rule") for id in names} - gone)}


def pick_frameworks(
    frameworks: Mapping[str, Framework], chosen: Iterable[str]
) -> tuple[Framework, ...]:
    """Give the chosen frameworks, or all."""
    names = sorted({known_id(id, frameworks, "framework") for id in chosen}) or sorted(frameworks)
    return tuple(frameworks[id] for id in names)


def known_id(id: str, known: Iterable[str], what: str) -> str:
    """Give the id if it is known; else say which one is nearest."""
    names = list(known)
    if id in names:
        return id
    near = get_close_matches(id, names, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ConfigError(f"there is no {what} {id!r}{hint} (`assay {what}s` lists them)")
