"""Connectors and the regions they join: by hand, and against pandas on the files of a made-up dataset."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command import run_in

from ecosystem.errors import UsageError
from ecosystem.network.connectors import connector_side, connector_table, joined_regions
from ecosystem.network.network import NOWHERE, Network
from ecosystem.network.network_tables import Names

# two alliances: X in r1 joins a (r1), b (r2), c (nowhere); Y, nowhere, joins b (r2), d (r2)
NODES = ("X", "Y", "a", "b", "c", "d")
NET = Network(
    nodes=NODES,
    regions=("r1", "r2"),
    region=np.array([0, NOWHERE, 0, 1, NOWHERE, 1]),
    source=np.array([0, 0, 0, 1, 1]),
    target=np.array([2, 3, 4, 3, 5]),
    weight=np.ones(5),
    directed=False,
)
NAMES = Names(["Alliance", "Alliance", *["Company"] * 4], [name.upper() for name in NODES], ["One", "Two"])
SIDE = connector_side(NET, ["a", "b", "c", "b", "d"], ["X", "X", "X", "Y", "Y"])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("connectors")
    size = ("--companies", "80", "--links", "1000", "--seed", "1")
    assert run_in(folder, "dataset", "synthesize", "small", *size).returncode == 0
    assert run_in(folder, "load", "small").returncode == 0
    return folder


def test_by_hand() -> None:
    assert SIDE.tolist() == [True, True, False, False, False, False]
    table = connector_table(NET, NAMES, SIDE)
    assert table["id"].tolist() == ["X", "Y"]
    assert table["organisations"].tolist() == [3, 2]
    assert table["regions"].tolist() == [2, 1]
    # of a and b, which have a region, b is elsewhere; Y has no region of its own
    np.testing.assert_array_equal(table["elsewhere"], [50, np.nan])
    assert table["partners"].tolist() == ["One 1; Two 1", "Two 2"]
    pairs = joined_regions(NET, NAMES, SIDE)
    assert pairs.to_dict("records") == [{"from_region": "One", "to_region": "Two", "connectors": 1, "share": 1.0}]


def test_a_network_of_one_kind_has_none() -> None:
    with pytest.raises(UsageError, match="b is both"):
        connector_side(NET, ["a", "b"], ["b", "X"])


def test_alliances_join_the_regions_that_the_files_say(home: Path) -> None:
    members = pd.read_csv(home / "small" / "member_of.csv", dtype=str).drop_duplicates(["from", "to"])
    at = pd.read_csv(home / "small" / "located_in.csv", dtype=str).set_index("from")["to"]
    # the province of a place in China by its code; no province abroad
    province = at.str.extract(r"^(\d\d)\d{4}$")[0].dropna() + "0000"
    placed = members.assign(province=members["from"].map(province))
    joined = {key: set(codes.dropna()) for key, codes in placed.groupby("to")["province"]}
    assert run_in(home, "network", "connectors", "membership", "--out", "connectors.xlsx").returncode == 0
    sheets = pd.read_excel(home / "connectors.xlsx", sheet_name=None, engine="openpyxl")
    found = sheets["connectors"].set_index("id")
    assert found["organisations"].to_dict() == members.groupby("to").size().to_dict()
    assert found["regions"].to_dict() == {alliance: len(codes) for alliance, codes in joined.items()}
    pairs = pd.Series([pair for codes in joined.values() for pair in combinations(sorted(codes), 2)]).value_counts()
    assert len(pairs) > 3
    assert sorted(sheets["regions"]["connectors"]) == sorted(pairs)
    shares = sheets["regions"]["connectors"] / sum(len(codes) > 1 for codes in joined.values())
    np.testing.assert_allclose(sheets["regions"]["share"], shares, rtol=1e-12)
