"""Networks as pictures and pages: the layout, the sizes, the colours, the labels, and the files."""

from __future__ import annotations

import itertools
import json
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import igraph
import networkx as nx
import numpy as np
import pytest
from engine_cells import load_golden
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_edges import made_of
from stores import empty_store

from ecosystem.dataset.dataset import MARK
from ecosystem.errors import OutputError, UsageError
from ecosystem.export.described_network import DescribedNetwork, described
from ecosystem.export.plots import plot
from ecosystem.export.plots.figure_file import texts_of
from ecosystem.export.plots.network_drawing import (
    HEIGHT,
    NONE,
    OTHERS,
    WIDTH,
    Drawing,
    drawing,
    size_steps,
)
from ecosystem.export.plots.network_layout import _component, _packed, fitted, positions, room_for_labels
from ecosystem.export.plots.network_picture import ARROWS, network_figure, write_network_picture
from ecosystem.export.plots.plot_style import PALETTE
from ecosystem.index import Text
from ecosystem.network import Network, linkage

SIZE = Text("大小", "size")


def karate(*, directed: bool = False) -> Network:
    """Zachary's karate club (1977) in its two factions."""
    graph = nx.karate_club_graph()
    nodes = [f"n{node:02}" for node in graph]
    edges = [(f"n{a:02}", f"n{b:02}", float(weight)) for a, b, weight in graph.edges(data="weight")]
    return made_of(nodes, [club for _, club in graph.nodes(data="club")], edges, directed=directed)


def many_regions() -> DescribedNetwork:
    """A chain of 40 nodes in 13 regions, one of them called NA, and three in none."""
    nodes = [f"n{place:02}" for place in range(40)]
    places = [None if place > 36 else "NA" if place % 13 == 0 else f"r{place % 13:02}" for place in range(40)]
    return described(made_of(nodes, places, [(a, b, 1.0) for a, b in itertools.pairwise(nodes)], directed=False))


def test_the_same_seed_is_the_same_layout_whatever_the_order_of_rows() -> None:
    net = karate()
    assert np.array_equal(positions(net, seed=3), positions(net, seed=3))
    assert not np.allclose(positions(net, seed=3), positions(net, seed=4))
    rows = [
        (net.nodes[a], net.nodes[b], w) for a, b, w in zip(net.source, net.target, net.weight.tolist(), strict=True)
    ]
    places = [net.regions[at] for at in net.region]
    turned = made_of(net.nodes[::-1], places[::-1], rows[::-1], directed=False)
    assert np.array_equal(positions(net, seed=3), positions(turned, seed=3))


def test_igraph_has_its_own_random_numbers_back() -> None:
    random.seed(5)
    first = igraph.Graph.Erdos_Renyi(n=30, m=40).get_edgelist()
    random.seed(5)
    positions(karate(), seed=1)
    assert igraph.Graph.Erdos_Renyi(n=30, m=40).get_edgelist() == first


def test_near_nodes_of_the_network_are_near_in_the_picture() -> None:
    """Along a path of 30 nodes the distance in the picture grows with that in the network."""
    nodes = [f"n{place:02}" for place in range(30)]
    net = made_of(nodes, [None] * 30, [(a, b, 1.0) for a, b in itertools.pairwise(nodes)], directed=False)
    at = positions(net)
    off = np.linalg.norm(at - at[0], axis=1)
    assert np.corrcoef(off, np.arange(30))[0, 1] > 0.95
    assert np.ptp(at[:, 0]) > np.ptp(at[:, 1])


def test_a_straight_line_does_not_end_the_process() -> None:
    """The start at which igraph 1.0 fails in an assertion when it turns a layout."""
    start = Mock(spec=np.random.Generator)  # at the place where the path lies down by itself
    start.integers = np.random.Generator(np.random.PCG64(1)).integers
    start.normal.return_value = np.array([[0.30371769, -2.64822516], [0.33824682, 0.70605251], [0.95929053, 0.3045105]])
    at = _component(np.array([0, 1]), np.array([1, 2]), np.ones(2), 3, start)
    assert np.linalg.matrix_rank(at - at.mean(axis=0), tol=0.05) == 1


