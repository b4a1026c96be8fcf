"""Interfaces drop forged source addresses."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scanner.graph.graph import Graph
from scanner.model.compute import Instance
from scanner.model.network import GatewayKind, Route, RouteTable, SourceChecked
from scanner.rule import Severity, rule
from scanner.truth import Evidence, Truth, any_of, known, unknown
from scanner.value import Unknown


def is_no_appliance(host: SourceChecked, graph: Graph) -> Truth:
    """A host that a route leads to forwards for others and cannot have the check."""
    leads = graph.remember(_targets_of_routes, None)
    interfaces = host.interfaces.candidates() if isinstance(host, Instance) else ()
    names = (host.block.record.address, *interfaces)
    found = [leads.by_name[name] for name in names if name in leads.by_name]
    return ~any_of((*found, *leads.unclear), host.fact("no route leads to it"))


class _Targets(NamedTuple):
    by_name: Mapping[str, Truth]
    unclear: Sequence[Truth]


def _targets_of_routes(_: None, graph: Graph) -> _Targets:
    """What routes lead to, and the routes of which that is not known."""
    by_name: dict[str, Truth] = {}
    unclear: list[Truth] = []
    for table in graph.of(RouteTable):
        routes = table.routes.content
        if isinstance(routes, Unknown):
            unclear.append(unknown(Evidence(table.routes.source, routes.reason)))
            continue
        for route in routes:
            certain = known(True, route.target)
            for name in route.target.candidates():
                by_name[name] = certain if name in route.target.targets else unknown(route.target)
            if route.target.unknown and _may_be_host(route):
                unclear.append(unknown(route.target))
    return _Targets(by_name, unclear)


def _may_be_host(route: Route) -> bool:
    kind = route.kind.content
    return isinstance(kind, Unknown) or kind in (GatewayKind.OTHER, GatewayKind.INTERFACE)


@rule(
    "source-check-on",
    title="Hosts that forward for nobody drop forged source addresses",
    severity=Severity.MEDIUM,
    fix="AWS: source_dest_check = true. OCI: skip_source_dest_check = false.",
    when=is_no_appliance,
)
def check(host: SourceChecked) -> Truth:
    """With the check off a compromised host can speak with any address it likes."""
    return host.source_check
