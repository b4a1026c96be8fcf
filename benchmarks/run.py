"""Measure scans of generated plans against yardsticks taken in the same run.

Seconds are CPU seconds of the finished process. What counts are the ratios: they hold on a
slower or busier machine, where seconds do not.
"""

import argparse
import math
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from json_floor import orjson_seconds

HERE = Path(__file__).parent
SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}
FORMATS = ("html", "xml", "json")
SCAN_RESULTS = (0, 1, 3)
CHECKOV_OPTIONS = ("--framework", "terraform_plan", "-o", "json", "--skip-download")
# macOS counts the peak in bytes, Linux in KiB.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Cost:
    """What one finished process took."""

    cpu: float
    wall: float
    peak: int


@dataclass(frozen=True)
class Measure:
    """One line of the table; the limits are those of the performance goals."""

    name: str
    value: str
    must: str = ""
    stretch: str = ""


def cost(
    command: list[str],
    *,
    accepted: Iterable[int] = (0,),
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Run the command to its end and return what it and the processes it waited for took."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env={**os.environ, **(environment or {})},
            )
        except OSError as error:
            raise SystemExit(f"{command[0]} cannot be run: {error.strerror}") from error
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in accepted:
            raise SystemExit(
                f"{shlex.join(command)} ended with {process.returncode}:\n{_end_of(errors)}"
            )
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * RSS_UNIT)


def _end_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")[-2_000:].strip()


class Bench:
    """The samples of all rounds; a round takes each thing once, so noise hits all alike."""

    def __init__(self, command: list[str], plans: Mapping[str, Path], checkov: str | None) -> None:
        """Take no sample yet."""
        self.command = command
        self.plans = plans
        self.checkov = checkov
        self.samples: dict[str, list[Cost]] = defaultdict(list)
        self.floors: dict[str, list[float]] = defaultdict(list)

    def warm_up(self) -> None:
        """Let the interpreter write its byte code, which is not measured."""
        cost([*self.command, "--version"])

    def round(self) -> None:
        """Take each sample once."""
        self.samples["import click"].append(cost([sys.executable, "-c", "import click"]))
        for option in ("--version", "--help"):
            self.samples[option].append(cost([*self.command, option]))
        for size, plan in self.plans.items():
            self.floors[size].append(orjson_seconds(plan))
            self.samples[size].append(self._scan(plan))
        if self.checkov and "10k" in self.plans:
            self.samples["checkov"].append(self._checkov(self.checkov, self.plans["10k"]))

    def _scan(self, plan: Path) -> Cost:
        with tempfile.TemporaryDirectory() as directory:
            reports = [Path(directory, f"report.{suffix}") for suffix in FORMATS]
            outputs = [part for report in reports for part in ("-o", str(report))]
            taken = cost([*self.command, "scan", str(plan), *outputs], accepted=SCAN_RESULTS)
            for report in reports:
                if not report.is_file() or not report.stat().st_size:
                    raise SystemExit(f"the scan of {plan.name} did not write {report.name}")
        return taken

    @staticmethod
    def _checkov(checkov: str, plan: Path) -> Cost:
        # Without this limit it reads plans under 50 MB with a slow parser, for line numbers.
        return cost(
            [checkov, "-f", str(plan), *CHECKOV_OPTIONS],
            accepted=(0, 1),
            environment={"CHECKOV_MAX_IAC_FILE_SIZE": "1000"},
        )

    def measures(self) -> list[Measure]:
        """Return the medians over the rounds of each ratio."""
        measures = []
        for size, must, stretch in (("10k", "10", "5"), ("100k", "12", "6")):
            if size in self.plans:
                ratios = [
                    net / floor
                    for net, floor in zip(self._net(size), self.floors[size], strict=True)
                ]
                name = f"scan of {size} net of start-up / orjson load, CPU"
                measures.append(Measure(name, _times(ratios), f"<= {must}", f"<= {stretch}"))
        if {"10k", "100k"} <= self.plans.keys():
            exponents = [
                math.log10(large / small)
                for small, large in zip(self._net("10k"), self._net("100k"), strict=True)
            ]
            value = f"{statistics.median(exponents):.2f}"
            measures.append(Measure("growth exponent 10k to 100k", value, "<= 1.10", "<= 1.05"))
        if "100k" in self.plans:
            length = self.plans["100k"].stat().st_size
            peaks = [taken.peak / length for taken in self.samples["100k"]]
            measures.append(
                Measure("peak memory / size of the file, 100k", _times(peaks), "<= 6", "<= 3")
            )
        if "1k" in self.plans:
            taken = self.samples["1k"]
            cpu = statistics.median(one.cpu for one in taken)
            wall = statistics.median(one.wall for one in taken)
            measures.append(Measure("scan of 1k end to end, CPU", f"{cpu:.2f} s"))
            measures.append(Measure("scan of 1k end to end, wall", f"{wall:.2f} s", "<= 0.5 s"))
        for option in ("--version", "--help"):
            ratios = self._ratios(option, "import click")
            name = f'`{option}` / `python -c "import click"`, CPU'
            measures.append(Measure(name, _times(ratios), "<= 3", "<= 2"))
        if self.samples["checkov"]:
            ratios = self._ratios("checkov", "10k")
            measures.append(Measure("Checkov / scan of 10k, CPU", _times(ratios), ">= 20", ">= 40"))
            peaks = [
                theirs.peak / ours.peak
                for theirs, ours in zip(self.samples["checkov"], self.samples["10k"], strict=True)
            ]
            measures.append(
                Measure("Checkov / scan of 10k, peak memory", _times(peaks), ">= 4", ">= 8")
            )
        return measures

    def _net(self, size: str) -> list[float]:
        # A stub can cost less than the noise of its own start-up.
        return [
            max(taken.cpu - start.cpu, 0.001)
            for taken, start in zip(self.samples[size], self.samples["--version"], strict=True)
        ]

    def _ratios(self, name: str, base: str) -> list[float]:
        return [
            taken.cpu / max(other.cpu, 0.001)
            for taken, other in zip(self.samples[name], self.samples[base], strict=True)
        ]