@given(st.lists(st.floats(0.8, 12), min_size=1, max_size=40))
def test_packed_components_do_not_meet(radii: list[float]) -> None:
    radius = np.sort(np.array(radii))[::-1]
    centre = _packed(radius)
    assert centre[0].tolist() == [0, 0]
    off = np.linalg.norm(centre[:, None] - centre[None], axis=2)
    np.fill_diagonal(off, np.inf)
    assert (off >= radius[:, None] + radius[None, :]).all()


@settings(deadline=None)
@given(st.integers(0, 2**31))
def test_nodes_stay_in_the_frame_and_apart(seed: int) -> None:
    generator = np.random.default_rng(seed)
    radius = generator.uniform(1, 9, 40)
    at = fitted(generator.normal(size=(40, 2)), radius, WIDTH, HEIGHT)
    assert (at >= 0).all()
    assert (at <= [WIDTH, HEIGHT]).all()
    off = np.linalg.norm(at[:, None] - at[None], axis=2)
    np.fill_diagonal(off, np.inf)
    assert (off > 0.9 * (radius[:, None] + radius[None, :])).all()


@settings(deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 30))
def test_no_two_labels_meet(seed: int, count: int) -> None:
    generator = np.random.default_rng(seed)
    at, radius = generator.uniform(0, 200, (40, 2)), generator.uniform(1, 15, 40)
    sizes = [(node, float(generator.uniform(5, 80)), 10.0) for node in range(count)]
    corners = room_for_labels(at, radius, sizes, 200, 200)
    boxes = [
        (*corners[node], corners[node][0] + wide, corners[node][1] + high)
        for node, wide, high in sizes
        if node in corners
    ]
    assert all(left >= 0 and low >= 0 and right <= 200 and up <= 200 for left, low, right, up in boxes)
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    if count == 1 and sizes[0][1] < 60:
        assert len(boxes) <= 1


def test_areas_are_in_proportion_to_the_measure() -> None:
    values = np.arange(34.0)
    values[3] = np.nan
    drawn = drawing(described(karate()), size=(SIZE, values))
    large = drawn.radius > drawn.radius.min()
    per_value = drawn.radius[large] ** 2 / values[large]
    assert np.allclose(per_value, per_value[0])
    assert drawn.radius[3] == drawn.radius[0] == drawn.radius.min()
    assert drawn.largest[0] == 33
    assert [value for value, _ in size_steps(drawn)] == [20, 5, 1]
    assert all(np.isclose(radius**2 / value, per_value[0]) for value, radius in size_steps(drawn))


def test_the_largest_regions_have_colours_the_others_are_grey() -> None:
    drawn = drawing(many_regions())
    assert [group.colour for group in drawn.groups] == [*PALETTE, OTHERS, NONE]
    assert [group.name.en for group in drawn.groups[-2:]] == ["3 others", "no region"]
    assert [group.name.zh for group in drawn.groups[-2:]] == ["其他 3 个", "无地区"]
    assert [group.nodes for group in drawn.groups] == np.bincount(drawn.group).tolist()


def test_communities_and_a_network_without_regions() -> None:
    drawn = drawing(described(karate()), colour="community", communities=np.arange(34) % 2)
    assert [(group.name.en, group.nodes) for group in drawn.groups] == [("community 1", 17), ("community 2", 17)]
    none = drawing(described(made_of(["a", "b"], [None, None], [("a", "b", 1.0)], directed=False)))
    assert [(group.name.en, group.colour) for group in none.groups] == [("no region", PALETTE[0])]


@pytest.mark.parametrize("nodes", [1, 2, 3, 7])
def test_isolates_alone_are_a_picture_too(nodes: int, tmp_path: Path) -> None:
    names = [f"n{place}" for place in range(nodes)]
    drawn = drawing(described(made_of(names, [None] * nodes, [], directed=False)))
    assert np.isfinite(drawn.at).all()
    assert len(np.unique(drawn.at.round(3), axis=0)) == nodes
    for suffix in (".svg", ".html"):
        assert write_network_picture(tmp_path / f"net{suffix}", drawn) == ()


def test_files_are_the_same_each_time_and_begin_as_their_formats_do(tmp_path: Path) -> None:
    drawn = drawing(described(karate()))
    for suffix, start in ((".svg", b"<?xml"), (".png", b"\x89PNG"), (".pdf", b"%PDF"), (".html", b"<!doctype html>")):
        contents = []
        for name in ("one", "two"):
            assert write_network_picture(tmp_path / f"{name}{suffix}", drawn, labels=5) == ()
            contents.append((tmp_path / f"{name}{suffix}").read_bytes())
        assert contents[0] == contents[1]
        assert contents[0].startswith(start)


