"""Servers of AWS Transfer Family.

API paths are those of DescribeServer (botocore service model `transfer`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from scanner.mapping.aws.references import CHOSEN, SUBNETS, groups
from scanner.mapping.fields import Attr, Derived, either, holds, written
from scanner.mapping.references import ref_if_set
from scanner.mapping.registry import maps
from scanner.model.edge import TransferServer
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, known, unknown


def _named(terraform: str, api: str) -> Derived:
    """Whether something is named there, be it by a reference that only apply will resolve."""

    def read(block: Block) -> Truth:
        path = api if block.record.shape == "api" else terraform
        found = written(block, path)
        if found in (MISSING, [], ""):
            return known(False, Evidence(f"{block.address}.{path}", "not set"))
        links = block.links(path)
        if links.targets or links.one_of or links.outside:
            return known(True, links)
        return unknown(links) if not links.is_empty else known(False, links)

    return Derived(read)


_KIND: Final = Attr("endpoint_type", "Server.EndpointType")
_ADDRESSES: Final = _named(
    "endpoint_details.address_allocation_ids", "Server.EndpointDetails.AddressAllocationIds"
)


_SUBNETS: Final = ref_if_set(
    "endpoint_details.subnet_ids", "Server.EndpointDetails.SubnetIds", *SUBNETS
)


def _subnets(block: Block) -> Links:
    links = _SUBNETS.read(block)
    if links.is_empty and _KIND.read(block).content == "VPC_ENDPOINT":
        return replace(links, unknown=("those of the endpoint that it names",))
    return links


def _has_public_address(block: Block) -> Truth:
    """Whether it answers on a public address, one of its own or an elastic one in a network.

    Transfer Family API Reference, CreateServer, EndpointType: elastic addresses are for VPC only.
    """
    kind = _KIND.read(block)
    if kind.content == "VPC":
        found: Truth = _ADDRESSES.read(block)
        return found
    if kind.content in ("PUBLIC", "VPC_ENDPOINT"):
        return kind.equals("PUBLIC")
    return unknown(kind)


maps(
    "aws_transfer_server",
    to=TransferServer,
    # EndpointDetails: without groups the default one of the VPC is attached.
    security_groups=groups(
        "endpoint_details.security_group_ids", "Server.EndpointDetails.SecurityGroupIds"
    ),
    subnets=Derived(_subnets),
    addresses=CHOSEN,
    has_public_address=Derived(_has_public_address),
    # Transfer Family API Reference, CreateServer: VPC_ENDPOINT is the older form of VPC, closed
    # since May 2021 to accounts that did not use it.  Either may have elastic addresses, but stands
    # behind routes and ACLs, and VPC behind security groups.
    in_network=holds(
        lambda kind: kind in ("VPC", "VPC_ENDPOINT"), "endpoint_type", "Server.EndpointType"
    ),
    logged=either(
        _named("logging_role", "Server.LoggingRole"),
        _named("structured_log_destinations", "Server.StructuredLogDestinations"),
    ),
)
