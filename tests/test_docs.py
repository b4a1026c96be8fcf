"""What README and the pages say is true: their commands are run, their outputs compared."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ZONES = ROOT / "fixtures" / "landing_zones"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(), re.DOTALL)


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    tools = folder / "bin"
    tools.mkdir(exist_ok=True)
    for name, text in {
        "assay": f'#!/bin/sh\nexec "{sys.executable}" -m scanner "$@"\n',
        # `plan` writes a file, `show -json` prints the plan of the zone that was copied here.
        "terraform": '#!/bin/sh\nif [ "$1" = show ]; then cat plan.json; else : > plan.out; fi\n',
    }.items():
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={"PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("page", ["README.md", "docs/start-here.md"])
def test_shell_commands_of_a_page_work(page: str, tmp_path: Path) -> None:
    shutil.copytree(ZONES / "banking_oke_oci" / "compliant", tmp_path, dirs_exist_ok=True)
    shown = [block for block in blocks(page, "sh") if "assay scan" in block]
    assert shown
    for block in shown:
        done = run(block, tmp_path)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "report.html").stat().st_size > 10_000
        assert (tmp_path / "junit.xml").stat().st_size > 10_000


def test_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"make (\w+)", "".join(blocks("README.md", "sh"))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_demo_output_of_the_readme_is_what_the_demo_prints() -> None:
    recipe = re.search(r"^demo:.*?\n((?:\t.*\n|\s*\\\n)+)", (ROOT / "Makefile").read_text(), re.M)
    assert recipe
    shown = blocks("README.md", "text")[0].splitlines()
    scans = [line for line in recipe[1].replace("\\\n", " ").splitlines() if " scan " in line]
    assert len(scans) == 2
    printed: list[str] = []
    for line in scans:
        arguments = re.split(r"\s-o\s", line.split(" scan ", 1)[1])[0].split()
        done = subprocess.run(
            [sys.executable, "-m", "scanner", "scan", *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode in (0, 1), done.stderr
        printed += [text.rstrip() for text in done.stdout.splitlines()]
    missing = [line for line in shown if line and line != "…" and line not in printed]
    assert missing == []


def test_links_between_pages_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "tools/make_docs.py", "--check"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_example_rule_of_the_guide_is_a_real_one() -> None:
    (example,) = blocks("docs/how-to-extend.md", "python")
    assert "def check(" in example
    compile(example, "example", "exec")
