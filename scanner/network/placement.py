"""Whether a subnet is private: decided by the route table in force, not by its name or flags.

AWS: VPC User Guide, "Route tables": a subnet uses the table it is explicitly associated with, else
the main route table of its VPC.  OCI: Networking documentation, "VCN Route Tables": a subnet uses
the table it names, else the default one of its VCN.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network

from scanner.graph.graph import Graph
from scanner.model.compute import Placed
from scanner.model.network import Gateway, GatewayKind, Network, Route, RouteTable, Subnet
from scanner.truth import Evidence, Truth, all_of, any_of, known, one_answer, unknown
from scanner.value import Unknown


def in_private_subnets(placed: Placed, graph: Graph) -> Truth:
    """Whether every subnet that the resource is placed in is private."""
    return graph.every(placed.subnets, Subnet, lambda subnet: is_private(subnet, graph))


def is_private(subnet: Subnet, graph: Graph) -> Truth:
    """Whether no route of the table in force leads public addresses to an internet gateway."""
    return graph.remember(_is_private, subnet)


def _is_private(subnet: Subnet, graph: Graph) -> Truth:
    named = subnet.route_tables
    if named.is_empty:
        fact = Evidence(subnet.address, "names no route table: the main one of its network rules")
        return _main_is_closed(subnet, graph).because(fact)
    explicit = graph.every(named, RouteTable, lambda table: _closed(table, graph))
    if named.targets or named.one_of:
        return explicit
    # It may name a table or not: both answers must agree.
    return one_answer((explicit, _main_is_closed(subnet, graph)))


def _main_is_closed(subnet: Subnet, graph: Graph) -> Truth:
    """Whether the main table of the subnet's network leads nowhere public."""

    def closed(network: Network) -> Truth:
        tables = graph.referrers(network, RouteTable, "network")
        verdicts = []
        for referrer in tables:
            table = referrer.resource
            assert isinstance(table, RouteTable)
            if table.is_main.is_false:
                continue
            verdict = _closed(table, graph)
            certain = referrer.certain and table.is_main.is_true
            verdicts.append(
                verdict if certain else unknown(Evidence(table.address, "it may be the main table"))
            )
        if verdicts:
            return all_of(verdicts)
        if not network.managed:
            fact = "its main route table is not in what was read"
            return unknown(Evidence(network.address, fact))
        if not network.is_default.is_false:
            # VPC User Guide, "Default VPCs": its main table is made with a route for 0.0.0.0/0 to
            # the internet gateway that is made with it.
            fact = "a default VPC is made with a main route table that leads to the internet"
            return ~network.is_default.because(Evidence(network.address, fact))
        # A main table that nothing declares has only the local route it was made with.
        fact = "its main route table is not declared, hence as the provider makes it: local only"
        return graph.absent(known(True, Evidence(network.address, fact)), network)

    return graph.every(subnet.network, Network, closed)


def _closed(table: RouteTable, graph: Graph) -> Truth:
    """Whether no active route leads public addresses to an internet gateway."""
    return graph.remember(_judge_routes, table)


def _judge_routes(table: RouteTable, graph: Graph) -> Truth:
    routes = table.routes.content
    if isinstance(routes, Unknown):
        return unknown(Evidence(table.routes.source, routes.reason))
    fact = Evidence(table.address, "no route to an internet gateway")
    return ~any_of((_leads_out(route, graph) for route in routes), fact)


def _leads_out(route: Route, graph: Graph) -> Truth:
    return (
        route.destination.test(is_public)
        & (route.kind.equals(GatewayKind.INTERNET) | _is_internet_gateway(route, graph))
        & route.active
    )


def _is_internet_gateway(route: Route, graph: Graph) -> Truth:
    """Whether the target is an enabled internet gateway, where the target's own kind tells."""
    if isinstance(route.kind.content, GatewayKind) and route.kind.content is not GatewayKind.OTHER:
        return route.kind.equals(GatewayKind.INTERNET)
    return graph.some(
        route.target,
        Gateway,
        lambda gateway: gateway.kind.equals(GatewayKind.INTERNET) & gateway.enabled,
    )


@lru_cache(maxsize=65536)
def is_public(destination: str) -> bool:
    """Whether an address range holds public addresses; a label such as a prefix list does not."""
    network = parse_range(destination)
    return network is not None and not _is_reserved(network)


@lru_cache(maxsize=65536)
def parse_range(text: str) -> IPv4Network | IPv6Network | None:
    """Read an address range; None for anything else."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def _is_reserved(network: IPv4Network | IPv6Network) -> bool:
    """Whether all of a range is private by RFC 1918, RFC 6598, RFC 4193 or link-local."""
    if isinstance(network, IPv4Network):
        return any(network.subnet_of(block) for block in _PRIVATE_V4)
    return any(network.subnet_of(block) for block in _PRIVATE_V6)


_PRIVATE_V4 = tuple(
    IPv4Network(text)
    for text in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "127.0.0.0/8",
    )
)
_PRIVATE_V6 = (IPv6Network("fc00::/7"), IPv6Network("fe80::/10"), IPv6Network("::1/128"))
