"""File-share ports take traffic from named groups or narrow ranges only."""

from scanner.model.network import SecurityGroup
from scanner.network.packets import TCP, UDP, Packets, box
from scanner.network.traffic import admits, wider_than
from scanner.rule import Severity, rule
from scanner.truth import Truth

# SMB and the NetBIOS services under it, NFS: RFC 1001, RFC 7530 and the IANA register of ports.
_PORTS = ((137, 139), (445, 445), (2049, 2049))
_TRAFFIC = Packets(
    tuple(box(protocol=(item, item), port=port) for port in _PORTS for item in (TCP, UDP))
)


@rule(
    "file-share-ports-closed-to-wide-sources",
    title="File-share ports (SMB, NetBIOS, NFS) are closed to wide address ranges",
    severity=Severity.MEDIUM,
    fix="Name the security group of the clients as the source, or their subnet's range.",
)
def check(group: SecurityGroup, *, widest_prefix_v4: int = 16, widest_prefix_v6: int = 48) -> Truth:
    """Shares that anybody can mount hand out files, and carry worms from host to host."""
    return ~admits(group, _TRAFFIC, wider_than(widest_prefix_v4, widest_prefix_v6))
