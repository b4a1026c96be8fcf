"""Mount targets: where shared file systems answer in a subnet.

API paths are those of MountTarget and Export (File Storage API).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from scanner.mapping.fields import Derived
from scanner.mapping.oci.reading import fixed, groups, named_at, path_for, subnets
from scanner.mapping.references import merge_links
from scanner.mapping.registry import maps, supports
from scanner.model.data import MountTarget
from scanner.record import Block, Links

_TARGET: Final = "oci_file_storage_mount_target"
_SET: Final = "oci_file_storage_export_set"
_EXPORT: Final = "oci_file_storage_export"
_SYSTEM: Final = "oci_file_storage_file_system"


def _exported(export: Block) -> Links:
    """Name the mount target through which an export is reached: each has one export set."""
    path = path_for(export, "export_set_id", "exportSetId")
    links = export.links(path, frozenset({_TARGET, _SET}))
    peers = export.record.peers
    parts = [replace(links, targets=())]
    for address in links.targets:
        peer = peers.get(address)
        if peer is not None and peer.type == _SET:
            parts.append(named_at(peer.block, "mount_target_id", (_TARGET,)))
        else:
            parts.append(Links(export, path, targets=(address,)))
    return merge_links(export, parts, path)


def _file_systems(block: Block) -> Links:
    """Name the file systems that are exported through the mount target."""
    path = path_for(block, "export_set_id", "exportSetId")
    mine = block.read(path)
    parts = [Links(block, path)]
    for record in block.record.peers.of(_EXPORT):
        owner = _exported(record.block)
        systems = named_at(
            record.block, path_for(record.block, "file_system_id", "fileSystemId"), (_SYSTEM,)
        )
        if block.record.address in owner.targets or (
            isinstance(mine, str) and mine in owner.outside
        ):
            parts.append(systems)
        elif owner.unknown or block.record.address in owner.candidates():
            parts.append(replace(systems, targets=(), maybe=tuple(systems.candidates())))
    return merge_links(block, parts, path)


maps(
    _TARGET,
    to=MountTarget,
    subnets=subnets("subnet_id", "subnetId"),
    security_groups=groups("nsg_ids", "nsgIds"),
    addresses=fixed("ip_address", "ipAddress"),
    file_systems=Derived(_file_systems),
)
supports(_EXPORT, _SET)
