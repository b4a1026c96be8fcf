"""Network traffic is recorded."""

from scanner.graph.graph import Graph
from scanner.model.network import FlowLog, Network, Subnet
from scanner.rule import Severity, rule
from scanner.truth import Evidence, Truth, all_of, known, unknown


@rule(
    "network-flow-logged",
    title="All traffic of every network is recorded by flow logs",
    severity=Severity.HIGH,
    fix="AWS: an aws_flow_log with traffic_type ALL for the VPC. "
    "OCI: a flow log for every subnet, or for the VCN.",
)
def check(network: Network, graph: Graph) -> Truth:
    """Without flow logs nobody can tell what a compromised host talked to."""
    whole = graph.referred_by(network, FlowLog, "of", _complete)
    subnets = []
    for referrer in graph.referrers(network, Subnet, "network"):
        covered = graph.referred_by(referrer.resource, FlowLog, "of", _complete)
        doubt = unknown(Evidence(referrer.resource.address, referrer.why))
        subnets.append(covered if referrer.certain else covered | doubt)
    return whole | all_of(subnets) if subnets else whole


def _complete(log: FlowLog) -> Truth:
    return known(True, log.fact("records it")) & log.enabled & log.traffic.equals("ALL")
