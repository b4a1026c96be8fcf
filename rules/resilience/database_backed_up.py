"""Databases are backed up."""

from scanner.model.data import Database
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "database-backed-up",
    title="Databases keep automatic backups",
    severity=Severity.HIGH,
    fix="Set the backup retention to a week or more.",
)
def check(database: Database, *, shortest_days: int = 7) -> Truth:
    """Errors and attacks are often noticed after the last backup was overwritten."""
    return database.backup_days.test(lambda days: days >= shortest_days)
