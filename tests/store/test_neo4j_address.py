"""URLs of servers: what they say, and the sentence for what makes no sense; a password in one is never repeated."""

from __future__ import annotations

import contextlib
import traceback
from pathlib import Path

import pytest

from ecosystem.errors import EcosystemError, Finding, UsageError, without_passwords
from ecosystem.store import open_store
from ecosystem.store.neo4j.address import Address, is_neo4j, parse_address


@pytest.mark.parametrize(
    ("url", "database", "expected"),
    [
        ("bolt://localhost", None, Address("bolt", "localhost", 7687)),
        ("neo4j://db.example.org:7690", None, Address("neo4j", "db.example.org", 7690)),
        ("NEO4J+S://Host/", None, Address("neo4j+s", "host", 7687)),
        ("bolt+ssc://10.0.0.1:1/graph", None, Address("bolt+ssc", "10.0.0.1", 1, "graph")),
        ("bolt+ssc://10.0.0.1:1", "graph", Address("bolt+ssc", "10.0.0.1", 1, "graph")),
        ("bolt://[::1]:7687/graph", "graph", Address("bolt", "::1", 7687, "graph")),
    ],
)
def test_what_a_url_says(url: str, database: str | None, expected: Address) -> None:
    address = parse_address(url, database)
    assert address == expected
    assert parse_address(str(address)) == address


def test_an_address_is_written_as_it_is_read() -> None:
    assert str(parse_address("bolt://[::1]/graph")) == "bolt://[::1]:7687/graph"
    assert parse_address("bolt://[::1]/graph").server == "bolt://[::1]:7687"


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("bolt://", "names no host"),
        ("bolt://:7687", "names no host"),
        ("bolt:/localhost", "is no URL"),
        ("neo4j+s:localhost", "is no URL"),
        ("bolt://localhost:port", "is no URL"),
        ("bolt://localhost:99999", "is no URL"),
        ("bolt://[::1", "is no URL"),
        ("bolt://localhost/a/b", "more than a server and a database"),
        ("neo4j://localhost?policy=eu", "more than a server and a database"),
        ("neo4j://localhost#x", "more than a server and a database"),
    ],
)
def test_what_is_no_url(url: str, part: str) -> None:
    with pytest.raises(UsageError, match=part) as caught:
        open_store(url)
    assert "bolt://localhost:7687" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "bolt://neo4j:hunter2@localhost",
        "neo4j+s://:hunter2@localhost:7687/db",
        "bolt:/neo4j:hunter2@localhost",
        "neo4j:neo4j:hunter2@localhost",
        "bolt://neo4j:hunter2/x@localhost",
        "bolt://localhost/@hunter2",
        "BOLT+S://neo4j:hunter2@[",
    ],
)
@pytest.mark.parametrize("create", [True, False])
def test_a_password_in_a_url_is_refused_and_not_repeated(url: str, create: bool) -> None:
    with pytest.raises(UsageError, match="a password has no place") as caught:
        open_store(url, create=create)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert "NEO4J_PASSWORD" in str(caught.value)


def test_two_databases_are_one_too_many() -> None:
    with pytest.raises(UsageError, match="names another database"):
        open_store("bolt://localhost/one", database="two")


def test_a_path_has_no_database(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--database graph is for a Neo4j server"):
        open_store(tmp_path / "graph.duckdb", database="graph")


@pytest.mark.parametrize("url", ["http://localhost:7474", "postgres://localhost", "bolt+x://localhost"])
def test_another_kind_of_store(url: str) -> None:
    with pytest.raises(UsageError, match="there is no store of the kind") as caught:
        open_store(url)
    assert "neo4j+s://" in str(caught.value)


@pytest.mark.parametrize("path", ["graph.duckdb", "bolt", "bolt/graph", "neo4j.duckdb", "./bolt:x", "C:\\graph"])
def test_a_path_is_no_server(path: str) -> None:
    assert not is_neo4j(path)


@pytest.mark.parametrize(
    "url",
    [
        "bolt://neo4j:hunter2",
        "bolt://hunter2:neo4j:7687",
        "bolt://localhost?password=hunter2",
        "bolt://localhost/graph#hunter2",
        "bolt://localhost/neo4j/hunter2",
        "bolt://neo4j:hunter2%40localhost",
        "bolt://hunter2%2540localhost",
        "bolt://neo4j:hunter2＠localhost",
        "bolt://neo4j:hunter2﹫localhost",
        "bolt://neo4j:a@hunter2@localhost",
        "bolt:neo4j:hunter2",
        "bolt//neo4j:hunter2@localhost",
        "bolt:///neo4j:hunter2@localhost",
        "mysql://neo4j:hunter2@localhost",
        "folder//neo4j:hunter2@localhost/g.duckdb",
    ],
)
@pytest.mark.parametrize("create", [True, False])
def test_a_password_without_a_plain_mark_is_not_repeated(url: str, create: bool, tmp_path: Path) -> None:
    with pytest.raises(EcosystemError) as caught, contextlib.chdir(tmp_path):
        open_store(url, create=create).dataset  # noqa: B018 - the embedded store says what is missing when it is asked
    assert "hunter2" not in str(caught.value)
    # a path that does not exist is repeated by the system's own error, in a traceback of a notebook
    told = "".join(traceback.format_exception(caught.value))
    assert not is_neo4j(url) or "hunter2" not in told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("there is no file https:/me:hunter2@host/x.csv", "there is no file https:/...@host/x.csv"),
        ("https://host/x.csv?a=1&api_key=hunter2&b=2", "https://host/x.csv?a=1&api_key=...&b=2"),
        ("nothing listens at bolt://h:7687: is it running?", "nothing listens at bolt://h:7687: is it running?"),
        ("bolt://[::1]:7687/graph", "bolt://[::1]:7687/graph"),
        ("/home/me@work/data.csv:3:name: me@example.org", "/home/me@work/data.csv:3:name: me@example.org"),
        ("C:/Users/me@work/x.csv", "C:/Users/me@work/x.csv"),
    ],
)
def test_what_a_message_repeats(text: str, shown: str) -> None:
    assert without_passwords(text) == shown
    assert str(EcosystemError(text, hint=text)) == f"{shown}\n  hint: {shown}"
    assert str(Finding("error", "x", text)) == shown


@pytest.mark.parametrize("text", ["/" * 100_000, "a" * 100_000, "?a" * 50_000, "a://" * 25_000, "ab:" * 30_000])
def test_a_long_message_takes_no_time(text: str) -> None:
    """Were a pattern's time the square of the length, this would take hours."""
    assert without_passwords(text) == text
