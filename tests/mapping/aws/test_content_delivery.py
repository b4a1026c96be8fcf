from __future__ import annotations

from typing import Any

import pytest

from scanner.model.edge import EdgeService, NetworkLink
from scanner.record import Record
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

LATER = Unknown("known after apply")
SIGNED = {"trusted_key_groups": ["k"], "viewer_protocol_policy": "https-only"}
OPEN = {"viewer_protocol_policy": "https-only"}


def distribution(body: dict[str, Any], *others: Record) -> Any:
    body = {"enabled": True, "default_cache_behavior": [OPEN], **body}
    return mapped(EdgeService, record("aws_cloudfront_distribution", body), *others)


@pytest.mark.parametrize(
    ("enabled", "state"), [(True, "true"), (False, "false"), (LATER, "unknown")]
)
def test_a_distribution_that_is_enabled_is_public(enabled: object, state: str) -> None:
    found = distribution({"enabled": enabled})
    assert found.public.state.value == state
    assert found.kind.content == "CloudFront"
    assert found.preserves_client_address.is_false


@pytest.mark.parametrize(
    ("policies", "ports"),
    [
        (["https-only"], (443,)),
        (["https-only", "https-only"], (443,)),
        (["https-only", "redirect-to-https"], (443, 80)),
        (["allow-all", LATER], (443, 80)),
        (["https-only", LATER], LATER),
    ],
)
def test_the_ports_of_a_distribution(policies: list[object], ports: object) -> None:
    first, *more = [{"viewer_protocol_policy": policy} for policy in policies]
    found = distribution({"default_cache_behavior": [first], "ordered_cache_behavior": more})
    assert found.ports.content == ports


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({}, "false"),
        ({"default_cache_behavior": [SIGNED]}, "true"),
        ({"default_cache_behavior": [{"trusted_signers": ["self"]}]}, "true"),
        ({"default_cache_behavior": [SIGNED], "ordered_cache_behavior": [OPEN]}, "false"),
        ({"default_cache_behavior": [{"trusted_key_groups": LATER}]}, "unknown"),
        (
            {
                "default_cache_behavior": [
                    {"trusted_key_groups": Pointer("aws_cloudfront_key_group.k")}
                ]
            },
            "true",
        ),
        ({"default_cache_behavior": [{"trusted_key_groups": LeftOut()}]}, "false"),
        (
            {
                "default_cache_behavior": [
                    {"function_association": [{"event_type": "viewer-request"}]}
                ]
            },
            "unknown",
        ),
        (
            {
                "default_cache_behavior": [
                    {"function_association": [{"event_type": "viewer-response"}]}
                ]
            },
            "false",
        ),
        ({"viewer_mtls_config": [{"mode": "required"}]}, "true"),
        ({"viewer_mtls_config": [{"mode": "optional"}]}, "false"),
        ({"default_cache_behavior": LATER}, "unknown"),
    ],
)
def test_who_gets_through_a_distribution(body: dict[str, Any], state: str) -> None:
    assert distribution(body).authenticated.state.value == state


def test_the_origins_of_a_distribution() -> None:
    origins = [
        {"domain_name": Pointer("aws_lb.a")},
        {"domain_name": Pointer("aws_s3_bucket.b")},
        {"domain_name": "balancer-1.eu-west-1.elb.amazonaws.com"},
        {"domain_name": "example.com"},
    ]
    known = record("aws_lb", {"dns_name": "balancer-1.eu-west-1.elb.amazonaws.com"}, "c")
    found = distribution({"origin": origins}, known)
    assert found.origins.targets == ("aws_lb.a", "aws_s3_bucket.b", "aws_lb.c")
    assert found.origins.outside == ("example.com",)
    assert found.enters.is_empty
    assert distribution({"origin": LATER}).origins.unknown


def test_a_distribution_enters_a_network() -> None:
    balancer = record("aws_lb", {"subnets": [Pointer("aws_subnet.s")]}, "in")
    link = record(
        "aws_cloudfront_vpc_origin",
        {"vpc_origin_endpoint_config": [{"arn": Pointer("aws_lb.in")}]},
        "o",
    )
    through = {
        "domain_name": "x.internal",
        "vpc_origin_config": [{"vpc_origin_id": Pointer("aws_cloudfront_vpc_origin.o")}],
    }
    found = distribution({"origin": [through]}, link, balancer)
    assert found.enters.targets == ("aws_cloudfront_vpc_origin.o",)
    assert found.origins.targets == ("aws_lb.in",)
    assert found.origins.outside == ()
    entered = mapped(NetworkLink, link, balancer)
    assert entered.origins.targets == ("aws_lb.in",)
    assert entered.subnets.maybe == ("aws_subnet.s",)
    assert entered.subnets.unknown
    assert entered.security_groups.unknown
    assert entered.addresses.content == ()


@pytest.mark.parametrize(
    ("action", "known"),
    [({"allow": [{}]}, True), ({"allow": [], "block": [{}]}, False), (LATER, False)],
)
def test_a_firewall_that_refuses_by_default_may_limit_callers(action: Any, known: bool) -> None:
    firewall = record("aws_wafv2_web_acl", {"default_action": [action]}, "w")
    found = distribution({"web_acl_id": Pointer("aws_wafv2_web_acl.w")}, firewall)
    assert (found.public_ranges.content == ()) is known
    assert isinstance(found.public_ranges.content, Unknown) is not known


def test_without_a_firewall_anybody_may_call() -> None:
    assert distribution({"web_acl_id": LeftOut()}).public_ranges.content == ()
    assert isinstance(distribution({"web_acl_id": LATER}).public_ranges.content, Unknown)
