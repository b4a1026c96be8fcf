"""The audit trail sees everything."""

from scanner.model.logs import AuditTrail
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "audit-trail-covers-all-regions",
    title="The audit trail is on, in all regions, with global events",
    severity=Severity.CRITICAL,
    fix="Set is_multi_region_trail, include_global_service_events and enable_logging to true; let "
    "the event selectors take all management events.",
)
def check(trail: AuditTrail) -> Truth:
    """An attacker works in the region that nobody records."""
    return trail.enabled & trail.all_regions & trail.global_events & trail.changes_recorded
