"""File transfers are recorded."""

from scanner.model.edge import TransferServer
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "transfer-server-logged",
    title="File transfer servers write logs",
    severity=Severity.MEDIUM,
    fix="Set structured_log_destinations or logging_role.",
)
def check(server: TransferServer) -> Truth:
    """Files that leave the company must leave a trace of who took them."""
    return server.logged
