"""What rests on no data is not compared, counted apart and said with its reason."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from printed import printed_index
from tables import write_csv

from ecosystem.dataset import read_dataset
from ecosystem.index import index_folder, load_index
from ecosystem.index.files.value_files import read_values
from ecosystem.published.comparison import Comparison, compare_published
from ecosystem.published.published import read_published
from ecosystem.store import open_store

INDEX = "cingai-2023"


@pytest.fixture(scope="module")
def one_company(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """The published figures of CINGAI beside those of a graph of one company in Beijing."""
    folder = tmp_path_factory.mktemp("one")
    write_csv(folder / "companies.csv", [("id", "name", "layer"), ("c1", "One", "foundation")])
    write_csv(folder / "located_in.csv", [("from", "to"), ("c1", "110000")])
    index = load_index(INDEX)
    with closing(open_store(folder / "graph.duckdb", create=True)) as store:
        store.load(read_dataset(folder).dataset)
        return compare_published(index, read_published(index, index_folder(INDEX)), store)


def test_a_graph_of_one_company_reproduces_next_to_nothing(one_company: Comparison) -> None:
    """All regions tie at rank 1 where no data tell them apart: that is no agreement with a published rank of 1."""
    cells = one_company.cells
    compared = cells[cells["not_compared"] == ""]
    # the companies and their layers are most of one pillar; the count of the sample has one of 2200
    assert set(compared["code"]) <= {
        "company_capability",
        "company_count",
        "foundation_technology_companies",
        "Company",
    }
    assert compared["reproduced"].sum() <= 7  # Beijing, and its circle, are first
    assert not cells.loc[cells["not_compared"] != "", "reproduced"].any()
    assert cells.loc[cells["not_compared"] != "", "ours"].isna().all()
    assert f"not compared, for want of data: {len(cells) - len(compared)} of {len(cells)}" in one_company.verdict


def test_every_reason_is_said_and_counted(one_company: Comparison) -> None:
    reasons = one_company.reasons
    assert sum(reasons.values()) == (one_company.cells["not_compared"] != "").sum()
    assert reasons["the graph has no University in its sample"] == 1
    assert reasons["data that differ stand behind 24% of the weight alone: competitiveness"] > 40
    assert reasons["no data, or the same for all: academic_ecology"] > 30
    summary = one_company.summary
    assert (summary["printed"] == summary["compared"] + summary["not_compared"]).all()


def test_a_region_that_is_not_ranked_and_an_indicator_without_data(tmp_path: Path) -> None:
    """r9 has no values; without papers half of the weight still differs, which is not less than the half marked."""
    mine = printed_index(tmp_path)
    index = load_index(str(mine))
    published = read_published(index, mine)
    both = compare_published(index, published, values=read_values(tmp_path / "values.csv"))
    assert both.reasons == {"the region is not ranked here": 2}
    rows = [("region", "firms", "papers"), *((f"r{at}", 5, at) for at in range(1, 5))]
    same = compare_published(index, published, values=read_values(write_csv(tmp_path / "same.csv", rows)))
    assert same.reasons == {"no data, or the same for all: firms": 2, "the region is not ranked here": 2}
    assert same.summary.set_index("table")["spearman"].isna()["firms.csv"]
