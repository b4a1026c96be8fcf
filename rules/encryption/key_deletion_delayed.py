"""Keys cannot vanish at once."""

from scanner.model.keys import Key
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "key-deletion-delayed",
    title="Deleting a key takes long enough to notice",
    severity=Severity.MEDIUM,
    fix="Set deletion_window_in_days to 14 or more.",
)
def check(key: Key, *, shortest_days: int = 14) -> Truth:
    """A key that is gone takes all data under it with it; the wait is the only way back."""
    return key.deletion_days.test(lambda days: days >= shortest_days)
