"""Default security lists of VCNs: as somebody manages them, or as Oracle makes them.

API paths are those of SecurityList (Core Services API).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.fields import Derived, always, flag
from scanner.mapping.oci.reading import NETWORKS, NetworkOfDefault
from scanner.mapping.oci.traffic import hole, list_rules
from scanner.mapping.registry import companion_by, maps
from scanner.model.network import Direction, PortRange, SecurityGroup, TrafficRule
from scanner.record import Block, Links
from scanner.truth import Evidence, known
from scanner.value import Unknown, Value

DEFAULT_LIST: Final = "oci_core_default_security_list"
_DEFAULT_ID: Final = "default_security_list_id"

# The argument is an attribute of the VCN: its default_security_list_id.
_OF_DEFAULT: Final = NetworkOfDefault("manage_default_resource_id", _DEFAULT_ID)
companion_by(DEFAULT_LIST, NETWORKS, _OF_DEFAULT)
maps(
    DEFAULT_LIST,
    to=SecurityGroup,
    network=_OF_DEFAULT,
    is_default=always("it manages the default list of the VCN"),
    rules=Derived(list_rules),
)


def as_made(block: Block) -> Value[Any]:
    """Give the rules of the default list that Oracle makes with a VCN.

    Networking documentation, "Security Lists", about the default one: SSH may enter, so may the
    ICMP messages of type 3 code 4, those of type 3 from the VCN itself, and all may leave; where
    the VCN has IPv6, SSH may also enter from ::/0.  Of IPv4 that page says authorized addresses
    and asks to narrow them; the list as it is made names 0.0.0.0/0 (Trend Micro Knowledge Base,
    "Restrict Traffic for Default Security Lists": TCP port 22 is open without restriction).
    """
    doubts = block.record.companions(DEFAULT_LIST).unknown
    if doubts:
        holes = [hole(block, _DEFAULT_ID, doubt, item) for doubt in doubts for item in Direction]
        return Value(tuple(holes), block, _DEFAULT_ID)
    families = [("0.0.0.0/0", PortRange("icmp", 3, 3))]
    if flag("is_ipv6enabled", "isIpv6Enabled").read(block).is_true:
        families.append(("::/0", PortRange("icmpv6", 2, 2)))
    rules: list[TrafficRule] = []
    for everywhere, messages in families:
        for direction, ports in (
            (Direction.INGRESS, PortRange("tcp", 22, 22)),
            (Direction.INGRESS, messages),
            (Direction.EGRESS, PortRange("all", 0, 65535)),
        ):
            rules.append(_made(block, direction, ports, everywhere))
    return Value(tuple(rules), block, _DEFAULT_ID)


def _made(block: Block, direction: Direction, ports: PortRange, other: str) -> TrafficRule:
    """Make one rule of the default list that Oracle makes.

    That of type 3 from the VCN itself is left out: it is of ICMP and lets in nothing from outside.
    """
    reason = "the default list as Oracle makes it: no oci_core_default_security_list changes it"
    return TrafficRule(
        direction=direction,
        ports=Value(ports, block, _DEFAULT_ID, reason),
        sources=Value((other,), block, _DEFAULT_ID, reason),
        groups=Links(block, ""),
        allows=known(True, Evidence(block.address, reason)),
        order=Value(Unknown("the rules have no order"), block, ""),
        stateless=known(False, Evidence(block.address, "its rules are stateful")),
        description=Value("", block),
        origin=f"{block.record.address}.{_DEFAULT_ID}",
    )


def _keeps_default_list(block: Block) -> bool:
    """Whether the default list of a VCN is certainly not managed by a resource of its own.

    An answer of the API lists it among the others.
    """
    record = block.record
    certain = record.companions(DEFAULT_LIST).certain
    return record.managed and record.shape == "terraform" and not certain


for _type in NETWORKS:
    maps(
        _type,
        to=SecurityGroup,
        when=_keeps_default_list,
        network=Derived(lambda block: Links(block, _DEFAULT_ID, targets=(block.record.address,))),
        is_default=always("it is the default list that Oracle makes with the VCN"),
        rules=Derived(as_made),
    )
