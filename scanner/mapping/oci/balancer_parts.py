"""The parts of a load balancer, which are found by the balancer and by their names.

A listener names its backend sets, rule sets and policies by names that are unique only within its
load balancer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from scanner.mapping.oci.reading import path_for
from scanner.mapping.references import merge_links
from scanner.record import MISSING, Block, Links, Record
from scanner.value import Unknown

BALANCERS: Final = ("oci_load_balancer_load_balancer", "oci_load_balancer")
NETWORK_BALANCER: Final = "oci_network_load_balancer_network_load_balancer"
# The second name of each is an older one, or a form that lists its backends itself.
SETS: Final = ("oci_load_balancer_backend_set", "oci_load_balancer_backendset")
NETWORK_SETS: Final = (
    "oci_network_load_balancer_backend_set",
    "oci_network_load_balancer_network_load_balancers_backend_sets_unified",
)


def balancer_of(block: Block) -> Links:
    """Name the load balancer that a part belongs to."""
    block = block.record.block
    if block.record.type.startswith("oci_network_load_balancer"):
        path = path_for(block, "network_load_balancer_id", "networkLoadBalancerId")
        return block.links(path, frozenset({NETWORK_BALANCER}))
    path = path_for(block, "load_balancer_id", "loadBalancerId")
    return block.links(path, frozenset(BALANCERS))


def same_balancer(one: Links, other: Links) -> bool | None:
    """Whether two references are to the same load balancer; None where that is not known."""
    exact = not any((part.one_of or part.maybe or part.unknown) for part in (one, other))
    meet = {*one.candidates(), *one.outside} & {*other.candidates(), *other.outside}
    if exact:
        return bool(meet)
    return None if meet or one.unknown or other.unknown else False


def part_named(block: Block, path: str, name: Any, types: Iterable[str]) -> Links:
    """Find the part of the same balancer that bears a name, read at a path of the block."""
    nothing = Links(block, path)
    if name is MISSING or name == "":
        return nothing
    kinds = frozenset(types)
    if not isinstance(name, str):
        return block.links(path, kinds)
    mine = balancer_of(block)
    targets: list[str] = []
    maybe: list[str] = []
    for record in _parts(block, types):
        same = same_balancer(mine, balancer_of(record.block))
        theirs = record.block.read("name")
        if same is False or (isinstance(theirs, str) and theirs != name):
            continue
        (targets if same and isinstance(theirs, str) else maybe).append(record.address)
    if targets:
        return Links(block, path, targets=tuple(targets))
    if maybe:
        written = block.links(path, kinds)
        if len(written.targets) == 1 and written.certain and written.targets[0] in maybe:
            return written
    return Links(block, path, maybe=tuple(maybe), outside=(name,))


def parts_named(block: Block, path: str, types: Iterable[str]) -> Links:
    """Find the parts that a list names."""
    found = block.read(path)
    if isinstance(found, Unknown):
        return block.links(path, frozenset(types))
    names = found if isinstance(found, list) else [found]
    if any(isinstance(name, Unknown) for name in names):
        return block.links(path, frozenset(types))
    links = [part_named(block, path, name, types) for name in names]
    return merge_links(block, [Links(block, path), *links], path)


def _parts(block: Block, types: Iterable[str]) -> list[Record]:
    return [record for type in types for record in block.record.peers.of(type)]
