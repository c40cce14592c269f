"""How sure ranks are, in a real browser: the numbers are those of the command that the page shows, page by page."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Page, chromium, opened
from command import run_in
from report_scores import scored
from selenium.webdriver import Chrome

from ecosystem import write_report
from ecosystem.scoring import Scores

pytestmark = pytest.mark.long

DRAWS = 128


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sure_page")


@pytest.fixture(scope="module")
def scores(folder: Path) -> Scores:
    found = scored(folder)
    write_report(found, folder / "report.html", draws=DRAWS, seed=5)
    return found


def numbers(page: Page, figure: str) -> list[dict[str, str]]:
    """The rows of the table behind a figure, as the reader saves them."""
    page.run("URL.createObjectURL = (blob) => ((window.saved = blob.text()), 'blob:')")
    page.run("HTMLAnchorElement.prototype.click = () => 0")
    page.click(f"#figure-{figure} .numbers summary")
    page.one(f"#figure-{figure} .numbers .save")
    page.run(f"document.querySelector('#figure-{figure} .numbers .save').click()")
    return list(csv.DictReader(io.StringIO(str(page.run("return window.saved")).removeprefix("\ufeff"))))


def commanded(folder: Path, page: Page, figure: str) -> list[dict[str, str]]:
    """What the command in the note of a figure gives in a terminal."""
    note = page.run(f"return document.querySelector('#figure-{figure} .note').textContent")
    words = shlex.split(note[note.index("ecosystem robustness") :].partition("What it does not say")[0])
    done = run_in(folder, *words[1:], "--lang", "en", "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_intervals_are_those_of_the_command(driver: Chrome, scores: Scores, folder: Path) -> None:
    page = opened(driver, folder / "report.html")
    told = {row["region_en"]: row for row in commanded(folder, page, "rank-intervals")}
    rows = numbers(page, "rank-intervals")
    assert len(rows) == len(scores.standing.regions)
    for row in rows:
        one = told[row["Region"]]
        assert (row["Rank, 5%"], row["Rank, 95%"]) == (one["rank_low"], one["rank_high"])
        assert float(row["Draws in the first 3"]) == float(one["top_3"])
    assert page.complaints() == []


def test_shares_of_all_weights_are_those_of_the_command(driver: Chrome, scores: Scores, folder: Path) -> None:
    page = opened(driver, folder / "report.html")
    told = {row["region_en"]: row for row in commanded(folder, page, "weight-space")}
    for row in numbers(page, "weight-space"):
        assert float(row["first"]) == pytest.approx(float(told[row["Region"]]["share_first"]), abs=1e-12)
    assert page.complaints() == []


def test_the_ranking_has_the_interval_and_the_sentence_follows_the_region(
    driver: Chrome, scores: Scores, folder: Path
) -> None:
    page = opened(driver, folder / "report.html")
    assert "Rank interval" in page.text("#ranking thead")
    said = page.text("#sure .verdict")
    names = page.all("#ranking tbody .link")
    page.run("arguments[0].click()", names[-1])
    assert page.text("#sure .verdict") != said
    assert page.complaints() == []
