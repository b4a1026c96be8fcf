"""Ports: numbers as they are written, and those that engines answer on where none is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scanner.mapping.fields import Attr, Constant, Derived, written
from scanner.record import MISSING, Block
from scanner.value import Unknown, Value

_LAST: Final = 65535


def number(content: Any) -> int:
    """Read a port, which Terraform may write as a text; raises ValueError for anything else."""
    if isinstance(content, bool) or (isinstance(content, float) and not content.is_integer()):
        raise ValueError("not a port")
    port = int(content)
    if not 0 <= port <= _LAST:
        raise ValueError("not a port")
    return port


def port(terraform: str, api: str) -> Attr:
    """Read one port."""
    return Attr(terraform, api, number)


def ports(terraform: str, api: str) -> Attr:
    """Read one port as all that something answers on."""
    return Attr(terraform, api, lambda content: (number(content),))


def always_on(*numbers: int) -> Constant:
    """Name ports that the service does not let anybody change."""
    return Constant(numbers)


# For stores whose public endpoint is guarded by security groups, or that have none.
ANYBODY: Final = Constant(())

# RDS API Reference, CreateDBInstance and CreateDBCluster, Port: what each engine has by default.
# Terraform registry, aws_elasticache_cluster, port: 11211 for Memcached, 6379 for Redis.
_ENGINES: Final[Mapping[str, int]] = {
    "mysql": 3306,
    "mariadb": 3306,
    "aurora": 3306,
    "aurora-mysql": 3306,
    "postgres": 5432,
    "aurora-postgresql": 5432,
    "oracle": 1521,
    "custom-oracle": 1521,
    "sqlserver": 1433,
    "custom-sqlserver": 1433,
    "db2": 50000,
    "redis": 6379,
    "valkey": 6379,
    "memcached": 11211,
}


def of_engine(engine: str) -> int | None:
    """Give the port that an engine has by default; editions follow its name after a hyphen."""
    name = engine.lower()
    while name:
        if name in _ENGINES:
            return _ENGINES[name]
        name = name.rpartition("-")[0]
    return None


def ports_by_engine(own: Attr, engine: Attr) -> Derived:
    """Read a port, which is that of the engine where none is written."""

    def read(block: Block) -> Value[tuple[int, ...]]:
        path = own.path(block)
        if written(block, path) is not MISSING:
            return own.read(block)
        name = engine.read(block)
        if not isinstance(name.content, str):
            why = name.content if isinstance(name.content, Unknown) else Unknown("not a text")
            return Value(why, block, name.path)
        default = of_engine(name.content)
        if default is None:
            reason = f'not set, and the default of "{name.content}" is not known to assay'
            return Value(Unknown(reason), block, path)
        return Value((default,), block, path, f'default of "{name.content}"')

    return Derived(read)
