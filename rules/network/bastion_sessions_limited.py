"""Bastion sessions end."""

from scanner.model.network import Bastion
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "bastion-sessions-limited",
    title="Bastion sessions end after a set time",
    severity=Severity.MEDIUM,
    fix="Lower max_session_ttl_in_seconds.",
)
def check(bastion: Bastion, *, longest_session_seconds: int = 7200) -> Truth:
    """A session left open is a door that somebody else may use."""
    return bastion.longest_session_seconds.test(lambda seconds: seconds <= longest_session_seconds)
