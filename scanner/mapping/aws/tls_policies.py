"""The named security policies of load balancers, by the oldest TLS version that each permits.

Elastic Load Balancing guides, "Security policies for your Application Load Balancer" and "... for
your Network Load Balancer" (tables of protocols by policy: TLS, FIPS and FS policies), and
"Predefined SSL security policies for Classic Load Balancers".  A name that is not here is unknown,
not weak; the policies for RFC 9151 are among those.
"""

from __future__ import annotations

from typing import Final

_PREFIX: Final = "ELBSecurityPolicy-"

_FROM_1_2: Final = (
    "TLS13-1-3-2021-06",
    "TLS13-1-2-2021-06",
    "TLS13-1-2-Res-2021-06",
    "TLS13-1-2-Ext1-2021-06",
    "TLS13-1-2-Ext2-2021-06",
    "TLS13-1-3-FIPS-2023-04",
    "TLS13-1-2-FIPS-2023-04",
    "TLS13-1-2-Res-FIPS-2023-04",
    "TLS13-1-2-Ext0-FIPS-2023-04",
    "TLS13-1-2-Ext1-FIPS-2023-04",
    "TLS13-1-2-Ext2-FIPS-2023-04",
    "TLS13-1-3-PQ-2025-09",
    "TLS13-1-2-PQ-2025-09",
    "TLS13-1-2-Res-PQ-2025-09",
    "TLS13-1-2-Ext1-PQ-2025-09",
    "TLS13-1-2-Ext2-PQ-2025-09",
    "TLS13-1-3-FIPS-PQ-2025-09",
    "TLS13-1-2-FIPS-PQ-2025-09",
    "TLS13-1-2-Res-FIPS-PQ-2025-09",
    "TLS13-1-2-Ext0-FIPS-PQ-2025-09",
    "TLS13-1-2-Ext1-FIPS-PQ-2025-09",
    "TLS13-1-2-Ext2-FIPS-PQ-2025-09",
    "TLS-1-2-2017-01",
    "TLS-1-2-Ext-2018-06",
    "FS-1-2-2019-08",
    "FS-1-2-Res-2019-08",
    "FS-1-2-Res-2020-10",
)
_OLDER: Final = (
    "TLS13-1-1-2021-06",
    "TLS13-1-0-2021-06",
    "TLS13-1-1-FIPS-2023-04",
    "TLS13-1-0-FIPS-2023-04",
    "TLS13-1-0-PQ-2025-09",
    "TLS13-1-0-FIPS-PQ-2025-09",
    "TLS-1-1-2017-01",
    "TLS-1-0-2015-04",
    "FS-2018-06",
    "FS-1-1-2019-08",
    "2016-08",
    "2015-05",
    "2015-03",
    "2015-02",
    "2014-10",
    "2014-01",
    "2011-08",
)
_MODERN: Final = {_PREFIX + name: True for name in _FROM_1_2}
_MODERN.update({_PREFIX + name: False for name in _OLDER})


def is_modern(name: str) -> bool | None:
    """Whether a policy permits only TLS 1.2 and newer; None for a name that is not known."""
    return _MODERN.get(name)
