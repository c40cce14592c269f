"""Work divided among sessions: all of it, once, and at one time no node twice."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from ecosystem.store.neo4j.rounds import rounds, tournament
from ecosystem.store.neo4j.work import Work


def links(rows: int, nodes: int, seed: int = 1) -> Work:
    """Links between nodes drawn by chance, some of which have very many."""
    draw = np.random.default_rng(seed)
    source, target = (np.minimum(draw.zipf(1.3, rows), nodes) - 1 for _ in range(2))
    columns = {"_src": pa.array(source, pa.int64()), "_dst": pa.array(target, pa.int64())}
    ids = pa.table({"id": pa.array([f"l{place}" for place in range(rows)]), **columns})
    return Work("ENABLES", "", ids, pa.table(columns))


@pytest.mark.parametrize("teams", [2, 4, 6, 16])
def test_each_team_meets_each_other_once_and_itself(teams: int) -> None:
    meetings = list(tournament(teams))
    assert len(meetings) == teams + 1
    met = Counter(pair for pairs in meetings for pair in pairs)
    assert met == Counter([*combinations(range(teams), 2), *((team, team) for team in range(teams))])
    for pairs in meetings:
        playing = [team for pair in pairs for team in set(pair)]
        assert len(playing) == len(set(playing))


@pytest.mark.parametrize("sessions", [1, 2, 3, 8])
def test_links_of_one_round_have_no_node_in_common(sessions: int) -> None:
    work = links(5_000, 800)
    seen: list[object] = []
    for parts in rounds(work, sessions, 100):
        assert 1 <= len(parts) <= sessions
        touched = [set(part.columns["_src"].to_pylist()) | set(part.columns["_dst"].to_pylist()) for part in parts]
        assert all(one.isdisjoint(other) for one, other in combinations(touched, 2))
        for part in parts:
            sources = part.columns["_src"].to_pylist()
            assert sources == sorted(sources)
            seen += part.columns["id"].to_pylist()
    assert sorted(map(str, seen)) == sorted(work.columns["id"].to_pylist())


def test_what_fits_into_a_batch_is_not_divided() -> None:
    (only,) = rounds(links(100, 50), 4, 100)
    assert len(only) == 1
    assert list(rounds(links(0, 1), 4, 100)) == []


def test_nodes_are_dealt_out_in_their_order() -> None:
    work = Work("Company", "", pa.table({"id": pa.array([str(place) for place in range(1_001)])}))
    ((one, other),) = rounds(work, 2, 100)
    assert one.columns["id"].to_pylist() + other.columns["id"].to_pylist() == work.columns["id"].to_pylist()
    assert abs(len(one) - len(other)) <= 1
