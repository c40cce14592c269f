"""Values after matches are lost: aggregates counted again, and where nothing is left to count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.indicator_source import ChangedValues
from ecosystem.metrics.matches import Matches
from ecosystem.query.aggregates import made
from ecosystem.query.order_statistics import places
from ecosystem.query.recompute import aggregate, deviations, differences_from_middle, evaluate, value_codes
from ecosystem.query.tree import Call

CANCELLED = 1e-3
"""Where less than this share of a sum is left, a difference has too few digits: what is left is added up anew."""
MOST = 5_000_000
"""Rows that are added up anew in one go."""

Touched = tuple[IntArray, IntArray, IntArray]
"""The touched cells (variant * regions + region); per lost match the place of its cell, and its row."""


def recount(matches: Matches, lost: tuple[IntArray, IntArray], regions: int, silent: IntArray) -> ChangedValues:
    """The values of the touched cells, from pairs (variant, row) of lost matches."""
    if not len(lost[0]):
        return ChangedValues.none(silent)
    variants, rows = lost
    matches, rows = _in_touched_regions(matches, rows, regions)
    touched, cell = np.unique(variants * regions + matches.regions[rows], return_inverse=True)
    at = touched % regions
    totals = {
        call: _left(matches, call, column, (touched, cell, rows), regions)
        for call, column in zip(matches.query.aggregates, matches.arguments, strict=True)
    }
    values = evaluate(matches.query.value, totals, matches.parameters, len(touched))
    return ChangedValues(touched // regions, at, values, silent)


def _in_touched_regions(matches: Matches, rows: IntArray, regions: int) -> tuple[Matches, IntArray]:
    """The matches in regions that lose any, and the lost rows among them: one removal touches few regions."""
    touched = np.zeros(regions, dtype=bool)
    touched[matches.regions[rows]] = True
    kept = touched[matches.regions]
    if kept.all():
        return matches, rows
    return matches.only(np.flatnonzero(kept)), (np.cumsum(kept) - 1)[rows]


def _left(matches: Matches, call: Call, column: pa.ChunkedArray | None, touched: Touched, regions: int) -> FloatArray:
    """One aggregate in every touched cell."""
    at, (cells, cell, _) = matches.regions, touched
    if column is None:
        return np.asarray(np.bincount(at, minlength=regions)[cells % regions] - np.bincount(cell, minlength=len(cells)))
    if call.distinct:
        column, at, touched = _once_each(column, at, touched)
    else:
        column, at, touched = _present(column, at, touched)
    sizes = np.bincount(at, minlength=regions)[cells % regions] - np.bincount(touched[1], minlength=len(cells))
    if call.function == "count":
        return np.asarray(sizes, dtype=np.float64)
    values = Values(call, column.to_numpy(), at, touched, sizes, regions)
    match made(call):
        case "order":
            return _placed(values, matches.parameters)
        case "spread":
            return _spread(values)
        case kind:
            sums = _sums_left(values)
            means = np.divide(sums, sizes, out=np.full(len(cells), np.nan), where=sizes > 0)
            return np.asarray(sums if kind == "sum" else means)


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """The values (rows,) that an aggregate goes over, none of them null, and how many each touched cell has left."""

    call: Call
    numbers: npt.NDArray[np.generic]
    at: IntArray
    touched: Touched
    sizes: IntArray
    regions: int

    @property
    def region(self) -> IntArray:
        """The region of each touched cell."""
        return self.touched[0] % self.regions

    def lost(self, weights: FloatArray) -> FloatArray:
        """What each touched cell loses of some weights (rows,)."""
        _, cell, rows = self.touched
        return np.asarray(np.bincount(cell, weights[rows], minlength=len(self.sizes)), dtype=np.float64)


def _present(column: pa.ChunkedArray, at: IntArray, touched: Touched) -> tuple[pa.ChunkedArray, IntArray, Touched]:
    """The rows that are not null, and those of them that are lost."""
    present = pc.is_valid(column).to_numpy()
    if present.all():
        return column, at, touched
    cells, cell, rows = touched
    counted = present[rows]
    return (
        column.filter(pa.array(present)),
        at[present],
        (cells, cell[counted], (np.cumsum(present) - 1)[rows[counted]]),
    )


def _once_each(column: pa.ChunkedArray, at: IntArray, touched: Touched) -> tuple[pa.ChunkedArray, IntArray, Touched]:
    """A row for each distinct value of a region, and those that each cell has lost: of which every match is lost."""
    column, at, (cells, cell, rows) = _present(column, at, touched)
    codes = value_codes(column)
    count = codes.max(initial=0) + 1
    pairs, first, support = np.unique(at * count + codes, return_index=True, return_counts=True)
    pair = np.searchsorted(pairs, at[rows] * count + codes[rows])
    keys, times = np.unique(cell * max(len(pairs), 1) + pair, return_counts=True)
    gone = keys[times == support[keys % max(len(pairs), 1)]]
    lost = (gone // max(len(pairs), 1), gone % max(len(pairs), 1))
    return column.take(pa.array(first)), at[first], (cells, *lost)


def _sums_left(values: Values) -> FloatArray:
    """The sum of what is left in each cell; anew where a difference would leave too few digits."""
    numbers, region = values.numbers, values.region
    cells, cell, rows = values.touched
    if np.issubdtype(numbers.dtype, np.integer):
        whole = np.zeros(values.regions, np.int64)
        np.add.at(whole, values.at, numbers)
        lost = np.zeros(len(cells), np.int64)
        np.add.at(lost, cell, numbers[rows])
        return np.asarray(whole[region] - lost, dtype=np.float64)
    floats = np.asarray(numbers, dtype=np.float64)
    sums = _sums(floats, values)[region] - values.lost(floats)
    sizes = np.bincount(values.at, np.abs(floats), minlength=values.regions)[region]
    return _anew(sums, ~(np.abs(sums) > CANCELLED * sizes), replace(values, call=_SUM))


def _placed(values: Values, parameters: Mapping[str, object]) -> FloatArray:
    """The value at a place of the order of what is left: as many places on as values before it are lost."""
    order = np.lexsort((values.numbers, values.at))
    ordered = values.numbers[order].astype(np.float64)
    starts = np.searchsorted(values.at[order], np.arange(values.regions))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order)) - starts[values.at[order]]
    _, cell, rows = values.touched
    lost = np.lexsort((rank[rows], cell))
    cell = cell[lost]
    # how many of what is left lie before each lost value
    before = rank[rows][lost] - (np.arange(len(lost)) - np.searchsorted(cell, cell))
    some = values.sizes > 0
    between = places(values.call, values.sizes, parameters)
    at = [
        starts[values.region] + place + np.bincount(cell[before <= place[cell]], minlength=len(place))
        for place in (between.low, between.high)
    ]
    found = [ordered[np.where(some, each, 0)] if len(ordered) else np.zeros(len(some)) for each in at]
    return np.where(some, between.value(*found), np.nan)


def _spread(values: Values) -> FloatArray:
    """The standard deviation of what is left, from the differences from the middle of the region's values."""
    numbers, region = values.numbers.astype(np.float64), values.region
    differences = differences_from_middle(numbers, values.at, values.regions)
    first, second = (
        _sums(each, values)[region] - values.lost(each) for each in (differences, differences * differences)
    )
    found = deviations(values.call, values.sizes.astype(np.float64), first, second)
    whole = _sums(differences * differences, values)[region]
    with np.errstate(all="ignore"):
        few = ~(second - first * first / values.sizes > CANCELLED * whole) & (whole != 0) & (values.sizes > 1)
    return _anew(found, few, values)


