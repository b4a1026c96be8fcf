"""Buckets keep old versions."""

from scanner.model.data import Bucket
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "bucket-versioned",
    title="Buckets keep earlier versions of objects",
    severity=Severity.MEDIUM,
    fix="Enable versioning.",
)
def check(bucket: Bucket) -> Truth:
    """An object that is overwritten or encrypted by an attacker is lost otherwise."""
    return bucket.versioned
