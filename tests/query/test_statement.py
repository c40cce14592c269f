"""What `ecosystem query` answers, against the answers of Neo4j 5.26 on the same graph, and what it refuses."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stores import empty_store

from ecosystem.dataset import read_dataset
from ecosystem.errors import QueryError, StoreError
from ecosystem.query.check import parameter_types
from ecosystem.query.parser import parse_statement
from ecosystem.query.statement_check import check_statement
from ecosystem.query.statement_tree import columns_of
from ecosystem.store import GraphStore

HERE = Path(__file__).parent
# the rows that Neo4j Community 5.26.30 gave for the golden dataset; a node or link as its id, floats to 6 digits
ANSWERS = json.loads((HERE / "statements.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = empty_store(request.param, request, tmp_path_factory.mktemp("statements"))
    store.load(read_dataset(HERE.parent / "golden" / "dataset").dataset)
    yield store
    store.close()


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else round(value, 6)
    return value


def in_any_order(row: list[Any]) -> tuple[tuple[bool, str, str], ...]:
    return tuple((value is None, str(type(value)), str(value)) for value in row)


@pytest.mark.parametrize("answer", ANSWERS, ids=[answer["query"] for answer in ANSWERS])
def test_the_answer_is_that_of_neo4j(store: GraphStore, answer: dict[str, Any]) -> None:
    statement = parse_statement(answer["query"])
    parameters = answer.get("parameters", {})
    assert check_statement(statement, store.schema, parameter_types(parameters)) == ()
    table = store.query(statement, parameters).read_all()
    assert table.column_names == answer["columns"] == list(columns_of(statement))
    rows = [[plain(value) for value in row.values()] for row in table.to_pylist()]
    assert (rows if answer["ordered"] else sorted(rows, key=in_any_order)) == answer["rows"]


def test_the_answers_say_something() -> None:
    assert len(ANSWERS) > 40
    assert sum(bool(answer["rows"]) for answer in ANSWERS) > 40


def test_parameters_bound_rows_and_select(store: GraphStore) -> None:
    statement = parse_statement(
        "MATCH (c:Company) WHERE c.id IN $ids RETURN c.id AS id ORDER BY id SKIP $from LIMIT $n"
    )
    values = {"ids": ["c03", "c01", "c02"], "from": 1, "n": 1}
    assert check_statement(statement, store.schema, {"ids": "list of string", "from": "integer", "n": "integer"}) == ()
    assert store.query(statement, values).read_all()["id"].to_pylist() == ["c02"]


def test_a_parameter_may_hold_what_is_no_number(store: GraphStore) -> None:
    statement = parse_statement(
        "MATCH (c:Company {id: 'c01'}) RETURN 0.3 IN $reals AS a, 0.0 * c.patents / 0.0 IN $reals AS b, "
        "0.0 IN $reals AS d, null IN $reals AS e, $nothing = $nothing AS f, $nothing AS g, 1.0 / $zero IN $reals AS h"
    )
    values = {"reals": [-0.0, math.nan, -math.inf, 7.0], "nothing": math.nan, "zero": -0.0}
    (row,) = store.query(statement, values).read_all().to_pylist()
    assert [plain(value) for value in row.values()] == [False, False, True, None, False, "NaN", True]


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ("MATCH (c:Company) WITH c.name RETURN 1 AS x", "no_alias", "WITH c.name AS name"),
        ("MATCH (c:Company) RETURN c.id ORDER BY c", "order", "a node has no order of its own"),
        ("MATCH (c:Company) RETURN DISTINCT c.layer ORDER BY c.id", "order", "only what is returned"),
        ("MATCH (c:Company) RETURN c.id ORDER BY count(*)", "order", "use WITH"),
        ("MATCH (c:Company) RETURN c.layer, count(*) AS n ORDER BY c.id", "ungrouped", "c.id stands beside"),
        ("MATCH (c:Company) RETURN c.id LIMIT -1", "bound", "a whole number from 0"),
        ("MATCH (c:Company) RETURN c.id SKIP 1.5", "bound", "a whole number from 0"),
        ("MATCH (c:Company) RETURN c.id SKIP c.patents", "bound", "a whole number from 0"),
        ("MATCH (c:Company) WITH c.id AS c RETURN c.name", "unknown_property", "c is string, and has no property"),
        ("MATCH (c:Company) WITH c.id AS c MATCH (c)-[:ENABLES]->(b) RETURN b", "value_as_pattern", "c is a value"),
        ("MATCH (c:Company) WITH c.id AS x RETURN c.name", "unknown_variable", "variable c is not bound here"),
        (
            "MATCH (c:Company) RETURN c.id AS x UNION MATCH (c:Company) RETURN c.id AS y",
            "union_columns",
            "both return x",
        ),
        (
            "MATCH (c:Company) RETURN c.id AS x UNION MATCH (c:Company) RETURN c.patents AS x",
            "union_types",
            "integer here",
        ),
        ("MATCH (c:Company) RETURN c.id AS x, c.name AS x", "duplicate_column", "column x is returned twice"),
        ("MATCH (c:Compny) RETURN c", "unknown_label", "did you mean 'Company'?"),
        ("MATCH (c:Company) WITH c WHERE c.name RETURN c", "type", "WHERE takes boolean"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(store: GraphStore, text: str, code: str, part: str) -> None:
    findings = check_statement(parse_statement(text), store.schema)
    assert [finding.code for finding in findings] == [code]
    assert part in str(findings[0])
    assert findings[0].row == 1


@pytest.mark.parametrize("text", ["CREATE (c:Company)", "MATCH (c) DETACH DELETE c", "MATCH (c) SET c.name = 'x'"])
def test_a_write_is_refused_and_sent_nowhere_else(text: str) -> None:
    with pytest.raises(QueryError, match="a query only reads") as caught:
        parse_statement(text)
    assert "Neo4j" not in str(caught.value)


def test_union_and_union_all_do_not_mix() -> None:
    text = "MATCH (a:Park) RETURN a.id UNION MATCH (a:Park) RETURN a.id UNION ALL MATCH (a:Park) RETURN a.id"
    with pytest.raises(QueryError, match="UNION and UNION ALL do not mix"):
        parse_statement(text)


@pytest.mark.parametrize(("word", "value"), [("LIMIT", -1), ("SKIP", -1), ("LIMIT", None), ("SKIP", True)])
def test_a_bound_that_counts_no_rows_is_refused(store: GraphStore, word: str, value: object) -> None:
    statement = parse_statement(f"MATCH (c:Company) RETURN c.id AS id ORDER BY id {word} $n")
    with pytest.raises(QueryError, match=r"\$n is .*, and SKIP and LIMIT take a whole number from 0"):
        store.query(statement, {"n": value})


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("MATCH (c:Company {id: 'c01'}) RETURN 9223372036854775807 + c.patents AS n", {}),
        ("MATCH (c:Company {id: 'c01'}) RETURN 9223372036854775807 * c.patents AS n", {}),
        ("MATCH (c:Company {id: 'c01'}) RETURN $n - c.patents AS n", {"n": -(2**63)}),
        ("MATCH (c:Company {id: 'c01'}) RETURN $n AS n", {"n": 2**63}),
        ("MATCH (c:Company) RETURN sum(9223372036854775807 - 0 * c.patents) AS n", {}),
    ],
)
def test_what_leaves_64_bits_is_refused_in_plain_words(
    store: GraphStore, text: str, parameters: dict[str, Any]
) -> None:
    with pytest.raises(StoreError, match="leaves the 64 bits of an integer"):
        store.query(parse_statement(text), parameters).read_all()


@pytest.mark.parametrize(
    "text",
    [
        "MATCH (c:Company {id: 'c01'}) RETURN coalesce(9007199254740993 + 0 * c.patents, 0.5) AS x",
        "MATCH (c:Company {id: 'c01'}) RETURN CASE WHEN c.patents > 0 THEN 9007199254740993 ELSE 0.5 END AS x",
    ],
)
def test_an_integer_among_floats_never_loses_its_digits(store: GraphStore, text: str) -> None:
    with pytest.raises(StoreError, match="would lose its last digits"):
        store.query(parse_statement(text)).read_all()


@pytest.mark.parametrize("text", ["RETURN 9223372036854775808 AS x", "RETURN -9223372036854775809 AS x"])
def test_a_constant_beyond_64_bits_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="does not parse") as caught:
        parse_statement(text)
    assert "does not fit into 64 bits" in caught.value.findings[0].message


@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 5000, "1" * 400 + ".5", "9" * 5000 + "e1"])
def test_a_number_of_thousands_of_digits_is_refused_without_repeating_it(number: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_statement(f"RETURN {number} AS x")
    assert len(str(caught.value)) < 300
