"""The twin gives the printed figures: by the package, by pandas on its files alone, on both stores, for every seed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from stores import empty_store
from twin_in_pandas import indicators, read_files, reproduced, sampled

import ecosystem
from ecosystem.audit import knockout
from ecosystem.dataset import read_dataset
from ecosystem.export import to_csv
from ecosystem.index import index_folder, load_index
from ecosystem.published.comparison import Comparison, compare_published
from ecosystem.published.published import read_published
from ecosystem.scoring.result import Scores, tidy_table
from ecosystem.store import GraphStore, open_store
from ecosystem.synthetic.twin import write_twin

INDEX = "cingai-2023"
PUBLISHED = index_folder(INDEX) / "published"
PROVINCIAL = {
    "overall": (20, 20),
    "pillar": (60, 60),
    "rank": (290, 290),  # 210 of table 4 and 80 beside the scores in the text
    "circle": (28, 28),
    "circle rank": (124, 124),  # 96 of tables 6 to 12 and 28 of table 5
    "sample": (8, 8),
}
PACKAGE = Path(ecosystem.__file__).parent


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("twin") / "seed-1"
    write_twin(INDEX, folder, seed=1)
    return folder


def compared(folder: Path, store: GraphStore) -> Comparison:
    reading = read_dataset(folder)
    assert reading.clean
    store.load(reading.dataset)
    index = load_index(INDEX)
    return compare_published(index, read_published(index, index_folder(INDEX)), store)


@pytest.fixture(scope="module")
def comparison(twin: Path, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return compared(twin, open_store(tmp_path_factory.mktemp("graph") / "graph.duckdb", create=True))


def test_every_printed_figure_is_met(comparison: Comparison) -> None:
    cells = comparison.cells
    assert cells["level"].value_counts().to_dict() == {"province": 407, "group": 152, "city": 163, "sample": 8}
    texts = cells["table"].isin(["indicator_values.csv", "indicator_ranks.csv"]).sum()
    assert len(cells) - 160 - texts == sum(whole for _, whole in PROVINCIAL.values())
    assert cells["reproduced"].all(), cells[~cells["reproduced"]]
    assert comparison.verdict.startswith("reproduced 730 of 730, largest difference ")


def test_entities_without_a_region_and_companies_of_cities(twin: Path) -> None:
    files = read_files(twin)
    for table, nowhere in (("alliances", 1), ("conferences", 1068), ("policies", 7), ("parks", 0), ("companies", 400)):
        assert (~files.nodes[table]["id"].isin(files.place.index)).sum() == nowhere, table
    home = sampled(files.nodes["companies"])["id"].map(files.place)
    assert (home == "440300").sum() == 294  # part 3 (2) 1
    assert (home == "510100").sum() == 55  # the same
    invested = files.links["invested_in"]
    assert set(files.nodes["investors"]["id"]) <= set(invested["from"])
    names = pd.read_csv(twin / "companies.csv")["name"]
    assert names.str.startswith("示例").all()
    assert (twin / "README.txt").read_text(encoding="utf-8").startswith("SYNTHETIC DATA")


def raw_values(scores: Scores) -> pd.DataFrame:
    """The values of the indicators by the names of their sources: regions down."""
    names = [leaf.source.name for leaf in scores.index.leaves if leaf.source is not None]
    return pd.DataFrame(scores.standing.raw, list(scores.standing.regions), names)


def test_pandas_on_the_files_alone_finds_the_same(twin: Path, comparison: Comparison) -> None:
    files = read_files(twin)
    assert reproduced(files, PUBLISHED) == PROVINCIAL
    ours = raw_values(comparison.scores["province"])
    theirs = indicators(files)
    pd.testing.assert_frame_equal(
        ours.reindex(index=theirs.index, columns=theirs.columns),
        theirs,
        check_names=False,
        check_dtype=False,
        rtol=1e-12,
    )


def test_another_seed_makes_other_organisations_and_the_same_scores(
    twin: Path, comparison: Comparison, tmp_path: Path
) -> None:
    write_twin(INDEX, tmp_path / "other", seed=2)
    write_twin(INDEX, tmp_path / "again", seed=1)
    for path in twin.glob("*.csv"):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()
    for name in ("companies", "located_in", "invested_in", "enables"):
        assert (tmp_path / "other" / f"{name}.csv").read_bytes() != (twin / f"{name}.csv").read_bytes()
    other = compared(tmp_path / "other", open_store(tmp_path / "graph.duckdb", create=True))
    for level, scores in comparison.scores.items():
        np.testing.assert_array_equal(other.scores[level].standing.raw, scores.standing.raw)
        np.testing.assert_array_equal(other.scores[level].standing.overall, scores.standing.overall)


@pytest.mark.long
def test_removing_a_company_changes_its_cells_and_unmakes_figures(twin: Path, comparison: Comparison) -> None:
    """50 companies: what pandas finds on the files without one is what knock-out says, cell by cell."""
    scores = comparison.scores["province"]
    names = {leaf.code: leaf.source.name for leaf in scores.index.leaves if leaf.source is not None}
    files = read_files(twin)
    before = indicators(files)
    companies = sampled(files.nodes["companies"])["id"]
    enables, invested = files.links["enables"], files.links["invested_in"]
    for company in np.random.default_rng(1).choice(companies, 50, replace=False):
        less = files.without(company)
        after = indicators(less)
        changed = (before.fillna(-1) != after.fillna(-1)).to_numpy().nonzero()
        cells = {(before.index[row], before.columns[column]) for row, column in zip(*changed, strict=True)}
        out = knockout(scores, [company])
        raw = pd.DataFrame(out.after.raw, out.after.regions, list(names.values()))
        np.testing.assert_allclose(raw.loc[after.index, after.columns], after, rtol=1e-12)
        told = out.indicators()
        moved = told[(told["raw"] != told["raw_old"]) & ~(told["raw"].isna() & told["raw_old"].isna())]
        assert set(zip(moved["region"], moved["code"].map(names), strict=True)) == cells
        home = files.place[company][:2] + "0000"
        assert (home, "company_count") in cells
        partners = {
            *enables.loc[enables["to"] == company, "from"],
            *invested.loc[invested["to"] == company, "from"],
            *invested.loc[invested["from"] == company, "to"],
        }
        elsewhere = {files.place[each][:2] + "0000" for each in partners if each.startswith("C")}
        assert {region for region, _ in cells} <= {home} | elsewhere
        outside = {code for region, code in cells if region != home}
        assert outside <= {"enablement_links", "investment_links", "financing_links", "financing_amount"}
        met = reproduced(less, PUBLISHED)
        assert met["sample"] == (7, 8)
        assert sum(figure for figure, _ in met.values()) < sum(figure for figure, _ in PROVINCIAL.values())


def test_a_reload_without_a_company_or_with_a_moved_link_is_what_pandas_finds(
    twin: Path, comparison: Comparison, tmp_path: Path
) -> None:
    changed = tmp_path / "changed"
    changed.mkdir()
    company = "C00007"
    for path in twin.glob("*.csv"):
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        for column in ("from", "to") if "from" in frame else ("id",):
            frame = frame[frame[column] != company]
        if path.stem == "enables":  # one link is given by a company of another province
            at = read_files(twin).place
            frame.loc[frame.index[0], "from"] = next(
                each for each in at.index if each.startswith("C") and at[each][:2] != at[frame.iloc[0]["from"]][:2]
            )
        frame.to_csv(changed / path.name, index=False)
    reloaded = compared(changed, open_store(tmp_path / "graph.duckdb", create=True))
    theirs = indicators(read_files(changed))
    ours = raw_values(reloaded.scores["province"]).reindex(index=theirs.index, columns=theirs.columns)
    pd.testing.assert_frame_equal(ours, theirs, check_names=False, check_dtype=False, rtol=1e-12)
    before = raw_values(comparison.scores["province"]).reindex(index=theirs.index, columns=theirs.columns)
    assert (ours.fillna(-1) != before.fillna(-1)).to_numpy().sum() >= 4
    assert reloaded.cells["reproduced"].sum() < comparison.cells["reproduced"].sum()


@pytest.mark.long
@pytest.mark.parametrize("kind", ["neo4j"])
def test_both_stores_give_equal_bytes(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, twin: Path, comparison: Comparison
) -> None:
    store = empty_store(kind, request, tmp_path)
    other = compared(twin, store)
    for level, scores in comparison.scores.items():
        assert to_csv(tidy_table(other.scores[level])) == to_csv(tidy_table(scores))
    assert to_csv(other.cells) == to_csv(comparison.cells)
    store.close()


def test_only_the_generator_names_the_calibrated_values() -> None:
    sources = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    assert [name for name, text in sources.items() if "twin.csv" in text] == ["synthetic/twin_values.py"]
    importing = {
        name
        for name, text in sources.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ecosystem.synthetic.twin")
    }
    generator = {name for name in sources if name.startswith("synthetic/")}
    assert importing - generator == {"cli/dataset_command.py", "cli/demo_command.py"}


OPENED = """
import sys
opened = []
sys.addaudithook(lambda event, arguments: opened.append(str(arguments[0])) if event == "open" else None)
from ecosystem.cli.main import main
sys.argv = ["ecosystem", *sys.argv[1:]]
try:
    main()
finally:
    print("\\n".join(opened), file=sys.stderr)
"""


@pytest.mark.long
def test_only_the_generator_opens_the_calibrated_values(tmp_path: Path) -> None:
    def opened(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", OPENED, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stderr

    generated = opened("dataset", "twin", INDEX, "mytwin")
    assert "twin.csv" in generated
    assert "published/" not in generated
    loaded = opened("load", "mytwin")
    scored = opened("score", INDEX)
    compared = opened("compare", "published", INDEX)
    assert "twin.csv" not in loaded + scored + compared
    assert "published/" not in loaded + scored
    assert "published/" in compared
