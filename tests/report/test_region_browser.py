"""A region in the browser: the lineage clicked down to a line of a file, five regions beside each other."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import Page, chromium, opened
from report_scores import HOSTILE
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import WebDriverWait

from ecosystem import write_report
from ecosystem.audit import explain, versus
from ecosystem.dataset import read_dataset
from ecosystem.scoring import Scores, score
from ecosystem.store import open_store
from ecosystem.synthetic.synthesize import synthesize

pytestmark = pytest.mark.long

SICHUAN, BEIJING = "510000", "110000"
FIVE = ("510000", "110000", "440000", "330000", "310000")


@dataclass(frozen=True)
class Made:
    """A report of a synthesized dataset whose companies have hostile names, and its scores."""

    folder: Path
    scores: Scores
    path: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    folder = tmp_path_factory.mktemp("clicked")
    synthesize(folder / "sample", companies=150, links=1500, seed=11)
    _rename(folder / "sample" / "companies.csv")
    store = open_store(folder / "graph.duckdb", create=True)
    store.load(read_dataset(folder / "sample").dataset)
    scores = score("cingai-2023", store)
    write_report(scores, folder / "report.html")
    yield Made(folder, scores, folder / "report.html")
    store.close()


def _rename(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for row, name in zip(rows, HOSTILE * len(rows), strict=False):
        row[header.index("name")] = name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with chromium() as started:
        yield started


def _wait(page: Page, script: str) -> None:
    WebDriverWait(page.driver, 20).until(lambda _: page.run(f"return Boolean({script})"))


def _open(page: Page, within: str, kind: str, text: str = "") -> str:
    """Open the first branch of a kind that has a text, and give it a name for what comes below."""
    found = f"[...document.querySelectorAll('{within} .branch.{kind}')].find((one) => one.innerText.includes('{text}'))"
    _wait(page, found)
    name = f"opened-{kind}-{len(page.all('[data-opened]'))}"
    page.run(f"const one = {found}; one.dataset.opened = '{name}'; one.querySelector('summary').click()")
    return f'[data-opened="{name}"]'


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_lineage_is_clicked_down_to_the_line_of_a_file(driver: Chrome, made: Made, lang: str) -> None:
    page = opened(driver, made.path, f"lang={lang}&region={SICHUAN}")
    index = made.scores.index
    leaf = next(leaf for leaf in index.leaves if leaf.code == "company_count")
    within = "#region .tree"
    for code in ("company_capability", "company_scale"):
        part = next(part for part in index.indicators if part.code == code)
        within = _open(page, within, "part", part.name.to(lang))
    within = _open(page, within, "indicator", leaf.name.to(lang))
    within = _open(page, within, "organisation")
    _wait(page, f"document.querySelector('{within} table.match')")
    cells = [cell.text for cell in page.all(f"{within} table.match tbody tr:first-child td")]
    assert "companies.csv" in cells[2]
    line = int("".join(sign for sign in cells[2].split("companies.csv")[1] if sign.isdigit()))
    text = (made.folder / "sample" / "companies.csv").read_text(encoding="utf-8").splitlines()[line - 1]
    row = next(csv.reader([text]))
    assert row[0] in cells[1]
    assert row[1] in HOSTILE
    assert row[1] in cells[1]
    assert page.run("return document.querySelectorAll('img').length") == 0
    assert page.complaints() == []


def test_what_the_tree_says_is_what_explain_says(driver: Chrome, made: Made) -> None:
    page = opened(driver, made.path, f"lang=en&region={BEIJING}")
    within = "#region .tree"
    for name in ("Company capability", "Scale of companies"):
        within = _open(page, within, "part", name)
    within = _open(page, within, "indicator", "Companies")
    _wait(page, f"document.querySelector('{within} .organisation')")
    parts = explain(made.scores, BEIJING, indicator="company_count", top=5).parts
    heads = [one.text for one in page.all(f"{within} .organisation > summary")]
    named = parts[parts["id"] != ""]
    assert len(heads) == len(named)
    for head, row in zip(heads, named.to_dict("records"), strict=True):
        assert str(row["id"]) in head
        assert f"matches: {row['matches']}" in head
        assert f"{row['points']:.4f}".rstrip("0") in head
    (more,) = parts.loc[parts["kind"] == "others", "name"]
    assert f"{more} others" in page.text(within)


def test_a_region_is_found_by_a_part_of_its_name(driver: Chrome, made: Made) -> None:
    page = opened(driver, made.path, f"lang=en&region={SICHUAN}")
    field = page.one("#region .chooser input")
    field.clear()
    field.send_keys("guangd\t")
    _wait(page, "document.querySelector('#region .region-name').textContent.includes('Guangdong')")
    assert "region=440000" in driver.current_url
    before = page.text("#region .facts-of")
    page.click("#region .chooser button")
    _wait(page, "!document.querySelector('#region .region-name').textContent.includes('Guangdong')")
    assert page.text("#region .facts-of") != before
    assert page.complaints() == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_five_regions_are_compared(driver: Chrome, made: Made, lang: str) -> None:
    page = opened(driver, made.path, f"lang={lang}&compare={','.join(FIVE)}")
    assert len(page.all("#compare .chips li")) == len(FIVE)
    assert not page.all("#compare .chooser input")
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    page.click("#figure-compare-difference .numbers summary")
    _wait(page, "document.querySelector('#figure-compare-difference tbody tr')")
    shown = [row.text for row in page.all("#figure-compare-difference tbody tr td:last-child")]
    steps = versus(made.scores, FIVE[0], FIVE[1], top=1).steps
    pillars = steps[steps["level"] == made.scores.index.depth - 1]
    theirs = [*pillars["contribution"], steps["contribution"].iloc[0]]
    assert [float(text.replace("−", "-")) for text in shown] == pytest.approx(theirs, abs=5e-5)
    page.click("#compare .remove")
    _wait(page, f"document.querySelectorAll('#compare .chips li').length === {len(FIVE) - 1}")
    assert page.all("#compare .chooser input")
    assert page.complaints() == []
