"""File transfer servers sit in the network."""

from scanner.model.edge import TransferServer
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "transfer-server-in-network",
    title="File transfer servers have an endpoint inside the network",
    severity=Severity.HIGH,
    fix="Set endpoint_type to VPC and give endpoint_details.",
)
def check(server: TransferServer) -> Truth:
    """A public transfer endpoint cannot be fenced by groups, routes or ACLs."""
    return server.in_network
