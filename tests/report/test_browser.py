"""A report in a real browser: nothing is asked of the network, nothing complained of, nothing run that is a name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Page, chromium, opened
from report_scores import HOSTILE, scored
from selenium.webdriver import Chrome

from ecosystem import write_report

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    write_report(scored(folder), folder / "report.html")
    return folder / "report.html"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_part_is_shown_without_a_complaint(driver: Chrome, path: Path, lang: str) -> None:
    page = opened(driver, path, f"lang={lang}")
    sections = page.all("main > section")
    headings = [section.find_element("css selector", "h2").text for section in sections]
    assert len(headings) == len(set(headings)) >= 2
    assert all(headings)
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    assert page.complaints() == []
    assert page.run("return performance.getEntriesByType('resource').length") == 0


def test_the_language_is_switched_in_the_page(driver: Chrome, path: Path) -> None:
    page = opened(driver, path, "lang=en")
    assert page.one("#ranking h2").text == "Ranking"
    page.click("#language")
    assert page.one("#ranking h2").text == "排名"
    assert page.run("return document.documentElement.lang") == "zh-CN"
    assert "lang=zh" in driver.current_url
    page.click("#language")
    assert page.one("#ranking h2").text == "Ranking"
    assert page.complaints() == []


def test_names_that_are_markup_are_shown_as_they_are(driver: Chrome, path: Path) -> None:
    page = opened(driver, path)
    names = {cell.text for cell in page.all("#ranking tbody td:nth-child(2)")}
    assert set(HOSTILE) <= names
    assert page.run("return document.querySelectorAll('img').length") == 0
    assert page.run("return document.querySelectorAll('body > script').length") >= 3


def test_chinese_is_drawn_where_the_system_has_no_such_font(driver: Chrome, path: Path) -> None:
    page = opened(driver, path, "lang=zh")
    assert page.run("return document.fonts.check('16px ecosystem-chinese', '排名')")
    widths = """
    const context = document.createElement('canvas').getContext('2d');
    return ['ecosystem-chinese, monospace', 'monospace'].map((family) => {
      context.font = `100px ${family}`;
      context.fillText('排', 0, 0);
      return context.measureText('排').actualBoundingBoxAscent;
    });
    """
    ours, fallback = page.run(widths)
    assert ours > 50
    assert ours != fallback


def _column(page: Page, place: int) -> list[str]:
    return [cell.text for cell in page.all(f"#ranking tbody td:nth-child({place})")]


def test_the_ranking_sorts_and_filters(driver: Chrome, path: Path) -> None:
    page = opened(driver, path)
    assert _column(page, 1) == [str(rank) for rank in range(1, 9)]
    page.click("#ranking th:first-child button")
    page.click("#ranking th:first-child button")
    assert _column(page, 1) == [str(rank) for rank in range(8, 0, -1)]
    assert page.one("#ranking th:first-child").get_attribute("aria-sort") == "descending"


def test_dark_is_kept_in_the_address(driver: Chrome, path: Path) -> None:
    page = opened(driver, path, "lang=en&theme=light")
    page.click("#theme")
    assert "theme=dark" in driver.current_url
    assert page.run("return getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
