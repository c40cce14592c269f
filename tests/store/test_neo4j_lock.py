"""One load at a time, and a server that gives no room: who is in the way is named, and nothing is written twice."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import neo4j
import neo4j.exceptions
import pytest
from graphs import Node, dataset, graph
from neo4j_server import Server
from proxy import Proxy
from stores import driver, empty
from test_neo4j_load import everything, invented, refusal

from ecosystem.errors import StoreError
from ecosystem.store import open_store
from ecosystem.store.neo4j import admission, connection, lock
from ecosystem.store.neo4j.address import parse_address
from ecosystem.store.neo4j.connection import Connection, Row
from ecosystem.store.neo4j.failures import LateError, explained
from ecosystem.store.neo4j.marker import Counts, count_everything
from ecosystem.store.neo4j.statements import Rows, Write
from ecosystem.store.neo4j.store import Neo4jStore

pytestmark = pytest.mark.long

Ask = Callable[..., list[neo4j.Record]]
PROGRAM = [sys.executable, "-c", "from ecosystem.cli.main import main; main()"]


@pytest.fixture
def store(server: Server) -> Iterator[Neo4jStore]:
    store = open_store(server.url, create=True)
    assert isinstance(store, Neo4jStore)
    yield store
    store.close()


def test_a_second_load_is_refused_by_name_while_the_first_goes_on(store: Neo4jStore, server: Server, ask: Ask) -> None:
    told: list[str] = []

    def watch(what: str, done: int, total: int | None) -> None:
        if not told:
            other = open_store(server.url, create=True)
            told.append(refusal(lambda: other.load(invented())))
            other.close()

    store.load(invented(), progress=watch)
    assert f"another load is writing into {server.url}: " in told[0]
    assert " on " in told[0]
    assert "wait until it has ended" in told[0]
    assert len(everything(ask)[1]) == len({row[2]["id"] for row in everything(ask)[1]})


@pytest.mark.parametrize("slow", [2, 99])
def test_a_slow_answer_is_not_another_load(
    store: Neo4jStore, server: Server, slow: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from a server that is busy, or whose Java still compiles itself: it ends what takes longer than it may.

    The way to it is slow too; the server looks at the time only every two seconds, so that it is ended here by us.
    """
    address = parse_address(server.url)
    proxy = Proxy(address.host, address.port)
    client = Connection(parse_address(f"bolt://127.0.0.1:{proxy.port}"))
    held, allowed = client.held, list[float]()

    @contextmanager
    def late(text: str, *, metadata: Mapping[str, object], timeout: float | None = None) -> Iterator[None]:
        if timeout is not None:
            allowed.append(timeout)
            if len(allowed) <= slow:
                raise LateError(f"{client.address} did not answer within {timeout:g} s")
        with held(text, metadata=metadata, timeout=timeout):
            yield

    monkeypatch.setattr(client, "held", late)
    try:
        client.connect()
        proxy.delay = 0.05
        if slow == 2:
            with lock.write_lock(client):
                assert "another load is writing into" in refusal(lambda: store.load(invented()))
            assert allowed == [1.5, 3.0, 6.0]
        else:
            monkeypatch.setattr(lock, "ANSWER_SECONDS", 0.2)
            with pytest.raises(StoreError, match="did not answer within"), lock.write_lock(client):
                pass
    finally:
        client.close()
        proxy.cut()


