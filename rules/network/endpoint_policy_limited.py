"""Endpoints of services have a policy of their own."""

from scanner.identity.public import grants_everyone
from scanner.model.document import Condition, Statement
from scanner.model.network import ServiceEndpoint
from scanner.rule import Severity, rule
from scanner.truth import Evidence, Truth, any_of, known

# AWS IAM User Guide, "AWS global condition context keys", properties of the resource.
_OF_RESOURCES = frozenset(
    {"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount"}
)


@rule(
    "endpoint-policy-limited",
    title="Service endpoints limit who may use them for what",
    severity=Severity.HIGH,
    fix="Give the endpoint a policy that names the organisation, accounts or resources.",
)
def check(endpoint: ServiceEndpoint) -> Truth:
    """An endpoint with the default policy carries data to any account of the world."""
    policy = endpoint.resource_policy
    written = known(not policy.is_absent, endpoint.fact("the default policy allows everything"))
    if policy.is_absent:
        return written
    return ~policy.any(_lets_everything_through)


def _lets_everything_through(statement: Statement) -> Truth:
    # What NotAction and NotResource leave out is a remainder of everything.
    actions = known(
        not statement.not_actions.is_empty, Evidence(statement.source, "NotAction")
    ) | statement.actions.any(lambda action: action == "*" or action.endswith(":*"))
    resources = known(
        not statement.not_resources.is_empty, Evidence(statement.source, "NotResource")
    ) | statement.resources.any(_is_any_resource)
    limits = any_of(map(_limits_resources, statement.conditions))
    return grants_everyone(statement) & actions & resources & ~limits


def _is_any_resource(resource: str) -> bool:
    """Whether a pattern covers the things of any account: `*`, or an ARN without a fixed part."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return set(resource) == {"*"}
    return set(parts[5]) <= set("*/") and not parts[4].isdigit()


def _limits_resources(condition: Condition) -> Truth:
    """Whether it demands that the resource be of certain accounts or organisations."""
    fact = Evidence(condition.values.source, f"condition {condition.operator} {condition.key}")
    fixed = condition.operator.lower() in ("stringequals", "stringequalsignorecase")
    return known(fixed and condition.key in _OF_RESOURCES, fact)
