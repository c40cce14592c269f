"""A plain table of values: a row per region (and year), a column per indicator."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ecosystem.errors import Finding, InputError, mended
from ecosystem.index.arrays import FloatArray
from ecosystem.index.files.key_columns import LONG, Keys, find_keys, is_code, years_of
from ecosystem.index.files.number_cells import numbers_of, percent_note, text_fault
from ecosystem.index.files.value_table import ValueTable
from ecosystem.index.spec import AS_HEADED, TableColumns, Text
from ecosystem.messages import tr, tr_later
from ecosystem.regions import shipped_regions
from ecosystem.tables.packed import content_of
from ecosystem.tables.raw import RawTable
from ecosystem.tables.reader import file_and_part, read_table
from ecosystem.tables.words import is_missing

_NAME_IT = tr_later("name it, or delete it")


def read_values(path: Path, columns: TableColumns = AS_HEADED) -> ValueTable:
    """The table of a file of any kind that `read_table` knows, wide or long; InputError with every fault of its form.

    A sheet of a workbook but the first is named behind it, `values.xlsx[2023]`, as is a member of a zip archive,
    a table of a database, the list of a JSON document that has several.

    Wide: a column for the region (`region`, `uCode`, 地区, a code or a name of places), perhaps `name`, `name_zh`,
    `name_en`, `year`, and a column per indicator. Long: the columns `region, indicator, value` and perhaps `year`, as
    `region_values.csv` has them. `columns` names those of the regions, their names and the years, where the headings do
    not say it. NA, n/a, - and the like are missing values. A column of which every cell ends in % holds percents. A
    column of numbers of which some cells are text is left out, and a finding says so.
    """
    file, part = file_and_part(path)
    table = read_table(file, part, known=(*LONG, "uCode", "country", "iso3", "city", "province"))
    texts = {name: cells for name, cells in zip(table.names, table.as_texts(), strict=True) if name}
    findings = [*table.findings, *_nameless(table)]
    _stop(path, findings)
    lines = table.line_numbers
    keys, faults = find_keys(texts, columns, table.file, lines)
    _stop(path, [*findings, *faults])
    regions = [cell or "" for cell in texts[str(keys.region)]]
    years, year_faults = years_of(texts.get(keys.year or ""), lines, table.file, keys.year)
    findings += [
        *_guessed(keys, table.file),
        *_blank_regions(regions, lines, table.file, str(keys.region)),
        *year_faults,
    ]
    rows = _Rows(table, texts, keys, regions, years, lines)
    values = _from_long(rows) if keys.series is not None else _from_wide(rows)
    faults = [*findings, *values.findings, *_twice(values), *_spelled_otherwise(values)]
    _stop(path, faults)
    digest = hashlib.sha256(content_of(file)).hexdigest()
    return replace(values, path=mended(str(path)), hash=digest, findings=tuple(faults))


def _stop(path: Path, findings: Sequence[Finding]) -> None:
    if any(finding.severity == "error" for finding in findings):
        raise InputError(tr("the table {path} cannot be used", path=path), findings=findings)


def _nameless(table: RawTable) -> list[Finding]:
    """A fault for each column that has cells and no name."""
    if any(finding.code == "title_row" for finding in table.findings):
        return []  # what follows from the title alone
    named = zip(table.names, table.columns, strict=True)
    places = [at for at, (name, column) in enumerate(named, 1) if not name and column.null_count < len(column)]
    sentence = tr_later("column {place} has cells but no name")
    hint = tr(_NAME_IT)
    return [Finding("error", "bad_column_name", tr(sentence, place=at), table.file, 1, hint=hint) for at in places]


def _guessed(keys: Keys, file: str) -> list[Finding]:
    """A note where the column of the regions was found by what its heading says of places."""
    if not keys.guessed:
        return []
    message = tr("the regions are taken from the column {region!r}", region=keys.region)
    if keys.name:
        message = tr(
            "the regions are taken from the column {region!r}, their names from {name!r}",
            region=keys.region,
            name=keys.name,
        )
    hint = tr("choose another one with --id COLUMN")
    return [Finding("info", "id_guessed", message, file, None, keys.region, None, hint)]


def _blank_regions(regions: Sequence[str], lines: Sequence[int], file: str, name: str) -> list[Finding]:
    hint = tr("delete the row, or fill the cell")
    return [
        Finding("error", "blank_region", tr("the region is blank"), file, line, name, hint=hint)
        for region, line in zip(regions, lines, strict=True)
        if not region
    ]


def _twice(table: ValueTable) -> list[Finding]:
    seen: dict[tuple[str, int | None], int] = {}
    findings = []
    for region, year, line in zip(table.regions, table.years, table.lines, strict=True):
        if region and (region, year) in seen:
            first = {"region": region[:80], "year": year, "line": seen[region, year]}
            message = tr("region {region!r} is in line {line} already", **first)
            if year is not None:
                message = tr("region {region!r} is in line {line} already for {year}", **first)
            hint = tr("keep one of the rows; for several years add a column 'year', or name it with --year")
            findings.append(Finding("error", "region_twice", message, table.file, line, "region", region, hint))
        seen.setdefault((region, year), line)
    return findings


def _spelled_otherwise(table: ValueTable) -> list[Finding]:
    """A warning for each region that the table spells in several ways: by their spelling, those are several regions."""
    line = dict(zip(reversed(table.regions), reversed(table.lines), strict=True))
    found = []
    for names in shipped_regions().spellings(name for name in table.units if name):
        places = ", ".join(tr("{name!r} (line {line})", name=name, line=line[name]) for name in names)
        message = tr(
            "{places} are one region, but an index that ranks the regions of the table counts them as {count}",
            places=places,
            count=len(names),
        )
        hint = tr("spell it in one way and keep one row per year, unless they are different regions")
        place = (table.file, line[names[1]], "region", names[1])
        found.append(Finding("warning", "spelled_otherwise", message, *place, hint))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The cells of a table and what its key columns say: `keys` names them, the rest goes row by row."""

    table: RawTable
    texts: Mapping[str, list[str | None]]
    keys: Keys
    regions: Sequence[str]
    years: Sequence[int | None]
    lines: Sequence[int]


