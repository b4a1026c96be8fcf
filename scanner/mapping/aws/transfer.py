"""Servers of AWS Transfer Family.

API paths are those of DescribeServer (botocore service model `transfer`).
"""

from __future__ import annotations

from scanner.mapping.fields import Derived, either, holds, written
from scanner.mapping.registry import maps
from scanner.model.edge import TransferServer
from scanner.record import MISSING, Block
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


maps(
    "aws_transfer_server",
    to=TransferServer,
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
