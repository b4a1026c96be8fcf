from __future__ import annotations

from typing import Any

import pytest

from scanner.model.network import InternetBlock, InternetBlockExclusion
from scanner.value import Unknown
from tests.mapping.conftest import LeftOut, Pointer, mapped, record

LATER = Unknown("known after apply")


@pytest.mark.parametrize("mode", ["off", "block-bidirectional", "block-ingress", LATER])
def test_the_switch_has_a_mode(mode: Any) -> None:
    body = {"internet_gateway_block_mode": mode}
    found = mapped(InternetBlock, record("aws_vpc_block_public_access_options", body))
    assert found.mode.content == mode


@pytest.mark.parametrize(
    ("body", "of"),
    [
        ({"vpc_id": Pointer("aws_vpc.v"), "subnet_id": None}, "aws_vpc.v"),
        ({"subnet_id": Pointer("aws_subnet.s")}, "aws_subnet.s"),
    ],
)
def test_a_network_or_a_subnet_is_left_out(body: dict[str, Any], of: str) -> None:
    whole = {**body, "internet_gateway_exclusion_mode": "allow-egress"}
    found = mapped(InternetBlockExclusion, record("aws_vpc_block_public_access_exclusion", whole))
    assert found.of.targets == (of,)
    assert found.of.certain
    assert found.mode.content == "allow-egress"


def test_what_is_left_out_may_not_be_known() -> None:
    body = {"vpc_id": LATER, "subnet_id": LeftOut(), "internet_gateway_exclusion_mode": LATER}
    found = mapped(InternetBlockExclusion, record("aws_vpc_block_public_access_exclusion", body))
    assert found.of.unknown
    assert isinstance(found.mode.content, Unknown)
