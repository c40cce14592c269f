"""`ecosystem compare` as a person runs it: both streams, both languages, files, and what is refused."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from command import Run, runner
from printed import printed_index
from tables import write_csv

from ecosystem.resources import resource

TMTPOST = resource("data", "indices", "tmtpost-2024", "published")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    return runner(monkeypatch, capsys)


def test_ours_beside_the_printed(run: Run, tmp_path: Path) -> None:
    printed_index(tmp_path)
    done = run("compare", "published", "mine", "--values", "values.csv", "--lang", "en")
    assert done.code == 0
    assert "Spearman rho" in done.out
    assert "not compared: notes: not scores" in done.err
    assert "斯皮尔曼" in run("compare", "published", "mine", "--values", "values.csv", "--lang", "zh").out
    cells = run("compare", "published", "mine", "--values", "values.csv", "--cells", "--format", "json")
    assert len(json.loads(cells.out)) == 10
    done = run("compare", "published", "mine", "--values", "values.csv", "--out", "beside.xlsx")
    assert "written: beside.xlsx" in done.err
    assert len(pd.read_excel(tmp_path / "beside.xlsx", engine="calamine")) == 10


def test_an_index_of_which_no_score_is_printed(run: Run) -> None:
    done = run("compare", "published", "parks-20-cities", "--lang", "en", "--format", "csv")
    assert done.code == 0
    assert pd.read_csv(io.StringIO(done.out)).empty
    assert "gap: " in done.err


def test_without_a_graph_and_without_a_table(run: Run) -> None:
    done = run("compare", "published", "tmtpost-2024")
    assert done.code == 1
    assert "hint" in done.err


def test_an_index_that_published_nothing(run: Run, tmp_path: Path) -> None:
    write_csv(tmp_path / "values.csv", [("region", "a", "b"), ("r1", 1, 2), ("r2", 3, 4)])
    run("index", "new", "bare", "--from", "values.csv")
    done = run("compare", "published", "bare", "--values", "values.csv")
    assert done.code == 1
    assert "index bare has no published tables" in done.err


PARTS = [
    word
    for name in ("factor_endowment", "development_potential", "benefit_output", "urban_penetration")
    for word in ("--parts", TMTPOST / f"{name}.csv")
]


def test_implied_weights(run: Run) -> None:
    done = run("compare", "implied-weights", *PARTS, "--total", TMTPOST / "total.csv", "--format", "csv")
    assert done.code == 0
    table = pd.read_csv(io.StringIO(done.out)).set_index("part")
    assert table["weight"].round(2).tolist() == [0.25, 0.48, 0.19, 0.08]
    assert table["identifiable"].eq("yes").all()
    assert "18 regions have every part: 15 totals are equal to the last digit, 18 within the rounding" in done.err
    assert "left out, since a part is not published: 82 of 100 regions" in done.err
    cells = run("compare", "implied-weights", *PARTS, "--total", TMTPOST / "total.csv", "--cells", "--format", "json")
    assert len(json.loads(cells.out)) == 18


def test_implied_weights_says_what_moves_together_and_what_does_not_fit(run: Run, tmp_path: Path) -> None:
    write_csv(tmp_path / "parts.csv", [("region", "a", "b"), ("x", 1, 2), ("y", 2, 4), ("z", 3, 6)])
    write_csv(tmp_path / "total.csv", [("region", "score"), ("x", 9), ("y", 5), ("z", 1)])
    done = run("compare", "implied-weights", "--parts", "parts.csv", "--total", "total.csv", "--lang", "en")
    assert done.code == 0
    assert "no weights give these totals" in done.err
    assert "not determined, since these parts move together: a, b" in done.err


def test_implied_weights_name_the_rows_that_do_not_fit(run: Run, tmp_path: Path) -> None:
    rows = [(f"r{row}", (7 * row) % 30, (11 * row) % 31) for row in range(1, 31)]
    totals = [(region, 50 if region == "r9" else (one + other) / 2) for region, one, other in rows]
    write_csv(tmp_path / "parts.csv", [("region", "a", "b"), *rows, ("blank", "", 3)])
    write_csv(tmp_path / "total.csv", [("region", "score"), *totals, ("blank", 4)])
    words = ("compare", "implied-weights", "--parts", "parts.csv", "--total", "total.csv", "--format", "csv")
    done = run(*words)
    table = pd.read_csv(io.StringIO(done.out))
    assert table["weight"].tolist() == [0.5, 0.5]
    assert table["least_squares"].tolist() != [0.5, 0.5]
    assert "30 regions have every part: 29 totals are equal to the last digit" in done.err
    assert "1 total does not fit: r9 (50.0, recomputed 4.5)" in done.err
    assert "1 of these have a blank cell: blank" in done.err
    cells = pd.read_csv(io.StringIO(run(*words, "--cells").out)).set_index("region")
    assert cells.index[cells["met"] == "no"].tolist() == ["r9"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("region", "score"), ("x", "much")], "'much' is not a number"),
        ([("region", "score"), ("x", -1)], "the score -1 is negative"),
        ([("region", "score"), ("x", 1), ("x", 2)], "is in row 2 already"),
        ([("region", "rank", "score"), ("x", 1, 1), ("y", 2, 2)], "contradicts y"),
    ],
)
def test_bad_tables_are_refused(run: Run, tmp_path: Path, rows: list[tuple[object, ...]], words: str) -> None:
    write_csv(tmp_path / "part.csv", rows)
    write_csv(tmp_path / "total.csv", [("region", "score"), ("x", 1)])
    done = run("compare", "implied-weights", "--parts", "part.csv", "--total", "total.csv")
    assert done.code == 1
    assert words in done.err


def test_a_total_without_parts_is_wrong_usage(run: Run) -> None:
    done = run("compare", "implied-weights", "--total", TMTPOST / "total.csv")
    assert done.code == 2
    assert "--parts" in done.err
