"""Whether a resource policy lets everybody in.

Follows what AWS calls public: Amazon S3 User Guide, "Blocking public access to your Amazon S3
storage", section "The meaning of 'public'".  A statement for every principal is not public if a
condition compares a key that tells where or from whom the request comes with fixed values.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Network, ip_network
from typing import Final

from scanner.model.document import Condition, PolicyDocument, Statement, Words
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
_EXACT: Final = frozenset({"stringequals", "stringequalsignorecase", "arnequals", "bool"})
_PATTERN: Final = frozenset({"stringlike", "arnlike"})
_OTHERS: Final = frozenset(
    {"stringnotequals", "stringnotequalsignorecase", "stringnotlike", "arnnotequals", "arnnotlike"}
)


def everyone(document: PolicyDocument) -> Truth:
    """Whether the document lets everybody in, and denies nobody from outside in general."""
    return document.any(grants_everyone) & ~document.any(denies_strangers)


def grants_everyone(statement: Statement) -> Truth:
    """Whether the statement allows something to everybody, without a condition that limits who."""
    return statement.allows & for_everyone(statement) & ~_limited(statement)


def for_everyone(statement: Statement) -> Truth:
    """Whether the statement speaks of every principal."""
    if not statement.not_principals.is_empty:
        fact = "NotPrincipal: everybody but " + statement.not_principals.shown
        return known(True, Evidence(statement.source, fact))
    return statement.principals.any(lambda text: text == "AWS:*")


def denies_strangers(statement: Statement) -> Truth:
    """Whether the statement denies everything to all but those of fixed accounts or networks."""
    narrow = [_excludes(condition) for condition in statement.conditions]
    if len(narrow) != 1 or statement.conditions_unknown:
        # Conditions are joined by "and": each further one lets somebody else through.
        fact = Evidence(statement.source, "it does not deny strangers by one condition")
        only = unknown(fact) if statement.conditions_unknown else known(False, fact)
    else:
        only = narrow[0]
    return ~statement.allows & for_everyone(statement) & covers_all_actions(statement) & only


def covers_all_actions(statement: Statement) -> Truth:
    """Whether the statement is about all actions of the resource's service."""
    return statement.actions.any(lambda text: text == "*" or text.endswith(":*"))


def _limited(statement: Statement) -> Truth:
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
        return known(not condition.values.is_empty, _fact(condition))
    return _patterns(condition) if operator in _PATTERN else _no(condition)


def _excludes(condition: Condition) -> Truth:
    """Whether a denial by the condition spares only callers from fixed places."""
    operator = condition.operator.lower().removesuffix("ifexists")
    operator = operator.removeprefix("forallvalues:").removeprefix("foranyvalue:")
    if condition.key not in _KEYS:
        return _no(condition)
    if condition.key == "aws:sourceip":
        return _ranges(condition) if operator == "notipaddress" else _no(condition)
    if operator == "bool":
        return condition.values.any(lambda text: text.lower() == "false")
    return _patterns(condition) if operator in _OTHERS else _no(condition)


def _patterns(condition: Condition) -> Truth:
    """Whether every value is fixed enough; one that is wide lets everybody through."""
    return _every(condition, _is_fixed)


def _ranges(condition: Condition) -> Truth:
    return _every(condition, _is_narrow)


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


def _is_fixed(text: str) -> bool:
    """Whether a pattern stands for one account, organisation, network or thing.

    An ARN is fixed by its account, or by its resource where the service leaves the account out,
    as S3 does.
    """
    if "*" not in text and "?" not in text and "${" not in text:
        return True
    parts = text.split(":", 5)
    if len(parts) == 6 and parts[0] == "arn":
        account, thing = parts[4], parts[5]
        return (account.isdigit() and len(account) == 12) or not set("*?$") & set(thing)
    # An organisation path ends in a star by its nature: o-1234567890/r-abcd/*.
    return text.startswith("o-") and not set("*?$") & set(text.partition("/")[0])


def _is_narrow(text: str) -> bool:
    """Whether an address range is not wider than what S3 calls very broad."""
    try:
        network = ip_network(text, strict=False)
    except ValueError:
        return False
    if network.is_private and network.prefixlen > 0:
        return True
    return network.prefixlen >= (8 if isinstance(network, IPv4Network) else 32)


def _no(condition: Condition) -> Truth:
    return known(False, _fact(condition))


def _fact(condition: Condition) -> Evidence:
    words = condition.values
    return Evidence(words.source, f"{condition.operator} {condition.key} {words.shown}")
