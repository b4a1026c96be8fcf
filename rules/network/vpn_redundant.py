"""Site-to-site VPNs have a second way beside them."""

from scanner.graph.graph import Graph
from scanner.model.network import AttachmentKind, HybridLink
from scanner.network.links import is_doubled
from scanner.rule import Severity, rule
from scanner.truth import Truth


def _is_vpn(link: HybridLink) -> Truth:
    return link.kind.equals(AttachmentKind.VPN)


@rule(
    "vpn-redundant",
    title="Site-to-site VPNs have a second VPN to another device, or a dedicated line beside them",
    severity=Severity.MEDIUM,
    fix="Add a VPN from the same gateway or hub to a second device of the site, or a dedicated "
    "line; the two tunnels of one VPN end at the same device.",
    when=_is_vpn,
)
def check(link: HybridLink, graph: Graph) -> Truth:
    """When the only device at the site fails, the site is cut off from its systems."""
    return is_doubled(link, graph)
