"""References to the parts of an AWS network, with the provider types that may stand there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from scanner.mapping.fields import Constant, written
from scanner.mapping.references import Ref, merge_links, ref
from scanner.record import MISSING, Block, Links
from scanner.value import Unknown

NETWORKS: Final = ("aws_vpc", "aws_default_vpc")
SUBNETS: Final = ("aws_subnet", "aws_default_subnet")
TABLES: Final = ("aws_route_table", "aws_default_route_table")
GROUPS: Final = ("aws_security_group", "aws_default_security_group")
# A cluster makes a group of its own, whose id is an attribute of the cluster; a VPC likewise.
OWN_GROUPS: Final = ("aws_eks_cluster", *NETWORKS)

# For what cannot be given a private address of the customer's choice.
CHOSEN: Final = Constant(())


def network(terraform: str, api: str) -> Ref:
    """Read a reference to a VPC."""
    return ref(terraform, api, *NETWORKS)


def subnets(terraform: str, api: str) -> Ref:
    """Read references to subnets."""
    return ref(terraform, api, *SUBNETS)


@dataclass(frozen=True)
class GroupRef(Ref):
    """References to security groups; none where the configuration leaves them to the provider.

    Then the default group of the VPC holds, or none at all for a network load balancer.
    """

    def read(self, block: Block) -> Links:
        """Resolve the reference; groups that other things bring along only where it is open."""
        path = self.terraform if block.record.shape == "terraform" else self.api
        if written(block, path) in (MISSING, []):
            return Links(block, path)
        links = block.links(path, self.types)
        if not (links.unknown or links.outside) or block.record.shape == "api":
            return links
        # Asked for at once, these would be in reach of every local value and blur it.
        more = block.links(path, self.types.union(OWN_GROUPS))
        says_more = bool(links.unknown) or set(more.outside) < set(links.outside)
        return more if says_more and not more.unknown else links


def groups(terraform: str, api: str) -> GroupRef:
    """Read references to security groups."""
    return GroupRef(terraform, api, frozenset(GROUPS))


def links_of_set(block: Block, path: str, name: str, types: Iterable[str]) -> Links:
    """Read an attribute of a set of blocks; see `merge_of_set`."""
    blocks = block.blocks(path)
    if isinstance(blocks, Unknown):
        return Links(block, path, unknown=(blocks.reason,))
    parts = [item.links(name, frozenset(types)) for item in blocks if item.has(name)]
    return merge_of_set(block, parts, f"{path}[].{name}")


def merge_of_set(block: Block, parts: Iterable[Links], path: str) -> Links:
    """Make one of the references of a set of blocks, of which a plan does not keep the order.

    Each block then refers to one of several things; all of them are meant where there are as many
    blocks as things.
    """
    parts = tuple(parts)
    merged = merge_links(block, [Links(block, path), *parts], path)
    group = merged.one_of[0] if len(merged.one_of) == 1 else ()
    if len(group) == sum(part.one_of == merged.one_of for part in parts):
        targets = tuple(dict.fromkeys((*merged.targets, *group)))
        return replace(merged, targets=targets, one_of=())
    return merged


def perhaps(links: Links) -> Links:
    """Take back that anything is referred to for certain."""
    maybe = tuple(dict.fromkeys(links.candidates()))
    return replace(links, targets=(), one_of=(), maybe=maybe)


def by_attribute(links: Links, names: Mapping[str, Iterable[str]]) -> Links:
    """Find the records that known texts name by other attributes than their identifiers.

    names: such attributes by type, as the DNS name of a load balancer.
    """
    if not links.outside:
        return links
    peers = links.origin.record.peers
    targets, outside = list(links.targets), []
    one_of = list(links.one_of)
    for text in links.outside:
        name = text.rstrip(".")
        addresses = (
            address
            for type, paths in names.items()
            for path in paths
            for address in peers.named(type, path, name)
        )
        found = tuple(dict.fromkeys(addresses))
        if len(found) == 1:
            targets += found
        elif found:
            one_of.append(found)
        else:
            outside.append(text)
    return replace(
        links,
        targets=tuple(dict.fromkeys(targets)),
        one_of=tuple(dict.fromkeys(one_of)),
        outside=tuple(outside),
    )
