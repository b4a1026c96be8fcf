"""Classic load balancers, their listeners, and the instances behind each of these.

API paths are those of DescribeLoadBalancers and DescribeLoadBalancerAttributes (botocore service
model `elb`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from scanner.mapping.aws.ports import port
from scanner.mapping.aws.references import CHOSEN, groups, subnets
from scanner.mapping.aws.registrations import hole, of_companions, registered, scaled, serving
from scanner.mapping.aws.targets import CLASSIC
from scanner.mapping.aws.tls_policies import is_modern
from scanner.mapping.fields import Attr, Constant, Derived, NotApplicable, flag, never, written
from scanner.mapping.registry import companion, maps
from scanner.model.base import Inapplicable
from scanner.model.edge import Forward, Listener, LoadBalancer, Target, TargetGroup
from scanner.record import MISSING, Block, Links, Record
from scanner.truth import Evidence, Truth, known, unknown
from scanner.value import Unknown, Value

_INTERNAL: Final = flag("internal", "")
_LOGGED: Final = flag("access_logs.enabled", "AccessLog.Enabled", unset=True)


def _internet_facing(block: Block) -> Truth:
    if block.record.shape == "api":
        return block.value("Scheme").equals("internet-facing")
    return ~_INTERNAL.read(block)


def _access_logged(block: Block) -> Truth:
    # Terraform registry, aws_elb: access_logs.enabled, default is true where there is the block.
    path = "AccessLog" if block.record.shape == "api" else "access_logs"
    if written(block, path) in (MISSING, []):
        return known(False, Evidence(f"{block.address}.{path}", "not set"))
    return _LOGGED.read(block)


maps(
    "aws_elb",
    to=LoadBalancer,
    subnets=subnets("subnets", "Subnets"),
    security_groups=groups("security_groups", "SecurityGroups"),
    addresses=CHOSEN,
    internet_facing=Derived(_internet_facing),
    layer=Constant("classic"),
    deletion_protected=NotApplicable("a classic load balancer has no deletion protection"),
    access_logged=Derived(_access_logged),
    drops_invalid_headers=NotApplicable("a classic load balancer does not judge headers"),
)

_PROTOCOL: Final = Attr("lb_protocol", "Listener.Protocol", str.upper)
_PORT: Final = port("lb_port", "Listener.LoadBalancerPort")
_OWN_TLS: Final = ("HTTPS", "SSL")


def _encrypts(block: Block) -> Truth:
    protocol = _PROTOCOL.read(block)
    if protocol.content == "TCP":
        fact = '"TCP": passed through, the target decides whether it is encrypted'
        return unknown(Evidence(protocol.source, fact))
    return protocol.one_of(_OWN_TLS)


def _modern_tls(block: Block) -> Truth:
    """Whether the negotiation policy of the port permits only TLS 1.2 and newer."""
    protocol = _PROTOCOL.read(block).content
    if isinstance(protocol, str) and protocol not in _OWN_TLS:
        raise Inapplicable("the listener does not speak TLS itself")
    owner = block.record
    port = _PORT.read(block).content
    for type in ("aws_lb_ssl_negotiation_policy", "aws_load_balancer_listener_policy"):
        found = owner.companions(type)
        for record in found.certain:
            if record.block.read("lb_port") == port:
                return _of_negotiation(record)
        if found.unknown or (found.certain and type == "aws_load_balancer_listener_policy"):
            fact = "the policy set for its ports is not read"
            return unknown(Evidence(block.address, fact))
    if owner.shape == "api":
        return unknown(Evidence(block.address, "the policies of its ports were not read"))
    # Classic Load Balancers guide, "Predefined SSL security policies": the default is 2016-08.
    fact = "no policy set: the default is ELBSecurityPolicy-2016-08, which permits TLS 1.0"
    return known(False, Evidence(block.address, fact))


def _of_negotiation(record: Record) -> Truth:
    """Judge a policy by the predefined one that it refers to."""
    attributes = record.block.blocks("attribute")
    if isinstance(attributes, Unknown):
        return unknown(Value(attributes, record.block, "attribute"))
    for attribute in attributes:
        if attribute.read("name") == "Reference-Security-Policy":
            value: Value[Any] = attribute.value("value")
            if isinstance(value.content, str) and is_modern(value.content) is not None:
                return value.test(lambda name: is_modern(name) is True)
    return unknown(Evidence(record.address, "a policy made of single protocols and ciphers"))


companion("aws_lb_ssl_negotiation_policy", "aws_elb", "load_balancer", "LoadBalancerName")
companion("aws_load_balancer_listener_policy", "aws_elb", "load_balancer_name", "LoadBalancerName")


def _forwards(block: Block) -> Value[tuple[Forward, ...]]:
    """Give the one way of a listener: to the group of targets that is made from it."""
    itself = f"{block.record.address}.{block.path}"
    anybody: Value[tuple[str, ...]] = Value((), block, "")
    login = known(False, Evidence(block.address, "a classic load balancer knows no login"))
    way = Forward(Links(block, "instance_port", targets=(itself,)), anybody, login)
    return Value((way,), block, "instance_port")


maps(
    "aws_elb",
    to=Listener,
    at="listener",
    load_balancer=Derived(lambda block: Links(block, "listener", targets=(block.record.address,))),
    port=_PORT,
    protocol=_PROTOCOL,
    encrypts=Derived(_encrypts),
    redirects_to_tls=never("a classic load balancer cannot redirect"),
    modern_tls=Derived(_modern_tls),
    forwards=Derived(_forwards),
)

_INSTANCES: Final = frozenset({"aws_instance", "aws_spot_instance_request"})
_INSTANCE_PORT: Final = port("instance_port", "Listener.InstancePort")


def _targets(block: Block) -> Value[tuple[Target, ...]]:
    """Read what is registered with the load balancer, at the port of this listener."""
    record = block.record
    found = list(_registered(record.block, _INSTANCE_PORT.read(block)))
    if not record.managed:
        found.append(hole(block, ("other instances of one that is looked up were not read",)))
    return Value(tuple(found), block, "instance_port")


def _registered(whole: Block, port: Value[int]) -> Iterator[Target]:
    path = "Instances[].InstanceId" if whole.record.shape == "api" else "instances"
    if written(whole, path) not in (MISSING, []):
        yield registered(whole, path, port)

    def attached(record: Record) -> Iterator[Target]:
        yield registered(record.block, "instance", port)

    yield from of_companions(whole.record, "aws_elb_attachment", attached)
    yield from scaled(whole.record, port)
    yield from serving(whole.record, ("elb_name", "load_balancer_name"), CLASSIC)


companion("aws_elb_attachment", "aws_elb", "elb", "LoadBalancerName")
# Each listener calls another port, so that there is a group of targets for each.
maps(
    "aws_elb",
    to=TargetGroup,
    at="listener",
    # Classic Load Balancers guide, "How Classic Load Balancers work": they open the connections to
    # the instances themselves.
    preserves_client_address=never("a classic load balancer opens connections of its own"),
    targets=Derived(_targets),
)
