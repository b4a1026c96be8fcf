"""VPC Block Public Access: the switch of an account and region, and what it leaves out.

API paths are those of DescribeVpcBlockPublicAccessOptions and
DescribeVpcBlockPublicAccessExclusions (botocore service model `ec2`).
"""

from __future__ import annotations

from scanner.mapping.aws.references import NETWORKS, SUBNETS
from scanner.mapping.fields import Attr
from scanner.mapping.references import ref_if_set, refs
from scanner.mapping.registry import maps
from scanner.model.network import InternetBlock, InternetBlockExclusion

maps(
    "aws_vpc_block_public_access_options",
    to=InternetBlock,
    mode=Attr("internet_gateway_block_mode", "InternetGatewayBlockMode"),
)
maps(
    "aws_vpc_block_public_access_exclusion",
    to=InternetBlockExclusion,
    of=refs(
        ref_if_set("vpc_id", "ResourceArn", *NETWORKS),
        ref_if_set("subnet_id", "ResourceArn", *SUBNETS),
    ),
    mode=Attr("internet_gateway_exclusion_mode", "InternetGatewayExclusionMode"),
)
