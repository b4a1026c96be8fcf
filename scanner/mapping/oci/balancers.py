"""Load balancers of both layers, and the firewalls before them.

API paths are those of LoadBalancer (Load Balancing API), NetworkLoadBalancer (Network Load Balancer
API) and WebAppFirewall (WAF API).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.fields import Constant, Derived, NotApplicable, flag, is_not, never, written
from scanner.mapping.oci.balancer_parts import BALANCERS, NETWORK_BALANCER
from scanner.mapping.oci.reading import blocks_of, groups, path_for, subnets
from scanner.mapping.references import ref
from scanner.mapping.registry import maps
from scanner.model.edge import LoadBalancer, WebFirewall
from scanner.record import MISSING, Block
from scanner.value import Unknown, Value

_LOGGED: Final = never("it has no log setting of its own: the Logging service has")
_HEADERS: Final = NotApplicable("OCI load balancers have no such switch")
_DETAILS: Final = ("ip_address_details", "ip_addresses")


def _given(block: Block) -> dict[str, None]:
    """Read the private addresses that Oracle has given, once the balancer exists."""
    found: dict[str, None] = {}
    for name in _DETAILS if block.record.shape == "terraform" else ("ipAddresses",):
        items = block.read(name)
        for item in items if isinstance(items, list) else ():
            if not isinstance(item, dict):
                continue
            public = item.get(path_for(block, "is_public", "isPublic"))
            address = item.get(path_for(block, "ip_address", "ipAddress"))
            if public is False and isinstance(address, str):
                found[address] = None
    return found


def _addresses(block: Block) -> Value[tuple[str, ...]]:
    """Read the private addresses; a network load balancer may be told which one to take.

    Network Load Balancer API, CreateNetworkLoadBalancerDetails, assignedPrivateIpv4; reservedIps
    may be public or private ones.
    """
    path = path_for(block, "assigned_private_ipv4", "assignedPrivateIpv4")
    own = written(block, path)
    if isinstance(own, Unknown):
        return Value(own, block, path)
    found = _given(block)
    if isinstance(own, str) and own:
        found[own] = None
    reserved = blocks_of(block, path_for(block, "reserved_ips", "reservedIps"))
    for item in reserved if not isinstance(reserved, Unknown) else ():
        links = item.links("id", frozenset({"oci_core_private_ip", "oci_core_public_ip"}))
        for address in links.targets:
            peer = block.record.peers.get(address)
            if peer is None or peer.type != "oci_core_private_ip":
                continue
            text = written(peer.block, "ip_address")
            if isinstance(text, str) and text:
                found[text] = None
            elif text is not MISSING:
                return Value(
                    Unknown(f"the address of {address} is not known"), block, "reserved_ips"
                )
    return Value(tuple(found), block, path, "" if found else "Oracle chooses the address")


for _type in BALANCERS:
    maps(
        _type,
        to=LoadBalancer,
        subnets=subnets("subnet_ids", "subnetIds"),
        security_groups=groups("network_security_group_ids", "networkSecurityGroupIds"),
        addresses=Derived(_addresses),
        internet_facing=is_not("is_private", "isPrivate"),
        layer=Constant("application"),
        deletion_protected=flag("is_delete_protection_enabled", "isDeleteProtectionEnabled"),
        access_logged=_LOGGED,
        drops_invalid_headers=_HEADERS,
    )

maps(
    NETWORK_BALANCER,
    to=LoadBalancer,
    subnets=subnets("subnet_id", "subnetId"),
    security_groups=groups("network_security_group_ids", "networkSecurityGroupIds"),
    addresses=Derived(_addresses),
    internet_facing=is_not("is_private", "isPrivate"),
    layer=Constant("network"),
    deletion_protected=NotApplicable("OCI network load balancers have no protection to switch on"),
    access_logged=NotApplicable("OCI network load balancers write no access logs"),
    drops_invalid_headers=_HEADERS,
)

maps(
    "oci_waf_web_app_firewall",
    to=WebFirewall,
    protects=ref("load_balancer_id", "loadBalancerId", *BALANCERS),
)
