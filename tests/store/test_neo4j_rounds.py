"""Writes divided among sessions: all of it, once, and nothing that one session locks is another's at the same time."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from ecosystem.store.neo4j.statements import ElementIds, Write, rounds

NODES = 800
ELEMENT_IDS = ElementIds([pa.table({"_id": range(NODES), "id": [f"n{place}" for place in range(NODES)]})])


def links(rows: int, seed: int = 1) -> Write:
    """Links between nodes drawn by chance, some of which have very many."""
    draw = np.random.default_rng(seed)
    source, target = (np.minimum(draw.zipf(1.3, rows), NODES) - 1 for _ in range(2))
    ids = pa.array([f"{seed}:{place}" for place in range(rows)])
    columns = {"_src": pa.array(source, pa.int64()), "_dst": pa.array(target, pa.int64()), "id": ids}
    return Write("ENABLES", "", pa.table(columns), element_ids=ELEMENT_IDS)


def pairs(write: Write) -> list[tuple[int, int]]:
    return list(zip(*(column.to_pylist() for column in write.table.select(["_src", "_dst"]).columns), strict=True))


@pytest.mark.parametrize("sessions", [1, 2, 3, 8])
def test_sessions_lock_neither_common_nodes_nor_links_next_to_them(sessions: int) -> None:
    writes = [links(5_000, seed) for seed in (1, 2, 3)]
    neighbours: list[set[int]] = [set() for _ in range(NODES)]
    seen: list[object] = []
    together = 0
    for parts in rounds(writes, sessions):
        assert 1 <= len(parts) <= sessions
        together += len(parts) > 1
        locked = []
        for part in parts:
            ends = {end for pair in pairs(part) for end in pair}
            locked.append(ends | {other for end in ends for other in neighbours[end]})
            assert pairs(part) == sorted(pairs(part))
            seen += part.table["id"].to_pylist()
        assert all(one.isdisjoint(other) for one, other in combinations(locked, 2))
        for source, target in (pair for part in parts for pair in pairs(part)):
            neighbours[source].add(target)
            neighbours[target].add(source)
    assert sorted(map(str, seen)) == sorted(each for write in writes for each in write.table["id"].to_pylist())
    assert together == (len(writes) if sessions > 1 else 0)


def test_nothing_is_no_round() -> None:
    assert list(rounds([links(0)], 4)) == []
    assert list(rounds([], 4)) == []


def test_nodes_are_dealt_out_in_their_order() -> None:
    write = Write("Company", "", pa.table({"id": pa.array([str(place) for place in range(1_001)])}))
    ((one, other),) = rounds([write], 2)
    assert one.table["id"].to_pylist() + other.table["id"].to_pylist() == write.table["id"].to_pylist()
    assert abs(len(one) - len(other)) <= 1


def test_a_node_is_found_where_the_server_has_put_it() -> None:
    element_ids = ElementIds(
        [pa.table({"_id": [7, 3], "id": ["seven", "three"], "name": ["", ""]}), pa.table({"_id": [5], "id": ["five"]})]
    )
    element_ids.add(pa.table({"id": ["five"], "_key": ["4:x:50"]}))
    element_ids.add_created([[["three", "seven"], ["4:x:30", "4:x:70"]]])
    assert element_ids.of(pa.chunked_array([[7, 5], [3, 7]])).to_pylist() == ["4:x:70", "4:x:50", "4:x:30", "4:x:70"]


def test_a_node_that_has_not_been_made_is_nowhere() -> None:
    element_ids = ElementIds([pa.table({"_id": [1, 2], "id": ["one", "two"]})])
    element_ids.add_created([[["two"], ["4:x:2"]]])
    assert element_ids.of(pa.chunked_array([[1, 2]])).to_pylist() == [None, "4:x:2"]
