"""The embedded store: a graph replaced as a whole, and one clear message for whatever lies at its path."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import duckdb
import pyarrow as pa
import pytest
from graphs import Graph, Link, Node, dataset, graph

from ecosystem.errors import OutputError, StoreError, UsageError
from ecosystem.query import parse
from ecosystem.store import GraphStore, open_store
from ecosystem.store.duckdb.pointer import CLOSED, Pointer
from ecosystem.store.duckdb.run_limits import RunLimit

COMPANIES = parse("MATCH (c:Company) RETURN c.id AS id, c.patents AS patents")


def small(*ids: str) -> Graph:
    """Companies in c1, each of which enables the first."""
    nodes = [Node(name, "Company", {"name": name, "patents": len(name)}) for name in ids]
    links = [Link(f"l-{name}", "LOCATED_IN", name, "c1") for name in ids]
    links += [Link(f"e-{name}", "ENABLES", name, ids[0], {"year": 2020}) for name in ids]
    return graph(nodes, links)


def ids_in(store: GraphStore) -> list[str]:
    return sorted(store.query(COMPANIES).read_all()["id"].to_pylist())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with the companies a and bb."""
    path = tmp_path / "graph.duckdb"
    store = open_store(path, create=True)
    store.load(dataset(small("a", "bb")))
    store.close()
    return path


def refusal(path: Path) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(path)
    return str(caught.value)


def test_what_is_loaded_is_there_after_reopening(path: Path) -> None:
    store = open_store(path)
    assert ids_in(store) == ["a", "bb"]
    assert store.dataset.name == "test"
    assert store.schema.counts["Company"] == 2
    assert store.schema.counts["University"] == 0
    assert store.schema.nodes["Company"]["patents"] == "integer"
    assert store.url == str(path)
    store.close()
    store.close()


def test_a_property_without_any_value_is_not_there(tmp_path: Path) -> None:
    store = open_store(tmp_path / "g", create=True)
    store.load(dataset(graph([Node("a", "Company", {"patents": None, "layer": "foundation"})], [])))
    assert "patents" not in store.schema.nodes["Company"]
    assert store.query(COMPANIES).read_all().to_pylist() == [{"id": "a", "patents": None}]
    store.close()


def test_loading_twice_gives_the_same_graph_and_leaves_two_files(path: Path) -> None:
    store = open_store(path)
    before = store.query(COMPANIES).read_all()
    store.load(dataset(small("a", "bb")))
    assert store.query(COMPANIES).read_all() == before
    store.load(dataset(small("c")))
    assert ids_in(store) == ["c"]
    store.close()
    assert len(list(path.parent.iterdir())) == 2


def test_a_reader_keeps_the_graph_that_it_opened(path: Path) -> None:
    reader = open_store(path)
    assert ids_in(reader) == ["a", "bb"]
    writer = open_store(path)
    writer.load(dataset(small("new")))
    assert ids_in(writer) == ["new"]
    assert ids_in(reader) == ["a", "bb"]
    reader.close()
    assert ids_in(reader) == ["new"]
    reader.close()
    writer.close()


@pytest.mark.parametrize(
    "failure", [KeyboardInterrupt(), OSError(28, "No space left on device"), RuntimeError("a bug")]
)
def test_a_load_that_dies_leaves_the_old_graph_and_nothing_else(path: Path, failure: BaseException) -> None:
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    store = open_store(path)
    calls = []

    def progress(what: str, done: int, total: int | None) -> None:
        calls.append(what)
        if len(calls) == 5:
            raise failure

    expected = OutputError if isinstance(failure, OSError) else type(failure)
    with pytest.raises(expected):
        store.load(dataset(small("x", "y")), progress=progress)
    assert ids_in(store) == ["a", "bb"]
    store.close()
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


