"""Application, network and gateway load balancers and their listeners.

API paths are those of DescribeLoadBalancers, DescribeLoadBalancerAttributes (attributes by name)
and DescribeListeners (botocore service model `elbv2`).
"""

from __future__ import annotations

from typing import Any, Final

from scanner.mapping.aws.forwards import RULES, forwards
from scanner.mapping.aws.ports import port
from scanner.mapping.aws.references import CHOSEN, SUBNETS, groups, subnets
from scanner.mapping.aws.tls_policies import is_modern
from scanner.mapping.fields import Attr, Derived, flag, shown
from scanner.mapping.references import RefIfSet, merge_links, ref
from scanner.mapping.registry import companion, maps, supports
from scanner.model.base import Field, Inapplicable
from scanner.model.edge import Listener, LoadBalancer
from scanner.record import MISSING, Block, Links
from scanner.truth import Evidence, Truth, all_of, any_of, known, unknown
from scanner.value import Unknown, Value

_TYPES: Final = ("aws_lb", "aws_alb")
_LISTENERS: Final = ("aws_lb_listener", "aws_alb_listener")
_LAYER: Final = Attr("load_balancer_type", "Type")
_PROTOCOL: Final = Attr("protocol", "Protocol", str.upper)


def _unless_gateway(field: Field, because: str) -> Derived:
    """Refuse a question that makes no sense for a gateway load balancer."""

    def read(block: Block) -> Any:
        if _LAYER.read(block).content == "gateway":
            raise Inapplicable(because)
        return field.read(block)

    return Derived(read)


def _only_application(field: Field, because: str) -> Derived:
    def read(block: Block) -> Any:
        if _LAYER.read(block).content in ("network", "gateway"):
            raise Inapplicable(because)
        return field.read(block)

    return Derived(read)


def _internet_facing(block: Block) -> Truth:
    layer = _LAYER.read(block)
    if layer.content == "gateway":
        return known(False, Evidence(layer.source, '"gateway": it has no public addresses'))
    if block.record.shape == "api":
        return block.value("Scheme").equals("internet-facing")
    return ~flag("internal", "").read(block)


_LOGGED: Final = flag("access_logs.enabled", "access_logs.s3.enabled")


def _access_logged(block: Block) -> Truth:
    """Whether requests are logged; a network load balancer only logs what its TLS listeners get.

    Network Load Balancers guide, "Access logs for your Network Load Balancer": logs are made only
    if there is a TLS listener, and of TLS requests only.
    """
    enabled = _LOGGED.read(block)
    if _LAYER.read(block).content != "network" or enabled.is_false:
        return enabled
    found = [block.record.companions(type) for type in _LISTENERS]
    speak = [_PROTOCOL.read(record.block).equals("TLS") for one in found for record in one.certain]
    if not speak:
        # Its listeners may be made elsewhere.
        return enabled
    speak += [unknown(Evidence(block.address, why)) for one in found for why in one.unknown]
    return enabled & any_of(speak)


def _subnets(block: Block) -> Links:
    """Read the subnets, which are written in one of two ways."""
    if block.record.shape == "api":
        return block.links("AvailabilityZones[].SubnetId", frozenset(SUBNETS))
    parts = [RefIfSet(subnets("subnets", "")).read(block)]
    if shown(block, "subnet_mapping") is not MISSING:
        parts.append(subnets("subnet_mapping[].subnet_id", "").read(block))
    return merge_links(block, parts)


_FIXED: Final = "subnet_mapping[].private_ipv4_address"


def _addresses(block: Block) -> Value[tuple[str, ...]]:
    """Read the private addresses that a network load balancer is given; others are chosen."""
    if block.record.shape == "api" or shown(block, "subnet_mapping") is MISSING:
        return CHOSEN.read(block)
    value: Value[Any] = block.value(_FIXED, ())
    if isinstance(value.content, Unknown):
        return value
    return value.map(lambda texts: tuple(text for text in texts if text))


