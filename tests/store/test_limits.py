"""Limits of a person's query: a real explosion is ended by time or by memory, and the store works on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from graphs import Link, Node, dataset, graph

import ecosystem
from ecosystem.errors import StoreError, UsageError
from ecosystem.query import parse
from ecosystem.store import GraphStore, limits, open_store
from ecosystem.store.duckdb.run_limits import RunLimit
from ecosystem.store.duckdb.store import EmbeddedStore
from ecosystem.store.limits import DEFAULT_SECONDS, MOST_MEMORY, Limits, machine_memory

pytestmark = pytest.mark.long

ALL_OF_THREE = "MATCH (a:Company) MATCH (b:Company) MATCH (c:Company) "
COMPANIES, WOVEN = 2_000, 200


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """A store of two thousand companies: three of them together are eight thousand million rows."""
    store = open_store(tmp_path_factory.mktemp("limits") / "g.duckdb", create=True)
    nodes = [Node(f"c{at:05}", "Company", {"patents": at}) for at in range(COMPANIES)]
    store.load(dataset(graph(nodes, [])))
    yield store
    store.close()


def works_on(store: GraphStore) -> bool:
    """Whether the store answers, with the limits of the engine as they were and nothing of its own on the disk."""
    assert isinstance(store, EmbeddedStore)
    connection = store._attached().connection
    names = "'memory_limit', 'max_temp_directory_size'"
    found = dict(connection.execute(f"SELECT name, value FROM duckdb_settings() WHERE name IN ({names})").fetchall())
    folder = Path(store.url).parent
    assert not sum(file.stat().st_size for file in folder.glob("*/*"))
    usual = "GiB" in found["memory_limit"] and found["max_temp_directory_size"] != "0 bytes"
    return usual and len(ecosystem.query(store, "MATCH (c:Company) RETURN c.id AS id")) == COMPANIES


@pytest.mark.parametrize(
    "returned", ["count(*) AS n", "sum(a.patents % 7 + b.patents % 5 + c.patents) AS n", "a.id AS a ORDER BY a LIMIT 1"]
)
def test_a_query_that_takes_too_long(store: GraphStore, returned: str) -> None:
    with pytest.raises(StoreError, match=r"^the query took longer than 0\.3 s") as caught:
        ecosystem.query(store, f"{ALL_OF_THREE} RETURN {returned}", timeout=0.3)
    assert "--timeout SECONDS" in str(caught.value.hint)
    assert str(caught.value.statement).startswith(("SELECT", "WITH"))
    assert works_on(store)


@pytest.mark.parametrize(
    "returned",
    [
        "a.id + b.id + c.id AS x ORDER BY x",
        "DISTINCT a.id + b.id + c.id AS x",
        "a.id + b.id + c.id AS x, count(*) AS n",
        "count(DISTINCT a.id + b.id + c.id) AS n",
        "a.id AS a, b.id AS b, c.id AS c",
    ],
)
def test_a_query_that_needs_too_much_memory(store: GraphStore, returned: str) -> None:
    with pytest.raises(StoreError, match=r"^the query needs more memory than the 100 MB that it may take") as caught:
        ecosystem.query(store, f"{ALL_OF_THREE} RETURN {returned}", memory="100MB", timeout=30)
    assert "--memory SIZE" in str(caught.value.hint)
    assert works_on(store)


@pytest.fixture(scope="module")
def woven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """A store of companies that all have links to twenty others."""
    store = open_store(tmp_path_factory.mktemp("woven") / "g.duckdb", create=True)
    nodes = [Node(f"c{at:03}", "Company", {}) for at in range(WOVEN)]
    links = [
        Link(f"e{at}-{step}", "ENABLES", f"c{at:03}", f"c{(at + step * step) % WOVEN:03}", {})
        for at in range(WOVEN)
        for step in range(1, 21)
    ]
    store.load(dataset(graph(nodes, links)))
    yield store
    store.close()


@pytest.mark.parametrize(
    "query",
    [
        "MATCH p = (c:Company)-[:ENABLES*1..12]->(d) RETURN count(p) AS n",
        "MATCH p = (c:Company)-[:ENABLES*1..12]->(d) RETURN p",
        "MATCH (c:Company)-[:ENABLES*]->(d) RETURN count(*) AS n",
    ],
)
@pytest.mark.parametrize(("limit", "told"), [({"memory": "100MB"}, "100 MB"), ({"timeout": 0.2}, r"0\.2 s")])
def test_a_walk_that_explodes(woven: GraphStore, query: str, limit: dict[str, Any], told: str) -> None:
    """Walks of twelve links among companies that all have links to twenty others: 20^12 of each company."""
    with pytest.raises(StoreError, match=told):
        ecosystem.query(woven, query, **({"timeout": 60} | limit))
    assert len(ecosystem.query(woven, "MATCH (c:Company) RETURN c.id AS id")) == WOVEN


def test_two_questions_at_a_time_keep_to_the_lesser_memory(store: GraphStore) -> None:
    assert isinstance(store, EmbeddedStore)
    with store.limited(80_000_000):
        with store.limited(40_000_000):
            assert store._memory.least == 40_000_000
        assert store._memory.least == 80_000_000
        with pytest.raises(StoreError, match="80 MB"):
            store.query(parse(f"{ALL_OF_THREE} RETURN count(DISTINCT a.id + b.id + c.id) AS n")).read_all()
    assert works_on(store)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    store = open_store(tmp_path / "g.duckdb", create=True)
    store.load(dataset(graph([Node(f"c{at:05}", "Company", {"patents": at}) for at in range(500)], [])))
    (tmp_path / f"{next(tmp_path.glob('g.duckdb.*')).name}.tmp").touch()  # where the engine would put what has no room
    with pytest.raises(StoreError, match="than the 50 MB that it may take"):
        ecosystem.query(store, f"{ALL_OF_THREE} RETURN a.id + b.id + c.id AS x ORDER BY x", memory="50MB")
    store.close()


def test_lists_that_the_engine_does_not_count(store: GraphStore) -> None:
    """The lists of one step are outside the engine's own limit: some hundred megabytes for two thousand rows."""
    assert isinstance(store, EmbeddedStore)
    sql = "SELECT len(range(20000 + r)) FROM range(1000000) AS t(r)"
    cursor = store._attached().connection.cursor()
    limit = RunLimit(cursor, Path("g"), 30, sql, 20_000_000)
    with pytest.raises(StoreError, match="more memory than the 20 MB"), limit.errors():
        cursor.execute(sql).fetchall()
    assert works_on(store)


