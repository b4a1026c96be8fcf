"""Kubernetes secrets are encrypted with a key of the customer."""

from scanner.model.compute import Cluster
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "cluster-secrets-use-customer-key",
    title="Kubernetes secrets are encrypted with a customer-managed key",
    severity=Severity.HIGH,
    fix="EKS: encryption_config for secrets. OKE: kms_key_id of the cluster.",
)
def check(cluster: Cluster) -> Truth:
    """Without it secrets of all workloads stand readable in every backup of the cluster's store."""
    return cluster.secrets_customer_key
