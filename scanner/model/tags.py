"""Tags of resources, which may be known in part."""

from __future__ import annotations

from collections.abc import Mapping


class Tags(dict[str, str]):
    """The tags that are known, by key.

    holes: keys that are there with a value that is not known, each with the reason.
    further: why there may be tags beside these; empty if there are none.
    """

    __slots__ = ("further", "holes")

    def __init__(
        self, known: Mapping[str, str], holes: Mapping[str, str] | None = None, further: str = ""
    ) -> None:
        super().__init__(known)
        self.holes: Mapping[str, str] = holes or {}
        self.further = further
