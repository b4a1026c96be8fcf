"""Logs outlive the service that collects them."""

from scanner.model.logs import ShortLivedLog
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "log-archived",
    title="Logs that their service keeps only for months are archived",
    severity=Severity.HIGH,
    fix="Let a service connector take the log group to a bucket with a retention rule, or to "
    "Logging Analytics.",
)
def check(log: ShortLivedLog) -> Truth:
    """OCI Logging deletes after 180 days at most, before many intrusions are found."""
    return log.archived
