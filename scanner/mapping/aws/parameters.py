"""Whether a database refuses connections without TLS, which its parameter group decides.

Amazon RDS User Guide, "Using SSL with a PostgreSQL DB instance": rds.force_ssl is on by default
since PostgreSQL 15; "Requiring SSL/TLS for all connections to a MariaDB DB instance on Amazon RDS":
require_secure_transport is off up to 11.4 and on since 11.8; the same page for MySQL: off.
Amazon Aurora User Guide, "Security with Amazon Aurora PostgreSQL": rds.force_ssl is off up to
version 16 and on since 17.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from scanner.mapping.fields import written
from scanner.mapping.references import Ref
from scanner.record import MISSING, Block, Links, Record
from scanner.truth import Evidence, Truth, all_of, known, one_answer, unknown
from scanner.value import Unknown

_FORCE: Final = "rds.force_ssl"
_REQUIRE: Final = "require_secure_transport"
_ON: Final = frozenset({"1", "on", "true", "yes"})
_NUMBERS: Final = re.compile(r"(\d+)(?:\.(\d+))?")

# The minor version is absent where only the major one is written.
Version = tuple[int, int | None]


@dataclass(frozen=True)
class Parameter:
    """Whether a parameter of the group in force is on.

    names: those that decide, for a record.  is_on: whether a value means so.
    default: what holds where the group does not set it; the second argument is the group.
    """

    group: Ref
    names: Callable[[Block], tuple[str, ...]]
    default: Callable[[Block, Record | None], Truth]
    is_on: Callable[[str], bool] = lambda value: value.lower() in _ON

    def read(self, block: Block) -> Truth:
        """Find the group and read the parameter."""
        path = self.group.terraform if block.record.shape == "terraform" else self.group.api
        if written(block, path) is MISSING:
            return self.default(block, None)
        links: Links = self.group.read(block)
        truths = [self._of(block, links, address) for address in links.targets]
        truths += [
            one_answer([self._of(block, links, item) for item in group]) for group in links.one_of
        ]
        for name in links.outside:
            if name.startswith("default."):
                truths.append(self.default(block, None))
            else:
                fact = f'parameter group "{name}" is not in what was read'
                truths.append(unknown(Evidence(links.source, fact)))
        doubts = (*(f"perhaps {item}" for item in links.maybe), *links.unknown)
        truths += [unknown(Evidence(links.source, doubt)) for doubt in doubts]
        return all_of(truths) if truths else self.default(block, None)

    def _of(self, block: Block, links: Links, address: str) -> Truth:
        group = block.record.peers.get(address)
        if group is None:
            return unknown(Evidence(links.source, f"{address} was not read"))
        parameters = group.block.blocks("parameter")
        if isinstance(parameters, Unknown):
            return unknown(Evidence(f"{address}.parameter", parameters.reason))
        names = self.names(block)
        doubts = []
        for item in parameters:
            name, value = item.read("name"), item.read("value")
            source = f"{item.address}.value"
            if isinstance(name, Unknown):
                doubts.append(unknown(Evidence(f"{item.address}.name", name.reason)))
            elif name in names and isinstance(value, Unknown):
                return unknown(Evidence(source, f"{name}: {value.reason}"))
            elif name in names:
                return known(self.is_on(str(value)), Evidence(source, f'{name} = "{value}"'))
        return doubts[0] if doubts else self.default(block, group)


def forces_tls(group: Ref) -> Parameter:
    """Read whether the engine's parameter that demands TLS is on."""
    return Parameter(group, _names, _default)


def _names(block: Block) -> tuple[str, ...]:
    engine = block.read("engine")
    if not isinstance(engine, str):
        return (_FORCE, _REQUIRE)
    if "postgres" in engine or engine.startswith(("sqlserver", "custom-sqlserver")):
        return (_FORCE,)
    if engine.startswith(("oracle", "custom-oracle", "db2")):
        return ()
    return (_REQUIRE,)


def _default(block: Block, group: Record | None) -> Truth:
    engine = block.read("engine")
    source = block.address if group is None else group.address
    if not isinstance(engine, str):
        return unknown(Evidence(f"{block.address}.engine", "the engine is not known"))
    if not _names(block):
        fact = f"assay does not read whether {engine} demands TLS"
        return unknown(Evidence(source, fact))
    said = _by_default(engine, _version(block, group))
    what = f"the default of {_names(block)[0]} for {engine}"
    if said is None:
        return unknown(Evidence(source, f"{what} depends on a version that is not known"))
    return known(said, Evidence(source, f"{what} is {'on' if said else 'off'}"))


def _version(block: Block, group: Record | None) -> Version | None:
    """Read the engine's version: as written, else as the family of the group tells it."""
    texts = [block.read("engine_version")]
    if group is not None:
        texts.append(group.block.read("family"))
    for text in texts:
        found = _NUMBERS.search(text) if isinstance(text, str) else None
        if found is not None:
            return int(found[1]), int(found[2]) if found[2] else None
    return None


def _by_default(engine: str, version: Version | None) -> bool | None:
    if engine.startswith(("sqlserver", "custom-sqlserver")):
        return False
    if version is None:
        return None
    if engine == "postgres":
        return version[0] >= 15
    if engine == "aurora-postgresql":
        return version[0] >= 17
    if engine == "mariadb":
        return _reaches(version, 11, 8)
    # The guide for MySQL says off and names no version; the engines of 8.4 are left undecided.
    return None if _reaches(version, 8, 4) is not False else False


def _reaches(version: Version, major: int, minor: int) -> bool | None:
    """Whether a version is at least another; unknown if that hangs on a minor one not written."""
    if version[0] != major:
        return version[0] > major
    return None if version[1] is None else version[1] >= minor


def value_of(name: str, is_on: Callable[[str], bool], unset: bool, why: str) -> dict[str, Any]:
    """Give the arguments of a Parameter with one name and a default that is always the same."""
    return {
        "names": lambda block: (name,),
        "is_on": is_on,
        "default": lambda block, group: known(
            unset, Evidence(block.address if group is None else group.address, why)
        ),
    }
