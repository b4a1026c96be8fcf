"""Builds paths of packets and the places of their hops, for the tests of drawings and wording."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.network.chain import Hop, Path
from scanner.survey import Area, Place, Role
from scanner.truth import Evidence, State
from tests.reports.scans import HOSTILE

YES, NO, UNKNOWN = State.TRUE, State.FALSE, State.UNKNOWN

MAIN = Area("network", ("aws_vpc.main",), ("10.20.0.0/16",))
DATA = Area("network", ('module.data["prod"].aws_vpc.this[0]',), ("10.30.0.0/16", "fd00::/56"))
EDGE = Area("subnet", ("aws_subnet.edge[0]", "aws_subnet.edge[1]"), ("10.20.0.0/24",))
APP = Area("subnet", ("aws_subnet.app",), ("10.20.1.0/24",))
STORE = Area("subnet", ('module.data["prod"].aws_subnet.store["eu-west-1a"]',), ("10.30.1.0/24",))
HUB = Area("hub", ("aws_ec2_transit_gateway.hub",))

PLACES: Mapping[str, Place] = {
    "aws_vpc.main": Place("network", Role.NETWORK, "aws_vpc", (MAIN,)),
    "aws_internet_gateway.main": Place(
        "internet gateway", Role.GATEWAY, "aws_internet_gateway", (MAIN,)
    ),
    "aws_network_acl.app": Place("network acl", Role.ACL, "aws_network_acl", (MAIN,)),
    "aws_network_acl.store": Place("network acl", Role.ACL, "aws_network_acl", (DATA,)),
    "aws_security_group.web": Place("security group", Role.GROUP, "aws_security_group"),
    "aws_security_group.more": Place("security group", Role.GROUP, "aws_security_group"),
    "aws_route_table.public": Place("route table", Role.TABLE, "aws_route_table", (MAIN,)),
    "aws_route_table.store": Place("route table", Role.TABLE, "aws_route_table", (DATA,)),
    "aws_instance.web": Place("instance", Role.HOST, "aws_instance", (MAIN, APP)),
    "aws_db_instance.ledger": Place("database", Role.STORE, "aws_db_instance", (DATA, STORE)),
    "aws_lb.front": Place("load balancer", Role.BALANCER, "aws_lb", (MAIN, EDGE)),
    "aws_lb_listener.https": Place("listener", Role.LISTENER, "aws_lb_listener"),
    "aws_lb_target_group.web": Place("target group", Role.TARGETS, "aws_lb_target_group"),
    "aws_cloudfront_distribution.shop": Place(
        "edge service", Role.EDGE, "aws_cloudfront_distribution"
    ),
    "aws_nat_gateway.out": Place("NAT gateway", Role.NAT, "aws_nat_gateway", (MAIN, EDGE)),
    "aws_vpc_peering_connection.joint": Place(
        "peering", Role.PEERING, "aws_vpc_peering_connection"
    ),
    "aws_ec2_transit_gateway_vpc_attachment.main": Place(
        "hub attachment", Role.ATTACHMENT, "aws_ec2_transit_gateway_vpc_attachment", (HUB,)
    ),
    "aws_ec2_transit_gateway_vpc_attachment.data": Place(
        "hub attachment", Role.ATTACHMENT, "aws_ec2_transit_gateway_vpc_attachment", (HUB,)
    ),
    "aws_ec2_transit_gateway_route_table.spokes": Place(
        "hub route table", Role.HUB_TABLE, "aws_ec2_transit_gateway_route_table", (HUB,)
    ),
    "aws_vpn_connection.office": Place("hybrid link", Role.LINK, "aws_vpn_connection"),
}


def where(node: str) -> Place | None:
    return PLACES.get(node)


def hop(
    code: str,
    node: str,
    action: str,
    text: str,
    state: State = YES,
    packets: str = "tcp 443 from any address",
    *facts: str,
    reply: bool = False,
) -> Hop:
    shown = "nothing" if state is NO else packets
    evidence = tuple(Evidence(f"{node}.path", item) for item in facts)
    return Hop(code, node, action, text, state, shown, evidence, reply)


def make_path(*hops: Hop, state: State | None = None) -> Path:
    states = {item.state for item in hops}
    found = state or (NO if NO in states else UNKNOWN if UNKNOWN in states else YES)
    forward = [item for item in hops if not item.reply]
    packets = "nothing" if found is NO else forward[-2].packets if len(forward) > 1 else ""
    return Path(hops[0].node, forward[-1].node, found, packets, hops)


def begin(node: str, packets: str = "tcp 443 from any address") -> Hop:
    return hop("", node, "source", f"from {node}", YES, packets)


def arrive(node: str) -> Hop:
    return hop("", node, "deliver", f"to {node}", YES, "")


IGW = hop("NET-IGW", "aws_internet_gateway.main", "gateway", "internet gateway")
PUBLIC = hop("NET-ADDR", "aws_instance.web", "address", "it has a public address")
ADMITS = hop("NET-SG-IN", "aws_security_group.web", "filter", "allows tcp 443 from 0.0.0.0/0")
ANSWERS = hop("NET-PORT", "aws_instance.web", "service", "it answers")
BACK = hop(
    "NET-RET", "aws_route_table.public", "route",
    "the reply: route 0.0.0.0/0 to aws_internet_gateway.main, internet gateway", reply=True,
)  # fmt: skip

DIRECT = make_path(
    begin("internet"),
    PUBLIC,
    IGW,
    hop("NET-NACL-IN", "aws_network_acl.app", "filter", "entry 100: allows tcp 443"),
    ADMITS,
    hop("NET-SG-IN", "aws_security_group.more", "filter", "allows tcp 443 from 0.0.0.0/0"),
    ANSWERS,
    arrive("aws_instance.web"),
    BACK,
    hop("NET-NACL-RET", "aws_network_acl.app", "filter", "the reply: entry 100", reply=True),
)
STOPPED = make_path(
    begin("internet", "tcp 22 from any address"),
    hop("NET-ADDR", "aws_instance.web", "address", "it has no public address", NO, "",
        "associate_public_ip_address: false"),
    hop("NET-IGW", "aws_vpc.main", "gateway", "no internet gateway that is on is attached", NO),
    hop("NET-SG-IN", "aws_security_group.web", "filter", "no rule allows it", NO),
    hop("NET-PORT", "aws_instance.web", "service", "it answers on 8443", NO),
    arrive("aws_instance.web"),
    hop("NET-RET", "aws_route_table.public", "route", "the reply has no route back", NO,
        reply=True),
)  # fmt: skip
OPEN_QUESTION = make_path(
    begin("internet"),
    hop("NET-ADDR", "aws_instance.web", "address", "it has a public address", UNKNOWN,
        "tcp 443 from any address", "known after apply"),
    IGW,
    hop("NET-SG-IN", "aws_security_group.web", "filter", "a rule may allow it", UNKNOWN,
        "tcp 443 from any address", "known after apply"),
    ANSWERS,
    arrive("aws_instance.web"),
    hop("NET-RET", "aws_route_table.public", "route", "the reply: several routes", UNKNOWN,
        reply=True),
)  # fmt: skip
ONWARD = "tcp 8443 from 10.20.0.0/24"
BALANCED = make_path(
    begin("internet"),
    hop("NET-LB-SCHEME", "aws_lb.front", "address", "it faces the internet"),
    IGW,
    ADMITS,
    hop("NET-PORT", "aws_lb.front", "service", "it answers"),
    hop("NET-LB-LISTENER", "aws_lb_listener.https", "balancer", "forwards what comes to its port"),
    hop("NET-LB-TARGET", "aws_lb_target_group.web", "balancer", "sends it on"),
    hop("NET-SG-OUT", "aws_security_group.web", "filter", "allows all protocols", YES, ONWARD),
    hop("NET-RTB", "aws_route_table.public", "route", "route local: 10.20.0.0/16", YES, ONWARD),
    hop("NET-SG-IN", "aws_security_group.more", "filter", "allows tcp 8443", YES, ONWARD),
    hop("NET-PORT", "aws_instance.web", "service", "it answers", YES, ONWARD),
    arrive("aws_instance.web"),
    BACK,
    hop("NET-RET", "aws_route_table.public", "route", "the reply: route local", YES, ONWARD,
        reply=True),
)  # fmt: skip
SHOP = "aws_cloudfront_distribution.shop"
THROUGH_EDGE = make_path(
    begin("internet", "all protocols from any address"),
    hop("NET-EDGE", SHOP, "service", "answers the internet"),
    hop("NET-ALLOWLIST", SHOP, "filter", "callers must be in its list", UNKNOWN),
    hop("NET-PORT", SHOP, "service", "it answers on 443"),
    hop("NET-EDGE", SHOP, "service", "sends it on to aws_lb.front"),
    hop("NET-LB-SCHEME", "aws_lb.front", "address", "it faces the internet"),
    IGW,
    ADMITS,
    hop("NET-PORT", "aws_lb.front", "service", "it answers"),
    hop("NET-LB-LISTENER", "aws_lb_listener.https", "balancer", "forwards what comes to its port"),
    hop("NET-LB-TARGET", "aws_lb_target_group.web", "balancer", "sends it on"),
    hop("NET-SG-IN", "aws_security_group.more", "filter", "allows tcp 8443", YES, ONWARD),
    arrive("aws_instance.web"),
    BACK,
)
INNER = "tcp 5432 from 10.20.1.0/24"
PEERED = make_path(
    begin("aws_instance.web", INNER),
    hop("NET-SG-OUT", "aws_security_group.web", "filter", "allows tcp 5432", YES, INNER),
    hop("NET-NACL-OUT", "aws_network_acl.app", "filter", "entry 100", YES, INNER),
    hop("NET-RTB", "aws_route_table.public", "route", "route 10.30.0.0/16", YES, INNER),
    hop("NET-PCX", "aws_vpc_peering_connection.joint", "gateway", "peering", YES, INNER),
    hop("NET-PCX", "aws_vpc_peering_connection.joint", "gateway", "delivered within", YES, INNER),
    hop("NET-NACL-IN", "aws_network_acl.store", "filter", "entry 100", YES, INNER),
    hop("NET-SG-IN", "aws_security_group.more", "filter", "allows tcp 5432", YES, INNER),
    hop("NET-PORT", "aws_db_instance.ledger", "service", "it answers on 5432", YES, INNER),
    arrive("aws_db_instance.ledger"),
    hop("NET-RET", "aws_route_table.store", "route", "the reply: 10.20.0.0/16", YES, INNER,
        reply=True),
    hop("NET-NACL-RET", "aws_network_acl.store", "filter", "the reply: entry 100", YES, INNER,
        reply=True),
    hop("NET-NACL-RET", "aws_network_acl.app", "filter", "the reply: no entry allows it", NO,
        reply=True),
)  # fmt: skip
_HERE = "aws_ec2_transit_gateway_vpc_attachment.main"
_THERE = "aws_ec2_transit_gateway_vpc_attachment.data"
_SPOKES = "aws_ec2_transit_gateway_route_table.spokes"
TRANSIT = make_path(
    begin("aws_instance.web", INNER),
    hop("NET-SG-OUT", "aws_security_group.web", "filter", "allows tcp 5432", YES, INNER),
    hop("NET-RTB", "aws_route_table.public", "route", "route 10.30.0.0/16", YES, INNER),
    hop("NET-TGW-AZ", _HERE, "gateway", "leaves by the attachment of its zone", YES, INNER),
    hop("NET-TGW-ASSOC", _HERE, "gateway", "enters the hub", YES, INNER),
    hop("NET-TGW-RTB", _SPOKES, "route", "route 10.30.0.0/16", YES, INNER),
    hop("NET-TGW-RTB", _THERE, "gateway", "leaves the hub", YES, INNER),
    hop("NET-RTB", "aws_route_table.store", "route", "route local", YES, INNER),
    hop("NET-SG-IN", "aws_security_group.more", "filter", "allows tcp 5432", YES, INNER),
    arrive("aws_db_instance.ledger"),
    hop("NET-RET", "aws_route_table.store", "route", "the reply: 10.20.0.0/16", YES, INNER,
        reply=True),
    hop("NET-RET", _SPOKES, "route", "the reply: 10.20.0.0/16", YES, INNER, reply=True),
)  # fmt: skip
OUTWARD = make_path(
    begin("aws_instance.web", "all protocols from 10.20.1.0/24"),
    hop("NET-SG-OUT", "aws_security_group.web", "filter", "allows all protocols"),
    hop("NET-RTB", "aws_route_table.public", "route", "route 0.0.0.0/0 to aws_nat_gateway.out"),
    hop("NET-NAT", "aws_nat_gateway.out", "gateway", "NAT gateway"),
    hop("NET-RTB", "aws_route_table.public", "route", "route 0.0.0.0/0"),
    IGW,
    arrive("internet"),
)
HYBRID = make_path(
    begin("onprem", "tcp 22 from 192.168.0.0/16"),
    hop("NET-VPN", "aws_vpn_connection.office", "gateway", "enters by the office"),
    hop("NET-UNKNOWN", "aws_instance.web", "unknown", "where it stands", UNKNOWN),
    ADMITS,
    arrive("aws_instance.web"),
)
CROWDED = make_path(
    begin("10.0.0.0/8"),
    *(hop("NET-SG-IN", f"aws_security_group.g[{n}]", "filter", f"rule {n}") for n in range(30)),
    arrive("somewhere"),
    *(hop("NET-RET", f"aws_route_table.t[{n}]", "route", f"route {n}", reply=True)
      for n in range(9)),
)  # fmt: skip
STRANGE = make_path(
    begin(HOSTILE[0], HOSTILE[6]),
    *(
        hop(f"X-{n}", text, text, text, (YES, UNKNOWN, NO)[n % 3], text, text, text)
        for n, text in enumerate(HOSTILE)
    ),
    hop("NET-UNKNOWN", "", "unknown", "", UNKNOWN, ""),
    arrive(HOSTILE[2]),
    *(hop("NET-RET", text, "route", text, NO, reply=True) for text in HOSTILE),
)
SHORTEST = make_path(begin("aws_instance.web"), arrive("aws_instance.web"))

PATHS: Mapping[str, Path] = {
    "direct": DIRECT,
    "stopped": STOPPED,
    "open-question": OPEN_QUESTION,
    "balanced": BALANCED,
    "through-edge": THROUGH_EDGE,
    "peered": PEERED,
    "transit": TRANSIT,
    "outward": OUTWARD,
    "hybrid": HYBRID,
    "crowded": CROWDED,
    "strange": STRANGE,
    "shortest": SHORTEST,
}
