"""Client VPN users reach what they need."""

from scanner.model.network import ClientVpn
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "client-vpn-authorization-limited",
    title="Client VPNs let no one into every network",
    severity=Severity.HIGH,
    fix="Authorise named groups for named ranges.",
)
def check(vpn: ClientVpn) -> Truth:
    """One stolen laptop then reaches every system behind the VPN."""
    return ~vpn.admits_all_everywhere
