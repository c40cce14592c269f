"""An indicator, a pillar or a region that is called like a column of the result is told apart from it everywhere."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import run_in
from tables import write_csv

from ecosystem.export import to_csv, to_json, to_markdown
from ecosystem.export.files import FORMATS
from ecosystem.headings import apart, heading
from ecosystem.index import Index, Indicator, Source, Text
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.write import draft_index
from ecosystem.index.override import override
from ecosystem.scoring import Scores, score
from ecosystem.scoring.earlier import with_changes
from ecosystem.scoring.earlier_files import read_earlier
from ecosystem.scoring.result import for_people, wide_table
from ecosystem.scoring.result_columns import RESULT_COLUMNS
from ecosystem.scoring.score_tables import doubt_table, sheets

CODES = [*RESULT_COLUMNS, "Rank", "SCORE", "得分", "排名", "plain"]
NAMES = [(heading(code, "zh"), heading(code, "en")) for code in CODES]


def _named(parts: Sequence[str], parent: str, level: int) -> list[Indicator]:
    return [
        Indicator(code, parent, level, Text(*name), 1, 1 / len(parts), "assumed", "", None)
        for code, name in zip(parts, NAMES, strict=True)
    ]


def _index(*, pillars: bool) -> Index:
    """Indicators called like results; or pillars so, with an indicator each."""
    parts = _named(CODES, "top", 2 if pillars else 1)
    columns = [Source("column", f"x{at}") for at in range(len(parts))]
    top = Indicator("top", None, 3 if pillars else 2, Text("全部", "all"), 1, 1.0, "assumed", "", None)
    if pillars:
        leaves = [
            replace(part, code=f"x{at}", parent=part.code, level=1, source=source)
            for at, (part, source) in enumerate(zip(parts, columns, strict=True))
        ]
        return draft_index("alike", ["A", "B", "C"], [*leaves, *parts, top])
    leaves = [replace(part, source=source) for part, source in zip(parts, columns, strict=True)]
    return draft_index("alike", ["A", "B", "C"], [*leaves, top])


@pytest.fixture(params=[False, True], ids=["indicators", "pillars"])
def scores(request: pytest.FixtureRequest, tmp_path: Path) -> Scores:
    """C is the best of the three, and the worst in every column but the last few."""
    header = ["region", *(f"x{at}" for at in range(len(CODES)))]
    rows: list[list[object]] = [[region, *cells] for region, cells in zip("ABC", _values(), strict=True)]
    write_csv(tmp_path / "values.csv", [header, *rows])
    index = override(_index(pillars=request.param), weights="equal", tiers="quantile:2")
    return score(index, values=read_values(tmp_path / "values.csv"))


def _values() -> list[list[float]]:
    """Columns in which A, B, C have 3, 2, 1 or 1, 2, 3, the second in most."""
    up = [at % 3 == 0 for at in range(len(CODES))]
    return [[(3 - row) if falls else row + 1.0 for falls in up] for row in range(3)]


def _same(table: pd.DataFrame, scores: Scores) -> None:
    """The result stands in its own columns, by the true rank, and every part in one that is called otherwise."""
    folded = [str(name).casefold() for name in table.columns]
    assert len(set(folded)) == len(folded)
    assert list(table["region"]) == ["C", "B", "A"]
    assert list(table["rank"]) == [1, 2, 3]
    np.testing.assert_allclose(table["score"], np.sort(scores.standing.overall)[::-1])
    parts = [name for name in table.columns if "(" in name or name == "plain"]
    assert len(parts) == len(CODES)
    np.testing.assert_allclose(table[parts], scores.standing.pillars[::-1])
    assert {*table.columns} - {*parts} <= {*RESULT_COLUMNS}


def test_no_table_mixes_a_part_with_the_result(scores: Scores, tmp_path: Path) -> None:
    frame = wide_table(scores, scores.standing)
    _same(frame, scores)
    _same(pd.DataFrame(json.loads(to_json(frame))), scores)
    _same(pd.read_csv(io.StringIO(to_csv(frame))), scores)
    _same(pd.read_parquet(io.BytesIO(b"".join(FORMATS[".parquet"].content({"data": frame})))), scores)
    _same(
        pd.read_excel(io.BytesIO(b"".join(FORMATS[".xlsx"].content(sheets(scores, "en")))), engine="calamine"), scores
    )
    assert len(to_markdown(frame).splitlines()[0].split(" | ")) == frame.shape[1]
    (tmp_path / "old.csv").write_text(to_csv(frame), encoding="utf-8")
    before = read_earlier(tmp_path / "old.csv", scores.index, scores.level, scores.regions)
    later = with_changes(frame, before, scores.index.top.code)
    _same(later, scores)
    assert (later["rank_change"] == 0).all()
    for lang in ("zh", "en"):
        words = [str(name).casefold() for name in for_people(scores, later, lang).columns]
        assert len(set(words)) == len(words)


def test_the_shares_of_the_benefit_of_the_doubt_stand_beside_their_score(scores: Scores) -> None:
    table = doubt_table(scores)
    np.testing.assert_allclose(table.iloc[:, 4:].sum(axis=1), 1)
    assert table["score"].is_monotonic_decreasing
    assert table["score"].max() == pytest.approx(1)


def test_an_indicator_called_rank_does_not_rank(tmp_path: Path) -> None:
    """Three regions, `rank` falling as `b` rises: all score 50 and share the first rank."""
    write_csv(tmp_path / "v.csv", [["region", "rank", "b"], ["A", 9, 1], ["B", 5, 2], ["C", 1, 3]])
    run_in(tmp_path, "index", "new", "rk", "--from", "v.csv")
    rows = json.loads(run_in(tmp_path, "score", "rk", "--values", "v.csv", "--format", "json").stdout)
    assert [(row["region"], row["rank"], row["score"]) for row in rows] == [("A", 1, 50), ("B", 1, 50), ("C", 1, 50)]
    assert [row["rank (indicator)"] for row in rows] == [50, 25, 0]
    shown = run_in(tmp_path, "score", "rk", "--values", "v.csv", "--lang", "zh").stdout
    assert "排名" in shown
    assert "rank (指标)" in shown


def test_names_apart() -> None:
    assert apart(["a", "A", "a", "score", "a (x)"], {"score"}, "x") == [
        "a",
        "A (x)",
        "a (x 2)",
        "score (x)",
        "a (x) (x)",
    ]
