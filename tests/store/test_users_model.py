"""A dataset with projects, patents and products of the user's own, in USD, on every store: from files to values.

The expected numbers are counted by hand from FILES.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from stores import KINDS, empty_store

from ecosystem.dataset import read_dataset
from ecosystem.dataset.own_model import MODEL_FILE
from ecosystem.errors import QueryError, StoreError
from ecosystem.metrics import find_metric, load_metrics, measure
from ecosystem.metrics.metric import parse_metric
from ecosystem.metrics.metric_check import check_metric
from ecosystem.metrics.metric_source import metric_sources
from ecosystem.network import linkage
from ecosystem.network.network_file import parse_network
from ecosystem.query.currency import in_currency
from ecosystem.store import GraphStore, open_store
from ecosystem.store.question import query
from ecosystem.store.snapshot import snapshot

pytestmark = pytest.mark.long  # many cases, each of which reads and writes files

MODEL = """\
currency = "USD"
[labels.Project]
table = "projects"
zh = "项目"
[labels.Project.properties]
field = { type = "string", values = ["ai", "chips"] }
[labels.Patent]
table = "patents"
[labels.Product]
table = "products"
in_sample = false
[links.GRANTED_TO]
table = "granted_to"
from = ["Project"]
to = ["Company", "University"]
[links.GRANTED_TO.properties]
granted_usd_m = { type = "float", unit = "USD million", minimum = 0 }
[links.OWNS_PATENT]
table = "owns_patent"
from = ["Company", "University"]
to = ["Patent"]
[links.PRODUCES]
table = "produces"
from = ["Company"]
to = ["Product"]
at_most_one = true
[links.INVESTED_IN]
to = ["University"]
[labels.Company.properties]
employees = { type = "integer", minimum = 0 }
"""
FILES = {
    "companies": "id,name,employees,valuation_usd_m,revenue_usd_m\nc1,One,10,5,150\nc2,Two,,7,50\n",
    "universities": "id,name\nu1,Uni\n",
    "investors": "id,name\ni1,Fund\n",
    "projects": "id,name,field\nj1,J One,ai\nj2,J Two,chips\n",
    "patents": "id,name\np1,P One\np2,P Two\n",
    "products": "id,name\ng1,Good\n",
    "located_in": "from,to\nc1,北京市\nc2,上海市\nu1,上海市\n",
    "granted_to": (
        "id,from,to,year,granted_usd_m\nt1,j1,c1,2020,1.5\nt2,j1,u1,2020,2\nt3,j2,c2,2021,1\nt4,j2,c1,2021,4\n"
    ),
    "owns_patent": "id,from,to,year\no1,c1,p1,2020\no2,u1,p1,2020\no3,c2,p2,2021\n",
    "produces": "from,to\nc1,g1\n",
    "invested_in": "id,from,to,amount_usd_m,round_id\nv1,i1,c1,3,r1\nv2,i1,u1,1.25,r2\nv3,i1,c2,2,r3\n",
}
GRANTS = """\
// title: Granted money | 资助金额
// unit: USD million
// dated: flow t.year
MATCH (p:Project)-[t:GRANTED_TO]->(c:Company {in_sample: true})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(t.granted_usd_m) AS value
"""
TO_SCHOOLS = """\
// title: Money to universities | 投向高校的资金
// unit: CNY million
// dated: none
MATCH (i:Investor)-[t:INVESTED_IN]->(u:University)
MATCH (u)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: $level})
RETURN r.id AS region, sum(t.amount_cny_m) AS value
"""
SHARED = """\
// title: Shared patents | 共有专利
// unit: patents
// dated: none
// directed: no
MATCH (a)-[:OWNS_PATENT]->(p:Patent)<-[:OWNS_PATENT]-(b)
WHERE a.id < b.id
RETURN a.id AS source, b.id AS target, count(p) AS weight
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset as files."""
    folder = tmp_path_factory.mktemp("own") / "data"
    folder.mkdir()
    (folder / MODEL_FILE).write_text(MODEL, encoding="utf-8")
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=KINDS)
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, folder: Path
) -> Iterator[GraphStore]:
    """The dataset in each store, opened anew by its address alone."""
    target = empty_store(request.param, request, tmp_path_factory.mktemp("own"))
    target.load(read_dataset(folder).dataset)
    url = target.url
    target.close()
    store = open_store(url)
    yield store
    store.close()


def nonzero(values: Mapping[Any, Any]) -> dict[Any, Any]:
    """The values that are not 0."""
    return {region: value for region, value in values.items() if value}


def run(store: GraphStore, text: str) -> dict[Any, Any]:
    """The values of a metric that are not 0."""
    measures = measure(store, [parse_metric(text, "own.cypher")])
    return nonzero(measures.values.set_index("region")["value"].to_dict())


def test_the_store_knows_the_model_of_its_dataset(store: GraphStore, folder: Path) -> None:
    model = read_dataset(folder).dataset.model
    assert store.schema.model == model
    assert store.dataset.model_hash == model.hash
    assert {name: store.count()[name] for name in ("Project", "Patent", "Product", "GRANTED_TO", "OWNS_PATENT")} == {
        "Project": 2,
        "Patent": 2,
        "Product": 1,
        "GRANTED_TO": 4,
        "OWNS_PATENT": 3,
    }


def test_questions_know_it(store: GraphStore) -> None:
    text = "MATCH (p:Project)-[t:GRANTED_TO]->(x) RETURN p.id AS p, sum(t.granted_usd_m) AS m ORDER BY p"
    assert query(store, text).to_numpy().tolist() == [["j1", 3.5], ["j2", 5.0]]
    with pytest.raises(QueryError, match="amount_usd_m"):
        query(store, "MATCH ()-[t:INVESTED_IN]->() RETURN sum(t.amount_cny_m) AS m", timeout=10)


def test_a_metric_of_the_users_own_and_its_evidence(store: GraphStore) -> None:
    metric = parse_metric(GRANTS, "granted.cypher")
    assert check_metric(metric, store.schema) == ()
    measures = measure(store, [metric])
    assert nonzero(measures.values.set_index("region")["value"].to_dict()) == {"110000": 5.5, "310000": 1.0}
    evidence = measures.evidence("granted")
    assert nonzero(evidence.without(["j2"]).values()) == {"110000": 1.5}
    assert nonzero(measure(store, [metric], since=2021).values.set_index("region")["value"].to_dict()) == {
        "110000": 4.0,
        "310000": 1.0,
    }


def test_metrics_in_the_currency_of_the_shipped_model_run_in_the_datasets(store: GraphStore) -> None:
    assert run(store, TO_SCHOOLS) == {"310000": 1.25}
    measures = measure(store, ["financing_amount", "company_mean_valuation", "companies_revenue_100m"])
    values = measures.values.dropna().set_index(["metric", "region"])["value"]
    assert nonzero(values.to_dict()) == {
        ("financing_amount", "110000"): 3.0,
        ("financing_amount", "310000"): 2.0,
        ("company_mean_valuation", "110000"): 5.0,
        ("company_mean_valuation", "310000"): 7.0,
        ("companies_revenue_100m", "110000"): 1.0,
    }
    assert measures.metrics["financing_amount"].unit == "USD million"
    sources = metric_sources({"x": find_metric("financing_amount", load_metrics())}, store, "province")
    assert sources["x"].metric.unit == "USD million"


def test_a_network_over_the_new_links(store: GraphStore) -> None:
    found = linkage(store, parse_network(SHARED, "shared.cypher"), level="province").network
    assert (found.nodes, found.regions, found.weight.tolist()) == (("c1", "u1"), ("110000", "310000"), [1.0])


def test_it_comes_back_as_a_dataset(store: GraphStore, folder: Path) -> None:
    back = snapshot(store)
    assert back.model == store.schema.model
    assert back.nodes["Project"].num_rows == 2
    assert back.links["PRODUCES"].num_rows == 1


def test_the_words_of_a_metric_are_in_the_currency_of_the_dataset(folder: Path) -> None:
    model = read_dataset(folder).dataset.model
    metric = in_currency(load_metrics()["companies_revenue_100m"], model)
    assert metric.definition_en == "Sample companies with a revenue of at least USD 100 million"
    assert metric.definition_zh == "营业收入不低于 1 亿美元的样本企业数"
    count = load_metrics()["company_count"]
    assert in_currency(count, model) is count


@pytest.mark.parametrize("kind", KINDS)
def test_another_model_takes_the_place_of_one(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, folder: Path
) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    (plain / "companies.csv").write_text("id,name\nc1,One\n", encoding="utf-8")
    target = empty_store(kind, request, tmp_path)
    target.load(read_dataset(folder).dataset)
    if kind == "embedded":
        target.load(read_dataset(plain).dataset)
    else:
        with pytest.raises(StoreError, match="was made with another model"):
            target.load(read_dataset(plain).dataset)
        target.load(read_dataset(plain).dataset, replace=True)
    assert "Project" not in target.schema.model.labels
    assert {name: count for name, count in target.count().items() if count and name not in ("Region", "WITHIN")} == {
        "Company": 1
    }
    url = target.url
    target.close()
    again = open_store(url)
    assert "Project" not in again.schema.model.labels
    again.close()
