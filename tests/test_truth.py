"""Kleene's laws, and that evidence is what decided."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.truth import Evidence, State, Truth, all_of, any_of, known, one_answer, unknown

RANK = {State.FALSE: 0, State.UNKNOWN: 1, State.TRUE: 2}


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    name = draw(st.sampled_from("abcdef"))
    return Truth(draw(st.sampled_from(State)), (Evidence(name, "read"),))


def rank(truth: Truth) -> int:
    return RANK[truth.state]


@given(truths(), truths(), truths())
def test_kleene_tables_and_laws(a: Truth, b: Truth, c: Truth) -> None:
    assert rank(a & b) == min(rank(a), rank(b))
    assert rank(a | b) == max(rank(a), rank(b))
    assert rank(~a) == 2 - rank(a)
    assert ~~a == a
    assert (a & b) & c == a & (b & c)
    assert (a | b) | c == a | (b | c)
    assert a & b == b & a
    assert ~(a & b) == ~a | ~b
    assert rank(a & (b | c)) == rank((a & b) | (a & c))


@given(st.lists(truths(), max_size=6))
def test_many_operands_are_as_one_by_one(items: list[Truth]) -> None:
    both, either = known(True), known(False)
    for item in items:
        both, either = both & item, either | item
    assert rank(all_of(items)) == rank(both)
    assert rank(any_of(items)) == rank(either)


@given(st.lists(truths(), max_size=5))
def test_resolving_an_unknown_never_flips_a_known_answer(items: list[Truth]) -> None:
    before = all_of(items)
    for state in (State.TRUE, State.FALSE):
        resolved = [Truth(state) if item.is_unknown else item for item in items]
        if not before.is_unknown:
            assert all_of(resolved).state is before.state


@given(truths(), truths())
def test_only_deciding_operands_are_evidence(a: Truth, b: Truth) -> None:
    result = a & b
    decisive = [item for item in (a, b) if item.state is result.state]
    assert set(result.evidence) == {fact for item in decisive for fact in item.evidence}


def test_one_answer_needs_agreement() -> None:
    assert one_answer([known(True), known(True)]).is_true
    assert one_answer([known(True), known(False)]).is_unknown
    assert one_answer([known(False), unknown()]).is_unknown


def test_nothing_at_all_has_its_own_evidence() -> None:
    fact = Evidence("here", "no rule")
    assert any_of([], fact).is_false
    assert any_of([], fact).evidence == (fact,)
    assert all_of([], fact).is_true


def test_truth_has_no_bool() -> None:
    with pytest.raises(TypeError, match="may be unknown"):
        bool(known(True))


def test_evidence_is_made_only_when_asked_for() -> None:
    asked: list[str] = []

    class Witness:
        def testify(self) -> list[Evidence]:
            asked.append("asked")
            return [Evidence("a", "b")]

    truth = known(True, Witness()) & known(True) | unknown()
    assert not asked
    assert truth.evidence == (Evidence("a", "b"),)
    assert asked == ["asked"]


def test_deep_combinations_do_not_exhaust_the_stack() -> None:
    truth = known(True, Evidence("start", "read"))
    for index in range(20_000):
        truth = truth & known(True, Evidence(str(index % 7), "read"))
    assert len(truth.evidence) == 8


def test_type_checker_rejects_a_truth_as_condition(tmp_path: Path) -> None:
    script = tmp_path / "wrong.py"
    script.write_text(
        "from scanner.truth import Truth\n\n"
        "def decide(truth: Truth) -> int:\n"
        "    if truth:\n"
        "        return 1\n"
        "    return 0\n"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", str(script)],
        cwd=root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout
    assert "unreachable" in done.stdout or "truthy-bool" in done.stdout
