"""Every function gives on every store what Neo4j 5.26 gave, of constants and of properties."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from graphs import Node, dataset, graph
from stores import CALENDAR, KINDS, empty_store

from ecosystem.errors import StoreError
from ecosystem.query.parser import parse_statement
from ecosystem.query.run_failures import RUN_FAILURES
from ecosystem.query.statement_check import check_statement
from ecosystem.query.statement_tree import Item, Statement
from ecosystem.query.tree import Expression
from ecosystem.store import GraphStore, open_store

sys.path.append(str(Path(__file__).parents[1] / "query"))
from function_values import CASES, Case, constants, of_properties, same

pytestmark = pytest.mark.long

Way = Callable[[Case], Expression]
WAYS: dict[str, Way] = {"constants": lambda case: case.expression, "properties": of_properties}
AT_ONCE = 40
"""How many columns a query asks for."""


@pytest.fixture(scope="module", params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which store it is."""
    return str(request.param)


@pytest.fixture(scope="module")
def store(kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    """Each store with one node that has every constant of the calls for a property."""
    target = empty_store(kind, request, tmp_path_factory.mktemp("functions"))
    target.load(dataset(graph([Node("n", "Park", constants())], [])))
    url = target.url
    target.close()
    opened = open_store(url)
    yield opened
    opened.close()


def statement_of(expressions: Sequence[Expression]) -> Statement:
    """A query for the value of each expression."""
    statement = parse_statement("MATCH (n:Park) RETURN n.id AS x")
    assert isinstance(statement, Statement)
    part = statement.parts[0]
    items = tuple(Item(each, f"c{number}") for number, each in enumerate(expressions))
    return replace(statement, parts=(replace(part, projection=replace(part.projection, items=items)),))


def asked(store: GraphStore, expressions: Sequence[Expression]) -> list[object]:
    """Their values."""
    statement = statement_of(expressions)
    assert check_statement(statement, store.schema) == ()
    (row,) = store.query(statement).read_all().to_pylist()
    return list(row.values())


VALUED = [case for case in CASES if case.fails is None]
FAILING = [case for case in CASES if case.fails is not None]
CHANGED = [case.of_calendar_release for case in CASES if case.calendar is not None]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("first", range(0, len(VALUED), AT_ONCE))
def test_functions_give_what_neo4j_gives(store: GraphStore, kind: str, way: str, first: int) -> None:
    cases = [case for case in VALUED[first : first + AT_ONCE] if not (kind == "neo4j-calendar" and case.calendar)]
    found = asked(store, [WAYS[way](case) for case in cases])
    pairs = zip(cases, found, strict=True)
    assert [(case, value) for case, value in pairs if not same(case.value, value)] == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", FAILING, ids=lambda case: case.call)
def test_functions_fail_where_neo4j_fails(store: GraphStore, kind: str, way: str, case: Case) -> None:
    if kind == "neo4j-calendar" and case.calendar is not None:
        case = case.of_calendar_release
        assert [case.value] == asked(store, [WAYS[way](case)])
        return
    assert case.fails is not None
    with pytest.raises(StoreError) as raised:
        asked(store, [WAYS[way](case)])
    if kind == "embedded":
        assert raised.value.hint == RUN_FAILURES[case.fails].hint


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", CHANGED, ids=lambda case: case.call)
@pytest.mark.parametrize("kind", [CALENDAR], indirect=True)
def test_what_the_calendar_release_answers_otherwise(store: GraphStore, way: str, case: Case) -> None:
    if case.fails is None:
        assert same(case.value, asked(store, [WAYS[way](case)])[0])
    else:
        with pytest.raises(StoreError):
            asked(store, [WAYS[way](case)])
