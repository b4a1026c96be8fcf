"""Reads AWS policy documents: JSON text, and the blocks of `aws_iam_policy_document`.

A document that is known only after apply is read through the data source that renders it, so that
only the unknown strings of it are unknown.  Grammar: AWS IAM User Guide, "Grammar of the IAM JSON
policy language"; the data source: Terraform registry, `aws_iam_policy_document`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import msgspec

from scanner.mapping.fields import written
from scanner.model.document import Condition, PolicyDocument, Statement, Words
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Redacted, Unknown

_DATA = frozenset({"aws_iam_policy_document"})
_ELEMENTS = frozenset(
    {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"}
    | {"Principal", "NotPrincipal", "Condition"}
)


@dataclass(frozen=True)
class Document:
    """A policy document in an attribute."""

    terraform: str
    api: str

    def read(self, block: Block) -> PolicyDocument:
        """Read it: absent, known, rendered by a data source, or unknown with the reason."""
        path = self.terraform if block.record.shape == "terraform" else self.api
        found = written(block, path)
        if found is MISSING or found == "":
            return PolicyDocument(block, path)
        if isinstance(found, list):
            return merge(block, path, [_of_text(block, path, item) for item in found])
        if isinstance(found, Unknown):
            return _rendered(block, path, found)
        return _of_text(block, path, found)


@dataclass(frozen=True)
class Texts:
    """A list of texts of which each may be unknown by itself, such as the statements of OCI."""

    terraform: str
    api: str

    def read(self, block: Block) -> Words:
        """Read the known ones, and why others are not."""
        path = self.terraform if block.record.shape == "terraform" else self.api
        return _words(f"{block.address}.{path}", block.read(path))


@dataclass(frozen=True)
class NoDocument:
    """The document of a thing that has none."""

    def read(self, block: Block) -> PolicyDocument:
        """Give an empty document."""
        return PolicyDocument(block, "")


def merge(block: Block, path: str, parts: Iterable[PolicyDocument]) -> PolicyDocument:
    """Make one document of several."""
    documents = tuple(parts)
    return PolicyDocument(
        block,
        path or ", ".join(dict.fromkeys(part.path for part in documents)),
        tuple(statement for part in documents for statement in part.statements),
        tuple(dict.fromkeys(reason for part in documents for reason in part.unknown)),
    )


def _rendered(block: Block, path: str, found: Unknown) -> PolicyDocument:
    if isinstance(found, Redacted):
        return PolicyDocument(block, path, unknown=(found.reason,))
    links = block.links(path, _DATA)
    if not links.targets or not links.certain:
        return PolicyDocument(block, path, unknown=(found.reason,))
    documents = []
    for address in links.targets:
        record = block.record.peers.get(address)
        if record is None:
            return PolicyDocument(block, path, unknown=(f"{address} was not read",))
        documents.append(of_data_source(record.block))
    return replace(merge(block, path, documents), path=path)


def _of_text(block: Block, path: str, found: Any) -> PolicyDocument:
    if isinstance(found, Unknown):
        return PolicyDocument(block, path, unknown=(found.reason,))
    source = f"{block.address}.{path}"
    if isinstance(found, str):
        content, problem = _parse(found)
        if problem:
            return PolicyDocument(block, path, unknown=(problem,))
    else:
        content = found
    if not isinstance(content, Mapping):
        return PolicyDocument(block, path, unknown=("the policy is not a JSON object",))
    raw = content.get("Statement")
    if raw is None:
        return PolicyDocument(block, path, unknown=("the policy has no element Statement",))
    items = raw if isinstance(raw, list) else [raw]
    statements = []
    problems = []
    for index, item in enumerate(items):
        strange = isinstance(item, Mapping) and sorted(map(str, item.keys() - _ELEMENTS))
        if strange:
            # What is not spelled as the grammar says must not be taken for absent.
            problems.append(f"statement {index + 1} of the policy has strange elements")
        elif isinstance(item, Mapping):
            statements.append(_of_json(f"{source}: statement {index + 1}", item))
        else:
            problems.append(f"statement {index + 1} of the policy is not an object")
    return PolicyDocument(block, path, tuple(statements), tuple(problems))


@lru_cache(maxsize=4096)
def _parse(text: str) -> tuple[Any, str]:
    # Many resources of a plan share one document, so the text is the key.
    try:
        content = msgspec.json.decode(text)
        json.loads(text, object_pairs_hook=_without_repetition)
    except _Repeated:
        return None, "an element stands twice in the policy"
    except (msgspec.DecodeError, RecursionError, ValueError):
        return None, "the policy is not readable as JSON"
    return content, ""


class _Repeated(Exception):
    """A key stands twice in one object, so that it is open which one counts."""


def _without_repetition(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise _Repeated


def _of_json(source: str, item: Mapping[str, Any]) -> Statement:
    sid = item.get("Sid")
    conditions, conditions_unknown = _conditions_of_json(
        f"{source}, Condition", item.get("Condition")
    )
    return Statement(
        source=f"{source} ({sid})" if isinstance(sid, str) and sid else source,
        sid=sid if isinstance(sid, str) else "",
        allows=_allows(source, item.get("Effect")),
        actions=_words(f"{source}, Action", item.get("Action")),
        not_actions=_words(f"{source}, NotAction", item.get("NotAction")),
        resources=_words(f"{source}, Resource", item.get("Resource")),
        not_resources=_words(f"{source}, NotResource", item.get("NotResource")),
        principals=_principals(f"{source}, Principal", item.get("Principal")),
        not_principals=_principals(f"{source}, NotPrincipal", item.get("NotPrincipal")),
        conditions=conditions,
        conditions_unknown=conditions_unknown,
    )


def _allows(source: str, effect: Any) -> Truth:
    if effect in ("Allow", "Deny"):
        return known(effect == "Allow", Evidence(source, f"Effect {effect}"))
    if isinstance(effect, Unknown):
        return unknown(Evidence(source, effect.reason))
    return unknown(Evidence(source, "Effect is neither Allow nor Deny"))


def _words(source: str, found: Any) -> Words:
    if found is None or found is MISSING:
        return Words(source=source)
    items = found if isinstance(found, list) else [found]
    texts: list[str] = []
    problems: list[str] = []
    for item in items:
        if isinstance(item, str):
            texts.append(item)
        elif isinstance(item, Unknown):
            problems.append(item.reason)
        elif isinstance(item, (bool, int, float)):
            texts.append(str(item).lower() if isinstance(item, bool) else str(item))
        else:
            problems.append("not a text")
    return Words(tuple(texts), (), tuple(dict.fromkeys(problems)), source)


def _principals(source: str, found: Any) -> Words:
    if found is None or found is MISSING:
        return Words(source=source)
    if isinstance(found, str):
        return Words((f"AWS:{found}",), source=source)
    if not isinstance(found, Mapping):
        return Words(unknown=("the principal is not readable",), source=source)
    texts: list[str] = []
    problems: list[str] = []
    for kind, value in found.items():
        words = _words(source, value)
        texts += [f"{kind}:{text}" for text in words.items]
        problems += words.unknown
    return Words(tuple(texts), (), tuple(dict.fromkeys(problems)), source)


def _conditions_of_json(source: str, found: Any) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
    if found is None:
        return (), ()
    if not isinstance(found, Mapping):
        return (), ("the condition is not readable",)
    conditions = []
    for operator, tests in found.items():
        if not isinstance(tests, Mapping):
            return (), ("the condition is not readable",)
        conditions += [
            Condition(str(operator), str(key).lower(), _words(source, value))
            for key, value in tests.items()
        ]
    return tuple(conditions), ()


# Names of the same arguments before version 4 of the provider.
_OF_OLD = ("source_json", "override_json")


def of_data_source(block: Block) -> PolicyDocument:
    """Read the blocks of `aws_iam_policy_document`, with the documents it starts from.

    Later statements replace earlier ones of the same sid (`override_policy_documents`), so such a
    document is read as both: it says at least what it certainly says.
    """
    rendered = block.read("json")
    if isinstance(rendered, str) and rendered:
        return _of_text(block, "json", rendered)
    parts: list[PolicyDocument] = [
        Document(path, path).read(block)
        for path in ("source_policy_documents", "override_policy_documents")
        if block.has(path)
    ]
    blocks = block.blocks("statement")
    if isinstance(blocks, Unknown):
        parts.append(PolicyDocument(block, "statement", unknown=(blocks.reason,)))
    else:
        statements = tuple(_of_block(item) for item in blocks)
        parts.append(PolicyDocument(block, "statement", statements))
    return merge(block, "statement", parts)


def _of_block(block: Block) -> Statement:
    source = block.address
    sid = block.read("sid")
    effect = block.read("effect")
    conditions, problems = _conditions_of_blocks(block)
    return Statement(
        source=f"{source} ({sid})" if isinstance(sid, str) and sid else source,
        sid=sid if isinstance(sid, str) else "",
        # The data source's documentation: effect "Defaults to Allow".
        allows=_allows(source, "Allow" if effect is MISSING else effect),
        actions=_listed(block, "actions"),
        not_actions=_listed(block, "not_actions"),
        resources=_listed(block, "resources"),
        not_resources=_listed(block, "not_resources"),
        principals=_principal_blocks(block, "principals"),
        not_principals=_principal_blocks(block, "not_principals"),
        conditions=conditions,
        conditions_unknown=problems,
    )


def _listed(block: Block, path: str) -> Words:
    """Read a list of strings; unknown ones that name a resource's identifier are told as such."""
    source = f"{block.address}.{path}"
    found = block.read(path)
    if found is MISSING:
        return Words(source=source)
    words = _words(source, found)
    if not words.unknown:
        return words
    links = block.links(path)
    named = tuple(links.candidates())
    if named and not links.unknown:
        return Words(words.items, named, (), source, block.endings(path))
    return replace(words, identifiers=named)


