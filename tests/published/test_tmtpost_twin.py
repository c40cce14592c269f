"""The twin of TMTPost gives the printed figures, but for those that are listed with their reasons in docs/twin.md."""

from __future__ import annotations

import pytest

from ecosystem.dataset import read_dataset
from ecosystem.index import index_folder, load_index
from ecosystem.published.comparison import Comparison, compare_published
from ecosystem.published.published import read_published
from ecosystem.store import open_store
from ecosystem.synthetic.twin import write_twin

INDEX = "tmtpost-2024"
CONTRADICTED = {
    ("policies.csv", "360900"),  # T2: numbers that their ranks contradict
    ("policies.csv", "331100"),
    ("policies.csv", "370500"),
    ("policies.csv", "210100"),
    ("lists.csv", "500100"),  # T1: the text against the table
    ("lists.csv", "330100"),
    ("lists.csv", "340100"),
    ("indicator_values.csv", "610100"),  # T4, T5: two numbers, and a growth of neither
    ("indicator_ranks.csv", "510100"),  # T9
    ("indicator_ranks.csv", "110100"),  # T10
    ("indicator_ranks.csv", "320500"),  # T11
    ("indicator_ranks.csv", "440300"),  # seventh in insured employees
}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("twin")
    write_twin(INDEX, folder / "data", seed=1)
    reading = read_dataset(folder / "data")
    assert reading.clean
    store = open_store(folder / "graph.duckdb", create=True)
    store.load(reading.dataset)
    index = load_index(INDEX)
    return compare_published(index, read_published(index, index_folder(INDEX)), store)


@pytest.mark.long
def test_what_is_printed_is_met_but_for_what_is_listed(comparison: Comparison) -> None:
    cells = comparison.cells
    lost = cells[~cells["reproduced"].astype(bool)]
    assert (len(cells) - len(lost), len(cells)) == (802, 828)
    places = set(zip(lost["table"], lost["region"], strict=True))
    assert places >= CONTRADICTED
    others = lost[[place not in CONTRADICTED for place in zip(lost["table"], lost["region"], strict=True)]]
    assert others["shows"].value_counts().to_dict() == {"score": 9, "rank": 2}
    scores = others[others["shows"] == "score"]
    assert scores["difference"].abs().max() < 0.00071
    # every rank of the total and the pillars is the printed one
    tables = ("total.csv", "factor_endowment.csv", "development_potential.csv", "benefit_output.csv")
    ranks = cells[(cells["shows"] == "rank") & cells["table"].isin((*tables, "urban_penetration.csv", "policies.csv"))]
    assert len(ranks) == 250
    assert ranks["reproduced"].astype(bool).all()


@pytest.mark.long
def test_no_table_of_values_is_needed(comparison: Comparison) -> None:
    standing = comparison.scores["city"].standing
    assert not [leaf for leaf in comparison.scores["city"].index.leaves if leaf.source is None]
    assert (standing.overall >= 0).all()
    assert standing.regions[int(standing.overall.argmax())] == "110100"
