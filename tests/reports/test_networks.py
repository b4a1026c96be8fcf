"""The page's view of the networks: complete, counted, capped, each drawing where it belongs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import html

from reports import Options, render
from scanner.engine import Scan
from scanner.finding import Verdict
from tests.reports import networks, scans
from tests.reports.test_browser import browser, files, visit  # noqa: F401 (fixtures)


def page(scan: Scan, **options: Any) -> Any:
    data = b"".join(render(scan, "html", Options(**options)))
    return html.fromstring(data, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))


def cells(root: Any, table: str) -> list[list[str]]:
    rows = root.xpath(f'//table[@class="{table}"]/tbody/tr')
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_a_scan_without_networks_has_no_view_of_them() -> None:
    root = page(scans.small())
    assert not root.xpath('//*[@id="network"]')
    assert not root.xpath('//a[@href="#network"]')


def test_every_subnet_has_its_class_and_why() -> None:
    rows = cells(page(networks.networked()), "segments")
    assert [(row[0].partition("10.")[0], row[1]) for row in rows] == [
        ("aws_subnet.other", "Undetermined"),
        ("aws_subnet.public", "Public"),
        ("aws_subnet.store", "Isolated"),
    ]
    assert all(row[2] for row in rows)
    assert "aws_route_table.public: route 0.0.0.0/0 to aws_internet_gateway.main" in rows[1][2]


def test_the_ways_from_the_internet_have_ports_grade_and_path() -> None:
    rows = cells(page(networks.networked()), "exposed")
    web = next(row for row in rows if row[0].startswith("aws_instance.web"))
    assert web[1:4] == ["direct", "tcp 443", "from any address"]
    assert web[4].startswith("Path ")
    other = next(row for row in rows if row[0].startswith("aws_instance.other"))
    assert other[1] == "perhaps direct"
    assert not [row for row in rows if row[0].startswith("aws_instance.store")]


def test_every_drawing_stands_once_and_is_linked_from_what_it_decided() -> None:
    root = page(networks.networked())
    names = root.xpath('//details[contains(@class, "path")]/@id')
    assert names == [f"path/{number}" for number in range(1, len(names) + 1)]
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    links = set(root.xpath('//table[contains(@class, "static")]//a/@href[starts-with(., "#path")]'))
    assert links and links <= {f"#{name}" for name in names}


def test_proofs_of_passed_checks_are_drawn_but_not_printed() -> None:
    root = page(networks.networked())
    proofs = root.xpath('//details[@class="path proof"]')
    assert proofs and all("no, stopped by" in item.findtext("summary") + item.text_content()
                          for item in proofs)  # fmt: skip


def test_drawings_are_capped_where_stated_and_failures_come_first() -> None:
    scan = networks.hostile()
    root = page(scan, drawings=3)
    assert len(root.xpath('//details[contains(@class, "path")]')) == 3
    text = " ".join(root.xpath('string(//section[@id="network"])').split())
    assert "3 are drawn; " in text and "more are told in the JSON report" in text
    titles = root.xpath('//details[contains(@class, "path")]/summary')
    assert all(": yes" in item.text_content() for item in titles)


def test_rows_are_capped_where_stated() -> None:
    root = page(networks.networked(), static_rows=1)
    assert len(cells(root, "segments")) == len(cells(root, "exposed")) == 1
    assert "2 more subnets are not shown" in root.xpath('string(//section[@id="network"])')


def test_codes_are_explained_where_they_stand() -> None:
    titles = page(networks.networked()).xpath("//abbr/@title")
    assert "NET-IGW: No internet gateway that is on is attached to the network." in titles


def test_json_and_junit_and_text_tell_the_paths() -> None:
    scan = networks.networked()
    found = json.loads(b"".join(render(scan, "json")))["findings"]
    by_name = {item["resource"]: item for item in found}
    web = by_name["aws_instance.web"]
    assert web["verdict"] == "fail"
    assert [item["answer"] for item in web["paths"]] == ["yes"]
    assert web["paths"][0]["hops"][0]["node"] == "internet"
    assert by_name["aws_instance.store"]["paths"][0]["answer"] == "no"
    assert (
        "path: internet -&gt; aws_internet_gateway.main" in b"".join(render(scan, "junit")).decode()
    )
    text = " ".join(b"".join(render(scan, "text")).decode().split())
    assert "path: internet -> aws_internet_gateway.main -> aws_security_group.web" in text


def test_most_findings_have_no_paths() -> None:
    assert all("paths" not in item for item in
               json.loads(b"".join(render(scans.small(), "json")))["findings"])  # fmt: skip


# In a browser


def test_a_finding_shows_the_drawing_of_its_path(visit: Any) -> None:  # noqa: F811
    page = visit("networked", "#rule/instance-closed-to-the-internet")
    rule = page.locator("details.rule")
    rule.locator("tr.drawn details.way").first.wait_for()
    way = rule.locator("tr.drawn details.way").first
    if not way.evaluate("item => item.open"):
        way.locator("summary").click()
    drawn = way.locator("svg.drawing")
    assert drawn.is_visible()
    assert way.locator("ol.hops li").count() >= 5
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((item) => item.id)")
    assert len(ids) == len(set(ids)), "a copy has ids of its own"
    label = drawn.get_attribute("aria-labelledby").split()
    assert page.evaluate("ids => ids.every((id) => document.getElementById(id))", label)


def test_a_row_of_the_internet_opens_its_drawing_and_closes_it(visit: Any) -> None:  # noqa: F811
    page = visit("networked")
    link = page.locator(".exposed a.way").first
    link.click()
    assert page.locator(".exposed tr.drawn svg").is_visible()
    link.click()
    assert page.locator(".exposed tr.drawn").count() == 0


def test_subnets_are_filtered_by_class_and_words(visit: Any) -> None:  # noqa: F811
    page = visit("networked")
    form = page.locator("#network-controls")
    form.locator('button[value="public"]').click()
    assert page.locator(".segments tbody tr:visible").count() == 1
    assert "1 of 3 subnets" in form.locator(".result").inner_text()
    form.locator('button[value="public"]').click()
    form.locator("input").fill("10.20.1.0/24")
    page.wait_for_timeout(200)
    assert page.locator(".segments tbody tr:visible").count() == 1


def test_a_deep_link_opens_a_path(visit: Any) -> None:  # noqa: F811
    page = visit("networked", "#path/1")
    assert page.locator("details.path[open] svg").count() == 1


def test_drawings_are_on_paper_but_not_the_proofs(visit: Any) -> None:  # noqa: F811
    page = visit("networked")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.path:not(.proof) svg").first.is_visible()
    assert not page.locator("details.path.proof svg").first.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.path[open]").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_markup_of_a_name_gets_through(visit: Any, scheme: str) -> None:  # noqa: F811
    page = visit("hostile-networks", color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true })")
    assert page.locator("img").count() == 0
    assert page.locator("svg script, svg foreignObject, svg a, svg image").count() == 0
    targets = page.evaluate(
        "[...document.querySelectorAll('use')].map((item) => item.getAttribute('href'))"
    )
    assert all(target.startswith("#sign-") for target in targets)


def test_undecided_findings_are_told_with_what_is_missing() -> None:
    scan = networks.networked()
    assert {item.verdict for item in scan.findings} == set(Verdict)
