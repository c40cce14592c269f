"""Scores of an index year by year, on one scale over all years or on a scale for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ecosystem.dataset.records import Progress, silent
from ecosystem.errors import UsageError
from ecosystem.index import Index, IndexScores, evaluate
from ecosystem.index.arrays import BoolArray, FloatArray
from ecosystem.index.paths import compound_growth
from ecosystem.index.prepare import Auxiliary, screened_out
from ecosystem.index.value_table import ValueTable
from ecosystem.metrics import Measures, Metric, Window
from ecosystem.regions import Regions
from ecosystem.scoring.panel_tables import path_table, tidy_panel
from ecosystem.scoring.result import metric_of
from ecosystem.scoring.run import Ground, measured, prepare_ground
from ecosystem.scoring.sources import auxiliary_by_year, held_by, value_matrix
from ecosystem.store import GraphStore


@dataclass(frozen=True)
class Panel:
    """Scores by year: `standing` has a leading axis of `years`; `pooled`: all years share one scale.

    `undated` are the indicators that are the same in every year: metrics without a date, columns without years.
    `screened` gives by year the regions that are left out for want of data, and why. `measures` are those of the last
    year; `values` is the table of values, None where there is none.
    """

    index: Index
    level: str
    years: tuple[int, ...]
    pooled: bool
    standing: IndexScores
    undated: tuple[str, ...]
    unranked: tuple[str, ...]
    regions: Regions
    measures: Measures = field(repr=False)
    values: ValueTable | None = field(default=None, repr=False)
    screened: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    @property
    def growth(self) -> pd.Series[float]:
        """The compound growth of the score of each region, by region id."""
        return pd.Series(compound_growth(self.standing.overall, self.years), index=list(self.standing.regions))

    def table(self) -> pd.DataFrame:
        """A row per region, the best of the last year first: scores, ranks, tiers, growth, rank change, entry, exit."""
        return path_table(self)

    def tidy(self) -> pd.DataFrame:
        """A row per year, region and code at every level of the hierarchy."""
        return tidy_panel(self)


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
    screened = {
        year: screened_out(ground.index, stack[at], regions, _of_year(beside, at)) for at, year in enumerate(years)
    }
    found = (undated, ground.unranked, ground.regions, measures, values, screened)
    return Panel(ground.index, name, years, pooled, standing, *found)


def _of_year(beside: Auxiliary, at: int) -> Auxiliary:
    return Auxiliary({name: column[at] for name, column in beside.denominators.items()}, beside.groups)


def _years(ground: Ground, values: ValueTable | None, since: int | None, until: int | None) -> tuple[int, ...]:
    held = sorted({year for year in values.years if year is not None}) if values is not None else []
    if values is not None and not ground.metrics and held:
        return tuple(year for year in held if (since or year) <= year <= (until or year)) or _none(since, until)
    if since is None or until is None:
        raise UsageError("which years?", hint="give --since YEAR --until YEAR, or a table with a column 'year'")
    return tuple(range(since, until + 1)) or _none(since, until)


def _none(since: int | None, until: int | None) -> tuple[int, ...]:
    span = " ".join(f"{word} {year}" for word, year in (("from", since), ("to", until)) if year is not None)
    raise UsageError(f"there is no year {span}", hint="turn them round, or look into the table")


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
