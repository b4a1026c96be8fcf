"""Expressions as the source writes them: a plan's reference lists, with the structure they lost.

Everything that reads a plan's expressions can read these, and then knows no more than a plan; who
asks for the form can also go into an object by its keys, or follow an index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeAlias

from scanner.sources.terraform.expressions import Rest, dig, listed, written
from scanner.value import Redacted

Form = Literal[
    "constant", "traversal", "object", "tuple", "path", "choice", "map", "template", "other"
]
_KNOWN: Final = True
"""Stands in `constant_value` of a collection whose parts hold the constants."""


class Expression(dict[str, Any]):
    """One expression; as a dictionary it has the form that a plan gives it.

    constant: a literal.  traversal: a reference and nothing else.  object, tuple: the `parts`.
    path: `steps` into the first part, some of which are expressions.  choice: one of the parts.
    map: for every element of the first part, under its own key, what the second makes of it; the
    steps are the names that key and element have there.
    template: a text that begins with what the first part gives, and ends with the second.
    other: what only its references are known of; without any, it says nothing.
    """

    __slots__ = ("form", "parts", "steps")

    def __init__(
        self,
        form: Form,
        content: Mapping[str, Any],
        parts: Mapping[str | int, Expression] | None = None,
        steps: Steps = (),
    ) -> None:
        super().__init__(content)
        self.form: Form = form
        self.parts: Mapping[str | int, Expression] = parts or {}
        self.steps: Steps = steps

    def __repr__(self) -> str:
        return f"Expression({self.form!r})"

    @property
    def references(self) -> list[str]:
        """The reference list that a plan gives."""
        found: list[str] = self.get("references", [])
        return found

    @property
    def value(self) -> Any:
        """The content of a constant, of whatever depth; None for what is no constant."""
        if "constant_value" not in self:
            return None
        if self.form == "object":
            return {str(key): part.value for key, part in self.parts.items()}
        if self.form == "tuple":
            return [part.value for part in self.parts.values()]
        return self["constant_value"]

    def forget(self) -> None:
        """Drop the literals: a secret-bearing argument was found to be written with them."""
        for part in self.parts.values():
            part.forget()
        if self.form == "constant" and self["constant_value"] not in (None, ""):
            self["constant_value"] = Redacted("a literal in the source, not kept")


Steps: TypeAlias = "tuple[str | int | tuple[str] | Expression, ...]"


def constant(value: Any) -> Expression:
    """Write a literal."""
    return Expression("constant", {"constant_value": value})


def traversal(steps: Rest) -> Expression:
    """Write a reference with all its steps."""
    text = written(steps)
    return Expression("traversal", {"references": [text, *listed(text)]}, steps=steps)


def collection(form: Literal["object", "tuple"], parts: Mapping[Any, Expression]) -> Expression:
    """Write an object with literal keys, or a tuple."""
    if all("constant_value" in part for part in parts.values()):
        return Expression(form, {"constant_value": _KNOWN}, parts)
    return Expression(form, content(parts.values()), parts)


def choice(condition: Expression, first: Expression, second: Expression) -> Expression:
    """Write a conditional expression, which gives one of two."""
    parts: dict[str | int, Expression] = {0: first, 1: second}
    return Expression("choice", content((condition, first, second)), parts)


def other(parts: Iterable[Expression]) -> Expression:
    """Write an expression of which only the references count."""
    return Expression("other", content(parts))


def template(of: Expression, ending: str) -> Expression:
    """Write a text such as `"${x.arn}/*"`: an expression and what follows it."""
    return Expression("template", content((of,)), {0: of, 1: constant(ending)})


def mapping(of: Expression, made: Expression, names: tuple[str, str], listed: Any) -> Expression:
    """Write a `for` expression that keeps the keys of what it goes through."""
    return Expression("map", listed, {0: of, 1: made}, names)


def path(of: Expression, step: str | int | tuple[str] | Expression) -> Expression:
    """Take one more step from an expression."""
    if of.form == "traversal" and not isinstance(step, Expression):
        return traversal((*_plain(of.steps), step))
    inner, steps = (of.parts[0], of.steps) if of.form == "path" else (of, ())
    return enclosed(inner, (*steps, step))


def enclosed(of: Expression, steps: Steps = ()) -> Expression:
    """Write steps from an expression in parentheses, which no longer belong to its reference."""
    keys = (step for step in steps if isinstance(step, Expression))
    return Expression("path", content((of, *keys)), {0: of}, steps)


def content(parts: Iterable[Expression]) -> dict[str, Any]:
    """List the references of several expressions in their order; nothing if one says nothing."""
    found: list[str] = []
    for part in parts:
        if not part:
            return {}
        found.extend(part.references)
    return {"references": found}


def narrowed(node: Any, rest: Rest) -> Expression | None:
    """Go into an expression; None where its structure does not tell what is there."""
    return _narrowed(node, rest) if isinstance(node, Expression) else None


def _narrowed(node: Expression, rest: Rest) -> Expression | None:
    for position, step in enumerate(rest):
        after = rest[position:]
        if node.form == "constant":
            return constant(dig(node.value, after))
        if node.form == "choice":
            # An empty branch has nothing to pick, so it was not the one.
            found = [narrowed(part, after) for part in node.parts.values() if not _empty(part)]
            branches = [part for part in found if part is not None]
            if len(branches) < 2 or len(branches) < len(found):
                return branches[0] if len(found) == len(branches) == 1 else None
            return Expression("choice", content(branches), dict(enumerate(branches)))
        if node.form == "traversal":
            return traversal((*_plain(node.steps), *after))
        if node.form == "path":
            return enclosed(node.parts[0], (*node.steps, *after))
        key = step[0] if isinstance(step, tuple) else step
        if node.form == "template":
            return None
        if node.form == "map":
            made = narrowed(node.parts[1], after[1:])
            one = narrowed(node.parts[0], ((key,) if isinstance(key, str) else key,))
            if made is None or one is None:
                return None
            names = [str(name) for name in node.steps]
            return _filled(made, {names[0]: constant(key), names[1]: one})
        part: Expression | None = node.parts.get(str(key) if node.form == "object" else key)
        if part is None:
            return None
        node = part
    return node


def _filled(node: Expression, given: Mapping[str, Expression]) -> Expression | None:
    """Put expressions in the place of names; None where the names cannot be told."""
    if node.form == "traversal":
        one = given.get(str(node.steps[0]))
        return node if one is None else narrowed(one, _plain(node.steps)[1:])
    if node.form in ("other", "map"):
        known = node and not any(_head(text) in given for text in node.references)
        return node if known else None
    parts: dict[str | int, Expression] = {}
    for key, part in node.parts.items():
        found = _filled(part, given)
        if found is None:
            return None
        parts[key] = found
    steps: list[str | int | tuple[str] | Expression] = []
    for step in node.steps:
        inner = _filled(step, given) if isinstance(step, Expression) else step
        if inner is None:
            return None
        steps.append(inner)
    if node.form == "path":
        return enclosed(parts[0], tuple(steps))
    if node.form == "constant":
        return node
    if node.form == "choice":
        return Expression("choice", content(parts.values()), parts)
    if node.form == "template":
        return template(parts[0], parts[1]["constant_value"])
    return collection("object" if node.form == "object" else "tuple", parts)


def _head(text: str) -> str:
    return text.partition(".")[0].partition("[")[0]


def _empty(part: Expression) -> bool:
    return "constant_value" in part and part.value in (None, [], {})


def _plain(steps: Steps) -> Rest:
    return tuple(step for step in steps if not isinstance(step, Expression))
