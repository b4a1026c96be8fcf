"""Policy documents of AWS, readable where they are known and honest where they are not.

Grammar and meaning of the elements: AWS IAM User Guide, "IAM JSON policy elements reference".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scanner.record import Block
from scanner.truth import Evidence, Truth, all_of, any_of, known, unknown
from scanner.value import show


@dataclass(frozen=True, slots=True)
class Words:
    """The strings of one policy element.

    items: the known ones.  identifiers: addresses of records whose identifier stands there, known
    only after apply but certainly not a bare wildcard.  unknown: why there may be others.
    source: where they are written.  endings: what follows the identifiers, where that is known.
    """

    items: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    source: str = ""
    endings: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the element is certainly not there."""
        return not (self.items or self.identifiers or self.unknown)

    def any(self, predicate: Callable[[str], bool]) -> Truth:
        """Whether some string satisfies the predicate; identifiers of one resource never do."""
        hits = [item for item in self.items if predicate(item)]
        if hits:
            return known(True, *(Evidence(self.source, show(item)) for item in hits))
        if self.unknown:
            return unknown(*(Evidence(self.source, reason) for reason in self.unknown))
        return known(False, Evidence(self.source, self.shown))

    @property
    def shown(self) -> str:
        """The strings, for evidence."""
        parts = [show(item) for item in self.items[:6]]
        parts += [f"identifier of {address}" for address in self.identifiers[:6]]
        parts += [f"({reason})" for reason in self.unknown]
        return ", ".join(parts) or "not set"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: operator as written, key in lower case, and the values compared with."""

    operator: str
    key: str
    values: Words


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.  Principals are `type:identifier` pairs such as `AWS:*`, `Service:s3...`."""

    source: str
    sid: str
    allows: Truth
    actions: Words
    not_actions: Words
    resources: Words
    not_resources: Words
    principals: Words
    not_principals: Words
    conditions: tuple[Condition, ...] = ()
    conditions_unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyDocument:
    """All statements of a policy element of a resource.

    statements: those that could be read.  unknown: why there may be others.  An empty document
    without unknowns certainly says nothing.
    """

    origin: Block
    path: str
    statements: tuple[Statement, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Where the document is written."""
        return f"{self.origin.address}.{self.path}" if self.path else self.origin.address

    @property
    def is_absent(self) -> bool:
        """Whether there certainly is no statement."""
        return not self.statements and not self.unknown

    def any(self, predicate: Callable[[Statement], Truth]) -> Truth:
        """Whether some statement satisfies the predicate."""
        return any_of((*map(predicate, self.statements), *self._holes()), self._nothing())

    def every(self, predicate: Callable[[Statement], Truth]) -> Truth:
        """Whether all statements satisfy it."""
        return all_of((*map(predicate, self.statements), *self._holes()), self._nothing())

    def _holes(self) -> Iterator[Truth]:
        for reason in self.unknown:
            yield unknown(Evidence(self.source, reason))

    def _nothing(self) -> Evidence:
        return Evidence(self.source, "no statement")


def matches(pattern: str, text: str) -> bool:
    """Whether a policy pattern with `*` and `?` covers a text, ignoring case as actions do."""
    return _glob(pattern.lower(), text.lower())


def matches_exactly(pattern: str, text: str) -> bool:
    """Whether a policy pattern covers a text, minding case as resources do."""
    return _glob(pattern, text)


def _glob(pattern: str, text: str) -> bool:
    # Linear two-pointer matching: hostile patterns must not make a regular expression explode.
    p = t = 0
    star = mark = -1
    while t < len(text):
        if p < len(pattern) and pattern[p] == "*":
            star, mark = p, t
            p += 1
        elif p < len(pattern) and (pattern[p] == "?" or pattern[p] == text[t]):
            p += 1
            t += 1
        elif star >= 0:
            mark += 1
            p, t = star + 1, mark
        else:
            return False
    return all(char == "*" for char in pattern[p:])
