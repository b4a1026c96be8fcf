"""Network ACLs do not let the internet reach administration ports."""

from scanner.model.network import NetworkAcl
from scanner.network.traffic import is_internet, lets_in, tcp_to
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "network-acl-restricts-admin-ports",
    title="Network ACLs let nobody on the internet reach SSH or RDP",
    severity=Severity.MEDIUM,
    fix="Put a deny entry for ports 22 and 3389 before the entry that allows them.",
)
def check(acl: NetworkAcl) -> Truth:
    """The second line of defence is worth nothing if it lets through what the first must stop."""
    return ~lets_in(acl, tcp_to((22,)), is_internet) & ~lets_in(acl, tcp_to((3389,)), is_internet)
