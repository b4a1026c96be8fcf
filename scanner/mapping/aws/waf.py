"""Web application firewalls and what they are attached to.

API paths are those of ListResourcesForWebACL (botocore service models `wafv2`, `waf-regional`).
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.references import Nothing, ref
from scanner.mapping.registry import maps
from scanner.model.edge import WebFirewall

_PROTECTED: Final = (
    "aws_lb",
    "aws_alb",
    "aws_api_gateway_stage",
    "aws_apigatewayv2_stage",
    "aws_appsync_graphql_api",
    "aws_cognito_user_pool",
    "aws_apprunner_service",
    "aws_verifiedaccess_instance",
)

for _type in ("aws_wafv2_web_acl_association", "aws_wafregional_web_acl_association"):
    maps(_type, to=WebFirewall, protects=ref("resource_arn", "ResourceArns[]", *_PROTECTED))

# An ACL protects nothing by itself; what it is attached to stands in its associations.
for _type in ("aws_wafv2_web_acl", "aws_wafregional_web_acl", "aws_waf_web_acl"):
    maps(_type, to=WebFirewall, protects=Nothing())
