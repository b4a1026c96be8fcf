"""Image repositories are closed to the public."""

from scanner.identity.public import everyone
from scanner.model.compute import ImageRepository
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "repository-not-public",
    title="Image repositories are not open to everybody",
    severity=Severity.HIGH,
    fix="Name the accounts in the repository policy; OCI: is_public = false.",
)
def check(repository: ImageRepository) -> Truth:
    """Images tell how software works and often carry secrets in older layers."""
    return ~repository.public & ~everyone(repository.resource_policy)
