"""Backend sets of load balancers of both layers, and their backends.

API paths are those of BackendSet in the Load Balancing and Network Load Balancer APIs, whose
answers hold the backends.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from scanner.mapping.fields import Attr, Derived, flag, never, written
from scanner.mapping.oci.balancer_parts import (
    BALANCERS,
    NETWORK_BALANCER,
    NETWORK_SETS,
    SETS,
    balancer_of,
    same_balancer,
)
from scanner.mapping.oci.interfaces import BEARERS, bearers
from scanner.mapping.oci.reading import blocks_of, named_at, path_for
from scanner.mapping.registry import maps, supports
from scanner.model.edge import Target, TargetGroup
from scanner.record import MISSING, Block, Links, Record
from scanner.truth import Evidence, Truth, any_of, unknown
from scanner.value import Unknown, Value

_BACKENDS: Final = {
    **dict.fromkeys(SETS, ("oci_load_balancer_backend", "backendset_name")),
    **dict.fromkeys(NETWORK_SETS, ("oci_network_load_balancer_backend", "backend_set_name")),
}
_POOL: Final = "oci_core_instance_pool"
# Whatever has an attribute that is its private address.
_ADDRESSED: Final = BEARERS | {
    *BALANCERS,
    NETWORK_BALANCER,
    "oci_container_instances_container_instance",
    "oci_apigateway_gateway",
    "oci_database_autonomous_database",
    "oci_database_db_system",
    "oci_file_storage_mount_target",
    "oci_mysql_mysql_db_system",
    "oci_network_firewall_network_firewall",
    "oci_objectstorage_private_endpoint",
    "oci_opensearch_opensearch_cluster",
    "oci_psql_db_system",
    "oci_redis_redis_cluster",
}


def _targets(block: Block) -> Value[Any]:
    """List the backends: resources of their own, those of pools, and those that are read back."""
    type, path = _BACKENDS[block.record.type]
    found: list[Target] = []
    seen: set[tuple[Any, Any]] = set()
    for record in block.record.peers.of(type):
        belongs = _belongs(record, path, block)
        if belongs is None:
            why = Unknown(f"{record.address} may be a backend of it")
            return Value(why, block, "backends")
        if belongs:
            seen.add(_place(record.block))
            found += _target(record.block)
    pools = list(_pools(block))
    for pool in pools:
        if isinstance(pool, Unknown):
            return Value(pool, block, "backends")
        found.append(pool)
    for name in ("backends", "backend"):
        inside = block.blocks(name)
        if isinstance(inside, Unknown):
            if written(block, name) is not MISSING and not block.shows_nothing(name):
                return Value(inside, block, name)
            # What the provider reads back after apply are the backends that are listed above.
            continue
        for item in inside:
            if _place(item) not in seen:
                found += _target(item)
    return Value(tuple(found), block, "backends")


def _place(block: Block) -> tuple[Any, Any]:
    address = block.read(path_for(block, "ip_address", "ipAddress"))
    port = block.read("port")
    return (address if isinstance(address, str) else id(block), str(port))


def _belongs(record: Record, path: str, owner: Block) -> bool | None:
    """Whether a backend belongs to a set; None where that is not known."""
    same = same_balancer(balancer_of(record.block), balancer_of(owner))
    if same is False:
        return False
    theirs, mine = record.block.read(path), owner.read("name")
    if isinstance(theirs, str) and isinstance(mine, str):
        return same if theirs == mine else False
    links = record.block.links(path, frozenset({owner.record.type}))
    if owner.record.address in links.targets:
        return True
    return None if links.unknown or owner.record.address in links.candidates() else False


def _target(block: Block) -> Iterator[Target]:
    """Read a backend; CreateBackendDetails: one that is offline or drained gets no new traffic."""
    for name, api in (("offline", "isOffline"), ("is_offline", "isOffline"), ("drain", "isDrain"),
                      ("is_drain", "isDrain")):  # fmt: skip
        if block.read(name) is True or block.read(api) is True:
            return
    resources, addresses = _named(block)
    yield Target(resources=resources, addresses=addresses, port=Attr("port", "port").read(block))


def _named(block: Block) -> tuple[Links, Value[tuple[str, ...]]]:
    path = path_for(block, "ip_address", "ipAddress")
    by_id = path_for(block, "target_id", "targetId")
    if written(block, by_id) not in (MISSING, ""):
        links = bearers(named_at(block, by_id, BEARERS))
        return links, Value((), block, path)
    found = written(block, path)
    if isinstance(found, str) and found:
        return Links(block, path), Value((found,), block, path)
    if not isinstance(found, Unknown):
        why = "no address can be read"
        return Links(block, path, unknown=(why,)), Value(Unknown(why), block, path)
    links = bearers(block.links(path, _ADDRESSED))
    if links.unknown:
        return links, Value(found, block, path)
    return links, Value((), block, path)


def _pools(owner: Block) -> Iterator[Target | Unknown]:
    """Give the instance pools that attach their instances to a set."""
    for record in owner.record.peers.of(_POOL):
        blocks = blocks_of(record.block, path_for(record.block, "load_balancers", "loadBalancers"))
        if isinstance(blocks, Unknown):
            yield Unknown(f"{record.address} may attach its instances: {blocks.reason}")
            continue
        for item in blocks:
            path = path_for(item, "load_balancer_id", "loadBalancerId")
            theirs = item.links(path, frozenset({*BALANCERS, NETWORK_BALANCER}))
            same = same_balancer(theirs, balancer_of(owner))
            name = item.read(path_for(item, "backend_set_name", "backendSetName"))
            mine = owner.read("name")
            if same is False or (isinstance(name, str) and isinstance(mine, str) and name != mine):
                continue
            if not same or name != mine:
                yield Unknown(f"{record.address} may attach its instances")
                continue
            yield Target(
                resources=Links(item, "load_balancers", targets=(record.address,)),
                addresses=Value((), item, "load_balancers"),
                port=Attr("port", "port").read(item),
            )


def _preserves(block: Block) -> Truth:
    """Whether backends see the client: set on the backend set, or on the balancer for all.

    Network Load Balancer API, CreateBackendSetDetails, isPreserveSource: true by default; it
    cannot be off where isPreserveSourceDestination of the balancer is on.
    """
    own = flag("is_preserve_source", "isPreserveSource").read(block)
    if own.is_true:
        return own
    whole = flag("is_preserve_source_destination", "isPreserveSourceDestination", unset=False)
    links = balancer_of(block)
    peers = block.record.peers
    all_ways = [
        whole.read(peers[address].block)
        if address in peers
        else unknown(Evidence(links.source, f"{address} was not read"))
        for address in links.candidates()
    ]
    return own | any_of(all_ways, Evidence(links.source, "its balancer was not read"))


for _type in SETS:
    maps(
        _type,
        to=TargetGroup,
        # "Load Balancing, How It Works": it is a proxy, which makes connections of its own.
        preserves_client_address=never("a load balancer calls its backends from its own address"),
        targets=Derived(_targets),
    )
for _type in NETWORK_SETS:
    maps(
        _type,
        to=TargetGroup,
        preserves_client_address=Derived(_preserves),
        targets=Derived(_targets),
    )
supports("oci_load_balancer_backend", "oci_network_load_balancer_backend")
