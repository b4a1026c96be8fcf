from __future__ import annotations

from typing import Any

import pytest

from scanner.mapping.aws.tls_policies import is_modern
from scanner.model.base import Inapplicable
from scanner.model.edge import Listener, LoadBalancer
from scanner.model.logs import LogDelivery
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

LATER = Unknown("known after apply")
TYPES = pytest.mark.parametrize("type", ["aws_lb", "aws_alb"])


@TYPES
def test_a_balancer_that_says_nothing_faces_the_internet(type: str) -> None:
    found = mapped(LoadBalancer, record(type, {"internal": LeftOut()}))
    assert found.internet_facing.is_true
    assert found.layer.content == "application"
    assert found.deletion_protected.is_false
    assert found.access_logged.is_false
    assert found.drops_invalid_headers.is_false
    assert found.subnets.is_empty


@TYPES
def test_a_balancer_that_says_all(type: str) -> None:
    body = {
        "internal": True,
        "enable_deletion_protection": True,
        "drop_invalid_header_fields": True,
        "access_logs": [{"enabled": True, "bucket": "b"}],
        "subnets": LeftOut(),
        "subnet_mapping": [{"subnet_id": Pointer("x.s")}],
        "security_groups": [Pointer("x.g")],
    }
    found = mapped(LoadBalancer, record(type, body))
    assert found.internet_facing.is_false
    assert found.deletion_protected.is_true
    assert found.access_logged.is_true
    assert found.drops_invalid_headers.is_true
    assert found.subnets.targets == ("x.s",)
    assert found.security_groups.targets == ("x.g",)


def test_what_is_unknown_of_a_balancer_stays_so() -> None:
    body = {"internal": LATER, "access_logs": [{"enabled": LATER}], "load_balancer_type": LATER}
    found = mapped(LoadBalancer, record("aws_lb", body))
    assert found.internet_facing.is_unknown
    assert found.access_logged.is_unknown


def test_only_an_application_balancer_reads_headers() -> None:
    network = mapped(LoadBalancer, record("aws_lb", {"load_balancer_type": "network"}))
    with pytest.raises(Inapplicable):
        _ = network.drops_invalid_headers
    gateway = mapped(LoadBalancer, record("aws_lb", {"load_balancer_type": "gateway"}))
    assert gateway.internet_facing.is_false
    with pytest.raises(Inapplicable):
        _ = gateway.access_logged


def listener(body: dict[str, Any], *others: Record, type: str = "aws_lb_listener") -> Any:
    return mapped(Listener, record(type, body), *others)


@pytest.mark.parametrize("type", ["aws_lb_listener", "aws_alb_listener"])
def test_a_listener_of_https(type: str) -> None:
    body = {
        "protocol": "HTTPS",
        "port": 443,
        "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "load_balancer_arn": Pointer("aws_lb.a"),
        "default_action": [{"type": "forward"}],
    }
    found = listener(body, type=type)
    assert found.encrypts.is_true
    assert found.modern_tls.is_true
    assert found.redirects_to_tls.is_false
    assert found.port.content == 443
    assert found.load_balancer.targets == ("aws_lb.a",)


@pytest.mark.parametrize(
    ("policy", "state"),
    [
        (LeftOut(), "false"),
        ("ELBSecurityPolicy-2016-08", "false"),
        ("ELBSecurityPolicy-FS-1-2-Res-2020-10", "true"),
        ("ELBSecurityPolicy-Of-Tomorrow", "unknown"),
        (LATER, "unknown"),
        (7, "unknown"),
    ],
)
def test_the_policy_of_a_listener(policy: object, state: str) -> None:
    body = {"protocol": "TLS", "ssl_policy": policy}
    assert listener(body).modern_tls.state.value == state


@pytest.mark.parametrize(
    ("protocol", "state"),
    [
        ("HTTP", "false"),
        (LeftOut(), "false"),
        ("tls", "true"),
        ("TCP", "unknown"),
        (LATER, "unknown"),
    ],
)
def test_what_is_passed_through_may_be_encrypted(protocol: object, state: str) -> None:
    assert listener({"protocol": protocol}).encrypts.state.value == state


def test_a_listener_without_tls_has_no_policy() -> None:
    with pytest.raises(Inapplicable):
        _ = listener({"protocol": "HTTP"}).modern_tls


REDIRECT = {"type": "redirect", "redirect": [{"protocol": "HTTPS", "port": "443"}]}


@pytest.mark.parametrize(
    ("actions", "state"),
    [
        ([REDIRECT], "true"),
        ([{"type": "redirect", "redirect": [{"port": "443"}]}], "false"),
        ([REDIRECT, {"type": "forward"}], "false"),
        ([{"type": LATER, "redirect": [{"protocol": "HTTPS"}]}], "unknown"),
        (LATER, "unknown"),
        ([], "unknown"),
    ],
)
def test_a_redirect_to_tls_is_all_that_a_listener_does(actions: Any, state: str) -> None:
    body = {"protocol": "HTTP", "default_action": actions}
    assert listener(body).redirects_to_tls.state.value == state


