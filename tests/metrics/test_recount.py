"""Aggregates after some matches are lost, and with matches that count several times, against a plain recount."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem.metrics import parse_metric, recount
from ecosystem.metrics.matches import Matches
from ecosystem.metrics.reweigh import reweighing, undrawn
from ecosystem.model import load_model
from ecosystem.query import Schema, bind_query
from ecosystem.query.recompute import aggregate, evaluate

SCHEMA = Schema.of_model(load_model())
VALUES = (
    *("count(*)", "count(t.year)", "count(DISTINCT t.year)", "sum(t.year)", "sum(DISTINCT t.year)"),
    *("sum(t.amount_cny_m)", "sum(DISTINCT t.amount_cny_m)", "avg(t.amount_cny_m)", "avg(DISTINCT t.year)"),
    *("min(t.year)", "max(t.amount_cny_m)", "max(t.year) - min(t.year)", "1.0 * max(t.year) / count(*)"),
    *("percentileCont(t.amount_cny_m, 0.3)", "percentileDisc(t.year, $share)", "percentileCont(DISTINCT t.year, 0.5)"),
    *("stDev(t.amount_cny_m)", "stDevP(t.year)", "stDev(DISTINCT t.year)", "stDevP(DISTINCT t.amount_cny_m)"),
)
REGIONS = 4
ROWS = st.lists(
    st.tuples(
        st.integers(0, REGIONS - 1),
        st.none() | st.integers(2010, 2014),
        st.none() | st.integers(0, 3).map(float) | st.floats(0, 1e6),
    ),
    min_size=1,
    max_size=25,
)
Row = tuple[int, int | None, float | None]


def matches(value: str, rows: Sequence[Row]) -> Matches:
    """The rows as matches of a metric: region, year, amount."""
    metric = parse_metric(
        f"""// title: Test
// unit: units
// param: share = 0.7
// dated: none
MATCH (i)-[t:INVESTED_IN]->(c:Company {{in_sample: true}})
MATCH (c)-[:LOCATED_IN]->(:Region)-[:WITHIN]->(r:Region {{level: $level}})
RETURN r.id AS region, {value} AS value
""",
        "test.cypher",
    )
    bound = bind_query(metric.query, SCHEMA, metric.parameter_types)
    columns = {
        "year": pa.chunked_array([pa.array([year for _, year, _ in rows], pa.int64())]),
        "amount_cny_m": pa.chunked_array([pa.array([amount for *_, amount in rows], pa.float64())]),
    }
    arguments = tuple(
        columns[call.arguments[0].name] if call.arguments else None  # type: ignore[union-attr]  # a property of t
        for call in bound.aggregates
    )
    at = np.array([region for region, *_ in rows], dtype=np.int64)
    return Matches(metric, bound, {"share": 0.7}, at, arguments, {}, {}, {})


def plainly(whole: Matches, kept: Sequence[int]) -> list[float]:
    """The value of each region from some of the rows, some of them more than once."""
    some = whole.only(np.array(kept, dtype=np.int64))
    totals = {
        call: aggregate(call, column, some.regions, REGIONS, whole.parameters)
        for call, column in zip(some.query.aggregates, some.arguments, strict=True)
    }
    found: list[float] = evaluate(some.query.value, totals, whole.parameters, REGIONS).tolist()
    return found


@pytest.mark.parametrize("value", VALUES)
@settings(max_examples=40, deadline=None)
@given(rows=ROWS, data=st.data())
def test_what_is_left_is_counted_as_if_the_rest_had_never_been_there(
    value: str, rows: list[Row], data: st.DataObject
) -> None:
    whole = matches(value, rows)
    places = range(len(rows))
    variants = data.draw(st.lists(st.sets(st.sampled_from(places), min_size=1), min_size=1, max_size=4))
    pairs = sorted((variant, row) for variant, lost in enumerate(variants) for row in lost)
    lost = tuple(np.array(column, dtype=np.int64) for column in zip(*pairs, strict=True))
    changed = recount.recount(whole, (lost[0], lost[1]), REGIONS, np.array([], dtype=np.int64))
    for variant, region, found in zip(changed.variants, changed.regions, changed.values, strict=True):
        kept = [row for row in places if row not in variants[variant]]
        expected = plainly(whole, kept)[region]
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True), (variant, region)


@pytest.mark.parametrize("value", [value for value in VALUES if undrawn(matches(value, []).query) is None])
@settings(max_examples=25, deadline=None)
@given(rows=ROWS, data=st.data())
def test_a_match_that_is_drawn_three_times_counts_three_times(value: str, rows: list[Row], data: st.DataObject) -> None:
    if "DISTINCT" in value:
        return  # counted once, which has a test in tests/robustness
    whole = matches(value, rows)
    times = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    units = np.arange(len(rows))
    drawn = reweighing(whole, units, len(rows), REGIONS).values(np.array(times, dtype=np.float64)[:, None])[0]
    expected = plainly(whole, np.repeat(units, times).tolist())
    for region in {at for at, *_ in rows}:
        assert drawn[region] == pytest.approx(expected[region], rel=1e-9, abs=1e-9, nan_ok=True)


def test_values_that_are_not_finite_are_gone_when_they_are_lost() -> None:
    rows: list[Row] = [(0, 1, math.inf), (0, 2, 1.0), (0, 3, 3.0)]
    for value, expected in (("sum(t.amount_cny_m)", 4.0), ("stDevP(t.amount_cny_m)", 1.0)):
        lost = (np.array([0]), np.array([0]))
        found = recount.recount(matches(value, rows), lost, REGIONS, np.array([], dtype=np.int64))
        assert found.values.tolist() == [expected]


def test_cells_are_counted_anew_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(5)
    rows: list[Row] = [(int(at), None, float(1e6 * at + size)) for at, size in enumerate(draw.random(12))]
    rows = [(index % 2, None, amount if index < 2 else 1e-6 * index) for index, (_, _, amount) in enumerate(rows)]
    monkeypatch.setattr(recount, "MOST", 5)
    lost = (np.repeat(np.arange(2), 2), np.array([0, 1, 0, 1]))
    whole = matches("sum(t.amount_cny_m) + stDev(t.amount_cny_m)", rows)
    found = recount.recount(whole, lost, REGIONS, np.array([], dtype=np.int64))
    expected = plainly(whole, range(2, 12))[:2] * 2
    assert found.values.tolist() == pytest.approx(expected, rel=1e-12)
