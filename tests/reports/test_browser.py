"""The page in Chromium: nothing runs but our script, nothing leaves, everything can be reached."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from reports import write
from tests.reports import scans

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        reason = "needs the playwright package and chromium, on PATH or named by CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    found = {name: folder / f"{name}.html" for name in scans.CASES}
    for name, path in found.items():
        write(scans.CASES[name](), str(path))
    return found


class Watched:
    """A page, and everything that it should not do."""

    def __init__(self, page: Any, file: Path) -> None:
        self.page = page
        self.file = file
        self.troubles: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda item: self.troubles.append(item.text))
        page.on("pageerror", lambda item: self.troubles.append(str(item)))
        page.on("dialog", lambda item: (self.troubles.append("a dialog"), item.dismiss()))
        page.on("request", lambda item: self.requests.append(item.url))

    def open(self, hash: str = "") -> Any:
        self.page.goto(self.file.as_uri() + hash)
        return self.page

    def check(self) -> None:
        assert self.troubles == []
        assert {url.partition("#")[0] for url in self.requests} <= {self.file.as_uri(), "data:,"}


@pytest.fixture
def visit(browser: Any, files: dict[str, Path]) -> Iterator[Any]:
    opened: list[Watched] = []

    def start(case: str, hash: str = "", **options: Any) -> Any:
        watched = Watched(browser.new_page(**options), files[case])
        opened.append(watched)
        return watched.open(hash)

    yield start
    for watched in opened:
        watched.check()
        watched.page.close()


OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def open_everything(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
    page.wait_for_timeout(100)
    for _ in range(3):
        page.evaluate("scrollTo(0, document.querySelector('#resources').offsetTop)")
        page.wait_for_timeout(60)


@pytest.mark.parametrize("case", scans.CASES)
def test_nothing_runs_or_leaves(visit: Any, case: str) -> None:
    page = visit(case)
    open_everything(page)
    for index in range(min(5, page.locator("#resource-list button").count())):
        page.locator("#resource-list button").nth(index).click()
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 3


def test_the_policy_stops_what_would_get_through(browser: Any, files: dict[str, Path]) -> None:
    page = browser.new_page()
    page.goto(files["passing"].as_uri())
    assert page.evaluate(
        """() => new Promise((done) => {
            addEventListener("securitypolicyviolation", (event) => done(event.violatedDirective));
            const script = document.createElement("script");
            script.textContent = "window.broken = true";
            document.body.append(script);
        })"""
    ).startswith("script-src")
    assert page.evaluate("window.broken") is None
    page.close()


def test_hostile_names_are_text(visit: Any) -> None:
    page = visit("hostile")
    open_everything(page)
    shown = page.locator("#resource-list").inner_text()
    assert 'aws_db_instance.x["</script><img src=x onerror=alert(1)>"]' in shown
    assert "right<U+202E>to<U+2066>left<U+200B>hidden<U+FEFF>" in shown


def test_findings_and_evidence_are_shown(visit: Any) -> None:
    page = visit("small")
    page.locator("details.rule summary").first.click()
    table = page.locator("details.rule table.findings:visible").first
    assert "cards[19]" in table.inner_text()
    assert "publicly_accessible: false (default)" in table.inner_text()
    page.get_by_role("button", name="23 passed").first.click()
    assert "publicly_accessible: true" in table.inner_text()


def test_filters_work_by_keyboard(visit: Any) -> None:
    page = visit("small")
    page.locator("#resource-controls input").focus()
    page.keyboard.type("CARDS[19]")
    page.locator("#resource-controls .result", has_text="1 of 27 resources").wait_for()
    for _ in range(4):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "address"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    assert "publicly_accessible: false" in page.locator("tr.detail").inner_text()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"


def test_requirements_are_filtered_by_status(visit: Any) -> None:
    page = visit("small")
    page.locator('#requirement-controls button[value="violated"]').click()
    assert page.locator("tr[data-status]:visible").count() == 3
    assert page.locator("#requirement-controls .result").inner_text() == "3 of 7 requirements"


def test_the_first_tab_stop_skips_to_the_report(visit: Any) -> None:
    page = visit("small")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0


def test_deep_links_open_what_they_name(visit: Any) -> None:
    page = visit("small", "#rule/database-encrypted-at-rest")
    assert page.locator("details.rule[open]").count() == 1
    address = 'module.payments["0"].module.store.aws_db_instance.cards[19]'
    script = "address => { location.hash = '#resource/' + encodeURIComponent(address) }"
    page.evaluate(script, address)
    page.locator("tr.detail").wait_for()
    assert page.evaluate("document.activeElement.textContent") == address


def test_a_deep_link_finds_its_row_far_down(visit: Any) -> None:
    address = 'module.payments["4"].module.store.aws_db_instance.cards[99]'
    page = visit("large", f"#resource/{quote(address)}")
    page.locator("tr.detail").wait_for()
    row = page.locator("#resource-list tr", has_text=address).first
    assert 0 <= row.bounding_box()["y"] <= 720


def test_a_long_table_holds_only_the_rows_near_the_window(visit: Any) -> None:
    page = visit("large")
    page.evaluate("document.querySelector('#resources').scrollIntoView()")
    page.locator("#resource-list button").first.wait_for()
    assert page.locator("#resource-list button").count() < 500
    page.evaluate("document.querySelector('#resource-list tbody:last-of-type').scrollIntoView()")
    last = page.locator('#resource-list tr[aria-rowindex="501"]')
    last.wait_for()
    assert last.is_visible()


@pytest.mark.parametrize("case", scans.CASES)
def test_a_phone_never_scrolls_sideways(visit: Any, case: str) -> None:
    page = visit(case, viewport={"width": 375, "height": 800})
    open_everything(page)
    assert page.evaluate(OVERFLOW) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(visit: Any, scheme: str) -> None:
    page = visit("small", color_scheme=scheme)
    open_everything(page)
    assert page.evaluate(CONTRAST) == []


CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    if (!element.checkVisibility()) continue;
    const [a, b] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.add(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return [...poor];
}"""


def test_paper_shows_failed_and_undetermined_findings(visit: Any) -> None:
    page = visit("small")
    page.locator("#resource-controls input").fill("cards[19]")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    rows = page.locator("table.static tbody tr")
    assert rows.count() == 14
    assert all(rows.nth(index).is_visible() for index in range(14))
    assert not page.locator("#resources").is_visible()
    assert not page.locator(".controls").first.is_visible()
    assert page.locator("tr[data-status]").last.is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.rule[open]").count() == 0
    assert page.pdf(format="A4").count(b"/Type /Page\n") > 0


def test_without_a_script_the_essence_is_visible(visit: Any) -> None:
    page = visit("small", java_script_enabled=False)
    assert page.locator("table.static tbody tr").first.is_visible()
    assert page.locator("tr[data-status]").first.is_visible()
    assert not page.locator(".controls").first.is_visible()
    assert not page.locator("#resources").is_visible()


def test_regions_and_controls_have_names(visit: Any) -> None:
    page = visit("small")
    for role in ("banner", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1
    assert page.get_by_role("navigation", name="Contents").count() == 1
    for name in ("Requirements", "Rules", "Resources"):
        assert page.get_by_role("search", name=name).count() == 1
        assert page.get_by_role("search", name=name).get_by_role("searchbox", name="Search").count()
    assert page.locator("[aria-live]").count() == 3
    assert page.locator("table:not(:has(thead))").count() == 0
