"""Shows how far a long command is, on stderr and only for people."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PATIENCE_SECONDS = 1.0


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Give a function that takes steps done and their total; nothing shows in the first second."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    began = time.monotonic()
    shown = False

    def report(done: int, total: int) -> None:
        nonlocal shown
        if time.monotonic() - began > _PATIENCE_SECONDS:
            shown = True
            sys.stderr.write(f"\r{done} of {total} rules applied ")
            sys.stderr.flush()

    yield report
    if shown:
        sys.stderr.write("\r\x1b[K")
