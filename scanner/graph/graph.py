"""The resources of one scan, looked up by address, by kind and by who refers to whom.

Questions over references are answered in three values: a reference that could not be resolved
makes the answer unknown unless the rest already decides it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from scanner.model.base import Inapplicable, Resource
from scanner.record import Links
from scanner.scope import DEFAULT_SCOPES, Scopes
from scanner.truth import Evidence, Truth, all_of, any_of, one_answer, unknown

R = TypeVar("R", bound=Resource)
K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Referrer(NamedTuple):
    """A resource that refers to another; certain, or only perhaps."""

    resource: Resource
    certain: bool
    why: str


class _Index(NamedTuple):
    by_target: Mapping[str, Sequence[Referrer]]
    unresolved: Sequence[Referrer]


class Graph:
    """All resources of one scan.

    missing: why a part of the world was not read; then that nothing is there shows nothing.
    scopes: what their owner declares of them.
    """

    def __init__(
        self,
        resources: Iterable[Resource],
        missing: str = "",
        scopes: Scopes = DEFAULT_SCOPES,
    ) -> None:
        self.missing = missing
        self.scopes = scopes
        self.resources: tuple[Resource, ...] = tuple(resources)
        self._by_class: dict[type[Resource], list[Resource]] = {}
        self._by_address: dict[str, list[Resource]] = {}
        for resource in self.resources:
            self._by_class.setdefault(type(resource), []).append(resource)
            # Parts of a record answer to the record's address too: references name records.
            record = resource.block.record.address
            self._by_address.setdefault(record, []).append(resource)
            if resource.block.path:
                # One made from a nested block may also be named by itself.
                self._by_address.setdefault(f"{record}.{resource.block.path}", []).append(resource)
        self._of: dict[type[Resource], tuple[Resource, ...]] = {}
        self._referrers: dict[tuple[type[Resource], str], _Index] = {}
        self._answers: dict[tuple[object, object], object] = {}

    def remember(self, question: Callable[[K, Graph], T], about: K) -> T:
        """Answer a question about something once; many rules and resources ask the same."""
        key = (question, about)
        try:
            return self._answers[key]  # type: ignore[return-value]  # it was put there below
        except KeyError:
            answer = self._answers[key] = question(about, self)
            return answer

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Give all resources of a kind, in the order of their addresses."""
        found = self._of.get(kind)
        if found is None:
            classes = [model for model in self._by_class if issubclass(model, kind)]
            members = [item for model in classes for item in self._by_class[model]]
            if len(classes) > 1:
                members.sort(key=lambda item: item.address)
            found = self._of[kind] = tuple(members)
        return found  # type: ignore[return-value]  # the classes were selected above

    def at(self, address: str, kind: type[R]) -> R | None:
        """Give the resource of this kind made from the record at an address."""
        for resource in self._by_address.get(address, ()):
            if isinstance(resource, kind):
                return resource
        return None

    def all_at(self, address: str) -> tuple[Resource, ...]:
        """Give all resources made from the record at an address, or the one named so itself."""
        found = self._by_address.get(address)
        if found is not None:
            return tuple(found)
        return tuple(item for item in self.resources if item.address == address)

    def every(self, links: Links, kind: type[R], predicate: Callable[[R], Truth]) -> Truth:
        """Whether the predicate holds of everything that is referred to."""
        return all_of((*self._ask(links, kind, predicate, all_of), *_holes(links)), links)

    def some(self, links: Links, kind: type[R], predicate: Callable[[R], Truth]) -> Truth:
        """Whether the predicate holds of something that is referred to."""
        return any_of((*self._ask(links, kind, predicate, any_of), *_holes(links)), links)

    def _ask(
        self,
        links: Links,
        kind: type[R],
        predicate: Callable[[R], Truth],
        combine: Callable[[Iterable[Truth]], Truth],
    ) -> Iterator[Truth]:
        for address in links.targets:
            yield self._judge(links, address, kind, predicate)
        for group in links.one_of:
            yield one_answer([self._judge(links, item, kind, predicate) for item in group])
        neutral = combine(()).state
        for address in links.maybe:
            truth = self._judge(links, address, kind, predicate)
            # Its part is only certain if it is the same whether or not it is referred to.
            yield truth if truth.state is neutral else unknown(truth_witness(truth), links)

    def _judge(
        self, links: Links, address: str, kind: type[R], predicate: Callable[[R], Truth]
    ) -> Truth:
        found = self.at(address, kind)
        if found is None:
            fact = f"{address} is not a {words(kind)} that assay can read"
            return unknown(Evidence(links.source, fact))
        return predicate(found).because(links)

    def follow(self, links: Links, kind: type[R]) -> Iterator[R]:
        """Give the resources that certainly are referred to, and that were read."""
        for address in links.targets:
            found = self.at(address, kind)
            if found is not None:
                yield found

    def referrers(self, target: Resource, kind: type[R], field: str) -> tuple[Referrer, ...]:
        """Give those of a kind whose field refers, or may refer, to the target."""
        index = self._index(kind, field)
        address = target.block.record.address
        return (*index.by_target.get(address, ()), *index.unresolved)

    def referred_by(
        self, target: Resource, kind: type[R], field: str, predicate: Callable[[R], Truth]
    ) -> Truth:
        """Whether some resource of a kind refers to the target and satisfies the predicate."""
        index = self._index(kind, field)
        truths = []
        for referrer in index.by_target.get(target.block.record.address, ()):
            truth = predicate(referrer.resource)  # type: ignore[arg-type]  # it is of the kind
            if referrer.certain or truth.is_false:
                truths.append(truth)
            else:
                truths.append(unknown(Evidence(referrer.resource.address, referrer.why)))
        answer = any_of(truths)
        if answer.is_true:
            return answer
        # One reference that leads nobody knows where leaves it open; the others add nothing.
        for referrer in index.unresolved:
            if not predicate(referrer.resource).is_false:  # type: ignore[arg-type]  # as above
                return answer | unknown(Evidence(referrer.resource.address, referrer.why))
        nothing = Evidence(target.address, f"no {words(kind)} in what was read refers to it")
        return self.absent(any_of(truths, nothing), target)

    def absent(self, truth: Truth, target: Resource) -> Truth:
        """Take back what only the absence of resources shows, if a part was not read."""
        if not self.missing:
            return truth
        return unknown(Evidence(target.address, self.missing))

    def _index(self, kind: type[R], field: str) -> _Index:
        found = self._referrers.get((kind, field))
        if found is not None:
            return found
        by_target: dict[str, list[Referrer]] = {}
        unresolved: list[Referrer] = []
        for resource in self.of(kind):
            try:
                links: Links = getattr(resource, field)
            except Inapplicable:
                continue
            for address in links.targets:
                by_target.setdefault(address, []).append(Referrer(resource, True, ""))
            for address in dict.fromkeys((*(i for g in links.one_of for i in g), *links.maybe)):
                why = "it is not certain that it refers to it"
                by_target.setdefault(address, []).append(Referrer(resource, False, why))
            if links.unknown:
                unresolved.append(Referrer(resource, False, links.unknown[0]))
        index = self._referrers[kind, field] = _Index(by_target, unresolved)
        return index


def words(kind: type[Resource]) -> str:
    """Write the name of a kind for people: `flow log`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()


def truth_witness(truth: Truth) -> Evidence:
    """Give one line of a truth's evidence, to stand beside a doubt."""
    evidence = truth.evidence
    return evidence[0] if evidence else Evidence("", "")


def _holes(links: Links) -> Iterator[Truth]:
    for reason in links.unknown:
        yield unknown(Evidence(links.source, reason))
    for name in links.outside:
        yield unknown(Evidence(links.source, f'"{name}" is not in what was read'))
