"""Dynamic groups pick few machines."""

from scanner.identity.rights import matches_everything
from scanner.model.identity import DynamicGroup
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "dynamic-group-narrow",
    title="Dynamic groups are limited to a compartment, an instance or a tag",
    severity=Severity.HIGH,
    fix="Name instance.compartment.id, instance.id, resource.id or a tag in the matching rule.",
)
def check(group: DynamicGroup) -> Truth:
    """Every machine that the rule matches has the group's rights, whoever runs it."""
    return ~group.matching_rule.test(matches_everything)
