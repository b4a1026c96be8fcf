"""No traffic rule opens administration to the internet."""

from scanner.model.network import SecurityGroup
from scanner.network.traffic import ADMIN_PORTS, admits, is_internet, tcp_to
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "admin-ports-closed-to-internet",
    title="SSH, RDP and WinRM are closed to the internet",
    severity=Severity.CRITICAL,
    fix="Remove the rule, or name the bastion's security group or the VPN's range as its source.",
)
def check(group: SecurityGroup) -> Truth:
    """Administration ports on the internet are guessed at and exploited within hours."""
    return ~admits(group, tcp_to(ADMIN_PORTS), is_internet)
