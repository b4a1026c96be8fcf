"""Distributions of CloudFront, what stands behind them, and how they enter networks.

API paths are those of GetDistribution and GetVpcOrigin (botocore service model `cloudfront`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from scanner.mapping.aws.origins import BALANCERS, origins
from scanner.mapping.aws.references import CHOSEN, merge_of_set, perhaps, subnets
from scanner.mapping.fields import Constant, Derived, flag, never, written
from scanner.mapping.references import RefIfSet, Through, merge_links, ref
from scanner.mapping.registry import maps
from scanner.model.base import Field
from scanner.model.edge import EdgeService, NetworkLink
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, all_of, any_of, known, unknown
from scanner.value import Unknown, Value

_BEHAVIOURS: Final = ("default_cache_behavior", "ordered_cache_behavior")
_API_BEHAVIOURS: Final = (
    "Distribution.DistributionConfig.DefaultCacheBehavior",
    "Distribution.DistributionConfig.CacheBehaviors.Items",
)
_CONFIG: Final = "Distribution.DistributionConfig"


def _behaviours(block: Block) -> tuple[Block, ...] | Unknown:
    """Give all behaviours; each is a way of its own to the origins."""
    api = block.record.shape == "api"
    found: tuple[Block, ...] = ()
    for path in _API_BEHAVIOURS if api else _BEHAVIOURS:
        blocks = block.blocks(path)
        if isinstance(blocks, Unknown):
            return blocks
        found += blocks
    return found


def _ports(block: Block) -> Value[tuple[int, ...]]:
    """Read where it answers: HTTPS always, HTTP unless every behaviour refuses it."""
    api = block.record.shape == "api"
    path = "ViewerProtocolPolicy" if api else "viewer_protocol_policy"
    behaviours = _behaviours(block)
    if isinstance(behaviours, Unknown):
        return Value(behaviours, block, _BEHAVIOURS[0])
    policies: list[Value[Any]] = [item.value(path) for item in behaviours]
    if any(
        isinstance(policy.content, str) and policy.content != "https-only" for policy in policies
    ):
        return Value((443, 80), block, path, "HTTPS, and HTTP at least to redirect")
    for policy in policies:
        if isinstance(policy.content, Unknown):
            return Value(policy.content, policy.origin, policy.path)
    return Value((443,), block, path, "https-only")


def _authenticated(block: Block) -> Truth:
    """Whether every behaviour demands signed requests, or all clients a certificate."""
    behaviours = _behaviours(block)
    if isinstance(behaviours, Unknown):
        return unknown(Evidence(f"{block.address}.{_BEHAVIOURS[0]}", behaviours.reason))
    if block.record.shape == "api":
        return unknown(Evidence(block.address, "the signers of its behaviours were not read"))
    mode = "viewer_mtls_config.mode"
    certificate = known(False, Evidence(f"{block.address}.{mode}", "not set"))
    if written(block, "viewer_mtls_config") not in (MISSING, []):
        demanded: Value[Any] = block.value(mode, "required")
        certificate = demanded.equals("required")
    nothing = Evidence(f"{block.address}.{_BEHAVIOURS[0]}", "no behaviour was read")
    return certificate | (
        all_of(map(_demands_signature, behaviours)) if behaviours else unknown(nothing)
    )


def _demands_signature(behaviour: Block) -> Truth:
    """Whether a behaviour demands signed requests; code at the edge may demand something else."""
    truths = []
    for path in ("trusted_key_groups", "trusted_signers"):
        found = written(behaviour, path)
        if isinstance(found, Unknown):
            links = behaviour.links(path)
            truths.append(known(True, links) if links.targets else unknown(links))
        elif found in (MISSING, []):
            truths.append(known(False, Evidence(f"{behaviour.address}.{path}", "not set")))
        else:
            value: Value[Any] = behaviour.value(path)
            truths.append(value.test(bool))
    for path in ("function_association", "lambda_function_association"):
        blocks = behaviour.blocks(path)
        if isinstance(blocks, Unknown):
            truths.append(unknown(Evidence(f"{behaviour.address}.{path}", blocks.reason)))
            continue
        for item in blocks:
            event = item.read("event_type")
            if event == "viewer-request" or isinstance(event, Unknown):
                fact = "code that runs at the edge may demand a login"
                truths.append(unknown(Evidence(item.address, fact)))
    return any_of(truths)


def _public_ranges(block: Block) -> Value[tuple[str, ...]]:
    """Read who may call: anybody, unless a firewall refuses by default."""
    path = f"{_CONFIG}.WebACLId" if block.record.shape == "api" else "web_acl_id"
    found = written(block, path)
    if found is MISSING or found == "":
        return Value((), block, path, "no firewall")
    links = block.links(path, _FIREWALLS)
    peer = block.record.peers.get(links.targets[0]) if len(links.targets) == 1 else None
    if peer is not None and links.certain:
        if peer.block.has("default_action.allow") and not peer.block.has("default_action.block"):
            return Value((), block, path, f"{peer.address} admits by default")
        if peer.block.read("default_action.type") == "ALLOW":
            return Value((), block, path, f"{peer.address} admits by default")
    return Value(Unknown("whom its firewall admits was not read"), block, path)


_FIREWALLS: Final = frozenset({"aws_wafv2_web_acl", "aws_waf_web_acl"})
_VPC_ORIGIN: Final = "vpc_origin_config.vpc_origin_id"
_OF_LINK: Final = ref(
    "vpc_origin_endpoint_config.arn",
    "VpcOrigin.VpcOriginEndpointConfig.Arn",
    *BALANCERS,
    "aws_instance",
)


def _origins_of(block: Block) -> tuple[Block, ...] | Unknown:
    api = block.record.shape == "api"
    return block.blocks(f"{_CONFIG}.Origins.Items" if api else "origin")


def _origins(block: Block) -> Links:
    """Read what it calls; an origin in a network is named by its link as well."""
    blocks = _origins_of(block)
    if isinstance(blocks, Unknown):
        return Links(block, "origin", unknown=(blocks.reason,))
    api = block.record.shape == "api"
    inside = Through(Derived(_enters), {"aws_cloudfront_vpc_origin": _OF_LINK}).read(block)
    outside = [item for item in blocks if not item.has(_VPC_ORIGIN)]
    called = origins(outside, "DomainName" if api else "domain_name", block)
    return merge_links(block, [called, inside], "origin")


def _enters(block: Block) -> Links:
    blocks = _origins_of(block)
    if isinstance(blocks, Unknown):
        return Links(block, "origin", unknown=(blocks.reason,))
    types = frozenset({"aws_cloudfront_vpc_origin"})
    parts = [item.links(_VPC_ORIGIN, types) for item in blocks if item.has(_VPC_ORIGIN)]
    return merge_of_set(block, parts, "origin")


maps(
    "aws_cloudfront_distribution",
    to=EdgeService,
    kind=Constant("CloudFront"),
    public=flag("enabled", f"{_CONFIG}.Enabled"),
    public_ranges=Derived(_public_ranges),
    authenticated=Derived(_authenticated),
    ports=Derived(_ports),
    origins=Derived(_origins),
    enters=Derived(_enters),
    preserves_client_address=never("CloudFront calls its origins itself"),
)

_BEHIND: Final[dict[str, Field]] = {
    **dict.fromkeys(BALANCERS, RefIfSet(subnets("subnets", ""))),
    "aws_instance": subnets("subnet_id", "SubnetId"),
}


def _subnets_of_link(block: Block) -> Links:
    """Say where CloudFront may stand: in subnets of the network that the origin is in."""
    links = Through(_OF_LINK, _BEHIND).read(block)
    reason = "CloudFront chooses the subnets of its interfaces"
    return replace(perhaps(links), unknown=(*links.unknown, reason))


def _groups_of_link(block: Block) -> Links:
    # CloudFront Developer Guide, "Restrict access with VPC origins".
    return Links(block, "", unknown=("the group that CloudFront makes for its interfaces",))


maps(
    "aws_cloudfront_vpc_origin",
    to=NetworkLink,
    subnets=Derived(_subnets_of_link),
    security_groups=Derived(_groups_of_link),
    addresses=CHOSEN,
    origins=_OF_LINK,
)
