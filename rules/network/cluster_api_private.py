"""The Kubernetes API answers inside the network only."""

from scanner.model.compute import Cluster
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "cluster-api-private",
    title="The Kubernetes API endpoint is private",
    severity=Severity.CRITICAL,
    fix="EKS: endpoint_public_access = false and endpoint_private_access = true. "
    "OKE: endpoint_config.is_public_ip_enabled = false.",
)
def check(cluster: Cluster) -> Truth:
    """Whoever reaches the API with a stolen token owns every workload of the cluster."""
    return ~cluster.public_endpoint
