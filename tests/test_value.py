"""Values are known or say why not, and are shown to people in one line."""

from __future__ import annotations

from scanner.truth import Evidence
from scanner.value import Redacted, Unknown, Value, show


class Place:
    address = "aws_vpc.main"


def test_unknown_value_makes_every_test_unknown_and_says_why() -> None:
    value: Value[int] = Value(Unknown("known after apply"), Place(), "cidr_block")
    truth = value.test(lambda content: content > 1)
    assert truth.is_unknown
    assert truth.evidence == (Evidence("aws_vpc.main.cidr_block", "known after apply"),)


def test_known_value_is_its_own_evidence() -> None:
    truth = Value(7, Place(), "days", "default").test(lambda days: days >= 7)
    assert truth.is_true
    assert truth.evidence == (Evidence("aws_vpc.main.days", "7 (default)"),)


def test_converted_value_keeps_source_and_unknown() -> None:
    assert Value("7", Place(), "days").map(int).content == 7
    assert Value(Redacted("sensitive"), Place(), "days").map(str).content == Unknown("sensitive")


def test_values_are_shown_the_way_terraform_writes_them() -> None:
    assert show(None) == "not set"
    assert show(True) == "true"
    assert show(("a", 1)) == '["a", 1]'
    assert show({"b": 1, "a": None}) == "{a = not set, b = 1}"
    assert show(Unknown("known after apply")) == "(known after apply)"
    assert "\n" not in show("two\nlines")
    assert len(show("x" * 10_000)) <= 200
