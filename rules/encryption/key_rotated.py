"""Keys are replaced automatically."""

from scanner.model.keys import Key
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "key-rotated",
    title="Customer-managed keys rotate automatically",
    severity=Severity.MEDIUM,
    fix="AWS: enable_key_rotation = true. OCI: is_auto_rotation_enabled in a private vault.",
)
def check(key: Key) -> Truth:
    """The longer one key is used, the more is lost when it leaks."""
    return key.rotates
