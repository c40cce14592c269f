"""A graph of a model of one's own: one more label and link type, from the files to evidence, on every store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from stores import KINDS, empty_store

from ecosystem.audit.origin import Origins
from ecosystem.dataset import read_dataset
from ecosystem.errors import StoreError
from ecosystem.export.graph_parts import graph_parts
from ecosystem.metrics import measure
from ecosystem.metrics.metric import parse_metric
from ecosystem.metrics.metric_check import check_metric
from ecosystem.model import Label, LinkType, Model, Property, load_model
from ecosystem.regions import shipped_regions
from ecosystem.store import GraphStore, open_store
from ecosystem.store.snapshot import snapshot

MODELS = Label(
    "AiModel",
    "ai_models",
    "模型",
    "AI model",
    {
        **{name: load_model().labels["Segment"].properties[name] for name in ("id", "name", "in_sample")},
        "parameters_b": Property("parameters_b", "float", "billions", "参数量", "parameters", minimum=0),
    },
)
RELEASES = LinkType(
    "RELEASED", "released", "发布", "release", ("Company",), ("AiModel",), load_model().links["ENABLES"].properties
)
TEXT = """\
// title: Released parameters | 发布参数量
// unit: billions
// dated: flow t.year
// source: a test
MATCH (c:Company {in_sample: true})-[t:RELEASED]->(m:AiModel), (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region)
WHERE r.level = $level AND m.parameters_b > 1
RETURN r.id AS region, sum(m.parameters_b) AS value
"""
FILES = {
    "companies": "id,name\nc1,One\nc2,Two\n",
    "located_in": "from,to\nc1,北京市\nc2,上海市\n",
    "ai_models": "id,name,parameters_b\nm1,Small,0.5\nm2,Large,70\nm3,Larger,405\n",
    "released": "id,from,to,year\nx1,c1,m1,2021\nx2,c1,m2,2022\nx3,c2,m3,2023\nx4,c1,m3,2023\n",
}


@pytest.fixture(scope="module")
def model() -> Model:
    """The shipped model with AI models and who released them."""
    shipped = load_model()
    labels = dict(shipped.labels) | {MODELS.name: MODELS}
    return replace(shipped, labels=labels, links=dict(shipped.links) | {RELEASES.name: RELEASES})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset as files."""
    folder = tmp_path_factory.mktemp("models")
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=KINDS)
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, model: Model, folder: Path
) -> Iterator[GraphStore]:
    """The dataset in each store, opened anew with its model."""
    target = empty_store(request.param, request, tmp_path_factory.mktemp("own"))
    target.load(read_dataset(folder, model=model).dataset)
    url = target.url
    target.close()
    store = open_store(url, model=model)
    yield store
    store.close()


def test_a_dataset_is_what_its_model_says(model: Model, folder: Path) -> None:
    reading = read_dataset(folder, model=model)
    assert reading.clean
    assert reading.dataset.model is model
    assert reading.dataset.nodes["AiModel"].num_rows == 3
    assert [part.kind for part in graph_parts(reading.dataset, ["RELEASED"]).links] == ["RELEASED"]
    shipped = read_dataset(folder).dataset
    assert "AiModel" not in shipped.nodes
    assert shipped.hash != reading.dataset.hash
    assert read_dataset(folder, model=replace(model)).dataset.hash == reading.dataset.hash


def test_a_metric_is_checked_and_measured(store: GraphStore, model: Model) -> None:
    metric = parse_metric(TEXT, "released_parameters.cypher")
    assert check_metric(metric, store.schema) == ()
    assert {fault.code for fault in check_metric(metric)} == {"unknown_link_type", "unknown_label"}
    measures = measure(store, [metric])
    values = measures.values.set_index("region")["value"]
    assert values[values != 0].to_dict() == {"110000": 475.0, "310000": 405.0}
    evidence = measures.evidence("released_parameters")
    assert sorted(evidence.frame()["link_t"]) == ["x2", "x3", "x4"]
    assert evidence.without(["m3"]).values() == {"110000": 70.0}
    assert store.schema.model == model
    assert store.count()["RELEASED"] == 4


def test_it_comes_back_as_a_dataset(store: GraphStore, model: Model, folder: Path) -> None:
    back = snapshot(store)
    assert back.model == model
    assert back.links["RELEASED"].num_rows == 4
    origins = Origins.of(folder, store.schema, shipped_regions())
    origins.refuse_other(store.dataset.hash)
    assert origins.nodes("AiModel", ["m2"])["m2"].line == 3


def test_a_store_says_that_its_model_is_another(store: GraphStore) -> None:
    with pytest.raises(StoreError, match="was made with another model") as caught:
        open_store(store.url, model=load_model()).close()
    assert "load the dataset again" in (caught.value.hint or "")


def test_words_are_no_part_of_what_tells_models_apart(model: Model) -> None:
    shipped = load_model()
    renamed = replace(shipped, labels={name: replace(label, zh="?") for name, label in shipped.labels.items()})
    assert renamed.hash == shipped.hash
    assert model.hash != shipped.hash
    assert (shipped.mark, renamed.mark) == ("model 1", "model 1")
