"""Parameters given to metrics: in a run, in an index, in a receipt, and every way in which they cannot be given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from command import Run, runner

from ecosystem.dataset import read_dataset
from ecosystem.errors import MetricError
from ecosystem.metrics import Metric, find_metric, load_metrics, measure, parse_metric
from ecosystem.metrics.verify import verify
from ecosystem.scoring import score
from ecosystem.store import GraphStore, open_store

GOLDEN = Path(__file__).parents[1] / "golden" / "dataset"
HEADER = "// title: Companies | 企业\n// unit: companies\n// dated: none\n"
BODY = """MATCH (c:Company)
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
WHERE c.layer = $layer AND c.patents >= $least AND c.valuation_cny_m * $times > 0
AND c.layer IN $layers AND c.listed = $listed
RETURN r.id AS region, count(c) AS value
"""
OWN = (
    "// param: layer = 'technology'\n// param: least = 1\n// param: times = 0.5\n"
    "// param: layers = ['technology', 'application']\n// param: listed = true\n"
)
INDICATORS = """code,parent,level,name_zh,name_en,direction,weight,weight_source,unit,source
companies,top,1,企业,Companies,1,0.5,assumed,companies,metric:company_count
chain,top,1,产业链,Chain,1,0.5,assumed,percent,metric:segment_coverage{given}
top,,2,总,Top,1,1,derived,points,
"""
RULES = """id = "chain"
title = {{zh = "链", en = "Chain"}}
unit_of_analysis = {{zh = "省", en = "provinces"}}
source = {{zh = "本测试", en = "this test"}}
normalisation = {{method = "minmax", range = [0, 100]}}
aggregation = {{method = "weighted_sum", weights = "global"}}
missing = {{rule = "zero", coverage_mark = 0.5}}
ties = {{method = "competition", tolerance = 1e-9}}
[level.province]
ranked = ["110000", "320000", "440000", "510000"]
"""

SEGMENTS = {"110000": 2, "320000": 2, "440000": 1, "510000": 2}
"""By hand from active_in.csv: g01 g04, g02 g05, g03, g06 g07; c17 of g01 is abroad and not in the sample."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    found = open_store(tmp_path_factory.mktemp("parameters") / "graph.duckdb", create=True)
    found.load(read_dataset(GOLDEN).dataset)
    yield found
    found.close()


@pytest.fixture(name="ecosystem")
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(monkeypatch, capsys)


def own() -> Metric:
    return parse_metric(HEADER + OWN + BODY, "own.cypher")


def index(folder: Path, given: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "index.toml").write_text(RULES.replace("{{", "{").replace("}}", "}"), encoding="utf-8")
    (folder / "indicators.csv").write_text(INDICATORS.format(given=given), encoding="utf-8")
    return folder


def test_a_metric_is_run_with_what_it_is_given(store: GraphStore) -> None:
    names = ["segment_coverage", "segment_coverage(segments=4)"]
    table = measure(store, names).table()
    assert list(table.columns) == names
    for name, segments in zip(names, (98, 4), strict=True):
        expected = {province: 100 * count / segments for province, count in SEGMENTS.items()}
        assert {province: table[name][province] for province in SEGMENTS} == pytest.approx(expected)
    # nothing of the chain is a share of nothing
    assert measure(store, ["segment_coverage(segments=0)"]).table().loc["110000"].isna().all()


def test_the_name_the_titles_and_the_text_say_what_is_given() -> None:
    found = own().given("times=2", "layer=foundation", "layers=['foundation', 'technology']", "listed=false")
    shown = 'layer="foundation", times=2.0, layers=["foundation", "technology"], listed=false'
    assert found.id == f"own({shown})"
    assert (found.title_en, found.title_zh) == (f"Companies ({shown})", f"企业 ({shown})")
    assert found.parameters == {
        "layer": "foundation", "least": 1, "times": 2.0, "layers": ("foundation", "technology"), "listed": False,
    }  # fmt: skip
    # the text is that of the metric as it was run, so its hash is another one
    assert parse_metric(found.text, "own.cypher").parameters == found.parameters
    assert found.given("least=3").id == f"own({shown.replace(', times', ', least=3, times')})"
    assert found.given("least=3").title_en.count("(") == 1
    assert own().given() == own()


