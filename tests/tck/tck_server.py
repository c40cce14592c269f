"""A Neo4j server as a second judge of the scenarios: what it makes of them; nothing stays behind there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from entity_values import LinkValue, NodeValue, PathValue, cell_value
from features import Scenario
from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError
from neo4j.graph import Node, Relationship
from neo4j.graph import Path as ServerPath
from neo4j.time import Date, DateTime, Duration, Time
from neo4j_server import LTS, Server, install, running
from notation import NotationError
from outcomes import Outcome, Rows, compared, expected_rows


@dataclass(frozen=True)
class TckServer:
    """A server with an empty database."""

    driver: Driver

    def judged(self, scenario: Scenario) -> Outcome:
        """Whether the server gives the rows, or the error, that the scenario expects; `refused` where it gives none."""
        try:
            expected = expected_rows(scenario)
            got = self._rows(scenario)
        except (Neo4jError, DriverError) as err:
            return Outcome(scenario, "refused" if expected is not None else "right", str(err))
        except NotationError as err:
            return Outcome(scenario, "inexpressible", str(err))
        return compared(scenario, expected, got, {})

    def _rows(self, scenario: Scenario) -> Rows:
        values = {name: cell_value(text) for name, text in scenario.parameters}
        with self.driver.session() as session, session.begin_transaction() as transaction:
            for text in scenario.setup:
                for statement in filter(str.strip, text.split(";")):
                    transaction.run(statement).consume()
            result = transaction.run(scenario.query, values)
            columns = tuple(result.keys())
            rows = [[_plain(value) for value in record] for record in result]
            transaction.rollback()
        return Rows(columns, rows)


@contextmanager
def tck_server() -> Iterator[TckServer]:
    """The server at ECOSYSTEM_TEST_NEO4J_URL, which has to be empty, or one of our own. Raises MissingError."""
    url = os.environ.get("ECOSYSTEM_TEST_NEO4J_URL")
    with ExitStack() as stack:
        if url:
            server = Server(url, os.environ["NEO4J_PASSWORD"], os.environ.get("NEO4J_USERNAME", "neo4j"))
        else:
            home = Path(stack.enter_context(TemporaryDirectory()))
            server = stack.enter_context(running(install(LTS), home, secrets.token_urlsafe(16)))
        login = (server.username, server.password)
        driver = stack.enter_context(GraphDatabase.driver(server.url, auth=login, notifications_min_severity="OFF"))
        if driver.execute_query("MATCH (n) RETURN true AS found LIMIT 1").records:
            raise ValueError(f"{server.url} is not empty: name a database that holds nothing")
        yield TckServer(driver)


def _plain(value: object) -> object:
    """A value of the driver as the adapter has it; dates and times as the texts that the suite writes."""
    match value:
        case Node():
            return _node(value)
        case Relationship():
            return _link(value)
        case ServerPath():
            steps = zip(value.relationships, value.nodes, strict=False)
            forward = tuple(link.start_node == node for link, node in steps)
            return PathValue(tuple(map(_node, value.nodes)), tuple(map(_link, value.relationships)), forward)
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {name: _plain(item) for name, item in value.items()}
        case Date() | Time() | DateTime() | Duration():
            return value.iso_format()
        case _:
            return value


def _node(node: Node) -> NodeValue:
    return NodeValue(frozenset(node.labels), _properties(node))


def _link(link: Relationship) -> LinkValue:
    return LinkValue(link.type, _properties(link))


def _properties(entity: Node | Relationship) -> dict[str, object]:
    return {name: _plain(value) for name, value in entity.items()}
