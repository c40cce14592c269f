"""Link ids: the same for the same link, whatever the order of rows and columns; different for links that differ."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.dataset.link_ids import hash_texts, make_link_ids, running_numbers

TYPES = {"year": pa.int64(), "amount": pa.float64(), "round": pa.string(), "open": pa.bool_(), "day": pa.date32()}

Link = dict[str, Any]
links = st.fixed_dictionaries(
    {
        "from": st.sampled_from(["a", "b", "甲"]),
        "to": st.sampled_from(["a", "b"]),
        "year": st.none() | st.integers(-(2**62), 2**62) | st.sampled_from([0, 1, 2020]),
        "amount": st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.0, -0.0, 1.0]),
        "round": st.none() | st.text("ab甲é\0\n-", max_size=4),
        "open": st.none() | st.booleans(),
        "day": st.none() | st.dates(),
    }
)


def ids_of(rows: list[Link], names: list[str] | None = None, link_type: str = "ENABLES") -> list[str]:
    sources, targets = (hash_texts(pa.array([row[end] for row in rows], pa.string())) for end in ("from", "to"))
    columns = {
        name: pa.chunked_array([pa.array([row[name] for row in rows], TYPES[name])]) for name in names or list(TYPES)
    }
    return [str(id_) for id_ in make_link_ids(link_type, sources, targets, columns).to_pylist()]


def normal(row: Link) -> tuple[Any, ...]:
    values = [row[name] for name in ("from", "to", *TYPES)]
    return tuple(0.0 if value == 0 and isinstance(value, float) else value for value in values)


@given(st.lists(links, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_changes_nothing(rows: list[Link], random: Any) -> None:
    places, names = list(range(len(rows))), list(TYPES)
    random.shuffle(places)
    random.shuffle(names)
    shuffled = ids_of([rows[place] for place in places], names)
    assert sorted(ids_of(rows)) == sorted(shuffled)
    first = dict(zip((normal(row) for row in reversed(rows)), reversed(ids_of(rows)), strict=True))
    bases = {key: id_.partition("-")[0] for key, id_ in first.items()}
    assert all(id_.startswith(bases[normal(rows[place])]) for place, id_ in zip(places, shuffled, strict=True))


@given(st.lists(links, max_size=12))
def test_ids_are_unique_and_equal_only_for_equal_links(rows: list[Link]) -> None:
    ids = ids_of(rows)
    assert len(set(ids)) == len(ids)
    for row, id_ in zip(rows, ids, strict=True):
        for other, other_id in zip(rows, ids, strict=True):
            assert (normal(row) == normal(other)) == (id_.partition("-")[0] == other_id.partition("-")[0])


@given(st.lists(links, min_size=1, max_size=6))
def test_an_empty_column_changes_nothing(rows: list[Link]) -> None:
    blank = [row | {"round": None} for row in rows]
    assert ids_of(blank) == ids_of(blank, [name for name in TYPES if name != "round"])


@given(st.lists(links, min_size=1, max_size=6), st.integers(1, 3))
def test_chunks_change_nothing(rows: list[Link], size: int) -> None:
    sources, targets = (hash_texts(pa.array([row[end] for row in rows], pa.string())) for end in ("from", "to"))
    pieces = [rows[start : start + size] for start in range(0, len(rows), size)]
    columns = {
        name: pa.chunked_array([pa.array([row[name] for row in piece], kind) for piece in pieces])
        for name, kind in TYPES.items()
    }
    assert make_link_ids("ENABLES", sources, targets, columns).to_pylist() == ids_of(rows)


def test_each_part_of_a_link_counts() -> None:
    row = {"from": "a", "to": "b", "year": 1, "amount": 1.5, "round": "A", "open": True, "day": dt.date(2020, 1, 2)}
    others = [
        row | {"from": "c"},
        row | {"to": "c"},
        row | {"from": "b", "to": "a"},
        row | {"year": 2},
        row | {"year": None},
        row | {"amount": 1.25},
        row | {"round": "B"},
        row | {"open": False},
        row | {"day": dt.date(2020, 1, 3)},
    ]
    assert len({*ids_of([row, *others]), *ids_of([row], link_type="INVESTED_IN")}) == len(others) + 2


def test_a_number_counts_by_its_value() -> None:
    ends = hash_texts(pa.array(["a", "a", "a"]))
    whole = make_link_ids("X", ends, ends, {"n": pa.chunked_array([pa.array([2, 0, 2**53])])})
    floats = make_link_ids("X", ends, ends, {"n": pa.chunked_array([pa.array([2.0, -0.0, float(2**53)])])})
    assert whole.to_pylist() == floats.to_pylist()
    near = make_link_ids("X", ends[:2], ends[:2], {"n": pa.chunked_array([pa.array([2**53 + 1, 2**53])])})
    assert len(set(near.to_pylist())) == 2


def test_which_property_has_a_value_counts() -> None:
    ends = hash_texts(pa.array(["a"]))
    ids = [
        make_link_ids("X", ends, ends, {name: pa.chunked_array([pa.array(["v"])])}).to_pylist()[0]
        for name in ("left", "right")
    ]
    assert ids[0] != ids[1]


def test_identical_links_are_numbered() -> None:
    row = {"from": "a", "to": "a", "year": None, "amount": None, "round": None, "open": None, "day": None}
    base, *others = ids_of([row] * 4)
    assert others == [f"{base}-2", f"{base}-3", f"{base}-4"]
    assert len(base) == 16
    assert int(base, 16) >= 0


def test_ids_stay_as_they_were() -> None:
    """An id is kept in evidence, notes and papers: another release must not make another one."""
    row = {
        "from": "c1",
        "to": "甲",
        "year": 2020,
        "amount": 10.5,
        "round": "A轮",
        "open": True,
        "day": dt.date(2020, 3, 4),
    }
    assert ids_of([row]) == ["c42d572067793d26"]


@given(st.lists(st.integers(0, 3), max_size=20))
def test_running_numbers_count_the_earlier_ones(values: list[int]) -> None:
    numbers = running_numbers(np.array(values, np.uint64))
    assert numbers.tolist() == [values[:place].count(value) for place, value in enumerate(values)]


def test_hashes_spread() -> None:
    texts = hash_texts(pa.array([str(number) for number in range(20_000)]))
    share = [float(((texts >> np.uint64(bit)) & np.uint64(1)).mean()) for bit in range(64)]
    assert all(math.isclose(part, 0.5, abs_tol=0.02) for part in share)
    assert hash_texts(pa.array([None], pa.string())).tolist() == [0]
