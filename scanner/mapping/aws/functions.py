"""Lambda functions, who may invoke them, and their public addresses.

API paths are those of GetFunction, GetPolicy and GetFunctionUrlConfig (botocore service model
`lambda`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from scanner.mapping.aws.ports import ANYBODY, always_on
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.documents import Document
from scanner.mapping.fields import Attr, Constant, Derived, always, holds, never
from scanner.mapping.references import Nothing, merge_links, ref
from scanner.mapping.registry import companion, maps, supports
from scanner.model.compute import Function
from scanner.model.document import Condition, PolicyDocument, Statement, Words
from scanner.model.edge import FunctionUrl
from scanner.record import MISSING, Block, Links, Record
from scanner.truth import Evidence, known
from scanner.value import Unknown

# Lambda API Reference, AddPermission: each argument becomes such a condition.  It names StringLike
# for the ARN, policies show ArnLike: both compare patterns.
_CONDITIONS: Final = (
    ("source_arn", "ArnLike", "aws:sourcearn"),
    ("source_account", "StringEquals", "aws:sourceaccount"),
    ("principal_org_id", "StringEquals", "aws:principalorgid"),
    ("event_source_token", "StringEquals", "lambda:eventsourcetoken"),
    ("function_url_auth_type", "StringEquals", "lambda:functionurlauthtype"),
)
_POLICY: Final = Document("", "Policy")


def _words(block: Block, path: str) -> Words:
    source = f"{block.address}.{path}"
    found = block.read(path)
    if found is MISSING or found == "":
        return Words(source=source)
    if isinstance(found, str):
        return Words((found,), source=source)
    if isinstance(found, Unknown):
        links = block.links(path)
        named = tuple(links.candidates())
        if named and not links.unknown:
            return Words(identifiers=named, source=source)
        return Words(unknown=(found.reason,), source=source)
    return Words(unknown=("not of the expected form",), source=source)


def _principal(block: Block) -> Words:
    words = _words(block, "principal")
    typed = []
    for item in words.items:
        kind = "Service" if ".amazonaws.com" in item else "AWS"
        typed.append(f"{kind}:{item}")
    return Words(tuple(typed), words.identifiers, words.unknown, words.source)


def _conditions(block: Block) -> Iterator[Condition]:
    for path, operator, key in _CONDITIONS:
        words = _words(block, path)
        # A condition whose writing is itself in doubt must not be taken to limit anything.
        if words.items or words.identifiers:
            yield Condition(operator, key, words)


def _doubts(block: Block) -> Iterator[str]:
    for path, _, _ in _CONDITIONS:
        words = _words(block, path)
        if words.unknown and not block.leaves_out(path):
            yield f"{path}: {words.unknown[0]}"


def _statement(record: Record) -> Statement:
    block = record.block
    nothing = Words(source=record.address)
    sid = block.read("statement_id")
    return Statement(
        source=record.address,
        sid=sid if isinstance(sid, str) else "",
        allows=known(True, Evidence(record.address, "a permission")),
        actions=_words(block, "action"),
        not_actions=nothing,
        resources=_words(block, "function_name"),
        not_resources=nothing,
        principals=_principal(block),
        not_principals=nothing,
        conditions=tuple(_conditions(block)),
        conditions_unknown=tuple(_doubts(block)),
    )


def _policy(block: Block) -> PolicyDocument:
    """Make a document of the separate permissions."""
    if block.record.shape == "api":
        return _POLICY.read(block)
    found = block.record.companions("aws_lambda_permission")
    return PolicyDocument(
        block, "", tuple(_statement(record) for record in found.certain), found.unknown
    )


_FUNCTIONS: Final = frozenset({"aws_lambda_function"})


def behind_alias(links: Links) -> Links:
    """Name the functions instead of their aliases, among whatever else is referred to."""
    peers = links.origin.record.peers
    parts = []
    for address in links.targets:
        peer = peers.get(address)
        if peer is not None and peer.type == "aws_lambda_alias":
            parts.append(peer.block.links("function_name", _FUNCTIONS))
    if not parts:
        return links
    kept = tuple(
        address
        for address in links.targets
        if (peer := peers.get(address)) is None or peer.type != "aws_lambda_alias"
    )
    return merge_links(links.origin, [replace(links, targets=kept), *parts], links.path)


companion("aws_lambda_permission", "aws_lambda_function", "function_name", "FunctionName")
maps(
    "aws_lambda_function",
    to=Function,
    subnets=subnets("vpc_config.subnet_ids", "Configuration.VpcConfig.SubnetIds"),
    security_groups=groups(
        "vpc_config.security_group_ids", "Configuration.VpcConfig.SecurityGroupIds"
    ),
    addresses=CHOSEN,
    runtime=Attr("runtime", "Configuration.Runtime", unset=""),
    resource_policy=Derived(_policy),
)
maps(
    "aws_lambda_function_url",
    to=FunctionUrl,
    kind=Constant("function URL"),
    # Lambda Developer Guide, "Creating and managing Lambda function URLs": on the public internet
    # only.
    public=always("function URLs are reached through the public internet"),
    public_ranges=ANYBODY,
    authenticated=holds(lambda kind: kind == "AWS_IAM", "authorization_type", "AuthType"),
    # The same page: HTTPS endpoints.
    ports=always_on(443),
    origins=ref("function_name", "FunctionArn", "aws_lambda_function"),
    enters=Nothing(),
    preserves_client_address=never("a function is invoked, not connected to"),
)
supports("aws_lambda_alias")
