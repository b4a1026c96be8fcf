"""Whether a resource policy lets everybody in.

Follows what AWS calls public: Amazon S3 User Guide, "Blocking public access to your Amazon S3
storage", section "The meaning of 'public'".  A statement for every principal is not public if a
condition compares a key that tells where or from whom the request comes with fixed values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Final

from scanner.model.document import (
    Condition,
    PolicyDocument,
    Statement,
    Words,
    matches,
    matches_exactly,
)
from scanner.truth import Evidence, Truth, all_of, any_of, known, unknown

# Keys that name who calls, or from which account, organisation or network.  AWS IAM User Guide,
# "AWS global condition context keys"; the others: AWS KMS Developer Guide, "kms:CallerAccount";
# Amazon S3 User Guide, "s3:DataAccessPointAccount"; Amazon EFS User Guide, "Blocking public
# access to EFS file systems", "elasticfilesystem:AccessedViaMountTarget".
_KEYS: Final = frozenset(
    {
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalisawsservice",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceip",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourceowner",
        "aws:sourcevpc",
        "aws:sourcevpcarn",
        "aws:sourcevpce",
        "aws:userid",
        "aws:vpceaccount",
        "aws:vpceorgid",
        "aws:vpceorgpaths",
        "elasticfilesystem:accessedviamounttarget",
        "kms:calleraccount",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
    }
)
_STRANGERS: Final = frozenset(
    {"Federated:graph.facebook.com", "Federated:accounts.google.com", "Federated:www.amazon.com"}
)
_EXACT: Final = frozenset({"stringequals", "stringequalsignorecase", "arnequals", "bool"})
_PATTERN: Final = frozenset({"stringlike", "arnlike"})
_COMPARED: Final = 20_000
_OTHERS: Final = frozenset(
    {"stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike"}
)


def everyone(document: PolicyDocument) -> Truth:
    """Whether the document lets everybody in, by a grant whose strangers it does not deny."""
    denials = [item for item in document.statements if not denies_strangers(item).is_false]
    holes = [unknown(Evidence(document.source, reason)) for reason in document.unknown]
    if len(denials) * len(document.statements) > _COMPARED:
        holes.append(unknown(Evidence(document.source, "too many denials to compare with")))
        denials = []
    service = _service_of(document)

    def is_open(grant: Statement) -> Truth:
        granted = grants_everyone(grant)
        if granted.is_false:
            return granted
        denied = [denies_strangers(item) & _covers(item, grant, service) for item in denials]
        return granted & ~any_of((*denied, *holes))

    return document.any(is_open)


def grants_everyone(statement: Statement) -> Truth:
    """Whether the statement allows something to everybody, without a condition that limits who."""
    everybody = for_everyone(statement) | _for_strangers(statement)
    return statement.allows & everybody & ~limits_who(statement)


def _for_strangers(statement: Statement) -> Truth:
    """Whether the statement speaks of all users of a provider where anybody can be one.

    S3 User Guide, as above: a grant to such a provider without a condition is public.  Conditions
    of the provider's own may limit it to users of one application.
    """
    found = statement.principals.any(_STRANGERS.__contains__)
    if found.is_true and (statement.conditions or statement.conditions_unknown):
        fact = "users of an identity provider for everybody, under a condition"
        return unknown(Evidence(statement.principals.source, fact))
    return found


def for_everyone(statement: Statement) -> Truth:
    """Whether the statement speaks of every principal."""
    if not statement.not_principals.is_empty:
        fact = "NotPrincipal: everybody but " + statement.not_principals.shown
        return known(True, Evidence(statement.source, fact))
    everybody = statement.principals.any(lambda text: text in ("AWS:*", "*:*"))
    if everybody.is_true:
        return known(True, Evidence(statement.principals.source, "everybody"))
    return everybody


def denies_strangers(statement: Statement) -> Truth:
    """Whether the statement denies something to all but those of fixed accounts or networks."""
    narrow = [_excludes(condition) for condition in statement.conditions]
    if len(narrow) != 1 or statement.conditions_unknown:
        # Conditions are joined by "and": each further one lets somebody else through.
        fact = Evidence(statement.source, "it does not deny strangers by one condition")
        only = unknown(fact) if statement.conditions_unknown else known(False, fact)
    else:
        only = narrow[0]
    return ~statement.allows & for_everyone(statement) & only


def _service_of(document: PolicyDocument) -> str:
    """The prefix of the actions that a policy of this resource can be about."""
    name = document.origin.record.type.split("_")[1:2]
    return {"efs": "elasticfilesystem"}.get("".join(name), "".join(name))


def _covers(denial: Statement, grant: Statement, service: str) -> Truth:
    """Whether a denial is about all actions and resources that a statement grants."""
    inverted = not (denial.not_actions.is_empty and denial.not_resources.is_empty)
    if inverted or not (grant.not_actions.is_empty and grant.not_resources.is_empty):
        return known(False, Evidence(denial.source, "NotAction or NotResource: not compared"))
    return _holds_all(denial.actions, grant.actions, matches, f"{service}:*") & _holds_all(
        denial.resources, grant.resources, matches_exactly, ""
    )


def _holds_all(wide: Words, narrow: Words, fits: Callable[[str, str], bool], whole: str) -> Truth:
    """Whether the patterns of one element cover those of another."""
    fact = Evidence(wide.source, f"denied: {wide.shown}; granted: {narrow.shown}")
    # An element that is left out is about the resource itself.
    if wide.is_empty or any(text == "*" or text.lower() == whole for text in wide.items):
        return known(True, fact)
    missing = [
        text for text in narrow.items if not any(_contains(item, text, fits) for item in wide.items)
    ]
    if missing or narrow.is_empty:
        return unknown(fact) if wide.unknown or wide.identifiers else known(False, fact)
    return unknown(fact) if narrow.unknown or narrow.identifiers else known(True, fact)


def _contains(wide: str, narrow: str, fits: Callable[[str, str], bool]) -> bool:
    # A question mark stands for one character, and must not be taken to cover a star.
    return wide == narrow or ("?" not in wide and fits(wide, narrow))


def limits_who(statement: Statement) -> Truth:
    """Whether a condition limits from whom or where requests may come."""
    limits = [_limits(condition) for condition in statement.conditions]
    limits += [
        unknown(Evidence(statement.source, reason)) for reason in statement.conditions_unknown
    ]
    return any_of(limits, Evidence(statement.source, "no condition"))


def _limits(condition: Condition) -> Truth:
    """Whether the condition holds only for callers from fixed places."""
    operator = condition.operator.lower()
    if operator.startswith("forallvalues:") or operator.endswith("ifexists"):
        # Both hold where the request has no such key.
        return _no(condition)
    operator = operator.removeprefix("foranyvalue:")
    if condition.key not in _KEYS:
        return _no(condition)
    if condition.key == "aws:sourceip":
        return _ranges(condition) if operator == "ipaddress" else _no(condition)
    if operator == "bool":
        return condition.values.any(lambda text: text.lower() == "true")
    if operator in _EXACT:
        # Here a star is only a star, so that whatever stands there is one fixed value.
        if operator == "arnequals":
            return _patterns(condition)
        own = any(_has_variable(text) for text in condition.values.items)
        return known(not own and not condition.values.is_empty, _fact(condition))
    return _patterns(condition) if operator in _PATTERN else _no(condition)


def _excludes(condition: Condition) -> Truth:
    """Whether a denial by the condition spares only callers from fixed places."""
    written = condition.operator.lower()
    # With ForAnyValue a request without the key, such as an anonymous one, is not denied.
    operator = written.removesuffix("ifexists").removeprefix("forallvalues:")
    if condition.key not in _KEYS:
        return _no(condition)
    if condition.key == "aws:sourceip":
        return _ranges(condition) if operator == "notipaddress" else _no(condition)
    if operator == "bool":
        if not written.endswith("ifexists"):
            return _no(condition)
        return condition.values.any(lambda text: text.lower() == "false")
    return _patterns(condition) if operator in _OTHERS else _no(condition)


def _patterns(condition: Condition) -> Truth:
    """Whether every value is fixed enough; one that is wide lets everybody through."""
    return _every(condition, _is_fixed)


def _ranges(condition: Condition) -> Truth:
    """Whether the ranges leave out most of the internet, each by itself and all together."""
    each = _every(condition, _is_narrow)
    if each.is_false:
        return each
    v4: list[IPv4Network] = []
    v6: list[IPv6Network] = []
    for text in condition.values.items:
        network = _network(text)
        if isinstance(network, IPv4Network):
            v4.append(network)
        elif network is not None:
            v6.append(network)
    wide = any(map(_is_broad, collapse_addresses(v4))) or any(
        map(_is_broad, collapse_addresses(v6))
    )
    return known(False, _fact(condition)) if wide else each


def _every(condition: Condition, predicate: Callable[[str], bool]) -> Truth:
    words: Words = condition.values
    if words.is_empty:
        return _no(condition)
    truths = [
        known(predicate(text), Evidence(words.source, f'{condition.key} "{text}"'))
        for text in words.items
    ]
    truths += [unknown(Evidence(words.source, reason)) for reason in words.unknown]
    return all_of(truths, _fact(condition))


# Variables that stand for the owner of the resource: AWS global condition context keys.
_OWNER: Final = re.compile(r"[$&]\{aws:Resource(?:Account|OrgID|OrgPaths)\}", re.IGNORECASE)
# A unique id with the name of a session: IAM User Guide, "IAM identifiers", unique identifiers.
_UNIQUE: Final = re.compile(r"A[A-Z0-9]{11,}(?::.*)?")


def _has_variable(text: str) -> bool:
    """Whether the value is what the request itself says, so that every request agrees with it."""
    text = _OWNER.sub("", text)
    return "${" in text or "&{" in text


def _is_fixed(text: str) -> bool:
    """Whether a pattern stands for one account, organisation, network or thing.

    An ARN is fixed by its account, or by its resource where the service leaves the account out
    and no two things share a name, as in S3.
    """
    text = _OWNER.sub("owner", text)
    if _has_variable(text):
        return False
    if "*" not in text and "?" not in text:
        return True
    parts = text.split(":", 5)
    if len(parts) == 6 and parts[0] == "arn":
        account, thing = parts[4], parts[5]
        if account.isdigit() and len(account) == 12:
            return True
        return parts[2] == "s3" and account in ("", "*") and not set("*?") & set(thing)
    if _UNIQUE.fullmatch(text):
        return True
    # An organisation path ends in a star by its nature: o-1234567890/r-abcd/*.
    return text.startswith("o-") and not set("*?") & set(text.partition("/")[0])


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _is_broad(network: IPv4Network | IPv6Network) -> bool:
    """Whether a range is wider than what S3 calls very broad; inside of RFC 1918 none is."""
    if isinstance(network, IPv4Network):
        return network.prefixlen < 8
    return network.prefixlen < 32 and not network.subnet_of(_LOCAL)


_LOCAL: Final = IPv6Network("fc00::/7")


def _is_narrow(text: str) -> bool:
    """Whether an address range is not wider than what S3 calls very broad."""
    network = _network(text)
    return network is not None and not _is_broad(network)


def _no(condition: Condition) -> Truth:
    return known(False, _fact(condition))


def _fact(condition: Condition) -> Evidence:
    words = condition.values
    return Evidence(words.source, f"{condition.operator} {condition.key} {words.shown}")
