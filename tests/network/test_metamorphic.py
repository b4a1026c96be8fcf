"""Changes to a network of which one knows what they do to every answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any, Final

import pytest

from scanner.graph.graph import Graph
from scanner.mapping.population import populate
from scanner.sources.terraform import read
from tests.network.asking import TERRAFORM, WORLDS, Engine, Question, questions
from tests.network.aws_worlds import with_items
from tests.network.worlds import (
    Entry,
    Group,
    Instance,
    Network,
    Route,
    Rule,
    Subnet,
    Table,
    World,
    fill,
    holes,
)
from tests.plans import plan
from tests.test_equivalence import WRAP, wrap

BATCHES: Final = 4
SIZE: Final = 25
CASES: Final = [(provider, batch) for provider in WORLDS for batch in range(BATCHES)]
# From what certainly is shut to what certainly is open.
RANK: Final = {"no": 0, "?": 1, "yes": 2}
each = pytest.mark.parametrize(("provider", "batch"), CASES)


def worlds(provider: str, batch: int) -> Iterator[tuple[int, World, Random]]:
    for seed in range(70_000 + batch * SIZE, 70_000 + (batch + 1) * SIZE):
        yield seed, WORLDS[provider](seed), Random(f"change {provider} {seed}")


def shuffled(world: World, random: Random) -> World:
    """Write everything in another order: resources, and blocks within them."""
    collections = {}
    for name in world.__dataclass_fields__:
        items = getattr(world, name)
        if isinstance(items, tuple):
            collections[name] = tuple(random.sample(items, len(items)))
    return with_items(world, collections)


def mixed(resources: dict[str, Any], random: Random) -> dict[str, Any]:
    names = list(resources)
    random.shuffle(names)
    return {name: resources[name] for name in names}


@each
def test_order_changes_nothing(provider: str, batch: int) -> None:
    for seed, world, random in worlds(provider, batch):
        asked = questions(world, seed)
        before = Engine(world).answers(asked)
        assert Engine(shuffled(world, random)).answers(asked) == before, seed
        inventory = read("plan.json", plan(mixed(TERRAFORM[provider](world), random)))
        graph = Graph(populate(inventory).resources)
        assert Engine(world, graph).answers(asked) == before, seed


def with_neighbour(world: World) -> World:
    """Add a network that nothing joins to the others, open to everybody."""
    aws = world.cloud == "aws"
    everything = (0, 0) if aws else (1, 65535)
    return replace(
        world,
        networks=(*world.networks, Network("other", ("10.9.0.0/16",), True)),
        subnets=(
            *world.subnets,
            Subnet("other", "other", "10.9.0.0/24", "eu-central-1a" if aws else "", True, "other"),
        ),
        tables=(*world.tables, Table("other", "other")),
        routes=(*world.routes, Route("other", "0.0.0.0/0", "internet", "other")),
        groups=(*world.groups, Group("other", "other")),
        rules=(
            *world.rules,
            Rule("other", True, "all", everything, ("0.0.0.0/0",)),
            Rule("other", False, "all", everything, ("0.0.0.0/0",)),
        ),
        instances=(*world.instances, Instance("other", "other", "10.9.0.10", ("other",), True)),
    )


@each
def test_an_unrelated_network_changes_nothing(provider: str, batch: int) -> None:
    for seed, world, _ in worlds(provider, batch):
        asked = questions(world, seed)
        before = Engine(world).answers(asked)
        after = Engine(with_neighbour(world))
        assert after.answers(asked) == before, seed
        assert after.answer(("direct", "other")) == "yes"
        for item in world.instances:
            assert after.answer(("path", "other", item.name, 443)) == "no"
            assert after.answer(("path", item.name, "other", 443)) == "no"


def opened(world: World, random: Random) -> World:
    """Add a permission."""
    aws = world.cloud == "aws"
    ranges = ("0.0.0.0/0", "10.0.0.0/8", "8.0.0.0/8")
    ports = random.choice(((22, 22), (443, 443), (0, 65535) if aws else (1, 65535)))
    if world.acls and random.random() < 0.5:
        acl = random.choice(world.acls)
        entry = Entry(acl.name, random.random() < 0.5, 1, True, "tcp", ports, random.choice(ranges))
        # Separate rules are told by their position; a new one comes last.
        return replace(world, entries=(*world.entries, entry))
    group = random.choice(world.groups)
    # A stateless rule of OCI, which beats a stateful one, may close what was open.
    rule = Rule(
        group.name, random.random() < 0.5, "tcp", ports, (random.choice(ranges),), (), False,
        (0, 65535) if aws else (1, 65535),
    )  # fmt: skip
    return replace(world, rules=(*world.rules, rule))


def closed(world: World, random: Random) -> World:
    """Take a permission away, or add a denial."""
    if world.acls and random.random() < 0.5:
        acl = random.choice(world.acls)
        entry = Entry(acl.name, random.random() < 0.5, 2, False, "tcp", (0, 65535),
                      random.choice(("0.0.0.0/0", "10.0.0.0/8")))  # fmt: skip
        return replace(world, entries=(*world.entries, entry))
    removable = [rule for rule in world.rules if rule.stateless is False]
    if not removable:
        return world
    rule = random.choice(removable)
    return replace(world, rules=tuple(item for item in world.rules if item is not rule))


def judged(world: World, seed: int) -> list[Question]:
    """Give the questions whose answer only grows with what is let through."""
    kinds = ("direct", "balancer", "egress", "path")
    return [question for question in questions(world, seed) if question[0] in kinds]


def compared(provider: str, batch: int, change: Callable[[World, Random], World], sign: int) -> int:
    changed = 0
    for seed, world, random in worlds(provider, batch):
        asked = judged(world, seed)
        before, after = Engine(world), Engine(change(world, random))
        for question in asked:
            old, new = before.answer(question), after.answer(question)
            assert sign * (RANK[new] - RANK[old]) >= 0, (seed, question, old, new)
            changed += old != new
            one, other = before.paths(question), after.paths(question)
            if sign < 0:
                one, other = other, one
            assert other.may.covers(one.may), (seed, question)
    return changed


@pytest.mark.parametrize("provider", WORLDS)
def test_a_permission_closes_nothing(provider: str) -> None:
    assert sum(compared(provider, batch, opened, 1) for batch in range(BATCHES)) > 0


@pytest.mark.parametrize("provider", WORLDS)
def test_a_denial_opens_nothing(provider: str) -> None:
    assert sum(compared(provider, batch, closed, -1) for batch in range(BATCHES)) > 0


def known(world: World) -> World:
    """Fill each hole with its first value, which is what the world was made with."""
    return fill(world, {hole.key: hole.options[0] for hole in holes(world)})  # type: ignore[no-any-return]  # it stays a world


@each
def test_what_is_learnt_contradicts_nothing(provider: str, batch: int) -> None:
    """An answer that was given stays, whatever the unknown turns out to be."""
    learnt = 0
    for seed, world, _ in worlds(provider, batch):
        asked = questions(world, seed)
        before, after = Engine(world).answers(asked), Engine(known(world)).answers(asked)
        for question, answer in before.items():
            learnt += answer == "?" != after[question]
            assert answer in ("?", after[question]), (seed, question)
    assert learnt > 0


@each
def test_a_module_around_everything_changes_nothing(provider: str, batch: int) -> None:
    for seed, world, _ in worlds(provider, batch):
        asked = questions(world, seed)
        document = wrap(json.loads(plan(TERRAFORM[provider](world))))
        inventory = read("plan.json", json.dumps(document).encode())
        graph = Graph(populate(inventory).resources)
        wrapped = Engine(world, graph, WRAP)
        assert wrapped.answers(asked) == Engine(world).answers(asked), seed
