"""The part of a page on published results has the numbers of `compare published`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from report_scores import scored

from ecosystem.dataset import read_dataset
from ecosystem.index import index_folder, load_index
from ecosystem.published.comparison import compare_published
from ecosystem.published.published import read_published
from ecosystem.report import make_report
from ecosystem.scoring import score
from ecosystem.store import open_store
from ecosystem.synthetic.synthesize import synthesize


def test_an_index_of_ones_own_has_no_such_part(tmp_path: Path) -> None:
    assert "published" not in make_report(scored(tmp_path)).parts


def test_the_numbers_are_those_of_the_comparison(tmp_path: Path) -> None:
    synthesize(tmp_path / "made", companies=120, links=1000, seed=2)
    with closing(open_store(str(tmp_path / "g.duckdb"), create=True)) as store:
        store.load(read_dataset(tmp_path / "made").dataset)
        index = load_index("cingai-2023")
        theirs = compare_published(index, read_published(index, index_folder(index.id)), store)
        part = make_report(score(index, store)).parts["published"]
    cells = theirs.cells[theirs.cells["level"].isin(["province", "group", "sample"])]
    ours = [value for value in part["cells"]["ours"] if value is not None]
    assert ours == cells["ours"].dropna().tolist()
    assert part["cells"]["reproduced"] == cells["reproduced"].tolist()
    assert part["why"]["en"] == cells["not_compared"].tolist()
    assert part["verdict"]["zh"] != part["verdict"]["en"]
    assert set(part["cells"]["table"]) == set(part["tables"])