def test_a_rule_may_forward_although_the_default_redirects() -> None:
    body = {"protocol": "HTTP", "default_action": [REDIRECT]}
    for action, holds in (({"type": "forward"}, False), (REDIRECT, True)):
        for type in ("aws_lb_listener_rule", "aws_alb_listener_rule"):
            rule = record(type, {"listener_arn": Pointer("aws_lb_listener.a"), "action": [action]})
            assert listener(body, rule).redirects_to_tls.is_true is holds


def test_classic_balancer() -> None:
    body = {
        "internal": LeftOut(),
        "listener": [
            {"lb_port": 443, "lb_protocol": "https"},
            {"lb_port": 80, "lb_protocol": "http"},
        ],
    }
    found = mapped(LoadBalancer, record("aws_elb", body))
    assert found.internet_facing.is_true
    assert found.layer.content == "classic"
    assert found.access_logged.is_false
    with pytest.raises(Inapplicable):
        _ = found.deletion_protected
    logged = record("aws_elb", {"access_logs": [{"bucket": "b"}], "internal": True})
    assert mapped(LoadBalancer, logged).access_logged.is_true
    secure = mapped(Listener, record("aws_elb", body), address="aws_elb.a.listener[0]")
    assert secure.encrypts.is_true
    assert secure.port.content == 443
    assert secure.protocol.content == "HTTPS"
    assert secure.load_balancer.targets == ("aws_elb.a",)
    assert secure.modern_tls.is_false
    assert secure.redirects_to_tls.is_false
    plain = mapped(Listener, record("aws_elb", body), address="aws_elb.a.listener[1]")
    assert plain.encrypts.is_false


@pytest.mark.parametrize(
    ("name", "state"),
    [("ELBSecurityPolicy-TLS-1-2-2017-01", "true"), ("ELBSecurityPolicy-2015-05", "false")],
)
def test_the_policy_of_a_classic_listener(name: str, state: str) -> None:
    policy = record(
        "aws_lb_ssl_negotiation_policy",
        {
            "load_balancer": Pointer("aws_elb.a"),
            "lb_port": 443,
            "attribute": [{"name": "Reference-Security-Policy", "value": name}],
        },
    )
    body = {"listener": [{"lb_port": 443, "lb_protocol": "ssl"}]}
    assert mapped(Listener, record("aws_elb", body), policy).modern_tls.state.value == state
    other = record(
        "aws_load_balancer_listener_policy", {"load_balancer_name": Pointer("aws_elb.a")}
    )
    assert mapped(Listener, record("aws_elb", body), other).modern_tls.is_unknown


def test_unknown_names_of_policies_are_not_weak() -> None:
    assert is_modern("ELBSecurityPolicy-TLS13-1-3-2021-06") is True
    assert is_modern("ELBSecurityPolicy-TLS13-1-1-2021-06") is False
    assert is_modern("mine") is None


@pytest.mark.parametrize(
    ("protocols", "state"),
    [([], "true"), (["TCP"], "false"), (["TCP", "TLS"], "true"), ([LATER], "unknown")],
)
@pytest.mark.parametrize("type", ["aws_lb_listener", "aws_alb_listener"])
def test_a_network_balancer_logs_what_its_tls_listeners_get(
    type: str, protocols: list[object], state: str
) -> None:
    balancer = {"load_balancer_type": "network", "access_logs": [{"enabled": True, "bucket": "b"}]}
    listeners = [
        record(type, {"load_balancer_arn": Pointer("aws_lb.a"), "protocol": protocol}, f"l{number}")
        for number, protocol in enumerate(protocols)
    ]
    found = mapped(LoadBalancer, record("aws_lb", balancer), *listeners)
    assert found.access_logged.state.value == state


@pytest.mark.parametrize(
    ("layer", "state"), [("application", "true"), (LeftOut(), "true"), ("network", "unknown")]
)
def test_logs_of_an_application_balancer_need_a_key_of_the_provider(
    layer: object, state: str
) -> None:
    body = {"load_balancer_type": layer, "access_logs": [{"enabled": True, "bucket": "b"}]}
    found = mapped(LogDelivery, record("aws_lb", body))
    assert found.needs_provider_key.state.value == state


GROUP = Pointer("aws_lb_target_group.g")
FORWARD = {"type": "forward", "target_group_arn": GROUP}


def ways(body: dict[str, Any], *others: Record) -> Any:
    return listener(body, *others).forwards.content


def test_a_listener_forwards_to_the_group_of_its_default_action() -> None:
    (way,) = ways({"default_action": [FORWARD]})
    assert way.groups.targets == ("aws_lb_target_group.g",)
    assert way.sources.content == ()
    assert way.authenticated.is_false


def test_a_listener_forwards_to_several_groups_at_once() -> None:
    among = [{"arn": GROUP}, {"arn": Pointer("aws_lb_target_group.h")}]
    (way,) = ways({"default_action": [{"type": "forward", "forward": [{"target_group": among}]}]})
    assert way.groups.targets == ("aws_lb_target_group.g", "aws_lb_target_group.h")


