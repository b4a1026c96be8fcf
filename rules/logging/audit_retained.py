"""The provider's audit record is kept."""

from scanner.model.logs import AuditRetention
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "audit-retained",
    title="Audit events are kept long enough",
    severity=Severity.HIGH,
    fix="Set retention_period_days to 365, the most the service allows; archive for longer.",
)
def check(retention: AuditRetention, *, shortest_days: int = 365) -> Truth:
    """Intrusions are found months later; what was not kept cannot be looked up."""
    return retention.retention_days.test(lambda days: days >= shortest_days)
