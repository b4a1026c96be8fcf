"""The declarations themselves: which resources are meant by which word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Selector:
    """Names resources; everything that is given must hold.

    tags: keys, each with the values of which one must be there, spelled by `alike`.
    resource: a pattern of addresses, in which `*` is any text.
    account: of AWS, or the tenancy of OCI.  compartment: its OCID or address; those below it are
    meant too.  ranges: address ranges that hold the resource.
    """

    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()
    resource: str = ""
    account: str = ""
    compartment: str = ""
    region: str = ""
    ranges: tuple[str, ...] = ()


def alike(text: str) -> str:
    """Write keys and values so that spellings which mean the same are the same.

    Case does not count, nor whether words are joined by `-` or `_`.
    """
    return text.strip().casefold().replace("_", "-")


def tagged(key: str, *values: str) -> Selector:
    """Select what has a tag with one of these values."""
    return Selector(((alike(key), tuple(map(alike, values))),))


@dataclass(frozen=True, slots=True)
class Scopes:
    """All that is declared; what a file leaves out is as the convention has it.

    bastions: the only ways for administrators.  cardholder_data: what stores, processes or
    transmits it.  connected: what may reach that.
    environments: what must stay apart, by name.  environment_tags: the keys whose values are the
    names of environments, where no file declares them.  tier_tags: likewise those of tiers, which
    a thing declares for itself alone.
    allowed_between: pairs of environments that may be joined all the same; `*` is any.
    source: the file that declares it.
    """

    bastions: tuple[Selector, ...] = (tagged("role", "bastion"),)
    cardholder_data: tuple[Selector, ...] = (
        tagged("pci-scope", "cde"),
        tagged("data-classification", "cardholder"),
    )
    connected: tuple[Selector, ...] = (tagged("pci-scope", "connected"),)
    environments: Mapping[str, tuple[Selector, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    environment_tags: tuple[str, ...] = ("environment", "env")
    tier_tags: tuple[str, ...] = ("tier",)
    allowed_between: tuple[tuple[str, str], ...] = ()
    source: str = ""

    def named(self) -> Iterator[tuple[str, tuple[Selector, ...]]]:
        """Give the lists of selectors by the keys under which a file has them."""
        yield "bastions", self.bastions
        yield "cardholder_data", self.cardholder_data
        yield "connected", self.connected
        for name, selectors in self.environments.items():
            yield f"environments.{name}", selectors

    def allows_between(self, one: str, other: str) -> bool:
        """Whether two environments may be joined."""
        return any(
            first in ("*", one) and second in ("*", other)
            for pair in self.allowed_between
            for first, second in (pair, pair[::-1])
        )


DEFAULT_SCOPES: Final = Scopes()

# The selectors that hold although nobody has written them.
CONVENTION: Final = frozenset(
    (*DEFAULT_SCOPES.bastions, *DEFAULT_SCOPES.cardholder_data, *DEFAULT_SCOPES.connected)
)


def ranges(selectors: Iterable[Selector]) -> tuple[str, ...]:
    """Give the address ranges that are meant for themselves, whatever bears the addresses."""
    return tuple(
        dict.fromkeys(
            text
            for item in selectors
            if item == Selector(ranges=item.ranges)
            for text in item.ranges
        )
    )