def _times(ratios: Iterable[float]) -> str:
    return f"{statistics.median(ratios):.2f}x"


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Return the rows as a Markdown table, the first one being the heading."""
    heading, *body = rows
    lines = [heading, tuple("---" for _ in heading), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def report(bench: Bench) -> str:
    """Return the table of the measures and the table of the medians behind them."""
    measured = table(
        [
            ("measure", "value", "must", "stretch"),
            *((one.name, one.value, one.must, one.stretch) for one in bench.measures()),
        ]
    )
    medians: list[tuple[str, ...]] = [("process", "CPU s", "wall s", "peak MiB")]
    for size, floors in bench.floors.items():
        medians.append((f"orjson load of {size}", f"{statistics.median(floors):.3f}", "", ""))
    for name, taken in bench.samples.items():
        if taken:
            columns = (
                statistics.median(one.cpu for one in taken),
                statistics.median(one.wall for one in taken),
                statistics.median(one.peak for one in taken) / 2**20,
            )
            label = f"scan of {name}" if name in SIZES else name
            cpu, wall, peak = columns
            medians.append((label, f"{cpu:.3f}", f"{wall:.3f}", f"{peak:.0f}"))
    return f"{measured}\n\n{table(medians)}"


def prepare(directory: Path, sizes: Iterable[str]) -> dict[str, Path]:
    """Make the plans that the directory lacks and return where all are."""
    directory.mkdir(parents=True, exist_ok=True)
    plans = {}
    for size in sizes:
        plan = directory / f"{size}.json"
        if not plan.is_file():
            make = [sys.executable, str(HERE / "make_plan.py"), "--resources", str(SIZES[size])]
            subprocess.run([*make, "--out", str(plan)], check=True)
        plans[size] = plan
    return plans


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description="Measure scans of generated plans.")
    parser.add_argument("--sizes", nargs="+", choices=tuple(SIZES), default=list(SIZES))
    parser.add_argument("--runs", type=int, default=3, help="rounds to take the median of (3)")
    parser.add_argument(
        "--plans", type=Path, help="keep the plans here, and use those that are here already"
    )
    parser.add_argument("--command", default="python -m scanner", help="how to run the scanner")
    parser.add_argument("--checkov", metavar="PATH", help="a Checkov to compare with, at 10k")
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("--runs: at least one is needed")
    if arguments.checkov and "10k" not in arguments.sizes:
        parser.error("--checkov compares at 10k, which --sizes leaves out")
    command = shlex.split(arguments.command)
    if command[:1] == ["python"]:
        command[0] = sys.executable
    with tempfile.TemporaryDirectory() as temporary:
        sizes = [size for size in SIZES if size in arguments.sizes]
        plans = prepare(arguments.plans or Path(temporary), sizes)
        bench = Bench(command, plans, arguments.checkov)
        bench.warm_up()
        for number in range(arguments.runs):
            print(f"round {number + 1} of {arguments.runs}", file=sys.stderr)
            bench.round()
        print(report(bench))


if __name__ == "__main__":
    main()
