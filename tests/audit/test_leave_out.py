"""Each part left out in turn: the same as the index without it, as a knock-out, and as a reload without the rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from audit_index import metric_index

from ecosystem.audit import knockout, leave_out
from ecosystem.audit.leave_out import What
from ecosystem.dataset import read_dataset
from ecosystem.errors import InputError, StoreError, UsageError
from ecosystem.index import Index, Source, load_index
from ecosystem.index.statistics.drop_one import drop_one
from ecosystem.scoring import Scores, score
from ecosystem.store import GraphStore, open_store

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"
REGIONS = ("110000", "320000", "440000", "510000")
FLOWS: Index = metric_index([Source("metric", "financing_links"), Source("metric", "financing_amount")], REGIONS)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    opened = open_store(tmp_path_factory.mktemp("left") / "graph.duckdb", create=True)
    opened.load(read_dataset(GOLDEN).dataset)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def scores(store: GraphStore) -> Scores:
    return score(load_index("cingai-2023"), store)


def _reloaded(folder: Path, change: Callable[[pd.DataFrame], pd.DataFrame], index: Index = FLOWS) -> Scores:
    """The scores of the golden dataset with other rows of investments."""
    data = folder / "data"
    shutil.copytree(GOLDEN, data, dirs_exist_ok=True)
    table = pd.read_csv(GOLDEN / "invested_in.csv", dtype=str)
    change(table).to_csv(data / "invested_in.csv", index=False)
    opened = open_store(folder / "graph.duckdb", create=True)
    opened.load(read_dataset(data).dataset)
    return score(index, opened)


def _without(table: pd.DataFrame, make: Callable[[pd.DataFrame], pd.DataFrame], column: str, cell: str) -> pd.DataFrame:
    made = make(table)
    return made[made[column] != cell]


@pytest.mark.parametrize("what", ["indicator", "pillar"])
def test_parts_are_those_of_drop_one(what: What, scores: Scores) -> None:
    found = leave_out(scores, what)
    level = 1 if what == "indicator" else scores.index.depth - 1
    expected = drop_one(scores.standing, auxiliary=scores.auxiliary, level=level)
    assert list(found.items) == [part.code for part in expected.parts]
    np.testing.assert_array_equal(found.ranks, expected.ranks)
    both = found.effects().set_index("left_out")["mean_move"]
    assert both.to_dict() == expected.summary.set_index("code")["mean_move"].to_dict()


def test_a_label_is_a_knock_out_of_its_nodes(scores: Scores) -> None:
    found = leave_out(scores, "label")
    assert {"Company", "University", "Policy"} <= set(found.items)
    assert "Region" not in found.items
    for label in ("University", "Policy", "Investor"):
        after = knockout(scores, where=f"label={label}").after
        place = list(found.items).index(label)
        np.testing.assert_allclose(found.overall[:, place], after.overall, atol=1e-9)
        np.testing.assert_array_equal(found.ranks[:, place], after.overall_rank)


def test_a_type_of_links_is_a_source_where_nothing_names_one(scores: Scores) -> None:
    found = leave_out(scores, "source")
    assert "no column `source`: each type of links is taken as a source" in found.notes()
    assert "LOCATED_IN" not in found.items
    for kind in ("INVESTED_IN", "ENABLES"):
        after = knockout(scores, links=[kind]).after
        np.testing.assert_allclose(found.overall[:, list(found.items).index(kind)], after.overall, atol=1e-9)


def test_a_source_that_rows_name_is_a_reload_without_them(tmp_path: Path) -> None:
    def named(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(source=["press" if at % 3 else "register" for at in range(len(table))])

    whole = _reloaded(tmp_path / "whole", named)
    found = leave_out(whole, "source")
    assert list(found.items) == ["press", "register"]
    for name in found.items:
        left = _reloaded(tmp_path / name, partial(_without, make=named, column="source", cell=name))
        np.testing.assert_allclose(found.overall[:, list(found.items).index(name)], left.standing.overall, atol=1e-9)


def test_a_year_is_a_reload_without_its_links(store: GraphStore, tmp_path: Path) -> None:
    found = leave_out(score(FLOWS, store), "year")
    table = pd.read_csv(GOLDEN / "invested_in.csv")
    assert set(found.items) <= {str(int(year)) for year in table["year"].dropna()}
    assert len(found.items) >= 2
    for year in found.items:
        left = _reloaded(tmp_path / year, partial(_without, make=pd.DataFrame.copy, column="year", cell=year))
        place = list(found.items).index(year)
        np.testing.assert_allclose(found.overall[:, place], left.standing.overall, atol=1e-9)


def test_a_year_of_a_column_gives_way_to_the_one_before(store: GraphStore, tmp_path: Path) -> None:
    values = tmp_path / "values.csv"
    lines = [f"{region},{2030 + year},{(at + 1) * 10**year}" for at, region in enumerate(REGIONS) for year in (0, 1)]
    values.write_text("\n".join(["region,year,gdp", *lines, ""]), encoding="utf-8")
    index = metric_index([Source("metric", "financing_links"), Source("column", "gdp")], REGIONS)
    found = leave_out(score(index, store, values=values), "year")
    assert "2031" in found.items
    assert "2030" not in found.items
    values.write_text("\n".join(["region,year,gdp", *lines[::2], ""]), encoding="utf-8")
    before = score(index, store, values=values)
    np.testing.assert_allclose(found.overall[:, list(found.items).index("2031")], before.standing.overall, atol=1e-9)


def test_the_tables_hang_together(scores: Scores) -> None:
    found = leave_out(scores, "label")
    regions, long = found.regions(), found.long()
    assert len(long) == len(found.items) * len(regions)
    for row in regions.to_dict("records"):
        own = long[long["region"] == row["region"]]
        assert row["rank_best"] == min(row["rank"], own["rank_without"].min())
        assert row["rank_worst"] == max(row["rank"], own["rank_without"].max())
        assert row["moved"] == (own["rank_without"].dropna() != row["rank"]).sum()
        if row["worst_without"]:
            that = own[own["left_out"] == row["worst_without"]].iloc[0]
            assert that["rank_without"] == row["rank_worst"]
        else:
            assert row["rank_worst"] == row["rank"]
    assert "greatest effect" in repr(found)


def test_what_cannot_be_left_out_is_refused(scores: Scores, store: GraphStore, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'moon' cannot be left out"):
        leave_out(scores, "moon")  # type: ignore[arg-type] # a word that is none
    table = tmp_path / "values.csv"
    table.write_text("region,a,b\n110000,1,2\n320000,3,1\n", encoding="utf-8")
    index = metric_index([Source("column", "a"), Source("column", "b")], ("110000", "320000"))
    with pytest.raises(StoreError, match="is a table"):
        leave_out(score(index, values=table), "label")
    flat = metric_index([Source("metric", "intl_study"), Source("metric", "intl_work")], REGIONS)
    with pytest.raises(InputError, match="the evidence has 0"):
        leave_out(score(flat, store), "year")
