"""`ecosystem compare scores --why` as a user runs it: what is told, in which files, and what is refused."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from command import run_in

pytestmark = pytest.mark.long

STORES = ("now.duckdb", "before.duckdb", "--index", "cingai-2023")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two data drops in stores: in the later one three companies of one province have gone to another."""
    home = tmp_path_factory.mktemp("change")
    made = run_in(home, "dataset", "synthesize", "old", "--companies", "150", "--links", "1200")
    assert made.returncode == 0, made.stderr
    shutil.copytree(home / "old", home / "new")
    places = home / "new" / "located_in.csv"
    rows = list(csv.reader(places.read_text(encoding="utf-8").splitlines()))
    at = rows[0].index("to")
    moved = [row for row in rows[1:] if row[at].startswith("44")][:3]
    for row in moved:
        row[at] = "510100"
    places.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    for folder, store in (("old", "before.duckdb"), ("new", "now.duckdb")):
        loaded = run_in(home, "load", folder, "--store", store)
        assert loaded.returncode == 0, loaded.stderr
    return home


def test_what_has_moved_a_score(home: Path) -> None:
    done = run_in(home, "compare", "scores", *STORES, "--why", "四川省", "--lang", "en")
    assert done.returncode == 0, done.stderr
    for word in ("the region's own values", "together", "by indicator", "by organisation", "come from elsewhere"):
        assert word in done.stdout
    assert "they add up to the difference" in done.stderr
    assert "由别处迁入" in run_in(home, "compare", "scores", *STORES, "--why", "四川省", "--lang", "zh").stdout


def test_the_files_add_up(home: Path) -> None:
    words = ("compare", "scores", *STORES, "--why", "四川省", "--lang", "en")
    done = run_in(home, *words, "--out", "why.xlsx", "--plot", "why.svg")
    assert done.returncode == 0, done.stderr
    assert openpyxl.load_workbook(home / "why.xlsx").sheetnames[:2] == ["change_parts", "change_indicators"]
    assert "<svg" in (home / "why.svg").read_text(encoding="utf-8")
    receipt = json.loads((home / "why.run.json").read_text(encoding="utf-8"))
    assert receipt["command"] == "compare scores"
    assert receipt["arguments"]["before_dataset_hash"] != receipt["dataset_hash"]
    assert run_in(home, *words, "--out", "why.parquet").returncode == 0
    told = pd.read_parquet(home / "why.parquet")["contribution"].sum()
    every = run_in(home, "compare", "scores", *STORES, "--why", "all", "--out", "all.csv")
    assert every.returncode == 0, every.stderr
    frame = pd.read_csv(home / "all.csv", dtype={"region": "str"}).set_index("region")
    assert told == pytest.approx(frame.loc["510000", "score_change"], abs=1e-9)
    parts = frame[[name for name in ("own_values", "other_values") if name in frame]].sum(axis=1)
    assert (parts - frame["score_change"]).abs().max() < 1e-9
    whole = pd.read_excel(home / "why.xlsx", engine="openpyxl", sheet_name="change_entities")
    own = pd.read_excel(home / "why.xlsx", engine="openpyxl", sheet_name="change_parts").set_index("part")[
        "contribution"
    ]["own_values"]
    assert whole["contribution"].sum() == pytest.approx(own, abs=1e-9)
    links = pd.read_excel(home / "why.xlsx", engine="openpyxl", sheet_name="change_links")
    assert len(set(links.loc[links["code"] == "company_count", "entity"])) == 3


def test_two_runs_with_other_rules_and_years(home: Path) -> None:
    for name, words in (("a", ("--since", "2018")), ("b", ("--until", "2020", "--normalise", "zscore"))):
        run = run_in(home, "score", "cingai-2023", "--store", "now.duckdb", *words, "--out", f"{name}.csv")
        assert run.returncode == 0, run.stderr
    done = run_in(home, "compare", "scores", "a.run.json", "b.csv", "--why", "440000", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "the other rules of the index" in done.stdout


def test_a_slope_chart_of_the_comparison(home: Path) -> None:
    done = run_in(home, "compare", "scores", *STORES, "--plot", "slopes.svg", "--lang", "en")
    assert done.returncode == 0, done.stderr
    picture = (home / "slopes.svg").read_text(encoding="utf-8")
    assert "Sichuan" in picture
    assert "synthetic" in picture


def test_what_is_refused(home: Path) -> None:
    run_in(home, "score", "cingai-2023", "--store", "now.duckdb", "--out", "one.csv")
    (home / "one.csv").rename(home / "alone.csv")
    run_in(home, "score", "cingai-2023", "--level", "city", "--store", "now.duckdb", "--out", "city.csv")
    for words, says in (
        (
            ("alone.csv", "before.duckdb", "--index", "cingai-2023", "--why", "四川省"),
            "it does not say what its scores",
        ),
        (("one.run.json", "city.run.json", "--why", "四川省"), "is the receipt of cingai-2023 at level city"),
        ((*STORES, "--why", "Atlantis"), "Atlantis"),
        ((*STORES, "--why", "all", "--plot", "x.svg"), "there is no picture of this"),
    ):
        done = run_in(home, "compare", "scores", *words)
        assert done.returncode in (1, 2)
        assert says in done.stderr, done.stderr


def test_a_comparison_without_why_leaves_a_receipt_too(home: Path) -> None:
    """Of two states of which one may be a table: hashes of what was read, the same for the same digits."""
    run_in(home, "score", "cingai-2023", "--store", "before.duckdb", "--out", "then.csv")
    words = ("compare", "scores", "now.duckdb", "then.csv", "--index", "cingai-2023")
    done = run_in(home, *words, "--out", "moved.xlsx", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "moved.run.json" in done.stderr
    one = json.loads((home / "moved.run.json").read_text(encoding="utf-8"))
    assert (one["command"], one["file"], one["arguments"]["before"]) == ("compare scores", "moved.xlsx", "then.csv")
    assert run_in(home, *words, "--out", "again.csv", "--lang", "zh").returncode == 0
    same = json.loads((home / "again.run.json").read_text(encoding="utf-8"))
    assert same["result"] == one["result"]
    assert same["values_hash"] == one["values_hash"] != one["arguments"]["before_values_hash"]
