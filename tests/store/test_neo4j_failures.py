"""What can go wrong with a server: one clear message within eight seconds, and nowhere a password."""

from __future__ import annotations

import logging
import os
import socket
import ssl
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import neo4j.exceptions
import pytest
from graphs import Link, Node, dataset, graph
from neo4j_server import Server
from proxy import Proxy, listening
from stores import driver, empty

from ecosystem.errors import StoreError
from ecosystem.query import parse
from ecosystem.store import GraphStore, open_store
from ecosystem.store.neo4j.address import parse_address
from ecosystem.store.neo4j.connection import Connection
from ecosystem.store.neo4j.failures import explained
from ecosystem.store.neo4j.store import Neo4jStore

pytestmark = pytest.mark.long

SECONDS = 8
PATIENCE = 120
"""Seconds: a command on a busy machine; it ends at once, or never."""
SEGMENTS = 24
MANY = parse(
    "MATCH (a:Segment), (b:Segment), (c:Segment), (d:Segment) RETURN a.id AS a, b.id AS b, c.id AS c, d.id AS d"
)
LONG = parse(
    "MATCH (a:Segment), (b:Segment), (c:Segment), (d:Segment), (e:Segment), (f:Segment) "
    "WHERE a.id + b.id <> e.id + f.id RETURN count(*) AS n"
)
PROGRAM = [sys.executable, "-c", "from ecosystem.cli.main import main; main()"]


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    """A password for a server that is none."""
    monkeypatch.setenv("NEO4J_PASSWORD", "correct-horse")
    return "correct-horse"


@pytest.fixture(scope="module")
def loaded(neo4j_server: Server) -> Server:
    """The server with a small graph in it."""
    empty(neo4j_server)
    store = open_store(neo4j_server.url, create=True)
    nodes = [Node(f"s{place:02}", "Segment") for place in range(2, 2 + SEGMENTS)]
    store.load(dataset(graph([*nodes, Node("k1", "Company")], [Link("l1", "LOCATED_IN", "k1", "c1")])))
    store.close()
    return neo4j_server


@pytest.fixture
def way(loaded: Server) -> Iterator[Proxy]:
    """A way to the server that can be cut."""
    address = parse_address(loaded.url)
    proxy = Proxy(address.host, address.port)
    yield proxy
    proxy.cut()


@pytest.fixture
def store(loaded: Server) -> Iterator[GraphStore]:
    store = open_store(loaded.url)
    yield store
    store.close()


