"""Makes the view of the networks: what each subnet is, and what the internet reaches."""

from __future__ import annotations

from collections import Counter
from typing import Final

from markupsafe import Markup

from reports.answer import GRADES, WAYS
from reports.drawing import signs
from reports.html.views import ExposedRow, Fact, NetworkView, SegmentRow, WayLink
from reports.html.ways import Ways
from reports.visible import visible
from scanner.survey import Exposed, Segment, Survey
from scanner.truth import State

_CLASSES: Final = {
    "public": ("public", "Public"),
    "private with egress": ("private", "Private, with a way out"),
    "isolated": ("isolated", "Isolated"),
    "undetermined": ("undetermined", "Undetermined"),
}
_FACTS: Final = 4


def network(survey: Survey, ways: Ways, limit: int) -> NetworkView | None:
    """Give the view; None where there are neither networks nor paths."""
    if not survey.has_networks and not ways.numbers:
        return None
    segments, exposed = survey.segments, survey.exposed
    counts = Counter(item.name for item in segments)
    examined, resources = survey.asked
    drawn = tuple(ways.views())
    return NetworkView(
        classes=[(key, label, counts[name]) for name, (key, label) in _CLASSES.items()],
        segments=[_segment(item) for item in segments[:limit]],
        more_segments=max(0, len(segments) - limit),
        exposed=[_exposed(item, ways) for item in exposed[:limit]],
        more_exposed=max(0, len(exposed) - limit),
        reached=len({item.address for item in exposed}),
        examined=examined,
        resources=resources,
        signs=Markup(signs()),  # it holds nothing of the input
        ways=drawn,
        more_ways=ways.count - len(drawn),
        fault=visible(survey.fault),
    )


def _segment(item: Segment) -> SegmentRow:
    key, label = _CLASSES[item.name]
    why = [Fact(visible(fact.source), visible(fact.fact)) for fact in item.why[:_FACTS]]
    if len(item.why) > _FACTS:
        why.append(Fact("", f"and {len(item.why) - _FACTS} more facts"))
    return SegmentRow(
        visible(item.address), visible(item.network), visible(", ".join(item.ranges)), key, label,
        why,
    )  # fmt: skip


def _exposed(item: Exposed, ways: Ways) -> ExposedRow:
    return ExposedRow(
        visible(item.address),
        item.word,
        item.state is not State.TRUE,
        WAYS[item.way],
        visible(", ".join(item.ports)),
        visible(", ".join(item.arrives)),
        GRADES[item.grade],
        item.way,
        [WayLink(*ways.of(path)) for path in item.paths],
        visible(item.fault),
    )