def test_a_figure_says_title_size_source_and_that_it_is_made_up() -> None:
    shown = replace(described(karate(directed=True)), title=Text("空手道", "Karate"), dataset=f"club{MARK}")
    drawn = drawing(shown, seed=7)
    texts = texts_of(network_figure(drawn, labels=3))
    assert {"Karate", "34 nodes, 78 edges", "region", "area: strength", "Mr. Hi", "Officer", "17"} <= set(texts)
    assert any(text.startswith("source: club · layout by forces, seed 7 · ecosystem ") for text in texts)
    assert "synthetic data" in texts
    assert sum(text in shown.names for text in texts) == 3
    chinese = texts_of(network_figure(drawn, labels=0, lang="zh"))
    assert {"空手道", "34 个节点，78 条边", "面积：强度"} <= set(chinese)


def test_arrows_are_drawn_where_they_are_few_else_it_is_said() -> None:
    few = network_figure(drawing(described(karate(directed=True))))
    assert len(few.axes[0].patches) == 78
    nodes = [f"n{place:03}" for place in range(ARROWS + 2)]
    chain = made_of(nodes, [None] * len(nodes), [(a, b, 1.0) for a, b in itertools.pairwise(nodes)], directed=True)
    many = network_figure(drawing(described(chain)))
    assert not many.axes[0].patches
    assert "152 nodes, 151 edges · directions not drawn" in texts_of(many)


def page(path: Path, drawn: Drawing, lang: str = "en") -> tuple[str, dict[str, Any]]:
    write_network_picture(path, drawn, lang=lang)
    text = path.read_text(encoding="utf-8")
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    data: dict[str, Any] = json.loads(found)
    return text, data


def test_a_page_holds_the_network_and_loads_nothing(tmp_path: Path) -> None:
    bad = "</script><script>alert(1)</script> 甲 & @data@ \u2028\x07"
    net = made_of(["a", "b"], ["NA", None], [("a", "b", 2.0)], directed=True)
    shown = replace(described(net), names=(bad, "乙"), title=Text("<标题>", "<title>"), dataset=f"d{MARK}")
    text, data = page(tmp_path / "net.html", drawing(shown))
    assert text.count("<script") == 2
    assert not re.search(r"""(src|href)\s*=|https?:|url\(|@import|fetch\(""", text.replace("link.href =", ""))
    assert "default-src 'none'" in text
    assert "<h1>&lt;title&gt;</h1>" in text
    assert "synthetic data" in text
    assert data["nodes"]["name"] == ["</script><script>alert(1)</script> 甲 & @data@", "乙"]
    assert data["nodes"]["about"] == ["a · Node · NA", "b · Node"]
    assert (data["edges"], data["directed"]) == ({"s": [0], "t": [1], "w": [2.0]}, True)
    chinese, data = page(tmp_path / "net.html", drawing(shown), "zh")
    assert '<html lang="zh-CN">' in chinese
    assert data["words"]["save"] == "保存为 PNG"


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the network network has no nodes"):
        drawing(described(made_of([], [], [], directed=False)))
    with pytest.raises(UsageError, match="size has values below 0, which no area can show"):
        drawing(described(karate()), size=(SIZE, np.full(34, -1.0)))
    drawn = drawing(described(karate()))
    with pytest.raises(UsageError, match=r"'net\.gif' does not end in a known suffix: \.svg, \.png, \.pdf, \.html"):
        write_network_picture(tmp_path / "net.gif", drawn)
    for suffix in (".svg", ".html"):
        with pytest.raises(OutputError, match="there is no folder"):
            write_network_picture(tmp_path / "none" / f"net{suffix}", drawn)
    assert list(tmp_path.iterdir()) == []


def test_plot_draws_a_network_of_a_store(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    store = empty_store("duckdb", request, tmp_path)
    load_golden(store)
    found = linkage(store, "enablement")
    texts = texts_of(plot(found, top=2, lang="en"))
    assert {"Technology enablement", "region", "area: strength"} <= set(texts)
    with pytest.raises(UsageError, match="the picture of Linkage has no kind") as caught:
        plot(found, kind="bar")
    assert str(caught.value.hint) == "it takes top and lang and width alone"
    store.close()
