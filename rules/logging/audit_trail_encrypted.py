"""The audit trail is encrypted with a key of the customer."""

from scanner.model.logs import AuditTrail
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "audit-trail-encrypted",
    title="The audit trail is encrypted with a customer-managed key",
    severity=Severity.HIGH,
    fix="Set kms_key_id of the trail.",
)
def check(trail: AuditTrail) -> Truth:
    """Reading the record then needs a right that the writers of the bucket policy do not have."""
    return trail.customer_key
