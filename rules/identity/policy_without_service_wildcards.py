"""Policies name actions, not whole services."""

from scanner.identity.rights import (
    compartment_administration,
    grants_whole_service,
    hands_out_whole_service,
    some_statement,
)
from scanner.model.identity import Policy
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "policy-without-service-wildcards",
    title="Policies do not give a whole service on every resource",
    severity=Severity.HIGH,
    fix="Replace wildcards by the actions and resources that are needed; avoid NotAction and "
    "NotResource in Allow statements.",
)
def check(policy: Policy) -> Truth:
    """New actions of the service are granted on the day that the provider invents them."""
    return (
        ~some_statement(policy, grants_whole_service)
        & ~hands_out_whole_service(policy)
        & ~compartment_administration(policy)
    )
