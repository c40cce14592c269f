"""The linear chain of an index, min-max and a weighted sum or mean: points as slope x value + offset, in many variants.

Of all variants together there are too many cells to normalise anew: 245,000 companies x 338 cities x 25 indicators. But
a company touches few of them, and an indicator whose smallest and largest value stay is otherwise as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ecosystem.index import Index, IndexScores
from ecosystem.index.arrays import CONSTANT, FloatArray, IntArray
from ecosystem.index.last_step import rescaled
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.indicator_source import ChangedValues
from ecosystem.removals import NO_CODES

ADDS_UP = 1e-9
"""How far points may be from those of the engine for the chain to be taken as linear."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """An index at a level whose every point is `slope * value + offset`, and whose score is the sum of the points.

    `values` (R, K) are the indicators, `shares` (K,) their shares of the whole; `slope` and `offset` (K,) follow from
    the minimum and maximum. A last step multiplies all points by `factor`.
    """

    index: Index
    factor: float
    values: FloatArray
    shares: FloatArray
    minimum: FloatArray
    maximum: FloatArray

    @classmethod
    def of(cls, standing: IndexScores) -> Chain | None:
        """The chain of an evaluated index; None where its methods are others, or its points say otherwise."""
        index = standing.index
        if not index.linear:
            return None
        factor = 1.0 if standing.last is None else float(standing.last.slope)
        chain = cls(index, factor, standing.raw, standing.shares, standing.minimum, standing.maximum)
        if index.rescales and not RESCALINGS.find(index.rescaling.method).straight:
            return None
        slope, offset = chain.line(standing.minimum, standing.maximum)
        points = np.where(standing.missing, 0.0, slope * np.nan_to_num(standing.raw) + offset)
        sums = points.sum(axis=-1)
        before = standing if standing.last is None else standing.last
        same = np.allclose(points, before.weighted, atol=ADDS_UP) and np.allclose(
            sums, before.aggregates[-1][..., 0], atol=ADDS_UP
        )
        return chain if same else None

    def line(self, minimum: FloatArray, maximum: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Slope and offset of the points of each indicator, `(..., K)`; both 0 where nothing has a value."""
        leaves, scale = self.index.leaves, self.index.normalisation
        directions = np.array([float(leaf.direction) for leaf in leaves])
        span = maximum - minimum
        constant = span <= CONSTANT * np.maximum(np.abs(minimum), np.abs(maximum))
        slope = self.shares * (scale.upper - scale.lower) / np.where(constant, np.inf, span * directions)
        offset = self.shares * scale.lower - slope * np.where(directions > 0, minimum, maximum)
        return np.nan_to_num(slope), np.nan_to_num(offset)

    @property
    def shown_line(self) -> tuple[FloatArray, FloatArray]:
        """Slope and offset of the points as they are shown, after a last step."""
        slope, offset = self.line(self.minimum, self.maximum)
        return slope * self.factor, offset * self.factor


class Scorer:
    """The scores of variants, from the cells that they touch: all lines and changes at once, then rows on demand."""

    def __init__(self, chain: Chain, cells: Mapping[int, ChangedValues], count: int) -> None:
        self._index = chain.index
        slope, offset = chain.line(chain.minimum, chain.maximum)
        self._values = np.nan_to_num(chain.values)
        self._present = (~np.isnan(chain.values)).astype(np.float64)
        self._base = (self._values * slope + self._present * offset).sum(axis=1)
        lines = _lines(chain, cells, count)
        self._slopes, self._offsets = lines[0] - slope, lines[1] - offset
        self._cells = self._changes(cells, *lines)

    def _changes(self, cells: Mapping[int, ChangedValues], slopes: FloatArray, offsets: FloatArray) -> _Changes:
        """Of every touched cell variant and region, and by how much its points differ from those of the old value."""
        variants, regions, changes = [NO_CODES], [NO_CODES], [NO_CODES * 0.0]
        for place, touched in cells.items():
            slope, offset = slopes[touched.variants, place], offsets[touched.variants, place]
            before = slope * self._values[touched.regions, place] + offset * self._present[touched.regions, place]
            after = np.where(np.isnan(touched.values), 0.0, slope * np.nan_to_num(touched.values) + offset)
            variants.append(touched.variants)
            regions.append(touched.regions)
            changes.append(after - before)
        variant = np.concatenate(variants)
        order = np.argsort(variant, kind="stable")
        return variant[order], np.concatenate(regions)[order], np.concatenate(changes)[order]

    def overall(self, first: int, last: int) -> FloatArray:
        """The scores (variants, R) of variants `first` to `last` - 1."""
        rows, (variants, regions, changes) = len(self._base), self._cells
        scores = np.tile(self._base, (last - first, 1))
        # indicator by indicator: a removal turns the line of few, and BLAS would fight other programs for the cores
        for lines, values in ((self._slopes, self._values), (self._offsets, self._present)):
            for place in np.flatnonzero(lines[first:last].any(axis=0)):
                turned = np.flatnonzero(lines[first:last, place])
                scores[turned] += lines[first + turned, place, None] * values[:, place]
        begin, end = np.searchsorted(variants, [first, last])
        at = (variants[begin:end] - first) * rows + regions[begin:end]
        moved, place = np.unique(at, return_inverse=True)
        scores.ravel()[moved] += np.bincount(place, changes[begin:end], minlength=len(moved))
        return rescaled(self._index, scores[..., None]).scores[..., 0] if self._index.rescales else scores


_Changes = tuple[IntArray, IntArray, FloatArray]


def _lines(chain: Chain, cells: Mapping[int, ChangedValues], count: int) -> tuple[FloatArray, FloatArray]:
    """Slope and offset (variants, K) of every indicator in every variant."""
    minimum, maximum = (np.tile(end, (count, 1)) for end in (chain.minimum, chain.maximum))
    for place, touched in cells.items():
        minimum[:, place], maximum[:, place] = _extremes(chain.values[:, place], touched, count)
    return chain.line(minimum, maximum)


def _extremes(column: FloatArray, cells: ChangedValues, count: int) -> tuple[FloatArray, FloatArray]:
    """The smallest and the largest value of an indicator in every variant, (count,) each; NaN where there is none."""
    least = _least(column, cells, count)
    most = -_least(-column, ChangedValues(cells.variants, cells.regions, -cells.values, cells.silent), count)
    return least, most


def _least(column: FloatArray, cells: ChangedValues, count: int) -> FloatArray:
    """The smallest value: of the touched cells and of those that are not touched.

    Let the values of all regions stand in order. In a variant that touches the first m of them, and not the one after,
    that one is the smallest of the untouched.
    """
    present = int((~np.isnan(column)).sum())
    order = np.argsort(column, kind="stable")  # NaN comes last
    place = np.empty(len(column), np.int64)
    place[order] = np.arange(len(column))
    sort = np.lexsort((place[cells.regions], cells.variants))
    variants, places = cells.variants[sort], place[cells.regions][sort]
    starts = np.searchsorted(variants, np.arange(count))
    leading = places == np.arange(len(variants)) - starts[variants]
    untouched = np.bincount(variants[leading], minlength=count)
    ends = np.append(column[order], np.nan)
    least: FloatArray = np.where(untouched < present, ends[untouched], np.nan)
    filled = ~np.isnan(cells.values)
    np.fmin.at(least, cells.variants[filled], cells.values[filled])
    least[cells.silent] = np.nan
    return least
