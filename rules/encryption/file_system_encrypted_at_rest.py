"""File systems are encrypted."""

from scanner.model.data import FileSystem
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "file-system-encrypted-at-rest",
    title="File systems are encrypted at rest",
    severity=Severity.HIGH,
    fix="Create the file system with encrypted = true; an existing one has to be copied.",
)
def check(file_system: FileSystem) -> Truth:
    """Files on an unencrypted system are readable by whoever holds the medium or a backup."""
    return file_system.encrypted_at_rest
