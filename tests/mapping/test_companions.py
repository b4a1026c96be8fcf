"""What completes other things by several references, and what may do so."""

from __future__ import annotations

import pytest

from scanner.mapping.links import only_target, united, with_companions
from scanner.mapping.population import populate
from scanner.mapping.references import ref
from scanner.mapping.registry import companion, companion_by
from scanner.record import Inventory, Links, Record
from scanner.value import Unknown
from tests.mapping.conftest import Pointer, record

LATER = Unknown("known after apply")
JOINT = "test_joint"
LEFT, RIGHT = "test_left", "test_right"

companion(JOINT, LEFT, "left_id", "Left")
companion(JOINT, RIGHT, "right_id", "Right")


def joined(**body: object) -> tuple[Record, Record]:
    left, right = record(LEFT, {}), record(RIGHT, {})
    populate(Inventory(records=[left, right, record(JOINT, body)]))
    return left, right


def test_one_type_may_complete_several_by_references_of_their_own() -> None:
    left, right = joined(left_id=Pointer(f"{LEFT}.a"))
    assert [item.address for item in left.companions(JOINT).certain] == [f"{JOINT}.a"]
    assert not right.companions(JOINT).certain
    assert not right.companions(JOINT).unknown


def test_a_doubt_about_one_reference_is_none_about_the_other() -> None:
    left, right = joined(left_id=LATER)
    assert left.companions(JOINT).unknown
    assert [item.address for item in left.companions(JOINT).perhaps] == [f"{JOINT}.a"]
    assert not left.companions(JOINT).missing
    assert not right.companions(JOINT).unknown


def test_a_type_completes_another_by_one_reference_only() -> None:
    with pytest.raises(TypeError):
        companion_by(JOINT, (LEFT,), ref("other_id", "Other", LEFT))


def test_what_may_complete_a_thing_is_perhaps_referred_to() -> None:
    for value, certain in ((Pointer(f"{LEFT}.a"), True), (LATER, False)):
        left, _ = joined(left_id=value, thing=Pointer("x.y"))
        links = with_companions(left.block, "thing", JOINT, ref("thing", "Thing"))
        assert links.targets == (("x.y",) if certain else ())
        assert links.maybe == (() if certain else ("x.y",))
        assert not links.unknown


def test_things_described_twice_are_one() -> None:
    block = record(LEFT, {}).block
    links = Links(block, "p", targets=("a", "b"), one_of=(("a", "b"), ("b", "c")), maybe=("b", "d"))
    found = united(links, lambda name: "a" if name == "b" else name)
    assert found.targets == ("a",)
    assert found.one_of == (("a", "c"),)
    assert found.maybe == ("d",)
    assert only_target(Links(block, "p", targets=("a",))) == "a"
    assert only_target(found) == ""
