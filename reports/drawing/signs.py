"""Chooses the sign and the words by which a reader knows what stands on the way."""

from __future__ import annotations

import re
from typing import Final

from reports.drawing.gather import Draft
from reports.drawing.stand import IN, OUT
from scanner.survey import Place, Role

_ADDRESSES: Final = re.compile(r"[0-9a-fA-F.:/]+(( to |, )[0-9a-fA-F.:/]+)*")
WORDS: Final = {
    "NET-ADDR": ("address", "address"),
    "NET-IGW": ("gateway", "gateway"),
    "NET-BPA": ("block", "block"),
    "NET-RTB": ("table", "route"),
    "NET-BLACKHOLE": ("table", "drop"),
    "NET-RET": ("table", "route"),
    "NET-EDGE-RTB": ("table", "route"),
    "NET-NACL-OUT": ("acl", "ACL"),
    "NET-NACL-IN": ("acl", "ACL"),
    "NET-NACL-RET": ("acl", "ACL"),
    "NET-SG-OUT": ("group", "group"),
    "NET-SG-IN": ("group", "group"),
    "OCI-SEC-OUT": ("group", "rules"),
    "OCI-SEC-IN": ("group", "rules"),
    "OCI-STATELESS-RET": ("group", "rules"),
    "NET-PCX": ("peering", "peering"),
    "OCI-LPG": ("peering", "peering"),
    "NET-TGW-ASSOC": ("attachment", "attached"),
    "NET-TGW-RTB": ("table", "hub route"),
    "NET-TGW-AZ": ("attachment", "zone"),
    "OCI-DRG": ("table", "hub route"),
    "NET-NAT": ("nat", "NAT"),
    "NET-VPN": ("link", "link"),
    "NET-LB-SCHEME": ("address", "scheme"),
    "NET-LB-LISTENER": ("listener", "listener"),
    "NET-LB-TARGET": ("targets", "targets"),
    "NET-EDGE": ("edge", "service"),
    "NET-ENDPOINT": ("port", "endpoint"),
    "NET-ALLOWLIST": ("acl", "callers"),
    "NET-PORT": ("port", "port"),
    "NET-STATE": ("block", "state"),
    "NET-MIDDLEBOX": ("endpoint", "appliance"),
}
BY_ROLE: Final = {
    Role.ATTACHMENT: ("attachment", "attached"),
    Role.HUB_TABLE: ("table", "hub route"),
}


def sign(draft: Draft, known: Place | None) -> tuple[str, str]:
    """Give the sign of a station, and the words below it."""
    hop = draft.hop
    if draft.box:
        if hop.code == "NET-MIDDLEBOX":
            return "endpoint", "appliance"
        if known is not None:
            icon = "host" if known.role in (Role.SUBNET, Role.OTHER) else known.role.value
            word = "any host in" if known.role is Role.SUBNET else known.word
            return icon, word
        if hop.node == "internet":
            return "internet", ""
        if hop.node == "onprem":
            return "site", "own sites"
        return ("addresses", "") if _ADDRESSES.fullmatch(hop.node) else ("host", "")
    if hop.code == "NET-UNKNOWN" or hop.action == "unknown":
        return "unknown", "not known"
    if (
        known is not None
        and known.role in BY_ROLE
        and len({item.code for item in draft.hops} - {"NET-TGW-AZ"})
    ):
        return BY_ROLE[known.role]
    if (
        hop.action == "filter"
        and hop.code in OUT | IN
        and (known is not None and known.role is not Role.GROUP)
    ):
        return "group", "no group"
    if hop.action == "filter" and known is not None and known.word == "security list":
        return "group", "list"
    return WORDS.get(hop.code, ("unknown", hop.action))


def label_of(address: str, type: str) -> str:
    """Give the short form of an address: modules and name, without the words between them."""
    head, found, tail = address.partition(f"{type}.") if type else ("", "", "")
    if not found:
        return address
    modules = [part for part in head.split(".") if part and part != "module"]
    return ".".join((*modules, tail)) if tail else address
