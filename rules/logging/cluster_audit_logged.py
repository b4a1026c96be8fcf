"""The Kubernetes API's audit is kept."""

from scanner.model.compute import Cluster
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "cluster-audit-logged",
    title="Audit, API and authenticator logs of clusters are kept",
    severity=Severity.HIGH,
    fix="List api, audit and authenticator in enabled_cluster_log_types.",
)
def check(cluster: Cluster) -> Truth:
    """Without them nobody can tell who did what inside the cluster."""
    return cluster.audited
