"""Access to buckets is recorded."""

from scanner.graph.graph import Graph
from scanner.model.data import Bucket
from scanner.model.logs import LogDelivery, ServiceLog
from scanner.rule import Severity, rule
from scanner.truth import Truth, known


def is_no_log_target(bucket: Bucket, graph: Graph) -> Truth:
    """A bucket that receives logs would record its own records without end."""
    return ~graph.referred_by(
        bucket, LogDelivery, "destination", lambda log: known(True, log.fact("delivers logs to it"))
    )


@rule(
    "bucket-access-logged",
    title="Access to objects in buckets is recorded",
    severity=Severity.MEDIUM,
    fix="AWS: an aws_s3_bucket_logging to a log bucket. OCI: a service log of Object Storage of "
    "category write, and one of category read where reading matters.",
    when=is_no_log_target,
)
def check(bucket: Bucket, graph: Graph) -> Truth:
    """Without the record nobody can say who changed or removed objects, with which rights."""
    return bucket.logged | graph.referred_by(
        bucket, ServiceLog, "of", lambda log: log.enabled & log.category.equals("write")
    )
