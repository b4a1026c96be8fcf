"""Accelerators of Global Accelerator, with their listeners and the endpoints behind them.

API paths are those of DescribeAccelerator (botocore service model `globalaccelerator`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from scanner.mapping.aws.origins import BALANCERS
from scanner.mapping.aws.ports import ANYBODY, number
from scanner.mapping.aws.references import links_of_set
from scanner.mapping.fields import Constant, Derived, flag, never, written
from scanner.mapping.references import merge_links
from scanner.mapping.registry import companion, maps
from scanner.model.edge import EdgeService
from scanner.record import MISSING, Block, Links, Record
from scanner.truth import Evidence, Truth, known, one_answer, unknown
from scanner.value import Unknown, Value

_LISTENER: Final = "aws_globalaccelerator_listener"
_GROUP: Final = "aws_globalaccelerator_endpoint_group"
_ENDPOINTS: Final = (*BALANCERS, "aws_instance", "aws_eip")
_LOOKED_UP: Final = "the listeners of an accelerator that is looked up were not read"
# More ports than this are told as not known one by one.
_MANY: Final = 256


def _ports(block: Block) -> Value[tuple[int, ...]]:
    found = block.record.companions(_LISTENER)
    if not block.record.managed:
        return Value(Unknown(_LOOKED_UP), block, "")
    if found.unknown:
        return Value(Unknown(found.unknown[0]), block, "")
    ports: dict[int, None] = {}
    for record in found.certain:
        ranges = _ranges(record.block)
        if isinstance(ranges, Unknown):
            return Value(ranges, record.block, "port_range")
        if sum(last - first + 1 for first, last in ranges) > _MANY:
            reason = "too many ports to list"
            return Value(Unknown(reason), record.block, "port_range")
        for first, last in ranges:
            ports.update(dict.fromkeys(range(first, last + 1)))
    return Value(tuple(ports), block, "", "ports of its listeners")


def _ranges(listener: Block) -> list[tuple[int, int]] | Unknown:
    blocks = listener.blocks("port_range")
    if isinstance(blocks, Unknown):
        return blocks
    ranges = []
    for item in blocks:
        limits: list[Any] = [item.read("from_port"), item.read("to_port")]
        try:
            ranges.append((number(limits[0]), number(limits[1])))
        except (TypeError, ValueError):
            return next((one for one in limits if isinstance(one, Unknown)), Unknown("not a port"))
    return ranges


def _groups(block: Block) -> Iterator[Record | str]:
    """Give the endpoint groups of all listeners, and why there may be others."""
    listeners = block.record.companions(_LISTENER)
    yield from listeners.unknown
    if not block.record.managed:
        yield _LOOKED_UP
    for listener in listeners.certain:
        groups = listener.companions(_GROUP)
        yield from groups.certain
        yield from groups.unknown


def _origins(block: Block) -> Links:
    parts = [Links(block, "")]
    for group in _groups(block):
        if isinstance(group, str):
            parts.append(Links(block, "", unknown=(group,)))
        else:
            parts.append(
                links_of_set(group.block, "endpoint_configuration", "endpoint_id", _ENDPOINTS)
            )
    return merge_links(block, parts, "endpoint_id")


def _enters(block: Block) -> Links:
    """Say that it may stand in the networks of its endpoints.

    Global Accelerator Developer Guide, "Preserve client IP addresses in AWS Global Accelerator": it
    then makes interfaces in the subnets, with a group of its own.
    """
    links = _origins(block)
    if links.is_empty:
        return links
    reason = "the interfaces that Global Accelerator makes beside its endpoints"
    return replace(
        links, targets=(), one_of=(), maybe=(), outside=(), unknown=(*links.unknown, reason)
    )


def _preserves(block: Block) -> Truth:
    """Whether all endpoints see the address of the client.

    Global Accelerator Developer Guide, "Preserve client IP addresses in AWS Global Accelerator":
    instances always do, application load balancers unless it is switched off, network load
    balancers if it is switched on, elastic addresses never.
    """
    truths: list[Truth] = []
    for group in _groups(block):
        if isinstance(group, str):
            truths.append(unknown(Evidence(block.address, group)))
            continue
        endpoints = group.block.blocks("endpoint_configuration")
        if isinstance(endpoints, Unknown):
            truths.append(unknown(Value(endpoints, group.block, "endpoint_configuration")))
            continue
        truths += map(_seen, endpoints)
    return one_answer(truths) if truths else known(False, Evidence(block.address, "no endpoint"))


def _seen(endpoint: Block) -> Truth:
    own = flag("client_ip_preservation_enabled", "ClientIPPreservationEnabled")
    if written(endpoint, "client_ip_preservation_enabled") is not MISSING:
        return own.read(endpoint)
    links = endpoint.links("endpoint_id", frozenset(_ENDPOINTS))
    found = [endpoint.record.peers.get(address) for address in links.candidates()]
    truths = [known(_by_default(peer), links) if peer else unknown(links) for peer in found]
    return one_answer(truths) if truths and not links.unknown else unknown(links)


def _by_default(endpoint: Record) -> bool:
    if endpoint.type in BALANCERS:
        return endpoint.block.read("load_balancer_type") not in ("network", "gateway")
    return endpoint.type == "aws_instance"


companion(_LISTENER, "aws_globalaccelerator_accelerator", "accelerator_arn", "AcceleratorArn")
companion(_GROUP, _LISTENER, "listener_arn", "ListenerArn")
maps(
    "aws_globalaccelerator_accelerator",
    to=EdgeService,
    kind=Constant("Global Accelerator"),
    public=flag("enabled", "Accelerator.Enabled"),
    public_ranges=ANYBODY,
    authenticated=never("an accelerator passes packets on and knows no login"),
    ports=Derived(_ports),
    origins=Derived(_origins),
    enters=Derived(_enters),
    preserves_client_address=Derived(_preserves),
)