def test_ctrl_c_within_the_engine_is_ctrl_c(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def build(*_: object) -> None:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr("ecosystem.store.duckdb.store.build", build)
    store = open_store(path)
    with pytest.raises(KeyboardInterrupt):
        store.load(dataset(small("x")))
    assert ids_in(store) == ["a", "bb"]
    store.close()
    assert len(list(path.parent.iterdir())) == 2


def test_ctrl_c_after_the_pointer_was_replaced_keeps_the_new_graph(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace = Pointer.replace

    def interrupted(self: Pointer, target: Path) -> Path | None:
        replace(self, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(Pointer, "replace", interrupted)
    store = open_store(path)
    with pytest.raises(KeyboardInterrupt):
        store.load(dataset(small("new")))
    store.close()
    assert ids_in(open_store(path)) == ["new"]


@pytest.mark.parametrize("method", ["write_text", "replace"])
def test_a_pointer_that_cannot_be_written_leaves_the_old_one_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    write = Path.write_text

    def full(self: Path, content: str = "", **_: object) -> None:
        if method == "write_text":
            write(self, "half of", encoding="utf-8")
        raise PermissionError(13, "Permission denied")

    store = open_store(path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, method, full)
        with pytest.raises(OutputError, match="cannot be written") as caught:
            store.load(dataset(small("x")))
    assert "the graph that was there is as it was" in str(caught.value)
    store.close()
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before


@pytest.mark.parametrize("room", [20_000, 300_000, 1_000_000])
def test_a_full_disk_leaves_the_old_graph(path: Path, room: int) -> None:
    program = """
        import resource, signal, sys
        from pathlib import Path
        sys.path[:0] = sys.argv[3:]
        from graphs import dataset
        from test_embedded import small
        from ecosystem.errors import OutputError
        from ecosystem.store import open_store
        store = open_store(Path(sys.argv[1]))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
        try:
            store.load(dataset(small(*(f"c{number}" for number in range(500)))))
        except OutputError as err:
            print(err)
    """
    before = sorted(file.name for file in path.parent.iterdir())
    here = Path(__file__).parent
    folders = [str(here), str(here.parent), str(here.parents[1])]
    command = [sys.executable, "-c", textwrap.dedent(program), str(path), str(room), *folders]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "cannot be written" in done.stdout
    assert "hint: is there room" in done.stdout
    assert sorted(file.name for file in path.parent.iterdir()) == before
    assert ids_in(open_store(path)) == ["a", "bb"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, **_: object) -> None:
        raise PermissionError(13, "Permission denied")

    store = open_store(tmp_path / "new" / "graph.duckdb", create=True)
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError, match=r"new cannot be made: Permission denied"):
        store.load(dataset(small("x")))


def test_a_copied_pointer_does_not_take_the_graph_of_the_first(path: Path) -> None:
    copy = path.with_name("copy.duckdb")
    copy.write_bytes(path.read_bytes())
    second = open_store(copy)
    assert ids_in(second) == ["a", "bb"]
    second.load(dataset(small("c")))
    assert ids_in(second) == ["c"]
    second.close()
    assert ids_in(open_store(path)) == ["a", "bb"]


def test_a_first_load_that_dies_leaves_nothing(tmp_path: Path) -> None:
    store = open_store(tmp_path / "graph.duckdb", create=True)

    def progress(what: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.load(dataset(small("x")), progress=progress)
    assert list(tmp_path.iterdir()) == []


def test_there_is_no_store(tmp_path: Path) -> None:
    assert f"there is no store at {tmp_path / 'absent'}" in refusal(tmp_path / "absent")
    assert "ecosystem load DIR" in refusal(tmp_path / "absent")
    assert "is a folder" in refusal(tmp_path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"{}",
        b"[1]",
        b"7",
        b'{"store": "other", "format": 1}',
        b'{"store": "ecosystem"}',
        bytes(range(256)),
        b"[" * 4096,
    ],
)
def test_what_is_no_store_is_neither_read_nor_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "theirs"
    path.write_bytes(content)
    assert "is not a store of this program" in refusal(path)
    with pytest.raises(StoreError, match="is not a store of this program"):
        open_store(path, create=True)
    assert path.read_bytes() == content


@pytest.mark.parametrize("rest", ["", ', "file": 7', ', "file": "../up"', ', "file": ""', ', "file": null'])
def test_a_pointer_to_nowhere_is_no_store(tmp_path: Path, rest: str) -> None:
    path = tmp_path / "graph.duckdb"
    path.write_text(f'{{"store": "ecosystem", "format": 1{rest}}}', encoding="utf-8")
    assert "is not a store of this program" in refusal(path)


def test_somebody_elses_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "theirs.duckdb"
    connection = duckdb.connect(str(path))
    connection.execute("CREATE TABLE t AS SELECT 1 AS x")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is not a store of this program"):
        open_store(path, create=True)
    assert path.read_bytes() == before


def pointed(path: Path) -> Path:
    return path.with_name(json.loads(path.read_text(encoding="utf-8"))["file"])


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "other", "text"])
def test_a_damaged_graph_says_load_it_again(path: Path, damage: str) -> None:
    file = pointed(path)
    content = file.read_bytes()
    file.unlink()
    if damage == "other":
        connection = duckdb.connect(str(file))
        connection.execute("CREATE TABLE t AS SELECT 1 AS x")
        connection.close()
    elif damage != "missing":
        file.write_bytes({"empty": b"", "cut": content[:5000], "text": b"hello " * 4000}[damage])
    message = refusal(path)
    assert "is damaged" in message or "is gone" in message
    assert "load the dataset again" in message
    store = open_store(path, create=True)
    store.load(dataset(small("mended")))
    assert ids_in(store) == ["mended"]
    store.close()


