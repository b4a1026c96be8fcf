"""Target groups: what load balancers send requests to, and which resources are registered there.

Targets that a controller of a Kubernetes cluster registers are not part of a plan.  API paths are
those of DescribeTargetGroups and DescribeTargetGroupAttributes (attributes by name; botocore
service model `elbv2`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from scanner.mapping.aws.ports import port
from scanner.mapping.aws.registrations import (
    SERVICES,
    hole,
    of_companions,
    registered,
    scaled,
    serving,
)
from scanner.mapping.fields import Attr, Derived, written
from scanner.mapping.references import ref, ref_if_set, refs
from scanner.mapping.registry import companion, companion_by, maps
from scanner.model.edge import Target, TargetGroup
from scanner.record import MISSING, Block, Links, Record
from scanner.truth import Evidence, Truth, unknown
from scanner.value import Unknown, Value, truth_of

TARGET_GROUPS: Final = ("aws_lb_target_group", "aws_alb_target_group")
CLASSIC: Final = ("aws_elb",)
_ATTACHMENTS: Final = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")
_GROUP_ARNS: Final = ("target_group_arn", "advanced_configuration.alternate_target_group_arn")
_FUNCTION_PORT: Final = "a function is invoked through the API of Lambda, by HTTPS"
_PORT: Final = port("port", "Port")
_KIND: Final = Attr("target_type", "TargetType")
_PROTOCOL: Final = Attr("protocol", "Protocol", str.upper)
_PRESERVED: Final = Attr("preserve_client_ip", "preserve_client_ip.enabled")
_UDP: Final = ("UDP", "TCP_UDP")
_NETWORK: Final = ("TCP", "TLS", *_UDP, "QUIC", "TCP_QUIC")


def _port(block: Block) -> Value[int]:
    if _KIND.read(block).content == "lambda":
        return Value(443, block, "target_type", _FUNCTION_PORT)
    found: Value[int] = _PORT.read(block)
    return found


def _attached_to(group: Record) -> Iterator[Target]:
    """Give what attachments register, each with a port of its own if it names one."""
    for type in _ATTACHMENTS:
        yield from of_companions(group, type, lambda record: _attached(record, group))


def _attached(record: Record, group: Record) -> Iterator[Target]:
    yield registered(record.block, "target_id", _port_of(record.block, group))


def _port_of(block: Block, group: Record) -> Value[int]:
    own = _PORT.read(block)
    return _port(group.block) if written(block, "port") is MISSING else own


def _targets(block: Block) -> Value[tuple[Target, ...]]:
    record = block.record
    if record.shape == "api":
        return Value(Unknown("the health of its targets was not read"), block, "")
    found = [
        *_attached_to(record),
        *scaled(record, _port(block)),
        *serving(record, _GROUP_ARNS, TARGET_GROUPS),
    ]
    if not record.managed:
        found.append(hole(block, ("other targets of a group that is looked up were not read",)))
    return Value(tuple(found), block, "")


def _preserves(block: Block) -> Truth:
    """Whether targets see the address of the client.

    ELB API Reference, TargetGroupAttribute, preserve_client_ip.enabled: of network load balancers
    only; by default off where targets are addresses and the protocol is TCP or TLS, else on; it
    cannot be switched off for UDP and TCP_UDP.
    """
    kind, protocol = _KIND.read(block), _PROTOCOL.read(block)
    if kind.content == "lambda":
        return kind.test(lambda content: content != "lambda")
    if isinstance(protocol.content, Unknown):
        return unknown(protocol)
    if protocol.content not in _NETWORK:
        # Application load balancers speak for themselves, gateway load balancers wrap packets.
        return protocol.one_of(_NETWORK)
    if protocol.content in _UDP:
        return protocol.one_of(_UDP)
    path = _PRESERVED.path(block)
    own = written(block, path)
    if own is MISSING or own == "":
        by_default = kind.test(lambda content: content != "ip")
        if protocol.content in ("TCP", "TLS"):
            return by_default.because(protocol)
        return protocol.one_of(_NETWORK)
    if isinstance(own, Unknown):
        return unknown(Evidence(f"{block.address}.{path}", own.reason))
    content = own if isinstance(own, bool) else {"true": True, "false": False}.get(str(own).lower())
    if content is None:
        return unknown(Evidence(f"{block.address}.{path}", "not of the expected form"))
    return truth_of(Value(content, block, path))


for _type in TARGET_GROUPS:
    maps(
        _type,
        to=TargetGroup,
        preserves_client_address=Derived(_preserves),
        targets=Derived(_targets),
    )

for _type in _ATTACHMENTS:
    companion(_type, TARGET_GROUPS, "target_group_arn", "TargetGroupArn")


companion("aws_autoscaling_attachment", TARGET_GROUPS, "lb_target_group_arn", "")
companion("aws_autoscaling_attachment", CLASSIC, "elb", "")


def _identified(owners: tuple[str, ...]) -> Derived:
    """Read traffic sources of a kind; an identifier is an ARN or the name of a classic balancer."""
    both = ref_if_set("traffic_source[].identifier", "", *TARGET_GROUPS, *CLASSIC)

    def read(block: Block) -> Links:
        links = both.read(block)
        peers = block.record.peers

        def kept(addresses: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(
                item
                for item in addresses
                if (peer := peers.get(item)) is not None and peer.type in owners
            )

        groups = tuple(filter(None, map(kept, links.one_of)))
        return replace(
            links, targets=kept(links.targets), one_of=groups, maybe=kept(links.maybe), outside=()
        )

    return Derived(read)


for _owners, _path, _api in (
    (TARGET_GROUPS, "target_group_arns", "TargetGroupARNs"),
    (CLASSIC, "load_balancers", "LoadBalancerNames"),
):
    companion_by(
        "aws_autoscaling_traffic_source_attachment",
        _owners,
        _identified(_owners),
    )
    companion_by(
        "aws_autoscaling_group",
        _owners,
        refs(
            ref_if_set(_path, _api, *_owners),
            _identified(_owners),
        ),
    )
for _type in SERVICES:
    companion_by(
        _type,
        TARGET_GROUPS,
        refs(*(ref(f"load_balancer[].{path}", "", *TARGET_GROUPS) for path in _GROUP_ARNS)),
    )
companion("aws_ecs_service", CLASSIC, "load_balancer[].elb_name", "")
companion("aws_ecs_task_set", CLASSIC, "load_balancer[].load_balancer_name", "")
