"""The border between a network and the internet: gateways, switches, tables of the gateways."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from scanner.model.network import (
    GatewayKind,
    InternetBlock,
    InternetBlockExclusion,
)
from scanner.network.chain import (
    Gate,
    from_truth,
    plainly,
)
from scanner.network.fabric import Fabric, Net, Sub
from scanner.network.gates import (
    towards,
)
from scanner.network.packets import (
    NOTHING,
    UNSURE,
    Pair,
    any_of_pairs,
    certain,
)
from scanner.truth import Evidence, Truth, any_of, known, unknown


class Borders:
    """The borders of all networks of one fabric."""

    def __init__(self, fabric: Fabric) -> None:
        self.fabric = fabric
        self.graph = fabric.graph

    def gateway(self, net: Net) -> Gate:
        """Give the gate of the internet gateway of a network."""
        found = self.fabric.gateways(net, GatewayKind.INTERNET)
        if not found:
            if net.resource.is_default.is_true or not net.resource.managed or self.graph.missing:
                fact = "which gateways the network has was not read"
                truth = unknown(Evidence(net.name, fact))
                if net.resource.is_default.is_true:
                    truth = known(True)
            else:
                truth = known(False, Evidence(net.name, "it has no internet gateway"))
            node = net.name
        else:
            truth = any_of(item for _, item in found)
            if truth.is_false and (not net.resource.managed or self.graph.missing):
                truth = unknown(Evidence(net.name, "which gateways the network has was not read"))
            node = found[0][0].address
        return from_truth(
            "NET-IGW", node, "gateway", truth, "internet gateway",
            "no internet gateway that is on is attached to the network",
        )  # fmt: skip

    def blocks(self, sub: Sub, out: frozenset[str] | None = None) -> Iterator[Gate]:
        """Give the switches that keep the internet out of all networks of an account and region.

        VPC User Guide, "Block public access to VPCs and subnets": what is begun inside still passes
        a NAT gateway or egress-only gateway if only ingress is blocked.  out: the kinds of a way
        outwards; None for a way in.
        """
        for block in self._internet_blocks:
            here, there = sub.resource.location, block.location
            if here.region and there.region and here.region != there.region:
                continue
            if here.account and there.account and here.account != there.account:
                continue
            blocks = block.mode.test(lambda mode: mode != "off")
            if out is not None and "direct" not in out:
                blocks = block.mode.equals("block-bidirectional")
            if blocks.is_false:
                continue
            inward = out is None
            left_out = any_of(
                self._left_out(item, sub, inward) for item in self.graph.of(InternetBlockExclusion)
            )
            yield from_truth(
                "NET-BPA", block.address, "gateway", ~blocks | left_out,
                "left out of the block on public access",
                "traffic with the internet is blocked for the account and region",
            )  # fmt: skip

    @cached_property
    def _internet_blocks(self) -> Sequence[InternetBlock]:
        return self.graph.of(InternetBlock)

    def _left_out(self, item: InternetBlockExclusion, sub: Sub, inbound: bool) -> Truth:
        names = {sub.resource.block.record.address, sub.net.key if sub.net else ""}
        inward = item.mode.test(lambda mode: mode == "allow-bidirectional" or not inbound)
        if names & set(item.of.targets):
            return inward
        if names & set(item.of.candidates()) or item.of.unknown:
            return inward & unknown(item.of)
        return known(False, item.of)

    def edge_tables(self, net: Net, sub: Sub) -> Iterator[Gate]:
        """Give the gates of an internet gateway's own route table, which may divert traffic."""
        for gateway, truth in self.fabric.gateways(net, GatewayKind.INTERNET):
            if truth.is_false or gateway.route_tables.is_empty:
                continue
            tables = self.fabric.tables_of(gateway.route_tables, net)
            straight = any_of_pairs(
                Pair(
                    certain(towards(piece.must)).must if len(tables) == 1 else NOTHING,
                    towards(piece.may),
                )
                for table in tables
                for piece in table.pieces
                if piece.entry.kind is GatewayKind.LOCAL
            )
            diverted = any(
                piece.entry.kind is not GatewayKind.LOCAL and piece.may.overlaps(sub.v4 | sub.v6)
                for table in tables
                for piece in table.pieces
            )
            if not diverted:
                continue
            fact = "the gateway's route table sends it to an appliance, which is not modelled"
            why = Evidence(tables[0].name, fact)
            yield Gate(
                "NET-EDGE-RTB", tables[0].name, "route", Pair(straight.must, UNSURE.may),
                plainly(why.fact, why),
            )  # fmt: skip
