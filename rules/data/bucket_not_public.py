"""Buckets are closed to the public."""

from scanner.model.data import Bucket
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "bucket-not-public",
    title="Buckets are not readable or writable by the public",
    severity=Severity.CRITICAL,
    fix="AWS: turn on all four public access blocks, remove public ACLs and policies. "
    "OCI: access_type = NoPublicAccess.",
)
def check(bucket: Bucket) -> Truth:
    """Public buckets are found by search engines made for it."""
    return ~bucket.public
