"""People prove who they are to the client VPN."""

from scanner.model.network import ClientVpn
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "client-vpn-federated",
    title="Client VPNs authenticate people, not only certificates",
    severity=Severity.HIGH,
    fix="Add federated or directory authentication to the endpoint.",
)
def check(vpn: ClientVpn) -> Truth:
    """A certificate that is copied lets anybody in, and it cannot ask for a second factor."""
    return vpn.authenticates_person
