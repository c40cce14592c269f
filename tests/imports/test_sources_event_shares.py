"""What an event as a whole has is shared: own parts are kept, the rest is divided evenly."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.imports.event_shares import exceeding, shares

NONE = math.nan


@pytest.mark.parametrize(
    ("own", "whole", "expected"),
    [
        ([NONE, NONE], 10, [5, 5]),
        ([4, NONE, NONE], 10, [4, 3, 3]),
        ([4, 6], 10, [4, 6]),
        ([4, 5], 10, [4, 5]),
        ([4, 6, NONE], 10, [4, 6, 0]),
        ([0.1, 0.2, NONE], 0.3, [0.1, 0.2, 0]),
        ([8, 6, NONE], 10, [8, 6, NONE]),
        ([4, NONE], NONE, [4, NONE]),
        ([NONE, NONE], -4, [-2, -2]),
        ([NONE], 0, [0]),
        ([], 1, []),
    ],
)
def test_the_parts_of_one_event(own: list[float], whole: float, expected: list[float]) -> None:
    found = shares(np.array(own, float), np.full(len(own), whole, float), np.zeros(len(own), np.int64))
    np.testing.assert_array_equal(found, expected)


def test_events_that_have_less_than_their_links_say() -> None:
    own, whole = np.array([8.0, 6, 1, NONE, 0.1, 0.2]), np.array([10.0, 10, 5, 5, 0.3, 0.3])
    assert exceeding(own, whole, np.array([0, 0, 1, 1, 2, 2])).tolist() == [0, 1]


amounts = st.one_of(st.none(), st.integers(0, 50))


@given(
    st.lists(st.tuples(st.integers(0, 3), amounts), min_size=1, max_size=20), st.lists(amounts, min_size=4, max_size=4)
)
def test_parts_add_up_to_the_whole_wherever_a_link_is_without_its_own(
    links: list[tuple[int, int | None]], wholes: list[int | None]
) -> None:
    events = np.array([event for event, _ in links])
    own = np.array([NONE if part is None else part for _, part in links], float)
    whole = np.array([NONE if wholes[event] is None else wholes[event] for event in events], float)
    found = shares(own, whole, events)
    for event in set(events.tolist()):
        parts = [part for of, part in links if of == event]
        mine = found[events == event]
        total, known = wholes[event], sum(part for part in parts if part is not None)
        blank = [value for value, part in zip(mine, parts, strict=True) if part is None]
        assert [value for value, part in zip(mine, parts, strict=True) if part is not None] == [
            part for part in parts if part is not None
        ]
        if blank and total is not None and known <= total:
            even = float(Fraction(total - known, len(blank)))
            assert blank == pytest.approx([even] * len(blank), abs=1e-12)
        else:
            assert all(math.isnan(value) for value in blank)
