"""An empty store of each kind, for the tests that every store has to pass."""

from __future__ import annotations

from pathlib import Path

import neo4j
import pytest
from neo4j_server import Server

from ecosystem.store import GraphStore, open_store

SERVERS = {"neo4j": "neo4j_server", "neo4j-calendar": "neo4j_calendar_server"}
"""The kinds that need a server, and the fixture that gives it."""
CALENDAR = pytest.param("neo4j-calendar", marks=pytest.mark.long)
"""The newer release is asked by the long tests, the one that is kept for years by all."""
KINDS = ("embedded", "neo4j", CALENDAR)


def empty_store(kind: str, request: pytest.FixtureRequest, folder: Path) -> GraphStore:
    """A store of a kind with nothing in it; on a server it is whatever the test before has left, emptied."""
    if kind not in SERVERS:
        return open_store(folder / "graph.duckdb", create=True)
    server: Server = request.getfixturevalue(SERVERS[kind])
    empty(server)
    return open_store(server.url, create=True)


def driver(server: Server) -> neo4j.Driver:
    """A connection of the test's own, beside that of the package."""
    return neo4j.GraphDatabase.driver(
        server.url, auth=(server.username, server.password), notifications_min_severity="OFF"
    )


def empty(server: Server) -> None:
    """Delete everything that is in the database but the constraints, which every dataset needs again."""
    with driver(server) as connection, connection.session() as session:
        for match in ("MATCH ()-[x]->()", "MATCH (x)"):
            size = 5_000
            while True:
                try:
                    done = session.run(f"{match} WITH x LIMIT $size DELETE x", size=size).consume()
                except neo4j.exceptions.TransientError:
                    size //= 10  # large properties: the server's memory for one transaction is small
                    if not size:
                        raise
                    continue
                if not done.counters.contains_updates:
                    break


def without_constraints(server: Server) -> None:
    """Delete everything, and all constraints and indexes."""
    empty(server)
    with driver(server) as connection:
        for (name,) in connection.execute_query("SHOW CONSTRAINTS YIELD name").records:
            connection.execute_query(f"DROP CONSTRAINT `{name}`")
        indexes = "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name"
        for (name,) in connection.execute_query(indexes).records:
            connection.execute_query(f"DROP INDEX `{name}`")
