"""The embedded engine and a real Neo4j give the same rows, values and evidence: random questions, and every find."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from campaign import Find, ask, run
from compare import same
from generator import generate
from neo4j import GraphDatabase
from neo4j_server import Server
from productions import PRODUCTIONS
from queries import TYPES_OF_PARAMETERS
from server import Judge
from worlds import embedded, world

from ecosystem.model import load_model
from ecosystem.query import Query, Schema, parse
from ecosystem.query.parser import parse_statement
from ecosystem.query.printer import statement_text, to_cypher

pytestmark = pytest.mark.long

QUERIES = 170
"""So many fit into half a minute; `make fuzz` asks 20,000, and there each production comes up fifty times and more."""
FINDS = sorted((Path(__file__).parent / "finds").glob("*.json"))


@pytest.fixture(scope="module")
def judge(neo4j_server: Server) -> Iterator[Judge]:
    login = (neo4j_server.username, neo4j_server.password)
    with GraphDatabase.driver(neo4j_server.url, auth=login, notifications_min_severity="OFF") as driver:
        judge = Judge(driver)
        yield judge
        judge.clear()


def test_both_engines_agree(judge: Judge) -> None:
    tally = run(judge, QUERIES, "short")
    assert tally.finds == [], tally
    assert tally.accepted >= 0.7 * tally.queries, tally
    assert tally.with_rows >= 0.5 * tally.accepted, tally
    assert [name for name in PRODUCTIONS if not tally.productions[name]] == [], tally
    assert sum(tally.productions[name] >= 20 for name in PRODUCTIONS) >= len(PRODUCTIONS) // 3, tally


@pytest.mark.parametrize("file", FINDS, ids=[file.stem for file in FINDS])
def test_what_once_differed_agrees(judge: Judge, file: Path) -> None:
    find = Find(**json.loads(file.read_text(encoding="utf-8")))
    query = parse(find.text) if find.metric else parse_statement(find.text)
    judge.load(world(find.world))
    with embedded(world(find.world)) as case:
        ours, theirs = ask(judge, case, query)
    assert isinstance(ours, list), ours
    assert isinstance(theirs, list), theirs
    assert same(query, ours, theirs), (ours, theirs)


def test_a_printed_query_parses_to_itself() -> None:
    rng = random.Random(4)  # noqa: S311 - nothing here is a secret
    for _ in range(200):
        query = generate(str(rng.random()), Schema(load_model()), TYPES_OF_PARAMETERS, left_behind=False)
        again = parse(to_cypher(query)) if isinstance(query, Query) else parse_statement(statement_text(query))
        assert again == query
