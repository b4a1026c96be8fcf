"""Snapshots are encrypted."""

from scanner.model.data import Snapshot
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "snapshot-encrypted",
    title="Snapshots and machine images are encrypted",
    severity=Severity.HIGH,
    fix="Copy the snapshot with encryption and a customer-managed key, and delete the plain one.",
)
def check(snapshot: Snapshot) -> Truth:
    """An unencrypted copy undoes the encryption of what it was taken from."""
    return snapshot.encrypted_at_rest
