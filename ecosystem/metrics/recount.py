"""Values after matches are lost: aggregates counted again, and where nothing is left to count."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ecosystem.index.arrays import FloatArray, IntArray
from ecosystem.indicator_source import ChangedValues
from ecosystem.metrics.matches import Matches
from ecosystem.query.recompute import aggregate, evaluate, value_codes
from ecosystem.query.tree import Call

CANCELLED = 1e-3
"""Where less than this share of a sum is left, a difference has too few digits: what is left is added up anew."""


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
        call: _left(call, column, matches.regions, (touched, cell, rows), regions)
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


def _left(call: Call, column: pa.ChunkedArray | None, at: IntArray, touched: Touched, regions: int) -> FloatArray:
    """One aggregate in every touched cell."""
    cells, cell, rows = touched
    whole = aggregate(call, column, at, regions)[cells % regions]
    if column is None:
        return np.asarray(whole - np.bincount(cell, minlength=len(cells)))
    present = pc.is_valid(column).to_numpy()
    counted = present[rows]
    lost = np.bincount(cell[counted], minlength=len(cells))
    if call.function == "count" and not call.distinct:
        return np.asarray(whole - lost)
    if call.function == "count":
        return whole - _distinct_lost(column, at, (cells, cell[counted], rows[counted]), regions)
    sums = _sums_left(column, present, at, (cells, cell[counted], rows[counted]), regions)
    if call.function == "sum":
        return sums
    sizes = np.bincount(at[present], minlength=regions)[cells % regions] - lost
    means: FloatArray = np.divide(sums, sizes, out=np.full(len(cells), np.nan), where=sizes > 0)
    return means


def _distinct_lost(column: pa.ChunkedArray, at: IntArray, touched: Touched, regions: int) -> IntArray:
    """How many distinct values each cell has lost: those of which every match is lost."""
    cells, cell, rows = touched
    codes = value_codes(column)
    count = codes.max(initial=0) + 1
    kept = codes >= 0
    pairs, support = np.unique(at[kept] * count + codes[kept], return_counts=True)
    pair = np.searchsorted(pairs, at[rows] * count + codes[rows])
    keys, times = np.unique(cell * max(len(pairs), 1) + pair, return_counts=True)
    gone = times == support[keys % max(len(pairs), 1)]
    return np.bincount(keys[gone] // max(len(pairs), 1), minlength=len(cells))


def _sums_left(
    column: pa.ChunkedArray, present: npt.NDArray[np.bool_], at: IntArray, touched: Touched, regions: int
) -> FloatArray:
    """The sum of what is left in each cell; anew where a difference would leave too few digits."""
    cells, cell, rows = touched
    numbers = pc.fill_null(column, 0).to_numpy()
    if np.issubdtype(numbers.dtype, np.integer):
        whole = np.zeros(regions, np.int64)
        np.add.at(whole, at, numbers)
        lost = np.zeros(len(cells), np.int64)
        np.add.at(lost, cell, numbers[rows])
        return np.asarray(whole[cells % regions] - lost, dtype=np.float64)
    whole_sums = aggregate(Call("sum", (), False), column, at, regions)
    sums: FloatArray = whole_sums[cells % regions] - np.bincount(cell, numbers[rows], minlength=len(cells))
    sizes = np.bincount(at, np.abs(numbers), minlength=regions)[cells % regions]
    _add_anew(sums, np.flatnonzero(np.abs(sums) <= CANCELLED * sizes), numbers, at, touched, regions)
    return sums


def _add_anew(
    sums: FloatArray, again: IntArray, numbers: npt.NDArray[np.float64], at: IntArray, touched: Touched, regions: int
) -> None:
    """Put the exact sum of the rows that are left into some cells."""
    cells, cell, rows = touched
    if not len(again):
        return
    by_region = np.argsort(at, kind="stable")
    region_edges = np.searchsorted(at[by_region], np.arange(regions + 1))
    by_cell = np.argsort(cell, kind="stable")
    cell_edges = np.searchsorted(cell[by_cell], np.arange(len(cells) + 1))
    for one in again.tolist():
        region = int(cells[one] % regions)
        here = by_region[region_edges[region] : region_edges[region + 1]]
        gone = rows[by_cell[cell_edges[one] : cell_edges[one + 1]]]
        left = numbers[here[~np.isin(here, gone)]] if len(gone) < len(here) else numbers[:0]
        sums[one] = math.fsum(left)
