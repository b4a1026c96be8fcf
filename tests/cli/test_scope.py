"""The option `--scope`: what the owner declares reaches the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.plans import plan

NETWORKS = {
    "aws_vpc.a": {"cidr_block": "10.0.0.0/16"},
    "aws_vpc.b": {"cidr_block": "10.1.0.0/16"},
}
RULE = ("--rule", "environments-separated")


def test_a_file_of_scopes_reaches_the_rules(assay: Run, tmp_path: Path) -> None:
    text = "environments: {a: [{resource: aws_vpc.a}], b: [{resource: aws_vpc.b}]}"
    (tmp_path / "assay.yaml").write_text(text)
    args = ("scan", "-", *RULE, "-o", "-", "--format", "json")
    assert b'"resource": "aws_vpc.a"' not in assay(*args, stdin=plan(NETWORKS)).stdout
    done = assay(*args, "--scope", "assay.yaml", stdin=plan(NETWORKS))
    assert done.returncode == 0, done.stderr
    assert b"aws_vpc.a" in done.stdout


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("bastion: []", "assay.yaml, line 1: bastion: not known here"),
        (None, "cannot read assay.yaml"),
    ],
)
def test_a_wrong_file_ends_with_2_and_one_sentence(
    assay: Run, tmp_path: Path, text: str | None, told: str
) -> None:
    if text is not None:
        (tmp_path / "assay.yaml").write_text(text)
    done = assay("scan", "-", *RULE, "--scope", "assay.yaml", stdin=plan(NETWORKS))
    assert done.returncode == 2
    assert told in done.stderr.decode()
    assert done.stderr.decode().count("\n") == 1
