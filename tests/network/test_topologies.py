"""Hand-made topologies of both clouds: each question has the answer of the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import Any

import pytest
import yaml

from scanner.graph.graph import Graph
from scanner.mapping.population import populate
from scanner.model.base import Resource
from scanner.model.network import Subnet
from scanner.network.addresses import grade
from scanner.network.chain import Answer, Path, ports_of
from scanner.network.ends import Service
from scanner.network.questions import classify, egress, end, only_via, path, reach_of, separated
from scanner.sources.terraform import read
from scanner.truth import State, Truth
from tests.plans import Loader, plan

FOLDER = File(__file__).parents[2] / "fixtures" / "topologies"
FILES = sorted(FOLDER.glob("*/*.yaml"))
_STATES = {State.TRUE: "yes", State.FALSE: "no", State.UNKNOWN: "undetermined"}
_PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1}


def graph_of(resources: Mapping[str, Any]) -> Graph:
    inventory = read("plan.json", plan(resources))
    return Graph(populate(inventory).resources, next((gap.reason for gap in inventory.gaps), ""))


def questions() -> Iterator[tuple[File, int]]:
    for file in FILES:
        content = yaml.load(file.read_text(), Loader=Loader)
        for index in range(len(content["ask"])):
            yield file, index


CASES = list(questions())


@pytest.mark.parametrize(
    ("file", "index"), CASES, ids=[f"{file.parent.name}/{file.stem}-{i}" for file, i in CASES]
)
def test_topology(file: File, index: int) -> None:
    content = yaml.load(file.read_text(), Loader=Loader)
    graph = graph_of(content["resources"])
    asked = content["ask"][index]
    Asker(graph, asked).check()


def test_there_are_enough_topologies() -> None:
    assert len(FILES) >= 120
    assert {file.parent.name for file in FILES} == {"aws", "oci"}
    for file in FILES:
        assert yaml.load(file.read_text(), Loader=Loader)["source"], file.name


class Asker:
    def __init__(self, graph: Graph, asked: Mapping[str, Any]) -> None:
        self.graph = graph
        self.asked = asked

    def check(self) -> None:
        getattr(self, "_" + self.asked["ask"])()

    def _one(self, name: str) -> Resource:
        return end(name, self.graph).resources[0]

    def _service(self) -> Service:
        number = _PROTOCOLS[self.asked.get("protocol", "tcp")]
        port = self.asked.get("port")
        if port is None and ("protocol" in self.asked or self.asked["ask"] == "path"):
            return Service((number, number))
        return Service.of(port, number)

    def _exposure(self) -> None:
        asked = self.asked
        exposure = reach_of(self.graph).exposure(self._one(asked["of"]), self._service())
        told = "\n".join(line for answer in exposure for line in lines(answer.paths))
        assert exposure.kind == asked["answer"], told
        if "ports" in asked:
            assert set(ports_of(exposure.packets)) == set(asked["ports"]), told
        if "grade" in asked:
            answers = [answer for answer in exposure if answer.state is State.TRUE]
            grades = {grade(answer.clients).value for answer in answers}
            assert asked["grade"] in grades, told
        self._details([way for answer in exposure for way in answer.paths], told)

    def _path(self) -> None:
        answer = path(
            end(str(self.asked["from"]), self.graph),
            end(str(self.asked["to"]), self.graph),
            self.graph,
            self._service(),
        )
        self._answer(answer)

    def _answer(self, answer: Answer) -> None:
        told = "\n".join(lines(answer.paths))
        assert _STATES[answer.state] == self.asked["answer"], told
        self._details(answer.paths, told)

    def _details(self, paths: Sequence[Path], told: str) -> None:
        for key, reply in (("through", False), ("reply", True)):
            wanted = self.asked.get(key)
            if wanted:
                assert any(
                    follows([hop.node for hop in way.hops if hop.reply is reply], wanted)
                    for way in paths
                ), told
        wanted = self.asked.get("stopped_by")
        if wanted:
            codes = {hop.code for way in paths for hop in way.blockers}
            assert set(wanted) <= codes, told

    def _subnet(self) -> None:
        subnet = next(item for item in self.graph.of(Subnet) if item.address == self.asked["of"])
        found = classify(subnet, self.graph)
        name = "undetermined" if found.subnet_class is None else found.subnet_class.value
        assert name == self.asked["answer"], (found.public.evidence, found.egress.evidence)

    def _egress(self) -> None:
        found, answer = egress(self._one(self.asked["of"]), self.graph)
        name = "undetermined" if found is None else found.value
        assert name == self.asked["answer"], "\n".join(lines(answer.paths))

    def _only_via(self) -> None:
        by = [end(name, self.graph) for name in self.asked["by"]]
        self._truth(only_via(self._one(self.asked["to"]), self._service(), by, self.graph))

    def _separated(self) -> None:
        def members(names: Sequence[str]) -> list[Resource]:
            return [item for name in names for item in end(name, self.graph).resources]

        self._truth(separated(members(self.asked["from"]), members(self.asked["to"]), self.graph))

    def _truth(self, truth: Truth) -> None:
        told = "\n".join(f"{item.source}: {item.fact}" for item in truth.evidence)
        assert _STATES[truth.state] == self.asked["answer"], told
        for node in self.asked.get("through", ()):
            assert any(node in item.source or node in item.fact for item in truth.evidence), told


def follows(nodes: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether the wanted nodes stand among the nodes in this order."""
    rest = iter(nodes)
    return all(any(node == item for node in rest) for item in wanted)


def lines(paths: Sequence[Path]) -> Iterator[str]:
    """Write paths for a failed test."""
    for way in paths:
        yield f"{way.state.value}: {way.packets}"
        for hop in way.hops:
            mark = "  <-" if hop.reply else "  ->"
            yield f"{mark} {hop.state.value:8} {hop.code:14} {hop.node}: {hop.text} ({hop.packets})"
            yield from (f"       {item.source}: {item.fact}" for item in hop.evidence)
