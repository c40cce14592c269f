"""The networks of a report in a real browser: the reader chooses a network and an organisation; on a desk, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import Page, chromium, opened
from engine_cells import load_golden
from selenium.webdriver import Chrome
from stores import KINDS, empty_store
from test_accessibility import AXE

from ecosystem import write_report
from ecosystem.index import load_index
from ecosystem.network import linkage
from ecosystem.report import Report
from ecosystem.scoring import score
from ecosystem.store import GraphStore

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    made = empty_store(KINDS[0], request, tmp_path_factory.mktemp("networks"))
    load_golden(made)
    yield made
    made.close()


@pytest.fixture(scope="module")
def path(store: GraphStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page") / "report.html"


@pytest.fixture(scope="module")
def report(store: GraphStore, path: Path) -> Report:
    return write_report(score(load_index("cingai-2023"), store), path)


@pytest.fixture(scope="module")
def driver(report: Report) -> Iterator[Chrome]:
    with chromium() as started:
        yield started


WIDER = """
const outside = (each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
const scrolls = (each) => each.closest(".scroll, figure[id$='-flows'] .drawing, .unseen") !== null;
return [...document.querySelectorAll("#network *")].filter((each) => outside(each) && !scrolls(each))
  .map((each) => each.outerHTML.slice(0, 80));
"""
"""What stands out of the screen without a box of its own that scrolls."""


def choose(page: Page, selector: str, value: str) -> None:
    """Take a value in a list, or write it into a field, as a reader does."""
    page.run(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change'))", page.one(selector), value
    )


def rows(page: Page, selector: str) -> list[list[str]]:
    """The cells of a table, as a reader sees them."""
    script = (
        "return [...document.querySelectorAll(arguments[0])].map((row) => [...row.cells].map((cell) => cell.innerText))"
    )
    found: list[list[str]] = page.run(script, f"{selector} tbody tr")
    return found


def drawn(page: Page) -> None:
    """Draw every chart and unfold every table, as for paper."""
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    page.run("document.querySelectorAll('#network details').forEach((each) => { each.open = true; })")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_network_is_shown_without_a_complaint(driver: Chrome, report: Report, path: Path, lang: str) -> None:
    page = opened(driver, path, f"lang={lang}")
    for place, part in enumerate(report.parts["network"]["networks"]):
        choose(page, "#network select", str(place))
        drawn(page)
        assert part["definition"][lang] in page.text("#network")
        assert page.all(f"#figure-{part['id']}-flows svg path")
        assert page.all(f"#figure-{part['id']}-around svg path")
    assert page.complaints() == []


def test_the_table_of_flows_has_their_numbers(driver: Chrome, path: Path, store: GraphStore) -> None:
    page = opened(driver, path)
    choose(page, "#network select", "0")
    drawn(page)
    page.one("#figure-enablement-flows .numbers tbody tr")
    whole = linkage(store, "enablement").elsewhere().flows(lang="en")
    known = {(one, other): whole.loc[one, other] for one in whole.index for other in whole.columns}
    found = {(one, other): float(weight) for one, other, weight in rows(page, "#figure-enablement-flows .numbers")}
    assert found == {pair: weight for pair, weight in known.items() if weight}


def contacts(page: Page) -> set[str]:
    return {row[0] for row in rows(page, "#network .table:last-child")}


def test_an_organisation_is_looked_up(driver: Chrome, report: Report, path: Path, store: GraphStore) -> None:
    page = opened(driver, path)
    choose(page, "#network select", "0")
    part: dict[str, Any] = report.parts["network"]["networks"][0]
    made = linkage(store, "enablement")
    options = [option.get_attribute("value") or "" for option in page.all("#enablement-organisations option")]
    assert len(options) == len(set(options)) == len(part["egos"]["organisation"])
    for at in (1, 2):
        choose(page, "#network input[list]", options[at].upper())
        one = part["organisations"]["id"][part["egos"]["organisation"][at]]
        entities = made.ego(one)["entities"]
        assert entities["name"][0] in page.text("#figure-enablement-around figcaption")
        page.run("document.querySelectorAll('#network .more').forEach((each) => each.click())")
        assert contacts(page) == set(entities["name"][1:])
    choose(page, "#network input[list]", "nobody is called so")
    assert "None of the" in page.text("#network")
    assert page.complaints() == []


def test_what_is_chosen_stays_when_the_language_changes(driver: Chrome, path: Path) -> None:
    page = opened(driver, path)
    choose(page, "#network select", "1")
    page.click("#language")
    chosen = page.run("return document.querySelector('#network select').value")
    assert chosen == "1"


def test_charts_fit_the_paper(driver: Chrome, path: Path) -> None:
    page = opened(driver, path, "lang=en&theme=dark")
    drawn(page)
    sizes = (
        "return [...document.querySelectorAll('#network .drawing')].map((each) => "
        "[each.clientWidth, each.querySelector('svg').clientWidth])"
    )
    ink = "return document.querySelector('#network .drawing text').getAttribute('fill')"
    assert page.run(ink) == "#e8ebee"
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 680, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    )
    try:
        assert page.run(ink) == "#000"
        assert all(place == chart <= 680 for place, chart in page.run(sizes))
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.parametrize("width", [1280, 390])
def test_networks_are_read_by_everybody(path: Path, report: Report, web: Path, width: int) -> None:
    with chromium(width=width) as driver:
        page = opened(driver, path, "lang=en&theme=dark")
        drawn(page)
        assert page.run(WIDER) == []
        driver.execute_script((web / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
        assert driver.execute_async_script(AXE) == []
