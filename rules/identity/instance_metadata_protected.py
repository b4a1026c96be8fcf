"""The metadata service demands a token."""

from scanner.model.compute import Instance
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "instance-metadata-protected",
    title="Instance metadata is served only to requests with a session token",
    severity=Severity.HIGH,
    fix="AWS: metadata_options { http_tokens = required }. "
    "OCI: instance_options { are_legacy_imds_endpoints_disabled = true }.",
)
def check(instance: Instance) -> Truth:
    """One forged request inside the host is enough to steal its credentials otherwise."""
    return instance.requires_session_tokens
