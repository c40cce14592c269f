"""What a person has to hand is enough: names and paths in place of records; a name that is unknown is said to be so."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ecosystem as eco
from ecosystem.audit import curve, knock_out_each, needed_values, overtake, trace, versus
from ecosystem.dataset.describe import describe
from ecosystem.export import graph_parts
from ecosystem.index import evaluate
from ecosystem.index.coherence import coherence
from ecosystem.index.files.value_files import read_values
from ecosystem.scoring.panel import score_panel
from ecosystem.synthetic.synthesize import synthesize

INDEX = "cingai-2023"


def mistake(word: str) -> Any:
    """A word where the types allow only some: what a person may write in a notebook."""
    return word


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("names")
    synthesize(home / "data", companies=100, links=1000, seed=3)
    store = eco.open_store(home / "graph.duckdb", create=True)
    store.load(eco.read_dataset(home / "data").dataset)
    store.close()
    (home / "values.csv").write_text("region,year,gdp,kind\n110000,2023,5,a\n310000,2023,4,b\n", encoding="utf-8")
    (home / "count.cypher").write_text("MATCH (c:Company) WHERE c.layer = $layer RETURN count(c) AS n\n", "utf-8")
    return home


@pytest.fixture(scope="module")
def scores(home: Path) -> Iterator[eco.Scores]:
    scores = eco.score(INDEX, home / "graph.duckdb")
    yield scores
    assert scores.graph is not None
    scores.graph.close()


def test_a_query_of_a_path_with_parameters_as_keywords(home: Path) -> None:
    path = home / "graph.duckdb"
    text = "MATCH (c:Company) WHERE c.layer IN $layers AND c.patents > $least RETURN c.layer AS layer, c.patents AS n"
    store = eco.open_store(path)
    found = eco.query(store, text, layers=["application"], least=3)
    assert list(found.columns) == ["layer", "n"]
    assert str(found["n"].dtype) == "int64[pyarrow]"
    assert set(found["layer"]) == {"application"}
    assert eco.query(str(path), text, layers=pd.Series(["application"]), least=np.int64(3)).equals(found)
    by_file = eco.query(path, home / "count.cypher", layer="application", timeout=60)
    assert by_file.equals(eco.query(store, str(home / "count.cypher"), layer="application"))
    store.close()


def test_the_function_and_the_room_of_its_name_are_both_there() -> None:
    """Importing a room puts it into the package under its name, which here is that of the function."""
    from ecosystem.query import parse

    assert callable(parse)
    assert callable(eco.query)
    assert eco.query.__name__ == "query"


def test_index_store_table_and_metrics_by_their_names(home: Path, scores: eco.Scores) -> None:
    store = eco.open_store(home / "graph.duckdb")
    by_record = eco.score(eco.load_index(INDEX), store)
    assert by_record.overall().equals(scores.overall())
    measures = eco.measure(home / "graph.duckdb", ["company_count", "enablement_links"])
    assert list(measures.table().columns) == ["company_count", "enablement_links"]
    assert len(eco.measure(store, "company_count").metrics) == 1
    assert len(eco.measure(store).metrics) == len(eco.load_metrics())
    evidence = measures.evidence("company_count")
    assert evidence.frame("四川省").equals(evidence.frame("510000"))
    panel = score_panel(INDEX, str(home / "graph.duckdb"), since=2020, until=2021)
    assert panel.years == (2020, 2021)
    assert eco.knockout(scores, "C000001").removed == eco.knockout(scores, ["C000001"]).removed
    assert eco.knockout(scores, links="ENABLES").links > 0
    store.close()


def test_scores_of_a_named_store_go_on_asking_it_and_let_it_go_in_the_end(home: Path) -> None:
    scores = eco.score(INDEX, home / "graph.duckdb")
    graph: Any = scores.graph
    assert len(eco.explain(scores, "四川省").parts)
    assert graph._graph is not None
    del scores
    gc.collect()
    assert graph._graph is None


def test_a_name_that_is_unknown_is_said_to_be_so_with_the_nearest(home: Path, scores: eco.Scores) -> None:
    """Never KeyError, and never something else in silence."""
    path, measures = home / "graph.duckdb", eco.measure(home / "graph.duckdb", "company_count")
    values = read_values(home / "values.csv")
    dataset = eco.read_dataset(home / "data").dataset
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: eco.query(path, "MATCH (c:Compani) RETURN c"), "'Company'"),
        (lambda: eco.query(path, "MATCH (c:Company) RETURN c.patent"), "'patents'"),
        (lambda: eco.query(path, "MATCH (c:Company {layer: $layer}) RETURN c"), "in Python layer=1"),
        (lambda: eco.query(path, "MATCH (c:Company {layer: $x}) RETURN c", x={"a": 1}), "$x cannot be a dict"),
        (lambda: eco.query(path, Path("absent.cypher")), "absent.cypher cannot be read"),
        (lambda: eco.query(home / "nowhere.duckdb", "MATCH (c) RETURN c"), "nowhere.duckdb"),
        (lambda: eco.score("cingai-2032", path), "'cingai-2023'"),
        (lambda: eco.score(INDEX, path, level="provence"), "'province'"),
        (lambda: eco.score(INDEX, values=home / "absent.csv"), "absent.csv"),
        (lambda: eco.score(INDEX, path, metrics=home / "absent"), "absent"),
        (lambda: eco.load_index("cingai-2032"), "'cingai-2023'"),
        (lambda: eco.load_metrics(home / "absent"), "absent"),
        (lambda: eco.measure(path, "company_cuont"), "'company_count'"),
        (lambda: eco.measure(path, level="provence"), "'province'"),
        (lambda: measures.evidence("company_cuont"), "'company_count'"),
        (lambda: measures.evidence("company_count").frame("四川"), "'四川省'"),
        (lambda: scores.evidence("companies"), "hint: "),
        (lambda: scores.overall("fr"), "there is no language 'fr'"),
        (lambda: eco.explain(scores, "四川生"), "Sichuan"),
        (lambda: eco.explain(scores, "四川省", indicator="company_capabilty"), "'company_capability'"),
        (lambda: versus(scores, "四川省", "湖北生"), "Hubei"),
        (lambda: curve(scores, "四川生"), "Sichuan"),
        (lambda: overtake(scores, "四川生", "湖北省"), "Sichuan"),
        (lambda: needed_values(scores, "四川省", "湖北生"), "Hubei"),
        (lambda: trace(scores, "C00000l"), "C00000"),
        (lambda: trace(scores, "C000001", indicator="nonsense"), "no indicator 'nonsense'"),
        (lambda: knock_out_each(scores, "Compani"), "'Company'"),
        (lambda: eco.knockout(scores, "C00000l"), "C00000"),
        (lambda: eco.knockout(scores, links="ENABLE"), "'ENABLES'"),
        (lambda: eco.knockout(scores, where="label=Compani"), "'Company'"),
        (lambda: eco.knockout(scores, partner_country="Atlantis"), "Atlantis"),
        (lambda: scores.regions["51000"], "did you mean '51"),
        (lambda: eco.shipped_regions().resolve("四川生"), "Sichuan"),
        (lambda: coherence(scores.standing, stage=mistake("normalized")), "'normalised'"),
        (lambda: coherence(scores.standing, correlation=mistake("pearsn")), "'pearson'"),
        (lambda: evaluate(scores.index, scores.standing.raw, level="provence"), "'province'"),
        (lambda: values.column("gpd"), "'gdp'"),
        (lambda: values.group("kinds"), "'kind'"),
        (lambda: scores.graph and scores.graph.schema.label("Compani"), "'Company'"),
        (lambda: scores.graph and scores.graph.schema.link("ENABLE"), "'ENABLES'"),
        (lambda: describe(dataset, level="provence"), "'province'"),
        (lambda: graph_parts(dataset, ["ENABLE"]), "'ENABLES'"),
    ]
    for call, named in calls:
        with pytest.raises(eco.EcosystemError) as refused:
            call()
        assert named in str(refused.value), str(refused.value)
