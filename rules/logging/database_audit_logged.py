"""Databases export their logs."""

from scanner.model.data import Database
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "database-audit-logged",
    title="Databases export audit or engine logs",
    severity=Severity.MEDIUM,
    fix="List the engine's log types in enabled_cloudwatch_logs_exports, or enable audit logging.",
)
def check(database: Database) -> Truth:
    """Access to account data must be traceable to a person, outside the database itself."""
    return database.audit_logged
