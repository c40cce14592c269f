"""Audits on a server say what they say on the embedded store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from stores import empty_store

from ecosystem.audit import curve, explain, knock_out_each, knockout, overtake, trace
from ecosystem.dataset import read_dataset
from ecosystem.index import load_index
from ecosystem.scoring import Scores, score

pytestmark = pytest.mark.long

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"


@pytest.fixture
def both(neo4j_server: object, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Scores, Scores]]:
    """The scores of the golden dataset on both stores."""
    assert neo4j_server
    stores = [empty_store(kind, request, tmp_path) for kind in ("embedded", "neo4j")]
    found = []
    for store in stores:
        store.load(read_dataset(GOLDEN).dataset)
        found.append(score(load_index("cingai-2023"), store))
    yield found[0], found[1]
    for store in stores:
        store.close()


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=1e-9)


def in_order(links: pd.DataFrame) -> pd.DataFrame:
    """The rows of matches that no order numbers, sorted."""
    columns = [name for name in links.columns if name != "match"]
    return links[columns].sort_values(columns, ignore_index=True)


def test_both_stores_say_the_same(both: tuple[Scores, Scores]) -> None:
    embedded, server = both
    for entity in ("c01", "i05", "p02", "u03"):
        one, other = (knockout(scores, [entity]) for scores in both)
        np.testing.assert_allclose(one.after.overall, other.after.overall, atol=1e-9)
        same(one.regions(), other.regions())
        same(trace(embedded, entity).counts, trace(server, entity).counts)
    region = embedded.standing.regions[int(embedded.standing.overall.argmax())]
    one_way, other_way = (explain(scores, region, top=100) for scores in both)
    same(one_way.steps, other_way.steps)
    columns = ["code", "kind", "id"]
    same(*(each.parts.sort_values(columns, ignore_index=True) for each in (one_way, other_way)))
    same(*(in_order(each.rows(GOLDEN)) for each in (one_way, other_way)))
    same(*(knock_out_each(scores, "Company").table for scores in both))
    same(*(curve(scores, region, remove=3).table for scores in both))
    order = embedded.standing.overall_rank.argsort()
    names = [embedded.standing.regions[order[at]] for at in (1, 0)]
    same(*(overtake(scores, *names).moves for scores in both))
    assert (
        knockout(server, where="label=Company,patents>=30").nodes
        == knockout(embedded, where="label=Company,patents>=30").nodes
    )
    assert knockout(server, links=["ENABLES"]).links == knockout(embedded, links=["ENABLES"]).links
