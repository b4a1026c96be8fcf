"""Database ports take traffic from named groups or narrow ranges only."""

from scanner.model.network import SecurityGroup
from scanner.network.traffic import DATABASE_PORTS, admits, tcp_to, wider_than
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "database-ports-closed-to-wide-sources",
    title="Database, cache and broker ports are closed to wide address ranges",
    severity=Severity.HIGH,
    fix="Name the security group of the clients as the source, or their subnet's range.",
)
def check(group: SecurityGroup, *, widest_prefix_v4: int = 16, widest_prefix_v6: int = 48) -> Truth:
    """Every host within a wide range becomes a place from which the data can be attacked."""
    wide = wider_than(widest_prefix_v4, widest_prefix_v6)
    return ~admits(group, tcp_to(DATABASE_PORTS), wide)
