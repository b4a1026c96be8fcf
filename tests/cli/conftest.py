"""Runs the real command in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.plans import plan

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def assay(tmp_path: Path) -> Run:
    def run(*args: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            [sys.executable, "-m", "scanner", *map(str, args)],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"},
            timeout=60,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done

    return run


@pytest.fixture
def clean() -> bytes:
    return plan({"aws_kms_key.a": {"enable_key_rotation": True, "deletion_window_in_days": 30}})


@pytest.fixture
def violating() -> bytes:
    return plan({"aws_kms_key.a": {"enable_key_rotation": False, "deletion_window_in_days": 30}})


@pytest.fixture
def undecided() -> bytes:
    return plan({"aws_db_instance.a": {"publicly_accessible": yaml_unknown()}})


def yaml_unknown() -> object:
    from tests.plans import Unknown

    return Unknown()
