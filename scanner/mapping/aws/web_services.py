"""Services that answer the web by themselves: App Runner and AppSync.

API paths are those of DescribeService, DescribeVpcConnector (botocore service model `apprunner`)
and GetGraphqlApi (`appsync`).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.aws.origins import origins
from scanner.mapping.aws.ports import ANYBODY, always_on
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.fields import Constant, Derived, flag, holds, never
from scanner.mapping.references import Nothing, merge_links, ref_if_set
from scanner.mapping.registry import companion, maps
from scanner.model.edge import EdgeService, NetworkLink
from scanner.record import Block, Links
from scanner.truth import Truth, all_of
from scanner.value import Unknown, Value

_NETWORK: Final = "network_configuration"
_API: Final = "Service.NetworkConfiguration"

maps(
    "aws_apprunner_service",
    to=EdgeService,
    kind=Constant("App Runner"),
    public=flag(
        f"{_NETWORK}.ingress_configuration.is_publicly_accessible",
        f"{_API}.IngressConfiguration.IsPubliclyAccessible",
    ),
    public_ranges=ANYBODY,
    authenticated=never("App Runner passes requests on and knows no login"),
    # App Runner Developer Guide: services are reached by HTTPS.
    ports=always_on(443),
    # What it runs is the service itself.
    origins=Nothing(),
    enters=ref_if_set(
        f"{_NETWORK}.egress_configuration.vpc_connector_arn",
        f"{_API}.EgressConfiguration.VpcConnectorArn",
        "aws_apprunner_vpc_connector",
    ),
    preserves_client_address=never("the service makes requests of its own"),
)
maps(
    "aws_apprunner_vpc_connector",
    to=NetworkLink,
    subnets=subnets("subnets", "VpcConnector.Subnets"),
    security_groups=groups("security_groups", "VpcConnector.SecurityGroups"),
    addresses=CHOSEN,
    origins=Nothing(),
)

_SOURCE: Final = "aws_appsync_datasource"
_CALLED: Final = (
    "lambda_config.function_arn",
    "http_config.endpoint",
    "opensearchservice_config.endpoint",
    "elasticsearch_config.endpoint",
)


def _authenticated(block: Block) -> Truth:
    """Whether no way of calling it is open to who merely knows a key that all clients share."""
    api = block.record.shape == "api"
    path = "graphqlApi.authenticationType" if api else "authentication_type"
    more = "graphqlApi.additionalAuthenticationProviders" if api else _MORE
    kinds: list[Value[Any]] = [block.value(path)]
    others = block.blocks(more)
    if isinstance(others, Unknown):
        kinds.append(Value(others, block, more))
    else:
        name = "authenticationType" if api else "authentication_type"
        kinds += [item.value(name) for item in others]
    return all_of(kind.test(lambda content: content != "API_KEY") for kind in kinds)


_MORE: Final = "additional_authentication_provider"


def _origins(block: Block) -> Links:
    found = block.record.companions(_SOURCE)
    blocks = [record.block for record in found.certain]
    reasons = found.unknown
    if not block.record.managed:
        reasons = (*reasons, "the sources of an API that is looked up were not read")
    parts = [origins(blocks, path, block) for path in _CALLED]
    return merge_links(block, [Links(block, "", unknown=reasons), *parts], "")


companion(_SOURCE, "aws_appsync_graphql_api", "api_id", "apiId")
maps(
    "aws_appsync_graphql_api",
    to=EdgeService,
    kind=Constant("AppSync"),
    public=holds(lambda kind: kind != "PRIVATE", "visibility", "graphqlApi.visibility"),
    public_ranges=ANYBODY,
    authenticated=Derived(_authenticated),
    ports=always_on(443),
    origins=Derived(_origins),
    enters=Nothing(),
    preserves_client_address=never("the service makes requests of its own"),
)