@pytest.mark.parametrize("action", [REDIRECT, {"type": "fixed-response"}])
def test_what_only_answers_forwards_nothing(action: Any) -> None:
    assert ways({"default_action": [action]}) == ()


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ({"type": "authenticate-cognito"}, "true"),
        ({"type": "authenticate-oidc", "authenticate_oidc": [{"issuer": "x"}]}, "true"),
        ({"type": "jwt-validation"}, "true"),
        (
            {
                "type": "authenticate-oidc",
                "authenticate_oidc": [{"on_unauthenticated_request": "allow"}],
            },
            "false",
        ),
        (
            {
                "type": "authenticate-cognito",
                "authenticate_cognito": [{"on_unauthenticated_request": LATER}],
            },
            "unknown",
        ),
        ({"type": LATER}, "unknown"),
    ],
)
def test_a_login_before_the_forward(action: Any, state: str) -> None:
    found = ways({"default_action": [action, FORWARD]})
    assert found[-1].authenticated.state.value == state


@pytest.mark.parametrize(("mode", "state"), [("verify", "true"), ("passthrough", "false")])
def test_a_verified_certificate_is_a_login(mode: str, state: str) -> None:
    body = {"default_action": [FORWARD], "mutual_authentication": [{"mode": mode}]}
    assert ways(body)[0].authenticated.state.value == state


def rule_of(body: dict[str, Any], type: str = "aws_lb_listener_rule") -> Record:
    return record(type, {"listener_arn": Pointer("aws_lb_listener.a"), **body})


@pytest.mark.parametrize("type", ["aws_lb_listener_rule", "aws_alb_listener_rule"])
def test_a_rule_may_forward_for_some_clients_only(type: str) -> None:
    conditions = [{"path_pattern": [{"values": ["/a"]}]}]
    limited = [*conditions, {"source_ip": [{"values": ["192.0.2.0/24"]}]}]
    for condition, sources in ((conditions, ()), (limited, ("192.0.2.0/24",))):
        rule = rule_of({"action": [FORWARD], "condition": condition}, type)
        (way,) = ways({"default_action": [REDIRECT]}, rule)
        assert way.sources.content == sources


@pytest.mark.parametrize("condition", [LATER, [{"source_ip": [{"values": LATER}]}]])
def test_an_unknown_condition_may_limit_clients(condition: Any) -> None:
    rule = rule_of({"action": [FORWARD], "condition": condition})
    (way,) = ways({"default_action": [REDIRECT]}, rule)
    assert isinstance(way.sources.content, Unknown)


def test_what_is_unknown_of_a_listener_may_forward() -> None:
    assert isinstance(ways({"default_action": LATER}), Unknown)
    (way,) = ways({"default_action": [{"type": LATER, "target_group_arn": GROUP}]})
    assert way.groups.maybe == ("aws_lb_target_group.g",)
    assert way.groups.unknown
    (lost,) = ways({"default_action": [REDIRECT]}, rule_of({"action": LATER}))
    assert lost.groups.unknown
    elsewhere = record("aws_lb_listener_rule", {"listener_arn": LATER, "action": [FORWARD]})
    (loose,) = ways({"default_action": [REDIRECT]}, elsewhere)
    assert loose.groups.maybe == ("aws_lb_target_group.g",)
    assert not loose.groups.targets


def test_rules_of_a_listener_that_is_looked_up_were_not_read() -> None:
    found = mapped(Listener, record("aws_lb_listener", {"default_action": []}, managed=False))
    assert found.forwards.content[0].groups.unknown


def test_a_classic_listener_forwards_to_its_own_targets() -> None:
    body = {"listener": [{"lb_port": 443, "lb_protocol": "tcp", "instance_port": 8443}]}
    found = mapped(Listener, record("aws_elb", body))
    (way,) = found.forwards.content
    assert way.groups.targets == (found.address,)
    assert way.authenticated.is_false


@pytest.mark.parametrize(
    ("mapping", "addresses"),
    [
        ([{"private_ipv4_address": "10.0.0.9"}, {"subnet_id": "x"}], ("10.0.0.9",)),
        ([], ()),
        (LeftOut(), ()),
        ([{"private_ipv4_address": LATER}], LATER),
    ],
)
def test_the_fixed_addresses_of_a_network_balancer(mapping: Any, addresses: Any) -> None:
    body = {"load_balancer_type": "network", "subnet_mapping": mapping}
    found = mapped(LoadBalancer, record("aws_lb", body))
    assert found.addresses.content == addresses


def test_a_balancer_that_names_no_group_has_none_written() -> None:
    found = mapped(LoadBalancer, record("aws_lb", {"security_groups": LeftOut()}))
    assert found.security_groups.is_empty
    later = mapped(LoadBalancer, record("aws_lb", {"security_groups": LATER}))
    assert later.security_groups.unknown
