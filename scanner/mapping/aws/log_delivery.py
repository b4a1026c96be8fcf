"""Settings that send logs to a bucket, so that the bucket is known to receive them.

API paths are those of the Describe and Get calls of each service.
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.fields import Attr, Derived, written
from scanner.mapping.references import ref
from scanner.mapping.registry import maps
from scanner.model.logs import LogDelivery
from scanner.record import MISSING, Block
from scanner.truth import Evidence, Truth, known, unknown

# By type: where the bucket stands in Terraform and in the API's answer.
_PATHS: Final = {
    "aws_s3_bucket_logging": ("target_bucket", "LoggingEnabled.TargetBucket"),
    "aws_s3_bucket": ("logging.target_bucket", "LoggingEnabled.TargetBucket"),
    "aws_lb": ("access_logs.bucket", "access_logs.s3.bucket"),
    "aws_alb": ("access_logs.bucket", "access_logs.s3.bucket"),
    "aws_elb": ("access_logs.bucket", "AccessLog.S3BucketName"),
    "aws_cloudtrail": ("s3_bucket_name", "S3BucketName"),
    "aws_flow_log": ("log_destination", "LogDestination"),
    "aws_config_delivery_channel": ("s3_bucket_name", "s3BucketName"),
    "aws_redshift_logging": ("bucket_name", "BucketName"),
    "aws_redshift_cluster": ("logging.bucket_name", "BucketName"),
    "aws_msk_cluster": (
        "logging_info.broker_logs.s3.bucket",
        "LoggingInfo.BrokerLogs.S3.Bucket",
    ),
    "aws_route53_resolver_query_log_config": ("destination_arn", "DestinationArn"),
    "aws_wafv2_web_acl_logging_configuration": (
        "log_destination_configs",
        "LogDestinationConfigs",
    ),
}


def _sends(block: Block) -> bool:
    """Whether a bucket is named: these types also serve other ends."""
    terraform, api = _PATHS[block.record.type]
    if block.record.shape == "api":
        return block.has(api)
    if block.record.type == "aws_flow_log":
        # Terraform registry, aws_flow_log: log_destination_type, default cloud-watch-logs.
        return written(block, "log_destination_type") not in (MISSING, "cloud-watch-logs")
    if block.record.type == "aws_s3_bucket":
        # The inline block of old, which newer providers compute: judged by Bucket.logged.
        return isinstance(block.read("logging"), list) and block.has("logging")
    return written(block, terraform) not in (MISSING, "", [])


# S3 User Guide, "Enabling Amazon S3 server access logging": default encryption with SSE-KMS is not
# supported for destination buckets.  Elastic Load Balancing, "Enable access logs for your
# Application Load Balancer" and "... Classic Load Balancer": SSE-S3 is the only option.
_ONLY_PROVIDER_KEY: Final = frozenset(
    {"aws_s3_bucket_logging", "aws_s3_bucket", "aws_lb", "aws_alb", "aws_elb"}
)
_BALANCERS: Final = frozenset({"aws_lb", "aws_alb"})
_LAYER: Final = Attr("load_balancer_type", "Type")


def _needs_provider_key(block: Block) -> Truth:
    """Whether the sender writes with a key of the provider only."""
    type = block.record.type
    if type in _BALANCERS and _LAYER.read(block).content != "application":
        # "Enable access logs for your Network Load Balancer" once asked for SSE-S3 and no longer
        # does; whether a key of the customer will do is not for certain.
        return unknown(Evidence(block.address, "not an application load balancer"))
    fact = "what the service can write to: see its user guide"
    return known(type in _ONLY_PROVIDER_KEY, Evidence(block.address, fact))


for _type, (_terraform, _api) in _PATHS.items():
    maps(
        _type,
        to=LogDelivery,
        when=_sends,
        destination=ref(_terraform, _api, "aws_s3_bucket"),
        needs_provider_key=Derived(_needs_provider_key),
    )
