"""Queues, topics and streams are encrypted."""

from scanner.model.data import MessageChannel
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "message-channel-encrypted",
    title="Queues, topics and streams are encrypted at rest",
    severity=Severity.HIGH,
    fix="Enable server-side encryption, with a customer-managed key where the service has one.",
)
def check(channel: MessageChannel) -> Truth:
    """Messages often carry the very data that the stores behind them protect."""
    return channel.encrypted_at_rest
