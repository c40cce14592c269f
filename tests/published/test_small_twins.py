"""The twins of the systems that print little: what is printed is met, but for what docs/twin.md lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecosystem.dataset import read_dataset
from ecosystem.index import index_folder, load_index
from ecosystem.published.comparison import Comparison, compare_published
from ecosystem.published.published import read_published
from ecosystem.scoring import score
from ecosystem.store import GraphStore, open_store
from ecosystem.synthetic.twin import write_twin


def loaded(index: str, folder: Path) -> GraphStore:
    """A store with the twin of an index."""
    write_twin(index, folder / "data", seed=1)
    reading = read_dataset(folder / "data")
    assert reading.clean
    store = open_store(folder / "graph.duckdb", create=True)
    store.load(reading.dataset)
    return store


def compared(index: str, folder: Path) -> Comparison:
    """The published figures beside those of the twin."""
    spec = load_index(index)
    with_data = loaded(index, folder)
    try:
        return compare_published(spec, read_published(spec, index_folder(index)), with_data)
    finally:
        with_data.close()


def test_the_scenario_study_is_met_but_for_one_rank(tmp_path: Path) -> None:
    """Changzhou is second in scenarios by its score, which leaves Beijing third, and the contents put it among two."""
    cells = compared("scenario-2024", tmp_path).cells
    lost = cells[~cells["reproduced"].astype(bool)]
    assert len(cells) == 36
    assert list(zip(lost["code"], lost["region"], lost["shows"], strict=True)) == [
        ("scenario_innovation", "110100", "rank")
    ]


def test_parks_are_ranked_and_rolled_up_to_their_cities(tmp_path: Path) -> None:
    """The report prints no figure of them: all is drawn, and adds up by hand."""
    store = loaded("parks-20-cities", tmp_path)
    scores = score("parks-20-cities", store)
    assert len(scores.standing.regions) == 60
    assert scores.groups is not None
    assert len(scores.groups.regions) == 20
    points = dict(zip(scores.standing.regions, scores.standing.overall, strict=True))
    for city, total in zip(scores.groups.regions, scores.groups.overall, strict=True):
        assert total == pytest.approx(sum(points[f"park-{city}-{park}"] for park in (1, 2, 3)))
    store.close()