def test_bytes_that_change_within_are_an_error_or_change_nothing(path: Path) -> None:
    """Wherever a block is spoilt: one clear message, or the rows as they were, and never other rows."""
    file = pointed(path)
    content = file.read_bytes()
    outcomes = set()
    for place in range(0, len(content), len(content) // 40):
        file.write_bytes(
            content[:place] + bytes(255 - byte for byte in content[place : place + 64]) + content[place + 64 :]
        )
        try:
            store = open_store(path)
            outcomes.add(str(ids_in(store)))
            store.close()
        except StoreError:
            outcomes.add("refused")
    assert outcomes == {"refused", "['a', 'bb']"}


def test_another_format_is_refused_and_may_be_replaced(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8")) | {"format": 99}
    path.write_text(json.dumps(content), encoding="utf-8")
    assert "written by another version (format 99, not 1)" in refusal(path)
    store = open_store(path, create=True)
    store.load(dataset(small("new")))
    assert ids_in(store) == ["new"]
    store.close()


@pytest.mark.parametrize("change", ["UPDATE _ecosystem SET value = 'x'", "DELETE FROM _ecosystem"])
def test_another_model_is_refused_and_never_called_damaged(path: Path, change: str) -> None:
    connection = duckdb.connect(str(pointed(path)))
    connection.execute(f"{change} WHERE key = 'model_hash'")
    connection.close()
    with pytest.raises(StoreError, match="was made with another model") as caught:
        open_store(path)
    assert caught.value.hint == f"load the dataset again: ecosystem load DIR --store {path}"


def test_a_store_in_use_says_so(path: Path) -> None:
    program = """
        import sys, duckdb
        connection = duckdb.connect(sys.argv[1])
        print("open", flush=True)
        sys.stdin.read()
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(pointed(path))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        message = refusal(path)
        other.communicate("")
    assert "is in use" in message
    assert "another program has the file open" in message
    open_store(path).close()


def test_a_url_of_another_kind_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="gopher://"):
        open_store("gopher://somewhere")
    with pytest.raises(UsageError, match="has no path"):
        open_store("  ")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises((OutputError, StoreError)):
        open_store(tmp_path / "file" / "graph", create=True).load(dataset(small("a")))


def test_a_query_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    names = [f"c{number:03}" for number in range(400)]
    store = open_store(tmp_path / "g", create=True)
    store.load(dataset(small(*names)))
    product = parse("MATCH (a:Company) MATCH (b:Company) MATCH (c:Company) MATCH (d:Company) RETURN count(*) AS n")
    with pytest.raises(StoreError, match=r"took longer than 0\.2 s") as caught:
        store.query(product, timeout=0.2).read_all()
    assert caught.value.statement is not None
    assert caught.value.statement.startswith("SELECT count(*)")
    assert len(ids_in(store)) == 400
    store.close()


def test_a_stream_that_takes_too_long_is_stopped_in_its_midst(tmp_path: Path) -> None:
    store = open_store(tmp_path / "g", create=True)
    store.load(dataset(small(*(f"c{number:03}" for number in range(300)))))
    product = parse(
        "MATCH (a:Company) MATCH (b:Company) MATCH (c:Company) MATCH (d:Company) RETURN a.id AS a, d.id AS d"
    )
    reader = store.query(product, timeout=0.3)
    first = reader.read_next_batch()
    assert first.num_rows > 0
    with pytest.raises(StoreError, match=r"took longer than 0\.3 s") as caught:
        for _ in reader:
            pass
    assert str(caught.value.statement).startswith("SELECT _t1")
    store.close()


def test_a_parameter_without_a_value_is_an_error(path: Path) -> None:
    store = open_store(path)
    with pytest.raises(StoreError, match="no value is given for") as caught:
        store.query(parse("MATCH (c:Company) WHERE c.id = $id RETURN c.id AS id")).read_all()
    assert "$id" in str(caught.value)
    assert "Company" in str(caught.value.statement)
    store.close()


def test_an_engines_refusal_carries_the_statement(path: Path) -> None:
    store = open_store(path)
    huge = parse("MATCH (c:Company) RETURN c.patents * 9223372036854775807 * 9 AS n")
    with pytest.raises(StoreError) as caught:
        store.query(huge).read_all()
    assert "leaves the 64 bits" in str(caught.value)
    assert "9223372036854775807" in str(caught.value.statement)
    store.close()


def test_rows_are_streamed_in_batches_and_only_used_parameters_are_sent(path: Path) -> None:
    store = open_store(path)
    query = parse("MATCH (c:Company) WHERE c.id = $id RETURN c AS key, c.id AS id")
    reader = store.query(query, {"id": "bb", "unused": 3})
    assert isinstance(reader, pa.RecordBatchReader)
    rows = reader.read_all()
    assert rows.schema.field("key").type == pa.int64()
    assert rows["id"].to_pylist() == ["bb"]
    store.close()


FOREIGN = {
    "the view Company": "ALTER TABLE Company RENAME TO c; CREATE VIEW Company AS "
    "SELECT c._id, c.id, content AS name, 1 AS patents FROM c, read_text('{secret}')",
    "the function count": "CREATE MACRO count(x) AS 7",
    "the function duckdb_views": "CREATE MACRO duckdb_views() AS TABLE SELECT 'x' AS view_name, true AS internal",
    "the schema theirs": "CREATE SCHEMA theirs; CREATE TABLE theirs.Company AS FROM Company",
    "the sequence s": "CREATE SEQUENCE s",
    "the type mood": "CREATE TYPE mood AS ENUM ('good')",
    "the index i": "CREATE INDEX i ON Company (id)",
    "the constraint CHECK((a > 1))": "CREATE TABLE t (a BIGINT CHECK (a > 1))",
    "column t.b, which is computed": "CREATE TABLE t (a BIGINT, b BIGINT GENERATED ALWAYS AS (a + 1))",
    "column t.a, which is computed": "CREATE TABLE t (a BIGINT DEFAULT 1)",
    "column t.a, which is of type STRUCT": "CREATE TABLE t (a STRUCT(b BIGINT))",
    "other tables, t": "CREATE TABLE t (a BIGINT)",
}


@pytest.mark.parametrize("told", FOREIGN)
def test_a_graph_of_somebody_else_with_more_than_tables_is_refused(path: Path, told: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter2", encoding="utf-8")
    connection = duckdb.connect(str(pointed(path)))
    connection.execute(FOREIGN[told].format(secret=tmp_path / "secret"))
    connection.close()
    message = refusal(path)
    assert "not a store of this program" in message
    assert told in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    "text",
    [
        "FROM read_text('{0}')",
        "FROM read_csv('{0}')",
        "ATTACH '{0}' AS other",
        "COPY Company TO '{0}.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "FROM a_frame",
    ],
)
def test_the_engine_reaches_nothing_but_its_file(path: Path, text: str) -> None:
    a_frame = pa.table({"a": [1]})
    for connection in (Pointer(path).connect(), duckdb.connect(config=CLOSED)):
        with pytest.raises(duckdb.Error):
            connection.execute(text.format(path))
        connection.close()
    assert a_frame.num_rows
    assert len(list(path.parent.iterdir())) == 2


@pytest.mark.parametrize("error", [duckdb.OutOfMemoryException("Out of Memory Error: x"), MemoryError()])
@pytest.mark.parametrize("place", ["pointer.duckdb.connect", "file.refuse_foreign", "store.build", "store._batches"])
def test_little_memory_is_not_a_damaged_graph(
    path: Path, place: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    def fail_later(reader: object, columns: object, limit: RunLimit) -> Iterator[NoReturn]:
        with limit.errors():
            yield fail()

    store = open_store(path)
    use: dict[str, Callable[[], object]] = {
        "store.build": lambda: store.load(dataset(small("x"))),
        "store._batches": lambda: store.query(COMPANIES).read_all(),
    }
    with monkeypatch.context() as patch:
        patch.setattr(f"ecosystem.store.duckdb.{place}", fail_later if place == "store._batches" else fail)
        with pytest.raises(StoreError, match="there is not enough memory to use") as caught:
            use.get(place, lambda: open_store(path))()
    assert "damaged" not in str(caught.value)
    assert ids_in(store) == ["a", "bb"]
    store.close()
    assert len(list(path.parent.iterdir())) == 2


def test_a_pipe_in_place_of_a_store_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "is not a store of this program" in refusal(tmp_path / "pipe")
    assert "is not a store of this program" in refusal(Path("/dev/zero"))
