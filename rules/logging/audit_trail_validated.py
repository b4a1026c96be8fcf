"""The audit trail shows tampering."""

from scanner.model.logs import AuditTrail
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "audit-trail-validated",
    title="The audit trail's files can be checked for changes",
    severity=Severity.HIGH,
    fix="Set enable_log_file_validation to true.",
)
def check(trail: AuditTrail) -> Truth:
    """Without digests nobody can show that the record is what was written."""
    return trail.validated
