"""VPC endpoints and what they may be used for, and endpoint services.

API paths are those of DescribeVpcEndpoints (botocore service model `ec2`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.references import network, subnets
from scanner.mapping.documents import Document, merge
from scanner.mapping.fields import Attr, Derived
from scanner.mapping.references import RefIfSet
from scanner.mapping.registry import companion, maps
from scanner.model.base import Inapplicable
from scanner.model.document import PolicyDocument
from scanner.model.network import ServiceEndpoint
from scanner.record import Block

_POLICY: Final = Document("policy", "PolicyDocument")
_KIND: Final = Attr("vpc_endpoint_type", "VpcEndpointType")
# PrivateLink guide, "Control access to VPC endpoints using endpoint policies": only endpoints of
# services have a policy; those that lead to appliances, resources or networks have none.
_WITHOUT_POLICY: Final = ("GatewayLoadBalancer", "Resource", "ServiceNetwork")


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


companion("aws_vpc_endpoint_policy", "aws_vpc_endpoint", "vpc_endpoint_id", "VpcEndpointId")
maps(
    "aws_vpc_endpoint",
    to=ServiceEndpoint,
    network=network("vpc_id", "VpcId"),
    subnets=RefIfSet(subnets("subnet_ids", "SubnetIds")),
    kind=_KIND,
    service=Attr("service_name", "ServiceName"),
    resource_policy=Derived(_policy),
)
