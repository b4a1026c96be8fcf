"""Buckets refuse requests without TLS."""

from scanner.model.data import Bucket
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "bucket-denies-plain-http",
    title="Buckets refuse requests without TLS",
    severity=Severity.MEDIUM,
    fix="Add a Deny statement for all principals and actions where aws:SecureTransport is false.",
)
def check(bucket: Bucket) -> Truth:
    """A client that uses plain HTTP sends objects and signatures in clear."""
    return bucket.tls_only
