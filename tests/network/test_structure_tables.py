"""Tables of communities, of the core and of structural holes, on a network small enough to do by hand."""

from __future__ import annotations

import numpy as np
import pytest
from plain_edges import made_of

from ecosystem.network.communities import communities
from ecosystem.network.core_periphery import core_periphery
from ecosystem.network.network_tables import Names
from ecosystem.network.rich_club import rich_club
from ecosystem.network.structure_tables import community_tables, core_tables, hole_tables

# two triangles, a bridge between them, a node that hangs on the second, and an isolate
NET = made_of(
    list("abcdefgh"),
    ["NA", "NA", "x", "x", "x", "NA", None, "x"],
    [
        ("a", "b", 1.0),
        ("b", "c", 1.0),
        ("a", "c", 2.0),
        ("d", "e", 1.0),
        ("e", "f", 1.0),
        ("d", "f", 1.0),
        ("c", "d", 0.5),
        ("f", "g", 1.0),
    ],
    directed=False,
)
NAMES = Names(["Company"] * 8, [node.upper() for node in NET.nodes], ["Namibia", "Xanadu"])


def test_communities_are_told_by_size_weight_regions_and_members() -> None:
    tables = community_tables(NET, NAMES, communities(NET), "en")
    rows = tables["communities"].set_index("community")
    assert rows["organisations"].tolist() == [4, 3]
    assert rows["inside"].tolist() == [4, 4]
    assert rows["outside"].tolist() == [0.5, 0.5]
    assert rows["main_regions"].tolist() == ["Xanadu 2; Namibia 1", "Namibia 2; Xanadu 1"]
    assert rows["leaders"].tolist() == ["F; D; E", "A; C; B"]
    assert tables["mix"].to_dict("list") == {"community": [1, 2], "Namibia": [1, 2], "Xanadu": [2, 1]}
    each = tables["entities"].set_index("id")
    assert each["community"].to_dict()["h"] == 3
    assert each["inside"].sum() == 2 * (4 + 4)
    assert dict(zip(tables["summary"]["key"], tables["summary"]["value"], strict=True))["communities"] == 2


def test_the_core_is_told_by_members_regions_and_clubs() -> None:
    club = rich_club(NET, draws=5)
    tables = core_tables(NET, NAMES, core_periphery(NET), club, "en")
    each = tables["entities"].set_index("id")
    assert each.index[each["core"] == 1].tolist() == ["c", "d", "f"]
    assert (each["core_number"].to_dict()["g"], each["degree"].to_dict()["g"]) == (1, 1)
    regions = tables["regions"].set_index("region")
    assert (regions["organisations"].to_dict()["x"], regions["core_members"].to_dict()["x"]) == (4, 2)
    assert regions.loc["NA", "core_share"] == pytest.approx(1 / 3)
    assert tables["k_cores"].to_dict("list") == {"core_number": [2, 1, 0], "organisations": [6, 7, 8]}
    clubs = tables["rich_club"]
    assert clubs["organisations"].tolist() == [7, 6, 3]
    assert clubs["neighbours_above"].tolist() == [0, 1, 2]
    assert clubs["coefficient"].tolist() == pytest.approx([8 / 21, 7 / 15, 2 / 3])
    assert tables["summary"].set_index("key").loc["core_density", "value"] == pytest.approx(2 / 3)


def test_structural_holes_begin_with_the_least_constrained_and_end_with_isolates() -> None:
    tables = hole_tables(NET, NAMES)
    each = tables["entities"]
    assert each["constraint"].dropna().is_monotonic_increasing
    assert each["id"].iloc[-1] == "h"
    regions = tables["regions"].set_index("region")
    inside = each[(each["region"] == "x") & each["constraint"].notna()]
    assert regions["organisations"].to_dict()["x"] == 3
    assert regions["constraint"].to_dict()["x"] == pytest.approx(inside["constraint"].mean())


def test_what_is_said_has_two_languages() -> None:
    english, chinese = (
        core_tables(NET, NAMES, core_periphery(NET), rich_club(NET), lang)["summary"] for lang in ("en", "zh")
    )
    assert english["key"].tolist() == chinese["key"].tolist()
    assert all(max(text) >= "一" for text in chinese["title"])
    assert not any(max(text) >= "一" for text in english["title"])


@pytest.mark.parametrize("places", [["x"] * 3, [None] * 3])
def test_without_edges_there_are_tables(places: list[str | None]) -> None:
    net = made_of(list("abc"), places, [], directed=True)
    names = Names(["Company"] * 3, list("ABC"), ["Xanadu"] * len(net.regions))
    groups = community_tables(net, names, communities(net), "en")
    assert len(groups["communities"]) == 0
    assert len(groups["entities"]) == 3
    told = core_tables(net, names, core_periphery(net), rich_club(net, draws=2), "en")
    assert told["entities"]["core"].tolist() == [0, 0, 0]
    assert len(told["rich_club"]) == 0
    assert np.isnan(hole_tables(net, names)["entities"]["constraint"]).all()
