"""Data stores are patched."""

from scanner.model.data import DataStore
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "minor-upgrades-automatic",
    title="Data stores take minor upgrades automatically",
    severity=Severity.MEDIUM,
    fix="Enable automatic minor version upgrades within a maintenance window.",
)
def check(store: DataStore) -> Truth:
    """Known holes stay open until somebody thinks of them."""
    return store.minor_upgrades_automatic
