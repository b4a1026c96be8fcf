"""What edge services call: load balancers, instances, functions and buckets, however named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from scanner.mapping.aws.functions import behind_alias
from scanner.mapping.aws.references import by_attribute, merge_of_set
from scanner.mapping.references import merge_links
from scanner.record import Block, Links

BALANCERS: Final = ("aws_lb", "aws_alb")
_LISTENERS: Final = ("aws_lb_listener", "aws_alb_listener")
_ORIGINS: Final = frozenset(
    {*BALANCERS, *_LISTENERS, "aws_elb", "aws_instance", "aws_eip", "aws_s3_bucket"}
    | {"aws_lambda_function", "aws_lambda_alias", "aws_lambda_function_url"}
    | {"aws_api_gateway_rest_api", "aws_apigatewayv2_api", "aws_apigatewayv2_stage"}
    | {"aws_api_gateway_stage", "aws_apprunner_service", "aws_globalaccelerator_accelerator"}
    | {"aws_opensearch_domain", "aws_elasticsearch_domain", "aws_appsync_graphql_api"}
)
# By these attributes a text that is known, as in a state, names one of them.
_NAMES: Final = {
    **dict.fromkeys((*BALANCERS, "aws_elb"), ("dns_name",)),
    "aws_instance": ("public_dns", "private_dns", "public_ip", "private_ip"),
    "aws_eip": ("public_ip", "public_dns"),
    "aws_s3_bucket": ("bucket_regional_domain_name", "bucket_domain_name"),
    "aws_lambda_function": ("invoke_arn", "qualified_invoke_arn", "qualified_arn"),
    "aws_lambda_alias": ("invoke_arn",),
    "aws_globalaccelerator_accelerator": ("dns_name",),
    "aws_apprunner_service": ("service_url",),
    **dict.fromkeys(("aws_opensearch_domain", "aws_elasticsearch_domain"), ("endpoint",)),
}
# What belongs to another thing, and how it names that.
_OWNERS: Final = {
    **dict.fromkeys(_LISTENERS, ("load_balancer_arn", BALANCERS)),
    "aws_apigatewayv2_stage": ("api_id", ("aws_apigatewayv2_api",)),
    "aws_api_gateway_stage": ("rest_api_id", ("aws_api_gateway_rest_api",)),
}


def origins(blocks: Iterable[Block], path: str, whole: Block) -> Links:
    """Read what an attribute of each block names: by reference, by ARN, by URL or by host name."""
    parts = [_origin(block, path) for block in blocks if block.has(path)]
    return merge_of_set(whole, parts, path)


def _origin(block: Block, path: str) -> Links:
    links = block.links(path, _ORIGINS)
    # The addresses of services of AWS, which are no parts of a network, are called like this.
    named = by_attribute(links, _NAMES)
    services = tuple(text for text in named.outside if not text.startswith("arn:aws:apigateway:"))
    hosts = tuple(map(_host, services))
    return behind_alias(owners_of(by_attribute(replace(named, outside=hosts), _NAMES)))


def owners_of(links: Links) -> Links:
    """Name the load balancers instead of their listeners, and APIs instead of their stages."""
    peers = links.origin.record.peers
    kept, parts = [], []
    for address in links.targets:
        peer = peers.get(address)
        owner = _OWNERS.get(peer.type) if peer is not None else None
        if peer is None or owner is None:
            kept.append(address)
        else:
            parts.append(peer.block.links(owner[0], frozenset(owner[1])))
    if not parts:
        return links
    return merge_links(links.origin, [replace(links, targets=tuple(kept)), *parts], links.path)


def _host(text: str) -> str:
    """Take the host out of a URL."""
    _, scheme, rest = text.partition("://")
    return rest.partition("/")[0].partition(":")[0] if scheme else text
