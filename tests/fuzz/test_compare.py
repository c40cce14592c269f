"""What the fuzzer takes for the same rows, and what not."""

from __future__ import annotations

import math
from datetime import date

import pytest
from compare import same, same_rows

from ecosystem.query.parser import parse_statement


@pytest.mark.parametrize(
    ("ours", "theirs", "alike"),
    [
        ([(1, "a"), (2, "b")], [(2, "b"), (1, "a")], True),
        ([(1,), (1,)], [(1,)], False),
        ([(1,), (1,), (2,)], [(1,), (2,), (2,)], False),
        ([(0.1 + 0.2,)], [(0.3,)], True),
        ([(1.0,)], [(1.000001,)], False),
        ([(0.0,)], [(0,)], True),
        ([(1,)], [(1.0,)], False),
        ([(True,)], [(1,)], False),
        ([(None,)], [(0,)], False),
        ([("1",)], [(1,)], False),
        ([(math.nan,)], [(math.nan,)], True),
        ([(math.nan,)], [(math.inf,)], False),
        ([(2**53 + 1,)], [(2**53,)], False),
        ([(date(2020, 1, 1),)], [(date(2020, 1, 1),)], True),
        ([], [], True),
        ([(1.0000005, "a"), (1.0000004999, "b")], [(1.0000005, "b"), (1.0000004999, "a")], True),
    ],
)
def test_rows_are_a_multiset(ours: list[tuple[object, ...]], theirs: list[tuple[object, ...]], alike: bool) -> None:
    assert same_rows(ours, theirs) is alike


def test_an_order_that_is_asked_for_counts() -> None:
    query = parse_statement("MATCH (c:Company) RETURN c.layer AS l, c.id AS id ORDER BY l DESC")
    assert same(query, [("b", "1"), ("a", "2"), ("a", "3")], [("b", "1"), ("a", "3"), ("a", "2")])
    assert not same(query, [("a", "2"), ("b", "1")], [("b", "1"), ("a", "2")])


def test_a_node_is_sorted_by_its_id() -> None:
    query = parse_statement("MATCH (c:Company) RETURN c AS c ORDER BY c.id")
    assert not same(query, [("2",), ("1",)], [("1",), ("2",)])


def test_behind_a_rounded_mean_no_key_decides() -> None:
    query = parse_statement("MATCH (c:Company) RETURN c.layer AS l, avg(c.revenue_cny_m) AS a ORDER BY a DESC, l")
    assert same(
        query, [("b", 0.45), ("a", 0.44999999999999996)], [("a", 0.44999999999999996), ("b", 0.44999999999999984)]
    )
    assert not same(query, [("b", 0.45), ("a", 0.4)], [("a", 0.4), ("b", 0.45)])
    counted = parse_statement("MATCH (c:Company) RETURN c.layer AS l, count(*) AS n ORDER BY n DESC, l")
    assert not same(counted, [("b", 2), ("a", 2)], [("a", 2), ("b", 2)])
