"""The pages of the language name every function, and their examples are what the embedded engine gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from function_values import expression_of, same
from graphs import Node, dataset, graph

from ecosystem.query.functions import FUNCTIONS
from ecosystem.query.parser import parse_statement
from ecosystem.query.statement_check import check_statement
from ecosystem.query.statement_tree import Item, Statement
from ecosystem.store import GraphStore, open_store

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("language.md", "zh/language.md")
_ROW = re.compile(r"^\| (?P<names>`\w+\(.*?`) \| [^|]+ \| `(?P<call>[^|]+)` \| `(?P<value>[^|]+)` \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = open_store(tmp_path_factory.mktemp("pages") / "graph.duckdb", create=True)
    store.load(dataset(graph([Node("n", "Park")], [])))
    yield store
    store.close()


@pytest.mark.parametrize("page", PAGES)
def test_every_function_is_on_the_page(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    named = {name for row in _ROW.finditer(text) for name in re.findall(r"(\w+)\(", row["names"])}
    assert {function.name for function in FUNCTIONS.values()} - named == set()


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_functions_are_right(page: str, store: GraphStore) -> None:
    rows = list(_ROW.finditer((DOCS / page).read_text(encoding="utf-8")))
    statement = parse_statement("MATCH (n:Park) RETURN n.id AS x")
    assert isinstance(statement, Statement)
    part = statement.parts[0]
    texts = [text for row in rows for text in (row["call"], row["value"])]
    items = tuple(Item(expression_of(text), f"c{number}") for number, text in enumerate(texts))
    asked = replace(statement, parts=(replace(part, projection=replace(part.projection, items=items)),))
    assert check_statement(asked, store.schema) == ()
    (found,) = store.query(asked).read_all().to_pylist()
    values = list(found.values())
    wrong = [
        row["call"] for row, one, other in zip(rows, values[::2], values[1::2], strict=True) if not same(one, other)
    ]
    assert len(rows) > 20
    assert wrong == []
