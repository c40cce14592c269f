"""Our scores beside the printed ones: differences, rank correlations, and what cannot be reproduced and why."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import kendalltau, spearmanr

from ecosystem.audit.published_form import FOLDER, PrintedTable, Shows, read_manifest
from ecosystem.audit.score_table import RANK, REGION, number, rank_faults
from ecosystem.errors import Finding, SpecError
from ecosystem.index import Index, Standing

COLUMNS = ("table", "level", "region", "code", "shows", "printed", "ours", "difference")
FEWEST = 3
"""Two regions always correlate perfectly or not at all."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed number of a region."""

    table: PrintedTable
    level: str
    region: str
    code: str
    shows: Shows
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """`cells` has a row per printed number with `COLUMNS`, `summary` one per table, code and what it shows."""

    cells: pd.DataFrame
    summary: pd.DataFrame


def read_published(index_folder: Path) -> tuple[tuple[Printed, ...], tuple[Finding, ...]]:
    """Every printed score and rank of an index folder, and what is wrong inside the tables as they were printed.

    Ranks that do not follow the scores are warnings: a report may print them so. Raises SpecError where a table cannot
    be used: a column that is not there, a region twice, a cell that is not a number, or one that is negative.
    """
    printed: list[Printed] = []
    warnings: list[Finding] = []
    errors: list[Finding] = []
    for table in read_manifest(index_folder):
        rows = _rows(index_folder / FOLDER / table.file)
        faults = list(_faults(table, rows))
        errors += faults
        if not faults:
            printed += _numbers(table, rows)
            warnings += _order(table, rows)
    if errors:
        raise SpecError(f"the published tables of {index_folder.name} cannot be used", findings=errors)
    return tuple(printed), tuple(warnings)


def compare_published(index: Index, printed: Sequence[Printed], standings: Mapping[str, Standing]) -> Comparison:
    """Printed numbers beside those of our standings, one per level of regions (`group` for the groups).

    A rank of ours is among the regions of the level, as the printed one is. Where a table was rescaled so that its best
    region has a given score, ours are rescaled alike. What we have no number for stays blank. Spearman's rho and
    Kendall's tau-b are over the regions that both have; blank for fewer than three, or where all are equal.
    """
    books = {level: _Ours(index, standing) for level, standing in standings.items()}
    rows = []
    for each in printed:
        book = books.get(each.level)
        ours = np.nan if book is None else book.value(each)
        rows.append(
            (each.table.file, each.level, each.region, each.code, each.shows, each.value, ours, ours - each.value)
        )
    cells = pd.DataFrame(rows, columns=list(COLUMNS))
    keys = ["table", "level", "code", "shows"]
    summary = [dict(zip(keys, key, strict=True)) | _summary(part) for key, part in cells.groupby(keys, sort=False)]
    names = [*keys, "printed", "compared", "equal", "largest_difference", "spearman", "kendall"]
    return Comparison(cells, pd.DataFrame(summary, columns=names))


class _Ours:
    """The numbers of a standing by code, region and what is shown."""

    def __init__(self, index: Index, standing: Standing) -> None:
        self._row = {region: row for row, region in enumerate(standing.regions)}
        self._scores: dict[str, np.ndarray] = {}
        for level in range(1, index.depth + 1):
            for place, part in enumerate(index.at(level)):
                self._scores[part.code] = standing.at(level)[..., place]

    def value(self, each: Printed) -> float:
        scores, row = self._scores[each.code], self._row.get(each.region)
        if row is None:
            return np.nan
        if each.shows == "rank":
            return float(1 + np.count_nonzero(scores > scores[row] + 1e-9))
        best = scores.max()
        if each.table.best is None:
            return float(scores[row])
        return float(scores[row] / best * each.table.best) if best > 0 else np.nan


def _summary(part: pd.DataFrame) -> dict[str, object]:
    both = part.dropna(subset=["ours"])
    differences = both["difference"].abs()
    varied = len(both) >= FEWEST and both["ours"].nunique() > 1 and both["printed"].nunique() > 1
    return {
        "printed": len(part),
        "compared": len(both),
        "equal": int((differences < 1e-9).sum()),
        "largest_difference": float(differences.max()) if len(both) else np.nan,
        "spearman": float(spearmanr(both["printed"], both["ours"]).statistic) if varied else np.nan,
        "kendall": float(kendalltau(both["printed"], both["ours"]).statistic) if varied else np.nan,
    }


def unknown_codes(index: Index, printed: Sequence[Printed]) -> tuple[str, ...]:
    """The codes that the published tables name and the index does not have."""
    known = {part.code for part in index.indicators}
    return tuple(dict.fromkeys(each.code for each in printed if each.code not in known))


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        return [(reader.line_num, {key: (cell or "").strip() for key, cell in row.items()}) for row in reader]


def _shown(table: PrintedTable) -> list[tuple[Shows, str, str]]:
    scores: list[tuple[Shows, str, str]] = [("score", column, code) for column, code in table.scores.items()]
    ranks: list[tuple[Shows, str, str]] = [("rank", column, code) for column, code in table.ranks.items()]
    return [*scores, *ranks]


def _faults(table: PrintedTable, rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[Finding]:
    shown = _shown(table)
    if not shown:
        return
    needed = [REGION, *(column for _, column, _ in shown), *filter(None, (table.code_column, table.level_column))]
    header = rows[0][1] if rows else {}
    absent = [column for column in needed if column not in header]
    for column in absent:
        yield Finding("error", "no_column", f"there is no column {column!r}", table.file, 1, column)
    if absent:
        return
    first: dict[tuple[str, ...], int] = {}
    for line, row in rows:
        key = (row[REGION], _code_of(table, row, ""), _level_of(table, row))
        if key in first:
            message = f"region {row[REGION]!r} stands in row {first[key]} already"
            yield Finding("error", "region_twice", message, table.file, line, REGION, row[REGION])
        first.setdefault(key, line)
        for _, column, _ in shown:
            value = number(row[column])
            if value is None:
                message = f"{row[column]!r} is not a number"
                yield Finding("error", "not_a_number", message, table.file, line, column, row[column][:80])
            elif value < 0:
                yield Finding("error", "negative_score", f"{value:g} is negative", table.file, line, column)


def _numbers(table: PrintedTable, rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[Printed]:
    for shows, column, code in _shown(table):
        for _, row in rows:
            value = number(row[column])
            if value is not None:
                yield Printed(table, _level_of(table, row), row[REGION], _code_of(table, row, code), shows, value)


def _order(table: PrintedTable, rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[Finding]:
    if RANK not in table.ranks or len(table.scores) != 1:
        return
    (score,) = table.scores
    blocks: dict[tuple[str, str], list[tuple[int, Mapping[str, str]]]] = {}
    for line, row in rows:
        blocks.setdefault((_code_of(table, row, ""), _level_of(table, row)), []).append((line, row))
    for block in blocks.values():
        for each in rank_faults(table.file, block, score):
            yield Finding("warning", each.code, each.message, each.file, each.row, each.column, each.value)


def _code_of(table: PrintedTable, row: Mapping[str, str], code: str) -> str:
    name = row[table.code_column] if table.code_column else code
    return table.aliases.get(name, name)


def _level_of(table: PrintedTable, row: Mapping[str, str]) -> str:
    return row[table.level_column] if table.level_column else table.level or ""
