"""VPN tunnels write logs."""

from scanner.model.network import VpnTunnel
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "vpn-tunnels-logged",
    title="VPN tunnels write their activity to a log",
    severity=Severity.MEDIUM,
    fix="Enable log_options of each tunnel.",
)
def check(tunnel: VpnTunnel) -> Truth:
    """Without a log nobody sees failed negotiations, nor who brought a tunnel down."""
    return tunnel.logged
