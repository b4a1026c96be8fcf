"""Log groups are encrypted with a key of the customer."""

from scanner.model.logs import LogGroup
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "log-group-uses-customer-key",
    title="Log groups are encrypted with a customer-managed key",
    severity=Severity.MEDIUM,
    fix="Set kms_key_id of the log group.",
)
def check(group: LogGroup) -> Truth:
    """Logs collect personal data, addresses and tokens from everything that writes to them."""
    return group.customer_key