@pytest.mark.parametrize("patience", [60.0, 1.0])
def test_a_database_that_is_just_starting_is_waited_for_by_a_load(
    server: Server, patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Connection(parse_address(server.url))
    rows, asked = client.rows, list[str]()

    def starting(text: str, *_: object, **__: object) -> list[Row]:
        asked.append(text)
        if len(asked) > 2:
            return rows(text)
        with explained(client.address):
            code = "Neo.TransientError.Database.DatabaseUnavailable"
            raise neo4j.exceptions.Neo4jError._hydrate_neo4j(code=code, message="starting")
        return []

    monkeypatch.setattr(client, "rows", starting)
    monkeypatch.setattr(connection, "PAUSE_SECONDS", 0.01)
    if patience > connection.OPENING_SECONDS:
        client.connect(patience)
    else:
        with pytest.raises(StoreError, match="is not available"):
            client.connect(patience)
    client.close()
    assert len(asked) == (3 if patience > connection.OPENING_SECONDS else 1)


def test_loads_that_begin_together(server: Server, ask: Ask) -> None:
    told: list[str] = []

    def begin() -> None:
        store = open_store(server.url, create=True)
        try:
            store.load(invented())
            told.append("loaded")
        except StoreError as err:
            told.append(err.message)
        finally:
            store.close()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "loaded" in told
    assert all(each == "loaded" or "another load is writing" in each for each in told), told
    found = everything(ask)
    empty(server)
    store = open_store(server.url, create=True)
    store.load(invented())
    store.close()
    assert everything(ask) == found


def test_a_load_that_begins_between_two_questions_is_no_strangers_data(
    store: Neo4jStore, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark is asked for first and the nodes are counted then: what another load wrote in between is marked."""

    def count(client: Connection) -> Counts:
        monkeypatch.undo()
        other = open_store(server.url, create=True)
        other.load(invented())
        other.close()
        return count_everything(client)

    monkeypatch.setattr(admission, "count_everything", count)
    store.load(invented())
    assert count_everything(store._connection).nodes["_Ecosystem"] == 1


def test_a_load_that_lost_its_turn_writes_no_more(store: Neo4jStore, ask: Ask) -> None:
    def take_over(what: str, done: int, total: int | None) -> None:
        ask("MATCH (m:_Ecosystem) SET m.load = 'another'")

    told = refusal(lambda: store.load(invented(), batch=40, progress=take_over))
    assert "another load has taken over" in told
    assert ask("MATCH ()-[t]->() RETURN count(t) AS n")[0]["n"] == 0


def test_the_last_transaction_of_a_load_that_died_is_waited_for(
    store: Neo4jStore, server: Server, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.load(invented())
    with driver(server) as connection, connection.session() as session:
        left = session.begin_transaction(metadata={"program": "ecosystem", "load": "dead"})
        left.run("MATCH (c:Company {id: 'k0001'})-[:LOCATED_IN]->(r) CREATE (c)-[:LOCATED_IN {id: 'late'}]->(r)")
        threading.Timer(0.3, left.commit).start()
        store.load(invented(), replace=True)
        assert ask("MATCH ()-[t:LOCATED_IN {id: 'late'}]->() RETURN count(t) AS n")[0]["n"] == 0
    with driver(server) as connection, connection.session() as session:
        monkeypatch.setattr(lock, "SETTLE_SECONDS", 0.2)
        left = session.begin_transaction(metadata={"program": "ecosystem", "load": "dead"})
        left.run("RETURN 1").consume()
        assert "a transaction of an earlier load has not ended" in refusal(lambda: store.load(invented()))
        left.rollback()


def test_sessions_and_batches_make_no_difference(store: Neo4jStore, server: Server, ask: Ask) -> None:
    store.load(invented(), batch=17, sessions=1)
    before = everything(ask)
    for batch, sessions in ((40, 4), (100_000, 8)):
        empty(server)
        store.load(invented(), batch=batch, sessions=sessions)
        assert everything(ask) == before


def test_no_more_rows_are_in_pythons_hands_than_the_batches(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    rows = Write.rows

    def counted(self: Write, start: int, count: int) -> Rows:
        found = rows(self, start, count)
        asked.append(len(found))
        return found

    monkeypatch.setattr(Write, "rows", counted)
    store.load(invented(), batch=50)
    assert max(asked) == 50


def test_a_name_with_ten_thousand_characters(store: Neo4jStore, ask: Ask) -> None:
    source = dataset(graph([Node("k1", "Company", {"name": "名" * 10_000})], []))
    store.load(source)
    assert ask("MATCH (c:Company) RETURN c.name AS name")[0]["name"] == "名" * 10_000
    assert store.changes(source).none


@pytest.mark.usefixtures("little_memory")
def test_a_property_of_20_mb_where_a_transaction_has_32(store: Neo4jStore) -> None:
    huge = Node("k1", "Company", {"name": "one", "story": "x" * 20_000_000})
    told = refusal(lambda: store.load(dataset(graph([huge], []))))
    assert "has not memory enough for a single row of Company" in told
    smaller = Node("k1", "Company", {"name": "one", "story": "x" * 4_000_000})
    store.load(dataset(graph([smaller], [])))
    assert store.changes(dataset(graph([smaller], []))).none


def test_replace_on_a_foreign_database_by_the_command(server: Server, ask: Ask, tmp_path: Path) -> None:
    write_folder(tmp_path / "data", 5)
    ask("CREATE (:Movie {title: 'theirs'})")
    done = command(tmp_path, server, "--replace")
    assert done.returncode == 1
    assert "is not empty, and no store of this program: it holds Movie 1" in done.stderr
    assert ask("MATCH (n) RETURN count(n) AS n")[0]["n"] == 1


def test_the_command_says_what_would_change(server: Server, tmp_path: Path) -> None:
    write_folder(tmp_path / "data", 5)
    assert "rows loaded into" in command(tmp_path, server, "--batch", "7", "--sessions", "1").stderr
    write_folder(tmp_path / "data", 4)
    done = command(tmp_path, server, "--replace", "--dry-run")
    assert "nothing of this was done" in done.stderr
    assert "k0004" in done.stdout
    assert command(tmp_path, server, "--update", "--replace").returncode == 2


def write_folder(folder: Path, companies: int) -> None:
    folder.mkdir(exist_ok=True)
    rows = "".join(f"k{place:04},name {place}\n" for place in range(companies))
    (folder / "companies.csv").write_text(f"id,name\n{rows}", encoding="utf-8")


def command(folder: Path, server: Server, *words: str) -> subprocess.CompletedProcess[str]:
    line = [*PROGRAM, "load", "data", "--store", server.url, *words]
    environment = {**os.environ, "COLUMNS": "160"}
    done = subprocess.run(line, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    return done
