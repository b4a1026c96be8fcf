"""Route tables in force, and what traffic rules let in."""

from __future__ import annotations

import pytest

from scanner.network.placement import is_public
from scanner.network.traffic import is_internet, is_wider


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.0.0.0/0", True),
        ("::/0", True),
        ("0.0.0.0/1", True),
        ("128.0.0.0/1", True),
        ("2000::/3", True),
        ("10.0.0.0/8", False),
        ("10.0.0.0/7", True),
        ("203.0.113.0/24", False),
        ("fd00::/8", False),
        ("pl-12345", False),
        ("", False),
        ("300.0.0.0/0", False),
    ],
)
def test_range_as_wide_as_the_internet(text: str, expected: bool) -> None:
    assert is_internet(text) is expected


def test_private_ranges_are_not_public() -> None:
    assert not any(map(is_public, ("10.1.0.0/16", "172.31.0.0/16", "192.168.0.0/16", "fc00::/7")))
    assert all(map(is_public, ("0.0.0.0/0", "8.8.8.0/24", "::/0", "172.0.0.0/8")))


def test_wider_than_allowed() -> None:
    assert is_wider("10.0.0.0/8", 16, 48)
    assert not is_wider("10.0.0.0/16", 16, 48)
    assert is_wider("2001:db8::/32", 16, 48)
    assert not is_wider("all-fra-services-in-oracle-services-network", 16, 48)
