"""Dedicated lines carry encrypted traffic only."""

from scanner.graph.graph import Graph
from scanner.model.network import AttachmentKind, HybridLink
from scanner.network.links import may_run_over
from scanner.rule import Severity, rule
from scanner.truth import Truth, unknown


def _is_line(link: HybridLink) -> Truth:
    return link.kind.equals(AttachmentKind.LINE)


@rule(
    "dedicated-line-encrypted",
    title="Dedicated lines encrypt what they carry",
    severity=Severity.HIGH,
    fix="Demand MACsec on the connection (AWS: encryption_mode must_encrypt; OCI: "
    "macsec_properties without unprotected traffic), or let IPSec alone pass it.",
    when=_is_line,
)
def check(link: HybridLink, graph: Graph) -> Truth:
    """A dedicated line is private by contract only: the carrier can read what passes it."""
    encrypted = link.encrypted
    if not encrypted.is_false:
        return encrypted
    tunnels = may_run_over(link, graph)
    if tunnels.is_false:
        return encrypted
    # What a VPN over the line leaves unencrypted beside it is not told by either of them.
    fact = link.fact("whether all that it carries passes the VPN at the same hub is not known")
    return unknown(fact, *encrypted.evidence, *tunnels.evidence)
