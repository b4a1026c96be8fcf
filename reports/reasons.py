"""Brings missing facts under common reasons: what differs only in a quoted name is one reason."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"[^"]*"')


def reason_of(fact: str) -> str:
    """Give the reason that a missing fact is an instance of."""
    return _QUOTED.sub('"…"', fact) if '"' in fact else fact
