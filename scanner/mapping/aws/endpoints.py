"""VPC endpoints with their subnets, groups and policies, and services that others reach by them.

API paths are those of DescribeVpcEndpoints, DescribeVpcEndpointServiceConfigurations and
DescribeVpcEndpointServicePermissions (botocore service model `ec2`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.default_groups import default_group
from scanner.mapping.aws.references import groups, network, subnets
from scanner.mapping.documents import Document, merge
from scanner.mapping.fields import Attr, Derived, is_not, written
from scanner.mapping.links import with_companions, with_doubts
from scanner.mapping.references import RefIfSet, ref_if_set, refs
from scanner.mapping.registry import companion, maps
from scanner.model.base import Inapplicable
from scanner.model.document import PolicyDocument
from scanner.model.network import EndpointService, ServiceEndpoint
from scanner.record import MISSING, Block, Links
from scanner.value import Unknown, Value

_POLICY: Final = Document("policy", "PolicyDocument")
_KIND: Final = Attr("vpc_endpoint_type", "VpcEndpointType")
# PrivateLink guide, "Control access to VPC endpoints using endpoint policies": only endpoints of
# services have a policy; those that lead to appliances, resources or networks have none.
_WITHOUT_POLICY: Final = ("GatewayLoadBalancer", "Resource", "ServiceNetwork")
# EC2 API Reference, VpcEndpoint: only the interfaces of the other kinds have security groups.
_WITHOUT_GROUPS: Final = ("Gateway", "GatewayLoadBalancer")
_OF_ENDPOINT: Final = ("aws_vpc_endpoint", "vpc_endpoint_id", "VpcEndpointId")


def _policy(block: Block) -> PolicyDocument:
    """Read the inline policy, or the separate one; an endpoint without either permits all."""
    if _KIND.read(block).content in _WITHOUT_POLICY:
        raise Inapplicable("endpoints of this type have no policy")
    inline = _POLICY.read(block)
    found = block.record.companions("aws_vpc_endpoint_policy")
    if not found.certain and not found.unknown:
        return inline
    separate = [_POLICY.read(record.block) for record in found.certain]
    doubts = PolicyDocument(block, "policy", unknown=found.unknown)
    # Where both are written, each apply replaces one by the other: either may be in force.
    return merge(block, "policy", [inline, *separate, doubts])


_SUBNETS: Final = RefIfSet(subnets("subnet_ids", "SubnetIds"))
_SUBNET: Final = subnets("subnet_id", "SubnetId")


def _subnets(block: Block) -> Links:
    """Read the subnets of the endpoint itself and of separate associations."""
    own = _SUBNETS.read(block)
    return with_companions(block, own.path, "aws_vpc_endpoint_subnet_association", _SUBNET, (own,))


_NETWORK: Final = network("vpc_id", "VpcId")
_GROUPS: Final = groups("security_group_ids", "Groups[].GroupId")
_GROUP: Final = groups("security_group_id", "GroupId")
_GROUP_ASSOCIATION: Final = "aws_vpc_endpoint_security_group_association"


def _groups(block: Block) -> Links:
    """Read the groups of the endpoint itself and of separate associations.

    EC2 API Reference, CreateVpcEndpoint: the default group of the VPC where none is named.  An
    association is made afterwards; it replaces that one only if it says so.
    """
    if _KIND.read(block).content in _WITHOUT_GROUPS:
        return Links(block, _GROUPS.terraform)
    own = [_GROUPS.read(block)]
    doubts: list[str] = []
    found = block.record.companions(_GROUP_ASSOCIATION).certain
    if found and own[0].is_empty:
        replaces = [record.block.read("replace_default_association") for record in found]
        if True not in replaces:
            own.append(default_group(block, _NETWORK.read(block)))
            doubts += [item.reason for item in replaces if isinstance(item, Unknown)]
    links = with_companions(block, _GROUPS.terraform, _GROUP_ASSOCIATION, _GROUP, own)
    return with_doubts(links, *doubts)


companion("aws_vpc_endpoint_policy", *_OF_ENDPOINT)
companion("aws_vpc_endpoint_subnet_association", *_OF_ENDPOINT)
companion(_GROUP_ASSOCIATION, *_OF_ENDPOINT)
# It adds a route for the addresses of S3 or DynamoDB to a table: none to the internet.
companion("aws_vpc_endpoint_route_table_association", *_OF_ENDPOINT)
maps(
    "aws_vpc_endpoint",
    to=ServiceEndpoint,
    network=_NETWORK,
    subnets=Derived(_subnets),
    security_groups=Derived(_groups),
    kind=_KIND,
    service=Attr("service_name", "ServiceName"),
    resource_policy=Derived(_policy),
)

_BALANCERS: Final = ("aws_lb", "aws_alb")


def _principals(block: Block) -> Value[tuple[str, ...]]:
    """Read who may connect: inline and in separate permissions; nobody unless somebody is named.

    PrivateLink guide, "Manage permissions": service consumers cannot connect by default.
    """
    if block.record.shape == "api":
        path = "AllowedPrincipals[].Principal"
        found = block.read(path)
    else:
        path = "allowed_principals"
        found = written(block, path)
    if isinstance(found, Unknown):
        return Value(found, block, path)
    items = [] if found is MISSING else found if isinstance(found, list) else [found]
    separate = block.record.companions("aws_vpc_endpoint_service_allowed_principal")
    items = [*items, *(record.block.read("principal_arn") for record in separate.certain)]
    items += [Unknown(reason) for reason in separate.unknown]
    for item in items:
        if not isinstance(item, str):
            why = item if isinstance(item, Unknown) else Unknown("not of the expected form")
            return Value(why, block, path)
    return Value(tuple(dict.fromkeys(items)), block, path)


companion(
    "aws_vpc_endpoint_service_allowed_principal",
    "aws_vpc_endpoint_service",
    "vpc_endpoint_service_id",
    "ServiceId",
)
maps(
    "aws_vpc_endpoint_service",
    to=EndpointService,
    # The data source of this name describes services of anybody, those of AWS above all.
    when=lambda block: block.record.managed,
    load_balancers=refs(
        ref_if_set("network_load_balancer_arns", "NetworkLoadBalancerArns", *_BALANCERS),
        ref_if_set("gateway_load_balancer_arns", "GatewayLoadBalancerArns", *_BALANCERS),
    ),
    accepts_unasked=is_not("acceptance_required", "AcceptanceRequired"),
    principals=Derived(_principals),
)
