"""What the codes of hops say: why something stops a packet, in one sentence each.

A hop bears its code whether it lets packets through or not; the sentence holds where it does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CODES: Final[Mapping[str, str]] = {
    "NET-ADDR": "It has no address that the other end could name: no public one, or none of that "
    "family.",
    "NET-IGW": "No internet gateway that is on is attached to the network.",
    "NET-BPA": "A switch of the account and region blocks traffic with the internet (AWS VPC Block "
    "Public Access).",
    "NET-RTB": "No route of the table in force leads there.",
    "NET-BLACKHOLE": "The route that decides drops what it decides.",
    "NET-RET": "The reply has no route back.",
    "NET-EDGE-RTB": "The gateway's own route table sends what comes in to something else.",
    "NET-NACL-OUT": "A network ACL denies the request as it leaves the subnet of the source.",
    "NET-NACL-IN": "A network ACL denies the request as it enters the subnet of the target.",
    "NET-NACL-RET": "A network ACL denies the reply; ACLs are stateless.",
    "NET-SG-OUT": "No rule of the source's security groups lets it out (AWS).",
    "NET-SG-IN": "No rule of the target's security groups lets it in (AWS).",
    "OCI-SEC-OUT": "No rule of the source's security lists or network security groups lets it out.",
    "OCI-SEC-IN": "No rule of the target's security lists or network security groups lets it in.",
    "OCI-STATELESS-RET": "A stateless rule lets it through, and no rule lets the reply through.",
    "NET-PCX": "The peering is not active, or the address is outside of the peered network (AWS).",
    "OCI-LPG": "The local peering is not active, or the address is outside of the peered network.",
    "NET-TGW-ASSOC": "The network is not attached to the hub, or no route table of the hub rules "
    "the attachment.",
    "NET-TGW-RTB": "No route of the hub leads there (AWS transit gateway).",
    "NET-TGW-AZ": "The attachment has no subnet in the zone that the packet leaves from.",
    "OCI-DRG": "No route table of the dynamic routing gateway rules the attachment, or none of its "
    "routes leads there.",
    "OCI-ZPR": "It bears a label of zero trust packet routing, whose policies are not read.",
    "NET-NAT": "The way is a NAT or egress-only gateway, which lets nothing in unasked, or it "
    "is switched off.",
    "NET-VPN": "Nothing behind the VPN or the dedicated line has such an address.",
    "NET-LB-SCHEME": "The load balancer is internal.",
    "NET-LB-LISTENER": "No listener forwards there, or not from this address or on this port.",
    "NET-LB-TARGET": "It is not among the targets.",
    "NET-EDGE": "The edge service does not answer the internet, or does not send on to it.",
    "NET-ENDPOINT": "The endpoint that the provider runs is off.",
    "NET-ALLOWLIST": "The caller is not in the list of allowed addresses.",
    "NET-PORT": "Nothing listens on that port.",
    "NET-MIDDLEBOX": "An appliance stands in the way; what it lets through is not modelled, hence "
    "not known.",
    "NET-UNKNOWN": "A fact is not known.",
    "NET-WIDENED": "There are more rules than are followed one by one; what passes is not known "
    "exactly.",
}
