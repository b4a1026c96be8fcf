"""Listeners accept TLS 1.2 and newer only."""

from scanner.model.edge import Listener
from scanner.rule import Severity, rule
from scanner.truth import Truth


def speaks_tls(listener: Listener) -> Truth:
    """Only listeners that speak TLS have versions to choose from."""
    return listener.encrypts


@rule(
    "listener-tls-modern",
    title="TLS listeners accept only TLS 1.2 and newer",
    severity=Severity.HIGH,
    fix="Choose a security policy, or protocols, without TLS 1.0 and 1.1.",
    when=speaks_tls,
)
def check(listener: Listener) -> Truth:
    """Old versions can be forced upon a client and broken."""
    return listener.modern_tls
