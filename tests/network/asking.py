"""The same questions put to the engine and to the oracle, about the same small worlds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from scanner.graph.graph import Graph
from scanner.mapping.population import populate
from scanner.model.base import Resource
from scanner.model.compute import Instance as Machine
from scanner.model.network import Subnet as Place
from scanner.network.chain import Answer, ask
from scanner.network.ends import Service
from scanner.network.questions import End, classify, only_via, reach_of, separated
from scanner.network.reach import Reach
from scanner.sources.terraform import read
from scanner.truth import State
from tests.network.aws_worlds import aws_resources, aws_world
from tests.network.oci_worlds import oci_resources, oci_world
from tests.network.oracle import ANYTHING, TCP, Cloud, cloud
from tests.network.oracle import Service as Asking
from tests.network.worlds import Hole, World
from tests.plans import plan

# What is asked, and of what: names of instances, subnets or networks, and a port.
Question = tuple[Any, ...]

STATES: Final = {State.TRUE: "yes", State.FALSE: "no", State.UNKNOWN: "?"}
WORLDS: Final = {"aws": aws_world, "oci": oci_world}
TERRAFORM: Final = {"aws": aws_resources, "oci": oci_resources}
MACHINES: Final = {"aws": "aws_instance", "oci": "oci_core_instance"}
PLACES: Final = {"aws": "aws_subnet", "oci": "oci_core_subnet"}


def questions(world: World, seed: int = 0) -> list[Question]:
    """Give the questions that are asked of a world.

    Left out is what the documentation does not settle: what an ACL sees of a client whose address
    a balancer keeps, and what becomes of packets to the internet beyond a transit hub.
    """
    found: list[Question] = []
    names = [item.name for item in world.instances]
    kept = any(listener.preserves is not False for listener in world.listeners)
    for name in names:
        found.append(("direct", name))
        if world.balancers and not (kept and world.acls):
            found.append(("balancer", name))
        if not world.hubs:
            found.append(("egress", name))
    pairs = [(a, b) for a in names for b in names if a != b]
    found += [("path", a, b, (22, 443)[(i + seed) % 2]) for i, (a, b) in enumerate(pairs)]
    if not world.hubs:
        found += [("class", item.name) for item in world.subnets]
    # A single address that a rule names may be that of one of both.
    unsure = any(isinstance(item.address, Hole) for item in world.instances[:2])
    if seed % 4 == 0 and len(names) > 1 and not world.balancers and not unsure:
        found.append(("only", names[0], names[1]))
    if seed % 4 == 1 and len(world.networks) > 1:
        found.append(("apart", world.networks[0].name, world.networks[1].name))
    return found


def graph_of(resources: Mapping[str, Any]) -> Graph:
    inventory = read("plan.json", plan(resources))
    return Graph(populate(inventory).resources, next((gap.reason for gap in inventory.gaps), ""))


class Engine:
    """The engine's answers about one world, as Terraform plans it."""

    def __init__(self, world: World, graph: Graph | None = None, within: str = "") -> None:
        self.world = world
        self.graph = graph_of(TERRAFORM[world.cloud](world)) if graph is None else graph
        self.within = within
        self.reach: Reach = reach_of(self.graph)

    def machine(self, name: str) -> Machine:
        found = self.graph.at(f"{self.within}{MACHINES[self.world.cloud]}.{name}", Machine)
        assert found is not None
        return found

    def answers(self, asked: Sequence[Question]) -> dict[Question, str]:
        return {question: self.answer(question) for question in asked}

    def answer(self, question: Question) -> str:
        kind, *about = question
        match kind:
            case "class":
                place = self.graph.at(f"{self.within}{PLACES[self.world.cloud]}.{about[0]}", Place)
                assert place is not None
                found = classify(place, self.graph).subnet_class
                return "?" if found is None else found.value
            case "only":
                target, by = map(self.machine, about)
                ends = [End(by.address, (by,))]
                return STATES[only_via(target, Service.of(443), ends, self.graph).state]
            case "apart":
                ones, others = ([*self._members(name)] for name in about)
                return STATES[separated(ones, others, self.graph).state]
        return STATES[self.paths(question).state]

    def paths(self, question: Question) -> Answer:
        """Answer what is answered by a path."""
        kind, *about = question
        machine = self.machine(about[0])
        if kind == "direct":
            return self.reach.exposure(machine).direct
        if kind == "balancer":
            return self.reach.exposure(machine).balanced
        if kind == "egress":
            return self.reach.egress(machine)
        interfaces = self.reach.fabric.interfaces
        return ask(
            chain
            for a in interfaces.get(machine.address, ())
            for b in interfaces.get(self.machine(about[1]).address, ())
            for chain in self.reach.between(a, b, Service.of(about[2]))
        )

    def _members(self, network: str) -> Iterator[Resource]:
        near = {item.name for item in self.world.subnets if item.network == network}
        for item in self.world.instances:
            if item.subnet in near:
                yield self.machine(item.name)


def truths(world: World, asked: Sequence[Question]) -> dict[Question, frozenset[str]]:
    """Give the oracle's answers about a complete world.

    More than one where an address decides that the provider chooses and no plan tells.
    """
    judge = cloud(world)
    return {question: _truth(judge, question) for question in asked}


def _truth(judge: Cloud, question: Question) -> frozenset[str]:
    kind, *about = question
    world = judge.world
    if kind == "class":
        return frozenset({judge.kind(judge.subnets[about[0]])})
    if kind == "apart":
        ones, others = (
            [item for item in world.instances if judge.subnets[item.subnet].network == name]
            for name in about
        )
        return _said(judge.apart(ones, others))
    items = {item.name: item for item in world.instances}
    one = items[about[0]]
    match kind:
        case "direct":
            return _said(judge.exposed(one))
        case "balancer":
            return frozenset().union(*map(_said, judge.balanced(one)))
        case "egress":
            return _said(judge.goes_out(one, ANYTHING))
        case "only":
            return _said(judge.only_by(one, Asking(TCP, 443), [items[about[1]]]))
    other = items[about[1]]
    return _said(judge.reaches(judge.host(one), judge.host(other), Asking(TCP, about[2])))


def _said(flag: bool) -> frozenset[str]:
    return frozenset({"yes" if flag else "no"})
