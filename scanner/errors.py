"""The errors that a user can cause and mend: each says what was read and what to do."""

from __future__ import annotations


class AssayError(Exception):
    """The family of all errors that end a command with a message instead of a trace."""


class SourceError(AssayError):
    """An input that cannot be read at all; never holds a value that the input holds."""

    def __init__(self, name: str, found: str, advice: str = "") -> None:
        self.name = name
        self.found = found
        self.advice = advice
        super().__init__(f"{name} {found}" + (f": {advice}" if advice else ""))


class UnreadableError(SourceError):
    """The bytes themselves could not be had: no file, no permission, a broken archive."""


class NotJsonError(SourceError):
    """The bytes are not a complete JSON text."""


class NotTerraformError(SourceError):
    """The text is JSON, but neither a Terraform plan nor a state."""


class FrameworkError(AssayError):
    """A framework file is damaged or names what does not exist."""


class ConfigError(AssayError):
    """A setting or option names what does not exist or is out of range."""


def place_of_fault(error: Exception) -> str:
    """Say which error it was and where, never what it says: its text may quote a value."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at line {trace.tb_lineno} of {trace.tb_frame.f_code.co_name}" if trace else ""
    return f"{type(error).__name__}{place}"
