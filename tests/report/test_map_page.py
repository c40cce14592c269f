"""The map of a report in a real browser: colours, list, legend and tiles say the same as the scores."""

from __future__ import annotations

import csv
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browser import Page, chromium, opened
from selenium.webdriver import Chrome
from selenium.webdriver.support.ui import Select

from ecosystem import write_report
from ecosystem.index import read_index
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.write import draft_files, write_folder
from ecosystem.regions import shipped_regions
from ecosystem.scoring import Scores, score

pytestmark = pytest.mark.long

PROVINCES = [region.id for region in shipped_regions().at("province")][:31]
WITHOUT = "540000"


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Scores:
    """Scores of 31 provinces by two indicators; Tibet has no value."""
    folder = tmp_path_factory.mktemp("map")
    values = [[region, place**1.5, place * 7 % 31] for place, region in enumerate(PROVINCES)]
    values = [[region, "", ""] if region == WITHOUT else [region, *rest] for region, *rest in values]
    path = folder / "values.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["region", "a", "b"], *values])
    write_folder(folder / "mine", draft_files(read_values(path), "mine"))
    return score(read_index(folder / "mine"), values=read_values(path))


@pytest.fixture(scope="module")
def path(scores: Scores, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "report.html"
    write_report(scores, file)
    return file


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with chromium() as started:
        yield started


def choose(page: Page, label: str, text: str) -> None:
    for choice in page.all("#map label.choice"):
        if choice.text.startswith(label):
            options = Select(choice.find_element("css selector", "select"))
            texts = [option.text.strip() for option in options.options]
            options.select_by_index(texts.index(text))
            return
    raise AssertionError(label)


def drawn(page: Page) -> None:
    """Have the map drawn, which waits until it comes near the screen."""
    page.run("document.getElementById('map').scrollIntoView()")
    page.run("window.dispatchEvent(new Event('beforeprint'))")
    page.one("#figure-map svg path")


def listed(page: Page) -> list[tuple[str, str]]:
    """Per line of the list beside the map its text and the class of its colour."""
    lines: list[list[str]] = page.run(
        "return [...document.querySelectorAll('#map .ranks li')]"
        ".map((line) => [line.innerText, line.querySelector('.swatch').className])"
    )
    return [(text, shade.split()[-1]) for text, shade in lines]


def test_the_list_has_every_region_in_the_colour_of_its_fifth(driver: Chrome, path: Path, scores: Scores) -> None:
    lines = listed(opened(driver, path))
    overall = scores.standing.overall
    present = np.sort(overall[np.isfinite(overall)])[::-1]
    assert len(lines) == 31
    assert lines[-1][1] == "hatched"
    fifths = Counter(shade for _, shade in lines)
    assert [fifths[f"m{place}"] for place in (7, 6, 4, 3, 1)] == [6, 6, 6, 6, 6]
    bounds = np.quantile(present, [0.2, 0.4, 0.6, 0.8], method="inverted_cdf")
    shades = np.array(["m1", "m3", "m4", "m6", "m7"])[np.searchsorted(bounds, present)]
    assert [shade for _, shade in lines[:30]] == shades.tolist()


def test_the_map_has_the_colours_of_the_list(driver: Chrome, path: Path) -> None:
    page = opened(driver, path)
    drawn(page)
    colours: list[str] = page.run(
        "const style = getComputedStyle(document.documentElement);"
        "return [1, 3, 4, 6, 7].map((place) => style.getPropertyValue(`--m${place}`).trim())"
    )
    fills = Counter(path.get_attribute("fill") for path in page.all("#figure-map svg path"))
    assert [fills[colour] for colour in colours] == [6, 6, 6, 6, 6]
    assert page.complaints() == []


def test_the_legend_counts_every_region(driver: Chrome, path: Path) -> None:
    page = opened(driver, path)
    legend = [entry.text for entry in page.all("#map .legend li")]
    assert [text.split("\n")[-1] for text in legend] == ["6 regions"] * 5 + ["1 regions", "not ranked"]


def test_another_part_is_shown_with_its_values(driver: Chrome, path: Path, scores: Scores) -> None:
    page = opened(driver, path)
    leaf = scores.index.leaves[1]
    choose(page, "Colour by", leaf.name.en)
    column = scores.standing.raw[:, 1]
    best = scores.regions[scores.standing.regions[int(np.nanargmax(column))]]
    first = listed(page)[0][0]
    assert str(best.name_en) in first
    assert first.endswith("30")


def test_tiles_say_the_same_and_open_their_region(driver: Chrome, path: Path) -> None:
    page = opened(driver, path)
    before = {shade for _, shade in listed(page)}
    choose(page, "View", "Tiles")
    tiles = page.all("#map .tiles button")
    assert len(tiles) == 31
    assert {str(tile.get_attribute("class")) for tile in tiles} == before
    sichuan = next(tile for tile in tiles if "Sichuan" in str(tile.get_attribute("aria-label")))
    page.run("arguments[0].click()", sichuan)
    assert "region=510000" in driver.current_url
    assert page.complaints() == []


def test_the_numbers_are_those_of_the_scores(driver: Chrome, path: Path, scores: Scores) -> None:
    page = opened(driver, path)
    page.run("document.querySelector('#map details.numbers').open = true")
    page.one("#map .numbers tbody tr")
    rows: list[list[str]] = page.run(
        "return [...document.querySelectorAll('#map .numbers tbody tr')]"
        ".map((row) => [...row.cells].map((cell) => cell.innerText))"
    )
    standing = scores.standing
    ranks = {region: str(rank) for region, rank in zip(standing.regions, standing.overall_rank.tolist(), strict=True)}
    assert {row[2]: row[0] for row in rows if row[2] != WITHOUT} == {k: v for k, v in ranks.items() if k != WITHOUT}


def test_buttons_move_the_map_and_bring_it_back(driver: Chrome, path: Path) -> None:
    page = opened(driver, path)
    drawn(page)
    shape = "return document.querySelector('#figure-map svg path').getBoundingClientRect().width"
    before = page.run(shape)
    page.click("#map .roam button[title='Zoom in']")
    assert page.run(shape) == pytest.approx(1.6 * before, rel=0.05)
    page.click("#map .roam button[title='Move to the left']")
    page.click("#map .roam button[title='The whole map']")
    drawn(page)
    assert page.run(shape) == pytest.approx(before, rel=0.01)
    assert page.complaints() == []


def test_the_projections_are_those_of_the_books(web: Path, tmp_path: Path) -> None:
    """Snyder (1987), Map projections: a working manual, p. 291: Albers on the sphere; both keep every surface."""
    module = tmp_path / "projection.mjs"
    build: list[str | Path] = [
        web / "node_modules" / ".bin" / "esbuild",
        web / "src" / "projection.ts",
        "--bundle",
        "--format=esm",
    ]
    subprocess.run([*build, f"--outfile={module}", "--log-level=warning"], check=True)
    program = """
    const { albers, equalEarth } = await import(process.argv[1]);
    const snyder = albers(-96, 29.5, 45.5);
    const [x, y] = snyder.project([-75, 35]), origin = snyder.project([-96, 23]);
    const step = 1e-5, sizes = [], back = [];
    for (const { project, unproject } of [snyder, equalEarth, albers(10, -40, -20), albers(100, -10, 10)]) {
      for (const [east, north] of [[-75, 35], [10, -30], [100, 5]]) {
        const at = project([east, north]), by = (to) => [0, 1].map((k) => (to[k] - at[k]) / (step * Math.PI / 180));
        const [u, v] = [by(project([east + step, north])), by(project([east, north + step]))];
        sizes.push(Math.abs(u[0] * v[1] - u[1] * v[0]) / Math.cos(north * Math.PI / 180));
        const again = unproject(at);
        back.push(Math.abs(again[0] - east), Math.abs(again[1] - north));
      }
    }
    console.log(JSON.stringify({ x, y: origin[1] - y, sizes, back }));
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-e", program, str(module)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    assert (found["x"], found["y"]) == pytest.approx((0.2952720, 0.2416774), abs=1e-7)
    assert found["sizes"] == pytest.approx([1] * 12, abs=1e-5)
    assert max(found["back"]) < 1e-9
