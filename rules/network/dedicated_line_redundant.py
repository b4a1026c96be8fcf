"""Dedicated lines have a second way beside them."""

from scanner.graph.graph import Graph
from scanner.model.network import AttachmentKind, HybridLink
from scanner.network.links import is_doubled
from scanner.rule import Severity, rule
from scanner.truth import Truth


def _is_line(link: HybridLink) -> Truth:
    return link.kind.equals(AttachmentKind.LINE)


@rule(
    "dedicated-line-redundant",
    title="Dedicated lines have a second line or a VPN beside them",
    severity=Severity.MEDIUM,
    fix="Lead a second connection, best by another location, or a VPN to the same gateway or hub.",
    when=_is_line,
)
def check(link: HybridLink, graph: Graph) -> Truth:
    """One cut cable, or one device that is maintained, then cuts the sites off."""
    return is_doubled(link, graph)
