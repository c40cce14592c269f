"""Dates, moments and durations: every store answers as Neo4j 5.26 does, and as Python's calendar has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from graphs import Link, Node, dataset, graph
from hypothesis import given, settings
from hypothesis import strategies as st
from stores import empty_store

from ecosystem.errors import QueryError, StoreError
from ecosystem.query import check, parse
from ecosystem.query.temporal_text import duration_of, duration_text
from ecosystem.store import GraphStore, open_store
from ecosystem.store.limits import Limits
from ecosystem.store.question import answer

pytestmark = pytest.mark.long

# the values that Neo4j Community 5.26.30 gave, dates and moments in ISO form, durations by its toString
VALUES = json.loads((Path(__file__).parent / "temporal.json").read_text(encoding="utf-8"))
WRITTEN = {f"{made}('{text}')": value for made, each in VALUES["texts"].items() for text, value in each.items()}
EXPRESSIONS = {**WRITTEN, **VALUES["literals"], **VALUES["expressions"]}
GIVEN = [(made, text, value) for made, each in VALUES["texts"].items() for text, value in each.items()]
NODES = [
    Node("a", "Company", {"founded_year": 2019}),
    Node("b", "Company", {"founded_year": None}),
    Node("o", "Investor", {"name": "2021-W17-6"}),
]
LINKS = [
    Link("i1", "INVESTED_IN", "a", "b", {"date": date(2021, 1, 1)}),
    Link("i2", "INVESTED_IN", "o", "a", {"date": date(2020, 2, 29)}),
    Link("i3", "INVESTED_IN", "o", "b"),
    Link("l1", "LOCATED_IN", "b", "p1"),
    Link("l2", "LOCATED_IN", "a", "p1"),
]


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = empty_store(request.param, request, tmp_path_factory.mktemp("dates"))
    store.load(dataset(graph(NODES, LINKS)))
    yield store
    store.close()


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStore]:
    store = open_store(tmp_path_factory.mktemp("days") / "graph.duckdb", create=True)
    store.load(dataset(graph(NODES, LINKS)))
    yield store
    store.close()


def rows(store: GraphStore, text: str, **parameters: object) -> list[tuple[Any, ...]]:
    table = answer(store, text, None, parameters, Limits())
    return [tuple(row.values()) for row in table.to_pylist()]


def value(store: GraphStore, expression: str, **parameters: object) -> Any:
    ((found,),) = rows(store, f"RETURN {expression} AS x", **parameters)
    return plain(found)


def plain(found: Any) -> Any:
    if isinstance(found, list):
        return [plain(each) for each in found]
    return found.isoformat() if isinstance(found, date) else found


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_value_is_that_of_neo4j(store: GraphStore, expression: str) -> None:
    assert value(store, expression) == EXPRESSIONS[expression]


@pytest.mark.parametrize(("made", "text", "expected"), GIVEN)
def test_a_text_that_comes_with_the_query_is_read_alike(
    embedded: GraphStore, made: str, text: str, expected: object
) -> None:
    assert value(embedded, f"{made}($t)", t=text) == expected


@pytest.mark.parametrize(
    ("made", "text"),
    [
        *(
            ("date", text)
            for text in ("", "x", "2021-1", "2021-02-29", "2021-13-01", "2021-366", "2021-000", "2017-W53")
        ),
        *(("date", text) for text in ("2021-W00", "2021-W17-8", "2021-W17-06", "2021-Q5", "2021-Q1-91", "2021-Q1-00")),
        *(
            ("date", text)
            for text in (" 2021-05-01", "202105-01", "2021-0501", "999-01-01", "12345-01-01", "0000-01-01")
        ),
        *(("date", text) for text in ("+12345-01-01", "-0001-01-01", "2021-05-01T12:00", "2021-121-1")),
        *(
            ("datetime", text)
            for text in ("2021-05-01T24:00", "2021-05-01T23:59:60", "2021-05-01T", "T12", "2021-05-01 12")
        ),
        *(("datetime", text) for text in ("2021-05-01T12:34+02:00", "2021-05-01T12:34[Europe/Berlin]")),
        ("datetime", "2021-05-01T12:34:56.1234567Z"),
        ("localdatetime", "2021-05-01T12:34Z"),
        *(("duration", text) for text in ("", "P", "PT", "P1", "P1YT", "1Y", "P1.5Y2M")),
    ],
)
def test_what_names_nothing_is_refused_before_and_when_the_query_runs(
    embedded: GraphStore, made: str, text: str
) -> None:
    with pytest.raises(QueryError):
        rows(embedded, f"RETURN {made}('{text}') AS x")
    with pytest.raises(StoreError, match=r"no date|outside the calendar|finer than a microsecond"):
        rows(embedded, f"RETURN {made}($t) AS x", t=text)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("date('2021-02-29')", "'2021-02-29' is no date"),
        ("date('2021-05-01') = '2021-05-01'", "= mixes date and string date('2021-05-01')"),
        ("'2021' < date('2021-05-01')", "< mixes date and string date('2021-05-01')"),
        ("date('2021-05-01') IN ['2021-05-01']", "IN compares date with string date('2021-05-01')"),
        ("date('2021-05-01') < datetime('2021-05-01')", "< mixes date and datetime date(x) makes a date of a moment"),
        ("duration('P1D') < duration('P2D')", "a duration has no order"),
        ("date('2021-05-02') - date('2021-05-01')", "duration.inDays(a, b).days"),
        ("date('2021-05-02') + 1", "d + duration({days: 3})"),
        ("date('2021-05-02') + 'a'", "toString(d)"),
        ("duration('P1D') * duration('P1D')", "* is not for duration, duration"),
        ("datetime('2021-05-01T12:00+02:00')", "a time zone is outside the subset"),
        ("datetime({year: 2021, timezone: 'Europe/Berlin'})", "a time zone is outside the subset"),
        ("time('12:00')", "time() is outside the subset"),
        ("localtime.truncate('hour', time())", "localtime.truncate() is outside the subset"),
        ("date({year: 2021, day: 5})", "date() needs month"),
        ("date({month: 5})", "date() needs year"),
        ("date({year: 2021, dayOfWeek: 5})", "date() needs week"),
        ("date({year: 2021, month: 5, week: 3})", "month, week name a day in two ways"),
        ("date({year: 2021, hour: 3})", "date() knows no key 'hour'"),
        ("date({year: '2021'})", "year: takes integer, not string"),
        ("datetime({year: 2021, hour: 3})", "datetime() needs month"),
        ("datetime({year: 2021, month: 5, day: 1, minute: 3})", "datetime() needs hour"),
        ("datetime({year: 2021, nanosecond: 3})", "times are counted in microseconds"),
        ("datetime({epochMillis: 1, hour: 3})", "stands alone"),
        ("datetime(date('2021-05-01'))", "not date"),
        ("duration({})", "duration() needs days"),
        ("duration({day: 1})", "duration() knows no key 'day'"),
        ("duration('1 day')", "'1 day' is no duration"),
        ("date(5)", "date() takes string or date or datetime or localdatetime or map, not integer"),
        ("date.truncate('hour', date('2021-05-19'))", "date.truncate() knows no unit 'hour'"),
        ("datetime.truncate('hour', date('2021-05-19'))", "datetime.truncate() knows no unit 'hour'"),
        ("date.truncate($unit, date('2021-05-19'))", "the unit of date.truncate() is written out"),
        ("date('2021-05-01').hour", "date has no part 'hour'"),
        ("date('2021-05-01').mont", "did you mean 'month'?"),
        ("duration.between('2021-05-01', date('2021-05-01'))", "takes date or datetime or localdatetime, not string"),
        ("sum(date('2021-05-01'))", "sum takes integer or float, not date"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(embedded: GraphStore, expression: str, told: str) -> None:
    with pytest.raises(QueryError) as caught:
        rows(embedded, f"RETURN {expression} AS x", unit="month")
    said = " ".join(f"{finding.message} {finding.hint or ''}" for finding in caught.value.findings)
    assert told in said


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("date({year: 2021, month: 13})", "outside the calendar"),
        ("date({year: 2021, month: 2, day: 30})", "outside the calendar"),
        ("date({year: 2021, week: 54})", "outside the calendar"),
        ("date({year: 2021, ordinalDay: 366})", "outside the calendar"),
        ("date({year: 2021, quarter: 5})", "outside the calendar"),
        ("date({year: 12345})", "outside the calendar"),
        ("date('9999-12-31') + duration('P1D')", "outside the calendar"),
        ("date('0001-01-31') - duration('P1M')", "outside the calendar"),
        ("date.truncate('millennium', date('0999-05-19'))", "outside the calendar"),
        ("datetime('9999-12-31T23:59:59') + duration('PT1S')", "outside the calendar"),
        ("datetime({year: 2021, month: 5, day: 1, hour: 25})", "outside the calendar"),
        ("duration('P1D') / 0", "divided by 0"),
    ],
)
def test_what_leaves_the_calendar_fails_on_every_store(store: GraphStore, expression: str, told: str) -> None:
    with pytest.raises(StoreError) as caught:
        rows(store, f"RETURN {expression} AS x")
    assert "neo4j" in type(store).__name__.lower() or told in caught.value.message


def test_dates_of_the_graph(store: GraphStore) -> None:
    text = "MATCH ()-[t:INVESTED_IN]->() WHERE t.date >= date('2020-03-01') RETURN t.id AS id"
    assert rows(store, text) == [("i1",)]
    parts = "MATCH ()-[t:INVESTED_IN]->() RETURN t.id AS id, t.date.year AS year, t.date + duration('P1Y') AS later"
    later = [("i1", 2021, date(2022, 1, 1)), ("i2", 2020, date(2021, 2, 28)), ("i3", None, None)]
    assert rows(store, parts + " ORDER BY id") == later
    through = "MATCH ()-[t:INVESTED_IN]->() WITH date.truncate('year', t.date) AS d RETURN d.year AS y, count(*) AS n"
    assert rows(store, through + " ORDER BY y") == [(2020, 1), (2021, 1), (None, 1)]
    made = "date({year: c.founded_year, month: 3}) AS d, duration({days: c.founded_year}).weeks AS w"
    wanted = [("a", date(2019, 3, 1), 288), ("b", None, None)]
    assert rows(store, f"MATCH (c:Company) RETURN c.id AS id, {made} ORDER BY id") == wanted
    read = "MATCH (i:Investor) RETURN date(i.name) AS d, duration.inDays(date(i.name), date('2021-05-03')).days AS n"
    assert rows(store, read) == [(date(2021, 5, 1), 2)]


def test_an_order_of_dates_and_none_of_durations(store: GraphStore) -> None:
    text = "MATCH ()-[t:INVESTED_IN]->() WITH t.date AS d RETURN d ORDER BY d DESC"
    assert rows(store, text) == [(None,), (date(2021, 1, 1),), (date(2020, 2, 29),)]
    with pytest.raises(QueryError) as caught:
        rows(store, "RETURN duration('P1D') AS d ORDER BY d")
    assert "a duration has no order of its own" in caught.value.findings[0].message


def test_equal_durations_are_one_value(store: GraphStore) -> None:
    text = "MATCH ()-[t:INVESTED_IN]->() RETURN DISTINCT duration({days: 1}) AS d UNION RETURN duration('PT24H') AS d"
    assert sorted(rows(store, text)) == [("P1D",), ("PT24H",)]


def test_columns_have_the_same_types_from_every_store(store: GraphStore) -> None:
    text = "RETURN date() AS a, datetime() AS b, localdatetime() AS c, duration('P1D') AS d, [datetime()] AS e"
    table = answer(store, text, None, {}, Limits())
    types = ["date32[day]", "timestamp[us, tz=UTC]", "timestamp[us]", "string", "list<item: timestamp[us, tz=UTC]>"]
    assert [str(kind).replace("element: ", "item: ") for kind in table.schema.types] == types


def test_now_is_one_moment(store: GraphStore) -> None:
    before = datetime.now(UTC)
    ((moment, same, today, millis),) = rows(
        store, "RETURN datetime() AS a, datetime() = datetime.transaction() AS b, date() AS c, timestamp() AS d"
    )
    assert same is True
    assert before - timedelta(minutes=5) < moment < before + timedelta(minutes=5)
    assert (today, millis // 1000) == (moment.date(), int(moment.timestamp()))


def test_parameters_of_python_are_dates_moments_and_durations(store: GraphStore) -> None:
    zoned = datetime.fromisoformat("2021-05-01T14:00:00+02:00")
    naive = datetime.fromisoformat("2021-05-01T14:00:00")
    text = "RETURN $d + $p AS a, $z AS b, $n AS c, $p AS d, $z.hour AS e, $d IN $ds AS f, $n = localdatetime($t) AS g"
    given = {"d": date(2021, 5, 1), "p": timedelta(days=-1, hours=2), "z": zoned, "n": naive, "t": "2021-05-01T14:00"}
    (found,) = rows(store, text, **given, ds=[date(2021, 5, 1)])
    moment = datetime(2021, 5, 1, 12, tzinfo=UTC)
    assert found == (date(2021, 4, 30), moment, naive, "P-1DT2H", 12, True, True)


def test_a_metric_compares_and_counts_dates(store: GraphStore) -> None:
    location = "MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {level: 'province'})"
    text = f"MATCH ()-[t:INVESTED_IN]->(c:Company) {location} WHERE t.date >= date('2020-06-01') AND t.date.year = 2021"
    query = parse(f"{text} RETURN r.id AS region, count(DISTINCT t.date) AS value")
    assert check(query, store.schema) == ()
    assert [row["value"] for row in store.query(query).read_all().to_pylist()] == [1]


@pytest.mark.parametrize("clock", ["date()", "datetime()", "timestamp()", "date.realtime()"])
def test_a_metric_gives_the_same_number_tomorrow(embedded: GraphStore, clock: str) -> None:
    query = parse(f"MATCH (c:Company) WHERE {clock} IS NOT NULL RETURN c.id AS region, count(*) AS value")
    (found,) = check(query, embedded.schema)
    assert (found.code, "// param: day = '2021-05-01'" in (found.hint or "")) == ("clock", True)


@settings(max_examples=40)
@given(day=st.dates(), days=st.integers(-4000, 4000), other=st.dates(date(1, 1, 2), date(9999, 12, 30)))
def test_days_are_those_of_python(embedded: GraphStore, day: date, days: int, other: date) -> None:
    parts = ("year", "month", "day", "weekYear", "week", "dayOfWeek", "ordinalDay")
    text = ", ".join(f"$d.{part} AS {part}" for part in parts)
    text += ", duration.inDays($d, $o).days AS n, date($i) = $d AS same"
    (found,) = rows(embedded, f"RETURN {text}", d=day, o=other, i=day.isoformat())
    assert found == (
        day.year,
        day.month,
        day.day,
        *day.isocalendar(),
        day.timetuple().tm_yday,
        (other - day).days,
        True,
    )
    try:
        expected = other + timedelta(days)
    except OverflowError:
        return
    if expected.year <= 9999:
        assert value(embedded, "$d + duration({days: $n})", d=other, n=days) == expected.isoformat()


@settings(max_examples=40)
@given(
    one=st.datetimes(datetime.fromisoformat("0001-01-01"), datetime.fromisoformat("9999-01-01")),
    other=st.datetimes(datetime.fromisoformat("0001-01-01"), datetime.fromisoformat("9999-01-01")),
)
def test_a_moment_and_what_lies_between_make_the_other(embedded: GraphStore, one: datetime, other: datetime) -> None:
    text = (
        "WITH duration.inSeconds($a, $b) AS s, duration.between($a, $b) AS d "
        "RETURN $a + s AS b, s.microseconds AS n, d.microseconds AS rest, $a + d AS c"
    )
    ((found, micros, rest, through),) = rows(embedded, text, a=one, b=other)
    assert (found, micros) == (other, (other - one) // timedelta(microseconds=1))
    assert abs(rest) < 86_400_000_000
    # forward nothing is lost; backward the end of a short month may be met on another way
    assert through == other or other < one


@given(st.integers(-5000, 5000), st.integers(-5000, 5000), st.integers(-(10**12), 10**12))
def test_a_duration_is_written_as_it_is_read(months: int, days: int, micros: int) -> None:
    assert duration_of(duration_text((months, days, micros))) == (months, days, micros)
