"""Attack detection is on."""

from scanner.model.logs import ThreatDetector
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "threat-detection-on",
    title="The provider's threat detection is enabled",
    severity=Severity.HIGH,
    fix="AWS: enable the GuardDuty detector. OCI: set the status of Cloud Guard to ENABLED.",
)
def check(detector: ThreatDetector) -> Truth:
    """Stolen keys and hosts under foreign control stay unnoticed."""
    return detector.enabled
