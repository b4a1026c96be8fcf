"""References to the parts of an AWS network, with the provider types that may stand there."""

from __future__ import annotations

from typing import Final

from scanner.mapping.references import Ref, ref

NETWORKS: Final = ("aws_vpc", "aws_default_vpc")
SUBNETS: Final = ("aws_subnet", "aws_default_subnet")
TABLES: Final = ("aws_route_table", "aws_default_route_table")
# A cluster makes a group of its own, whose id is an attribute of the cluster; ELB likewise.
GROUPS: Final = ("aws_security_group", "aws_default_security_group")


def network(terraform: str, api: str) -> Ref:
    """Read a reference to a VPC."""
    return ref(terraform, api, *NETWORKS)


def subnets(terraform: str, api: str) -> Ref:
    """Read references to subnets."""
    return ref(terraform, api, *SUBNETS)


def groups(terraform: str, api: str) -> Ref:
    """Read references to security groups."""
    return ref(terraform, api, *GROUPS)
