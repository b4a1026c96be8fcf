"""Customers log in with a second factor."""

from scanner.model.identity import UserPool
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "customer-pool-demands-second-factor",
    title="Customer directories ask for a second factor",
    severity=Severity.HIGH,
    fix="Set mfa_configuration to ON.",
)
def check(pool: UserPool) -> Truth:
    """A stolen password is enough to act as the customer otherwise."""
    return pool.demands_second_factor
