"""Aggregates of random values: the embedded engine's, those from the evidence, and those of the standard library."""

from __future__ import annotations

import math
import statistics
from fractions import Fraction

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecosystem.query.aggregates import KNOWN, Values, share_of
from ecosystem.query.dialect import DUCKDB
from ecosystem.query.recompute import aggregate
from ecosystem.query.tree import Call, Literal, Variable

pytestmark = pytest.mark.long

NAMES = ("sum", "avg", "min", "max", "stdev", "stdevp", "percentilecont", "percentiledisc")
SHARES = (0.0, 0.1, 0.25, 0.3, 0.5, 0.7, 0.9, 1.0)
FLOATS = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: value + 0.0)
WHOLE = st.integers(-(2**40), 2**40)
CELLS = st.lists(st.tuples(st.integers(0, 3), st.none() | FLOATS), max_size=40) | st.lists(
    st.tuples(st.integers(0, 3), st.none() | WHOLE | st.integers(0, 3)), max_size=40
)
ENGINE = duckdb.connect()
"""In memory; it has no table."""


def call(name: str, share: float, *, distinct: bool) -> Call:
    more = (Literal(share),) if KNOWN[name].shared else ()
    return Call(name, (Variable("x"), *more), distinct)


def asked(given: Call, table: pa.Table, kind: str) -> list[float]:
    """The aggregate of each group, in the order of the groups, as the embedded engine computes it."""
    ENGINE.register("given", table)
    share = DUCKDB.constant(share_of(given, {})) if len(given.arguments) > 1 else ""
    text = KNOWN[given.function].sql(Values(DUCKDB, "x", kind, given.distinct, kind == "float", [None], share))
    rows = ENGINE.execute(f"SELECT g, {text} FROM given GROUP BY g ORDER BY g").fetchall()
    return [math.nan if value is None else float(value) + 0.0 for _, value in rows]


def expected(given: Call, values: list[float]) -> float:
    """By the standard library, whose deviations and means are computed in fractions."""
    found = sorted(set(values) if given.distinct else values)
    if given.function == "sum":
        return float(sum(map(Fraction, found)))
    if not found:
        return math.nan
    match given.function:
        case "avg":
            return float(statistics.mean(map(Fraction, found)))
        case "min" | "max":
            return found[0] if given.function == "min" else found[-1]
        case "stdev":
            return float(statistics.stdev(map(Fraction, found))) if len(found) > 1 else 0.0
        case "stdevp":
            return float(statistics.pstdev(map(Fraction, found)))
    share = share_of(given, {})
    if given.function == "percentilecont":
        return float(np.quantile(np.array(found, dtype=np.float64), share))
    # numpy knows the share as a fraction of two: here it is the float, as in Neo4j
    return float(found[max(math.ceil(share * len(found)), 1) - 1])


@settings(max_examples=150, deadline=None)
@given(cells=CELLS, name=st.sampled_from(NAMES), share=st.sampled_from(SHARES), distinct=st.booleans())
def test_the_engine_the_evidence_and_the_standard_library_agree(
    cells: list[tuple[int, float | None]], name: str, share: float, distinct: bool
) -> None:
    given = call(name, share, distinct=distinct)
    kind = "float" if any(isinstance(value, float) for _, value in cells) else "integer"
    arrow = pa.float64() if kind == "float" else pa.int64()
    table = pa.table({"g": pa.array([g for g, _ in cells], pa.int64()), "x": pa.array([x for _, x in cells], arrow)})
    groups, codes = np.unique(table["g"].to_numpy(), return_inverse=True)
    ours = aggregate(given, table["x"], codes.astype(np.int64), len(groups)).tolist()
    engine = asked(given, table, kind)
    exactly = name not in ("sum", "avg")  # an unbounded sum is compensated in the engine, not exact
    tolerance = {} if exactly else {"rel": 1e-12, "abs": 1e-3}
    assert engine == pytest.approx(ours, nan_ok=True, **(tolerance or {"rel": 0, "abs": 0}))
    plain = [expected(given, [x for g, x in cells if g == group and x is not None]) for group in groups.tolist()]
    assert ours == pytest.approx(plain, rel=1e-9, abs=1e-6, nan_ok=True)


@pytest.mark.parametrize(
    ("name", "distinct", "found"),
    [
        # Neo4j Community 5.26.30: UNWIND [1, 2, 2, 3, null] AS x RETURN ...
        ("sum", True, 6.0),
        ("avg", True, 2.0),
        ("stdev", False, 0.816496580927726),
        ("stdevp", False, 0.7071067811865476),
        ("stdev", True, 1.0),
        ("percentilecont", False, 2.0),
        ("percentiledisc", True, 2.0),
        ("min", False, 1.0),
        ("max", True, 3.0),
    ],
)
def test_answers_of_neo4j(name: str, distinct: bool, found: float) -> None:
    table = pa.table({"g": [0] * 5, "x": pa.array([1, 2, 2, 3, None], pa.int64())})
    given = call(name, 0.5, distinct=distinct)
    assert asked(given, table, "integer") == pytest.approx([found], rel=1e-15)
    assert aggregate(given, table["x"], np.zeros(5, np.int64), 1).tolist() == pytest.approx([found], rel=1e-15)


@pytest.mark.parametrize("name", ["stdev", "stdevp"])
@pytest.mark.parametrize("offset", [1e9, 1e12, 1e15])
def test_deviations_do_not_cancel(name: str, offset: float) -> None:
    """Two values around a large number, as in NIST StRD NumAcc3 and NumAcc4, here exact in floats."""
    values = [offset + 4, offset + 8] * 500 + [offset + 6]
    table = pa.table({"g": [0] * len(values), "x": values})
    true = statistics.stdev(map(Fraction, values)) if name == "stdev" else statistics.pstdev(map(Fraction, values))
    given = call(name, 0.5, distinct=False)
    assert asked(given, table, "float") == pytest.approx([true], rel=1e-15)
    assert aggregate(given, table["x"], np.zeros(len(values), np.int64), 1)[0] == pytest.approx(true, rel=1e-15)


@pytest.mark.parametrize("name", NAMES)
def test_not_a_number_is_larger_than_every_number(name: str) -> None:
    table = pa.table({"g": [0] * 3, "x": [1.0, math.nan, 3.0]})
    given = call(name, 1.0, distinct=False)
    found = aggregate(given, table["x"], np.zeros(3, np.int64), 1).tolist()
    assert found == pytest.approx([1.0 if name == "min" else math.nan], nan_ok=True)
    assert asked(given, table, "float") == pytest.approx(found, nan_ok=True)


def test_every_not_a_number_is_another() -> None:
    """Neo4j: UNWIND [0.0/0.0, 0.0/0.0, 3.0] AS x RETURN percentileDisc(DISTINCT x, 0.3), count(DISTINCT x)."""
    table = pa.table({"g": [0] * 3, "x": [math.nan, math.nan, 3.0]})
    assert asked(call("percentiledisc", 0.3, distinct=True), table, "float") == [3.0]
    assert asked(call("count", 0.3, distinct=True), table, "float") == [3.0]
