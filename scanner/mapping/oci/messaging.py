"""Streams, topics and queues.

API paths are those of StreamPool (Streaming API), NotificationTopic (Notifications API) and Queue
(Queue API).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.fields import NotApplicable, always
from scanner.mapping.oci.reading import CustomerKey, Untold, key
from scanner.mapping.oci.volumes import NO_POLICY
from scanner.mapping.references import Nothing
from scanner.mapping.registry import maps
from scanner.model.data import MessageChannel

# Streaming documentation, on the security of streams: data is encrypted at rest and in transit, by
# keys of Oracle unless the pool names another; Queue product page: messages are, end to end.
_ENCRYPTED: Final = always("OCI encrypts messages at rest")

maps(
    "oci_streaming_stream_pool",
    to=MessageChannel,
    encrypted_at_rest=_ENCRYPTED,
    customer_key=CustomerKey("custom_encryption_key.kms_key_id", "customEncryptionKey.kmsKeyId"),
    keys=key("custom_encryption_key.kms_key_id", "customEncryptionKey.kmsKeyId"),
    resource_policy=NO_POLICY,
)
maps(
    "oci_streaming_stream",
    to=MessageChannel,
    encrypted_at_rest=_ENCRYPTED,
    customer_key=NotApplicable("the pool of the stream has the key"),
    keys=Nothing(),
    resource_policy=NO_POLICY,
)
maps(
    "oci_ons_notification_topic",
    to=MessageChannel,
    encrypted_at_rest=Untold("how Notifications stores messages was found in no document"),
    customer_key=NotApplicable("Notifications takes no key of the customer"),
    keys=Nothing(),
    resource_policy=NO_POLICY,
)
maps(
    "oci_queue_queue",
    to=MessageChannel,
    encrypted_at_rest=_ENCRYPTED,
    customer_key=CustomerKey("custom_encryption_key_id", "customEncryptionKeyId"),
    keys=key("custom_encryption_key_id", "customEncryptionKeyId"),
    resource_policy=NO_POLICY,
)
