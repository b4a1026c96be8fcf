"""No way leads from the internet to a shared file system."""

from scanner.graph.graph import Graph
from scanner.model.data import MountTarget
from scanner.network.questions import reach_of
from scanner.rule import Severity, rule
from scanner.truth import Truth


@rule(
    "file-system-not-reachable-from-internet",
    title="No way leads from the internet to shared file systems",
    severity=Severity.CRITICAL,
    fix="Place the mount target in a private subnet, and admit only the groups of its clients.",
)
def check(target: MountTarget, graph: Graph) -> Truth:
    """File shares trust the address of whoever mounts them, and ask for no password."""
    return ~reach_of(graph).exposure(target).truth
