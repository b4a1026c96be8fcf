from __future__ import annotations

from typing import Any

import pytest

from scanner.model.edge import TransferServer, WebFirewall
from scanner.value import Unknown
from tests.mapping.conftest import Pointer, mapped, record

LATER = Unknown("known after apply")


@pytest.mark.parametrize(
    "type", ["aws_wafv2_web_acl_association", "aws_wafregional_web_acl_association"]
)
def test_an_association_protects_what_it_names(type: str) -> None:
    firewall = mapped(WebFirewall, record(type, {"resource_arn": Pointer("aws_lb.a")}))
    assert firewall.protects.targets == ("aws_lb.a",)
    assert mapped(WebFirewall, record(type, {"resource_arn": LATER})).protects.unknown


@pytest.mark.parametrize(
    "type", ["aws_wafv2_web_acl", "aws_wafregional_web_acl", "aws_waf_web_acl"]
)
def test_an_acl_alone_protects_nothing(type: str) -> None:
    assert mapped(WebFirewall, record(type, {})).protects.is_empty


def test_where_a_transfer_server_stands() -> None:
    details = {
        "subnet_ids": [Pointer("aws_subnet.s")],
        "security_group_ids": [Pointer("aws_security_group.g")],
        "address_allocation_ids": [Pointer("aws_eip.e")],
    }
    inside = {"endpoint_type": "VPC", "endpoint_details": [details]}
    server = mapped(TransferServer, record("aws_transfer_server", inside))
    assert server.has_public_address.is_true
    assert server.subnets.targets == ("aws_subnet.s",)
    assert server.security_groups.targets == ("aws_security_group.g",)
    assert server.addresses.content == ()
    for kind, state in (("VPC", "false"), ("PUBLIC", "true"), ("VPC_ENDPOINT", "false")):
        server = mapped(TransferServer, record("aws_transfer_server", {"endpoint_type": kind}))
        assert server.has_public_address.state.value == state
    later = mapped(TransferServer, record("aws_transfer_server", {"endpoint_type": LATER}))
    assert later.has_public_address.is_unknown
    used = mapped(TransferServer, record("aws_transfer_server", {"endpoint_type": "VPC_ENDPOINT"}))
    assert used.subnets.unknown


@pytest.mark.parametrize(
    ("body", "inside", "logged"),
    [
        ({}, "false", "false"),
        ({"endpoint_type": "VPC", "logging_role": Pointer("aws_iam_role.r")}, "true", "true"),
        ({"endpoint_type": LATER, "logging_role": LATER}, "unknown", "unknown"),
        ({"endpoint_type": "PUBLIC", "structured_log_destinations": ["arn:x"]}, "false", "true"),
        ({"structured_log_destinations": []}, "false", "false"),
    ],
)
def test_a_transfer_server(body: dict[str, Any], inside: str, logged: str) -> None:
    server = mapped(TransferServer, record("aws_transfer_server", body))
    assert server.in_network.state.value == inside
    assert server.logged.state.value == logged
