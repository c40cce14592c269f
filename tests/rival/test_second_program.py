"""All 24 value tables of a synthesized dataset with 200,000 links, against pandas on its CSV files alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas_metrics
import pytest
from cingai import cingai_metrics

from ecosystem.dataset import read_dataset
from ecosystem.metrics import measure
from ecosystem.store import GraphStore, open_store
from ecosystem.synthetic.synthesize import synthesize

LINKS = 200_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("second") / "dataset"
    synthesize(folder, companies=20_000, links=LINKS, seed=7)
    return folder


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[GraphStore]:
    reading = read_dataset(folder)
    assert reading.clean
    store = open_store(folder.parent / "graph.duckdb", create=True)
    store.load(reading.dataset)
    yield store
    store.close()


@pytest.mark.parametrize(("since", "until"), [(None, None), (2016, 2021), (2018, None), (None, 2015)])
@pytest.mark.parametrize("level", ["province", "city", "group"])
def test_two_programs_agree(store: GraphStore, folder: Path, level: str, since: int | None, until: int | None) -> None:
    frames = pandas_metrics.tables(folder)
    theirs = pandas_metrics.measure(frames, level=level, since=since, until=until)
    ours = measure(store, cingai_metrics(), level=level, since=since, until=until).values
    both = ours.merge(theirs, on=["metric", "region"], how="outer", suffixes=("_ours", "_theirs"), indicator=True)
    assert (both["_merge"] == "both").all()
    assert ours["metric"].nunique() == 24
    np.testing.assert_allclose(both["value_ours"], both["value_theirs"], rtol=1e-9, atol=0, equal_nan=True)


def test_the_dataset_says_something_on_every_metric(store: GraphStore) -> None:
    """Two programs that both say nothing would agree too."""
    table = measure(store, cingai_metrics()).table()
    mainland = table[~table.index.isin(["710000", "810000", "820000"])]
    assert ((mainland.fillna(0) != 0).sum() >= 20).all()
