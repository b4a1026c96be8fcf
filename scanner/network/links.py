"""VPNs and dedicated lines side by side: whether one is left when another fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from scanner.graph.graph import Graph
from scanner.model.network import AttachmentKind, Gateway, HybridLink, TransitHub
from scanner.record import Links
from scanner.truth import Evidence, Truth, any_of, known, unknown


def is_doubled(link: HybridLink, graph: Graph) -> Truth:
    """Whether another VPN or line ends where a link does, at another device or connection."""
    if link.gateways.is_empty:
        return unknown(link.fact("where it ends was not read"))
    others = list(beside(link, graph))
    found = any_of(
        (same & _apart(link, other) for other, same in others),
        link.fact("no other VPN or line ends where it does"),
    )
    if not found.is_false:
        return found
    fact = "what else ends there is not in what was read"
    if not link.gateways.certain or not all(
        _is_ours(address, graph) for address in link.gateways.targets
    ):
        return unknown(Evidence(link.gateways.source, fact))
    return graph.absent(found, link)


def beside(link: HybridLink, graph: Graph) -> Iterator[tuple[HybridLink, Truth]]:
    """Give the other links, each with whether it ends at the same gateway or hub."""
    index = graph.remember(_by_gateway, None)
    mine = link.gateways
    sure, possible = _names(mine)
    seen: set[int] = {id(link)}
    for name in (*sorted(possible), ""):
        for other in index.get(name, ()):
            if id(other) in seen:
                continue
            seen.add(id(other))
            theirs, perhaps = _names(other.gateways)
            fact = Evidence(other.address, f"a {_word(other)} that ends at the same place")
            if sure & theirs:
                yield other, known(True, fact)
            elif possible & perhaps or other.gateways.unknown:
                yield other, unknown(other.gateways)
    if mine.unknown:
        for links in index.values():
            for other in links:
                if id(other) not in seen:
                    seen.add(id(other))
                    yield other, unknown(mine)


def _word(link: HybridLink) -> str:
    return link.kind.known_or(AttachmentKind.OTHER).value


def _names(links: Links) -> tuple[frozenset[str], frozenset[str]]:
    """Give the gateways at which a link certainly ends, and those where it may."""
    sure = frozenset((*links.targets, *links.outside))
    return sure, sure | frozenset(links.candidates())


def _by_gateway(_: None, graph: Graph) -> Mapping[str, Sequence[HybridLink]]:
    found: dict[str, list[HybridLink]] = {}
    for link in graph.of(HybridLink):
        for name in _names(link.gateways)[1]:
            found.setdefault(name, []).append(link)
        if link.gateways.unknown:
            found.setdefault("", []).append(link)
    return found


def _apart(one: HybridLink, other: HybridLink) -> Truth:
    """Whether two links do not depend on the same device or connection."""
    if one.kind != other.kind:
        # A gateway for lines of which none was read shows no line.
        is_there = other.far_ends.targets or other.far_ends.outside
        return known(True) if is_there else unknown(other.far_ends)
    shared = frozenset((*one.far_ends.targets, *one.far_ends.outside)) & frozenset(
        (*other.far_ends.targets, *other.far_ends.outside)
    )
    if shared:
        fact = f"both depend on {', '.join(sorted(shared))}"
        return known(False, other.fact(fact))
    for links in (one.far_ends, other.far_ends):
        if links.is_empty or links.unknown or links.one_of or links.maybe:
            return unknown(links)
    return known(True, one.far_ends, other.far_ends)


def _is_ours(address: str, graph: Graph) -> bool:
    """Whether a gateway or hub is made here, so that what ends at it is too."""
    for kind in (Gateway, TransitHub):
        found = graph.at(address, kind)
        if found is not None:
            return found.managed
    return False


def may_run_over(link: HybridLink, graph: Graph) -> Truth:
    """Whether a VPN may run over a line: one that ends at the hub where the line does."""
    return any_of(
        (
            same & other.kind.equals(AttachmentKind.VPN) & _at_hub(other, graph)
            for other, same in beside(link, graph)
        ),
        link.fact("no VPN ends at the hub where it does"),
    )


def _at_hub(link: HybridLink, graph: Graph) -> Truth:
    hubs = [name for name in link.gateways.targets if graph.at(name, TransitHub) is not None]
    if hubs:
        return known(True, link.gateways)
    if link.gateways.certain:
        return known(False, link.gateways)
    return unknown(link.gateways)