def _principal_blocks(block: Block, path: str) -> Words:
    source = f"{block.address}.{path}"
    blocks = block.blocks(path)
    if isinstance(blocks, Unknown):
        return Words(unknown=(blocks.reason,), source=source)
    texts: list[str] = []
    named: list[str] = []
    problems: list[str] = []
    for item in blocks:
        kind = item.read("type")
        words = _listed(item, "identifiers")
        # The data source writes type "*" with identifiers ["*"] as the anonymous principal.
        prefix = "AWS" if kind == "*" else kind
        if not isinstance(prefix, str):
            problems.append("the type of a principal is not known")
        texts += [f"{prefix}:{text}" for text in words.items]
        named += words.identifiers
        problems += words.unknown
    return Words(tuple(texts), tuple(named), tuple(dict.fromkeys(problems)), source)


def _conditions_of_blocks(block: Block) -> tuple[tuple[Condition, ...], tuple[str, ...]]:
    blocks = block.blocks("condition")
    if isinstance(blocks, Unknown):
        return (), (blocks.reason,)
    doubts = [
        found.reason
        for item in blocks
        for found in (item.read("test"), item.read("variable"))
        if isinstance(found, Unknown)
    ]
    return tuple(_conditions(blocks)), tuple(dict.fromkeys(doubts))


def _conditions(blocks: Iterable[Block]) -> Iterator[Condition]:
    for item in blocks:
        operator, key = item.read("test"), item.read("variable")
        if isinstance(operator, Unknown) or isinstance(key, Unknown):
            continue
        yield Condition(
            operator if isinstance(operator, str) else "?",
            key.lower() if isinstance(key, str) else "?",
            _listed(item, "values"),
        )
