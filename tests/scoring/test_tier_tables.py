"""Tiers over pillars and indicators: in a run, in index.toml, in receipts, by year, and their means."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import run_in

from ecosystem.errors import UsageError
from ecosystem.index import load_index
from ecosystem.index.files.write import toml_text
from ecosystem.index.override import override
from ecosystem.scoring.score import score

REGIONS = ["110000", "310000", "320000", "330000", "440000", "510000"]
VALUES = [(90, 80, 1), (85, 83, 2), (50, 40, 9), (52, 41, 8), (5, 3, 7), (6, 2, 6)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiers")
    rows = pd.DataFrame(VALUES, columns=["money", "people", "noise"], index=pd.Index(REGIONS, name="region"))
    rows.to_csv(folder / "values.csv")
    years = [rows.assign(year=2020), (rows * np.array([1.5, 1, 1])).assign(year=2021)]
    pd.concat(years).to_csv(folder / "years.csv")
    done = run_in(folder, "index", "new", "own", "--from", "values.csv")
    assert done.returncode == 0, done.stderr
    return folder


def test_means_of_tiers_are_those_of_the_normalised_columns(home: Path) -> None:
    index = override(load_index(str(home / "own")), tiers="kmeans:3", on="indicators")
    scores = score(index, values=home / "values.csv")
    tiers, means = scores.tiers, scores.tier_means
    assert tiers is not None
    assert means is not None
    assert tiers.of[[0, 2, 4]].tolist() == tiers.of[[1, 3, 5]].tolist()
    assert means["regions"].tolist() == [2, 2, 2]
    assert means["score"].is_monotonic_decreasing
    table = pd.DataFrame(scores.standing.normalised, columns=["money", "people", "noise"])
    expected = table.groupby(tiers.of).mean()
    np.testing.assert_allclose(means[["money", "people", "noise"]], expected, rtol=1e-12)


def test_a_run_says_how_and_a_receipt_replays_it(home: Path) -> None:
    words = ("score", "own", "--values", "values.csv", "--tiers", "kmeans:3", "--on", "indicators")
    done = run_in(home, *words, "--out", "scores.md")
    assert "3 clusters over 3 columns" in done.stderr
    assert "200 starts (seed 0)" in done.stderr
    assert "tier 3" in (home / "scores.md").read_text()
    receipt = json.loads((home / "scores.run.json").read_text())
    assert receipt["arguments"]["on"] == "indicators"
    again = run_in(home, "score", "--from", "scores.run.json")
    assert "every digit is the same" in again.stderr
    assert "tiers" in again.stdout
    assert run_in(home, *words, "--out", "scores.xlsx").returncode == 0
    sheet = pd.read_excel(home / "scores.xlsx", sheet_name="tiers", engine="openpyxl")
    assert len(sheet) == 3
    assert "梯队" in run_in(home, *words, "--lang", "zh").stdout


def test_an_index_says_on_what_its_tiers_are(home: Path) -> None:
    index = override(load_index(str(home / "own")), tiers="kmeans:3", on="indicators")
    text = toml_text(index)
    assert '[tiers]\nmethod = "kmeans"\ncount = 3\non = "indicators"' in text
    folder = home / "clustered"
    folder.mkdir()
    (folder / "index.toml").write_text(text.replace('id = "own"', 'id = "clustered"'))
    (folder / "indicators.csv").write_text((home / "own" / "indicators.csv").read_text())
    assert load_index(str(folder)).tiers == index.tiers
    (folder / "index.toml").write_text(text.replace('"kmeans"', '"jenks"'))
    done = run_in(home, "index", "check", "clustered")
    assert done.returncode == 1
    assert "on" in done.stdout + done.stderr


def test_years_have_tiers_of_their_own_columns(home: Path) -> None:
    words = ("--by-year", "--tiers", "kmeans:3", "--on", "indicators", "--format", "csv")
    done = run_in(home, "score", "own", "--values", "years.csv", *words)
    assert done.returncode == 0, done.stderr
    header = done.stdout.splitlines()[0]
    assert "tier 2020" in header or "tier_2020" in header


def test_bad_requests(home: Path) -> None:
    index = load_index(str(home / "own"))
    with pytest.raises(UsageError, match="unknown basis of tiers 'indicator'"):
        override(index, tiers="kmeans:3", on="indicator")
    for tiers in (None, "jenks:3"):
        with pytest.raises(UsageError, match="--on says what"):
            override(index, tiers=tiers, on="pillars")
    done = run_in(home, "score", "own", "--values", "values.csv", "--tiers", "kmeans:7", "--on", "indicators")
    assert done.returncode == 1
    assert "6 different rows cannot make 7 clusters" in done.stderr
