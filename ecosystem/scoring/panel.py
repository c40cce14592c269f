"""Scores of an index year by year, on one scale over all years or one for each, and the tables that show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ecosystem.errors import UsageError
from ecosystem.headings import heading
from ecosystem.index import OTHERS, Index, IndexScores, Standing, Text, evaluate, other_regions, roll_up
from ecosystem.index.arrays import BoolArray, FloatArray, IntArray
from ecosystem.index.files.value_table import ValueTable
from ecosystem.index.prepare import Auxiliary, by_year, screened_out
from ecosystem.index.rule_text import describe_weighing
from ecosystem.index.rules import Tiering
from ecosystem.index.steps.rank import compound_growth, entries, exits
from ecosystem.index.steps.tiers import tier
from ecosystem.indicator_source import IndicatorSource, Window
from ecosystem.messages import listed, tr
from ecosystem.metrics import Metric
from ecosystem.network import NetworkFile
from ecosystem.notebook import few_lines, html_table, named, one_language, picture
from ecosystem.progress import Progress, silent
from ecosystem.regions import Regions
from ecosystem.scoring.by_name import index_of, metrics_of, networks_of, table_of
from ecosystem.scoring.extras import OTHER_REGIONS
from ecosystem.scoring.score import Inputs, gather_inputs, value_matrix
from ecosystem.scoring.sources import auxiliary_by_year
from ecosystem.scoring.step_changes import cell_marks
from ecosystem.scoring.tier_tables import tier_columns
from ecosystem.store import GraphStore, LoadedDataset, made_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Panel:
    """Scores by year: `standing` has a leading axis of `years`; `pooled`: all years share one scale.

    `undated` are the indicators that are the same in every year: metrics without a date, columns without years.
    `screened` gives by year the regions that are left out for want of data, and why. `sources` gives, by code, where
    each indicator comes from; `store` is the address of the store, else the path of the table; `values` is the table of
    values, None where there is none.
    """

    index: Index
    level: str
    years: tuple[int, ...]
    pooled: bool
    standing: IndexScores
    undated: tuple[str, ...]
    unranked: tuple[str, ...]
    regions: Regions
    sources: Mapping[str, IndicatorSource] = field(repr=False)
    dataset: LoadedDataset
    store: str = field(repr=False)
    values: ValueTable | None = field(default=None, repr=False)
    screened: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    @property
    def groups(self) -> Standing | None:
        """The standing of the groups of the level in every year, None where it has none."""
        return roll_up(self.standing) if self.index.level(self.level).groups else None

    @property
    def weighing(self) -> tuple[str, ...]:
        """What the weights rest on, in sentences, where they come from the data."""
        return tuple(describe_weighing(self.index.weighting.method, self.standing.weighing, self.years))

    @property
    def growth(self) -> pd.Series[float]:
        """The compound growth of the score of each region, by region id."""
        return pd.Series(compound_growth(self.standing.overall, self.years), index=list(self.standing.regions))

    def plot(self, kind: str = "ranks", **options: Any) -> Figure:
        """The picture of the ranks over the years; see `ecosystem.plot`."""
        return picture(self, kind=kind, **options)

    @property
    def _title(self) -> str:
        facts = {"index": self.index.id, "count": len(self.standing.regions), "level": self.level}
        years = {"first": self.years[0], "last": self.years[-1]}
        return tr("{index}: scores of {count} regions from {first} to {last}, level {level}", **facts, **years)

    def __repr__(self) -> str:
        scale = tr("one scale over all years") if self.pooled else tr("a scale for each year")
        undated = tr("the same in every year: {names}", names=named(self.undated)) if self.undated else ""
        data = tr("data: {name}", name=self.dataset.name)
        return few_lines(self._title, data, scale, undated, more="table(), tidy(), growth, plot()")

    def _repr_html_(self) -> str:
        return html_table(f"{self._title}; {self.dataset.name}", self._table_for_people())

    def _table_for_people(self) -> pd.DataFrame:
        lang = one_language()
        frame = self.table().drop(columns=["region", "region_zh" if lang == "en" else "region_en"])
        return frame.rename(columns={f"region_{lang}": heading("region", lang)})

    def table(self, *, groups: bool = False) -> pd.DataFrame:
        """A row per region, the best of the last year first: scores, ranks, tiers, growth, rank change, entry, exit.

        With `groups` those of the level are below the regions, then the regions that lie in none, told by `kind`.
        """
        return path_table(self) if not groups else pd.concat(_paths_by_kind(self), ignore_index=True)

    def tidy(self, *, groups: bool = False) -> pd.DataFrame:
        """A row per year, region and code at every level of the hierarchy; with `groups`, those too, told by `kind`."""
        return tidy_panel(self, groups=groups)


def score_panel(
    index: Index | str | Path,
    store: GraphStore | str | Path | None = None,
    *,
    values: ValueTable | str | Path | None = None,
    level: str | None = None,
    since: int | None = None,
    until: int | None = None,
    pooled: bool = True,
    metrics: Mapping[str, Metric] | str | Path | None = None,
    networks: Mapping[str, NetworkFile] | str | Path | None = None,
    progress: Progress = silent,
) -> Panel:
    """The scores of every year from `since` to `until`, of the years of the table where they are not given.

    A flow counts the links of its year, a stock what exists by its end, a column the value of the year. A region
    without any value of its own in a year is not ranked in it. UsageError where there are no years; otherwise takes
    names and raises as `score`.
    """
    spec, known, edges = index_of(index), metrics_of(metrics), networks_of(networks)
    table = table_of(values, spec)

    def scored(graph: GraphStore | None) -> Panel:
        inputs = gather_inputs(spec, graph, table, level, known, edges)
        return _scored(inputs, _years(inputs, since, until), pooled, progress)

    return made_of(store, scored)


def _scored(inputs: Inputs, years: tuple[int, ...], pooled: bool, progress: Progress) -> Panel:
    index, regions, name = inputs.index, inputs.level.regions, inputs.level.name
    matrices = []
    for number, year in enumerate(years):
        progress("years", number, len(years))
        matrices.append(value_matrix(inputs, Window(year, year), progress).values)
    stack = np.stack(matrices)
    undated = tuple(leaf.code for leaf in index.leaves if not inputs.sources[leaf.code].dated)
    beside = replace(auxiliary_by_year(index, regions, inputs.supply, years, inputs.sources), pooled=pooled)
    absent = _absent(inputs, stack, undated)
    standing = evaluate(index, stack, level=name, auxiliary=beside, absent=absent)
    screened = {year: screened_out(index, stack[at], regions, _of_year(beside, at)) for at, year in enumerate(years)}
    return Panel(
        index=index,
        level=name,
        years=years,
        pooled=pooled,
        standing=standing,
        undated=undated,
        unranked=inputs.unranked,
        regions=inputs.regions,
        sources=inputs.sources,
        dataset=inputs.dataset,
        store=inputs.address,
        values=inputs.supply.table,
        screened=screened,
    )


def _of_year(beside: Auxiliary, at: int) -> Auxiliary:
    columns = {name: column[at] for name, column in beside.denominators.items()}
    earlier = {code: values[at] for code, values in beside.earlier.items()}
    return Auxiliary(columns, beside.groups, earlier=earlier)


def _years(inputs: Inputs, since: int | None, until: int | None) -> tuple[int, ...]:
    """The years that are asked for; of values that are all in a table, the years that it has."""
    table = inputs.supply.table
    held = sorted({year for year in table.years if year is not None}) if table is not None else []
    if held and not _any_year(inputs):
        return tuple(year for year in held if (since or year) <= year <= (until or year)) or _none(since, until)
    if since is None or until is None:
        raise UsageError(tr("which years?"), hint=tr("give --since YEAR --until YEAR, or a table with a column 'year'"))
    return tuple(range(since, until + 1)) or _none(since, until)


def _any_year(inputs: Inputs) -> bool:
    """True where a source has values in any year that it is asked for."""
    return any(source.years is None for source in inputs.sources.values())


def _none(since: int | None, until: int | None) -> tuple[int, ...]:
    hint = tr("choose other years: the first, then the last, both in the table")
    if until is None:
        raise UsageError(tr("there is no year from {since} on", since=since), hint=hint)
    if since is None:
        raise UsageError(tr("there is no year up to {until}", until=until), hint=hint)
    raise UsageError(tr("there is no year from {since} to {until}", since=since, until=until), hint=hint)


def _absent(inputs: Inputs, stack: FloatArray, undated: Sequence[str]) -> BoolArray:
    """Which regions have no dated value of their own in a year, where all dated values come from columns."""
    own = [at for at, leaf in enumerate(inputs.index.leaves) if leaf.code not in undated]
    if not own or _any_year(inputs):
        return np.zeros(stack.shape[:-1], np.bool_)
    nothing: BoolArray = np.logical_and.reduce(np.isnan(stack[..., own]), axis=-1)
    return nothing


def path_table(panel: Panel, rolled: Standing | None = None) -> pd.DataFrame:
    """A row per region, the best of the last year first: scores, ranks, tiers, growth, rank change, entry, exit.

    `rank_change` is positive for a climb, from the first to the last year in which a region is ranked. The tiers of a
    year are those of its own scores. `rolled` are groups in place of the regions, which have no tiers.
    """
    standing, years = rolled or panel.standing, panel.years
    names = [_names(panel, region) for region in standing.regions]
    ranks = _ranks(standing)
    columns: dict[str, object] = {
        "region": standing.regions,
        "region_zh": [one.zh for one in names],
        "region_en": [one.en for one in names],
        **{f"score_{year}": standing.overall[at] for at, year in enumerate(years)},
        **{f"rank_{year}": pd.array(ranks[at]).astype("Int64") for at, year in enumerate(years)},
        **(_tiers(panel) if rolled is None else {}),
        "growth": compound_growth(standing.overall, years),
        "rank_change": pd.array(-_change(ranks)).astype("Int64"),
        "entry": _when(entries(standing.overall_rank), years),
        "exit": _when(exits(standing.overall_rank), years),
    }
    frame = pd.DataFrame(columns)
    if panel.index.overrides:
        frame["overrides"] = listed(panel.index.overrides, "; ")
    return frame.sort_values([f"rank_{years[-1]}", "region"], ignore_index=True)


def _names(panel: Panel, region: str) -> Text:
    groups = {group.id: group.name for group in panel.index.level(panel.level).groups}
    if region in groups or region == OTHERS:
        return groups.get(region, OTHER_REGIONS)
    known = panel.regions[region]
    return Text(known.name, known.name_en or known.name)


def _standings(panel: Panel, *, groups: bool) -> list[tuple[str, Standing]]:
    """The regions, then the groups and the regions in none where groups are asked for, with the word for each kind."""
    rolled = (("group", panel.groups), (OTHERS, other_regions(panel.standing))) if groups else ()
    return [("region", panel.standing), *((kind, each) for kind, each in rolled if each is not None)]


def _paths_by_kind(panel: Panel) -> Iterator[pd.DataFrame]:
    for kind, standing in _standings(panel, groups=True):
        yield path_table(panel, None if kind == "region" else standing).assign(kind=kind)


def _tiers(panel: Panel) -> dict[str, object]:
    """The tier of each region in every year, missing where it is not ranked."""
    rule = panel.index.tiers
    if rule is None:
        return {}
    matrix = panel.standing.overall[..., None]
    if rule.on != "scores":
        matrix = np.concatenate([matrix, tier_columns(panel.standing, rule)], axis=-1)
    tiers = by_year(lambda scores: _tiered(scores, rule), matrix, panel.years)
    named = zip(panel.years, tiers, strict=True)
    return {f"tier_{year}": pd.array(np.where(of > 0, of, np.nan)).astype("Int64") for year, of in named}


def _tiered(matrix: FloatArray, rule: Tiering) -> list[IntArray]:
    """The tiers of every year of `(..., regions, 1 + n)`: the score, and the columns that clusters are made over."""
    return [tier(own[:, 0], rule, own[:, 1:]).of for own in matrix.reshape(-1, *matrix.shape[-2:])]


def tidy_panel(panel: Panel, *, groups: bool = False) -> pd.DataFrame:
    """A row per year, region and code at every level of the hierarchy: score, rank of the index, whether it is dated.

    `scale` says what the scores are normalised over; `dated` is False for an indicator that is the same in every year.
    """
    tables = [
        table.assign(kind=kind) if groups else table
        for kind, standing in _standings(panel, groups=groups)
        for table in _year_tables(panel, standing)
    ]
    whole = pd.concat(tables, ignore_index=True).assign(scale="pooled" if panel.pooled else "yearly")
    marks = cell_marks(panel.standing, panel.years)
    if marks:
        keys = zip(whole["year"], whole["region"], whole["code"], strict=True)
        whole["change"] = [marks.get(key, "") for key in keys]
    return whole.assign(overrides=listed(panel.index.overrides, "; ")) if panel.index.overrides else whole


def _year_tables(panel: Panel, standing: Standing) -> Iterator[pd.DataFrame]:
    ranks, depth = _ranks(standing), panel.index.depth
    for at, year in enumerate(panel.years):
        for level in range(depth, 0, -1):
            scores = standing.at(level)[at]
            for place, part in enumerate(panel.index.at(level)):
                columns = {
                    "year": year,
                    "region": standing.regions,
                    "level": level,
                    "code": part.code,
                    "score": scores[:, place],
                    "rank": ranks[at] if level == depth else np.nan,
                    "dated": part.code not in panel.undated,
                }
                yield pd.DataFrame(columns)


def _ranks(standing: Standing) -> FloatArray:
    """The ranks (years, regions), NaN for a region that is not ranked."""
    return np.where(standing.overall_rank > 0, standing.overall_rank, np.nan)


def _change(ranks: FloatArray) -> FloatArray:
    """The last rank less the first of every region."""
    known = ~np.isnan(ranks)
    first, last = known.argmax(axis=0), len(ranks) - 1 - known[::-1].argmax(axis=0)
    columns = np.arange(ranks.shape[1])
    change: FloatArray = ranks[last, columns] - ranks[first, columns]
    return change


def _when(flags: BoolArray, years: Sequence[int]) -> list[str]:
    return [", ".join(str(year) for at, year in enumerate(years) if flags[at, row]) for row in range(flags.shape[1])]
