"""Queues, topics and streams: SQS, SNS, Kinesis and Firehose.

API paths are those of GetQueueAttributes (botocore service model `sqs`), GetTopicAttributes
(`sns`), DescribeStream (`kinesis`) and DescribeDeliveryStream (`firehose`).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.aws.kms import CustomerKey, NamesKey, key
from scanner.mapping.documents import Document, NoDocument
from scanner.mapping.fields import Derived, NotApplicable, both, either, flag, holds, written
from scanner.mapping.references import From
from scanner.mapping.registry import companion, maps, supports
from scanner.model.base import Field
from scanner.model.data import MessageChannel
from scanner.record import Block

_NAMED: Final = NamesKey("kms_master_key_id", "Attributes.KmsMasterKeyId")
_KEY: Final = CustomerKey("kms_master_key_id", "Attributes.KmsMasterKeyId")
_POLICY: Final = Document("policy", "Attributes.Policy")

maps(
    "aws_sns_topic",
    to=MessageChannel,
    # Amazon SNS Developer Guide, "Amazon SNS data encryption": the disks are always encrypted;
    # what is meant here is the encryption of the messages themselves, which has to be asked for.
    encrypted_at_rest=_NAMED,
    customer_key=_KEY,
    keys=key("kms_master_key_id", "Attributes.KmsMasterKeyId"),
    resource_policy=From("aws_sns_topic_policy", _POLICY, absent=_POLICY),
)
companion("aws_sns_topic_policy", "aws_sns_topic", "arn", "TopicArn")

maps(
    "aws_sqs_queue",
    to=MessageChannel,
    encrypted_at_rest=either(
        _NAMED, flag("sqs_managed_sse_enabled", "Attributes.SqsManagedSseEnabled")
    ),
    customer_key=_KEY,
    keys=key("kms_master_key_id", "Attributes.KmsMasterKeyId"),
    resource_policy=From("aws_sqs_queue_policy", _POLICY, absent=_POLICY),
)
companion("aws_sqs_queue_policy", "aws_sqs_queue", "queue_url", "QueueUrl")

_KMS: Final = holds(
    lambda kind: kind == "KMS", "encryption_type", "StreamDescription.EncryptionType"
)

maps(
    "aws_kinesis_stream",
    to=MessageChannel,
    encrypted_at_rest=_KMS,
    customer_key=both(_KMS, CustomerKey("kms_key_id", "StreamDescription.KeyId")),
    keys=key("kms_key_id", "StreamDescription.KeyId"),
    resource_policy=From(
        "aws_kinesis_resource_policy", Document("policy", "Policy"), absent=NoDocument()
    ),
)
companion("aws_kinesis_resource_policy", "aws_kinesis_stream", "resource_arn", "ResourceARN")

_SERVER_SIDE: Final = "DeliveryStreamDescription.DeliveryStreamEncryptionConfiguration"
_OF_STREAM: Final = NotApplicable("its records are stored by the stream that it reads from")


def _unless_fed(own: Field) -> Derived:
    """Read a field of a delivery stream that stores records itself.

    Amazon Data Firehose Developer Guide, "Data protection": with a Kinesis stream or MSK as its
    source it stores no data at rest.
    """

    def read(block: Block) -> Any:
        sources = ("kinesis_source_configuration", "msk_source_configuration")
        fed = block.record.shape == "terraform" and any(
            isinstance(written(block, path), list) and block.has(path) for path in sources
        )
        return (_OF_STREAM if fed else own).read(block)

    return Derived(read)


_ENABLED: Final = holds(
    lambda enabled: enabled in (True, "true", "ENABLED"),
    "server_side_encryption.enabled",
    f"{_SERVER_SIDE}.Status",
)

maps(
    "aws_kinesis_firehose_delivery_stream",
    to=MessageChannel,
    encrypted_at_rest=_unless_fed(_ENABLED),
    customer_key=_unless_fed(
        both(_ENABLED, CustomerKey("server_side_encryption.key_arn", f"{_SERVER_SIDE}.KeyARN"))
    ),
    keys=key("server_side_encryption.key_arn", f"{_SERVER_SIDE}.KeyARN"),
    resource_policy=NotApplicable("delivery streams have no resource policy"),
)

supports(
    "aws_kinesis_stream_consumer",
    "aws_sns_topic_subscription",
    "aws_sqs_queue_redrive_allow_policy",
    "aws_sqs_queue_redrive_policy",
)
