"""An index and a store in, scores out: the indicator matrix assembled from metrics and columns, then evaluated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ecosystem.dataset.records import Progress, silent
from ecosystem.errors import SpecError
from ecosystem.index import Index, Level, check_index, evaluate, roll_up
from ecosystem.metrics import Measures, Metric, Window, load_metrics, measure, stored_regions
from ecosystem.query.tree import Item, Match, NodePattern, Path, PropertyOf, Query
from ecosystem.regions import Regions
from ecosystem.scoring.result import Scores, metric_of
from ecosystem.store import GraphStore

Floats = npt.NDArray[np.float64]
Columns = Mapping[str, Mapping[str, Mapping[int | None, float]]]
"""Indicator -> region -> year -> value, of what no graph holds."""


def score(
    index: Index,
    store: GraphStore,
    *,
    level: str | None = None,
    since: int | None = None,
    until: int | None = None,
    metrics: Mapping[str, Metric] | None = None,
    progress: Progress = silent,
) -> Scores:
    """The scores of an index on a loaded graph, at one of its levels (its first where none is named).

    `since` and `until` are years, both included. `metrics` are those that the index may name, else the shipped ones.
    Raises SpecError when a source does not exist or no ranked region is known, UsageError for a level that the index
    does not define.
    """
    known = load_metrics() if metrics is None else metrics
    level = level or next(iter(index.levels))
    regions = stored_regions(store)
    ranked, unranked = _ranked(index.level(level), regions, store)
    index = replace(index, levels={**index.levels, level: ranked})
    columns = _columns(store)
    _refuse_unknown_sources(index, known, columns)
    wanted = {name: known[name] for leaf in index.leaves if (name := metric_of(leaf))}
    measures = measure(store, wanted, level=level, since=since, until=until, progress=progress)
    matrix, missing = _matrix(index, ranked, measures, columns)
    standing = evaluate(index, matrix, level=level)
    return Scores(
        index=index,
        level=level,
        window=measures.window,
        standing=standing,
        groups=roll_up(standing) if ranked.groups else None,
        measures=measures,
        regions=regions,
        missing=missing,
        unranked=unranked,
        dataset=store.dataset,
        store=store.url,
    )


def _ranked(level: Level, regions: Regions, store: GraphStore) -> tuple[Level, tuple[str, ...]]:
    """The level with the regions that the hierarchy has, and those that it has not."""
    absent = tuple(region for region in level.regions if region not in regions)
    if len(absent) == len(level.regions):
        hint = "the index ranks regions by their ids; `ecosystem regions list` has those that are shipped"
        message = f"none of the {len(absent)} regions that the index ranks is in the hierarchy of {store.url}"
        raise SpecError(message, hint=hint)
    if not absent:
        return level, ()
    kept = tuple(region for region in level.regions if region in regions)
    # a group that has lost a member would be another group
    groups = tuple(group for group in level.groups if set(group.members) <= set(kept))
    return replace(level, regions=kept, groups=groups), absent


def _refuse_unknown_sources(index: Index, metrics: Mapping[str, Metric], columns: Columns) -> None:
    found = check_index(index, known_sources={"metric": metrics, "column": columns, "network": ()})
    faults = [finding for finding in found if finding.code == "unknown_source"]
    if faults:
        hint = "metrics are files in cypher/metrics or --metrics FOLDER, columns are in region_values.csv"
        raise SpecError(f"index {index.id} has sources that do not exist", hint=hint, findings=faults)


def _columns(store: GraphStore) -> Columns:
    """The region values of the dataset."""
    names = ("indicator", "region", "year", "value")
    query = Query(
        (Match((Path((NodePattern("v", ("RegionValue",)),), ()),)),),
        tuple(Item(PropertyOf("v", name), name) for name in names),
    )
    found: dict[str, dict[str, dict[int | None, float]]] = {}
    for row in store.query(query).read_all().to_pylist():
        found.setdefault(row["indicator"], {}).setdefault(row["region"], {})[row["year"]] = row["value"]
    return found


def _matrix(index: Index, level: Level, measures: Measures, columns: Columns) -> tuple[Floats, dict[str, str]]:
    """The values, regions x indicators, and the reason for each indicator that has none."""
    table = measures.table().reindex(list(level.regions))
    values, missing = [], {}
    for leaf in index.leaves:
        name = metric_of(leaf)
        if name is not None:
            column = table[name].to_numpy(dtype=np.float64)
            reason = measures.missing.get(name, f"no region has a value of {name}")
        else:
            held = columns[leaf.source.name] if leaf.source is not None else {}
            column = np.array([_latest(held.get(region, {}), measures.window) for region in level.regions])
            reason = f"no ranked region has a value of {leaf.source}"
        if np.isnan(column).all():
            missing[leaf.code] = reason
        values.append(column)
    return np.stack(values, axis=1), missing


def _latest(years: Mapping[int | None, float], window: Window) -> float:
    """The value of the latest year inside the window; one without a year where no year has one."""
    known = [year for year in years if year is not None]
    inside = [year for year in known if (window.since or year) <= year <= (window.until or year)]
    return years[max(inside)] if inside else years.get(None, np.nan)
