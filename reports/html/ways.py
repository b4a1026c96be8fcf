"""Chooses which paths of packets the page draws, and tells the others in words.

A drawing costs as much as a hundred findings, so there is a limit: failed checks come first, then
undetermined ones, then what the internet reaches, and the proofs of passed checks last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from reports.drawing import drawing
from reports.grouping import Group
from reports.html.views import HopView, WayView
from reports.paths import Step, headline, steps
from scanner.engine import Scan
from scanner.finding import Finding, Verdict
from scanner.network.chain import Path
from scanner.network.codes import CODES
from scanner.truth import State

_KEYS = {State.TRUE: "open", State.FALSE: "shut", State.UNKNOWN: "unknown"}


class Ways:
    """The paths that are drawn, by number, counting from 1.

    count: how many there are in all.
    """

    def __init__(self, scan: Scan, found: Sequence[Group], complete: bool, limit: int) -> None:
        self.networks = scan.networks
        self._of: dict[int, tuple[Path, ...]] = {}
        every = dict.fromkeys(self._telling(found))
        self._telling_count = len(every)
        if complete:
            for group in found:
                every |= dict.fromkeys(self._gather(group.passed))
        self.count = len(every)
        self.numbers = {path: place for place, path in enumerate(list(every)[:limit], 1)}

    def _telling(self, found: Sequence[Group]) -> Iterator[Path]:
        for verdict in (Verdict.FAIL, Verdict.UNDETERMINED):
            for group in found:
                yield from self._gather(group.of(verdict))
        if self.networks.has_networks:
            for row in self.networks.exposed:
                yield from row.paths

    def _gather(self, findings: Sequence[Finding]) -> Iterator[Path]:
        for finding in findings:
            paths = finding.paths
            if paths:
                self._of[id(finding)] = paths
                yield from paths

    def paths(self, finding: Finding) -> tuple[Path, ...]:
        """Give the paths of a finding; most have none."""
        return self._of.get(id(finding), ())

    def of(self, path: Path) -> tuple[int, str]:
        """Give the number of a path, 0 if it is not drawn, and its headline."""
        return self.numbers.get(path, 0), headline(path)

    def views(self) -> Iterator[WayView]:
        """Draw them."""
        for path, number in self.numbers.items():
            told = [_hop(item) for item in steps(path)]
            yield WayView(
                number,
                _KEYS[path.state],
                number > self._telling_count,
                headline(path),
                Markup(drawing(path, self.networks.place, f"path-{number}")),  # it is escaped there
                [item for item in told if not item.reply],
                [item for item in told if item.reply],
            )


def _hop(item: Step) -> HopView:
    return HopView(
        item.number, item.node, item.text, item.code, CODES.get(item.code, ""),
        _KEYS[item.state], item.reply, item.facts,
    )  # fmt: skip
