"""A report read with a screen reader, in the dark, on a telephone: axe-core has no complaint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import chromium, opened
from report_scores import scored
from selenium.webdriver import Chrome

from ecosystem import write_report

pytestmark = pytest.mark.long

AXE = """
const done = arguments[0];
axe.run(document, {resultTypes: ["violations"]}).then((found) => done(found.violations.flatMap(
  (fault) => fault.nodes.map((node) => `${fault.id}: ${node.target} ${node.failureSummary}`))),
  (error) => done([`${error}`]));
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("accessible")
    write_report(scored(folder), folder / "report.html")
    return folder / "report.html"


@pytest.fixture(scope="module", params=[1280, 390], ids=["desk", "telephone"])
def driver(request: pytest.FixtureRequest) -> Iterator[Chrome]:
    with chromium(width=request.param) as started:
        yield started


@pytest.mark.parametrize("choices", ["lang=en&theme=light", "lang=zh&theme=dark"])
def test_axe_has_no_complaint(driver: Chrome, path: Path, web: Path, choices: str) -> None:
    page = opened(driver, path, choices)
    page.run("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    driver.execute_script((web / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
    assert driver.execute_async_script(AXE) == []


def test_nothing_is_wider_than_the_screen(driver: Chrome, path: Path) -> None:
    page = opened(driver, path)
    assert page.run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth")
