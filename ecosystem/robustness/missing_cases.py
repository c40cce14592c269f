"""The best and the worst case of every rank, whatever the values that are not known turn out to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ecosystem.index import Index, IndexScores, evaluate
from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.index.steps.aggregate import AGGREGATIONS
from ecosystem.index.steps.rescale import RESCALINGS
from ecosystem.index.steps.weigh import WEIGHTINGS, FixedWeights
from ecosystem.messages import together, tr
from ecosystem.notebook import few_lines, html_table
from ecosystem.robustness.resting import resting
from ecosystem.robustness.unknown_values import MISSING, UNDATED, UNLOCATED, UnknownValues, unknown_values
from ecosystem.scoring import Scores
from ecosystem.scoring.result import best_first, names_of

CELLS = 4_000_000
"""Values of indicators that the engine is given in one go."""
LINES = ("minmax", "dist2max")
"""Normalisations whose score is a line between the least and the greatest value of a column."""
FIXED = ("scaled", "goalposts", "none")
"""Those whose score rests on the value alone."""


@dataclass(frozen=True, eq=False)
class MissingCases:
    """The best and the worst rank of each region over all values that unknown ones may have.

    * `reached_best`, `reached_worst` (R): ranks that some values give, found by scoring the index with the region's
      unknown values at their best and those of the others at their worst, and the other way round; 0 without a score;
    * `bound_best`, `bound_worst` (R): no values give a better or a worse rank, by comparing the region with every other
      one at the most favourable values of both; the same as those reached where nothing is proved (`why` says so);
    * `low`, `high` (R): its score in these two cases.
    """

    scores: Scores
    unknown: UnknownValues
    reached_best: IntArray
    reached_worst: IntArray
    bound_best: IntArray
    bound_worst: IntArray
    low: FloatArray
    high: FloatArray
    why: str
    rests: pd.DataFrame = field(repr=False)

    @property
    def exact(self) -> BoolArray:
        """Where (R,) the ranks reached are also the bounds: the best and the worst case for sure."""
        same: BoolArray = (self.reached_best == self.bound_best) & (self.reached_worst == self.bound_worst)
        return same & (not self.why)

    def table(self) -> pd.DataFrame:
        """A row per region, the best of today first: rank and score, best and worst case, what a score rests on."""
        standing = self.scores.standing
        rows = best_first(standing.overall_rank, standing.regions)
        names = [names_of(self.scores, standing.regions[row]) for row in rows]
        ranks = {
            "rank": standing.overall_rank, "rank_best": self.reached_best, "rank_worst": self.reached_worst,
            "bound_best": self.bound_best, "bound_worst": self.bound_worst,
        }  # fmt: skip
        columns = {name: pd.Series(values[rows], dtype="Int64").replace(0, pd.NA) for name, values in ranks.items()}
        frame = pd.DataFrame(
            {
                "rank": columns.pop("rank"),
                "region": [standing.regions[row] for row in rows],
                "region_zh": [name.zh for name in names],
                "region_en": [name.en for name in names],
                **columns,
                "proved": self.exact[rows],
                "score": standing.overall[rows],
                "score_least": self.low[rows],
                "score_most": self.high[rows],
            }
        )
        return frame.merge(self.rests, on="region", how="left")

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table, by the name of its sheet."""
        frames = {"missing_cases": self.table(), "unknown_values": self.unknown.cells}
        return {name: frame for name, frame in frames.items() if len(frame) or name == "missing_cases"}

    @property
    def title(self) -> str:
        """Index and number of unknown values in words."""
        count = len(self.unknown.cells)
        return tr(
            "{index}: best and worst cases of ranks over {count:,} unknown values",
            index=self.scores.index.id,
            count=count,
        )

    def notes(self) -> list[str]:
        """Sentences to say beside the numbers: what was taken to be unknown, what is proved, what was not decided."""
        kinds = self.unknown.cells["kind"].value_counts()
        counts = {kind: int(kinds.get(kind, 0)) for kind in (MISSING, UNDATED, UNLOCATED)}
        notes = [
            tr("{count:,} missing values: anything between least and greatest of their column", count=counts[MISSING]),
            tr("{count:,} values with undated matches: in or out of the window", count=counts[UNDATED]),
            tr("{count:,} values with organisations in no region: here or elsewhere", count=counts[UNLOCATED]),
        ]
        if self.why:
            notes.append(self.why)
        elif not self.exact.all():
            notes.append(
                tr("{count} regions: the bound is not reached, the truth lies between", count=int((~self.exact).sum()))
            )
        return [*notes, *self.unknown.undecided]

    def __repr__(self) -> str:
        return few_lines(self.title, *self.notes()[:2], more="table(), unknown.cells, notes()")

    def _repr_html_(self) -> str:
        return html_table(self.title, self.table())


