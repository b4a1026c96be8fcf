"""Paths through attributes, nested blocks and unknown parts."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from scanner.record import MISSING, Block, Record
from scanner.value import Unknown

LATER = Unknown("known after apply")


def block(**attributes: Any) -> Block:
    return Record("aws_x", "aws_x.a", attributes).block


def test_single_block_is_read_through() -> None:
    assert block(vpc_config=[{"public": True}]).read("vpc_config.public") is True
    assert block(vpc_config={"public": True}).read("vpc_config.public") is True
    assert block(vpc_config=[]).read("vpc_config.public") is MISSING


def test_several_blocks_where_one_was_expected_are_unknown() -> None:
    assert isinstance(block(a=[{"b": 1}, {"b": 2}]).read("a.b"), Unknown)


def test_every_block_is_read_with_brackets() -> None:
    assert block(a=[{"b": 1}, {"b": [2, 3]}, {}]).read("a[].b") == [1, 2, 3]
    assert block(a=LATER).read("a[].b") is LATER


def test_unknown_at_any_depth_stays_unknown() -> None:
    assert block(a=LATER).read("a.b.c") is LATER
    assert block(a=[LATER]).read("a.b") is LATER
    assert block(a=[{"b": LATER}]).read("a.b.c") is LATER
    assert block(a=["x", LATER]).value("a").content is LATER


def test_null_is_missing_and_missing_is_not_false() -> None:
    assert block(a=None).read("a") is MISSING
    assert isinstance(block().value("a").content, Unknown)
    assert not block(a=[]).has("a")


def test_nested_blocks_know_their_place() -> None:
    nested = block(a=[{"b": 1}, {"b": 2}]).blocks("a")
    assert not isinstance(nested, Unknown)
    assert [item.address for item in nested] == ["aws_x.a.a[0]", "aws_x.a.a[1]"]
    assert block(a=LATER).blocks("a") is LATER
    assert block().blocks("a") == ()
    assert isinstance(block(a="text").blocks("a"), Unknown)


JSON = st.recursive(
    st.sampled_from([None, True, 7, "text", LATER]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from("abc"), JSON), st.sampled_from(["a", "a.b", "a[].b", "a.b[].c"])
)
def test_no_content_makes_reading_fail(attributes: dict[str, Any], path: str) -> None:
    found = block(**attributes)
    found.read(path)
    found.value(path)
    found.blocks(path)
    found.links(path)


def test_body_is_read_once_and_only_when_needed() -> None:
    from scanner.record import Body

    calls = []

    def load() -> Body:
        calls.append(1)
        return Body({"a": 1})

    record = Record("aws_x", "aws_x.a", load)
    assert not calls
    assert record.block.read("a") == 1
    assert record.block.read("a") == 1
    assert calls == [1]
