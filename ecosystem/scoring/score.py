"""An index and its sources in, scores out: regions chosen, the indicator matrix assembled, then evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ecosystem.errors import UsageError
from ecosystem.index import Index, Indicator, Level, evaluate, roll_up
from ecosystem.index.arrays import FloatArray
from ecosystem.index.files.value_table import ValueTable, near_columns
from ecosystem.index.prepare import screened_out
from ecosystem.indicator_source import IndicatorSource, Window
from ecosystem.messages import tr
from ecosystem.metrics import Metric
from ecosystem.model import CURRENCY
from ecosystem.network import NetworkFile
from ecosystem.progress import Progress, silent
from ecosystem.query.currency import in_other_currency
from ecosystem.regions import Regions
from ecosystem.scoring.by_name import index_of, metrics_of, networks_of, table_of
from ecosystem.scoring.column_source import column_values
from ecosystem.scoring.ranked_regions import (
    ids_of,
    in_hierarchy,
    in_table,
    ranked,
    refuse_twice,
    table_regions,
)
from ecosystem.scoring.result import Scores
from ecosystem.scoring.sources import (
    Supply,
    auxiliary,
    denominator_years,
    refuse_unknown_sources,
    sources_of,
    supply_of,
)
from ecosystem.scoring.value_years import Years
from ecosystem.store import GraphStore, LoadedDataset, made_of, stored_regions


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is scored: the index with its regions as far as they are known, and the source of each indicator by code."""

    index: Index
    level: Level
    regions: Regions
    unranked: tuple[str, ...]
    supply: Supply
    sources: Mapping[str, IndicatorSource]

    @property
    def dataset(self) -> LoadedDataset:
        """The dataset of the store, else the table by its name and hash."""
        if self.supply.store is not None:
            return self.supply.store.dataset
        table = self.supply.table
        return LoadedDataset(table.file, table.hash, 0) if table is not None else LoadedDataset("", "", 0)

    @property
    def address(self) -> str:
        """Where the values are: the URL of the store, else the path of the table."""
        if self.supply.store is not None:
            return self.supply.store.url
        return self.supply.table.path if self.supply.table is not None else ""


@dataclass(frozen=True, slots=True, eq=False)
class ValueMatrix:
    """The values (R, K) of the indicators, why those have none that have none, their matches without year or class.

    `years` has those of the columns that have years.
    """

    values: FloatArray
    missing: Mapping[str, str]
    undated: Mapping[str, int]
    years: Years
    unclassed: Mapping[str, int]


def score(
    index: Index | str | Path,
    store: GraphStore | str | Path | None = None,
    *,
    values: ValueTable | str | Path | None = None,
    level: str | None = None,
    since: int | None = None,
    until: int | None = None,
    metrics: Mapping[str, Metric] | str | Path | None = None,
    networks: Mapping[str, NetworkFile] | str | Path | None = None,
    partial: bool = False,
    progress: Progress = silent,
) -> Scores:
    """The scores of an index on a loaded graph, a table of values, or both, at one of its levels, else its first.

    Index, store, table and a folder of metrics or networks of one's own may be named: an id, a path, a URL. A store
    that is named is closed when the scores are no longer there. `since` and `until` are years, both included.
    `metrics` and `networks` are those that the index may name, else the shipped ones. An indicator that has a column
    in `values` is taken from there, whatever the store says. With `partial`, one whose column is nowhere is missing
    for all regions.

    Raises SpecError when the index or a source does not exist or no ranked region is known, InputError where the table
    tells a region twice, UsageError for a level that the index does not define.

    >>> scores = ecosystem.score("cingai-2023", "demo/graph.duckdb")
    >>> print(scores.overall()[["rank", "region", "score"]].round(2).head(3).to_string(index=False))
     rank    region  score
        1   Beijing  81.57
        2 Guangdong  73.56
        3  Shanghai  36.09
    """
    spec, window = index_of(index), Window(since, until)
    table, known, edges = table_of(values, spec), metrics_of(metrics), networks_of(networks)

    def scored(graph: GraphStore | None) -> Scores:
        return _scored(gather_inputs(spec, graph, table, level, known, edges, partial=partial), window, progress)

    return made_of(store, scored)


def _scored(inputs: Inputs, window: Window, progress: Progress) -> Scores:
    index, regions = inputs.index, inputs.level.regions
    matrix = value_matrix(inputs, window, progress)
    beside = auxiliary(index, regions, inputs.supply, window, inputs.sources)
    standing = evaluate(index, matrix.values, level=inputs.level.name, auxiliary=beside)
    return Scores(
        index=index,
        level=inputs.level.name,
        window=window,
        standing=standing,
        groups=roll_up(standing) if inputs.level.groups else None,
        sources=inputs.sources,
        regions=inputs.regions,
        missing=matrix.missing,
        unranked=inputs.unranked,
        dataset=inputs.dataset,
        store=inputs.address,
        graph=inputs.supply.store,
        table=inputs.supply.table,
        undated_matches=matrix.undated,
        unclassed_matches=matrix.unclassed,
        screened=screened_out(index, matrix.values, regions, beside),
        auxiliary=beside,
        years={**matrix.years, **denominator_years(index, regions, inputs.supply, window)},
    )


