"""Every finding about where the values of an index come from: its sources, and a table of values beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from ecosystem.errors import Finding, InputError, UsageError
from ecosystem.index import Index, Level
from ecosystem.index.files.value_files import read_values
from ecosystem.index.files.value_table import ValueTable
from ecosystem.index.spec import AS_HEADED, SourceKind, TableColumns
from ecosystem.messages import tr
from ecosystem.metrics import Metric
from ecosystem.regions import shipped_regions
from ecosystem.scoring.ranked_regions import ids_of, in_table, told_twice
from ecosystem.scoring.score import score
from ecosystem.scoring.sources import Supply, exists, known_sources, lacking_columns, tabled_columns


def unchecked_sources(index: Index, known: Mapping[SourceKind, Collection[str]]) -> Iterator[Finding]:
    """A note that counts the indicators whose sources only data could show, where there are any."""
    count = sum(leaf.source is not None and leaf.source.kind not in known for leaf in index.leaves)
    if count:
        total = len(index.leaves)
        message = tr(
            "{count} of {total} indicators come from columns, which can be checked only with a table of values",
            count=count,
            total=total,
        )
        hint = tr("give it with --values TABLE")
        yield Finding("info", "not_checked", message, "indicators.csv", None, "source", None, hint)


def check_table(
    index: Index | None,
    path: Path,
    metrics: Mapping[str, Metric] | None = None,
    columns: TableColumns | None = None,
) -> tuple[Finding, ...]:
    """The faults of a table, and, where the index itself is sound, of the two together; for the index's first level.

    An indicator that comes from one of `metrics` needs no column: a note counts those. `columns` names the key columns
    of the table, those of the index where it does not.
    """
    known = AS_HEADED if index is None else index.table
    try:
        table = read_values(path, known if columns is None else columns.over(known))
    except InputError as err:
        return err.findings or (Finding("error", "unreadable_file", err.message, path.name, hint=err.hint),)
    if index is None:
        return table.findings
    level = in_table(next(iter(index.levels.values())), table)
    lacking = list(_lacking(index, table, metrics or {}))
    # a column of numbers and text is a warning by itself, and an error where an indicator needs it
    needed = {one.column for one in lacking}
    found = (
        *(one for one in table.findings if one.code != "left_out" or one.column not in needed),
        *lacking,
        *_columns(index, table),
        *_valueless(index, table),
        *_years(index, table),
        *_regions(level, table),
    )
    stopped = lacking or any(one.severity == "error" for one in found)
    return found if stopped else (*found, *_scored(index, table))


def _lacking(index: Index, table: ValueTable, metrics: Mapping[str, Metric]) -> Iterator[Finding]:
    known = known_sources(Supply(metrics))
    graph = {leaf.row for leaf in index.leaves if exists(leaf.source, known)}
    lacking = lacking_columns(index, table)
    yield from (one for one in lacking if one.row not in graph)
    counted = sum(one.row in graph for one in lacking)
    if counted:
        message = tr(
            "{count} indicators have no column here and come from metrics: scores need --store as well as --values",
            count=counted,
        )
        yield Finding("info", "from_metrics", message, table.file)


def _scored(index: Index, table: ValueTable) -> Sequence[Finding]:
    """What stops the scores of a table that is sound by itself: a denominator, a transformation, a mean."""
    try:
        score(index, values=table)
    except InputError as err:
        return err.findings or [Finding("error", "no_scores", err.message, table.file, hint=err.hint)]
    except UsageError as err:
        return [Finding("error", "no_scores", err.message, table.file, hint=err.hint)]
    return ()


def _columns(index: Index, table: ValueTable) -> Iterator[Finding]:
    for code, column in tabled_columns(index, table).items():
        values = table.numbers[column]
        known = values[~np.isnan(values)]
        if np.isinf(known).any():
            line = table.lines[int(np.flatnonzero(np.isinf(values))[0])]
            yield Finding(
                "error", "infinite", tr("the value is infinite"), table.file, line, column, None, tr("leave it blank")
            )
        if not len(known):
            yield _warning("all_missing", tr("{code!r} has no value at all", code=code), table.file, column)
        elif len(np.unique(known)) == 1 and len(table.units) > 1:
            yield _warning(
                "constant",
                tr("{code!r} is {value:g} for every region, so it makes no difference", code=code, value=known[0]),
                table.file,
                column,
            )


def _valueless(index: Index, table: ValueTable) -> Iterator[Finding]:
    """A warning for the regions that have a row and no value of any indicator: they score nothing."""
    columns = [table.numbers[column] for column in tabled_columns(index, table).values()]
    if not columns:
        return
    empty_rows = np.logical_and.reduce(np.isnan(np.stack(columns)), axis=0)
    some = {region for region, nothing in zip(table.regions, empty_rows, strict=True) if not nothing}
    empty = [region for region in table.units if region not in some]
    if empty:
        lines = dict(zip(reversed(table.regions), reversed(table.lines), strict=True))
        names = ", ".join(tr("{region} (line {line})", region=region, line=lines[region]) for region in empty[:10])
        message = tr("{count} regions have no value for any indicator: {regions}", count=len(empty), regions=names)
        hint = tr("fill their cells, or delete the rows")
        yield Finding("warning", "region_without_values", message, table.file, lines[empty[0]], hint=hint)


def _years(index: Index, table: ValueTable) -> Iterator[Finding]:
    """A warning where the latest values of regions, which are those that are scored, are not of one year."""
    held = [years for column in tabled_columns(index, table).values() for years in table.column(column).values()]
    latest = sorted({max(known) for years in held if (known := [year for year in years if year is not None])})
    if len(latest) > 1:
        message = tr(
            "the latest values are of different years ({years}): the latest of each region and indicator is scored",
            years=", ".join(map(str, latest)),
        )
        hint = tr("choose years with --since and --until, or score each with --by-year")
        yield Finding("warning", "years_differ", message, table.file, hint=hint)


def _regions(level: Level, table: ValueTable) -> Iterator[Finding]:
    ids = ids_of(table, level, shipped_regions())
    yield from told_twice(table, ids)
    if not ids:
        message = tr("no region of the table is ranked at level {level!r}", level=level.name)
        yield Finding(
            "error", "no_region", message, table.file, None, None, None, tr("the index names regions by their ids")
        )
    elif len(ids) == 1:
        yield _warning("one_region", tr("there is only one region, so every indicator is constant"), table.file, None)
    lacking = [region for region in level.regions if region not in ids.values()]
    if ids and lacking:
        names = ", ".join(lacking[:10])
        yield _warning(
            "region_without_row",
            tr("{count} ranked regions have no row: {regions}", count=len(lacking), regions=names),
            table.file,
            None,
        )
    loose = [unit for unit in table.units if unit not in ids]
    if ids and loose:
        names = ", ".join(loose[:10])
        yield Finding(
            "info",
            "not_ranked",
            tr("{count} regions of the table are not ranked: {regions}", count=len(loose), regions=names),
            table.file,
        )


def _warning(code: str, message: str, file: str, column: str | None) -> Finding:
    return Finding("warning", code, message, file, None, column)
