"""Hosts are administered through a bastion or not at all."""

from scanner.graph.graph import Graph
from scanner.model.compute import Workload
from scanner.network.administration import closed_to_strangers, kin, only_by_doors, services
from scanner.network.placement import is_placed
from scanner.network.traffic import ADMIN_PORTS
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "administration-only-through-bastion",
    title="Only bastions, client VPNs and the company's sites can open SSH, RDP and WinRM",
    severity=Severity.CRITICAL,
    fix="Admit the bastion's security group alone to these ports, and declare the bastion: by the "
    "tag role = bastion, or in the file of scopes. A broker of sessions needs no open port at all.",
    when=is_placed,
)
def check(
    workload: Workload,
    graph: Graph,
    *,
    ports: tuple[int, ...] = ADMIN_PORTS,
    sites: bool = True,
    listed: bool = True,
) -> Truth:
    """Every other way to administer a host is one where nobody records who came, and why."""
    asked = services(ports)
    return closed_to_strangers(workload, asked, graph, listed=listed) & only_by_doors(
        workload, asked, graph, sites=sites, own=kin(workload, graph)
    )