def _sums(numbers: FloatArray, values: Values) -> FloatArray:
    """The sums of the regions."""
    return aggregate(_SUM, pa.chunked_array([pa.array(numbers)]), values.at, values.regions)


_SUM = Call("sum", ())


def _anew(found: FloatArray, again: npt.NDArray[np.bool_], values: Values) -> FloatArray:
    """The same with the aggregate of the rows that are left in some cells."""
    by_region = np.argsort(values.at, kind="stable")
    starts = np.searchsorted(values.at[by_region], np.arange(values.regions + 1))
    cells, cell, rows = values.touched
    held = np.diff(starts)[values.region]
    column = pa.chunked_array([pa.array(values.numbers)])
    for some in _batches(np.flatnonzero(again), held):
        counts = held[some]
        group = np.repeat(np.arange(len(some)), counts)
        within = np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts)
        here = by_region[starts[values.region[some]][group] + within]
        number = np.full(len(cells), -1)
        number[some] = np.arange(len(some))
        gone = number[cell] >= 0
        left = ~np.isin(group * len(values.at) + here, number[cell[gone]] * len(values.at) + rows[gone])
        found[some] = aggregate(values.call, column.take(pa.array(here[left])), group[left], len(some))
    return found


def _batches(places: IntArray, held: IntArray) -> list[IntArray]:
    """Some cells in parts that hold about as many rows as are added up in one go."""
    if not len(places):
        return []
    part = np.cumsum(held[places]) // MOST
    return np.split(places, np.flatnonzero(np.diff(part)) + 1)