def rescored(scores: Scores, index: Index) -> Scores:
    """The scores of a changed index on the same values: what `score` gives for it, without asking the sources again.

    The indicators and the regions of the index must be those of the scores. Raises as `evaluate`.
    """
    standing = evaluate(index, scores.standing.raw, level=scores.level, auxiliary=scores.auxiliary)
    ranking = index.level(scores.level)
    return replace(
        scores,
        index=index,
        standing=standing,
        groups=roll_up(standing) if ranking.groups else None,
        screened=screened_out(index, scores.standing.raw, ranking.regions, scores.auxiliary),
    )


def gather_inputs(
    index: Index,
    store: GraphStore | None,
    values: ValueTable | None,
    level: str | None,
    metrics: Mapping[str, Metric] | None,
    networks: Mapping[str, NetworkFile] | None = None,
    *,
    partial: bool = False,
) -> Inputs:
    """The regions and the sources of an index; raises as `score`."""
    level = level or next(iter(index.levels))
    ranking = index.level(level)
    if store is not None:
        regions = stored_regions(store)
        where = tr("the hierarchy of {store}", store=store.url)
        kept, absent = ranked(in_hierarchy(ranking, regions, where), regions, where)
        ids = ids_of(values, kept, regions) if values is not None else {}
    elif values is not None:
        ranking = in_table(ranking, values)
        regions = table_regions(ranking, values)
        ids = ids_of(values, ranking, regions)
        kept, absent = ranked(ranking, tuple(ids.values()), values.path)
    else:
        raise UsageError(
            tr("scores need a store or a table of values"), hint=tr("load a dataset, or give --values TABLE")
        )
    if values is not None:
        refuse_twice(values, ids)
    indicators = index.indicators if store is None else in_currency_of(store, index.indicators)
    index = replace(index, levels={**index.levels, level: kept}, indicators=indicators)
    supply = supply_of(index, level, store, values, ids, metrics_of(metrics), networks_of(networks))
    refuse_unknown_sources(index, supply, partial=partial)
    return Inputs(index, kept, regions, absent, supply, sources_of(index, supply))


def in_currency_of(store: GraphStore, indicators: tuple[Indicator, ...]) -> tuple[Indicator, ...]:
    """The indicators with the units that their metrics have in the currency of the dataset in a store."""
    model = store.schema.model
    if model.currency == CURRENCY:
        return indicators
    asked = [one.source is not None and one.source.kind != "column" for one in indicators]
    return tuple(
        replace(one, unit=in_other_currency(one.unit, model)) if of_graph else one
        for one, of_graph in zip(indicators, asked, strict=True)
    )


def value_matrix(inputs: Inputs, window: Window, progress: Progress = silent) -> ValueMatrix:
    """The values of every indicator in a window; a source of several indicators is asked once."""
    regions, leaves = inputs.level.regions, inputs.index.leaves
    distinct = {id(source): source for source in inputs.sources.values()}
    found = {}
    for number, (key, source) in enumerate(distinct.items()):
        progress(tr("indicators"), number, len(distinct))
        found[key] = source.values(regions, window)
    progress(tr("indicators"), len(distinct), len(distinct))
    answers = {leaf.code: found[id(inputs.sources[leaf.code])] for leaf in leaves}
    return ValueMatrix(
        np.stack([answer.values for answer in answers.values()], axis=1),
        {code: answer.missing for code, answer in answers.items() if np.isnan(answer.values).all()},
        {code: answer.undated for code, answer in answers.items() if answer.undated},
        {code: answer.years for code, answer in answers.items() if answer.years is not None},
        {code: answer.unclassed for code, answer in answers.items() if answer.unclassed},
    )


def groups_of(scores: Scores, column: str) -> list[str | None]:
    """The group of each ranked region by a column of words of the table; UsageError where there is no such column."""
    table, ids = _beside(scores, column, words=True)
    cells = {ids[region]: cell for region, cell in table.group(column).items() if region in ids}
    return [cells.get(region) for region in scores.standing.regions]


def outcome_of(scores: Scores, column: str) -> FloatArray:
    """The number of each ranked region in a column of the table, of its latest year inside the window; NaN for none.

    UsageError where there is no such column of numbers.
    """
    table, ids = _beside(scores, column, words=False)
    held = {ids[region]: years for region, years in table.column(column).items() if region in ids}
    return column_values(held, scores.standing.regions, scores.window)


def _beside(scores: Scores, column: str, *, words: bool) -> tuple[ValueTable, dict[str, str]]:
    """The table that has the column, and the ids of its regions."""
    table = scores.table
    if table is None or column not in {*table.numbers, *(table.texts if words else ())}:
        if table is None:
            message = tr("the column {column!r} is looked for in a table of values, and there is none", column=column)
            raise UsageError(message, hint=tr("give one: --values TABLE"))
        message = tr("{file} has no column of numbers {column!r}", file=table.file, column=column)
        if words:
            message = tr("{file} has no column {column!r}", file=table.file, column=column)
        raise UsageError(message, hint=near_columns(table, column))
    return table, ids_of(table, scores.index.level(scores.level), scores.regions)
