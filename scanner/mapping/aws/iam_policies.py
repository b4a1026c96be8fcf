"""Policies that give rights to identities: managed, inline, and attachments of those of AWS.

API paths are those of GetPolicyVersion, GetRolePolicy, GetUserPolicy, GetGroupPolicy and
GetAccountAuthorizationDetails (botocore service model `iam`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from scanner.mapping.documents import Document, NoDocument, merge
from scanner.mapping.fields import Constant, Derived, written
from scanner.mapping.registry import maps, supports
from scanner.model.document import PolicyDocument, Words
from scanner.model.identity import Policy
from scanner.record import MISSING, Block, Links
from scanner.value import Unknown, Value

_NONE: Final = Constant(())
_NO_STATEMENTS: Final = Derived(lambda block: Words())
_POLICIES: Final = frozenset({"aws_iam_policy"})

for _type, _path, _api in (
    ("aws_iam_policy", "policy", "PolicyVersion.Document"),
    ("aws_iam_role_policy", "policy", "PolicyDocument"),
    ("aws_iam_user_policy", "policy", "PolicyDocument"),
    ("aws_iam_group_policy", "policy", "PolicyDocument"),
    ("aws_ssoadmin_permission_set_inline_policy", "inline_policy", "InlinePolicy"),
):
    maps(
        _type,
        to=Policy,
        documents=Document(_path, _api),
        statements=_NO_STATEMENTS,
        managed_policies=_NONE,
    )


def is_of_aws(arn: Any) -> bool:
    """Whether an ARN is that of a policy that AWS manages: its account is `aws`."""
    if not isinstance(arn, str):
        return False
    parts = arn.split(":", 5)
    return len(parts) == 6 and parts[2] == "iam" and parts[4] == "aws"


def _handed_out(block: Block, path: str) -> Value[tuple[str, ...]]:
    """Give the policies of AWS that an attribute names, by literal or by a data source.

    Those of the customer are judged where they are declared.
    """
    found = written(block, path)
    if found is MISSING:
        return Value((), block, path)
    items = found if isinstance(found, list) else [found]
    names = [item for item in items if is_of_aws(item)]
    if any(not isinstance(item, str) for item in items):
        links: Links = block.links(path, _POLICIES)
        if links.unknown:
            return Value(Unknown(links.unknown[0]), block, path)
        names += _looked_up(links)
    return Value(tuple(dict.fromkeys(names)), block, path)


def _looked_up(links: Links) -> Iterator[str]:
    """Give the policies of AWS among the data sources that are referred to."""
    for address in links.candidates():
        peer = links.origin.record.peers.get(address)
        if peer is None or peer.managed:
            continue
        arn, name = peer.block.read("arn"), peer.block.read("name")
        if is_of_aws(arn):
            yield arn
        elif isinstance(arn, Unknown) and isinstance(name, str):
            # Looked up by a name, which may be that of a policy of AWS.
            yield name


def _gives(path: str) -> Any:
    """Say whether an attachment hands out something that is not judged where it is declared."""

    def when(block: Block) -> bool:
        names = _handed_out(block, path).content
        return isinstance(names, Unknown) or bool(names)

    return when


def _attached(path: str) -> Derived:
    return Derived(lambda block: _handed_out(block, path))


for _type, _path in (
    ("aws_iam_role_policy_attachment", "policy_arn"),
    ("aws_iam_user_policy_attachment", "policy_arn"),
    ("aws_iam_group_policy_attachment", "policy_arn"),
    ("aws_iam_policy_attachment", "policy_arn"),
    ("aws_iam_role_policy_attachments_exclusive", "policy_arns"),
    ("aws_iam_user_policy_attachments_exclusive", "policy_arns"),
    ("aws_iam_group_policy_attachments_exclusive", "policy_arns"),
    ("aws_ssoadmin_managed_policy_attachment", "managed_policy_arn"),
):
    maps(
        _type,
        to=Policy,
        when=_gives(_path),
        documents=NoDocument(),
        statements=_NO_STATEMENTS,
        managed_policies=_attached(_path),
    )


def _inline(block: Block) -> PolicyDocument:
    """Read the inline policies of a role."""
    path = "inline_policy" if block.record.shape == "terraform" else "RolePolicyList"
    if written(block, path) is MISSING:
        return PolicyDocument(block, path)
    blocks = block.blocks(path)
    if isinstance(blocks, Unknown):
        return PolicyDocument(block, path, unknown=(blocks.reason,))
    document = Document("policy", "PolicyDocument")
    return merge(block, path, [document.read(item) for item in blocks])


def _has_own_rights(block: Block) -> bool:
    return any(
        written(block, path) not in (MISSING, [])
        for path in ("inline_policy", "managed_policy_arns", "RolePolicyList")
    )


maps(
    "aws_iam_role",
    to=Policy,
    when=_has_own_rights,
    documents=Derived(_inline),
    statements=_NO_STATEMENTS,
    managed_policies=_attached("managed_policy_arns"),
)

supports(
    "aws_iam_role_policies_exclusive",
    "aws_iam_user_policies_exclusive",
    "aws_iam_group_policies_exclusive",
)
