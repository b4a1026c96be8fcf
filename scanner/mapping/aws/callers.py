"""From which addresses a resource policy admits callers at all.

AWS IAM User Guide, "IAM JSON policy elements: Condition operators", "IP address condition
operators", and "AWS global condition context keys", aws:SourceIp.
"""

from __future__ import annotations

from typing import Final

from scanner.model.document import Condition, PolicyDocument, Statement
from scanner.value import Unknown, Value

_KEY: Final = "aws:sourceip"
_INSIDE: Final = frozenset({"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"})
# As the condition operators are called in lower case: they are compared without regard to it.
_IS: Final = frozenset(
    {"stringequals", "stringlike", "arnequals", "arnlike", "stringequalsignorecase", "ipaddress"}
)
_ONLY: Final = "ipaddress"
_ALL_BUT: Final = ("notipaddress", "notipaddressifexists")


def ranges_of(document: PolicyDocument) -> Value[tuple[str, ...]]:
    """Give the ranges that it limits callers to; empty if anybody may try.

    A policy that nothing can be said of, or that admits nobody from outside, is unknown.
    """
    source = document.path
    if document.unknown:
        return Value(Unknown(document.unknown[0]), document.origin, source)
    admitted: dict[str, None] = {}
    anybody = False
    for statement in document.statements:
        if statement.allows.is_false:
            continue
        found = _admitted(statement)
        if isinstance(found, Unknown):
            return Value(found, document.origin, source)
        anybody = anybody or found == ()
        admitted.update(dict.fromkeys(found or ()))
    limits = [item for item in document.statements if not item.allows.is_true]
    return _limited(document, () if anybody else tuple(admitted), limits, bool(admitted) or anybody)


def _limited(
    document: PolicyDocument, admitted: tuple[str, ...], limits: list[Statement], any_at_all: bool
) -> Value[tuple[str, ...]]:
    source = document.path
    if not any_at_all:
        return Value(Unknown("no statement admits callers from outside"), document.origin, source)
    found: tuple[str, ...] | None = None
    for statement in limits:
        ranges = _left(statement)
        if ranges is None:
            continue
        if isinstance(ranges, Unknown) or found is not None or admitted:
            return Value(Unknown("several statements limit its callers"), document.origin, source)
        found = ranges
    return Value(admitted if found is None else found, document.origin, source)


def _admitted(statement: Statement) -> tuple[str, ...] | Unknown | None:
    """Give the ranges of a permission: empty if it is for anybody, None if for nobody outside."""
    if statement.allows.is_unknown or statement.conditions_unknown:
        return Unknown("a statement of the policy is not readable")
    for condition in statement.conditions:
        if condition.key in _INSIDE and _operator(condition) in _IS:
            return None
    found = [item for item in statement.conditions if item.key == _KEY]
    if not found:
        return ()
    if len(found) > 1 or _operator(found[0]) != _ONLY:
        return Unknown("a statement of the policy limits addresses in another way than by a list")
    return _texts(found[0])


def _left(statement: Statement) -> tuple[str, ...] | Unknown | None:
    """Give the ranges that a denial leaves; None if it limits no addresses."""
    if any(item.key in _INSIDE for item in statement.conditions):
        return Unknown("a denial of the policy may spare callers from networks only")
    found = [item for item in statement.conditions if item.key == _KEY]
    if not found and not statement.conditions_unknown:
        return None
    everybody = "AWS:*" in statement.principals.items
    if (
        statement.allows.is_unknown
        or statement.conditions_unknown
        or len(statement.conditions) != 1
        or _operator(found[0]) not in _ALL_BUT
        or not everybody
    ):
        return Unknown("a denial of the policy is not readable")
    return _texts(found[0])


def _operator(condition: Condition) -> str:
    return condition.operator.lower().removeprefix("foranyvalue:")


def _texts(condition: Condition) -> tuple[str, ...] | Unknown:
    if condition.values.unknown or condition.values.identifiers or not condition.values.items:
        return Unknown("the addresses of the policy are not known")
    return condition.values.items
