"""Directories of customers: Cognito user pools.

API paths are those of DescribeUserPool (botocore service model `cognito-idp`).
"""

from __future__ import annotations

from scanner.mapping.fields import holds
from scanner.mapping.registry import maps
from scanner.model.identity import UserPool

maps(
    "aws_cognito_user_pool",
    to=UserPool,
    # Cognito API Reference, CreateUserPool: with OPTIONAL only users who set it up are asked.
    demands_second_factor=holds(lambda mode: mode == "ON", "mfa_configuration", "MfaConfiguration"),
)
