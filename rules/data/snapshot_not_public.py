"""Snapshots and images are closed to the public."""

from scanner.model.data import Snapshot
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "snapshot-not-public",
    title="Snapshots and machine images are not shared with everybody",
    severity=Severity.CRITICAL,
    fix="Share with named accounts only, and with a key granted to them.",
)
def check(snapshot: Snapshot) -> Truth:
    """Anybody can restore a public snapshot and read the whole of it."""
    return ~snapshot.public
