"""What the source of an index published: its tables, where each stands in the report, and what is wrong inside them."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ecosystem.errors import Finding, SpecError
from ecosystem.headings import heading
from ecosystem.index import Index, Text
from ecosystem.messages import tr
from ecosystem.notebook import few_lines, html_rows, one_language
from ecosystem.published.printed_scores import (
    RANK,
    REGION,
    Row,
    decimals_of,
    number,
    rank_faults,
    read_rows,
    region_faults,
    score_fault,
)
from ecosystem.tables.encoding import toml_table
from ecosystem.tables.packed import text_content

SAMPLE = "sample"
"""In place of a level and of a region: what is counted over the whole sample."""


FOLDER, FILE = "published", "tables.toml"
LOWER, UPPER, TIMES = "lower", "upper", "times"
"""Columns beside a number: the least and the most that the words allow, and how many units one printed unit is."""
YEAR, SECTION = "year", "section"
"""Columns that tell rows of one region and code apart."""
Shows = Literal["score", "rank", "count", "value"]


@dataclass(frozen=True, slots=True)
class PublishedNumber:
    """A published number: the table that has it, its level and region, and the code of the index that it is about.

    `half` is half a unit of its last digit: a score or value of ours no further off has the published digits. Where
    words give a range alone ("over 1000", "among the first three"), `value` is NaN, and `lower` and `upper` are its
    ends, NaN where it is open. Of a count, `code` is the label that is counted; of a value, an indicator, in its unit.
    `line` is that of the table.
    """

    table: PublishedTable
    level: str
    region: str
    code: str
    shows: Shows
    value: float
    half: float = 0.0
    lower: float = math.nan
    upper: float = math.nan
    line: int | None = None

    @property
    def end(self) -> float:
        """The number itself, else an end of its range: the lower one where there is one."""
        ends = (self.value, self.lower, self.upper)
        return next((end for end in ends if not math.isnan(end)), math.nan)

    def off(self, ours: float) -> float:
        """Our number less the published one; from a range the way to its nearer end, 0 inside; NaN without ours."""
        if not math.isnan(self.value) or math.isnan(ours):
            return ours - self.value
        if ours < self.lower:
            return ours - self.lower
        return ours - self.upper if ours > self.upper else 0.0


@dataclass(frozen=True, slots=True)
class Published:
    """Every published score and rank of an index.

    `warnings` tell where published ranks do not follow the published scores; `not_compared` are the tables without such
    numbers, which say why.
    """

    numbers: tuple[PublishedNumber, ...]
    warnings: tuple[Finding, ...]
    not_compared: tuple[PublishedTable, ...]

    def __repr__(self) -> str:
        return few_lines(self._title, *map(str, self.warnings), more="numbers, levels, warnings, not_compared")

    def _repr_html_(self) -> str:
        names = ("level", "region", "code", "shows", "value")
        rows = [tuple(getattr(each, name) for name in names) for each in self.numbers]
        return html_rows(self._title, [heading(name, one_language()) for name in names], rows)

    @property
    def _title(self) -> str:
        return tr("{count:,} published numbers at {levels} levels", count=len(self.numbers), levels=len(self.levels))

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of regions of which numbers are published; `group` for the groups of an index."""
        return tuple(dict.fromkeys(each.level for each in self.numbers if each.shows != "count"))


def read_published(index: Index, folder: Path) -> Published:
    """The published tables in the folder of an index.

    Ranks that do not follow the scores are warnings: a report may have published them so. Raises SpecError where a
    table cannot be used: a column that is not there, a region twice, a cell that is not a number or negative, a code
    that the index does not have.
    """
    numbers: list[PublishedNumber] = []
    warnings: list[Finding] = []
    errors: list[Finding] = []
    tables = read_manifest(folder)
    for table in tables:
        header, rows = _laid_out(table, *read_rows(folder / FOLDER / table.file))
        faults = list(_faults(table, header, rows)) if _shown(table) else []
        errors += faults
        if not faults:
            numbers += _numbers(table, rows)
            warnings += _order(table, rows)
    errors += _unknown_codes(index, numbers)
    if errors:
        raise SpecError(tr("the published tables of {name} cannot be used", name=folder.name), findings=errors)
    aside = tuple(table for table in tables if table.not_compared is not None)
    return Published(tuple(numbers), tuple(warnings), aside)


