"""Security lists of subnets and network security groups with their rules.

API paths are those of SecurityList and of SecurityRule, the rule of a network security group
(Core Services API).
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any, Final

from scanner.mapping.fields import Derived, always, flag, never, written
from scanner.mapping.oci.reading import (
    GROUPS,
    NETWORKS,
    NetworkOfDefault,
    blocks_of,
    path_for,
    truth_at,
)
from scanner.mapping.references import ref
from scanner.mapping.registry import companion, companion_by, maps
from scanner.model.network import Direction, PortRange, SecurityGroup, TrafficRule
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, known, unknown
from scanner.value import Unknown, Value

# Core Services API, IngressSecurityRule and AddSecurityRuleDetails, protocol: the word all, or a
# protocol number of IANA's list: 1 (ICMP), 6 (TCP), 17 (UDP) and 58 (ICMPv6) take options.
_PROTOCOLS: Final = {"all": "all", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
_RULE: Final = "oci_core_network_security_group_security_rule"
_DEFAULT_LIST: Final = "oci_core_default_security_list"
_DEFAULT_ID: Final = "default_security_list_id"


def _is_range(text: str) -> bool:
    try:
        ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    return True


def _other_end(block: Block, direction: Direction) -> tuple[Value[Any], Links]:
    """Read the addresses, or the group or services, at the other end of a rule."""
    path = "source" if direction is Direction.INGRESS else "destination"
    kind = block.read(path_for(block, f"{path}_type", f"{path}Type"))
    found = block.read(path)
    nothing = Links(block, path)
    if kind == "NETWORK_SECURITY_GROUP":
        return Value((), block, path), block.links(path, frozenset(GROUPS))
    if kind == "SERVICE_CIDR_BLOCK":
        # A label such as all-fra-services-in-oracle-services-network: services, not the internet.
        label = found if isinstance(found, str) else "a label of Oracle's services"
        return Value((), block, path), Links(block, path, outside=(label,))
    if isinstance(found, str):
        if found.startswith("ocid1.networksecuritygroup."):
            return Value((), block, path), block.links(path, frozenset(GROUPS))
        if _is_range(found):
            return Value((found,), block, path), nothing
        return Value(Unknown("not an address range"), block, path), nothing
    if isinstance(found, Unknown):
        links = block.links(path, frozenset(GROUPS))
        peers = block.record.peers
        types = {peers[item].type for item in links.candidates() if item in peers}
        if types and types <= set(GROUPS) and not links.unknown:
            return Value((), block, path), links
        return Value(found, block, path), nothing
    return Value(Unknown("no address can be read"), block, path), nothing


def _ports(block: Block) -> Value[Any]:
    """Read protocol and destination ports.

    Core Services API, TcpOptions and UdpOptions: where the object is left out, all destination
    ports are allowed; IcmpOptions: where it is left out, all types and codes are.
    """
    protocol = block.read("protocol")
    if isinstance(protocol, (int, float)) and not isinstance(protocol, bool):
        protocol = str(int(protocol))
    if not isinstance(protocol, str):
        why = protocol if isinstance(protocol, Unknown) else Unknown("no protocol can be read")
        return Value(why, block, "protocol")
    name = _PROTOCOLS.get(protocol.lower(), protocol)
    if name in ("tcp", "udp"):
        return _port_range(block, name)
    if name in ("icmp", "icmpv6"):
        path = path_for(block, "icmp_options.type", "icmpOptions.type")
        number = written(block, path)
        if isinstance(number, Unknown):
            return Value(number, block, path)
        kind = _number(number)
        kind = -1 if kind is None else kind
        return Value(PortRange(name, kind, kind), block, "icmp_options")
    return Value(PortRange(name, 0, 65535), block, "protocol")


def _port_range(block: Block, name: str) -> Value[Any]:
    options = path_for(block, f"{name}_options", f"{name}Options")
    whole = written(block, options)
    if isinstance(whole, Unknown):
        return Value(whole, block, options)
    # A security list's own options hold the range itself, a group's rule holds it in a block.
    nested = f"{options}.{path_for(block, 'destination_port_range', 'destinationPortRange')}"
    place = options if written(block, nested) is MISSING else nested
    ends: list[int | None] = []
    for path in (f"{place}.min", f"{place}.max"):
        found = written(block, path)
        if isinstance(found, Unknown):
            return Value(found, block, path)
        number = _number(found)
        if found is not MISSING and number is None:
            return Value(Unknown("not a port number"), block, path)
        ends.append(number)
    first, last = ends
    if not first and not last:
        # Blocks of a set show numbers that are not set as 0, which is no valid port.
        return Value(PortRange(name, 0, 65535), block, options, "all ports")
    return Value(PortRange(name, first or 0, last or 65535), block, options)


def _number(found: Any) -> int | None:
    if isinstance(found, bool):
        return None
    if isinstance(found, (int, float)):
        return int(found)
    if isinstance(found, str) and found.lstrip("-").isdecimal():
        return int(found)
    return None


def _rule(block: Block, direction: Direction) -> TrafficRule:
    sources, groups = _other_end(block, direction)
    text = block.read("description")
    return TrafficRule(
        direction=direction,
        ports=_ports(block),
        sources=sources,
        groups=groups,
        allows=known(True),
        order=Value(Unknown("the rules have no order"), block, ""),
        stateless=truth_at(block, path_for(block, "stateless", "isStateless"), "stateless"),
        description=Value(text if isinstance(text, (str, Unknown)) else "", block, "description"),
        origin=block.address,
    )


def _list_rules(block: Block) -> Value[Any]:
    """Read the rules of a security list, which are all inside it."""
    rules: list[TrafficRule] = []
    for terraform, api, direction in (
        ("ingress_security_rules", "ingressSecurityRules", Direction.INGRESS),
        ("egress_security_rules", "egressSecurityRules", Direction.EGRESS),
    ):
        path = path_for(block, terraform, api)
        if written(block, path) is MISSING and not block.record.managed:
            return Value(
                Unknown("the rules of a list that is looked up were not read"), block, path
            )
        found = blocks_of(block, path)
        if isinstance(found, Unknown):
            return Value(found, block, path)
        rules += [_rule(item, direction) for item in found]
    return Value(tuple(rules), block, "ingress_security_rules")


def _group_rules(block: Block) -> Value[Any]:
    """Read the rules of a group, which are records of their own."""
    path = "security_rules"
    found = block.record.companions(_RULE)
    if block.record.shape == "api":
        blocks = block.blocks("securityRules")
        if isinstance(blocks, Unknown):
            return Value(blocks, block, path)
        return Value(tuple(rule for item in blocks for rule in _directed(item)), block, path)
    rules = [rule for record in found.certain for rule in _directed(record.block)]
    reasons = list(found.unknown)
    if not block.record.managed:
        reasons.append("the rules of a group that is looked up were not read")
    for reason in reasons:
        rules += [_hole(block, path, reason, direction) for direction in Direction]
    return Value(tuple(rules), block, path)


def _directed(block: Block) -> Iterator[TrafficRule]:
    direction = block.read("direction")
    if direction in ("INGRESS", "EGRESS"):
        yield _rule(block, Direction(direction.lower()))
        return
    reason = direction.reason if isinstance(direction, Unknown) else "no direction can be read"
    for either in Direction:
        yield _hole(block, "direction", reason, either)


def _hole(block: Block, path: str, reason: str, direction: Direction) -> TrafficRule:
    """Stand for rules that may exist and of which nothing is known."""
    missing: Value[Any] = Value(Unknown(reason), block, path)
    return TrafficRule(
        direction=direction,
        ports=missing,
        sources=missing,
        groups=Links(block, path, unknown=(reason,)),
        allows=unknown(missing),
        order=missing,
        stateless=unknown(missing),
        description=missing,
        origin=block.address,
    )


maps(
    "oci_core_security_list",
    to=SecurityGroup,
    network=ref("vcn_id", "vcnId", *NETWORKS),
    is_default=never("the default list is made with the VCN, and this one was made after it"),
    rules=Derived(_list_rules),
)
# The argument is an attribute of the VCN: its default_security_list_id.
_OF_DEFAULT: Final = NetworkOfDefault("manage_default_resource_id", _DEFAULT_ID)
companion_by(_DEFAULT_LIST, NETWORKS, _OF_DEFAULT)
maps(
    _DEFAULT_LIST,
    to=SecurityGroup,
    network=_OF_DEFAULT,
    is_default=always("it manages the default list of the VCN"),
    rules=Derived(_list_rules),
)


def _as_made(block: Block) -> Value[Any]:
    """Give the rules of the default list that Oracle makes with a VCN.

    Networking documentation, "Security Lists", about the default one: SSH may enter, so may the
    ICMP messages of type 3 code 4, those of type 3 from the VCN itself, and all may leave; where
    the VCN has IPv6, SSH may also enter from ::/0.  Of IPv4 that page says authorized addresses
    and asks to narrow them; the list as it is made names 0.0.0.0/0 (Trend Micro Knowledge Base,
    "Restrict Traffic for Default Security Lists": TCP port 22 is open without restriction).
    """
    doubts = block.record.companions(_DEFAULT_LIST).unknown
    if doubts:
        holes = [_hole(block, _DEFAULT_ID, doubt, item) for doubt in doubts for item in Direction]
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
    certain = record.companions(_DEFAULT_LIST).certain
    return record.managed and record.shape == "terraform" and not certain


for _type in NETWORKS:
    maps(
        _type,
        to=SecurityGroup,
        when=_keeps_default_list,
        network=Derived(lambda block: Links(block, _DEFAULT_ID, targets=(block.record.address,))),
        is_default=always("it is the default list that Oracle makes with the VCN"),
        rules=Derived(_as_made),
    )

companion(_RULE, GROUPS, "network_security_group_id", "networkSecurityGroupId")
maps(
    "oci_core_network_security_group",
    to=SecurityGroup,
    network=ref("vcn_id", "vcnId", *NETWORKS),
    is_default=never("a VNIC is in no group unless it names one"),
    rules=Derived(_group_rules),
)
