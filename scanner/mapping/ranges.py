"""Address ranges in attributes of both clouds."""

from __future__ import annotations

from ipaddress import ip_network


def is_everywhere(text: str) -> bool:
    """Whether a range is as wide as the internet, also as one of several parts of it.

    That is larger than a /8 (IPv4) or a /20 (IPv6), as `scanner.network.traffic` has it.
    """
    try:
        network = ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    return network.prefixlen < (8 if network.version == 4 else 20) and not network.is_private
