"""Kubernetes clusters and their nodes: EKS.

API paths are those of DescribeCluster, DescribeNodegroup and DescribeFargateProfile (botocore
service model `eks`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from scanner.mapping.aws.ec2 import TEMPLATES
from scanner.mapping.aws.eks_groups import makes_group
from scanner.mapping.aws.kms import CustomerKey
from scanner.mapping.aws.references import groups, subnets
from scanner.mapping.fields import (
    Attr,
    Constant,
    Derived,
    NotApplicable,
    flag,
    holds,
    never,
    written,
)
from scanner.mapping.references import Nothing, Through, merge_links, ref
from scanner.mapping.registry import maps
from scanner.model.compute import Cluster, NodePool
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, any_of, known, unknown
from scanner.value import Unknown, Value

_NEEDED: Final = frozenset({"api", "audit", "authenticator"})
_KEY: Final = CustomerKey("provider.key_arn", "provider.keyArn")


def _secrets_customer_key(block: Block) -> Truth:
    """Whether a configuration encrypts Kubernetes secrets with a key of the customer."""
    path = "encryptionConfig" if block.record.shape == "api" else "encryption_config"
    blocks = () if written(block, path) is MISSING else block.blocks(path)
    if isinstance(blocks, Unknown):
        return unknown(Value(blocks, block, path))
    truths = []
    for item in blocks:
        covered: Value[Any] = item.value("resources", ())
        truths.append(covered.test(lambda names: "secrets" in names) & _KEY.read(item))
    # EKS encrypts secrets anyway, but then with a key of its own.
    return any_of(truths, Evidence(f"{block.address}.{path}", "not set"))


def _audited(block: Block) -> Truth:
    if block.record.shape != "api":
        return _TERRAFORM_LOGS.read(block)
    groups_of_logs = block.blocks("logging.clusterLogging")
    if isinstance(groups_of_logs, Unknown):
        return unknown(Value(groups_of_logs, block, "logging.clusterLogging"))
    enabled = [
        name
        for item in groups_of_logs
        if item.read("enabled") is True
        for name in _texts(item.read("types"))
    ]
    return known(set(enabled) >= _NEEDED, Evidence(f"{block.address}.logging", ", ".join(enabled)))


def _texts(found: Any) -> list[str]:
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


_TERRAFORM_LOGS: Final = holds(lambda types: set(types) >= _NEEDED, "enabled_cluster_log_types", "")

_OWN_GROUPS: Final = groups("vpc_config.security_group_ids", "resourcesVpcConfig.securityGroupIds")


def _groups_of_cluster(block: Block) -> Links:
    """Read the groups of its interfaces: those it names, and the one that EKS makes.

    EKS User Guide, "View Amazon EKS security group requirements for clusters": the group that EKS
    makes is associated with the interfaces of the cluster, the named ones are besides.
    """
    path = "vpc_config.cluster_security_group_id"
    made = Links(block, path, targets=(block.record.address,))
    return merge_links(block, [_OWN_GROUPS.read(block), made])


maps(
    "aws_eks_cluster",
    to=Cluster,
    subnets=subnets("vpc_config.subnet_ids", "resourcesVpcConfig.subnetIds"),
    security_groups=Derived(_groups_of_cluster),
    # The provider chooses them.
    addresses=Constant(()),
    public_endpoint=flag(
        "vpc_config.endpoint_public_access", "resourcesVpcConfig.endpointPublicAccess"
    ),
    public_ranges=Attr(
        "vpc_config.public_access_cidrs", "resourcesVpcConfig.publicAccessCidrs", tuple
    ),
    private_endpoint=flag(
        "vpc_config.endpoint_private_access", "resourcesVpcConfig.endpointPrivateAccess"
    ),
    # EKS User Guide, "Cluster API server endpoint": the API answers HTTPS.
    ports=Constant((443,)),
    secrets_customer_key=Derived(_secrets_customer_key),
    audited=Derived(_audited),
    verifies_images=NotApplicable("EKS has no check of image signatures of its own"),
    version=Attr("version", "version"),
)

_THEIR_GROUPS: Final = Through(
    TEMPLATES,
    {
        "aws_launch_template": groups("vpc_security_group_ids", "SecurityGroupIds"),
    },
)


def _templates(block: Block) -> Links:
    if block.record.shape == "api":
        return block.links("launchTemplate.id", frozenset({"aws_launch_template"}))
    if written(block, "launch_template") in (MISSING, []):
        return Links(block, "launch_template")
    return TEMPLATES.read(block)


def _groups_of_nodes(block: Block) -> Links:
    """Read the groups of the template; the cluster's own group stands in where it names none.

    EKS User Guide, "Customize managed nodes with launch templates", "Using custom security groups":
    where a template names groups, EKS does not add the cluster's.
    """
    links = Links(block, "launch_template")
    if block.record.shape != "api" and not _templates(block).is_empty:
        links = merge_links(block, [_THEIR_GROUPS.read(block)], "launch_template")
    if not links.is_empty:
        return links
    made = _group_of_cluster(block)
    if makes_group(block):
        own = Links(block, "remote_access", targets=(block.record.address,))
        return merge_links(block, [made, own])
    return made


def _group_of_cluster(block: Block) -> Links:
    """Name the group that EKS makes with the cluster; Fargate gives it to pods as well."""
    links = _CLUSTER.read(block)
    lost = [f'the group that EKS makes with "{name}", which was not read' for name in links.outside]
    if links.is_empty:
        lost.append("the group that EKS makes with the cluster, which was not read")
    return replace(links, outside=(), unknown=(*links.unknown, *lost))


def _open_remote_access(block: Block) -> Truth:
    """Whether a key is given and nothing limits the sources.

    EKS API Reference, RemoteAccessConfig: with a key and without source groups, port 22 (Windows:
    3389) of the nodes is open to 0.0.0.0/0.
    """
    api = block.record.shape == "api"
    whole = "remoteAccess" if api else "remote_access"
    key = "remoteAccess.ec2SshKey" if api else "remote_access.ec2_ssh_key"
    sources = (
        "remoteAccess.sourceSecurityGroups" if api else ("remote_access.source_security_group_ids")
    )
    found = written(block, whole)
    if found is MISSING or found == []:
        return known(False, Evidence(f"{block.address}.{whole}", "not set"))
    opened: Value[Any] = block.value(key, "")
    limits = written(block, sources)
    if isinstance(limits, Unknown):
        # A list that is known only after apply still is a list that somebody wrote.
        links = block.links(sources)
        limited = known(True, links) if links.targets else unknown(links)
    else:
        present = limits is not MISSING and limits != []
        limited = known(
            present, Evidence(f"{block.address}.{sources}", "set" if present else "not set")
        )
    return opened.test(bool) & ~limited


_CLUSTER: Final = ref("cluster_name", "clusterName", "aws_eks_cluster")

maps(
    "aws_eks_node_group",
    to=NodePool,
    subnets=subnets("subnet_ids", "subnets"),
    security_groups=Derived(_groups_of_nodes),
    addresses=Constant(()),
    cluster=_CLUSTER,
    # The subnets tell the zones.
    zones=Constant(()),
    open_remote_access=Derived(_open_remote_access),
    templates=Derived(_templates),
)
maps(
    "aws_eks_fargate_profile",
    to=NodePool,
    subnets=subnets("subnet_ids", "subnets"),
    # EKS User Guide, "Security groups for Pods": on Fargate the cluster's own unless a policy in
    # the cluster, which is not part of a plan, names others.
    security_groups=Derived(_group_of_cluster),
    addresses=Constant(()),
    cluster=_CLUSTER,
    zones=Constant(()),
    open_remote_access=never("nobody can log in to Fargate"),
    templates=Nothing(),
)
