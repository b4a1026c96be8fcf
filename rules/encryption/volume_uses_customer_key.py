"""Volumes are encrypted with a key of the customer."""

from rules.encryption.volume_encrypted_at_rest import is_encrypted
from scanner.graph.graph import Graph
from scanner.model.data import Volume
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "volume-uses-customer-key",
    title="Block volumes and block devices use a customer-managed key",
    severity=Severity.MEDIUM,
    fix="Name a customer-managed key of KMS or Vault for the volume.",
)
def check(volume: Volume, graph: Graph) -> Truth:
    """A key of the provider cannot be revoked or withheld from whoever copied the volume."""
    return volume.customer_key & is_encrypted(volume, graph)
