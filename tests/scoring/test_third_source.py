"""A third kind of source, defined here and entered into the table of kinds: nothing else has to know it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, get_args

import numpy as np
import pandas as pd
import pytest
from audit_index import metric_index
from graphs import dataset_without
from typer.testing import CliRunner

from ecosystem.audit import curve, explain, knock_out_each, knockout, trace, versus
from ecosystem.audit.audit_words import in_words, tree
from ecosystem.cli.main import app
from ecosystem.dataset import Dataset, read_dataset
from ecosystem.errors import SpecError
from ecosystem.index import Index, Source, Text
from ecosystem.index.arrays import FloatArray
from ecosystem.index.spec import SourceKind
from ecosystem.indicator_source import (
    AuditedGraph,
    ChangedValues,
    IndicatorSource,
    Record,
    RegionValues,
    SourceMatches,
    Window,
)
from ecosystem.metrics import load_metrics
from ecosystem.progress import Progress, silent
from ecosystem.published.comparison import compare_published
from ecosystem.published.published import Published, PublishedNumber, PublishedTable
from ecosystem.query.parser import parse
from ecosystem.receipt import differences, receipt_of_panel, receipt_of_scores
from ecosystem.removals import Removals
from ecosystem.resources import resource
from ecosystem.scoring import Scores, score
from ecosystem.scoring.panel import score_panel
from ecosystem.scoring.score_tables import coverage_table
from ecosystem.scoring.sources import KINDS, KindOfSource, Supply, known_sources
from ecosystem.store import GraphStore, open_store

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"
EDGES = """
MATCH (a:Company {in_sample: true})-[t:ENABLES]->(b)
MATCH (a)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, a.id AS source, b.id AS target, t.id AS link, t.year AS year
"""


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """How many organisations the companies of a region enable: a network measure, computed anew without whatever."""

    measure: str
    store: GraphStore
    level: str
    digest: str

    origin: ClassVar[str] = "network"
    dated: ClassVar[bool] = True
    years: ClassVar[None] = None
    no_matches: ClassVar[str] = "a measure of a whole network, no match stands for it alone"
    queried_anew: ClassVar[bool] = True
    unsummed: ClassVar[str] = "a measure does not add up"

    @property
    def name(self) -> str:
        return f"network:{self.measure}"

    def _reach(self, regions: Sequence[str], window: Window, gone: Collection[str] = ()) -> FloatArray:
        edges: pd.DataFrame = self.store.query(parse(EDGES, "edges"), {"level": self.level}).read_all().to_pandas()
        inside = edges["year"].between(window.since or -np.inf, window.until or np.inf) | (not window.given)
        left = edges[inside & ~edges[["source", "target", "link"]].isin(list(gone)).any(axis=1)]
        reached = left.groupby("region")["target"].nunique()
        return np.asarray(reached.reindex(list(regions), fill_value=0), dtype=np.float64)

    def at(self, level: str) -> None:
        return None

    def values(self, regions: Sequence[str], window: Window) -> RegionValues:
        return RegionValues(self._reach(regions, window), "nobody is enabled")

    def evidence(self, window: Window) -> None:
        return None

    def matches(self, graph: AuditedGraph, *, links: bool = False) -> SourceMatches:
        raise LookupError(self.no_matches)

    def without(
        self, removals: Removals, graph: AuditedGraph, base: FloatArray, *, progress: Progress = silent
    ) -> ChangedValues:
        variants = (graph.ids(removals, variant) for variant in range(removals.count))
        return ChangedValues.between(base, (self._reach(graph.regions, graph.window, gone) for gone in variants))

    def records(self, regions: Sequence[str], values: FloatArray) -> list[Record | None]:
        return [None] * len(regions)


def _made(names: Collection[str], supply: Supply) -> Mapping[str, IndicatorSource]:
    assert supply.store is not None
    return {name: Reach(name, supply.store, supply.level, DIGEST) for name in names}


DIGEST = "d" * 64
ARGUMENTS = {"index": "test"}
NETWORK = KindOfSource(known=lambda supply: ("reach",), make=_made)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "network", NETWORK)


@pytest.fixture(scope="module")
def golden() -> Dataset:
    return read_dataset(GOLDEN).dataset


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[GraphStore, GraphStore]]:
    made = [open_store(tmp_path_factory.mktemp("third") / f"{name}.duckdb", create=True) for name in "ab"]
    made[0].load(read_dataset(GOLDEN).dataset)
    yield made[0], made[1]
    for store in made:
        store.close()


@pytest.fixture(scope="module")
def index(golden: Dataset) -> Index:
    regions = [region.id for region in golden.regions.at("province")]
    names = [Source("metric", "company_count"), Source("metric", "enablement_links"), Source("network", "reach")]
    return metric_index(names, regions)


@pytest.fixture
def scores(network: None, stores: tuple[GraphStore, GraphStore], index: Index) -> Scores:
    return score(index, stores[0])


@pytest.mark.usefixtures("network")
def test_it_is_scored_by_year_and_in_a_window(scores: Scores, stores: tuple[GraphStore, GraphStore]) -> None:
    reach = scores.standing.raw[:, 2]
    targets = scores.evidence("enablement_links").frame().groupby("region")["node_b"].nunique()
    np.testing.assert_array_equal(reach, targets.reindex(scores.standing.regions, fill_value=0))
    assert reach.max() > 1
    assert coverage_table(scores)["source"].tolist()[2] == "network:reach"
    dated = score(scores.index, stores[0], since=2021, until=2021)
    panel = score_panel(scores.index, stores[0], since=2020, until=2022)
    np.testing.assert_array_equal(panel.standing.raw[1, :, 2], dated.standing.raw[:, 2])
    assert "reach" not in panel.undated
    assert receipt_of_panel(panel, ARGUMENTS).metrics["network:reach"] == DIGEST


def test_a_receipt_keeps_its_digest(scores: Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    then = receipt_of_scores(scores, ARGUMENTS)
    assert list(then.metrics) == ["company_count", "enablement_links", "network:reach"]
    monkeypatch.setattr("test_third_source.DIGEST", "e" * 64)
    now = receipt_of_scores(score(scores.index, scores.graph), ARGUMENTS)
    changed, _ = differences(then, now)
    assert [finding.message for finding in changed] == ["network:reach has changed"]
    assert now.result == then.result


def test_an_explanation_shows_it(scores: Scores) -> None:
    place = int(scores.standing.raw[:, 2].argmax())
    region = scores.standing.regions[place]
    found = explain(scores, region)
    (row,) = found.parts[found.parts["code"] == "reach"].to_dict("records")
    assert (row["kind"], row["name"]) == ("network", "network:reach")
    assert row["points"] == pytest.approx(scores.standing.weighted[place, 2])
    assert found.total == pytest.approx(scores.standing.overall[place])
    rule = found.steps.set_index("code")["rule"]["reach"]
    assert rule == "network:reach: a measure of a whole network, no match stands for it alone"
    assert "network:reach" in tree(found, "entity", "en").to_string()
    assert len(found.rows(GOLDEN)) > 0
    other = scores.standing.regions[int(scores.standing.raw[:, 2].argmin())]
    assert "reach" in set(versus(scores, region, other).steps["code"])
    assert "network:reach" in in_words(scores, found.parts, "zh").to_string()


@pytest.mark.parametrize("entity", ["c02", "c06", "i05", "u03"])
def test_a_knock_out_is_a_reload_without(
    scores: Scores, golden: Dataset, stores: tuple[GraphStore, GraphStore], entity: str
) -> None:
    found = knockout(scores, [entity])
    stores[1].load(dataset_without(golden, [entity]))
    left = score(scores.index, stores[1])
    np.testing.assert_allclose(found.after.raw, left.standing.raw, rtol=1e-12)
    np.testing.assert_allclose(found.after.overall, left.standing.overall, atol=1e-9)
    if not np.array_equal(found.after.raw[:, 2], scores.standing.raw[:, 2]):
        assert "reach" in found.touched
        assert len(trace(scores, entity).knockout.indicators().query("code == 'reach'"))


def test_everyone_knocked_out_alone_and_in_turn(scores: Scores) -> None:
    said: list[str] = []
    table = knock_out_each(scores, "Company", tell=said.append).table.set_index("entity")
    assert said[0].startswith("network:reach: computed anew for each of ")
    for entity in ("c02", "c06"):
        after = knockout(scores, [entity]).after
        change = (after.overall - scores.standing.overall).min()
        assert table.loc[entity, "score_change"] == pytest.approx(change, abs=1e-9)
    assert len(curve(scores, scores.standing.regions[int(scores.standing.raw[:, 2].argmax())], remove=2).points)


def test_it_is_compared_with_what_was_published(scores: Scores, stores: tuple[GraphStore, GraphStore]) -> None:
    text = Text("表", "table")
    sheet = PublishedTable(file="total.csv", title=text, place=text, level="province", scores={"score": "top"})
    region, value = scores.standing.regions[0], float(scores.standing.overall[0])
    found = compare_published(
        scores.index, Published((PublishedNumber(sheet, "province", region, "top", "score", value),), (), ()), stores[0]
    )
    assert found.cells["reproduced"].tolist() == [True]
    assert found.not_reproduced == ()


def folder_with(tmp_path: Path, source: str) -> Path:
    """The shipped index with one indicator that comes from elsewhere."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("index.toml", "indicators.csv"):
        text = resource("data", "indices", "cingai-2023", name).read_text(encoding="utf-8")
        text = text.replace('id = "cingai-2023"', 'id = "mine"').replace("metric:policy_count", source)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def checked(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["index", "check", *arguments, "--format", "csv", "--lang", "en"])
    return done.exit_code, done.stdout


