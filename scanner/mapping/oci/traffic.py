"""Security lists of subnets and network security groups with their rules.

API paths are those of SecurityList and of SecurityRule, the rule of a network security group
(Core Services API).
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any, Final

from scanner.mapping.fields import Derived, never, written
from scanner.mapping.oci.reading import (
    GROUPS,
    NETWORKS,
    blocks_of,
    path_for,
    truth_at,
)
from scanner.mapping.references import ref
from scanner.mapping.registry import companion, maps
from scanner.model.network import Direction, PortRange, SecurityGroup, TrafficRule
from scanner.record import MISSING, Block, Links
from scanner.truth import known, unknown
from scanner.value import Unknown, Value

# Core Services API, IngressSecurityRule and AddSecurityRuleDetails, protocol: the word all, or a
# protocol number of IANA's list: 1 (ICMP), 6 (TCP), 17 (UDP) and 58 (ICMPv6) take options.
_BASTION: Final = "oci_bastion_bastion"
_PROTOCOLS: Final = {"all": "all", "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
_RULE: Final = "oci_core_network_security_group_security_rule"


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
        links = block.links(path, frozenset((*GROUPS, _BASTION)))
        peers = block.record.peers
        types = {peers[item].type for item in links.candidates() if item in peers}
        # The only address that a bastion has is that from which its sessions come.
        if types and types <= {*GROUPS, _BASTION} and not links.unknown:
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
    ends = _ends(block, options if written(block, nested) is MISSING else nested)
    if isinstance(ends, Value):
        return ends
    senders = _ends(block, f"{options}.{path_for(block, 'source_port_range', 'sourcePortRange')}")
    if isinstance(senders, Value):
        return senders
    note = "all ports" if ends == _ALL_PORTS else ""
    return Value(PortRange(name, *ends, *senders), block, options, note)


_ALL_PORTS: Final = (0, 65535)


def _ends(block: Block, place: str) -> tuple[int, int] | Value[Any]:
    """Read the first and last port of a range, or why they are not known."""
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
        return _ALL_PORTS
    return first or 0, last or 65535


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


def list_rules(block: Block) -> Value[Any]:
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


def group_rules(block: Block) -> Value[Any]:
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
        rules += [hole(block, path, reason, direction) for direction in Direction]
    return Value(tuple(rules), block, path)


def _directed(block: Block) -> Iterator[TrafficRule]:
    direction = block.read("direction")
    if direction in ("INGRESS", "EGRESS"):
        yield _rule(block, Direction(direction.lower()))
        return
    reason = direction.reason if isinstance(direction, Unknown) else "no direction can be read"
    for either in Direction:
        yield hole(block, "direction", reason, either)


def hole(block: Block, path: str, reason: str, direction: Direction) -> TrafficRule:
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
    rules=Derived(list_rules),
)
companion(_RULE, GROUPS, "network_security_group_id", "networkSecurityGroupId")
maps(
    "oci_core_network_security_group",
    to=SecurityGroup,
    network=ref("vcn_id", "vcnId", *NETWORKS),
    is_default=never("a VNIC is in no group unless it names one"),
    rules=Derived(group_rules),
)
