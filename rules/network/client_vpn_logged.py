"""Client VPN connections are recorded."""

from scanner.model.network import ClientVpn
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "client-vpn-logged",
    title="Client VPN connections are logged",
    severity=Severity.MEDIUM,
    fix="Enable connection_log_options.",
)
def check(vpn: ClientVpn) -> Truth:
    """Without the log nobody can say who was connected when something happened."""
    return vpn.logged
