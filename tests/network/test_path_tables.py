"""Names of organisations, ways between them in words, and the tables of a test of suggestions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from plain_edges import made_of

from ecosystem.errors import NetworkError
from ecosystem.network import Network
from ecosystem.network.network_tables import Names
from ecosystem.network.path_tables import accuracy_table, ego_tables, path_tables, place_of, suggestion_table
from ecosystem.network.paths import shortest_paths
from ecosystem.network.prediction import SCORES, hold_out, suggestions

NAMES = Names(["Company"] * 4 + ["University"], ["Alpha", "Beta 公司", "Gamma", "Gamma", "Delta"], ["Namibia", "X"])


def ring(*, directed: bool = True) -> Network:
    edges = [("a", "b", 1.0), ("c", "b", 2.0), ("c", "d", 1.0), ("d", "c", 1.0), ("d", "e", 5.0)]
    return made_of("abcde", ["NA", "NA", "x", None, "x"], edges, directed=directed)


def test_an_organisation_by_its_id_or_its_name() -> None:
    net = ring()
    assert place_of(net, NAMES, "d") == 3
    assert place_of(net, NAMES, " ALPHA ") == 0
    assert place_of(net, NAMES, "ｂｅｔａ 公司") == 1


def test_a_name_of_several_or_of_none() -> None:
    net = ring()
    several = (
        r"(?s)'Gamma' is the name of 2 organisations of the network: c \(Company\); d \(Company\).*hint: write its id"
    )
    with pytest.raises(NetworkError, match=several):
        place_of(net, NAMES, "Gamma")
    with pytest.raises(NetworkError, match=r"(?s)has the name or the id 'Delte'.*did you mean 'Delta'"):
        place_of(net, NAMES, "Delte")
    with pytest.raises(NetworkError, match=r"(?s)has the name or the id '雅'.*ecosystem network nodes"):
        place_of(net, NAMES, "雅")


def test_arrows_say_which_way_an_edge_leads() -> None:
    net = ring()
    tables = path_tables(net, NAMES, shortest_paths(net, 0, 4), {"links": np.arange(5)})
    assert tables["paths"]["path"].tolist() == ["Alpha → Beta 公司 ← Gamma — Gamma → Delta"]
    assert tables["paths"]["ids"].tolist() == ["a → b ← c — d → e"]
    assert tables["edges"]["weight"].tolist() == [5, 2, 1, 1, 1]
    assert tables["edges"]["links"].tolist() == [4, 1, 0, 2, 3]
    plain = ring(directed=False)
    assert path_tables(plain, NAMES, shortest_paths(plain, 0, 2), {})["paths"]["ids"].tolist() == ["a — b — c"]


def test_what_is_around_an_organisation() -> None:
    tables = ego_tables(ring(), NAMES, 1, 1, "in", {"first_year": pd.array([2020, None, 2021, 1, 2], dtype="Int64")})
    assert tables["entities"]["id"].tolist() == ["b", "a", "c"]
    assert tables["entities"]["region"].tolist() == ["NA", "NA", "x"]
    assert tables["edges"][["source", "target"]].to_numpy().tolist() == [["c", "b"], ["a", "b"]]
    assert tables["edges"]["first_year"].isna().tolist() == [True, False]


def test_suggestions_and_their_test() -> None:
    net = ring()
    frame = suggestion_table(net, NAMES, suggestions(net, score="local_path"), "local_path")
    assert list(frame.columns[:5]) == ["id", "name", "other_id", "other_name", "local_path"]
    assert set(SCORES) <= set(frame.columns)
    assert frame["local_path"].is_monotonic_decreasing
    table = accuracy_table(hold_out(net, seed=1, draws=3), "zh")
    assert table["key"].tolist() == list(SCORES)
    assert table["auc_gain"][0] == table["precision_gain"][0] == 0
    assert np.isnan(accuracy_table(hold_out(net, seed=1, draws=1), "en")["auc_sd"]).all()
