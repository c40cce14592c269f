"""What the embedded engine says never comes through raw: each of its errors that a query can meet has our sentence."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from ecosystem.messages import speaking, tr
from ecosystem.query.dialect import DUCKDB
from ecosystem.query.run_failures import RUN_FAILURES, failed, raised, raised_in
from ecosystem.store.duckdb.engine_errors import reason_of

ROWS = "(SELECT range AS i, 'a' || range AS s, range * 1.5 AS f, DATE '2020-01-01' + range::INT AS d FROM range(5))"
ENGINE = {
    "i * 9223372036854775807 * 9": "overflow",
    "9223372036854775807 + i": "overflow",
    "-9223372036854775807 - i": "overflow",
    "abs(i - 9223372036854775807 - 1)": "overflow",
    "-(i - 9223372036854775807 - 1)": "overflow",
    "CAST(sum(9223372036854775807 + 0 * i) AS BIGINT)": "overflow",
    "CAST(f * 1e30 AS BIGINT)": "overflow",
    "CAST('nan'::DOUBLE + f AS BIGINT)": "overflow",
    "1::HUGEINT * 170141183460469231731687303715884105727 * (i + 3)": "overflow",
    "sum(170141183460469231731687303715884105727::HUGEINT)": "overflow",
    "stddev_samp(f * 1e300)": "float_overflow",
    "CAST(s AS BIGINT)": "no_number",
    "CAST(s AS DOUBLE)": "no_number",
    "CAST(s AS BOOLEAN)": "no_number",
    "s = i": "no_number",
    "CAST(s AS DATE)": "no_date",
    "CAST(s AS TIMESTAMP)": "no_date",
    "CAST(s AS INTERVAL)": "no_date",
    "strptime(s, '%Y')": "no_date",
    "CAST('2020-13-45' || substr(s, 1, 0) AS DATE)": "date_range",
    "CAST('2020-13-45 10:00' || substr(s, 1, 0) AS TIMESTAMP)": "date_range",
    "make_date(2020 + i, 13, 1)": "date_range",
    "d + to_years((i * 1000000)::INT)": "date_range",
    "sqrt(-i - 1)": "root_of_negative",
    "ln(-i)": "logarithm",
    "log10(0 * i)": "logarithm",
    "quantile_cont(f, 1.5)": "percentile",
    "quantile_disc(f, -2)": "percentile",
    "regexp_full_match(s, '(' || s)": "pattern",
    "regexp_full_match(s, '[z-a]')": "pattern",
    "regexp_full_match(s, '[a')": "pattern",
    "regexp_full_match(s, 'a)')": "pattern",
    "regexp_full_match(s, '*')": "pattern",
    "regexp_full_match(s, 'a**')": "pattern",
    "regexp_full_match(s, 'a(?=b)')": "pattern",
    "regexp_full_match(s, '(a)\\1')": "pattern",
    "regexp_full_match(s, 'a{1001}')": "pattern",
    "regexp_full_match(s, '\\')": "pattern",
    "regexp_full_match(s, '(?P<x)')": "pattern",
    "substring(s, 0, 9223372036854775807)": "negative_length",
    "repeat(s, 100000000000)": "long_text",
    "len(range(0, 5000000000 + i))": "long_list",
    "list_slice([1, 2, 3], 1, 2, 0 * i)": "step",
    "map([s, s], [1, 2])": "same_key",
    "coalesce(s, i)": "unlike",
    "CASE WHEN i > 1 THEN s ELSE i END": "unlike",
    "[s, i]": "unlike",
}
"""An expression, and how it fails."""


@pytest.mark.parametrize("expression", ENGINE)
def test_an_error_of_the_engine_has_a_sentence(expression: str) -> None:
    sentence = RUN_FAILURES[ENGINE[expression]]
    with duckdb.connect() as connection:
        # at once, and in the midst of a stream, where it comes as another exception
        with pytest.raises(duckdb.Error) as caught:
            connection.execute(f"SELECT {expression} FROM {ROWS}").fetchall()
        assert reason_of(caught.value) == (sentence.message, sentence.hint)
        with pytest.raises((duckdb.Error, pa.ArrowException, OSError)) as streamed:
            connection.execute(f"SELECT {expression} FROM {ROWS}").to_arrow_reader(2).read_all()
        assert reason_of(streamed.value) == (sentence.message, sentence.hint)


@pytest.mark.parametrize("tail", ["LIMIT -1", "LIMIT (SELECT -1)", "OFFSET (SELECT -1)", "OFFSET -1"])
def test_rows_below_none(tail: str) -> None:
    with duckdb.connect() as connection, pytest.raises(duckdb.Error) as caught:
        connection.execute(f"SELECT 1 FROM {ROWS} {tail}").fetchall()
    assert reason_of(caught.value)[0] == RUN_FAILURES["row_number"].message


@pytest.mark.parametrize("code", RUN_FAILURES)
def test_what_our_own_sql_raises_is_read_back(code: str) -> None:
    for kind in DUCKDB.types:
        with duckdb.connect() as connection, pytest.raises(duckdb.Error) as caught:
            connection.execute(f"SELECT CASE WHEN i < 3 THEN NULL ELSE {DUCKDB.failure(code, kind)} END FROM {ROWS}")
        assert raised_in(str(caught.value)) == RUN_FAILURES[code]
        assert reason_of(caught.value)[0] == RUN_FAILURES[code].message
    with speaking("zh"):
        assert str(failed(code)) != RUN_FAILURES[code].message
        assert tr(RUN_FAILURES[code].hint) in str(failed(code))


def test_a_code_that_is_in_no_table_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        raised("unheard_of")
    assert raised_in("ecosystem: unheard_of") is None


@pytest.mark.parametrize("statement", ["SELECT foo(1)", "SELEC 1", "SELECT nope", "FROM nope", "SELECT UNNEST(1)"])
def test_an_error_that_no_query_should_meet_is_called_our_fault(statement: str) -> None:
    with duckdb.connect() as connection, pytest.raises(duckdb.Error) as caught:
        connection.execute(statement)
    message, hint = reason_of(caught.value)
    assert "a fault of the program, not of yours" in message
    assert "please report it" in hint
    assert "Error" not in message + hint
