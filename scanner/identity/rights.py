"""What a statement hands out, judged by its text; the full evaluation is another matter.

AWS: IAM User Guide, "IAM JSON policy elements".  OCI: IAM documentation, "Policy syntax": the
keywords are not case-sensitive and any white space separates them.
"""

from __future__ import annotations

import re

from scanner.model.document import Statement, Words, matches
from scanner.model.identity import Policy
from scanner.truth import Evidence, Truth, known, unknown

_ADMINISTRATOR = re.compile(r"^(arn:aws[a-z-]*:iam::aws:policy/)?(AdministratorAccess)$")


def grants_everything(statement: Statement) -> Truth:
    """Whether an Allow covers every action on every resource."""
    everything = statement.actions.any(lambda action: set(action) == {"*"} or action == "*:*")
    return statement.allows & everything & _any_resource(statement)


def grants_whole_service(statement: Statement) -> Truth:
    """Whether an Allow gives all actions of a service on every resource, or all but some."""
    service = statement.actions.any(lambda action: action.endswith(":*"))
    inverted = _is_present(statement.not_actions) | _is_present(statement.not_resources)
    return statement.allows & ((service & _any_resource(statement)) | inverted)


def passes_any_role(statement: Statement) -> Truth:
    """Whether an Allow lets any role be passed to a service."""
    passes = statement.actions.any(lambda action: matches(action, "iam:PassRole"))
    anything = statement.resources.any(lambda name: set(name) == {"*"} or name.endswith(":role/*"))
    return statement.allows & passes & anything & ~_limits_service(statement)


def _limits_service(statement: Statement) -> Truth:
    limits = [item for item in statement.conditions if item.key == "iam:passedtoservice"]
    if limits:
        return known(True, Evidence(statement.source, "limited by iam:PassedToService"))
    if statement.conditions_unknown:
        return unknown(Evidence(statement.source, statement.conditions_unknown[0]))
    return known(False, Evidence(statement.source, "no condition on the service"))


def _any_resource(statement: Statement) -> Truth:
    return statement.resources.any(lambda name: set(name) == {"*"})


def _is_present(words: Words) -> Truth:
    if words.items or words.identifiers:
        return known(True, Evidence(words.source, words.shown))
    if words.unknown:
        return unknown(Evidence(words.source, words.unknown[0]))
    return known(False, Evidence(words.source, "not set"))


def hands_out_administrator(policy: Policy) -> Truth:
    """Whether the provider's own administrator policy is attached."""
    return policy.managed_policies.test(
        lambda names: any(_ADMINISTRATOR.match(name) for name in names)
    )


def trusts_too_widely(statement: Statement, account: str) -> Truth:
    """Whether a trust statement admits anybody, or foreigners without a condition.

    account: the role's own account, or empty where it is not known.
    """
    anybody = statement.principals.any(lambda name: name in ("AWS:*", "*:*", "Federated:*"))
    inverted = _is_present(statement.not_principals)
    foreign = statement.principals.any(lambda name: _is_foreign(name, account))
    federated = statement.principals.any(lambda name: name.startswith("Federated:"))
    return statement.allows & (
        (anybody & statement.unconditional)
        | inverted
        | (foreign & ~_conditioned(statement, _FOREIGN_KEYS))
        | (federated & ~_conditioned_suffix(statement))
    )


_FOREIGN_KEYS = frozenset(
    {"sts:externalid", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn"}
)
_ACCOUNT = re.compile(r"^AWS:(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?$")


def _is_foreign(name: str, account: str) -> bool:
    found = _ACCOUNT.match(name)
    return found is not None and bool(account) and found.group(1) != account


def _conditioned(statement: Statement, keys: frozenset[str]) -> Truth:
    for condition in statement.conditions:
        if condition.key in keys:
            return known(True, Evidence(statement.source, f"condition on {condition.key}"))
    if statement.conditions_unknown:
        return unknown(Evidence(statement.source, statement.conditions_unknown[0]))
    return known(False, Evidence(statement.source, "no condition on the caller's organisation"))


def _conditioned_suffix(statement: Statement) -> Truth:
    """Whether a token's subject or audience is pinned, for principals of identity providers."""
    for condition in statement.conditions:
        pins = condition.key.endswith((":sub", ":aud"))
        bare = any(set(value) == {"*"} for value in condition.values.items)
        if pins and not bare and condition.key.endswith(":sub"):
            return known(True, Evidence(statement.source, f"condition on {condition.key}"))
        if pins and condition.key == "saml:aud":
            return known(True, Evidence(statement.source, "condition on saml:aud"))
    if statement.conditions_unknown:
        return unknown(Evidence(statement.source, statement.conditions_unknown[0]))
    return known(False, Evidence(statement.source, "no condition on the token's subject"))


_SPACE = re.compile(r"\s+")


def _normal(statement: str) -> str:
    return _SPACE.sub(" ", statement).strip().lower()


def _some_statement(policy: Policy, hit: re.Pattern[str]) -> Truth:
    return policy.statements.any(lambda text: hit.search(_normal(text)) is not None)


_TENANCY = re.compile(
    r"^allow (?!(?:group|dynamic-group) (?:'?default'?/)?'?administrators'? )"
    r".*? to manage all-resources in tenancy\b"
)
_COMPARTMENT = re.compile(r"^allow .*? to manage all-resources in compartment\b")
_ANY_UNCONDITIONAL = re.compile(r"^allow (?:any-user|any-group) to (?!.* where )")


def tenancy_administration(policy: Policy) -> Truth:
    """Whether somebody but the group Administrators manages everything in the tenancy (OCI)."""
    return _some_statement(policy, _TENANCY)


def compartment_administration(policy: Policy) -> Truth:
    """Whether somebody manages everything in a compartment (OCI)."""
    return _some_statement(policy, _COMPARTMENT)


def admits_any_user(policy: Policy) -> Truth:
    """Whether any user or group is given something without a condition (OCI)."""
    return _some_statement(policy, _ANY_UNCONDITIONAL)


_LIMITS = re.compile(
    r"(?:instance\.compartment\.id|instance\.id|resource\.compartment\.id|resource\.id"
    r"|tag\.[\w.-]+\.value|resource\.type|resource\.parent[\w.]*|cluster\.id)\s*=\s*'[^']+'",
    re.IGNORECASE,
)


def matches_everything(rule: str) -> bool:
    """Whether a dynamic group's matching rule limits neither compartment, id nor tag."""
    found = {item.group(0).split("=")[0].strip().lower() for item in _LIMITS.finditer(rule)}
    narrow = found - {"resource.type"}
    if not narrow:
        return True
    return (
        any("tenancy" in item.group(0).lower() for item in _LIMITS.finditer(rule))
        and len(narrow) < 2
    )