@pytest.mark.parametrize("source", ["metric:absent", "network:reach", "network:absent"])
def test_what_is_refused_when_scored_does_not_pass_the_check(
    tmp_path: Path, stores: tuple[GraphStore, GraphStore], source: str
) -> None:
    """Without the third kind in the table, each of its sources is unknown, as a metric without a file is."""
    from ecosystem.index import read_index

    folder = folder_with(tmp_path, source)
    with pytest.raises(SpecError) as caught:
        score(read_index(folder), stores[0])
    assert [finding.code for finding in caught.value.findings] == ["unknown_source"]
    code, out = checked(str(folder))
    assert code == 1
    assert out.count("unknown_source") == 1
    kind, name = source.split(":")
    assert f"the source of 'policy_count' does not exist: {kind} '{name}'" in out


def test_a_column_that_no_table_has_does_not_pass_the_check_with_the_table(
    tmp_path: Path, stores: tuple[GraphStore, GraphStore]
) -> None:
    from ecosystem.index import read_index

    folder = folder_with(tmp_path, "column:absent")
    with pytest.raises(SpecError):
        score(read_index(folder), stores[0])
    values = tmp_path / "values.csv"
    values.write_text("region,company_count\n110000,1\n440000,2\n", encoding="utf-8")
    code, out = checked(str(folder), "--values", str(values))
    assert code == 1
    assert [line.split(",")[1] for line in out.splitlines() if "'policy_count'" in line] == ["unknown_source"]


@pytest.mark.usefixtures("network")
def test_a_kind_of_the_table_passes_the_check(tmp_path: Path, stores: tuple[GraphStore, GraphStore]) -> None:
    from ecosystem.index import read_index

    folder = folder_with(tmp_path, "network:reach")
    assert checked(str(folder))[0] == 0
    assert "network:reach" in {source.name for source in score(read_index(folder), stores[0]).sources.values()}


def test_every_kind_that_an_index_may_write_is_judged() -> None:
    kinds: tuple[SourceKind, ...] = get_args(SourceKind)
    assert set(KINDS) <= set(kinds)
    nothing = known_sources(Supply(metrics=load_metrics(), columns={}, networks={}))
    assert set(nothing) == set(kinds)
    assert list(nothing["column"]) == list(nothing["network"]) == []
    assert "column" not in known_sources(Supply(metrics={})), "without data nobody can say which columns there are"


def test_columns_are_counted_where_there_are_no_data_to_check_them(tmp_path: Path) -> None:
    code, out = checked(str(folder_with(tmp_path, "column:absent")))
    assert code == 0
    assert "info,not_checked,indicators.csv" in out
    assert "1 of 24 indicators come from columns" in out
