"""Managed prefix lists: the address ranges behind a prefix list id, where they were read.

API paths are those of GetManagedPrefixListEntries (botocore service model `ec2`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from scanner.mapping.registry import companion, supports
from scanner.record import Block, Record
from scanner.value import Unknown

LISTS = frozenset({"aws_ec2_managed_prefix_list", "aws_prefix_list", "aws_vpc_endpoint"})

companion(
    "aws_ec2_managed_prefix_list_entry",
    "aws_ec2_managed_prefix_list",
    "prefix_list_id",
    "PrefixListId",
)

supports("aws_ec2_managed_prefix_list")


# Amazon CloudFront Developer Guide, "Use the CloudFront managed prefix list": the addresses from
# which CloudFront calls origins, for whichever customer.
CLOUDFRONT: Final = "com.amazonaws.global.cloudfront.origin-facing"


class Ranges(NamedTuple):
    """Address ranges, and why there may be others; `services` names lists that stand for one."""

    known: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


def behind(block: Block, path: str) -> Ranges:
    """Give the ranges of the prefix lists that an attribute names."""
    if not block.has(path):
        return Ranges()
    links = block.links(path, LISTS)
    known: list[str] = []
    services: list[str] = []
    lost = [*links.unknown]
    lost += [f'the entries of prefix list "{name}" were not read' for name in links.outside]
    for address in links.candidates():
        if address not in links.targets:
            lost.append(f"perhaps prefix list {address}")
            continue
        peer = block.record.peers.get(address)
        if peer is not None and not peer.managed and peer.block.read("name") == CLOUDFRONT:
            services.append(CLOUDFRONT)
            continue
        found = Ranges((), (f"{address} was not read",)) if peer is None else _entries(peer)
        known += found.known
        lost += found.unknown
    return Ranges(
        tuple(dict.fromkeys(known)), tuple(dict.fromkeys(lost)), tuple(dict.fromkeys(services))
    )


def _entries(record: Record) -> Ranges:
    block = record.block
    if record.type == "aws_ec2_managed_prefix_list":
        # The data source calls its blocks `entries`.
        paths = ("entry[].cidr",) if record.managed else ("entries[].cidr",)
    elif record.type == "aws_prefix_list":
        paths = ("cidr_blocks[]",)
    else:
        return Ranges((), (f"the ranges of the service behind {record.address} were not read",))
    known: list[str] = []
    lost: list[str] = []
    for path in paths:
        for item in _items(block.read(path)):
            if isinstance(item, str):
                known.append(item)
            elif isinstance(item, Unknown):
                lost.append(item.reason)
    entries = record.companions("aws_ec2_managed_prefix_list_entry")
    for entry in entries.certain:
        cidr = entry.block.read("cidr")
        if isinstance(cidr, str):
            known.append(cidr)
        else:
            lost.append(f"the range of {entry.address} is not known")
    lost += entries.unknown
    if not record.managed and not known and not lost:
        lost.append(f"the entries of {record.address} were not read")
    return Ranges(tuple(known), tuple(f"prefix list {record.address}: {why}" for why in lost))


def _items(found: object) -> Iterator[object]:
    if isinstance(found, list):
        yield from found
    elif isinstance(found, Unknown):
        yield found
