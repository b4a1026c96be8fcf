"""Bastions admit known addresses only."""

from scanner.model.network import Bastion
from scanner.network.traffic import united, wider_than
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "bastion-limited-to-known-addresses",
    title="Bastions admit only listed, narrow client ranges",
    severity=Severity.HIGH,
    fix="List the administrators' ranges in client_cidr_block_allow_list.",
)
def check(bastion: Bastion, *, widest_prefix_v4: int = 16, widest_prefix_v6: int = 48) -> Truth:
    """A bastion that admits everybody moves the open administration port by one hop."""
    ranges = bastion.client_ranges
    listed = ranges.test(lambda items: len(items) > 0)
    wide = united(ranges, wider_than(widest_prefix_v4, widest_prefix_v6))
    return listed & ~wide
