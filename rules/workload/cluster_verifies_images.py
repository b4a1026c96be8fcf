"""Clusters run signed images only."""

from scanner.model.compute import Cluster
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "cluster-verifies-images",
    title="Clusters run only images with a verified signature",
    severity=Severity.HIGH,
    fix="OKE: image_policy_config { is_policy_enabled = true } with key_details.",
)
def check(cluster: Cluster) -> Truth:
    """An image that somebody slipped into the registry would run like any other."""
    return cluster.verifies_images
