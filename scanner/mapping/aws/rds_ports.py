"""Ports of databases of RDS, which those that are made from another take over.

RDS API Reference: CreateDBInstanceReadReplica, RestoreDBInstanceFromDBSnapshot,
RestoreDBInstanceToPointInTime and RestoreDBClusterFromSnapshot have the port of the original by
default, RestoreDBClusterToPointInTime that of the engine.
"""

from __future__ import annotations

from typing import Final

from scanner.mapping.aws.ports import ports, ports_by_engine
from scanner.mapping.aws.rds_origin import CHAIN, origins
from scanner.mapping.fields import Attr, Derived, written
from scanner.mapping.references import refs
from scanner.record import MISSING, Block
from scanner.value import Unknown, Value

_OWN: Final = ports("port", "Port")
_BY_ENGINE: Final = ports_by_engine(_OWN, Attr("engine", "Engine"))
_LATER: Final = "restore_to_point_in_time"


def _ports(block: Block, depth: int = 0) -> Value[tuple[int, ...]]:
    api = block.record.shape == "api"
    if not api and block.record.type.endswith(("_snapshot", "_snapshot_copy")):
        known = isinstance(block.read("port"), int)
        return _OWN.read(block) if known else _of_origin(block, depth)
    if api or written(block, "port") is not MISSING:
        return _own(block)
    cluster = block.record.type == "aws_rds_cluster"
    if not origins(block) or (cluster and written(block, _LATER) not in (MISSING, [])):
        return _own(block)
    return _of_origin(block, depth)


def _own(block: Block) -> Value[tuple[int, ...]]:
    found: Value[tuple[int, ...]] = _BY_ENGINE.read(block)
    return found


def _of_origin(block: Block, depth: int) -> Value[tuple[int, ...]]:
    links = refs(*origins(block)).read(block)
    peer = block.record.peers.get(links.targets[0]) if len(links.targets) == 1 else None
    if peer is None or not links.certain or depth >= CHAIN:
        reason = "not set: that of the database which it is made from, which was not read"
        return Value(Unknown(reason), block, "port")
    return _ports(peer.block, depth + 1)


DATABASE_PORTS: Final = Derived(lambda block: _ports(block))
