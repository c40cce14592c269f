"""Two states of an index beside each other: against pandas on printed tables and on scores made by hand."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import run_in
from tables import write_csv

from ecosystem.resources import resource

PROVINCES = resource("data", "indices", "cingai-2023", "published", "table_04_provinces.csv")
NOW, BEFORE = f"{PROVINCES}[2023]", f"{PROVINCES}[2022]"
COMPARE = ("compare", "scores")


def _table(folder: Path, *words: str) -> pd.DataFrame:
    done = run_in(folder, *COMPARE, *words, "--format", "csv", "--lang", "en")
    assert done.returncode == 0, done.stderr
    return pd.read_csv(io.StringIO(done.stdout), dtype={"region": "str"})


@pytest.mark.parametrize("code", ["overall", "capital_environment", "政府响应能力"])
def test_printed_ranks_of_two_years(tmp_path: Path, code: str) -> None:
    """Table 4 of CINGAI 2023, both columns of the part subtracted by pandas."""
    printed = pd.read_csv(PROVINCES, dtype={"region": "str"}).set_index("region")
    column = {"政府响应能力": "government_responsiveness"}.get(code, code)
    expected = printed[f"{column}_2022"] - printed[f"{column}_2023"]
    ours = _table(tmp_path, NOW, BEFORE, "--index", "cingai-2023", "--part", code).set_index("region")
    assert ours["rank_change"].to_dict() == expected.to_dict()
    assert "score" not in ours


def test_risers_and_fallers_of_all_parts(tmp_path: Path) -> None:
    words = (
        NOW,
        BEFORE,
        "--index",
        "cingai-2023",
        "--part",
        "all",
        "--top",
        "4",
        "--lang",
        "en",
        "--out",
        "moves.xlsx",
    )
    done = run_in(tmp_path, *COMPARE, *words)
    assert done.returncode == 0, done.stderr
    printed = pd.read_csv(PROVINCES, dtype={"region": "str"}).set_index("region")
    parts = [str(name)[:-5] for name in printed.columns if str(name).endswith("_2023")]
    moved = np.sort(np.concatenate([printed[f"{part}_2022"] - printed[f"{part}_2023"] for part in parts]))
    book = pd.read_excel(tmp_path / "moves.xlsx", sheet_name=None, engine="calamine")
    assert book["risers"]["rank_change"].tolist() == moved[-4:].tolist()[::-1]
    assert book["fallers"]["rank_change"].tolist() == moved[:4].tolist()
    assert len(book["changes"]) == moved.size
    assert "risers" not in done.stdout, "words of the run, not the names of sheets"
    assert "rising" in done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scores of two years of an index of two columns, D only then, E only now."""
    folder = tmp_path_factory.mktemp("changes")
    write_csv(folder / "v1.csv", [["region", "x", "y"], ["A", 0, 10], ["B", 10, 0], ["C", 5, 5], ["D", 1, 2]])
    write_csv(folder / "v2.csv", [["region", "x", "y"], ["A", 10, 10], ["B", 0, 0], ["C", 5, 5], ["E", 9, 9]])
    write_csv(folder / "all.csv", [["region", "x", "y"], *([name, at, at] for at, name in enumerate("ABCDE"))])
    assert run_in(folder, "index", "new", "mine", "--from", "all.csv").returncode == 0
    for year in "12":
        words = ("score", "mine", "--values", f"v{year}.csv", "--lang", "zh", "--out", f"s{year}.csv")
        done = run_in(folder, *words)
        assert done.returncode == 0, done.stderr
    return folder


def test_scores_by_hand_with_an_entry_and_an_exit(folder: Path) -> None:
    """Then A, B and C have 50 of 100 each and D 15; now A 100, E 90, C 50 and B 0."""
    for now, before in (("s2.csv", "s1.csv"), ("s2.run.json", "s1.run.json")):
        found = _table(folder, now, before).set_index("region")
        assert found["score"].dropna().to_dict() == pytest.approx({"A": 100, "E": 90, "C": 50, "B": 0})
        assert found["score_old"].dropna().to_dict() == pytest.approx({"A": 50, "C": 50, "B": 50, "D": 15})
        assert found["rank_change"].dropna().to_dict() == {"A": 0, "C": -2, "B": -3}
        assert found["score_change"].dropna().to_dict() == pytest.approx({"A": 50, "C": 0, "B": -50})
        assert found["change"].dropna().to_dict() == {"E": "entry", "D": "exit"}


def test_years_of_one_file(folder: Path) -> None:
    """Scores by year, wide and long, by their receipts: A has 0 and 100 of 100, C 50 in both."""
    rows: list[list[object]] = [
        ["region", "year", "x", "y"],
        *([name, 2020, *cells] for name, cells in (("A", (0, 0)), ("C", (5, 5)))),
    ]
    write_csv(folder / "p.csv", [*rows, ["B", 2020, 10, 10], ["A", 2021, 10, 10], ["C", 2021, 5, 5], ["B", 2021, 0, 0]])
    for out in ("wide.csv", "long.parquet"):
        words = ("score", "mine", "--values", "p.csv", "--by-year", "--lang", "zh", "--out", out)
        assert run_in(folder, *words).returncode == 0
        found = _table(folder, f"{out}[2021]", f"{out}[2020]").set_index("region")
        assert found["score_change"].to_dict() == pytest.approx({"A": 100, "C": 0, "B": -100})
        assert found["rank_change"].to_dict() == {"A": 2, "C": 0, "B": -2}
        done = run_in(folder, *COMPARE, out, f"{out}[2020]")
        assert "several years: 2020, 2021" in done.stderr


def test_a_table_in_words_and_parts_that_runs_alone_have(folder: Path) -> None:
    done = run_in(folder, *COMPARE, "s2.run.json", "s1.run.json", "--part", "all", "--lang", "zh", "--format", "md")
    assert done.returncode == 0, done.stderr
    assert "| x | B |" in done.stdout
    records = json.loads(
        run_in(folder, *COMPARE, "s2.run.json", "s1.run.json", "--part", "x", "--format", "json").stdout
    )
    change = {row["region"]: row["rank_change"] for row in records}
    assert change == {"A": 4 - 1, "E": None, "C": 2 - 3, "B": 1 - 4, "D": None}


def test_what_cannot_be_compared(folder: Path) -> None:
    write_csv(folder / "ranks.csv", [["region", "rank"], ["A", 1], ["B", 2]])
    write_csv(folder / "cities.csv", [["region", "rank"], ["X", 1], ["Y", 2]])
    for words, part in (
        (("ranks.csv", "cities.csv"), "which index?"),
        (("s2.csv", "cities.csv"), "none of the 2 regions of cities.csv is ranked by mine"),
        (("s2.csv", "ranks.csv", "--part", "x"), "nothing in common"),
        (("s2.csv", "s1.csv", "--part", "nix"), "no indicator 'nix'"),
        (("s2.csv", "s1.csv", "--level", "group"), "has no groups"),
        (("s2.csv", "absent.csv"), "there is no table absent.csv"),
        (("s2.csv", "absent.run.json"), "absent.run.json"),
    ):
        done = run_in(folder, *COMPARE, *words)
        assert (done.returncode in (1, 2), done.stdout) == (True, ""), words
        assert part in done.stderr, words
