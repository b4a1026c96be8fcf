"""Where the listeners of load balancers forward requests, under which conditions.

API paths are those of DescribeListeners and DescribeRules (botocore service model `elbv2`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from scanner.mapping.aws.references import links_of_set, perhaps
from scanner.mapping.aws.targets import TARGET_GROUPS
from scanner.mapping.fields import Attr, written
from scanner.mapping.references import merge_links
from scanner.model.edge import Forward
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, any_of, known, unknown
from scanner.value import Unknown, Value

RULES: Final = ("aws_lb_listener_rule", "aws_alb_listener_rule")
_GROUPS: Final = frozenset(TARGET_GROUPS)


@dataclass(frozen=True)
class _Names:
    """What the parts of an action are called where it is written."""

    actions: str
    type: str
    group: str
    among: tuple[str, str]
    cognito: str
    oidc: str
    sources: str


_TERRAFORM: Final = _Names(
    "default_action",
    "type",
    "target_group_arn",
    ("forward.target_group", "arn"),
    "authenticate_cognito.on_unauthenticated_request",
    "authenticate_oidc.on_unauthenticated_request",
    "condition",
)
_API: Final = _Names(
    "DefaultActions",
    "Type",
    "TargetGroupArn",
    ("ForwardConfig.TargetGroups", "TargetGroupArn"),
    "AuthenticateCognitoConfig.OnUnauthenticatedRequest",
    "AuthenticateOidcConfig.OnUnauthenticatedRequest",
    "Conditions",
)


def forwards(block: Block) -> Value[tuple[Forward, ...]]:
    """Read all ways of a listener: its default actions, and those of its rules.

    A rule that comes earlier may answer what a later one would forward; such requests are counted
    as forwarded, because conditions other than the client's address are the client's to choose.
    """
    names = _API if block.record.shape == "api" else _TERRAFORM
    certificate = _demands_certificate(block)
    actions = block.blocks(names.actions)
    if isinstance(actions, Unknown):
        return Value(actions, block, names.actions)
    anybody: Value[tuple[str, ...]] = Value((), block, names.actions)
    found = list(_ways(block, names.actions, actions, anybody, certificate, names))
    for type in RULES:
        rules = block.record.companions(type)
        for record in rules.certain:
            found += _of_rule(record.block, certificate)
        for record in rules.perhaps:
            ways = _of_rule(record.block, certificate)
            found += [replace(way, groups=perhaps(way.groups)) for way in ways]
        if rules.missing:
            found.append(_hole(block, type, rules.missing[0]))
    if not block.record.managed:
        found.append(_hole(block, "", "the rules of a listener that is looked up were not read"))
    return Value(tuple(found), block, names.actions)


def _of_rule(block: Block, certificate: Truth) -> Iterator[Forward]:
    actions = block.blocks("action")
    if isinstance(actions, Unknown):
        yield _hole(block, "action", actions.reason)
        return
    yield from _ways(block, "action", actions, _sources(block), certificate, _TERRAFORM)


def _hole(block: Block, path: str, reason: str) -> Forward:
    """Stand for ways of which nothing is known but that there may be some."""
    missing: Value[Any] = Value(Unknown(reason), block, path)
    return Forward(Links(block, path, unknown=(reason,)), missing, unknown(missing))


def _ways(
    block: Block,
    path: str,
    actions: tuple[Block, ...],
    sources: Value[tuple[str, ...]],
    certificate: Truth,
    names: _Names,
) -> Iterator[Forward]:
    """Give what the actions forward to; any login among them comes before."""
    nothing = Evidence(f"{block.address}.{path}", "no action demands a login")
    login = any_of((certificate, *(_demands_login(item, names) for item in actions)), nothing)
    for item in actions:
        kind = item.read(names.type)
        if kind == "forward":
            yield Forward(_groups(item, names), sources, login)
        elif isinstance(kind, Unknown):
            links = perhaps(_groups(item, names))
            doubtful = replace(links, unknown=(*links.unknown, kind.reason))
            yield Forward(doubtful, sources, login)


def _groups(action: Block, names: _Names) -> Links:
    parts = []
    if written(action, names.group) is not MISSING:
        parts.append(action.links(names.group, _GROUPS))
    several = links_of_set(action, *names.among, _GROUPS)
    if not several.is_empty:
        parts.append(several)
    if not parts:
        return Links(action, names.group, unknown=("the target group was not read",))
    return merge_links(action, parts)


def _demands_login(action: Block, names: _Names) -> Truth:
    """Whether an action lets nobody through who has not logged in.

    ELB API Reference, Action, AuthenticateCognitoActionConfig and AuthenticateOidcActionConfig:
    OnUnauthenticatedRequest is authenticate by default; with allow anybody gets through.
    """
    kind: Value[Any] = action.value(names.type)
    if isinstance(kind.content, Unknown):
        return unknown(kind)
    if kind.content == "jwt-validation":
        return kind.equals("jwt-validation")
    path = {"authenticate-cognito": names.cognito, "authenticate-oidc": names.oidc}.get(
        kind.content if isinstance(kind.content, str) else ""
    )
    if path is None:
        return kind.test(lambda content: False)
    otherwise = Attr(path, path, unset="authenticate").read(action)
    return kind.test(bool) & otherwise.test(lambda content: content != "allow")


def _demands_certificate(block: Block) -> Truth:
    """Whether clients must show a certificate that the listener verifies."""
    api = block.record.shape == "api"
    mode = Attr("mutual_authentication.mode", "MutualAuthentication.Mode", unset="off").read(block)
    found = written(block, "MutualAuthentication" if api else "mutual_authentication")
    if found in (MISSING, []):
        return known(False, Evidence(f"{block.address}.{mode.path}", "not set"))
    return mode.equals("verify")


def _sources(block: Block) -> Value[tuple[str, ...]]:
    """Read the client ranges of a rule; a rule has at most one such condition.

    Application Load Balancers guide, "Condition types for listener rules".
    """
    conditions = block.blocks("condition")
    if isinstance(conditions, Unknown):
        return Value(conditions, block, "condition")
    for item in conditions:
        found = item.read("source_ip.values")
        if found is MISSING and isinstance(item.read("source_ip"), Unknown):
            found = item.read("source_ip")
        if found is MISSING:
            continue
        value: Value[Any] = item.value("source_ip.values")
        texts = value.content
        if isinstance(texts, Unknown):
            return Value(texts, item, "source_ip.values")
        if not isinstance(texts, tuple) or not all(isinstance(text, str) for text in texts):
            return Value(Unknown("not of the expected form"), item, "source_ip.values")
        return Value(texts, item, "source_ip.values")
    return Value((), block, "condition", "no condition limits the clients")
