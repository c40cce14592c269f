"""Earlier scores out of a file: what `score` wrote, in any format and language, or a table of printed ranks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ecosystem.errors import Finding, InputError, RegionError, UsageError
from ecosystem.headings import heading, keys_of
from ecosystem.index import Index
from ecosystem.messages import BETWEEN, listed, tr
from ecosystem.regions import Regions
from ecosystem.resources import resource
from ecosystem.scoring.earlier import EarlierScores
from ecosystem.scoring.result_columns import RESULT_COLUMNS, part_columns, part_words
from ecosystem.tables.excel_reader import open_workbook
from ecosystem.tables.packed import content_of
from ecosystem.tables.reader import read_table
from ecosystem.tables.words import is_missing
from ecosystem.tables.writer import COVER

TABLES = (".csv", ".xlsx", ".parquet", ".json")
PUBLISHED = "published:"
"""What a word begins with that names a published table of a shipped index: `published:INDEX/TABLE.csv`."""
NAMED = re.compile(r"^(?P<file>.+)\[(?P<part>[^\[\]]+)\]$")
YEAR = re.compile(r"^(?P<stem>.+)[_ ](?P<year>[12][0-9]{3})$")
WHOLE = ("score", "rank", "overall")
"""Columns that are about the whole index."""
RANK_SHEETS = frozenset({"ranks", "各级排名", "各级排名 ranks"})

Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column of a table tells: the score or the rank of a part, or of the row's own where `code` is None."""

    name: str
    code: str | None
    shows: str | None
    year: str | None


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """A table as text: its title, its columns by their keys, its rows."""

    title: str
    names: tuple[str, ...]
    rows: Rows


def read_earlier(path: str | Path, index: Index, level: str, regions: Regions) -> EarlierScores:
    """The earlier scores in a table: CSV, Excel, Parquet or JSON, wide or long, headings in either language or both.

    `FILE[2022]` reads the columns or rows of that year, `FILE.xlsx[SHEET]` one sheet, and `published:INDEX/TABLE.csv` a
    table that the source of a shipped index has published. A table needs a column `region` (an id, or any name of a
    region), then scores and ranks: columns `score` and `rank`, a column per part of the index (its code, its name, or
    `overall`, with `_rank` or `_score` and a year behind it), or a column `code`. Columns of parts that say neither are
    ranks where the table has whole numbers from 1 to the number of regions alone.

    InputError: no such table, no region of the index in it, no score or rank, a cell that is no number, a region twice.
    UsageError: columns of several years, and none is chosen.
    """
    file, part = file_and_part(str(path))
    sheets, year = _sheets(file, part)
    where = {region: region for region in (*index.level(level).regions, *_groups(index, level))}
    found, notes = [], list[str]()
    for sheet in sheets:
        columns = list(_columns(sheet, index))
        chosen = _of_year(file, columns, sheet, year)
        cells = list(_cells(file, sheet, chosen, year, index, level))
        if cells and _read_as_ranks(sheet, chosen, cells, len(where)):
            cells = [(line, region, code, shows or "rank", value) for line, region, code, shows, value in cells]
            if any(column.shows is None and column.code for column in chosen):
                notes.append(tr("the columns of {file} are read as ranks", file=file.name))
        found += [(line, region, code, shows or "score", value) for line, region, code, shows, value in cells]
    if not found:
        raise _nothing_told(file, sheets)
    known, unknown = _resolved({region for _, region, *_ in found}, index, level, regions, where)
    if not known:
        raise _other_regions(file, unknown, index, level)
    frame = _frame(file, found, known)
    return EarlierScores(str(path), frame, tuple(unknown), tuple(dict.fromkeys(notes)))


def _groups(index: Index, level: str) -> dict[str, tuple[str, ...]]:
    return {group.id: (group.name.zh, group.name.en) for group in index.level(level).groups}


def file_and_part(word: str) -> tuple[Path, str | None]:
    """The file that `FILE[PART]` names, and the year or the sheet in brackets; None where there is none."""
    named = NAMED.match(word)
    name, part = (named["file"], named["part"]) if named and not Path(word).exists() else (word, None)
    if name.startswith(PUBLISHED):
        index, _, table = name.removeprefix(PUBLISHED).partition("/")
        return resource("data", "indices", index, "published", table), part
    return Path(name), part


def _sheets(file: Path, part: str | None) -> tuple[list[_Sheet], str | None]:
    """The tables of a file that may tell scores, and the year that is asked for."""
    suffix = file.suffix.lower()
    if suffix == ".json":
        return [_json_sheet(file)], part
    if suffix != ".xlsx" or not file.is_file():
        return [_sheet(file, None)], part
    names = [name for name in open_workbook(file).sheet_names if name not in COVER.values()]
    if part in names:
        return [_sheet(file, part)], None
    all_of_them = [_sheet(file, name) for name in names]
    telling = [sheet for sheet in all_of_them if "region" in sheet.names and _tells(sheet)]
    return telling or all_of_them[:1], part


