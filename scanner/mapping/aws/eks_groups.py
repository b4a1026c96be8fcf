"""Security groups that EKS makes: that of a cluster, and that for logging in to nodes.

Rules that are added to the group of a cluster in resources of their own belong to it.  API paths
are those of DescribeCluster and DescribeNodegroup (botocore service model `eks`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from scanner.mapping.aws.references import SUBNETS, groups, network, subnets
from scanner.mapping.aws.security_groups import separate
from scanner.mapping.aws.traffic import hole
from scanner.mapping.fields import Derived, never, written
from scanner.mapping.references import Through
from scanner.mapping.registry import maps
from scanner.model.network import Direction, PortRange, SecurityGroup, TrafficRule
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, known, unknown
from scanner.value import Unknown, Value

_MADE: Final = "the group that EKS makes with the cluster"
_EVERYTHING: Final = PortRange("all", 0, 65535)
_WHERE: Final = "vpc_config.cluster_security_group_id"


def _rule(
    block: Block,
    direction: Direction,
    reason: str,
    ports: PortRange | Unknown = _EVERYTHING,
    sources: tuple[str, ...] | Unknown = (),
    groups: Links | None = None,
    path: str = _WHERE,
) -> TrafficRule:
    origin = f"{block.record.address}.{path}"
    return TrafficRule(
        direction=direction,
        ports=Value(ports, block, path, reason),
        sources=Value(sources, block, path, reason),
        groups=Links(block, path) if groups is None else groups,
        allows=known(True, Evidence(block.address, reason)),
        order=Value(0, block),
        stateless=known(False, Evidence(block.address, "security groups are stateful")),
        description=Value("", block),
        origin=origin,
    )


def _everywhere(block: Block) -> tuple[str, ...]:
    path = "kubernetes_network_config.ip_family"
    if block.record.shape == "api":
        path = "kubernetesNetworkConfig.ipFamily"
    # EKS API Reference, KubernetesNetworkConfigRequest: ipFamily is ipv4 by default.
    family = written(block, path)
    if isinstance(family, Unknown):
        return ("0.0.0.0/0", "::/0")
    return ("::/0",) if family == "ipv6" else ("0.0.0.0/0",)


def _of_cluster(block: Block) -> Value[tuple[TrafficRule, ...]]:
    """Give the rules that EKS makes, and those added to them.

    EKS User Guide, "View Amazon EKS security group requirements for clusters", "Default cluster
    security group": all from the group itself may enter; all may leave, to anywhere and to itself.
    """
    itself = Links(block, _WHERE, targets=(block.record.address,))
    rules = [
        _rule(block, Direction.INGRESS, _MADE, groups=itself),
        _rule(block, Direction.EGRESS, _MADE, groups=itself, sources=_everywhere(block)),
        *separate(block),
    ]
    if not block.record.managed:
        reason = "the rules added to the group of a cluster that is looked up were not read"
        rules += [hole(block, _WHERE, direction, reason) for direction in Direction]
    return Value(tuple(rules), block, _WHERE)


_NETWORKS_OF_SUBNETS: Final = dict.fromkeys(SUBNETS, network("vpc_id", "VpcId"))
_OF_CLUSTER: Final = Through(
    subnets("vpc_config.subnet_ids", "resourcesVpcConfig.subnetIds"), _NETWORKS_OF_SUBNETS
)
_OF_NODES: Final = Through(subnets("subnet_ids", "subnets"), _NETWORKS_OF_SUBNETS)


def _network(through: Through) -> Derived:
    """Read the network of subnets that are all in the same one, whichever of them are meant."""

    def read(block: Block) -> Links:
        links = through.read(block)
        all_of_them = tuple(dict.fromkeys(links.candidates()))
        if len(all_of_them) == 1 and not links.unknown and not links.outside:
            return replace(links, targets=all_of_them, one_of=(), maybe=())
        return links

    return Derived(read)


maps(
    "aws_eks_cluster",
    to=SecurityGroup,
    part="cluster_security_group",
    network=_network(_OF_CLUSTER),
    is_default=never("EKS makes it for the cluster and its nodes"),
    rules=Derived(_of_cluster),
)

_KEY: Final = ("remote_access.ec2_ssh_key", "remoteAccess.ec2SshKey")
_SOURCES: Final = ("remote_access.source_security_group_ids", "remoteAccess.sourceSecurityGroups")
_TO_LOG_IN: Final = "the group that EKS makes for logging in to the nodes"


def makes_group(block: Block) -> bool:
    """Whether EKS makes a group for logging in to nodes: a key is given, and no template."""
    path = _KEY[block.record.shape == "api"]
    template = "launchTemplate" if block.record.shape == "api" else "launch_template"
    if written(block, template) not in (MISSING, []):
        return False
    return written(block, path) not in (MISSING, "")


def _ports(block: Block) -> PortRange | Unknown:
    kind: Any = written(block, "amiType" if block.record.shape == "api" else "ami_type")
    if isinstance(kind, Unknown):
        return Unknown(f"port 22, or 3389 of Windows: {kind.reason}")
    port = 3389 if isinstance(kind, str) and kind.upper().startswith("WINDOWS") else 22
    return PortRange("tcp", port, port)


def _to_log_in(block: Block) -> Value[tuple[TrafficRule, ...]]:
    """Give the rule of the group for logging in.

    EKS API Reference, RemoteAccessConfig: port 22 (Windows: 3389) is open to the source groups, or
    to 0.0.0.0/0 where none is named.  What may leave is decided by the group of the cluster, which
    the nodes bear as well.
    """
    path = _SOURCES[block.record.shape == "api"]
    open_to: tuple[str, ...] = ()
    sources = groups(*_SOURCES).read(block)
    if written(block, path) in (MISSING, []):
        open_to = ("0.0.0.0/0",)
    rule = _rule(block, Direction.INGRESS, _TO_LOG_IN, _ports(block), open_to, sources, path)
    key = block.value(_KEY[block.record.shape == "api"])
    if isinstance(key.content, Unknown) and not block.links(key.path).targets:
        rule = replace(rule, allows=unknown(key))
    return Value((rule,), block, path)


maps(
    "aws_eks_node_group",
    to=SecurityGroup,
    part="remote_access_security_group",
    when=makes_group,
    network=_network(_OF_NODES),
    is_default=never("EKS makes it for the nodes"),
    rules=Derived(_to_log_in),
)
