"""Nodes open no administration port to everybody."""

from scanner.model.compute import NodePool
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "cluster-nodes-without-open-remote-access",
    title="Remote access to Kubernetes nodes is limited to named groups",
    severity=Severity.HIGH,
    fix="Remove remote_access, or name source_security_group_ids beside the SSH key.",
)
def check(pool: NodePool) -> Truth:
    """A node group with an SSH key and no source group opens port 22 to the internet."""
    return ~pool.open_remote_access
