"""What is not a plan or a state is refused in words that help, and hold nothing of the input."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from scanner.errors import NotJsonError, NotTerraformError, SourceError
from scanner.sources.terraform import open_input, read

PLAN = Path(__file__).parents[2] / "fixtures/terraform/references/plan.json"
LOG = b'{"@level":"info","@message":"Terraform 1.11.4","type":"version"}\n{"@level":"info"}\n'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\t", "is empty"),
        (b"<!DOCTYPE html><html>canary</html>", "HTML"),
        (b"canary", "is not JSON"),
        (b'{"format_version": "1.2", "resource_changes": [{"address": "canary', "ends early"),
        (b"[1, 2]", "not an object"),
        (b'"canary"', "not an object"),
        (b'{"hello": "canary"}', "no Terraform plan or state (it has 'hello')"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (LOG, "log of `terraform plan -json`"),
        (b"\x1f\x8bcanary", "damaged gzip"),
        (b"PK\x03\x04canary", "binary plan"),
        (b'{"format_version": "caf\xe9"}', "is not UTF-8"),
        (b"\xff\xfe\x00", "UTF-16"),
        (b'{"version": 3, "resources": [], "lineage": "x"}', "version 3"),
        (b'{"format_version": "1.0", "provider_schemas": {}}', "provider schemas"),
    ],
)
def test_what_is_not_terraform_is_named(data: bytes, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        read("input.json", data)
    assert words in str(caught.value)
    assert str(caught.value).startswith("input.json ")
    assert "canary" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        open_input(str(tmp_path / "absent.json"))
    with pytest.raises(SourceError, match="is a directory"):
        open_input(str(tmp_path))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_of_powershell_are_read(encoding: str) -> None:
    text = PLAN.read_text()
    assert len(read("plan", text.encode(encoding)).records) > 40


def test_gzip_is_read() -> None:
    plain = PLAN.read_bytes()
    assert len(read("p", gzip.compress(plain)).records) == len(read("p", plain).records)


def test_the_error_kinds_differ() -> None:
    with pytest.raises(NotJsonError):
        read("x", b"nothing")
    with pytest.raises(NotTerraformError):
        read("x", b"{}")


def test_a_newer_format_and_an_errored_plan_are_warned_of() -> None:
    plan = json.loads(PLAN.read_bytes())
    plan |= {"format_version": "9.1", "errored": True}
    inventory = read("p", json.dumps(plan).encode())
    assert any("9.1" in warning for warning in inventory.warnings)
    assert any("ended with an error" in gap.reason for gap in inventory.gaps)
    assert len(inventory.records) > 40


def test_an_incomplete_plan_is_a_gap() -> None:
    plan = json.loads(PLAN.read_bytes())
    plan["complete"] = False
    plan["deferred_changes"] = [
        {"reason": "provider_config_unknown", "resource_change": plan["resource_changes"][1]}
    ]
    inventory = read("p", json.dumps(plan).encode())
    assert [gap.scope for gap in inventory.gaps] == ["p", plan["resource_changes"][1]["address"]]


def test_a_binary_plan_is_shown_by_the_local_terraform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "terraform"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\n[ "$PWD/$4" = "{tmp_path}/plan.out" ] && cat "{PLAN}"\n')
    program.chmod(0o755)
    (tmp_path / "plan.out").write_bytes(b"PK\x03\x04rest")
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    assert len(open_input(str(tmp_path / "plan.out")).records) > 40
    (tmp_path / "other.out").write_bytes(b"PK\x03\x04rest")
    with pytest.raises(SourceError, match="refused"):
        open_input(str(tmp_path / "other.out"))