@pytest.mark.parametrize(
    ("given", "said", "hint"),
    [
        ("leest=1", "own has no parameter 'leest'", 'layer = "technology", least = 1'),
        ("level='city'", "own has no parameter 'level'", "--level"),
        ("least=1.5", "cannot be '1.5'", "least=1"),
        ("least='1'", "cannot be", "of the type integer"),
        ("least=99999999999999999999", "cannot be", "of the type integer"),
        ("times=two", "cannot be 'two'", "of the type float"),
        ("layers=[1]", "cannot be '[1]'", "of the type list of string"),
        ("listed=yes", "cannot be 'yes'", "listed=true"),
        ("layer=a AS value RETURN 1", None, None),
        ("least", "'least' is not a parameter with its value", "segments=120"),
        ("least=", "is not a parameter with its value", "NAME=VALUE"),
        ("", "'' is not a parameter", "NAME=VALUE"),
        ("least=1, least=2", "given twice", "keep one"),
    ],
)
def test_what_cannot_be_given(given: str, said: str | None, hint: str | None) -> None:
    if said is None:  # a text of any words is a text, and nothing but that
        assert own().given(given).parameters["layer"] == given.removeprefix("layer=")
        return
    with pytest.raises(MetricError) as caught:
        own().given(given)
    assert said in caught.value.message
    assert hint is not None
    assert hint in str(caught.value.hint)


def test_a_metric_is_found_by_a_title_with_parameters() -> None:
    metrics = load_metrics()
    assert find_metric("产业链环节覆盖度 (segments = 7)", metrics).id == "segment_coverage(segments=7)"
    with pytest.raises(MetricError, match="no metric 'segment_covrage'"):
        find_metric("segment_covrage(segments=7)", metrics)


def test_stores_agree_under_a_parameter(store: GraphStore) -> None:
    given = load_metrics()["segment_coverage"].given("segments=4")
    assert verify(store, store, {given.id: given}) == ()


def test_an_index_gives_a_parameter(store: GraphStore, tmp_path: Path) -> None:
    few, usual = (score(str(index(tmp_path / name, text)), store) for name, text in (("a", "(segments=4)"), ("b", "")))
    for scores, segments in ((few, 4), (usual, 98)):
        at, chain = scores.standing.regions.index("110000"), scores.standing.raw[:, 1]
        assert chain[at] == pytest.approx(100 * 2 / segments)
    assert few.sources["chain"].name == "segment_coverage(segments=4)"
    assert few.sources["chain"].digest != usual.sources["chain"].digest


@pytest.mark.parametrize(
    ("given", "said"),
    [("(segmnts=4)", "segment_coverage has no parameter 'segmnts'"), ("(segments=many)", "cannot be 'many'")],
)
def test_an_index_that_gives_what_is_not_there(ecosystem: Run, tmp_path: Path, given: str, said: str) -> None:
    done = ecosystem("index", "check", index(tmp_path / "chain", given))
    assert done.code == 1
    assert said in " ".join(done.out.split())
    assert "indicators.csv" in done.out


def test_a_run_with_a_parameter_is_replayed(store: GraphStore, ecosystem: Run, tmp_path: Path) -> None:
    where = ("--store", store.url)
    folder, out = index(tmp_path / "chain", ""), tmp_path / "scores.csv"
    done = ecosystem("score", folder, *where, "--param", "segments=4", "--out", out)
    assert done.code == 0, done.err
    assert "source of chain: metric:segment_coverage -> segment_coverage(segments=4)" in done.err
    again = ecosystem("score", "--from", tmp_path / "scores.run.json", *where)
    assert again.code == 0, again.err
    assert "every digit is the same" in again.err
    few = ("--param", "segments=4", "--format", "csv")
    told = ecosystem("explain", folder, "110000", *where, "--depth", "indicator", *few)
    assert told.code == 0, told.err
    assert "\n1,chain,top,产业链,Chain,0.5,50.0," in told.out
    gone = ecosystem("knockout", folder, "--entity", "c01", *where, "--out", tmp_path / "gone.xlsx", *few[:2])
    assert gone.code == 0, gone.err
    for command in (("score", folder), ("metrics", "run"), ("verify", "--against", GOLDEN)):
        wrong = ecosystem(*command, *where, "--param", "segmnts=4")
        assert (wrong.code, wrong.out) == (1, "")
        assert "segmnts" in wrong.err
        assert "segments" in wrong.err
