"""The page as markup: complete without a script, closed to the network, and inert."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from typing import Any

import pytest
from lxml import html

from reports import Options, render
from scanner.engine import Scan
from scanner.finding import Verdict
from tests.reports import scans


def text(scan: Scan, **options: Any) -> str:
    return b"".join(render(scan, "html", Options(**options))).decode()


def data(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="scan">(.*?)</script>', page, re.S)
    assert found is not None
    return json.loads(found[1])


@pytest.mark.parametrize("case", scans.CASES)
def test_the_policy_allows_its_own_style_and_scripts_and_nothing_else(case: str) -> None:
    page = text(scans.CASES[case]())
    root = html.fromstring(page)
    (meta,) = root.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert meta.startswith("default-src 'none';")
    assert "unsafe" not in meta
    blocks = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", page, re.S)
    assert len(blocks) == 3
    for block in blocks:
        assert f"'sha256-{b64encode(sha256(block.encode()).digest()).decode()}'" in meta


@pytest.mark.parametrize("case", scans.CASES)
def test_nothing_active_or_distant_is_in_the_markup(case: str) -> None:
    page = text(scans.CASES[case]())
    root = html.fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    assert not root.xpath("//img | //iframe | //object | //embed | //base | //form[@action]")
    names = {name for item in root.iter() for name in item.attrib}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    targets = set(root.xpath("//@href | //@src"))
    assert {target for target in targets if target[0] != "#"} == {"data:,"}
    assert len(root.xpath("//script")) == 3


@pytest.mark.parametrize("case", scans.CASES)
def test_the_data_has_every_finding(case: str) -> None:
    scan = scans.CASES[case]()
    found = data(text(scan))
    for verdict in Verdict:
        assert sum(len(group[verdict.value]) for group in found["groups"]) == scan.count(verdict)
    assert len(found["addresses"]) == len({item.address for item in scan.findings})
    assert len(found["of"]) == 3 * len(found["addresses"])


@pytest.mark.parametrize("case", scans.CASES)
def test_no_invisible_character_is_left(case: str) -> None:
    page = text(scans.CASES[case]())
    assert all(char.isprintable() or char in "\n\u00a0\u3000" for char in page)


def test_pooled_evidence_reads_as_it_was() -> None:
    scan = scans.small()
    found = data(text(scan))
    expected = {
        (item.name, item.address, tuple((fact.source, fact.fact) for fact in item.evidence))
        for item in scan.findings
        if item.verdict is not Verdict.PASS
    }
    assert expected == {
        (group["name"], *_read(found, row))
        for group in found["groups"]
        for row in (*group["fail"], *group["undetermined"])
    }


def _read(found: Any, row: list[int]) -> tuple[str, tuple[tuple[str, str], ...]]:
    module = found["modules"][found["of"][3 * row[0]]]
    address = f"{module}.{found['addresses'][row[0]]}" if module else found["addresses"][row[0]]
    pairs = zip(row[1::2], row[2::2], strict=True)
    return address, tuple(
        (
            address + found["text"][-1 - source] if source < 0 else found["text"][source],
            found["text"][fact],
        )
        for source, fact in pairs
    )


def test_without_a_script_the_essence_is_there() -> None:
    page = html.fromstring(text(scans.small()).partition('<script type="application/json"')[0])
    shown = " ".join(page.text_content().split())
    assert "9 checks fail, 1 of them critical." in shown
    assert "3.5.1 Stored account numbers unreadable" in shown
    rows = page.xpath('//table[contains(@class, "static")]/tbody/tr')
    assert len(rows) == 14
    assert "storage_encrypted: known after apply" in shown


def test_static_rows_are_cut_where_stated_and_failures_come_first() -> None:
    scan = scans.large(2000)
    page = html.fromstring(text(scan, static_rows=100))
    rows = page.xpath('//table[contains(@class, "static")]/tbody/tr')
    assert len(rows) == 100
    assert {row.xpath("string(td[1])") for row in rows} == {"Failed"}
    assert "shows 100 of" in page.xpath('string(//p[@class="capped"])')


def test_the_order_of_headings_has_no_holes() -> None:
    page = html.fromstring(text(scans.small()))
    levels = [int(item.tag[1]) for item in page.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_link_inside_the_page_has_its_target() -> None:
    page = html.fromstring(text(scans.small()))
    targets = set(page.xpath("//@id"))
    links = {href[1:] for href in page.xpath("//a/@href")}
    assert links <= targets


def test_a_finding_costs_few_bytes() -> None:
    few, many = len(text(scans.large(4000))), len(text(scans.large(24000)))
    assert (many - few) / 20000 <= 150
