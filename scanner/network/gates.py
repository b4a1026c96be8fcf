"""Makes the gates that are the same on every way: ACLs, groups, addresses, ports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.graph.graph import Graph
from scanner.model.base import Inapplicable, Resource
from scanner.model.compute import Cluster
from scanner.model.data import DataStore
from scanner.model.edge import (
    LoadBalancer,
)
from scanner.model.network import (
    Direction,
    ZeroTrustLabels,
)
from scanner.network.addresses import Addresses
from scanner.network.chain import (
    Gate,
    Tell,
    Told,
    from_truth,
    plainly,
)
from scanner.network.fabric import Interface, Sub
from scanner.network.filters import AclsInForce, Bundle, OtherEnd
from scanner.network.packets import (
    OPEN,
    TCP,
    UNSURE,
    Packets,
    Pair,
    box,
    certain,
    either,
    from_sources,
)
from scanner.network.way import Way
from scanner.truth import Evidence, State, Truth, known
from scanner.value import Unknown, Value


def acl_gates(code: str, acls: AclsInForce, direction: Direction, reply: bool) -> Iterator[Gate]:
    """Give the gate of the ACL in force, for a request or for its reply."""
    pair = acls.pair(direction)
    if pair is OPEN or (not acls.acls and not acls.reasons):
        return
    if reply:
        pair = pair.reply()

    def tell(packets: Packets, state: State) -> Told:
        asked = packets.reply() if reply else packets
        found = [
            (acl.name, clause) for acl in acls.acls for clause in acl.deciding(direction, asked)
        ]
        name = acls.acls[0].name if acls.acls else "the network ACL"
        if state is State.TRUE:
            sure = [item for _, item in found if item.allows and item.must & asked]
            text = str(sure[0]) if sure else str(found[0][1]) if found else "passes"
            return Told(f"{'the reply: ' if reply else ''}{text}", (), (name,))
        if state is State.FALSE:
            denials = [clause for _, clause in found if clause.allows is False]
            text = str(denials[0]) if denials else "no entry allows it"
            return Told(f"{'the reply: ' if reply else ''}{text}", (), (name,))
        doubts = [*acls.reasons]
        for acl in acls.acls:
            doubts += acl.doubts(direction, asked)
        if len(acls.acls) > 1:
            doubts.append(Evidence(name, "which ACL is in force is not known"))
        return Told("it may deny it", tuple(dict.fromkeys(doubts))[:6], (name,))

    node = acls.acls[0].name if acls.acls else "the network ACL"
    yield Gate(code, node, "filter", pair, tell, reply)


def entry_pair(enters: Sequence[Sub], sub: Sub) -> Pair:
    """Give what the ACLs let into a subnet, by one of the subnets of a hub's attachment.

    Amazon VPC Transit Gateways, "How network ACLs work with transit gateways": for what comes from
    the hub, the outbound rules of the attachment's subnet and the inbound ones of the target's are
    evaluated; neither if both are the same subnet.
    """
    if not enters:
        return sub.acls.inward
    return either(OPEN if door is sub else door.acls.outward & sub.acls.inward for door in enters)


def entry_gates(enters: Sequence[Sub], sub: Sub) -> Iterator[Gate]:
    """Give the gate of the ACLs at the entrance of a subnet."""
    pair = entry_pair(enters, sub)
    if pair is OPEN:
        return
    ruled = next((item for item in (sub, *enters) if item.acls.acls or item.acls.reasons), None)
    if ruled is None:
        return
    for gate in acl_gates("NET-NACL-IN", ruled.acls, Direction.INGRESS, reply=False):
        yield gate._replace(pair=pair)


def telling_filter(bundle: Bundle, direction: Direction, other: OtherEnd) -> Tell:
    """Tell which rules admit packets."""

    def tell(packets: Packets, state: State) -> Told:
        if bundle.open_to_all:
            return Told("no group protects it: all traffic passes")
        if state is State.FALSE:
            names = ", ".join(bundle.names[:4]) or "it has no group"
            return Told(f"no rule allows it: {names}", (), bundle.names[:4])
        found = list(bundle.deciding(direction, other, packets, state is State.TRUE))
        if state is State.TRUE:
            text = "; ".join(dict.fromkeys(map(str, found[:3])))
            return Told(text or "allowed", (), tuple(dict.fromkeys(c.owner for c in found[:3])))
        doubts = tuple(dict.fromkeys(bundle.doubts(direction, other, packets)))[:6]
        return Told("a rule may allow it", doubts, tuple(dict.fromkeys(c.owner for c in found[:3])))

    return tell


def telling_replies(bundle: Bundle, direction: Direction, other: OtherEnd) -> Tell:
    """Tell which rules let replies back."""
    opposite = Direction.EGRESS if direction is Direction.INGRESS else Direction.INGRESS

    def tell(packets: Packets, state: State) -> Told:
        if state is State.FALSE:
            fact = "the reply: a stateless rule lets it through, and none lets the reply back"
            return Told(fact, (), bundle.names[:4])
        asked = packets.reply()
        if state is State.TRUE:
            found = list(bundle.deciding(opposite, other, asked, certainly=True))
            text = str(found[0]) if found else "the connection is tracked"
            nodes = (found[0].owner,) if found else bundle.names[:1]
            return Told(f"the reply: {text}", (), nodes)
        doubts = tuple(
            dict.fromkeys(
                (*bundle.doubts(opposite, other, asked), *bundle.doubts(direction, other, packets))
            )
        )
        return Told("the reply: a rule may let it back", doubts[:6], bundle.names[:1])

    return tell


def telling_ways(ways: Sequence[Way], denied: str) -> Tell:
    """Tell by which route replies go."""

    def tell(packets: Packets, state: State) -> Told:
        if state is State.FALSE:
            return Told(denied)
        asked = packets.reply()
        for way in ways:
            pair = way.pair
            held = pair.must if state is State.TRUE else pair.may
            if held & asked:
                told = [gate.tell(asked, state) for gate in way.gates]
                text = ", ".join(item.text for item in told if item.text) or "within the network"
                nodes = tuple(gate.node for gate in way.gates if gate.action == "route")
                evidence = tuple(fact for item in told for fact in item.evidence)
                return Told(f"the reply: {text}", evidence, nodes[:3])
        return Told("the reply: several routes")

    return tell


def addressed(interface: Interface, public: Truth) -> Gate:
    """Make the gate of the public address of an interface."""
    if isinstance(interface.owner, Cluster):
        return from_truth(
            "NET-ENDPOINT", interface.name, "address", public,
            "its endpoint has a public address", "its endpoint has no public address",
        )  # fmt: skip
    if isinstance(interface.owner, LoadBalancer):
        return from_truth(
            "NET-LB-SCHEME", interface.name, "address", public,
            "it faces the internet", "the balancer is internal",
        )  # fmt: skip
    return from_truth(
        "NET-ADDR", interface.name, "address", public,
        "it has a public address", "it has no public address",
    )  # fmt: skip


def keeps_track(owner: Resource) -> bool:
    """Whether whatever it sends counts as tracked.

    OCI Network Load Balancer documentation, "Network Load Balancer Management": the security
    rules of backends are taken as stateful, whatever they say.
    """
    return (
        isinstance(owner, LoadBalancer)
        and owner.provider != "aws"
        and owner.layer.content == "network"
    )


def labels(interface: Interface, graph: Graph) -> Iterator[Gate]:
    """Give the gate of zero trust packet routing, whose policies are not read (OCI ZPR).

    OCI documentation, "Zero Trust Packet Routing": what bears a security attribute is reached only
    if a policy says so, beside lists and groups.
    """
    found = graph.at(interface.face.block.record.address, ZeroTrustLabels)
    if found is None or found.guarded.is_false:
        return
    why = Evidence(found.address, "policies of zero trust packet routing are not read")
    yield Gate("OCI-ZPR", interface.name, "filter", UNSURE, plainly(why.fact, why))


def unread(interface: Interface) -> Gate:
    """Make the gate of an interface of which it is not known where it stands."""
    fact = interface.doubt or "its network was not read"
    why = Evidence(interface.name, fact)
    return Gate("NET-UNKNOWN", interface.name, "unknown", UNSURE,
                lambda packets, state: Told("where it stands is not known", (why,)))  # fmt: skip


def towards(addresses: Addresses) -> Packets:
    """Give all packets to these addresses."""
    return Packets(tuple(box(destination=item) for item in addresses.intervals))


def sure_or(sure: bool, text: str, node: str) -> Tell:
    """Tell a text, and that it is not certain where it is not."""
    told = Told(text, () if sure else (Evidence(node, "it is not certain"),))
    return lambda packets, state: told


def known_or(text: str, *values: Value[int] | Value[tuple[str, ...]]) -> Tell:
    """Tell a text, and which of these values are missing."""
    doubts = tuple(
        fact for value in values if isinstance(value.content, Unknown) for fact in value.testify()
    )
    return lambda packets, state: Told(text, doubts)


def has_endpoint(store: DataStore) -> Truth:
    """Whether it has a public endpoint, even one that admits named addresses only."""
    ranges = store.public_ranges
    return store.publicly_accessible | (
        known(True, ranges) if ranges.known_or(()) else store.publicly_accessible
    )


def told_if_open(text: str, doubts: tuple[Evidence, ...]) -> Tell:
    """Tell a text, and what was read where packets do not certainly pass."""
    return lambda packets, state: Told(text, () if state is State.TRUE else doubts)


def allow_list(node: str, ranges: Value[tuple[str, ...]]) -> Gate:
    """Make the gate of a list of addresses that may call; an empty one lets everybody in."""
    content = ranges.content
    if isinstance(content, Unknown):
        pair = UNSURE
    elif not content:
        pair = OPEN
    else:
        pair = certain(from_sources(Addresses.read(content)))
    doubts = tuple(ranges.testify())
    text = "everybody may call" if pair is OPEN else "callers must be in its list of addresses"
    return Gate("NET-ALLOWLIST", node, "filter", pair, told_if_open(text, doubts))


def ports_of(resource: Resource) -> tuple[int, ...] | None:
    """Give the ports where it answers; None where that is not known."""
    if isinstance(resource, (DataStore, Cluster)):
        try:
            content = resource.ports.content
        except Inapplicable:
            return None
        return None if isinstance(content, Unknown) else content or None
    return None


def listens(node: str, ports: tuple[int, ...] | None) -> Gate:
    """Make the gate of the ports where something answers; None where that is not known."""
    if ports is None:
        return Gate("NET-PORT", node, "service", OPEN, plainly("it answers"))
    pair = certain(Packets(tuple(box(protocol=(TCP, TCP), port=(item, item)) for item in ports)))
    shown = ", ".join(map(str, ports))
    return Gate("NET-PORT", node, "service", pair, _only_on(shown))


def _only_on(ports: str) -> Tell:
    return lambda packets, state: Told(
        f"it answers on {ports}{' only' if state is State.FALSE else ''}"
    )
