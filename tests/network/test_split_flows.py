"""Flows split by what the organisations are: against plain loops, and against pandas on the files of the twin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain_edges import made_of, rows

from ecosystem.dataset import read_dataset
from ecosystem.errors import UsageError
from ecosystem.network import NOWHERE, linkage
from ecosystem.network.split_flows import flow_rows
from ecosystem.store import GraphStore, open_store
from ecosystem.synthetic.twin import write_twin

NODES = ("a", "b", "c", "d", "e", "f")
REGIONS = ("x", "x", "y", "z", None, "z")
CLASSES = ("red", "blue", "red", None, "red", "blue")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.floats(0.1, 9)), max_size=20)


@given(EDGES)
def test_flows_of_classes_equal_plain_loops(edges: list[tuple[str, str, float]]) -> None:
    net = made_of(NODES, REGIONS, edges, directed=True)
    expected: dict[tuple[str | None, str, str], float] = {}
    for a, b, weight in rows(net):
        start, end = int(net.region[a]), int(net.region[b])
        if NOWHERE in (start, end):
            continue
        key = (CLASSES[b], net.regions[start], net.regions[end])
        expected[key] = expected.get(key, 0) + weight
    frame = flow_rows(net, net.regions, target=CLASSES)
    everything = sum(expected.values())
    assert len(frame) == len(expected)
    for row in frame.to_dict("records"):
        kind = None if pd.isna(row["target_class"]) else row["target_class"]
        weight = expected[kind, row["from_region"], row["to_region"]]
        out = sum(w for (k, a, _), w in expected.items() if (k, a) == (kind, row["from_region"]))
        come = sum(w for (k, _, b), w in expected.items() if (k, b) == (kind, row["to_region"]))
        all_of_kind = sum(w for (k, _, _), w in expected.items() if k == kind)
        found = [row[key] for key in ("weight", "share", "share_in", "share_of_all", "lq")]
        quotient = (weight / out) / (come / all_of_kind)
        assert found == pytest.approx([weight, weight / out, weight / come, weight / everything, quotient])
    assert frame["weight"].is_monotonic_decreasing


def test_without_directions_a_flow_stands_both_ways_and_has_no_class() -> None:
    net = made_of(NODES, REGIONS, [("a", "b", 2.0), ("a", "c", 3.0)], directed=False)
    flows = {(a, b): w for a, b, w in flow_rows(net, net.regions)[["from_region", "to_region", "weight"]].to_numpy()}
    assert flows == {("x", "x"): 2.0, ("x", "y"): 3.0, ("y", "x"): 3.0}
    with pytest.raises(UsageError, match="no source and no target"):
        flow_rows(net, net.regions, source=CLASSES)


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the twin of cingai-2023."""
    folder = tmp_path_factory.mktemp("flows") / "twin"
    write_twin("cingai-2023", folder)
    return folder


@pytest.fixture(scope="module")
def store(twin: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    made = open_store(tmp_path_factory.mktemp("flows") / "g.duckdb", create=True)
    made.load(read_dataset(twin).dataset)
    yield made
    made.close()


def test_flows_to_circles_and_countries_by_layer_equal_pandas_on_the_files(twin: Path, store: GraphStore) -> None:
    """The second program: the CSV files alone, joined by hand."""
    found = linkage(store, "enablement", level="group").elsewhere()
    frame = found.flow_rows(by_target="layer", lang="en")

    links = pd.read_csv(twin / "enables.csv", dtype=str)
    places = pd.read_csv(twin / "located_in.csv", dtype=str).set_index("from")["to"]
    companies = pd.read_csv(twin / "companies.csv", dtype=str).set_index("id")
    circles = {
        "11": "B",
        "12": "B",
        "13": "B",
        "31": "Y",
        "32": "Y",
        "33": "Y",
        "34": "Y",
        "44": "P",
        "50": "S",
        "51": "S",
    }
    links = links[links["from"] != links["to"]]
    start, end = (links[side].map(places) for side in ("from", "to"))

    def zone(place: str) -> str:
        return circles.get(place[:2], "CN") if place[:1].isdigit() else place

    named = {
        "B": "Beijing-Tianjin-Hebei",
        "Y": "Yangtze River Delta",
        "P": "Pearl River Delta",
        "S": "Sichuan-Chongqing",
    }
    table = pd.DataFrame({"from": start.map(zone), "to": end.map(zone), "layer": links["to"].map(companies["layer"])})
    hand = Counter(zip(table["from"], table["to"], table["layer"].fillna(""), strict=True))
    keys = zip(frame["from_region"], frame["to_region"], frame["target_class"].fillna(""), strict=True)
    ours = dict(zip(keys, frame["weight"], strict=True))
    assert sum(ours.values()) == len(table)
    for (a, b, layer), count in hand.items():
        if a in named and b in named:
            assert ours[named[a], named[b], layer] == count
    elsewhere = sum(count for (a, b, _), count in hand.items() if (a, b) == ("CN", "P"))
    between = (frame["from_region"] == "China, elsewhere") & (frame["to_region"] == "Pearl River Delta")
    assert frame.loc[between, "weight"].sum() == elsewhere > 0
    assert np.isclose(frame["share_of_all"].sum(), 1)


def test_a_property_that_nobody_has_is_an_error(store: GraphStore) -> None:
    with pytest.raises(UsageError, match="has a property 'layr'") as caught:
        linkage(store, "enablement").flow_rows(by_source="layr")
    assert "layer" in str(caught.value.hint)