def refusal(ask: Callable[[], object]) -> StoreError:
    """The error of a call, which comes in time and without the password of the environment."""
    begun = time.monotonic()
    with pytest.raises(StoreError) as caught:
        ask()
    assert time.monotonic() - begun < SECONDS
    password = os.environ.get("NEO4J_PASSWORD", "")
    told = "".join(traceback.format_exception(caught.value))
    assert not password or password not in told
    assert len(caught.value.message.splitlines()) == 1
    return caught.value


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s", "neo4j+ssc"])
@pytest.mark.parametrize("create", [True, False])
def test_nothing_listens(password: str, scheme: str, create: bool) -> None:
    with listening() as port:
        url = f"{scheme}://127.0.0.1:{port}"
    error = refusal(lambda: open_store(url, create=create))
    assert str(error).startswith(f"nothing listens at {url}\n  hint: is the server running?")


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+ssc"])
def test_a_port_that_is_open_and_silent(password: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if scheme != "bolt":
        monkeypatch.setattr("ecosystem.store.neo4j.connection.OPENING_SECONDS", 1)
    with listening() as port:
        error = refusal(lambda: open_store(f"{scheme}://127.0.0.1:{port}"))
    assert error.message == f"{scheme}://127.0.0.1:{port} takes the connection and does not answer"


def test_a_server_that_falls_silent_after_the_handshake(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecosystem.store.neo4j.connection.OPENING_SECONDS", 1)

    def shake_hands(connection: socket.socket) -> None:
        connection.recv(20)
        connection.sendall(b"\x00\x00\x04\x05")

    with listening(shake_hands) as port:
        error = refusal(lambda: open_store(f"bolt://127.0.0.1:{port}"))
    assert "does not answer" in error.message


def test_a_web_server(password: str) -> None:
    with listening(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        error = refusal(lambda: open_store(f"bolt://127.0.0.1:{port}"))
    assert error.message == f"bolt://127.0.0.1:{port} is a web server"
    assert "7687" in str(error)


def test_a_server_that_hangs_up(password: str) -> None:
    with listening(lambda connection: connection.close()) as port:
        error = refusal(lambda: open_store(f"bolt://127.0.0.1:{port}"))
    assert error.message == f"bolt://127.0.0.1:{port} does not speak Bolt"


def test_a_host_that_nobody_knows(password: str) -> None:
    error = refusal(lambda: open_store("neo4j://no-such-host.invalid"))
    assert error.message == "the host of neo4j://no-such-host.invalid:7687 is not known"


def test_an_encrypted_way_to_a_plain_port(loaded: Server) -> None:
    for scheme in ("bolt+s", "bolt+ssc", "neo4j+s"):
        url = loaded.url.replace("bolt", scheme)
        error = refusal(lambda url=url: open_store(url))  # type: ignore[misc]  # mypy infers no lambda with a default
        assert error.message == f"{url} is not encrypted"
        assert f"write {scheme.partition('+')[0]}://" in str(error)


def test_a_wrong_password(loaded: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "wrong-horse")
    error = refusal(lambda: open_store(loaded.url))
    assert error.message == f"{loaded.url} refuses the user or the password"
    assert "NEO4J_USERNAME" in str(error)
    monkeypatch.setenv("NEO4J_PASSWORD", loaded.password)
    open_store(loaded.url).close()


def test_no_password(loaded: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD")
    error = refusal(lambda: open_store(loaded.url))
    assert error.message == f"{loaded.url} wants a password"
    assert "set NEO4J_PASSWORD" in str(error)


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_a_database_that_is_not_there(loaded: Server, scheme: str) -> None:
    url = loaded.url.replace("bolt", scheme)
    error = refusal(lambda: open_store(url, database="nowhere"))
    assert error.message == f"{url}/nowhere has no such database"
    store = open_store(url, database="neo4j")
    assert store.url == f"{url}/neo4j"
    store.close()


def test_a_server_that_goes_in_the_midst_of_a_query(way: Proxy) -> None:
    store = open_store(f"bolt://127.0.0.1:{way.port}")
    reader = store.query(MANY)
    assert reader.read_next_batch().num_rows > 0
    way.cut()
    error = refusal(reader.read_all)
    assert error.message == f"the connection to {store.url} was lost"
    assert "MATCH (a:Segment)" in (error.statement or "")
    error = refusal(lambda: store.query(MANY))
    assert error.message == f"nothing listens at {store.url}"
    store.close()


def test_a_server_that_hangs_in_the_midst_of_a_query(way: Proxy) -> None:
    store = open_store(f"bolt://127.0.0.1:{way.port}")
    reader = store.query(MANY, timeout=1)
    assert reader.read_next_batch().num_rows > 0
    way.hold()
    error = refusal(reader.read_all)
    assert error.message == f"{store.url} did not answer within 1 s"
    way.cut()
    store.close()


def test_a_server_that_comes_back_is_asked_again(loaded: Server, way: Proxy) -> None:
    store = open_store(f"bolt://127.0.0.1:{way.port}")
    way.close_connections()
    time.sleep(1.1)  # a connection that has been idle is tried before it is used
    assert store.query(parse("MATCH (c:Company) RETURN c.id AS id")).read_all().num_rows == 1
    store.close()


def test_a_query_that_takes_too_long(store: GraphStore) -> None:
    error = refusal(lambda: store.query(LONG, timeout=0.3).read_all())
    assert error.message == f"{store.url} did not answer within 0.3 s"
    assert "count(*)" in (error.statement or "")
    assert store.query(parse("MATCH (c:Company) RETURN c.id AS id"), timeout=5).read_all().num_rows == 1


def test_what_is_sent_only_reads(loaded: Server) -> None:
    client = Connection(parse_address(loaded.url))
    for text in ("CREATE (n:Company {id: 'x'})", "MATCH (n) DETACH DELETE n", "CREATE INDEX FOR (n:X) ON (n.y)"):
        error = refusal(lambda text=text: client.rows(text))  # type: ignore[misc]  # mypy infers no such lambda
        assert "refused a query" in error.message
    client.close()
    with driver(loaded) as connection:
        assert connection.execute_query("MATCH (n:Company) RETURN count(n) AS n").records[0]["n"] == 1


def test_a_number_that_no_server_can_take(store: GraphStore) -> None:
    error = refusal(
        lambda: store.query(parse("MATCH (c:Company) WHERE c.patents > $n RETURN c.id AS id"), {"n": 2**64})
    )
    assert "leaves the 64 bits of an integer" in error.message


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("CREATE (n:Company)", "CREATE is refused"),
        ("MATCH (n:Company) SET n.name = 'x' RETURN n", "SET is refused"),
        ("MATCH (n:Company) DETACH DELETE n", "DELETE is refused"),
        ("CALL dbms.components() YIELD name RETURN name", "procedures are refused"),
        ("LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row", "LOAD CSV is refused"),
        ("MATCH (c:Company) RETURN c.id AS `x\\u0060, 1 AS y UNION CALL dbms.components() YIELD name //`", "1 rows"),
    ],
)
def test_what_the_command_refuses_or_sends_as_a_name(loaded: Server, tmp_path: Path, text: str, part: str) -> None:
    file = tmp_path / "question.cypher"
    file.write_text(text, encoding="utf-8")
    out = ["--out", "answer.csv"]
    done = run(tmp_path, "query", file.name, "--store", loaded.url, *out)
    assert done.returncode == (0 if part == "1 rows" else 1)
    assert part in done.stderr


@pytest.mark.long
def test_the_command_says_one_thing_and_leaves_with_1(tmp_path: Path, password: str) -> None:
    with listening() as port:
        url = f"bolt://127.0.0.1:{port}"
    for command in (["score", "cingai-2023"], ["metrics", "run"], ["query", "MATCH (c:Company) RETURN c"]):
        done = run(tmp_path, *command, "--store", url)
        assert done.returncode == 1
        assert done.stderr.splitlines()[0] == f"error: nothing listens at {url}"
        assert len(done.stderr.splitlines()) == 2
        assert done.stdout == ""


def test_the_command_repeats_no_password(tmp_path: Path) -> None:
    done = run(tmp_path, "load", "data", "--store", "bolt://neo4j:hunter2@127.0.0.1")
    assert done.returncode == 2
    assert "a password has no place" in done.stderr
    assert "hunter2" not in done.stderr + done.stdout


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([*PROGRAM, *words], cwd=folder, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_no_log_and_no_repr_has_the_password(loaded: Server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="neo4j"):
        store = open_store(loaded.url)
        store.query(parse("MATCH (c:Company) RETURN c.id AS id")).read_all()
        store.close()
    assert "LOGON" in caplog.text
    assert loaded.password not in caplog.text
    client = store._connection if isinstance(store, Neo4jStore) else None
    assert loaded.password not in repr((store, client, vars(store), vars(client)))


@pytest.mark.parametrize(
    ("cause", "part"),
    [
        (ssl.SSLCertVerificationError("self-signed certificate"), "the certificate of bolt+s://h:1 is not trusted"),
        (ssl.SSLError("wrong version number"), "bolt+s://h:1 is not encrypted"),
        (socket.gaierror(-2, "unknown"), "the host of bolt+s://h:1 is not known"),
        (ConnectionResetError("reset"), "the connection to bolt+s://h:1 was lost"),
        (ExceptionGroup("all", [OSError("x"), ConnectionRefusedError("no")]), "nothing listens at bolt+s://h:1"),
    ],
)
def test_what_lies_at_the_bottom_of_an_error(cause: Exception, part: str) -> None:
    def ask() -> None:
        with explained(parse_address("bolt+s://h:1")):
            raise neo4j.exceptions.ServiceUnavailable("Couldn't connect") from cause

    assert refusal(ask).message == part


@pytest.mark.parametrize(
    ("code", "part"),
    [
        ("Neo.ClientError.Security.AuthenticationRateLimit", "has seen too many wrong passwords"),
        ("Neo.ClientError.Security.CredentialsExpired", "wants the first password changed"),
        ("Neo.TransientError.Database.DatabaseUnavailable", "is not available"),
        ("Neo.ClientError.Security.Forbidden", "forbids it to this user"),
        ("Neo.ClientError.Statement.ArithmeticError", "an integer is divided by 0"),
    ],
)
def test_what_a_server_says(code: str, part: str) -> None:
    def ask() -> None:
        with explained(parse_address("bolt://h:1"), "MATCH (n) RETURN n"):
            raise neo4j.exceptions.Neo4jError._hydrate_neo4j(code=code, message="/ by zero\nand more")

    error = refusal(ask)
    assert part in error.message
    assert error.statement == "MATCH (n) RETURN n"