def _laid_out(
    table: PublishedTable, header: tuple[str, ...], rows: tuple[Row, ...]
) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The rows of a table, a region each: columns that are regions become rows, and a count is of no region."""
    if table.counts is not None and table.counts in header:
        return (*header, REGION), tuple((line, {**row, REGION: SAMPLE}) for line, row in rows)
    if not table.regions or any(column not in header for column in table.regions):
        return header, rows
    turned = [
        (line, {**row, REGION: region, RANK: row[column]})
        for line, row in rows
        for column, region in table.regions.items()
    ]
    return (*header, REGION, RANK), tuple(turned)


def _shown(table: PublishedTable) -> list[tuple[Shows, str, str]]:
    """What the columns of a table show: score or rank, column, code."""
    scores: list[tuple[Shows, str, str]] = [("score", column, code) for column, code in table.scores.items()]
    ranks: list[tuple[Shows, str, str]] = [("rank", column, code) for column, code in table.ranks.items()]
    counts: list[tuple[Shows, str, str]] = [("count", table.counts, "")] if table.counts else []
    turned: list[tuple[Shows, str, str]] = [("rank", RANK, "")] if table.regions else []
    values: list[tuple[Shows, str, str]] = [("value", column, code) for column, code in table.values.items()]
    return [*scores, *ranks, *values, *counts, *turned]


def _faults(table: PublishedTable, header: Sequence[str], rows: Sequence[Row]) -> Iterator[Finding]:
    shown = _shown(table)
    keys = [column for column in (table.code_column, table.level_column, table.rank_to) if column is not None]
    absent = [column for column in (REGION, *keys, *(column for _, column, _ in shown)) if column not in header]
    for column in dict.fromkeys(absent):
        yield Finding(
            "error", "missing_column", tr("there is no column {column!r}", column=column), table.file, 1, column
        )
    if absent:
        return
    yield from region_faults(table.file, rows, lambda row: _block(table, row))
    for line, row in rows:
        for _, column, _ in shown:
            for name in _cells(table, row, column):
                fault = score_fault(table.file, line, name, row[name])
                if fault is not None:
                    yield fault


def _cells(table: PublishedTable, row: Mapping[str, str], column: str) -> list[str]:
    """The columns of a row that must hold a number: with an end of a range, the number itself may be blank."""
    beside = [name for name in (LOWER, UPPER, TIMES, table.rank_to or "") if row.get(name)]
    ends = any(name in (LOWER, UPPER) for name in beside)
    return beside if ends and not row[column] else [column, *beside]


def _numbers(table: PublishedTable, rows: Sequence[Row]) -> Iterator[PublishedNumber]:
    for shows, column, code in _shown(table):
        for line, row in rows:
            place = (_level_of(table, row), row[REGION], _code_of(table, row, code))
            yield PublishedNumber(table, *place, shows, *_read(table, row, shows, column), line)


def _read(
    table: PublishedTable, row: Mapping[str, str], shows: Shows, column: str
) -> tuple[float, float, float, float]:
    """The number of a cell, half a unit of its last digit, and the ends of its range; NaN for what it does not have."""
    cell, times = row[column], _number_or_nan(row.get(TIMES) or "1")
    if shows == "rank" and table.rank_to and row[table.rank_to] != cell:
        return math.nan, 0.0, _number_or_nan(cell), _number_or_nan(row[table.rank_to])
    if cell:
        half = 0.5 * 10.0 ** -decimals_of(cell) * times if shows in ("score", "value") else 0.0
        return _number_or_nan(cell) * times, half, math.nan, math.nan
    return math.nan, 0.0, _number_or_nan(row.get(LOWER, "")) * times, _number_or_nan(row.get(UPPER, "")) * times


def _number_or_nan(cell: str) -> float:
    value = number(cell)
    return math.nan if value is None else value


def _order(table: PublishedTable, rows: Sequence[Row]) -> Iterator[Finding]:
    """A warning for every rank that does not go with the score of the same code."""
    pairs = [(score, rank) for score, code in table.scores.items() for rank, its in table.ranks.items() if its == code]
    blocks: dict[tuple[str, ...], list[Row]] = {}
    for line, row in rows:
        blocks.setdefault(_block(table, row), []).append((line, row))
    for block in blocks.values():
        for score, rank in pairs:
            for each in rank_faults(table.file, block, score, rank):
                yield Finding("warning", each.code, each.message, each.file, each.row, each.column, each.value)


def _unknown_codes(index: Index, numbers: Sequence[PublishedNumber]) -> Iterator[Finding]:
    known = {part.code for part in index.indicators}
    scored = [each for each in numbers if each.shows != "count"]
    for code, file in dict.fromkeys((each.code, each.table.file) for each in scored if each.code not in known):
        yield Finding("error", "unknown_code", tr("{code!r} is not a code of {id}", code=code, id=index.id), file)
    parents = known - {leaf.code for leaf in index.leaves}
    valued = [each for each in numbers if each.shows == "value"]
    for code, file in dict.fromkeys((each.code, each.table.file) for each in valued if each.code in parents):
        message = tr("{code!r} has scores, but no values: it is not an indicator", code=code)
        yield Finding("error", "not_an_indicator", message, file)


def _block(table: PublishedTable, row: Mapping[str, str]) -> tuple[str, ...]:
    """Within one block a region stands once: those of one code, level, year and section."""
    return _code_of(table, row, ""), _level_of(table, row), row.get(YEAR, ""), row.get(SECTION, "")


def _code_of(table: PublishedTable, row: Mapping[str, str], code: str) -> str:
    name = row[table.code_column] if table.code_column else code
    return table.aliases.get(name, name)


def _level_of(table: PublishedTable, row: Mapping[str, str]) -> str:
    return row[table.level_column] if table.level_column else table.level or ""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PublishedTable(_Form):
    """One published table.

    `scores` and `ranks` say which column shows which code of the index; with `code_column` the code stands in the row
    itself, and `aliases` translates it. `level` is that of the regions, `group` for the groups of the index; a table
    without one is not about scores of regions. `best` is the published score of the best region where the report
    rescaled its scores so. With `regions` a column is a region, and its cells show the rank in the code of their row.
    `values` says which column shows the values of which indicator. Beside a score or a value, columns `lower` and
    `upper` may hold the ends of a range where the words give no number, and `times` how many units of the indicator one
    printed unit is; beside a rank, the column `rank_to` names holds the last one that the words allow, blank if any.
    With `counts` the column of that name counts the sample nodes of a label, which `aliases` gives for the code of a
    row.
    `not_compared` says why there is nothing of ours to put beside the table.
    """

    file: str = Field(min_length=1)
    title: Text
    place: Text
    level: str | None = None
    level_column: str | None = None
    code_column: str | None = None
    scores: dict[str, str] = {}
    ranks: dict[str, str] = {}
    rank_to: str | None = None
    values: dict[str, str] = {}
    aliases: dict[str, str] = {}
    regions: dict[str, str] = {}
    counts: str | None = None
    best: float | None = Field(default=None, gt=0)
    not_compared: Text | None = None


class Manifest(_Form):
    """The whole file."""

    table: list[PublishedTable] = Field(min_length=1)


def read_manifest(index_folder: Path) -> tuple[PublishedTable, ...]:
    """The published tables of an index folder. Raises SpecError with every fault, also where there are none."""
    path = index_folder / FOLDER / FILE
    try:
        form = Manifest.model_validate(toml_table(text_content(path)))
    except FileNotFoundError as err:
        hint = tr(
            "a folder {folder}/ with {file} holds the tables that the source of an index published",
            folder=FOLDER,
            file=FILE,
        )
        raise SpecError(tr("index {name} has no published tables", name=index_folder.name), hint=hint) from err
    except OSError as err:
        raise SpecError(
            tr("{path} cannot be read: {reason}", path=path, reason=err.strerror),
            hint=tr("put the file {file} itself there", file=FILE),
        ) from err
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise SpecError(tr("{path} is not valid TOML: {reason}", path=path, reason=err)) from err
    except ValidationError as err:
        faults = [
            Finding("error", "bad_value", each["msg"], FILE, None, ".".join(map(str, each["loc"])))
            for each in err.errors()
        ]
        raise SpecError(tr("{path} cannot be used", path=path), findings=faults) from err
    absent = [each.file for each in form.table if not (path.parent / each.file).is_file()]
    if absent:
        raise SpecError(tr("{path} names files that do not exist: {files}", path=path, files=", ".join(absent)))
    return tuple(form.table)