def missing_cases(scores: Scores) -> MissingCases:
    """The best and the worst rank of each region over all values that missing, undated and unlocated ones may have.

    Exact where the index is a sum or an arithmetic mean of min-max scores and only missing values are unknown: these
    stay inside the range of their column, so nobody's scale moves. Elsewhere bounds may not be reached, or are those
    that were found alone; `notes` says so. The graph behind the scores must still be open.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> cases = ecosystem.missing_cases(scores).table()
    >>> print(cases[["region", "rank", "rank_best", "rank_worst"]].head(2).to_string(index=False))
    region  rank  rank_best  rank_worst
    110000     1          1           1
    440000     2          2           2
    """
    unknown = unknown_values(scores)
    why = _not_provable(unknown.index)
    reached = [_corners(scores, unknown, best=best) for best in (True, False)]
    (best, high), (worst, low) = reached
    bounds = (best, worst) if why else _bounds(scores, unknown)
    return MissingCases(scores, unknown, best, worst, *bounds, low, high, why, resting(scores))


def _not_provable(index: Index) -> str:
    """Why bounds cannot be proved for an index, in words; "" where they can."""
    methods = {*index.aggregation.methods, *(row.aggregation for row in index.indicators if row.aggregation)}
    scales = {rule.method for rule in index.normalisations}
    found = []
    if not all(AGGREGATIONS.find(name).adds for name in methods):
        found.append(together(sorted(methods)))
    if not scales <= {*LINES, *FIXED}:
        found.append(together(sorted(scales - {*LINES, *FIXED})))
    found += [rule.method for rule in index.treatments if rule.method != "none"][:1]
    if not isinstance(WEIGHTINGS.find(index.weighting.method), FixedWeights):
        found.append(index.weighting.method)
    if index.rescales and not RESCALINGS.find(index.rescaling.method).straight:
        found.append(index.rescaling.method)
    if not found:
        return ""
    return tr(
        "not proved, since the index is no sum of scores on fixed scales ({rules}): cases that were found",
        rules=together(found),
    )


def _corners(scores: Scores, unknown: UnknownValues, *, best: bool) -> tuple[IntArray, FloatArray]:
    """Rank and score (R,) of each region with its own values at one end and those of all others at the other."""
    up = np.array([leaf.direction > 0 for leaf in scores.index.leaves])
    low, high, most = unknown.low, unknown.high, unknown.most
    own = np.where(up, most, low) if best else np.where(up, low, most)
    others = np.where(up, low, high) if best else np.where(up, high, low)
    count = len(scores.standing.regions)
    ranks, found = np.zeros(count, np.int64), np.full(count, np.nan)
    for rows in _chunks(count, others.size):
        values = np.repeat(others[None], len(rows), axis=0)
        values[np.arange(len(rows)), rows] = own[rows]
        result = evaluate(unknown.index, values, level=scores.level, absent=unknown.excluded)
        ranks[rows] = result.overall_rank[np.arange(len(rows)), rows]
        found[rows] = result.overall[np.arange(len(rows)), rows]
    return ranks, found


