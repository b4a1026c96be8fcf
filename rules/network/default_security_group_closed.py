"""Default groups and lists let nothing through."""

from scanner.model.network import SecurityGroup, TrafficRule
from scanner.rule import Severity, rule
from scanner.truth import Truth, any_of, unknown
from scanner.value import Unknown


def is_default(group: SecurityGroup) -> Truth:
    """Only what the provider gives to resources that name no group."""
    return group.is_default


@rule(
    "default-security-group-closed",
    title="Default security groups and lists let nothing through",
    severity=Severity.MEDIUM,
    fix="Manage the default group or list in code and leave it without rules; ICMP may stay.",
    when=is_default,
)
def check(group: SecurityGroup) -> Truth:
    """Whoever forgets to name a group gets the default one, with all that it allows."""

    rules = group.rules.content
    if isinstance(rules, Unknown):
        return unknown(*group.rules.testify())
    return ~any_of(map(_lets_through, rules), group.fact("no rule"))


def _lets_through(rule: TrafficRule) -> Truth:
    return rule.allows & rule.ports.test(
        lambda ports: ports.protocol not in {"icmp", "icmpv6"}
    ).because(rule.sources)
