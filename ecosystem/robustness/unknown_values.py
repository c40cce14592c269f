"""Values that are not known for sure, and between which ends each may lie: missing, not dated, not located."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ecosystem.index import Index, Indicator
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.prepare import transformed
from ecosystem.index.rules import NO_IMPUTATION
from ecosystem.index.steps.transform import along
from ecosystem.messages import listed, tr
from ecosystem.metrics.either_way import dated_either_way, unlocated
from ecosystem.metrics.metric_source import MetricSource
from ecosystem.scoring import Scores

MISSING, UNDATED, UNLOCATED = "missing", "undated", "unlocated"


@dataclass(frozen=True, slots=True, eq=False)
class UnknownValues:
    """Ends (R, K) between which values may lie, after denominators and formulas; equal where a value is known.

    `low`, `high`: missing values between the least and the greatest of their column, undated matches in or out of the
    window. `most` is `high` with all that is in no region in each region alone; `index` is the index as it goes on from
    there. `cells` has a row per unknown value: region, code, kind, value, low, high. `undecided` says in words what is
    unknown and has no ends here.
    """

    index: Index
    low: FloatArray
    high: FloatArray
    most: FloatArray
    excluded: BoolArray
    cells: pd.DataFrame
    undecided: tuple[str, ...]

    @property
    def any(self) -> bool:
        """True where some value is not known."""
        return bool((self.most > self.low).any())


def unknown_values(scores: Scores) -> UnknownValues:
    """The ends of every value of some scores. The graph behind them must still be open."""
    standing = scores.standing
    raw = [standing.raw.copy() for _ in range(3)]
    undecided: list[str] = []
    for at, leaf in enumerate(scores.index.leaves):
        source = scores.sources[leaf.code]
        if isinstance(source, MetricSource) and source.no_matches is None:
            undecided += _matches_unknown(scores, source, at, raw)
    low, high, most = (transformed(scores.index, each, standing.regions, scores.auxiliary)[0] for each in raw)
    ends = np.fmin(np.fmin(low, high), most), np.fmax(low, high), np.fmax(np.fmax(low, high), most)
    low, high, most = (each.copy() for each in ends)
    missing = standing.missing & ~standing.excluded[:, None]
    least, greatest = (
        reduce(np.where(missing, np.nan, standing.divided), axis=0) for reduce in (np.fmin.reduce, np.fmax.reduce)
    )
    fill = missing & ~np.isnan(least)
    low = np.where(fill, least, low)
    high, most = np.where(fill, greatest, high), np.where(fill, greatest, most)
    empty = [leaf.code for leaf, none in zip(scores.index.leaves, np.isnan(least), strict=True) if none]
    if empty:
        undecided.append(tr("no region has a value of {codes}: these may be anything", codes=listed(empty)))
    cells = _cells(scores, fill, low, high, most)
    return UnknownValues(_from_here_on(scores.index), low, high, most, standing.excluded, cells, tuple(undecided))


def _matches_unknown(scores: Scores, source: MetricSource, at: int, raw: list[FloatArray]) -> list[str]:
    """Put the ends of one metric's values into low, high, most; what has none is returned in words."""
    code, regions = scores.index.leaves[at].code, scores.standing.regions
    low, high, most = raw
    said = []
    ends = dated_either_way(source, regions, scores.window)
    if ends is not None:
        known = ~np.isnan(scores.standing.raw[:, at])
        low[:, at], high[:, at] = np.where(known, ends[0], low[:, at]), np.where(known, ends[1], high[:, at])
        most[:, at] = high[:, at]
    elif scores.undated_matches.get(code) and scores.window.given:
        count = scores.undated_matches[code]
        said.append(tr("{code}: {count:,} matches without a year are not decided here", code=code, count=count))
    extra = unlocated(source, scores.window)
    if extra:
        most[:, at] += extra
    return said


def _from_here_on(index: Index) -> Index:
    """The index without the steps that the ends have behind them: formulas, denominators, screening, imputation."""
    rows = tuple(_transformed_leaf(row) if row.level == 1 else row for row in index.indicators)
    return replace(index, indicators=rows, imputation=NO_IMPUTATION, screening=None)


def _transformed_leaf(row: Indicator) -> Indicator:
    """An indicator whose values are transformed already; its target and goalposts with them."""
    rules, own = row.own.transformation, replace(row.own, transformation=(), imputation=None)
    target, lower, upper = (None if post is None else along(rules, post) for post in (row.target, row.lower, row.upper))
    return replace(row, denominator=None, per=None, own=own, target=target, lower=lower, upper=upper)


def _cells(scores: Scores, fill: BoolArray, low: FloatArray, high: FloatArray, most: FloatArray) -> pd.DataFrame:
    """A row per unknown value with what is unknown of it."""
    standing = scores.standing
    kinds = {MISSING: fill, UNDATED: (high > low) & ~fill, UNLOCATED: (most > high) & ~fill}
    frames = []
    for kind, cells in kinds.items():
        rows, columns = np.nonzero(cells)
        frames.append(
            pd.DataFrame(
                {
                    "region": [standing.regions[row] for row in rows],
                    "code": [scores.index.leaves[column].code for column in columns],
                    "kind": kind,
                    "value": standing.divided[rows, columns],
                    "low": low[rows, columns],
                    "high": (most if kind == UNLOCATED else high)[rows, columns],
                }
            )
        )
    return pd.concat(frames, ignore_index=True)