def _tells(sheet: _Sheet) -> bool:
    """Whether a sheet of a workbook has scores or ranks: its columns say so, or its title."""
    return sheet.title in RANK_SHEETS or any(_shows(name) for name in sheet.names)


def _sheet(file: Path, name: str | None) -> _Sheet:
    table = read_table(file, name)
    faults = [fault for fault in table.findings if fault.severity == "error"]
    # an empty sheet of a workbook, such as that of changes, is no fault
    if faults and not (name is not None and all(fault.code == "no_rows" for fault in faults)):
        raise InputError(tr("the table {path} cannot be used", path=file), findings=faults)
    names = tuple(keys_of(table.names))
    rows = [dict(zip(names, (cell or "" for cell in row), strict=True)) for row in zip(*table.as_texts(), strict=True)]
    return _Sheet(name or "", names, rows)


def _json_sheet(file: Path) -> _Sheet:
    """The records of a JSON file that was written as a table."""
    try:
        records = json.loads(content_of(file))
    except (OSError, ValueError, RecursionError) as err:
        reason = getattr(err, "strerror", None) or err
        raise InputError(tr("{path} cannot be read: {reason}", path=file, reason=reason)) from err
    if not isinstance(records, list) or not all(isinstance(record, dict) for record in records):
        raise InputError(
            tr("{path} is not a table of scores", path=file),
            hint=tr("give a file that `ecosystem score --out` wrote, or the receipt beside it"),
        )
    names = dict.fromkeys(str(key) for record in records for key in record)
    rows = [{name: "" if record.get(name) is None else str(record[name]) for name in names} for record in records]
    return _Sheet("", tuple(names), rows)


def _shows(name: str) -> str | None:
    """`score` or `rank` where a column is about the part that its row names; None where it is not."""
    stem = found["stem"] if (found := YEAR.match(name)) else name
    return {"score": "score", "overall": "score", "weighted": "score", "rank": "rank"}.get(stem)


def _columns(sheet: _Sheet, index: Index) -> Iterator[_Column]:
    """The columns of a table that tell scores or ranks."""
    if "code" in sheet.names:
        for name in sheet.names:
            if (shows := _shows(name)) and not (name == "weighted" and "score" in sheet.names):
                yield _Column(name, None, shows, found["year"] if (found := YEAR.match(name)) else None)
        return
    words = _words(index)
    ranked = {"rank", "score"} & set(sheet.names)
    for name in sheet.names:
        found = YEAR.match(name)
        stem, year = (found["stem"], found["year"]) if found else (name, None)
        if stem in ("score", "rank"):
            yield _Column(name, index.top.code, stem, year)
        elif stem == "overall" and ranked:
            yield _Column(name, index.top.code, "score", year)
        elif name in RESULT_COLUMNS:
            continue  # a part that is called so has another column, see `part_columns`
        elif (told := words.get(stem.casefold()) or words.get(name.casefold())) is not None:
            code, shows = told
            by_sheet = "rank" if sheet.title in RANK_SHEETS else "score" if "score" in ranked else None
            yield _Column(name, code, shows or by_sheet, year)


def _words(index: Index) -> dict[str, tuple[str, str | None]]:
    """From what a column may be called, folded, to the part and what is shown of it, None where the name leaves it."""
    parts: dict[str, str] = {"overall": index.top.code}
    for group in (index.indicators, index.pillars, index.leaves):
        for part, column in zip(group, part_columns(group), strict=True):
            parts |= {part.code: part.code, column: part.code}
    for lang in ("en", "zh", "both"):
        parts |= {word: parts[column] for column, word in part_words(index, lang).items()}
    found: dict[str, tuple[str, str | None]] = {word.casefold(): (code, None) for word, code in parts.items()}
    for word, code in parts.items():
        for shows in ("rank", "score"):
            found.setdefault(f"{word}_{shows}".casefold(), (code, shows))
            for lang in ("zh", "en"):
                found.setdefault(f"{word} {heading(shows, lang)}".casefold(), (code, shows))
    for part in index.indicators:
        both = BETWEEN.join(f"{part.name.to(lang)} {heading('rank', lang)}" for lang in ("zh", "en"))
        found.setdefault(both.casefold(), (part.code, "rank"))
    return found


def _of_year(file: Path, columns: Sequence[_Column], sheet: _Sheet, year: str | None) -> list[_Column]:
    """The columns of the year that is asked for, of the only one, or of none where rows have their years."""
    years = sorted({column.year for column in columns if column.year is not None} | set(_row_years(sheet)))
    if year is None and len(years) > 1:
        message = tr("{file} is about several years: {years}", file=file, years=", ".join(years))
        chosen = f"{file}[{years[0]}]"
        raise UsageError(message, hint=tr("choose one: {file}", file=chosen))
    if year is not None and year not in years:
        message = tr("{file} has nothing of {year!r}", file=file, year=year)
        raise UsageError(message, hint=tr("it has {years}", years=", ".join(years)) if years else None)
    wanted = (None, year or (years[0] if years else None))
    return [column for column in columns if column.year in wanted]


