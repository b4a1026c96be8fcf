"""Logs are kept."""

from scanner.model.logs import LogGroup
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "log-retained",
    title="Log groups keep their logs long enough",
    severity=Severity.HIGH,
    fix="Set retention_in_days to the longest duty that applies, or 0 for ever.",
)
def check(group: LogGroup, *, shortest_days: int = 365) -> Truth:
    """What was not kept can neither be investigated nor shown to a supervisor."""
    return group.retention_days.test(lambda days: days == 0 or days >= shortest_days)
