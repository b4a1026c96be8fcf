"""Measure what loading a plan with orjson costs: the yardstick for the cost of a scan."""

import argparse
import subprocess
import sys
from pathlib import Path

# Measured inside the child, from after the imports to after the load, so that neither the
# start of the interpreter nor the release of the memory counts. The cyclic collector is off:
# it finds nothing in parsed JSON and more than doubles the cost.
_CHILD = """
import gc, os, resource, sys
import orjson

def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime

gc.disable()
before = cpu()
with open(sys.argv[1], "rb") as file:
    plan = orjson.loads(file.read())
print(cpu() - before, flush=True)
os._exit(0)
"""


def orjson_seconds(path: Path) -> float:
    """Return the CPU seconds (user and system) of reading and parsing the file once."""
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(path)], capture_output=True, text=True, check=False
    )
    if child.returncode:
        reason = child.stderr.strip().splitlines()[-1:] or ["no message"]
        raise SystemExit(f"orjson could not load {path}: {reason[0]}")
    return float(child.stdout)


def main() -> None:
    """Print the CPU seconds for each file."""
    parser = argparse.ArgumentParser(description="CPU seconds of loading a file with orjson.")
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    for path in parser.parse_args().files:
        print(f"{orjson_seconds(path):.3f} {path.name}")


if __name__ == "__main__":
    main()
