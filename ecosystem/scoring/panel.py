"""Scores of an index year by year, on one scale over all years or on a scale for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ecosystem.dataset.records import Progress, silent
from ecosystem.errors import UsageError
from ecosystem.index import Index, IndexScores, evaluate
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.paths import compound_growth, entries, exits
from ecosystem.index.table import ValueTable
from ecosystem.metrics import Metric, Window
from ecosystem.regions import Regions
from ecosystem.scoring.result import metric_of
from ecosystem.scoring.run import Ground, measured, prepare_ground
from ecosystem.scoring.sources import auxiliary_by_year, held_by, value_matrix
from ecosystem.store import GraphStore


@dataclass(frozen=True)
class Panel:
    """Scores by year: `standing` has a leading axis of `years`; `pooled`: all years share one scale.

    `undated` are the indicators that are the same in every year: metrics without a date, columns without years.
    """

    index: Index
    level: str
    years: tuple[int, ...]
    pooled: bool
    standing: IndexScores
    undated: tuple[str, ...]
    unranked: tuple[str, ...]
    regions: Regions

    @property
    def growth(self) -> pd.Series[float]:
        """The compound growth of the score of each region, by region id."""
        return pd.Series(compound_growth(self.standing.overall, self.years), index=list(self.standing.regions))

    def table(self) -> pd.DataFrame:
        """A row per region, the best of the last year first: scores, ranks, growth, rank change, entry, exit.

        `rank_change` is positive for a climb, from the first to the last year in which a region is ranked.
        """
        standing, years = self.standing, self.years
        names = [self.regions[region] for region in standing.regions]
        ranks = np.where(standing.overall_rank > 0, standing.overall_rank, np.nan)
        frame = pd.DataFrame(
            {
                "region": standing.regions,
                "region_zh": [one.name for one in names],
                "region_en": [one.name_en or one.name for one in names],
                **{f"score_{year}": standing.overall[at] for at, year in enumerate(years)},
                **{f"rank_{year}": pd.array(ranks[at]).astype("Int64") for at, year in enumerate(years)},
                "growth": self.growth.to_numpy(),
                "rank_change": pd.array(-_change(ranks)).astype("Int64"),
                "entry": _when(entries(standing.overall_rank), years),
                "exit": _when(exits(standing.overall_rank), years),
            }
        )
        return frame.sort_values([f"rank_{years[-1]}", "region"], ignore_index=True)

    def tidy(self) -> pd.DataFrame:
        """A row per year, region and code at every level of the hierarchy: score, and rank of the index."""
        parts = []
        for at, year in enumerate(self.years):
            for level in range(self.index.depth, 0, -1):
                for place, part in enumerate(self.index.at(level)):
                    top = level == self.index.depth
                    rank = np.where(self.standing.overall_rank[at] > 0, self.standing.overall_rank[at], np.nan)
                    parts.append(
                        pd.DataFrame(
                            {
                                "year": year,
                                "region": self.standing.regions,
                                "level": level,
                                "code": part.code,
                                "score": self.standing.at(level)[at, :, place],
                                "rank": rank if top else np.nan,
                            }
                        )
                    )
        return pd.concat(parts, ignore_index=True)


def score_panel(
    index: Index,
    store: GraphStore | None = None,
    *,
    values: ValueTable | None = None,
    level: str | None = None,
    since: int | None = None,
    until: int | None = None,
    pooled: bool = True,
    metrics: Mapping[str, Metric] | None = None,
    progress: Progress = silent,
) -> Panel:
    """The scores of every year from `since` to `until`, of the years of the table where they are not given.

    A flow counts the links of its year, a stock what exists by its end, a column the value of the year. A region
    without any value of its own in a year is not ranked in it. UsageError where there are no years; otherwise raises as
    `score`.
    """
    ground = prepare_ground(index, store, values, level, metrics)
    years = _years(ground, values, since, until)
    regions = ground.level.regions
    matrices = []
    for number, year in enumerate(years):
        progress("years", number, len(years))
        measures = measured(ground, store, Window(year, year), progress)
        matrices.append(value_matrix(ground.index, regions, measures, ground.sources, year)[0])
    stack = np.stack(matrices)
    undated = _undated(ground)
    beside = replace(auxiliary_by_year(ground.index, regions, ground.sources, years), pooled=pooled)
    absent = _absent(ground, stack, undated)
    standing = evaluate(ground.index, stack, level=ground.level.name, auxiliary=beside, absent=absent)
    name = ground.level.name
    return Panel(ground.index, name, years, pooled, standing, undated, ground.unranked, ground.regions)


def _years(ground: Ground, values: ValueTable | None, since: int | None, until: int | None) -> tuple[int, ...]:
    held = sorted({year for year in values.years if year is not None}) if values is not None else []
    if values is not None and not ground.metrics and held:
        return tuple(year for year in held if (since or year) <= year <= (until or year)) or _none(since, until)
    if since is None or until is None:
        raise UsageError("which years?", hint="give --since YEAR --until YEAR, or a table with a column 'year'")
    return tuple(range(since, until + 1)) or _none(since, until)


def _none(since: int | None, until: int | None) -> tuple[int, ...]:
    raise UsageError(f"there is no year from {since} to {until}", hint="turn them round, or look into the table")


def _undated(ground: Ground) -> tuple[str, ...]:
    codes = []
    for leaf in ground.index.leaves:
        name = metric_of(leaf)
        if name is not None and leaf.code not in ground.sources.tabled:
            dated = ground.metrics[name].dated is not None
        else:
            held = held_by(leaf, ground.sources)
            dated = any(year is not None for years in held.values() for year in years)
        if not dated:
            codes.append(leaf.code)
    return tuple(codes)


def _absent(ground: Ground, stack: FloatArray, undated: Sequence[str]) -> BoolArray:
    """Which regions have no dated value of their own in a year, where all dated values come from columns."""
    own = [at for at, leaf in enumerate(ground.index.leaves) if leaf.code not in undated]
    if not own or ground.metrics:
        return np.zeros(stack.shape[:-1], np.bool_)
    nothing: BoolArray = np.logical_and.reduce(np.isnan(stack[..., own]), axis=-1)
    return nothing


def _change(
    ranks: FloatArray,
) -> FloatArray:
    """The last rank less the first of every region."""
    known = ~np.isnan(ranks)
    first, last = known.argmax(axis=0), len(ranks) - 1 - known[::-1].argmax(axis=0)
    columns = np.arange(ranks.shape[1])
    change: FloatArray = ranks[last, columns] - ranks[first, columns]
    return change


def _when(flags: BoolArray, years: Sequence[int]) -> list[str]:
    return [", ".join(str(year) for at, year in enumerate(years) if flags[at, row]) for row in range(flags.shape[1])]
