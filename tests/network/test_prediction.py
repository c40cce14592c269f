"""Edges that are not there yet: scores against networkx and plain loops, accuracy against all pairs one by one."""

from __future__ import annotations

from itertools import combinations
from math import log

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain_edges import made_of, rows

from ecosystem.network import NOWHERE, Network
from ecosystem.network import prediction as p

NODES = tuple("abcdefgh")
PLACES = ("x", "NA", None, "x", "y", None, "NA", "x")
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES), st.floats(0.1, 9)), max_size=25)
REGION = st.sampled_from([None, 0, 1, 2, NOWHERE])
KINDS = st.one_of(st.none(), st.lists(st.integers(0, 1), min_size=8, max_size=8).map(np.array))
METHODS = st.sampled_from(p.SCORES)


def made(edges: list[tuple[str, str, float]], *, directed: bool) -> Network:
    return made_of(NODES, PLACES, edges, directed=directed)


def karate() -> Network:
    """Zachary (1977), the ties of the karate club."""
    graph = nx.karate_club_graph()
    nodes, clubs = [f"{n:02}" for n in graph], [club for _, club in graph.nodes(data="club")]
    return made_of(nodes, clubs, [(nodes[a], nodes[b], 1.0) for a, b in graph.edges()], directed=False)


def plain(joined: set[frozenset[int]], count: int, one: int, other: int) -> dict[str, float]:
    """All scores of two nodes that are not joined."""
    around = [{n for n in range(count) if frozenset((at, n)) in joined} for at in range(count)]
    common = around[one] & around[other]
    three = sum(frozenset((a, b)) in joined for a in around[one] for b in around[other] if a != b)
    return {
        "common_neighbours": len(common),
        "adamic_adar": sum(1 / log(len(around[n])) for n in common),
        "resource_allocation": sum(1 / len(around[n]) for n in common),
        "preferential_attachment": len(around[one]) * len(around[other]),
        "local_path": len(common) + 0.01 * three,
    }


def candidates(net: Network, region: int | None, kind: np.ndarray | None) -> list[tuple[int, int]]:
    """Every pair that could be suggested, the node of the region first."""
    joined = {frozenset(edge[:2]) for edge in rows(net)}
    kinds = [0] * len(net) if kind is None else kind.tolist()
    known = {frozenset((kinds[a], kinds[b])) for a, b, _ in rows(net)}
    found = []
    for a, b in combinations(range(len(net)), 2):
        if frozenset((a, b)) in joined or frozenset((kinds[a], kinds[b])) not in known:
            continue
        if region is None or net.region[a] == region:
            found.append((a, b))
        elif net.region[b] == region:
            found.append((b, a))
    return found


@given(EDGES, st.booleans(), REGION, KINDS, METHODS, st.integers(1, 6))
def test_suggestions_are_the_best_of_all_pairs(
    edges: list[tuple[str, str, float]], directed: bool, region: int | None, kind: np.ndarray | None,
    score: str, most: int,
) -> None:  # fmt: skip
    net = made(edges, directed=directed)
    if region is not None and region >= len(net.regions):
        return
    joined = {frozenset(edge[:2]) for edge in rows(net)}
    table = []
    for one, other in candidates(net, region, kind):
        scores = plain(joined, len(net), one, other)
        if scores[score] > 0:
            table.append((-round(scores[score], 9), one, other, [scores[name] for name in p.SCORES]))
    expected = sorted(table)[:most]
    found = p.suggestions(net, region, score=score, most=most, kind=kind)
    assert list(zip(found.one.tolist(), found.other.tolist(), strict=True)) == [row[1:3] for row in expected]
    np.testing.assert_allclose(found.scores, np.array([row[3] for row in expected]).reshape(-1, 5), atol=1e-8)


def test_scores_of_the_karate_club_are_those_of_networkx_and_igraph() -> None:
    net, graph = karate(), nx.karate_club_graph()
    found = p.suggestions(net, most=10_000, score="preferential_attachment")
    assert len(found.one) == 34 * 33 / 2 - 78
    pairs = list(zip(found.one.tolist(), found.other.tolist(), strict=True))
    by = dict(zip(p.SCORES, found.scores.T, strict=True))
    assert by["common_neighbours"].tolist() == [len(list(nx.common_neighbors(graph, *pair))) for pair in pairs]
    for name, function in (
        ("adamic_adar", nx.adamic_adar_index),
        ("resource_allocation", nx.resource_allocation_index),
        ("preferential_attachment", nx.preferential_attachment),
    ):
        assert by[name] == pytest.approx([score for _, _, score in function(graph, pairs)], abs=1e-9)
    weighted = np.array(net.to_igraph().similarity_inverse_log_weighted())
    assert by["adamic_adar"] == pytest.approx(weighted[found.one, found.other], abs=1e-9)