def _from_wide(rows: _Rows) -> ValueTable:
    """The table of which every column but the keys is an indicator, a group, or a mixture that is neither."""
    table, texts = rows.table, rows.texts
    numbers, words, mixed, percents, findings = {}, {}, {}, [], list[Finding]()
    for name in (name for name in table.names if name and name not in rows.keys.taken):
        if is_code(name, texts[name]) and not all(is_missing(cell or "") for cell in texts[name]):
            words[name] = tuple(texts[name])
            continue
        column, wrong, percent = numbers_of(texts[name])
        known = sum(cell is not None and not is_missing(cell) for cell in texts[name])
        if percent:
            percents.append(name)
            findings.append(percent_note(table.file, name))
        if not wrong:
            numbers[name] = column
            continue
        mixed[name] = text_fault(table.file, name, texts[name], wrong, rows.lines)
        if len(wrong) == known:
            words[name] = tuple(texts[name])
        else:
            message = tr(
                "{fault}: it is left out, though {count} of its cells are numbers",
                fault=mixed[name].message,
                count=known - len(wrong),
            )
            findings.append(replace(mixed[name], severity="warning", code="left_out", message=message))
    return ValueTable(
        file=table.file,
        regions=tuple(rows.regions),
        years=tuple(rows.years),
        lines=tuple(rows.lines),
        names=_names(rows),
        numbers=numbers,
        texts=words,
        mixed=mixed,
        percents=tuple(percents),
        columns=table.names,
        findings=tuple(findings),
    )


def _from_long(rows: _Rows) -> ValueTable:
    """The table of the columns region, indicator, value: a row per region and year, a column per indicator."""
    file = rows.table.file
    codes = [cell or "" for cell in rows.texts[str(rows.keys.series)]]
    values, findings, percents = _long_numbers(rows, codes, str(rows.keys.value))
    units = list(zip(rows.regions, rows.years, strict=True))
    first: dict[tuple[str, int | None], int] = {}
    for unit, line in zip(units, rows.lines, strict=True):
        first.setdefault(unit, line)
    place = {unit: at for at, unit in enumerate(first)}
    numbers = {code: np.full(len(first), np.nan) for code in dict.fromkeys(codes)}
    seen: dict[tuple[str, tuple[str, int | None]], int] = {}
    for code, unit, value, line in zip(codes, units, values.tolist(), rows.lines, strict=True):
        if (code, unit) in seen:
            message = tr(
                "{code!r} of {region!r} is in line {line} already",
                code=code,
                region=unit[0][:80],
                line=seen[code, unit],
            )
            findings.append(Finding("error", "region_twice", message, file, line, "region", unit[0]))
        seen[code, unit] = line
        numbers[code][place[unit]] = value
    return ValueTable(
        file=file,
        regions=tuple(region for region, _ in first),
        years=tuple(year for _, year in first),
        lines=tuple(first.values()),
        names=_names(rows),
        numbers=numbers,
        percents=percents,
        columns=tuple(numbers),
        findings=tuple(findings),
    )


def _long_numbers(rows: _Rows, codes: Sequence[str], name: str) -> tuple[FloatArray, list[Finding], tuple[str, ...]]:
    """The numbers of a column of values, row by row: those of every indicator are read for themselves."""
    cells, file = rows.texts[name], rows.table.file
    places: dict[str, list[int]] = {}
    for at, code in enumerate(codes):
        places.setdefault(code, []).append(at)
    values, wrong, percents = np.full(len(cells), np.nan), list[int](), list[str]()
    for code, own in places.items():
        values[own], bad, percent = numbers_of([cells[at] for at in own])
        wrong += [own[at] for at in bad]
        percents += [code] if percent else []
    faults = [text_fault(file, name, cells, sorted(wrong), rows.lines)] if wrong else []
    return values, [*faults, *(percent_note(file, code) for code in percents)], tuple(percents)


def _names(rows: _Rows) -> dict[str, Text]:
    """The names of the regions in both languages, as far as the table has them; one stands in for the other."""
    one, zh, en = (rows.texts.get(key or "") for key in (rows.keys.name, rows.keys.zh, rows.keys.en))
    if one is None and zh is None and en is None:
        return {}
    found: dict[str, Text] = {}
    for row, region in enumerate(rows.regions):
        chinese, english = (column[row] if column else None for column in (zh or one, en or one))
        found.setdefault(region, Text(chinese or english or region, english or chinese or region))
    return found
