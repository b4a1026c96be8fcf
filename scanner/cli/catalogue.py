"""Finds the rules and frameworks that came with the program, and picks from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

import rules as rule_package
from scanner.errors import ConfigError
from scanner.framework import Framework, read_framework, read_frameworks
from scanner.rule import Rule, load


def all_rules() -> Mapping[str, Rule]:
    """Give every rule by id."""
    return load(rule_package)


def all_frameworks() -> Mapping[str, Framework]:
    """Give every framework by id."""
    return {item.id: item for item in read_frameworks(_folder())}


def _folder() -> Path:
    return Path(rule_package.__file__ or "").parent / "frameworks"


def pick_rules(
    rules: Mapping[str, Rule], chosen: Iterable[str], excluded: Iterable[str]
) -> Mapping[str, Rule]:
    """Give the chosen rules, or all, without the excluded ones."""
    names = list(chosen) or list(rules)
    gone = {known_id(id, rules, "rule") for id in excluded}
    return {id: rules[id] for id in sorted({known_id(id, rules, "rule") for id in names} - gone)}


def pick_frameworks(chosen: Iterable[str]) -> tuple[Framework, ...]:
    """Give the chosen frameworks, or all; the files of the others are not read."""
    ids = sorted(set(chosen))
    if not ids:
        return tuple(all_frameworks().values())
    files = {id: _folder() / f"{re.sub('[.-]', '_', id)}.yaml" for id in ids}
    for id, path in files.items():
        if not re.fullmatch(r"[a-z0-9.-]+", id) or not path.is_file():
            known_id(id, all_frameworks(), "framework")
    return tuple(read_framework(path) for path in files.values())


def known_id(id: str, known: Iterable[str], what: str) -> str:
    """Give the id if it is known; else say which one is nearest."""
    names = list(known)
    if id in names:
        return id
    near = get_close_matches(id, names, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ConfigError(f"there is no {what} {id!r}{hint} (`assay {what}s` lists them)")