def _chunks(count: int, size: int) -> Iterator[IntArray]:
    step = max(1, CELLS // max(size, 1))
    for start in range(0, count, step):
        yield np.arange(start, min(start + step, count))


def _bounds(scores: Scores, unknown: UnknownValues) -> tuple[IntArray, IntArray]:
    """Ranks (R,) that no values beat, and none undercut: who is always ahead, who may ever be ahead."""
    standing, tolerance = scores.standing, scores.index.ties.tolerance
    ahead = _greatest_leads(scores, unknown)
    ranked = standing.overall_rank > 0
    others = ranked[None, :] & ranked[:, None] & ~np.eye(len(ranked), dtype=np.bool_)
    best = 1 + (others & (ahead < -tolerance)).sum(axis=1)
    worst = 1 + (others & (tolerance < ahead.T)).sum(axis=1)
    return np.where(ranked, best, 0), np.where(ranked, worst, 0)


def _greatest_leads(scores: Scores, unknown: UnknownValues) -> FloatArray:
    """The most (R, R) that the score of a region, by row, can exceed that of another, by column.

    The sum over the indicators of the greatest lead in each: the own value at its best, the other's at its worst, and
    the scale as narrow as the other regions allow where that is a lead, as wide as they allow where it is a lag.
    """
    ends = [
        evaluate(unknown.index, each, level=scores.level, absent=unknown.excluded)
        for each in (unknown.low, unknown.most)
    ]
    weights = _effective_weights(ends[0])
    leads = np.zeros((len(scores.standing.regions),) * 2)
    for at, (leaf, rule) in enumerate(zip(unknown.index.leaves, unknown.index.normalisations, strict=True)):
        if rule.method in LINES:
            span = rule.upper - rule.lower if rule.method == "minmax" else 1.0
            low, high = (np.where(unknown.excluded, np.nan, each[:, at]) for each in (unknown.low, unknown.most))
            gap = span * (_lead_on_line(low, high) if leaf.direction > 0 else _lead_on_line(-high, -low))
        else:
            low, high = (reduce([end.normalised[:, at] for end in ends]) for reduce in (np.fmin.reduce, np.fmax.reduce))
            gap = high[:, None] - low[None, :]
        leads += weights[at] * np.nan_to_num(gap)
    return leads


def _lead_on_line(low: FloatArray, high: FloatArray) -> FloatArray:
    """The greatest lead (R, R) on a scale from the least to the greatest value of a column; 0 where it is constant."""
    gap = high[:, None] - low[None, :]
    if np.isnan(low).all():
        return gap
    narrow, wide = _widths(low, high)
    with np.errstate(divide="ignore", invalid="ignore"):
        lead = np.where(gap >= 0, gap / narrow, gap / wide)
    return np.where(np.isfinite(lead), lead, 0.0)


def _widths(low: FloatArray, high: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The least and the greatest span (R, R) of a column, one region at its best and another at its worst."""
    best, worst = high[:, None], low[None, :]
    top, bottom = np.fmax(best, worst), np.fmin(best, worst)
    narrow = np.fmax(top, np.nanmax(low)) - np.fmin(bottom, np.nanmin(high))
    wide = np.fmax(top, _without_two(high)) - np.fmin(bottom, -_without_two(-low))
    return narrow, wide


def _without_two(values: FloatArray) -> FloatArray:
    """The greatest of the values (R, R) of all regions but the one of the row and the one of the column."""
    order = np.argsort(-np.nan_to_num(values, nan=-np.inf))[:3]
    rows = np.arange(len(values))
    found = np.full((len(values),) * 2, -np.inf)
    for place in order[::-1]:
        free = (rows[:, None] != place) & (rows[None, :] != place)
        found = np.where(free, values[place], found)
    return np.where(np.isneginf(found), np.nan, found)


def _effective_weights(result: IndexScores) -> FloatArray:
    """Points of the index (K,) for one more of each normalised indicator, before a last step."""
    points = result.weighted if result.last is None else result.last.weighted
    whole = np.nansum(result.normalised, axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate: FloatArray = np.where(whole != 0, np.nansum(points, axis=0) / whole, result.shares / result.shares.sum())
    return rate
