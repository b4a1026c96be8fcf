"""Buckets are encrypted with a key of the customer."""

from scanner.graph.graph import Graph
from scanner.model.data import Bucket
from scanner.model.logs import LogDelivery
from scanner.rule import Severity, rule
from scanner.truth import Truth


def can_use_customer_key(bucket: Bucket, graph: Graph) -> Truth:
    """Some services deliver access logs only to buckets with a key of the provider."""
    return ~graph.referred_by(
        bucket, LogDelivery, "destination", lambda log: log.needs_provider_key
    )


@rule(
    "bucket-uses-customer-key",
    title="Buckets encrypt objects with a customer-managed key",
    severity=Severity.MEDIUM,
    fix="Set default encryption of the bucket to a customer-managed key.",
    when=can_use_customer_key,
)
def check(bucket: Bucket) -> Truth:
    """With a key of the customer, reading an object needs a second right that can be withdrawn."""
    return bucket.customer_key
