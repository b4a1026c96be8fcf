"""Reads one HCL file into expressions; the only place that knows the HCL parser.

Nothing of the file's text stays but names, references, and those literals that neither their name
nor their looks make a secret; inside resource blocks, where the plan has them, none at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from scanner.sources.terraform.plain_sight import look, looks_literal, names_secret
from scanner.sources.terraform.written import (
    Expression,
    choice,
    collection,
    constant,
    enclosed,
    mapping,
    other,
    path,
    template,
    traversal,
)
from scanner.value import Redacted

_SECRET: Final = Redacted("a literal in the source, not kept")
_LONGEST: Final = 256
_READ: Final = {"locals": True, "module": True, "output": True, "resource": False, "data": False}
"""The blocks that are read, and whether their literals are kept."""
_SAME: Final = frozenset({"tolist", "tomap", "sensitive", "nonsensitive"})
_SKIPPED: Final = frozenset({"new_line_or_comment", "binary_operator"})
_LITERALS: Final = {"true": True, "false": False, "null": None}
_SILENT: Final = Expression("other", {})
"""An expression that could not be followed: it says nothing, so nothing follows from it."""


class HclError(Exception):
    """A text that is not HCL; holds the line and nothing of the text."""

    def __init__(self, line: int | None) -> None:
        self.line = line
        super().__init__(f"line {line}" if line else "not HCL")


class Body:
    """The arguments and nested blocks of one block."""

    __slots__ = ("arguments", "blocks", "dynamic")

    def __init__(self) -> None:
        self.arguments: dict[str, Expression] = {}
        self.blocks: dict[tuple[str, ...], list[Body]] = {}
        self.dynamic: set[str] = set()


def parse(text: str) -> Body:
    """Read a file; its blocks are found by their type and labels."""
    import hcl2
    from lark.exceptions import LarkError

    try:
        return _file(hcl2.parses_to_tree(text).children[0])
    except LarkError as error:
        # Its message quotes the text, which may hold a secret.
        line = getattr(error, "line", None)
        raise HclError(line if isinstance(line, int) and line > 0 else None) from None
    except (RecursionError, ValueError, IndexError, KeyError):
        raise HclError(None) from None


def _file(tree: Any) -> Body:
    found = Body()
    for item in _parts(tree):
        if item.data == "block":
            *labels, inner = _parts(item)
            words = tuple(map(_word, labels))
            if words[0] in _READ:
                body = _body(inner, _READ[words[0]])
                found.blocks.setdefault(words, []).append(body)
    return found


def _body(tree: Any, keep: bool) -> Body:
    found = Body()
    for item in _parts(tree):
        if item.data == "attribute":
            label, value = _parts(item)
            name = _word(label)
            reader = _Reader(keep or name in ("for_each", "count"))
            found.arguments[name] = reader.read(value, name)
        elif item.data == "block":
            *labels, inner = _parts(item)
            words = tuple(map(_word, labels))
            if words[0] == "dynamic":
                found.dynamic.update(words[1:])
            else:
                found.blocks.setdefault(words[:1], []).append(_body(inner, keep))
    return found


def _parts(tree: Any) -> list[Any]:
    """Give the subtrees that count."""
    return [item for item in tree.children if hasattr(item, "data") and item.data not in _SKIPPED]


def _tokens(tree: Any) -> Iterator[str]:
    for item in tree.children:
        if hasattr(item, "data"):
            yield from _tokens(item)
        else:
            yield str(item)


def _word(tree: Any) -> str:
    """Read a name or a label."""
    return "".join(_tokens(tree)).strip().strip('"')


class _Reader:
    """Turns the trees of one argument into expressions."""

    def __init__(self, keep: bool) -> None:
        self.keep = keep

    def read(self, tree: Any, name: str = "", bound: frozenset[str] = frozenset()) -> Expression:
        """Read an expression; `bound` are the names that `for` gives a meaning of their own."""
        kind = str(tree.data)
        method = getattr(self, f"_{kind}", None)
        if method is None:
            return other(self.read(item, name, bound) for item in _parts(tree))
        found: Expression = method(tree, name, bound)
        return found

    def _expr_term(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        (inner,) = _parts(tree)
        found = self.read(inner, name, bound)
        if _is_enclosed(tree) and found.form in ("traversal", "path"):
            return enclosed(found)
        return found

    def _identifier(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        word = _word(tree)
        return Expression("other", {"references": []}) if word in bound else traversal((word,))

    def _literal_value(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        return constant(_LITERALS[_word(tree)])

    def _int_lit(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        digits = _word(tree)
        return constant(int(digits)) if len(digits) < 20 else _SILENT

    def _float_lit(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        return constant(float(_word(tree)))

    def _string(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        parts = _parts(tree)
        inner = [item for part in parts for item in _parts(part)]
        if not inner:
            return constant(self._kept("".join(map(_text, parts)), name))
        if len(parts) == 1 and inner[0].data == "interpolation":
            return self.read(_parts(inner[0])[0], name, bound)
        if any(item.data != "interpolation" for item in inner):
            return _SILENT
        if len(inner) == 1 and _parts(parts[0]):
            # A path behind an identifier, as in "${x.arn}/*", is no secret wherever it stands.
            ending = "".join(map(_text, parts[1:]))
            if _PATH.fullmatch(ending) and not names_secret(name) and not look(ending):
                return template(self.read(_parts(inner[0])[0], name, bound), ending)
        return other(self.read(_parts(item)[0], name, bound) for item in inner)

    def _kept(self, text: str, name: str) -> Any:
        if not text:
            return text
        if not self.keep or len(text) > _LONGEST or look(text):
            return _SECRET
        return _SECRET if names_secret(name) and looks_literal(text) else _unescaped(text)

    def _heredoc_template(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        text = "".join(_tokens(tree)).replace("$${", "").replace("%%{", "")
        if "%{" in text:
            return _SILENT
        inner = [self._interpolated(part, bound) for part in _interpolations(text)]
        return other(inner) if inner else constant(_SECRET)

    _heredoc_template_trim = _heredoc_template

    def _interpolated(self, text: str, bound: frozenset[str]) -> Expression:
        import hcl2
        from lark.exceptions import LarkError

        try:
            tree = hcl2.parses_to_tree(f"x = {text.strip().strip('~')}")
        except LarkError:
            return _SILENT
        return self.read(_parts(_parts(tree.children[0])[0])[1], "", bound)

    def _tuple(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        items = [self.read(item, name, bound) for item in _parts(tree)]
        return collection("tuple", dict(enumerate(items)))

    def _object(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        parts: dict[str, Expression] = {}
        every: list[Expression] = []
        literal = True
        for element in _parts(tree):
            key, value = _parts(element)
            word = _key(_parts(key)[0])
            if word is None:
                literal = False
                every.append(self.read(_parts(key)[0], "", bound))
            found = self.read(value, word or name, bound)
            every.append(found)
            parts[word or ""] = found
        return collection("object", parts) if literal else other(every)

    def _conditional(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        condition, first, second = _parts(tree)
        return choice(
            self.read(condition, "", bound),
            self.read(first, name, bound),
            self.read(second, name, bound),
        )

    def _unary_op(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        found = self.read(_parts(tree)[0], name, bound)
        if found.form == "constant" and str(tree.children[0]) == "-":
            number = found.value
            return constant(-number) if isinstance(number, (int, float)) else _SILENT
        return other((found,))

    def _function_call(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        names = [item for item in _parts(tree) if item.data == "identifier"]
        given = [item for item in _parts(tree) if item.data == "arguments"]
        inner = [self.read(item, name, bound) for part in given for item in _parts(part)]
        called = _word(names[0]) if len(names) == 1 else ""
        if called in _SAME and len(inner) == 1:
            return inner[0] if inner[0].form in ("object", "tuple", "constant") else other(inner)
        if called == "toset" and len(inner) == 1 and isinstance(inner[0].value, list):
            return inner[0]
        return other(inner)

    def _index_expr_term(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        of, index = _parts(tree)
        found = self.read(of, name, bound)
        if index.data == "short_index":
            return _step(found, int(_word(index).strip(".")))
        key = self.read(_parts(index)[0], "", bound)
        value = key.value if key.form == "constant" else None
        plain = isinstance(value, (str, int)) and not isinstance(value, bool)
        if not plain or (isinstance(value, int) and value < 0):
            return _step(found, key)
        return _step(found, (value,) if isinstance(value, str) else value)

    def _get_attr_expr_term(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        of, attribute = _parts(tree)
        return _step(self.read(of, name, bound), _word(attribute).strip("."))

    def _attr_splat_expr_term(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        of, splat = _parts(tree)
        keys = [
            self.read(_parts(item)[0], "", bound)
            for item in _parts(splat)
            if item.data == "braces_index"
        ]
        return other((self.read(of, name, bound), *keys))

    _full_splat_expr_term = _attr_splat_expr_term

    def _for_tuple_expr(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        intro, *rest = _parts(tree)
        *names, collected = _parts(intro)
        within = bound | {_word(item) for item in names}
        return other((self.read(collected, "", bound), *(self.read(i, name, within) for i in rest)))

    def _for_object_expr(self, tree: Any, name: str, bound: frozenset[str]) -> Expression:
        found = self._for_tuple_expr(tree, name, bound)
        intro, key, value, *_ = _parts(tree)
        *names, collected = _parts(intro)
        words = [_word(item) for item in names]
        grouped = any(str(item) == "..." for item in tree.children)
        if len(words) != 2 or _key(key) != words[0] or grouped or not found:
            return found
        made = self.read(value, name, bound)
        return mapping(self.read(collected, "", bound), made, (words[0], words[1]), found)


def _step(of: Expression, step: Any) -> Expression:
    """Take a step; from a name that `for` binds, it leads to nothing that can be named."""
    if of.form == "other" and "references" in of and not of.references:
        return other((of, step)) if isinstance(step, Expression) else of
    return path(of, step)


def _is_enclosed(tree: Any) -> bool:
    return str(tree.children[0]) == "(" and not hasattr(tree.children[0], "data")


def _key(tree: Any) -> str | None:
    """Read the key of an object element, if it is literal."""
    if tree.data in ("keyword", "literal_value"):
        return _word(tree)
    if tree.data != "expr_term" or _is_enclosed(tree):
        return None
    (inner,) = _parts(tree)
    if inner.data in ("identifier", "int_lit", "literal_value"):
        return _word(inner)
    if inner.data == "string" and not any(_parts(part) for part in _parts(inner)):
        return _unescaped("".join(map(_text, _parts(inner))))
    return None


def _text(part: Any) -> str:
    return "".join(_tokens(part))


_PATH: Final = re.compile(r"/[A-Za-z0-9_./*-]{0,63}")
_ESCAPE: Final = re.compile(r"\\(n|r|t|\"|\\|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})|(\$\$|%%)(?=\{)")
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[2]:
            return match[2][0]
        return _ESCAPED.get(match[1]) or chr(min(int(match[1][1:], 16), 0x10FFFF))

    return _ESCAPE.sub(one, text) if "\\" in text or "{" in text else text


def _interpolations(text: str) -> Iterator[str]:
    """Give what stands between `${` and its brace in the text of a heredoc."""
    start = text.find("${")
    while start >= 0:
        depth, position, quoted = 1, start + 2, False
        while position < len(text) and depth:
            sign = text[position]
            if sign == "\\" and quoted:
                position += 1
            elif sign == '"':
                quoted = not quoted
            elif not quoted:
                depth += (sign == "{") - (sign == "}")
            position += 1
        yield text[start + 2 : position - 1]
        start = text.find("${", position)