@settings(max_examples=60)
@given(EDGES, st.booleans(), REGION, KINDS, st.integers(0, 9), st.integers(1, 6))
def test_accuracy_is_that_of_all_pairs_one_by_one(
    edges: list[tuple[str, str, float]], directed: bool, region: int | None, kind: np.ndarray | None,
    seed: int, most: int,
) -> None:  # fmt: skip
    net = made(edges, directed=directed).undirected()
    if region is not None and region >= len(net.regions):
        return
    found = p.hold_out(net, region, seed=seed, draws=2, share=0.3, most=most, kind=kind)
    asked = [at for at, (a, b, _) in enumerate(rows(net)) if region is None or region in {net.region[a], net.region[b]}]
    if len(asked) < 2:
        assert found.hidden == 0
        assert np.isnan(found.auc).all()
        return
    assert found.hidden == max(1, round(0.3 * len(asked)))
    rng = np.random.default_rng(seed)
    others = candidates(net, region, kind)
    for draw in range(2):
        held = {frozenset(rows(net)[at][:2]) for at in rng.choice(asked, found.hidden, replace=False)}
        joined = {frozenset(edge[:2]) for edge in rows(net)} - held
        for column, name in enumerate(p.SCORES):
            hidden = [round(plain(joined, len(net), *pair)[name], 9) for pair in held]
            free = [round(plain(joined, len(net), *pair)[name], 9) for pair in others]
            wins = [(a > b) + (a == b) / 2 for a in hidden for b in free]
            assert found.auc[draw, column] == pytest.approx(np.mean(wins) if wins else np.nan, nan_ok=True)
            ordered = sorted(hidden + free, reverse=True)
            last = ordered[:most][-1]
            above = sum(score > last for score in ordered)
            places = min(most, len(ordered))
            tied = sum(score == last for score in hidden) / ordered.count(last)
            hits = sum(score > last for score in hidden) + (places - above) * tied
            assert found.precision[draw, column] == pytest.approx(hits / places)


def test_blocks_and_draws_do_not_change_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    net = karate()
    once, best = p.hold_out(net, seed=7), p.suggestions(net, 0, most=9)
    assert once.auc.shape == once.precision.shape == (5, 5)
    assert (once.auc.mean(axis=0) > 0.5).all()
    monkeypatch.setattr(p, "CELLS", 1)
    again = p.hold_out(net, seed=7)
    assert again.auc.tolist() == once.auc.tolist()
    assert again.precision.tolist() == once.precision.tolist()
    assert p.suggestions(net, 0, most=9).one.tolist() == best.one.tolist()
    assert p.hold_out(net, seed=8).auc.tolist() != once.auc.tolist()


def test_others_by_chance_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    net = karate()
    exact = p.hold_out(net, 0, seed=1, draws=1).auc
    monkeypatch.setattr(p, "OTHERS", 100)  # 34 x 17 cells are more than it looks at one by one
    drawn = p.hold_out(net, 0, seed=1, draws=1).auc
    assert drawn == pytest.approx(exact, abs=0.12)
    assert drawn.tolist() != exact.tolist()


def test_an_edge_between_two_groups_is_only_suggested_across_them() -> None:
    """Davis, Gardner and Gardner (1941), Deep South: women and the social events they came to."""
    graph = nx.davis_southern_women_graph()
    names = sorted(graph)
    net = made_of(names, [None] * len(names), [(a, b, 1.0) for a, b in graph.edges()], directed=False)
    kind = np.array([graph.nodes[name]["bipartite"] for name in net.nodes])
    found = p.suggestions(net, kind=kind, score="local_path", most=5)
    assert len(found.one) == 5
    assert (kind[found.one] != kind[found.other]).all()
    assert (found.scores[:, 0] == 0).all()  # a woman and an event have no neighbour in common
    accuracy = p.hold_out(net, seed=1, kind=kind)
    assert accuracy.auc[:, 0].tolist() == [0.5] * 5
    assert accuracy.auc[:, p.SCORES.index("local_path")].mean() > 0.7


def test_nothing_to_suggest() -> None:
    none = made([], directed=True)
    assert len(p.suggestions(none).one) == 0
    assert np.isnan(p.hold_out(none, seed=1).precision).all()
    full = made([(a, b, 1.0) for a, b in combinations(NODES, 2)], directed=False)
    assert len(p.suggestions(full, 0).one) == 0
    found = p.hold_out(full, seed=1)
    assert np.isnan(found.auc).all()
    assert (found.precision == 1).all()


def test_some_organisations_stand_for_a_large_region(monkeypatch: pytest.MonkeyPatch) -> None:
    net = karate()
    whole = p.hold_out(net, seed=1)
    assert (whole.tested, whole.hidden) == (34, 8)
    monkeypatch.setattr(p, "TESTED", 34 * 20)
    some = p.hold_out(net, seed=1)
    assert (some.tested, some.organisations) == (20, 34)
    assert 0 < some.hidden < 8
    assert some.auc.tolist() == p.hold_out(net, seed=1).auc.tolist()
    assert some.auc.mean(axis=0) == pytest.approx(whole.auc.mean(axis=0), abs=0.2)
