"""Nothing but `dialect.py` knows an engine: all that is translated comes out as Spark SQL too, which a parser reads."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
import sqlglot
from spark_dialect import Spark
from sqlglot.errors import ErrorLevel

from ecosystem.metrics import load_metrics
from ecosystem.model import load_model
from ecosystem.query import Schema, bind_query, parse, to_sql
from ecosystem.query.dialect import DUCKDB, Dialect
from ecosystem.query.functions import FUNCTIONS
from ecosystem.query.parser import parse_statement
from ecosystem.query.pipeline import statement_sql
from ecosystem.query.provenance import evidence, without, witnesses
from ecosystem.query.statement_check import check_statement

ROOM = Path(__file__).parents[2] / "ecosystem" / "query"
SCHEMA = Schema.of_model(load_model())
METRICS = load_metrics()
WORDS = (
    *("::", "HUGEINT", "VARCHAR", "list_", "len(", "struct_pack", "fsum", "isfinite", "starts_with", "ends_with"),
    *("any_value", "pow(", "[]", "$", '"'),
)
"""What DuckDB has and Spark has not, or has by another name."""
OF_DUCKDB = re.compile(
    r"duckdb|HUGEINT|BIGINT|VARCHAR|DOUBLE\b|\blist_\w|struct_pack|\bfsum|isfinite|isnan\(|starts_with|ends_with"
    r"|any_value|\bpow\b|LATERAL|OFFSET\s|(?<!\?)::",
    re.IGNORECASE,
)
ENGINES = (
    *("dialect.py", "list_dialect.py", "walk_dialect.py", "aggregate_dialect.py", "temporal_dialect.py"),
    *("duckdb_text.py", "duckdb_numbers.py", "mistakes.py"),
)
"""The modules with words of an engine; mistakes are those that people make in Cypher, with words of other languages."""
EXPRESSIONS = (
    "MATCH (c:Company) RETURN c.patents / 2.0 AS a, c.patents % 2 AS b, c.patents ^ 2 AS d",
    "MATCH (c:Company) WHERE c.name STARTS WITH 'a\\'\\\\' OR c.name CONTAINS 'c' RETURN c.id AS id",
    "MATCH (c:Company) WHERE c.name ENDS WITH 'b' AND c.name + 'x' = 'yx' RETURN count(*) AS n",
    "MATCH (c:Company) WHERE c.patents IN $some AND c.name IN ['a', 'b'] RETURN c.id AS id, count(*) AS n",
    "MATCH (c:Company) WHERE c.patents / 2.0 > 1 RETURN sum(c.revenue_cny_m) AS s, avg(c.patents) AS a",
    "MATCH (c:Company) WHERE c.name =~ 'a.*' OR c.name =~ c.id + 1 RETURN count(*) AS n",
    "MATCH (c:Company) RETURN percentileCont(c.patents, 0.25) AS p, percentileDisc(DISTINCT c.revenue_cny_m, 0.5) AS q",
    "MATCH (c:Company) RETURN stDev(c.patents / 2.0) AS s, stDevP(DISTINCT c.patents / 2.0) AS p, max(c.name) AS m",
    "MATCH (c:Company) RETURN sum(DISTINCT c.patents) AS s, avg(DISTINCT c.revenue_cny_m) AS a",
    "MATCH (a:Company)-[t:COLLABORATES_WITH]-(b) WHERE a.patents <> b.patents RETURN count(DISTINCT b) AS n",
)
CALLS = {
    "size": "size('ab') + size(['a'])",
    "isEmpty": "isEmpty('') AND isEmpty([1])",
    "reverse": "reverse('ab') + head(reverse(['a']))",
    "split": "size(split('a,b', ',')) + size(split('a,b', [',', ';']))",
    "substring": "substring('abc', 1) = substring('abc', 1, 2)",
    "round": "round(1.5) + round(1.25, 1)",
    "range": "size(range(1, 2)) + size(range(2, 1, -1))",
    **{name: f"{name}([1, 2])" for name in ("head", "last", "tail")},
    **{name: f"{name}('a b', 1)" for name in ("left", "right")},
    "replace": "replace('a', 'b', 'c')",
    "atan2": "atan2(1, 2.5)",
    "e": "e()",
    "pi": "pi()",
    "rand": "rand()",
}
"""A call of each function that takes something else than one argument of the first of its types."""
ARGUMENTS = {"string": "'a'", "float": "1.5", "any": "'1'", "list": "[1]"}
PARAMETERS = {"some": "list of integer"}
SPARK: Dialect = Spark()


def spoken(sql: str) -> str:
    """The SQL, which the parser takes, without the names and the strings in it."""
    sqlglot.parse_one(sql, dialect="spark", error_level=ErrorLevel.RAISE)
    return re.sub(r"`[^`]*`|'(?:\\.|[^'\\])*'", "_", sql)


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_is_spark_sql_too(name: str) -> None:
    metric = METRICS[name]
    given = bind_query(metric.query, SCHEMA, metric.parameter_types)
    for query in (given, evidence(given), without(given), *witnesses(given)):
        text = spoken(to_sql(query, SPARK))
        assert not [word for word in WORDS if word in text], text


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_every_kind_of_expression_is_spark_sql_too(text: str) -> None:
    sql = spoken(to_sql(bind_query(parse(text), SCHEMA, PARAMETERS), SPARK))
    assert not [word for word in WORDS if word in sql], sql


@pytest.mark.parametrize("name", [function.name for function in FUNCTIONS.values()])
def test_every_function_is_spark_sql_too(name: str) -> None:
    takes = FUNCTIONS[name.lower()].takes
    call = CALLS.get(name) or f"{name}({ARGUMENTS[takes[0][0]]})"
    statement = parse_statement(f"MATCH (c:Company) RETURN {call} AS x")
    assert check_statement(statement, SCHEMA) == ()
    sql = spoken(statement_sql(statement, SCHEMA, {}, SPARK))
    assert not [word for word in WORDS if word in sql], sql


def test_exact_sums_are_spark_sql_too() -> None:
    held = Schema(SCHEMA.model, SCHEMA.nodes, SCHEMA.links, {}, {("INVESTED_IN", "amount_cny_m"): (0.5, 2.0**30)})
    query = parse("MATCH ()-[t:INVESTED_IN]->() RETURN sum(t.amount_cny_m) AS s")
    sql = spoken(to_sql(bind_query(query, held), SPARK))
    assert "DECIMAL" in sql
    assert not [word for word in WORDS if word in sql], sql


def test_statements_are_spark_sql_too() -> None:
    cases = json.loads((Path(__file__).parent / "statements.json").read_text(encoding="utf-8"))
    read = 0
    for text in (case["query"] for case in cases):
        statement = parse_statement(text)
        if check_statement(statement, SCHEMA):
            continue
        sql = spoken(statement_sql(statement, SCHEMA, {}, SPARK))
        assert not [word for word in WORDS if word in sql], sql
        read += 1
    assert read > 20


def test_the_words_are_those_of_duckdb() -> None:
    """Each word that Spark's text must not have stands in DuckDB's: the test above would notice it."""
    held = Schema(SCHEMA.model, SCHEMA.nodes, SCHEMA.links, {}, {("Company", "revenue_cny_m"): (1.0, 2.0)})
    queries = [*map(parse, EXPRESSIONS), METRICS["company_count"].query]
    texts = [to_sql(bind_query(query, each, PARAMETERS), DUCKDB) for query in queries for each in (SCHEMA, held)]
    unheard = [word for word in WORDS if not any(word in text for text in texts)]
    assert unheard == ["::", "struct_pack"]


def test_no_other_module_writes_a_word_of_an_engine() -> None:
    for path in sorted(ROOM.glob("*.py")):
        if path.name not in ENGINES:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
            assert not [text for text in texts if isinstance(text, str) and OF_DUCKDB.search(text)], path.name
