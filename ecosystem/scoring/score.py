"""An index and its sources in, scores out: regions chosen, the indicator matrix assembled, then evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ecosystem.errors import SpecError, UsageError
from ecosystem.index import Group, Index, Level, evaluate, roll_up
from ecosystem.index.prepare import screened_out
from ecosystem.index.spec import EVERY, Text
from ecosystem.index.value_table import ValueTable
from ecosystem.metrics import Measures, Metric, Window, load_metrics, measure, stored_regions
from ecosystem.progress import Progress, silent
from ecosystem.regions import Region, Regions, shipped_regions
from ecosystem.scoring.result import Scores, metric_of
from ecosystem.scoring.sources import Sources, auxiliary, gather, refuse_unknown_sources, value_matrix
from ecosystem.scoring.table_store import no_measures
from ecosystem.store import GraphStore


@dataclass(frozen=True, slots=True)
class Ground:
    """What an index stands on: its regions as far as they are known, and where its values come from."""

    index: Index
    level: Level
    regions: Regions
    unranked: tuple[str, ...]
    sources: Sources
    metrics: Mapping[str, Metric]
    """Those that the index takes from the store."""


def score(
    index: Index,
    store: GraphStore | None = None,
    *,
    values: ValueTable | None = None,
    level: str | None = None,
    since: int | None = None,
    until: int | None = None,
    metrics: Mapping[str, Metric] | None = None,
    partial: bool = False,
    progress: Progress = silent,
) -> Scores:
    """The scores of an index on a loaded graph, a table of values, or both, at one of its levels, else its first.

    `since` and `until` are years, both included. `metrics` are those that the index may name, else the shipped ones. An
    indicator that has a column in `values` is taken from there, whatever the store says. With `partial`, one whose
    column is nowhere is missing for all regions. Raises SpecError when a source does not exist or no ranked region is
    known, UsageError for a level that the index does not define.
    """
    ground = prepare_ground(index, store, values, level, metrics, partial=partial)
    window = Window(since, until)
    measures = measured(ground, store, window, progress)
    names = ground.level.regions
    matrix, missing = value_matrix(ground.index, names, measures, ground.sources)
    beside = auxiliary(ground.index, names, ground.sources, window)
    standing = evaluate(ground.index, matrix, level=ground.level.name, auxiliary=beside)
    return Scores(
        index=ground.index,
        level=ground.level.name,
        window=measures.window,
        standing=standing,
        groups=roll_up(standing) if ground.level.groups else None,
        measures=measures,
        regions=ground.regions,
        missing=missing,
        unranked=ground.unranked,
        dataset=measures.store.dataset,
        store=measures.store.url,
        table=values,
        tabled=ground.sources.tabled,
        screened=screened_out(ground.index, matrix, names, beside),
        auxiliary=beside,
    )


def prepare_ground(
    index: Index,
    store: GraphStore | None,
    values: ValueTable | None,
    level: str | None,
    metrics: Mapping[str, Metric] | None,
    *,
    partial: bool = False,
) -> Ground:
    """The regions and the sources of an index; raises as `score`."""
    known = load_metrics() if metrics is None else metrics
    level = level or next(iter(index.levels))
    wanted = index.level(level)
    if store is not None:
        regions = stored_regions(store)
        where = f"the hierarchy of {store.url}"
        kept, absent = ranked(in_hierarchy(wanted, regions, where), regions, where)
        ids = ids_of(values, kept, regions) if values is not None else {}
    elif values is not None:
        wanted = in_table(wanted, values)
        regions = table_regions(wanted, values)
        ids = ids_of(values, wanted, regions)
        kept, absent = ranked(wanted, tuple(ids.values()), values.path)
    else:
        raise UsageError("scores need a store or a table of values", hint="load a dataset, or give --values TABLE")
    index = replace(index, levels={**index.levels, level: kept})
    sources = gather(index, store, values, ids)
    refuse_unknown_sources(index, known, sources, graph=store is not None, partial=partial)
    taken = {
        name: known[name] for leaf in index.leaves if (name := metric_of(leaf)) and leaf.code not in sources.tabled
    }
    return Ground(index, kept, regions, absent, sources, taken)


def measured(ground: Ground, store: GraphStore | None, window: Window, progress: Progress = silent) -> Measures:
    """The metrics that the index takes from the store, none where there is only a table."""
    level = ground.level.name
    if store is None and ground.sources.table is not None:
        return no_measures(ground.sources.table, level, window)
    if store is None:
        raise UsageError("scores need a store or a table of values", hint="load a dataset, or give --values TABLE")
    return measure(store, ground.metrics, level=level, since=window.since, until=window.until, progress=progress)


def in_hierarchy(level: Level, regions: Regions, where: str) -> Level:
    """The level with every region that the hierarchy has there, if the index lists none: SpecError where it has none.

    Where the index rolls up, the groups are what the regions lie in.
    """
    if level.regions != (EVERY,):
        return level
    found = regions.at(level.name)
    if not found:
        hint = f"a regions.csv in the dataset may have rows of level {level.name}, each with its parent"
        raise SpecError(f"{where} has no region of level {level.name!r}", hint=hint)
    members: dict[str, list[str]] = {}
    for region in found if level.rollup else ():
        if region.parent is not None:
            members.setdefault(region.parent, []).append(region.id)
    groups = tuple(Group(above, _name(regions[above]), tuple(below)) for above, below in members.items())
    return replace(level, regions=tuple(region.id for region in found), groups=groups)


def in_table(level: Level, table: ValueTable) -> Level:
    """The level with every region that the table has a row of, if the index lists none."""
    return level if level.regions != (EVERY,) else replace(level, regions=table.units)


def _name(region: Region) -> Text:
    return Text(region.name, region.name_en or region.name)


def ranked(level: Level, known: Sequence[str] | Regions, where: str) -> tuple[Level, tuple[str, ...]]:
    """The level with the regions that are known, and those that are not. SpecError where none is."""
    absent = tuple(region for region in level.regions if region not in known)
    if len(absent) == len(level.regions):
        hint = "the index ranks regions by their ids; `ecosystem regions list` has those that are shipped"
        raise SpecError(f"none of the {len(absent)} regions that the index ranks is in {where}", hint=hint)
    if not absent:
        return level, ()
    kept = tuple(region for region in level.regions if region in known)
    # a group that has lost a member would be another group
    groups = tuple(group for group in level.groups if set(group.members) <= set(kept))
    return replace(level, regions=kept, groups=groups), absent


def ids_of(table: ValueTable, level: Level, regions: Regions) -> dict[str, str]:
    """By region of the table the id under which the index ranks it: itself, or what its name, code or alias means."""
    own = set(level.regions)
    found = {}
    for unit in table.units:
        meant = unit if unit in own else regions.find(unit, level=level.name)
        if meant in own:
            found[unit] = str(meant)
    return found


def table_regions(level: Level, table: ValueTable) -> Regions:
    """The shipped hierarchy, and the ranked regions that it does not know, with the names that the table gives them."""
    shipped = shipped_regions()
    names: Mapping[str, Text] = table.names
    own = [
        Region(region, names.get(region, Text(region, region)).zh, level.name, name_en=_english(names, region))
        for region in level.regions
        if region not in shipped
    ]
    return Regions([*shipped, *own]) if own else shipped


def _english(names: Mapping[str, Text], region: str) -> str:
    return names.get(region, Text(region, region)).en
