"""Whom a role trusts: who may assume it, and under which conditions.

AWS IAM User Guide, "AWS JSON policy elements: Principal", "Access to AWS accounts owned by third
parties" and "Create a role for OpenID Connect federation".
"""

from __future__ import annotations

import re
from typing import Final

from scanner.identity.public import limits_who
from scanner.identity.rights import demands, is_present
from scanner.model.document import Statement
from scanner.truth import Evidence, Truth, any_of, known, unknown

_FOREIGN_KEYS: Final = frozenset(
    {"sts:externalid", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn"}
)
_ACCOUNT: Final = re.compile(r"AWS:(?:arn:aws[a-z-]*:(?:iam|sts)::)?(\d{12})(?::root)?")
_PROVIDER: Final = re.compile(r"(?:^|\.)aws_iam_(?:openid_connect|saml)_provider\.")
_COGNITO: Final = "cognito-identity.amazonaws.com"


def trusts_too_widely(statement: Statement, account: str) -> Truth:
    """Whether a trust statement admits anybody, or foreigners without a condition.

    account: the role's own account, or empty where it is not known.
    """
    return statement.allows & (
        (statement.principals.any(_is_anybody) & ~limits_who(statement))
        | is_present(statement.not_principals)
        | (_names_foreigner(statement, account) & ~_demands_origin(statement))
        | (_names_provider(statement) & ~_pins_subject(statement))
    )


def _is_anybody(name: str) -> bool:
    kind, _, text = name.partition(":")
    return "*" in text and (kind == "AWS" or not set(text) - {"*"})


def _names_foreigner(statement: Statement, account: str) -> Truth:
    """Whether another account as a whole is trusted: then everybody there who has the right."""
    roots = [found[1] for found in map(_ACCOUNT.fullmatch, statement.principals.items) if found]
    if account:
        foreign = [root for root in roots if root != account]
        if foreign or not statement.principals.unknown:
            fact = f"account {', '.join(foreign)} is foreign" if foreign else "no foreign account"
            return known(bool(foreign), Evidence(statement.principals.source, fact))
    elif roots:
        fact = f"whether account {', '.join(roots)} is the role's own is not known"
        return unknown(Evidence(statement.principals.source, fact))
    return statement.principals.any(lambda name: False)


def _demands_origin(statement: Statement) -> Truth:
    return demands(
        statement,
        _FOREIGN_KEYS.__contains__,
        _has_no_free_account,
        "no condition on an external id or the caller's organisation",
    )


def _has_no_free_account(text: str) -> bool:
    if text.startswith("arn:"):
        return text.split(":", 5)[4:5] != ["*"] and not set("*?") & set(
            ":".join(text.split(":")[:5])
        )
    return not set("*?") & set(text.partition("/")[0])


def _names_provider(statement: Statement) -> Truth:
    """Whether an identity provider is trusted, be it by a reference."""
    principals = statement.principals
    named = [name for name in principals.identifiers if _PROVIDER.search(name)]
    if named:
        return known(True, Evidence(principals.source, f"identity provider {named[0]}"))
    return principals.any(lambda name: name.startswith("Federated:"))


def _pins_subject(statement: Statement) -> Truth:
    """Whether tokens of one subject, or of one audience of SAML or Cognito, are admitted."""
    subject = demands(
        statement,
        lambda key: key.endswith(":sub"),
        _is_fixed_subject,
        "no condition that fixes the token's subject",
    )
    audience = demands(
        statement,
        lambda key: key in ("saml:aud", f"{_COGNITO}:aud"),
        lambda text: not set("*?") & set(text),
        "no condition that fixes the audience",
    )
    return any_of((subject, audience))


def _is_fixed_subject(text: str) -> bool:
    """Whether a pattern fixes whose workload it is: `repo:example/*`, but not `repo:ex*`."""
    fixed = re.split(r"[*?]", text, maxsplit=1)[0]
    if fixed == text:
        return True
    if fixed.startswith("system:serviceaccount:"):
        return ":" in fixed.removeprefix("system:serviceaccount:")
    _, colon, rest = fixed.partition(":")
    return bool(colon) and ("/" in rest.lstrip("/") or ":" in rest.lstrip(":"))