def test_less_memory_than_any_query_needs(store: GraphStore) -> None:
    with pytest.raises(StoreError, match=r"needs more memory than the 1 kB that it may take"):
        ecosystem.query(store, "MATCH (c:Company) RETURN c.id AS id ORDER BY id", memory=1000)
    assert works_on(store)


@pytest.mark.parametrize("none", [0, None])
def test_no_limit(store: GraphStore, none: int | None) -> None:
    frame = ecosystem.query(store, "MATCH (c:Company) RETURN count(c) AS n", timeout=none, memory=none)
    assert frame["n"].tolist() == [COMPANIES]


def test_a_store_that_is_closed_meanwhile(tmp_path: Path) -> None:
    store = open_store(tmp_path / "g.duckdb", create=True)
    store.load(dataset(graph([Node("a", "Company", {})], [])))
    assert isinstance(store, EmbeddedStore)
    with store.limited(100_000_000):
        store.close()
    assert ecosystem.query(store, "MATCH (c:Company) RETURN c.id AS id")["id"].tolist() == ["a"]
    store.close()


@pytest.mark.parametrize(
    ("told", "size"),
    [
        ("4GB", 4 * 10**9),
        ("4 gb", 4 * 10**9),
        ("500MB", 500 * 10**6),
        ("1.5GiB", 3 * 2**29),
        ("2TB", 2 * 10**12),
        ("300", 300),
        (300, 300),
        ("0", None),
        ("0GB", None),
        (None, None),
    ],
)
def test_sizes(told: str | int | None, size: int | None) -> None:
    assert Limits.of(memory=told).memory == size


@pytest.mark.parametrize("told", ["much", "-1", "GB", "4 elephants", "", "1e9", "nan", "4GBGB", "9" * 400, -5])
def test_what_is_no_size(told: str | int) -> None:
    with pytest.raises(UsageError, match="is no size of memory") as caught:
        Limits.of(memory=told)
    assert "--memory 4GB" in str(caught.value)


def test_limits_that_nobody_has_named() -> None:
    usual = Limits.of()
    assert usual.seconds == DEFAULT_SECONDS == 60
    assert usual.memory == min(machine_memory() // 2, MOST_MEMORY)


def test_the_memory_of_a_container(tmp_path: Path) -> None:
    (tmp_path / "slice").mkdir()
    (tmp_path / "memory").mkdir()
    (tmp_path / "memory.max").write_text("max\n", encoding="utf-8")
    (tmp_path / "slice" / "memory.max").write_text("3000000000\n", encoding="utf-8")
    (tmp_path / "memory" / "memory.limit_in_bytes").write_text("9000000000\n", encoding="utf-8")
    own = tmp_path / "own"
    own.write_text("0::/slice\n", encoding="utf-8")
    assert sorted(limits._container_memory(tmp_path, own)) == [3 * 10**9, 9 * 10**9]
    assert list(limits._container_memory(tmp_path / "nowhere", tmp_path / "none")) == []


def test_a_machine_that_does_not_tell_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.sysconf")
    monkeypatch.setattr(limits, "_container_memory", lambda: iter([]))
    assert Limits.of().memory == 4 * 10**9


def test_rows_are_counted_as_they_come() -> None:
    batch = pa.record_batch({"x": pa.array(range(1000), pa.int64())})
    seen: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for at in range(1000):
            seen.append(at)
            yield batch

    reader = pa.RecordBatchReader.from_batches(batch.schema, batches())
    with pytest.raises(StoreError, match="80 kB"):
        Limits(memory=80_000).gathered(reader)
    assert len(seen) == 3
    assert Limits().gathered(pa.RecordBatchReader.from_batches(batch.schema, [batch])).num_rows == 1000
