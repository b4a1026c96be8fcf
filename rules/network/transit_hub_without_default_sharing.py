"""Transit hubs join nothing by default."""

from scanner.model.network import TransitHub
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "transit-hub-without-default-sharing",
    title="Transit hubs neither accept nor join attachments by default",
    severity=Severity.HIGH,
    fix="Disable auto_accept_shared_attachments, default_route_table_association and "
    "default_route_table_propagation; give each environment a route table of its own.",
)
def check(hub: TransitHub) -> Truth:
    """With the defaults every network that is attached reaches every other one."""
    return ~hub.accepts_attachments_unasked & ~hub.joins_by_default
