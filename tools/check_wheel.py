"""Builds the wheel, installs it into a clean environment and scans a plan with it there."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
PLAN = ROOT / "fixtures" / "landing_zones" / "banking_oke_oci" / "compliant" / "plan.json"


def run(*command: str | Path, cwd: Path) -> None:
    """Run a command that must succeed."""
    subprocess.run([str(part) for part in command], cwd=cwd, check=True)


def main() -> int:
    """Do it, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "-w",
            folder,
            ROOT,
            cwd=folder,
        )
        (wheel,) = folder.glob("*.whl")
        venv.create(folder / "env", with_pip=True)
        python = folder / "env" / "bin" / "python"
        run(python, "-m", "pip", "install", "--quiet", wheel, cwd=folder)
        assay = folder / "env" / "bin" / "assay"
        # Exit code 1 or 3 would be a verdict on the plan; what counts here is that it is reached.
        run(assay, "scan", PLAN, "--fail-on", "never", "-o", "r.html", "-o", "r.xml", cwd=folder)
        sizes = {path.name: path.stat().st_size for path in folder.glob("r.*")}
        if len(sizes) != 2 or not all(sizes.values()):
            print(f"the installed wheel did not write its reports: {sizes}", file=sys.stderr)
            return 1
        print(f"{wheel.name}: installs and scans; reports of {sizes} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
