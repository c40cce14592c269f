"""Aggregates over arrays: of groups, of nothing, of hard numbers; and the arithmetic between them."""

from __future__ import annotations

import math
import random

import numpy as np
import pyarrow as pa
import pytest

from ecosystem.model import load_model
from ecosystem.query import Schema, bind_query, parse
from ecosystem.query.recompute import add_up, aggregate, evaluate
from ecosystem.query.tree import Call, Variable

X = (Variable("x"),)
COUNT, DISTINCT, ALL = Call("count", X), Call("count", X, distinct=True), Call("count", ())
SUM, AVG = Call("sum", X), Call("avg", X)
GROUPS = np.array([0, 1, 1, 3, 3, 3], dtype=np.int64)


def column(*values: object) -> pa.ChunkedArray:
    """The values in two chunks, as an engine streams them."""
    whole = pa.array(values)
    return pa.chunked_array([whole[:2], whole[2:]], whole.type)


@pytest.mark.parametrize(
    ("call", "values", "expected"),
    [
        (ALL, None, [1, 2, 0, 3]),
        (COUNT, column(1, None, 3, None, 5, 5), [1, 1, 0, 2]),
        (DISTINCT, column(1, None, 3, None, 5, 5), [1, 1, 0, 1]),
        (DISTINCT, column("a", "a", "b", None, "a", "a"), [1, 2, 0, 1]),
        (DISTINCT, column(True, True, True, False, True, None), [1, 1, 0, 2]),
        (DISTINCT, column(0.5, 0.5, 0.25, None, None, None), [1, 2, 0, 0]),
        (DISTINCT, column(0.0, -0.0, 0.0, -0.0, 0.0, math.inf), [1, 1, 0, 2]),
        (DISTINCT, column(math.nan, math.nan, math.nan, math.nan, 0.5, None), [1, 2, 0, 2]),
        (SUM, column(1, None, 3, None, 5, 5), [1, 3, 0, 10]),
        (SUM, column(0.1, 0.1, 0.2, None, None, None), [0.1, 0.1 + 0.2, 0, 0]),
        (SUM, column(None, None, None, None, None, None).cast(pa.float64()), [0, 0, 0, 0]),
        (AVG, column(1, None, 3, None, 5, 6), [1, 3, math.nan, 5.5]),
        (AVG, column(None, 0.5, None, None, None, None), [math.nan, 0.5, math.nan, math.nan]),
        (SUM, column(2**60, 2**52, 1, -(2**60), 2**60, 3), [2**60, 2**52 + 1, 0, 3]),
    ],
)
def test_one_value_per_group(call: Call, values: pa.ChunkedArray | None, expected: list[float]) -> None:
    found = aggregate(call, values, GROUPS, 4)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, expected)


def test_no_rows_and_no_groups() -> None:
    nothing = np.empty(0, dtype=np.int64)
    empty = pa.chunked_array([pa.array([], pa.float64())])
    for call in (COUNT, DISTINCT, SUM, AVG):
        assert aggregate(call, empty, nothing, 0).tolist() == []
    assert aggregate(ALL, None, nothing, 2).tolist() == [0, 0]


@pytest.mark.parametrize("seed", range(5))
def test_float_sums_are_those_of_fsum_in_any_order(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - nothing here is a secret
    values = [rng.choice([1, -1]) * math.ldexp(rng.random(), rng.randint(-60, 60)) for _ in range(1000)]
    groups = np.array([rng.randint(0, 3) for _ in values])
    found = aggregate(SUM, column(*values), groups, 4).tolist()
    members = [[value for value, at in zip(values, groups, strict=True) if at == group] for group in range(4)]
    assert found == [math.fsum(each) for each in members]
    order = np.array(rng.sample(range(1000), 1000))
    shuffled = column(*[values[place] for place in order])
    assert aggregate(SUM, shuffled, groups[order], 4).tolist() == found


def test_what_is_not_finite_is_no_sum() -> None:
    groups = np.array([0, 0, 1, 1, 2])
    found = aggregate(SUM, column(math.inf, -math.inf, math.inf, 1.0, 0.5), groups, 3)
    np.testing.assert_array_equal(found, [math.nan, math.nan, 0.5])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count(x)", [4, 0]),
        ("count(x) + 1", [5, 1]),
        ("-count(x) - 1", [-5, -1]),
        ("2 * count(x) * sum(x.a)", [20, 0]),
        ("1.0 * sum(x.a) / count(x)", [0.625, math.nan]),
        ("1.0 / count(x)", [0.25, math.nan]),
        ("-7 % count(x)", [-3, math.nan]),
        ("sum(x.a) ^ 2", [6.25, 0]),
        ("count(x) * $factor", [12, 0]),
        ("count(x) + $none", [math.nan, math.nan]),
        ("count(x) + null", [math.nan, math.nan]),
        ("0 - count(x)", [-4, 0]),
        ("-sum(x.a)", [-2.5, 0]),
    ],
)
def test_arithmetic_of_aggregates(text: str, expected: list[float]) -> None:
    query = parse(f"MATCH (x) RETURN {text} AS value")
    known = {"count": np.array([4.0, 0.0]), "sum": np.array([2.5, 0.0])}
    totals = {call: known[call.function] for call in bind_query(query, Schema(load_model())).aggregates}
    found = evaluate(query.items[0].expression, totals, {"factor": 3, "none": None}, 2)
    np.testing.assert_array_equal(found, expected)
    assert not any(math.copysign(1, value) < 0 for value in found.tolist() if value == 0)


def test_what_is_no_arithmetic_is_a_mistake_of_the_caller() -> None:
    query = parse("MATCH (x) RETURN coalesce(count(x), 1) > 1 AS value")
    with pytest.raises((TypeError, KeyError)):
        evaluate(query.items[0].expression, {}, {}, 1)


def test_rows_are_grouped_by_as_many_columns_as_the_query_has() -> None:
    """Beside what pandas groups; texts in the order of their code points, as a store sorts them."""
    text = "MATCH (a)-[t:ENABLES]->(b) RETURN a.id AS source, b.id AS target, count(t) AS weight"
    query = bind_query(parse(text), Schema(load_model()))
    draw = np.random.default_rng(3)
    sources, targets = draw.choice(["企业", "b", "NA", "Z"], 200), draw.choice(["x", "é", "a"], 200)
    ends = list(zip(sources.tolist(), targets.tolist(), strict=True))
    rows = pa.table({"source": [a for a, _ in ends], "target": [b for _, b in ends], "arg0": range(200)})
    added = add_up(query, rows, {}).to_pandas()
    expected = rows.to_pandas().groupby(["source", "target"]).size()
    assert list(zip(added["source"], added["target"], strict=True)) == sorted(set(ends))
    assert added["weight"].tolist() == expected.loc[list(zip(added["source"], added["target"], strict=True))].tolist()
    assert add_up(query, rows.slice(0, 0), {}).num_rows == 0
