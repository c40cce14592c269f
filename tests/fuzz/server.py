"""A Neo4j server as the judge: one small graph after the other, and what it answers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from graphs import Graph
from neo4j import Driver, ManagedTransaction
from neo4j.exceptions import ClientError, DatabaseError, TransientError
from neo4j.graph import Entity, Path
from neo4j.time import Date, DateTime, Duration

Row = tuple[object, ...]


class JudgeError(Exception):
    """The server did not answer: what it said instead."""


@dataclass(frozen=True)
class Judge:
    """A server whose one database is ours to empty."""

    driver: Driver

    def load(self, graph: Graph) -> None:
        """Put the graph in the place of what is there."""
        with self.driver.session() as session:
            session.execute_write(_replace, graph)

    def clear(self) -> None:
        """Leave nothing behind."""
        with self.driver.session() as session:
            session.run("MATCH (n) DETACH DELETE n").consume()

    def rows(self, text: str, parameters: dict[str, object]) -> list[Row]:
        """The rows of a query, with an id for each whole node or link. Raises JudgeError."""
        try:
            with self.driver.session(default_access_mode="READ") as session:
                return session.execute_read(_read, text, parameters)
        except (ClientError, DatabaseError, TransientError) as err:
            raise JudgeError(f"{err.code}: {err.message}") from err


def _read(transaction: ManagedTransaction, text: str, parameters: dict[str, object]) -> list[Row]:
    # values() would turn a whole node into a map
    return [tuple(map(_plain, record)) for record in transaction.run(text, parameters)]


def _plain(value: object) -> object:
    match value:
        case Entity():
            return value["id"]
        case Path():
            links = [link["id"] for link in value.relationships]
            ids = [node["id"] for node in value.nodes]
            return [one for pair in zip(ids, links, strict=False) for one in pair] + ids[-1:]
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case Date() | DateTime():
            return value.to_native()
        case Duration():
            return str(value)
        case _:
            return value


def _replace(transaction: ManagedTransaction, graph: Graph) -> None:
    transaction.run("MATCH (n) DETACH DELETE n").consume()
    nodes: dict[str, list[dict[str, object]]] = defaultdict(list)
    for node in graph.nodes:
        nodes[node.kind].append({**node.properties, "id": node.id})
    for label, rows in nodes.items():
        transaction.run(f"UNWIND $rows AS row CREATE (n:{label}) SET n = row", rows=rows).consume()
    links: dict[str, list[dict[str, object]]] = defaultdict(list)
    for link in graph.links:
        properties = {**link.properties, "id": link.id}
        links[link.kind].append({"a": link.source, "b": link.target, "properties": properties})
    for kind, rows in links.items():
        transaction.run(
            f"UNWIND $rows AS row MATCH (a {{id: row.a}}), (b {{id: row.b}}) CREATE (a)-[t:{kind}]->(b) "
            "SET t = row.properties",
            rows=rows,
        ).consume()
