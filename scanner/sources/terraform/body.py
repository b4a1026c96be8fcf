"""The attributes of a record: what is unknown stands in its place, what is secret is gone.

`after_unknown` and `after_sensitive` have the shape of `after`, with `true` for what they mark:
https://developer.hashicorp.com/terraform/internals/json-format#change-representation
"""

from __future__ import annotations

from typing import Any, Final

from scanner.value import Redacted, Unknown

AFTER_APPLY: Final = Unknown("known after apply")
SENSITIVE: Final = Redacted("sensitive value, not read")
_DEPTH: Final = 200


class Damaged(dict[str, Any]):
    """Attributes of which it is not known whether others were there: absence says nothing."""

    __slots__ = ("reason",)

    def __init__(self, content: dict[str, Any], reason: Unknown) -> None:
        super().__init__(content)
        self.reason = reason

    def get(self, key: str, default: Any = None) -> Any:
        """Read an attribute; a missing one is unknown rather than missing."""
        return super().get(key, self.reason)


def damaged(what: str) -> Unknown:
    """Say that a part of the plan has another shape than it should; never quotes it."""
    return Unknown(f"damaged in the plan: {what}")


def overlay(after: Any, unknown: Any, depth: int = 0) -> Any:
    """Put an Unknown wherever the second tree says `true`; changes and gives the first."""
    if unknown is True:
        return AFTER_APPLY
    if not unknown:
        return after
    if depth > _DEPTH:
        return damaged("nested too deeply")
    if isinstance(unknown, dict):
        if after is None:
            after = {}
        if not isinstance(after, dict):
            return damaged("a value where a block was expected") if marks(unknown) else after
        for key, mark in unknown.items():
            if mark is True:
                after[key] = AFTER_APPLY
            elif mark:
                merged = overlay(after.get(key), mark, depth + 1)
                if merged is not None:
                    after[key] = merged
        return after or None if depth else after
    if isinstance(unknown, list):
        if after is None:
            if not marks(unknown):
                return None
            after = []
        if not isinstance(after, list):
            return damaged("a value where a list was expected") if marks(unknown) else after
        for index, mark in enumerate(unknown):
            if index == len(after):
                after.append(None)
            if mark is True:
                after[index] = AFTER_APPLY
            elif mark:
                after[index] = overlay(after[index], mark, depth + 1)
        return after
    return damaged("a mark that is neither true nor false")


def marks(tree: Any) -> bool:
    """Whether anything in a tree of marks is marked."""
    pending = [tree]
    while pending:
        item = pending.pop()
        if item is True:
            return True
        if isinstance(item, dict):
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
        elif item:
            return True
    return False


def hide(value: Any, mark: Any, depth: int = 0) -> Any:
    """Put SENSITIVE wherever the second tree says `true`; what is not set stays so."""
    if not mark or value is None:
        return value
    if mark is True or depth > _DEPTH:
        return value if isinstance(value, Unknown) or is_nothing(value) else SENSITIVE
    if isinstance(mark, dict) and isinstance(value, dict):
        for key, below in mark.items():
            if below and key in value:
                value[key] = hide(value[key], below, depth + 1)
        return value
    if isinstance(mark, list) and isinstance(value, list):
        for index, below in enumerate(mark[: len(value)]):
            if below:
                value[index] = hide(value[index], below, depth + 1)
        return value
    # The shapes differ: rather hide too much.
    return SENSITIVE if marks(mark) and not isinstance(value, Unknown) else value


def is_nothing(value: Any) -> bool:
    """Whether a value is not set: null, or empty."""
    return value is None or value == "" or value == [] or value == {}


def assemble(after: Any, unknown: Any, *, complete: bool = True) -> dict[str, Any]:
    """Lay what is unknown over what is known; `complete` if what is unknown was all said."""
    if unknown is True:
        return Damaged({}, AFTER_APPLY)
    if after is None:
        after = {}
    if not isinstance(after, dict):
        return Damaged({}, damaged("the attributes are not an object"))
    if isinstance(unknown, dict) or unknown is None or unknown is False:
        overlay(after, unknown or None)
    else:
        complete = False
    if complete:
        return after
    return Damaged(after, damaged("what is known only after apply is not said"))


def conceal(attributes: dict[str, Any], sensitive: Any) -> dict[str, Any]:
    """Hide what is marked sensitive; marks of another shape hide everything."""
    if isinstance(sensitive, dict):
        hide(attributes, sensitive)
    elif sensitive:
        for key, value in attributes.items():
            attributes[key] = hide(value, True)
    return attributes