for _type in _TYPES:
    maps(
        _type,
        to=LoadBalancer,
        subnets=Derived(_subnets),
        security_groups=groups("security_groups", "SecurityGroups"),
        addresses=Derived(_addresses),
        internet_facing=Derived(_internet_facing),
        layer=_LAYER,
        deletion_protected=flag("enable_deletion_protection", "deletion_protection.enabled"),
        access_logged=_unless_gateway(
            Derived(_access_logged), "a gateway load balancer has no access log"
        ),
        drops_invalid_headers=_only_application(
            flag("drop_invalid_header_fields", "routing.http.drop_invalid_header_fields.enabled"),
            "only an application load balancer reads HTTP headers",
        ),
    )

_POLICY: Final = Attr("ssl_policy", "SslPolicy")
_OWN_TLS: Final = ("HTTPS", "TLS")


def _encrypts(block: Block) -> Truth:
    """Whether it speaks TLS; of what is passed through, the target decides."""
    protocol = _PROTOCOL.read(block)
    if protocol.content == "HTTP" or protocol.content in _OWN_TLS:
        return protocol.one_of(_OWN_TLS)
    if isinstance(protocol.content, str):
        fact = f'"{protocol.content}": passed through, the target decides whether it is encrypted'
        return unknown(Evidence(protocol.source, fact))
    return unknown(protocol)


def _modern_tls(block: Block) -> Truth:
    """Whether the named policy, or the default one, permits only TLS 1.2 and newer."""
    protocol = _PROTOCOL.read(block).content
    if isinstance(protocol, str) and protocol not in _OWN_TLS:
        raise Inapplicable("the listener does not speak TLS itself")
    policy = _POLICY.read(block)
    if isinstance(policy.content, Unknown):
        return unknown(policy)
    if not isinstance(policy.content, str):
        return unknown(Evidence(policy.source, "not of the expected form"))
    if is_modern(policy.content) is None:
        fact = f'"{policy.content}" is not a policy that assay knows'
        return unknown(Evidence(policy.source, fact))
    return policy.test(lambda name: is_modern(name) is True)


def _redirects(block: Block, path: str) -> Truth:
    """Whether every action there is a redirect to HTTPS."""
    api = block.record.shape == "api"
    actions = block.blocks(path)
    if isinstance(actions, Unknown):
        return unknown(Value(actions, block, path))
    truths = []
    for action in actions:
        kind: Value[Any] = action.value("Type" if api else "type")
        target = "RedirectConfig.Protocol" if api else "redirect.protocol"
        # Terraform registry, aws_lb_listener: redirect.protocol defaults to "#{protocol}".
        protocol: Value[Any] = action.value(target, "#{protocol}")
        redirect = kind.equals("redirect")
        truths.append(redirect if redirect.is_false else redirect & protocol.equals("HTTPS"))
    if not truths:
        return unknown(Evidence(block.address, "no action was read"))
    return all_of(truths)


def _redirects_to_tls(block: Block) -> Truth:
    """Whether the default actions and those of all its rules only redirect to HTTPS."""
    truths = [_redirects(block, "DefaultActions" if block.record.shape == "api" else _DEFAULT)]
    for type in RULES:
        found = block.record.companions(type)
        truths += [_redirects(record.block, "action") for record in found.certain]
        truths += [unknown(Evidence(block.address, reason)) for reason in found.unknown]
    return all_of(truths)


_DEFAULT: Final = "default_action"

for _type in _LISTENERS:
    companion(_type, _TYPES, "load_balancer_arn", "LoadBalancerArn")
for _type in RULES:
    companion(_type, _LISTENERS, "listener_arn", "ListenerArn")

for _type in _LISTENERS:
    maps(
        _type,
        to=Listener,
        load_balancer=ref("load_balancer_arn", "LoadBalancerArn", *_TYPES),
        port=port("port", "Port"),
        protocol=_PROTOCOL,
        encrypts=Derived(_encrypts),
        redirects_to_tls=Derived(_redirects_to_tls),
        modern_tls=Derived(_modern_tls),
        forwards=Derived(forwards),
    )

supports("aws_lb_listener_certificate", "aws_alb_listener_certificate")
