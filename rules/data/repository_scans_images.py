"""Images are scanned when they arrive."""

from scanner.model.compute import ImageRepository
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "repository-scans-images",
    title="Image repositories scan images for known vulnerabilities",
    severity=Severity.HIGH,
    fix="AWS: scan_on_push = true, or a registry scanning configuration. "
    "OCI: a container scan target for the repository.",
)
def check(repository: ImageRepository) -> Truth:
    """Images with known holes reach production unseen."""
    return repository.scanned
