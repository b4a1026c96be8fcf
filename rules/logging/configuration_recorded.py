"""Configurations are recorded."""

from scanner.model.logs import ConfigurationRecorder
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "configuration-recorded",
    title="Configurations of all resource types are recorded",
    severity=Severity.HIGH,
    fix="Set all_supported to true, include_global_resource_types in one Region, and switch the "
    "recorder's status on.",
)
def check(recorder: ConfigurationRecorder) -> Truth:
    """Without it nobody can tell what a setting was on the day that matters."""
    return recorder.records_all & recorder.recording
