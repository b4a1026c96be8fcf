"""Findings carry the paths that decided them, and most findings none."""

from __future__ import annotations

from scanner.finding import Finding
from scanner.network.chain import Answer
from scanner.network.packets import OPEN, SHUT, UNSURE
from scanner.truth import Evidence, Truth, all_of, any_of, known
from tests.reports.networks import CLOSED, answer
from tests.reports.scans import make_resource

FACT = Evidence("here", "a fact")


def finding(truth: Truth) -> Finding:
    return Finding(CLOSED, make_resource("aws_instance.web"), truth, {})


def test_witnesses_are_those_that_decided_in_their_order_and_once() -> None:
    first, second, third = answer(OPEN), answer(OPEN, OPEN), answer(SHUT)
    open_one = any_of((first.truth, third.truth, second.truth))
    assert open_one.witnesses(Answer) == (first, second)
    assert (~open_one).witnesses(Answer) == (first, second)
    assert (open_one & first.truth).witnesses(Answer) == (first, second)
    both = all_of((third.truth, known(True, FACT)))
    assert both.witnesses(Answer) == (third,)
    assert known(True, FACT).witnesses(Answer) == ()


def test_a_finding_has_the_paths_of_its_answers() -> None:
    shut, unsure = answer(SHUT, SHUT), answer(UNSURE)
    (path,) = finding(~shut.truth).paths
    assert len(path.blockers) == 2
    assert finding(unsure.truth.because(FACT)).paths == unsure.paths
    assert finding(known(False, FACT)).paths == ()


def test_equal_paths_are_given_once() -> None:
    twice = any_of((answer(OPEN).truth, answer(OPEN).truth))
    assert len(twice.witnesses(Answer)) == 2
    assert len(finding(twice).paths) == 1
