"""Constraints of a database: those of others in the way are named, ids that are there twice as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import neo4j
import pytest
from neo4j_server import Server
from test_neo4j_load import COMPANIES, everything, invented, refusal

from ecosystem.store import GraphStore, open_store


@pytest.fixture
def store(server: Server) -> Iterator[GraphStore]:
    store = open_store(server.url, create=True)
    yield store
    store.close()


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("make", "take_away"),
    [
        ("CREATE CONSTRAINT mine FOR (c:Company) REQUIRE c.name IS UNIQUE", "DROP CONSTRAINT mine"),
        ("CREATE CONSTRAINT `a b` FOR ()-[t:ENABLES]-() REQUIRE t.id IS UNIQUE", "DROP CONSTRAINT `a b`"),
        ("CREATE CONSTRAINT FOR (c:Region) REQUIRE (c.id, c.name) IS UNIQUE", "DROP CONSTRAINT constraint_"),
        ("CREATE INDEX mine FOR (c:Company) ON (c.id)", "DROP INDEX mine"),
    ],
)
def test_a_constraint_of_another_shape(
    store: GraphStore, ask: Callable[..., list[neo4j.Record]], make: str, take_away: str
) -> None:
    ask(make)
    told = refusal(lambda: store.load(invented()))
    assert "a constraint or index of another shape" in told
    assert take_away in told
    assert everything(ask) == ([], [])


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    "make",
    [
        "CREATE INDEX FOR (c:Company) ON (c.name)",
        "CREATE TEXT INDEX FOR (c:Company) ON (c.id)",
        "CREATE CONSTRAINT FOR (m:Movie) REQUIRE m.title IS UNIQUE",
        "CREATE CONSTRAINT FOR (c:Company) REQUIRE c.id IS UNIQUE",
    ],
)
def test_a_constraint_that_is_in_nobodys_way(
    store: GraphStore, ask: Callable[..., list[neo4j.Record]], make: str
) -> None:
    ask(make)
    store.load(invented(companies=3))
    assert ask("MATCH (c:Company) RETURN count(c) AS n")[0]["n"] == 3


@pytest.mark.usefixtures("bare")
def test_ids_that_are_there_twice(store: GraphStore, ask: Callable[..., list[neo4j.Record]]) -> None:
    store.load(invented())
    for row in ask("SHOW CONSTRAINTS YIELD name, labelsOrTypes WHERE labelsOrTypes = ['Company'] RETURN name"):
        ask(f"DROP CONSTRAINT {row['name']}")
    ask("CREATE (:Company {id: 'k0001'}), (:Company {id: 'k0002'}), (:Company {id: 'k0002'})")
    told = refusal(lambda: store.load(invented()))
    assert "holds ids of Company more than once: 'k0002' 3 times, 'k0001' 2 times" in told
    assert "--replace" in told
    store.load(invented(), replace=True)
    assert ask("MATCH (c:Company) RETURN count(c) AS n")[0]["n"] == COMPANIES