def _row_years(sheet: _Sheet) -> set[str]:
    """The years of the rows of scores by year; elsewhere a column `year` says how old a value is."""
    return {_plain_year(row["year"]) for row in sheet.rows} if {"year", "scale"} <= set(sheet.names) else set()


def _plain_year(cell: str) -> str:
    return cell.removesuffix(".0")


def _cells(
    file: Path, sheet: _Sheet, columns: Sequence[_Column], year: str | None, index: Index, level: str
) -> Iterator[tuple[int, str, str, str | None, float]]:
    """Line, region, code, what is shown, and the number, of every cell that has one."""
    if "region" not in sheet.names:
        return
    known = {part.code for part in index.indicators}
    faults, years = [], _row_years(sheet)
    for at, row in enumerate(sheet.rows):
        if years and _plain_year(row["year"]) != (year or min(years)):
            continue
        if not row["region"] or _elsewhere(row.get("level", ""), level) or row.get("kind") == "others":
            continue
        own = row.get("code", "")
        own = index.top.code if own.casefold() == "overall" else own
        for column in columns:
            code, cell = column.code or own, row[column.name]
            if code not in known or is_missing(cell):
                continue
            try:
                yield at + 2, row["region"], code, column.shows, float(cell)
            except ValueError:
                message = tr("{cell!r} is not a number", cell=cell[:80])
                faults.append(Finding("error", "not_a_number", message, file.name, at + 2, column.name, cell[:80]))
    if faults:
        raise InputError(tr("{path} is not a table of scores", path=file), findings=faults)


def _elsewhere(cell: str, level: str) -> bool:
    """Whether a cell of a column `level` names another level of regions; a number is a level of the index."""
    return bool(cell) and not cell.replace(".", "", 1).isdecimal() and cell not in (level, "group")


def _read_as_ranks(
    sheet: _Sheet, columns: Sequence[_Column], cells: Sequence[tuple[int, str, str, str | None, float]], most: int
) -> bool:
    """Whether columns that do not say so hold ranks: whole numbers alone, from 1 to the number of regions."""
    open_ = [value for *_, shows, value in cells if shows is None]
    limit = max(most, len(sheet.rows))
    return bool(open_) and min(open_) == 1 and all(value.is_integer() and 1 <= value <= limit for value in open_)


def _resolved(
    names: set[str], index: Index, level: str, regions: Regions, where: Mapping[str, str]
) -> tuple[dict[str, str], list[str]]:
    """From the names of a file to ids that are ranked, and those that mean none."""
    groups = {name.casefold(): group for group, names in _groups(index, level).items() for name in names}
    ranked = index.level(level).regions
    known: dict[str, str] = {}
    for name in sorted(names):
        if name in where:
            known[name] = name
        elif name.casefold() in groups:
            known[name] = groups[name.casefold()]
        else:
            try:
                known[name] = regions.resolve_among(name, ranked, level=level)
            except RegionError:
                continue
    known = {name: region for name, region in known.items() if region in where}
    return known, sorted(names - known.keys())


def _frame(file: Path, cells: Sequence[tuple[int, str, str, str, float]], known: Mapping[str, str]) -> pd.DataFrame:
    """A row per region and code with its score and its rank; InputError where a file says two things of one."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    faults = []
    for line, name, code, shows, value in cells:
        if name not in known:
            continue
        row = found.setdefault((known[name], code), {})
        if row.setdefault(shows, value) != value:
            message = tr("region {region!r} has two different values in {code}", region=name, code=code)
            faults.append(Finding("error", "region_twice", message, file.name, line, code, f"{value:g}"))
    if faults:
        raise InputError(tr("{path} is not a table of scores", path=file), findings=faults)
    rows = [(region, code, row.get("score"), row.get("rank")) for (region, code), row in found.items()]
    frame = pd.DataFrame(rows, columns=["region", "code", "score", "rank"])
    return frame.astype({"score": "float64", "rank": "float64"})


def _nothing_told(file: Path, sheets: Sequence[_Sheet]) -> InputError:
    names = listed(dict.fromkeys(name for sheet in sheets for name in sheet.names))
    lacking = "region" if not any("region" in sheet.names for sheet in sheets) else "score, rank"
    message = tr("{file} has no column {column}, only {columns}", file=file, column=lacking, columns=names)
    hint = tr("give what `ecosystem score` wrote, or a table with the columns region and rank")
    return InputError(message, hint=hint)


def _other_regions(file: Path, unknown: Sequence[str], index: Index, level: str) -> InputError:
    message = tr(
        "none of the {count} regions of {file} is ranked by {index} at level {level}: {regions}",
        count=len(unknown), file=file, index=index.id, level=level, regions=listed(unknown[:5]),
    )  # fmt: skip
    hint = tr("choose the level of the table with --level, or another table")
    return InputError(message, hint=hint)
