"""Import distributions of a hub (DRG): from which attachments its route tables learn.

API paths are those of DrgRouteDistribution and DrgRouteDistributionStatement (Core Services API).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from scanner.mapping.fields import written
from scanner.mapping.oci.hub_attachments import (
    ATTACHMENTS,
    KINDS,
    all_attachments,
    attachments,
    hub_of,
)
from scanner.mapping.oci.reading import blocks_of, named, path_for, truth_at
from scanner.mapping.references import merge_links
from scanner.mapping.registry import companion, supports
from scanner.model.network import AttachmentKind
from scanner.record import MISSING, Block, Links, Record
from scanner.value import Unknown

_DISTRIBUTION: Final = "oci_core_drg_route_distribution"
_STATEMENT: Final = "oci_core_drg_route_distribution_statement"
_IMPORT: Final = named(
    "import_drg_route_distribution_id", "importDrgRouteDistributionId", _DISTRIBUTION
)
_EVERY: Final = tuple(AttachmentKind)

companion(_STATEMENT, _DISTRIBUTION, "drg_route_distribution_id", "drgRouteDistributionId")


def at_hub(block: Block, hub: Links, kinds: Collection[AttachmentKind]) -> Links:
    """Name the attachments of a hub, of these kinds."""
    targets: list[str] = []
    maybe: list[str] = []
    for record, kind in all_attachments(block.record):
        if isinstance(kind.content, AttachmentKind) and kind.content not in kinds:
            continue
        theirs = hub_of(record)
        meets = bool(_names(hub) & _names(theirs))
        sure = isinstance(kind.content, AttachmentKind) and _is_exact(hub) and _is_exact(theirs)
        if meets and sure:
            targets.append(record.address)
        elif meets or theirs.unknown or hub.unknown:
            maybe.append(record.address)
    peers = block.record.peers
    doubts = [
        f"the attachments of {address} were not all read"
        for address in (*hub.candidates(), *hub.outside)
        if address not in peers or not peers[address].managed
    ]
    return Links(
        block,
        hub.path,
        targets=tuple(targets),
        maybe=tuple(maybe),
        unknown=(*hub.unknown, *doubts),
    )


def _names(links: Links) -> set[str]:
    return {*links.candidates(), *links.outside}


def _is_exact(links: Links) -> bool:
    return not (links.one_of or links.maybe or links.unknown)


def imports(block: Block, hub: Links) -> Links:
    """Name the attachments from which an import distribution takes routes; without one, none.

    Core Services API, DrgRouteDistributionStatement: ACCEPT is the only action there is, so that
    the order of the statements does not matter.
    """
    path = path_for(block, "import_drg_route_distribution_id", "importDrgRouteDistributionId")
    if truth_at(block, "remove_import_trigger").is_true:
        return Links(block, path)
    links = _IMPORT.read(block)
    parts = [Links(block, path)]
    peers = block.record.peers
    for address in links.candidates():
        record = peers.get(address)
        part = (
            _accepted(block, record, hub)
            if record is not None
            else Links(block, path, unknown=(f"{address} was not read",))
        )
        if address not in links.targets:
            part = replace(part, targets=(), maybe=tuple(part.candidates()))
        parts.append(part)
    lost = [*links.unknown, *(f'"{name}" is not in what was read' for name in links.outside)]
    merged = merge_links(block, parts, path)
    return replace(merged, unknown=tuple(dict.fromkeys((*merged.unknown, *lost))))


def _accepted(block: Block, distribution: Record, hub: Links) -> Links:
    path = path_for(block, "import_drg_route_distribution_id", "importDrgRouteDistributionId")
    statements = distribution.companions(_STATEMENT)
    reasons = list(statements.unknown)
    if not distribution.managed:
        reasons.append(f"the statements of {distribution.address} were not read")
    parts = [Links(block, path, unknown=tuple(reasons))]
    for record in statements.certain:
        criteria = blocks_of(
            record.block, path_for(record.block, "match_criteria", "matchCriteria")
        )
        if isinstance(criteria, Unknown):
            parts.append(_everything(block, hub, criteria.reason))
        elif not criteria:
            parts.append(at_hub(block, hub, _EVERY))
        else:
            # All must match; the provider takes no more than one.
            parts += [_match(block, item, hub) for item in criteria]
    return merge_links(block, parts, path)


def _everything(block: Block, hub: Links, reason: str) -> Links:
    found = at_hub(block, hub, _EVERY)
    return replace(
        found, targets=(), maybe=tuple(found.candidates()), unknown=(*found.unknown, reason)
    )


def _match(block: Block, criterion: Block, hub: Links) -> Links:
    """Name the attachments that a criterion matches."""
    by_id = path_for(criterion, "drg_attachment_id", "drgAttachmentId")
    by_type = path_for(criterion, "attachment_type", "attachmentType")
    kind = written(criterion, path_for(criterion, "match_type", "matchType"))
    if kind in (MISSING, ""):
        kind = next(
            (
                name
                for name, path in (("DRG_ATTACHMENT_ID", by_id), ("DRG_ATTACHMENT_TYPE", by_type))
                if written(criterion, path) not in (MISSING, "")
            ),
            "MATCH_ALL",
        )
    if kind == "MATCH_ALL":
        return at_hub(block, hub, _EVERY)
    if kind == "DRG_ATTACHMENT_ID":
        return attachments(criterion.links(by_id, ATTACHMENTS))
    found = criterion.read(by_type) if kind == "DRG_ATTACHMENT_TYPE" else kind
    if isinstance(found, str) and kind == "DRG_ATTACHMENT_TYPE" and found in KINDS:
        return at_hub(block, hub, (KINDS[found],))
    reason = found.reason if isinstance(found, Unknown) else "a criterion that assay does not know"
    return _everything(block, hub, reason)


supports(_DISTRIBUTION)
