"""What if in a real browser: moved weights and other rules give the scores of Python, and the command is true."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from browser import Page, chromium, opened
from command import run_in
from report_scores import scored
from selenium.webdriver import Chrome

from ecosystem import write_report
from ecosystem.scoring import Scores

pytestmark = pytest.mark.long

MOVE = """
const input = document.querySelectorAll("#whatif input[type=range]")[arguments[0]];
input.value = arguments[1];
input.dispatchEvent(new Event("input"));
return new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
"""
CHOOSE = """
const list = document.querySelectorAll("#whatif select")[arguments[0]];
list.value = arguments[1];
list.dispatchEvent(new Event("change"));
return new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
"""


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("whatif_page")


@pytest.fixture(scope="module")
def scores(folder: Path) -> Scores:
    found = scored(folder)
    write_report(found, folder / "report.html")
    return found


def saved(page: Page) -> list[dict[str, str]]:
    """The rows of the table of all regions, as the reader saves them."""
    page.run("URL.createObjectURL = (blob) => ((window.saved = blob.text()), 'blob:')")
    page.run("HTMLAnchorElement.prototype.click = () => 0")
    page.run("[...document.querySelectorAll('#whatif .table .save')].at(-1).click()")
    text = str(page.run("return window.saved")).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def in_terminal(folder: Path, page: Page) -> dict[str, tuple[int, float]]:
    """Rank and score of every region by the command that the page shows."""
    words = shlex.split(page.text("#whatif code"))
    assert words[:2] == ["ecosystem", "score"]
    done = run_in(folder, *words[1:], "--lang", "en", "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = csv.DictReader(io.StringIO(done.stdout))
    return {row["region_en"]: (int(row["rank"]), float(row["score"])) for row in rows}


def test_the_page_has_the_scores_of_the_index_where_nothing_is_changed(
    driver: Chrome, scores: Scores, folder: Path
) -> None:
    page = opened(driver, folder / "report.html")
    rows = saved(page)
    assert [row["New rank"] for row in rows] == [row["Rank in the index"] for row in rows]
    found = sorted(float(row["New score"]) for row in rows)
    np.testing.assert_allclose(found, np.sort(scores.standing.overall), rtol=1e-9)
    assert page.complaints() == []


@pytest.mark.parametrize(
    ("sliders", "scale", "mean"),
    [({0: 70}, "", ""), ({0: 0, 1: 55}, "zscore", ""), ({}, "minmax", "gmean"), ({2: 12.5}, "prank", "copeland")],
)
def test_moved_sliders_and_other_rules_are_those_of_the_terminal(
    driver: Chrome, scores: Scores, folder: Path, sliders: dict[int, float], scale: str, mean: str
) -> None:
    page = opened(driver, folder / "report.html")
    page.run(CHOOSE, 1, mean)
    page.run(CHOOSE, 0, scale)
    for place, percent in sliders.items():
        page.run(MOVE, place, percent)
    told = in_terminal(folder, page)
    rows = saved(page)
    assert len(rows) == len(scores.standing.regions)
    for row in rows:
        rank, score = told[row["Region"]]
        assert int(row["New rank"]) == rank
        assert float(row["New score"]) == pytest.approx(score, rel=1e-9, abs=1e-9)
    assert page.complaints() == []


def test_what_is_undefined_is_said_and_not_shown(driver: Chrome, folder: Path, scores: Scores) -> None:
    page = opened(driver, folder / "report.html")
    page.run(CHOOSE, 1, "gmean")
    assert "the geometric mean needs scores above 0" in page.text("#whatif .verdict")
    assert not page.one("#whatif code").is_displayed()
    page.run(CHOOSE, 1, "")
    for place in range(len(scores.index.pillars)):
        page.run(MOVE, place, 0)
    assert "No weight is left" in page.text("#whatif .verdict")
    page.run("[...document.querySelectorAll('#whatif .what-if button')].at(-1).click()")
    page.run(MOVE, 0, 50)
    assert page.one("#whatif code").is_displayed()


def test_the_weights_that_are_used_add_up_to_one_and_the_page_says_so(
    driver: Chrome, folder: Path, scores: Scores
) -> None:
    page = opened(driver, folder / "report.html")
    page.run(MOVE, 0, 100)
    used = [float(each.text.removesuffix("%")) for each in page.all("#whatif .used")]
    assert sum(used) == pytest.approx(100, abs=0.2)
    assert "Each is divided by that" in page.text("#whatif .sum")
    page.click("#language")
    assert float(page.all("#whatif input[type=range]")[0].get_attribute("value") or "") == 100
