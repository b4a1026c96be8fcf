"""The two ends of a question: which packets may be sent, and which addresses each end bears."""

from __future__ import annotations

from typing import Final, NamedTuple

from scanner.network.addresses import ALL_V4, Addresses
from scanner.network.fabric import Interface
from scanner.network.filters import OtherEnd
from scanner.network.packets import (
    EPHEMERAL,
    PORTS,
    PROTOCOLS,
    TCP,
    Box,
    box,
)

INTERNET: Final = "internet"
ONPREM: Final = "onprem"


class Service(NamedTuple):
    """Which packets are asked about: protocols and target ports, each as an interval."""

    protocol: tuple[int, int] = PROTOCOLS
    port: tuple[int, int] = PORTS

    @classmethod
    def of(cls, port: int | None, protocol: int = TCP) -> Service:
        """Ask for one port, or for anything."""
        return cls() if port is None else cls((protocol, protocol), (port, port))


ANYTHING: Final = Service()


def called(clients: Addresses | None) -> str:
    """Give the name of whoever calls."""
    return INTERNET if clients is None else ", ".join(clients.texts(2))


def sent(
    source: tuple[int, int], target: tuple[int, int], service: Service, provider: str = "aws"
) -> Box:
    """Make the packets that a client sends: in AWS from a port that replies can be let back to.

    Rules of OCI may demand a port of the sender, who chooses it.
    """
    ports = EPHEMERAL if provider == "aws" else PORTS
    return box(source, target, service.protocol, ports, service.port)


def borne(interface: Interface, family: tuple[int, int]) -> tuple[Addresses | None, Addresses]:
    """Give the addresses of which it bears one that is not known, and all that it may bear.

    The first is None where its addresses are known: whoever speaks to it chooses one of them.
    """
    whole = Addresses((family,))
    fixed = interface.fixed & whole
    if fixed:
        return None, fixed
    sub = interface.sub
    if sub is not None:
        found = sub.v4 if family is ALL_V4 else sub.v6
        if found and (sub.v4_known if family is ALL_V4 else sub.v6_known):
            # No two interfaces bear the same address.
            free = found - sub.taken
            return free or found, free or found
        if sub.net is not None and sub.net.complete and sub.net.ranges & whole:
            return sub.net.ranges & whole, sub.net.ranges & whole
    return whole, whole


def other_end(interface: Interface, by_group: bool | None) -> OtherEnd:
    """Give what is known of the groups of an interface, on a way by which rules may name them."""
    end = interface.bundle.other_end
    return end if by_group is True else end._replace(by_group=by_group)
