"""The gate: exit codes, outputs, and errors that say what to do."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

RULE = ("--rule", "key-rotated")


def test_clean_plan_from_standard_input_exits_0(assay: Run, clean: bytes) -> None:
    done = assay("scan", "-", *RULE, stdin=clean)
    assert done.returncode == 0, done.stderr


def test_violation_exits_1_from_the_threshold_on(assay: Run, violating: bytes) -> None:
    assert assay("scan", "-", *RULE, stdin=violating).returncode == 1
    assert assay("scan", "-", *RULE, "--fail-on", "medium", stdin=violating).returncode == 1
    assert assay("scan", "-", *RULE, "--fail-on", "high", stdin=violating).returncode == 0
    assert assay("scan", "-", *RULE, "--fail-on", "never", stdin=violating).returncode == 0


def test_undetermined_exits_3_only_when_asked(assay: Run, undecided: bytes) -> None:
    args = ("scan", "-", "--rule", "data-store-not-public")
    warned = assay(*args, stdin=undecided)
    assert warned.returncode == 0
    assert b"1 findings are undetermined" in warned.stderr
    assert assay(*args, "--undetermined", "ignore", stdin=undecided).stderr == b""
    assert assay(*args, "--undetermined", "fail", stdin=undecided).returncode == 3


def test_reports_are_written_by_the_ending_of_the_name(
    assay: Run, violating: bytes, tmp_path: Path
) -> None:
    names = ("r.html", "r.xml", "r.json", "r.txt")
    outputs = [part for name in names for part in ("-o", name)]
    done = assay("scan", "-", *RULE, *outputs, stdin=violating)
    assert done.returncode == 1
    texts = {name: (tmp_path / name).read_text() for name in names}
    assert texts["r.html"].startswith("<!DOCTYPE html>") or texts["r.html"].startswith("<!doctype")
    assert "<testsuites" in texts["r.xml"]
    assert json.loads(texts["r.json"])
    assert all("aws_kms_key.a" in text for text in texts.values())


def test_report_on_standard_output_is_alone_there(assay: Run, violating: bytes) -> None:
    done = assay("scan", "-", *RULE, "-o", "-", "--format", "json", stdin=violating)
    assert json.loads(done.stdout)


def test_quiet_says_nothing(assay: Run, violating: bytes) -> None:
    done = assay("scan", "-", *RULE, "--quiet", stdin=violating)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def test_gzipped_plan_is_read(assay: Run, violating: bytes, tmp_path: Path) -> None:
    (tmp_path / "plan.json.gz").write_bytes(gzip.compress(violating))
    assert assay("scan", "plan.json.gz", *RULE).returncode == 1


def test_two_plans_are_scanned_together(
    assay: Run, clean: bytes, violating: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.json").write_bytes(clean)
    (tmp_path / "b.json").write_bytes(violating)
    done = assay("scan", "a.json", "b.json", *RULE, "-o", "-", "--format", "json")
    findings = json.loads(done.stdout)["findings"]
    assert len(findings) == 2, "equal addresses of two plans are two resources"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ["empty"]),
        (b"   \n", ["empty"]),
        (b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", ["HTML"]),
        (b'{"format_version": "1.2", "resource_changes": [', ["end"]),
        (b'{"hello": "world"}', ["hello", "terraform show -json"]),
        (b"[1, 2, 3]", ["terraform show -json"]),
        (b'{"a":' * 200_000, ["nest"]),
        (b"\xff\xfe\x00\x00\x01", []),
        (b'{"@level":"info","type":"version"}\n{"@level":"info"}\n', ["terraform show -json"]),
    ],
    ids=["empty", "blank", "html", "truncated", "other", "list", "nested", "binary", "log"],
)
def test_unreadable_input_exits_2_and_says_why(
    assay: Run, content: bytes, words: list[str]
) -> None:
    done = assay("scan", "-", stdin=content)
    assert done.returncode == 2
    message = done.stderr.decode()
    assert message.startswith("assay: ")
    assert message.count("\n") <= 3
    for word in words:
        assert word.lower() in message.lower(), message


def test_missing_file_and_folder_exit_2(assay: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("nowhere.json", "folder"):
        done = assay("scan", name)
        assert done.returncode == 2
        assert name in done.stderr.decode()


def test_unknown_ids_name_the_nearest(assay: Run, clean: bytes) -> None:
    done = assay("scan", "-", "--rule", "key-rotatd", stdin=clean)
    assert done.returncode == 2
    assert b"did you mean key-rotated?" in done.stderr
    done = assay("scan", "-", "--framework", "pci-dss", stdin=clean)
    assert done.returncode == 2
    assert b"did you mean pci-dss-4.0.1?" in done.stderr
    assert assay("rules", "key-rotatd").returncode == 2
    assert assay("frameworks", "gdrp").returncode == 2


def test_unwritable_output_is_found_before_the_work(assay: Run, clean: bytes) -> None:
    done = assay("scan", "-", "-o", "nowhere/report.html", stdin=clean)
    assert done.returncode == 2
    assert b"nowhere" in done.stderr


def test_unknown_format_of_output_is_refused(assay: Run, clean: bytes) -> None:
    done = assay("scan", "-", "-o", "report.docx", stdin=clean)
    assert done.returncode == 2
    assert b".html" in done.stderr


def test_newer_format_is_warned_about_and_read(assay: Run, violating: bytes) -> None:
    newer = violating.replace(b'"format_version": "1.2"', b'"format_version": "9.0"', 1)
    done = assay("scan", "-", *RULE, stdin=newer)
    assert done.returncode == 1
    assert b"9.0" in done.stderr + done.stdout


def test_lists_and_shows(assay: Run) -> None:
    listed = assay("rules").stdout.decode()
    assert "key-rotated" in listed and len(listed.splitlines()) >= 60
    assert "enable_key_rotation" in assay("rules", "key-rotated").stdout.decode()
    assert "pci-dss-4.0.1" in assay("frameworks").stdout.decode()
    assert "10.5.1" in assay("frameworks", "pci-dss-4.0.1").stdout.decode()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(assay: Run, shell: str) -> None:
    assert b"_ASSAY_COMPLETE" in assay("completion", shell).stdout


def test_scan_imports_no_cloud_sdk_and_help_imports_little(tmp_path: Path, clean: bytes) -> None:
    import subprocess
    import sys

    (tmp_path / "plan.json").write_bytes(clean)
    script = (
        "import sys, os\n"
        "os._exit = lambda code: None\n"
        "sys.argv = ['assay', *sys.argv[1:]]\n"
        "from scanner.cli.main import main\n"
        "main()\n"
        "print(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )

    def modules(*args: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", script, *args],
            cwd=tmp_path,
            env={"PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            check=True,
        )
        return set(done.stdout.splitlines()[-1].split())

    assert not {"boto3", "botocore", "oci", "networkx", "hcl2"} & modules(
        "scan", "plan.json", "-o", "r.html", "-o", "r.xml", "-o", "r.json"
    )
    assert not {"msgspec", "yaml", "jinja2", "rich", "rules"} & modules("--help")
    assert not {"msgspec", "yaml", "jinja2", "rich", "rules"} & modules("--version")


@pytest.mark.parametrize("name", ["rules", "reports"])
def test_folder_that_hides_a_package_is_named(assay: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    done = assay("rules")
    assert done.returncode == 2
    assert f"hides the {name} of assay" in done.stderr.decode()
