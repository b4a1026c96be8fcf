"""Image tags cannot be moved."""

from scanner.model.compute import ImageRepository
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "repository-tags-immutable",
    title="Image tags are immutable",
    severity=Severity.MEDIUM,
    fix="AWS: image_tag_mutability = IMMUTABLE. OCI: is_immutable = true.",
)
def check(repository: ImageRepository) -> Truth:
    """A tag that can be moved lets an image be replaced after it was approved."""
    return repository.immutable_tags
