"""Drawings of paths: everything is shown, nothing overlaps, nothing in them is active."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import pytest
from lxml import etree

from reports.drawing import document, drawing, signs
from reports.drawing.measure import cells, fit, shorten
from reports.drawing.scene import scene
from reports.drawing.signs import label_of
from scanner.network.chain import Path
from scanner.truth import State
from tests.reports import ways
from tests.reports.test_browser import browser  # noqa: F401 (a fixture)

SVG = "{http://www.w3.org/2000/svg}"
CASES = pytest.mark.parametrize("name", ways.PATHS)


def tree(path: Path) -> etree._Element:
    return etree.fromstring(document(path, ways.where).encode())


def texts(root: etree._Element) -> list[str]:
    return ["".join(item.xpath("text() | *[local-name() = 'tspan']/text()")) for item in
            root.iter(f"{SVG}text")]  # fmt: skip


@CASES
def test_a_file_is_sound_xml_and_holds_nothing_active_or_distant(name: str) -> None:
    root = tree(ways.PATHS[name])
    assert root.get("role") == "img"
    assert {item.tag.removeprefix(SVG) for item in root.iter()} <= {
        "svg", "title", "desc", "style", "g", "rect", "path", "circle", "text", "tspan",
    }  # fmt: skip
    names = {attribute for item in root.iter() for attribute in item.attrib}
    assert names <= {
        "class", "role", "aria-labelledby", "id", "width", "height", "viewBox", "x", "y", "rx",
        "d", "transform", "cx", "cy", "r", "text-anchor",
    }  # fmt: skip
    (style,) = root.findall(f"{SVG}style")
    assert "url(" not in (style.text or "") and "@import" not in (style.text or "")


@CASES
def test_a_drawing_in_a_page_brings_no_style(name: str) -> None:
    text = drawing(ways.PATHS[name], ways.where, "path-7")
    assert "<style" not in text and "style=" not in text and "<script" not in text
    assert 'aria-labelledby="path-7-t path-7-d"' in text
    assert 'id="path-7-t"' in text and 'id="path-7-d"' in text
    used = set(re.findall(r'href="#(sign-[a-z]+)"', text))
    assert used <= set(re.findall(r'id="(sign-[a-z]+)"', signs()))


@CASES
def test_title_and_description_tell_the_path(name: str) -> None:
    root = tree(ways.PATHS[name])
    title, description = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
    assert title and description and description.startswith(title[:200])


@CASES
def test_no_invisible_character_is_left(name: str) -> None:
    assert all(
        char.isprintable() or char == "\n" for char in document(ways.PATHS[name], ways.where)
    )


@CASES
def test_equal_paths_give_equal_bytes(name: str) -> None:
    path = ways.PATHS[name]
    assert document(path, ways.where) == document(path, ways.where)


@CASES
def test_every_hop_stands_somewhere_in_its_order(name: str) -> None:
    path = ways.PATHS[name]
    shown = scene(path, ways.where)
    stations = [*shown.stations, *(item for part in shown.replies for item in part)]
    numbers = sorted(number for item in stations for number in item.numbers)
    assert numbers == list(range(1, len(path.hops) + 1))
    gates = [item.numbers[0] for item in shown.stations if not item.box]
    assert gates == sorted(gates)


@CASES
def test_what_stops_and_what_is_not_known_is_marked_by_shape(name: str) -> None:
    path = ways.PATHS[name]
    root = tree(path)
    crosses = root.xpath("//*[local-name() = 'path'][@class = 'cross']")
    shown = scene(path, ways.where)
    stations = [*shown.stations, *(item for part in shown.replies for item in part)]
    assert len(crosses) == sum(item.state is State.FALSE for item in stations)
    queries = root.xpath("//*[local-name() = 'text'][@class = 'query']")
    assert len(queries) == sum(item.state is State.UNKNOWN for item in stations)
    blocked = {number for item in stations if item.state is State.FALSE for number in item.numbers}
    assert {n for n, hop in enumerate(path.hops, 1) if hop.state is State.FALSE} <= blocked


def looks(path: Path) -> list[str]:
    return [item.get("class") or "" for item in tree(path).iter(f"{SVG}path")]


def test_the_arrow_of_a_shut_path_ends_at_the_first_blocker() -> None:
    lines = [look for look in looks(ways.STOPPED) if look.startswith(("way", "stop", "tip"))]
    assert lines[:3] == ["way", "stop", "way never"]
    assert not [look for look in lines if look.startswith("tip")]


def test_the_reply_is_a_line_of_its_own_and_stops_where_it_is_stopped() -> None:
    lines = [look for look in looks(ways.PEERED) if look.startswith("way reply")]
    assert lines[0] == "way reply" and lines[-1] == "way reply never"
    assert "way reply" not in looks(ways.OUTWARD)


def test_a_path_of_doubts_is_dashed_behind_the_first() -> None:
    lines = [look for look in looks(ways.OPEN_QUESTION) if look in ("way", "way unsure")]
    assert lines[0] == "way" and set(lines[1:]) == {"way unsure"}


def test_gateways_and_acls_stand_on_the_edges_that_they_guard() -> None:
    found = {item.name: item for item in scene(ways.DIRECT, ways.where).stations}
    assert found["aws_internet_gateway.main"].border == ways.MAIN
    assert found["aws_network_acl.app"].border == ways.APP
    assert found["aws_network_acl.app"].inside == (ways.MAIN,)
    assert found["aws_security_group.web"].inside == (ways.MAIN, ways.APP)


def test_a_hub_stands_between_the_networks() -> None:
    shown = scene(ways.TRANSIT, ways.where)
    areas = [
        (*item.inside, *((item.border,) if item.border else ()))[:1] for item in shown.stations
    ]
    order = list(dict.fromkeys(area[0].kind + area[0].names[0] for area in areas if area))
    assert order == [
        "networkaws_vpc.main",
        "hubaws_ec2_transit_gateway.hub",
        'networkmodule.data["prod"].aws_vpc.this[0]',
    ]
    hub = [item for item in shown.stations if item.within(ways.HUB)]
    assert [item.border == ways.HUB for item in hub] == [True, False, True]
    assert hub[0].numbers == (4, 5), "the same attachment is one gate"


def test_a_peering_stands_outside_of_both_networks() -> None:
    found = {item.name: item for item in scene(ways.PEERED, ways.where).stations}
    joint = found["aws_vpc_peering_connection.joint"]
    assert (joint.inside, joint.border, joint.numbers) == ((), None, (5, 6))


def test_ports_change_at_a_balancer_and_each_part_has_its_reply() -> None:
    shown = scene(ways.BALANCED, ways.where)
    assert [item.sends for item in shown.stations if item.sends] == ["tcp 443", "tcp 8443"]
    assert len(shown.parts) == len(shown.replies) == 2
    assert all(len(part) == 1 for part in shown.replies)


def test_the_reply_to_the_internet_leads_there_and_not_to_the_edge_service() -> None:
    shown = scene(ways.THROUGH_EDGE, ways.where)
    assert [len(part) for part in shown.replies] == [0, 1, 0]


def test_long_names_are_cut_in_their_middle_and_whole_in_their_title() -> None:
    root = tree(ways.PEERED)
    assert any("…" in text and text.startswith('subnet data["prod"') for text in texts(root))
    titles = [item.text or "" for item in root.iter(f"{SVG}title")]
    for whole in (ways.STORE.names[0], "aws_vpc_peering_connection.joint"):
        assert any(whole in title for title in titles)


def test_labels_leave_out_what_the_sign_says() -> None:
    assert label_of("aws_instance.web", "aws_instance") == "web"
    assert label_of('module.a["x"].module.b.aws_vpc.this[0]', "aws_vpc") == 'a["x"].b.this[0]'
    assert label_of("internet", "") == "internet"


def test_shortened_texts_fit() -> None:
    assert shorten("abcdefghij", 10) == "abcdefghij"
    assert shorten("abcdefghijk", 10) == "abcd…ghijk"
    assert cells(shorten("数据库" * 20, 11)) <= 11
    assert fit("short", 100, 10) == "short"
    assert fit("w" * 100, 100, 10).endswith("…")


# In a browser, since only it knows how wide a text is

OVERLAPS = File(__file__).with_name("overlaps.js")


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:  # noqa: F811 (the fixture)
    opened = browser.new_page(viewport={"width": 1600, "height": 900})
    yield opened
    opened.close()


@CASES
def test_nothing_overlaps_or_leaves_the_sheet(page: Any, tmp_path: File, name: str) -> None:
    file = tmp_path / "path.svg"
    file.write_text(document(ways.PATHS[name], ways.where))
    page.goto(file.as_uri())
    assert page.evaluate(OVERLAPS.read_text()) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_and_texts_are_seen_in_both_schemes(page: Any, tmp_path: File, scheme: str) -> None:
    file = tmp_path / "path.svg"
    file.write_text(document(ways.STOPPED, ways.where))
    page.emulate_media(color_scheme=scheme)
    page.goto(file.as_uri())
    colours = page.evaluate(
        """() => [".paper", "text", ".small", ".bad", ".badge"].map(
            (name) => getComputedStyle(document.querySelector(name)).fill)"""
    )
    paper, *others = [_light(text) for text in colours]
    for other in others:
        brighter, darker = max(paper, other), min(paper, other)
        assert (brighter + 0.05) / (darker + 0.05) >= 4.5


def _light(colour: str) -> float:
    parts = [int(text) / 255 for text in re.findall(r"\d+", colour)[:3]]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(a * b for a, b in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
