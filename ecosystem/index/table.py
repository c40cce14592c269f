"""A plain table of values, from CSV, Excel or Parquet: a row per region (and year), a column per indicator."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ecosystem.dataset.raw import as_text
from ecosystem.errors import Finding, InputError, did_you_mean
from ecosystem.index.arrays import FloatArray
from ecosystem.index.records import Text
from ecosystem.index.table_file import Cells, read_cells

REGION = ("region", "ucode", "region_id", "region_code", "unit_code", "地区", "区域", "省份", "城市", "编号", "代码")
NAME = ("name", "uname", "region_name", "unit_name", "名称", "地区名称")
NAME_ZH, NAME_EN = ("name_zh", "region_zh", "中文名"), ("name_en", "region_en", "英文名")
YEAR = ("year", "time", "年", "年份")
LONG = {"region", "indicator", "value"}
BLANK = frozenset({"na", "n/a", "nan", "null", "none", "-", "--", "..", "…", "缺失", "无"})
"""Words that stand for a missing value; R writes NA."""


@dataclass(frozen=True, slots=True, eq=False)
class ValueTable:
    """Values of regions, as read: `regions`, `years` (None where there is none) and `lines` go row by row.

    `numbers` are the columns that hold numbers, NaN where missing; `texts` those that hold words, None where blank;
    `mixed` gives the first words of a column that has both, which is no indicator. `hash` is the SHA-256 of the file.
    """

    file: str
    path: str
    hash: str
    regions: tuple[str, ...]
    years: tuple[int | None, ...]
    lines: tuple[int, ...]
    names: Mapping[str, Text]
    numbers: Mapping[str, FloatArray]
    texts: Mapping[str, tuple[str | None, ...]]
    mixed: Mapping[str, Finding]
    columns: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """The regions, each once, in the order of the table."""
        return tuple(dict.fromkeys(self.regions))

    @property
    def dated(self) -> bool:
        """True where a row has a year."""
        return any(year is not None for year in self.years)

    def column(self, name: str) -> dict[str, dict[int | None, float]]:
        """Region -> year -> value of a column of numbers, what is missing left out."""
        found: dict[str, dict[int | None, float]] = {}
        for region, year, value in zip(self.regions, self.years, self.numbers[name].tolist(), strict=True):
            if not np.isnan(value):
                found.setdefault(region, {})[year] = value
        return found

    def group(self, name: str) -> dict[str, str]:
        """Region -> group of a column of words (or of numbers, which are names then)."""
        if name in self.texts:
            cells: Iterable[str | None] = self.texts[name]
        else:
            cells = (None if np.isnan(value) else f"{value:g}" for value in self.numbers[name].tolist())
        return {region: cell for region, cell in zip(self.regions, cells, strict=True) if cell is not None}


def read_values(path: Path, *, sheet: str | None = None) -> ValueTable:
    """The table of a file (.csv, .xlsx, .parquet), wide or long; InputError with every fault of its form.

    Wide: a column for the region (`region`, `uCode`, 地区 ...), perhaps `name`, `name_zh`, `name_en`, `year`, and a
    column per indicator. Long: the columns `region, indicator, value` and perhaps `year`, as `region_values.csv` has
    them. NA, n/a, - and the like are missing values.
    """
    cells = read_cells(path, sheet)
    texts = {name: as_text(column).to_pylist() for name, column in zip(cells.names, cells.columns, strict=True) if name}
    findings = [*cells.findings, *_header_faults(cells)]
    _stop(path, findings)
    keys = _keys(cells.names)
    if "region" not in keys:
        hint = f"name one column 'region' (or {', '.join(REGION[1:4])}); the columns are {', '.join(cells.names[:8])}"
        _stop(
            path,
            [*findings, Finding("error", "no_region_column", "no column names the region", cells.file, 1, hint=hint)],
        )
    lines = [int(line) for line in cells.lines]
    regions = [cell or "" for cell in texts[keys["region"]]]
    years, year_faults = _years(texts.get(keys.get("year", "")), lines, cells.file, keys.get("year"))
    findings += [*_blank_regions(regions, lines, cells.file, keys["region"]), *year_faults]
    if {name.casefold() for name in cells.names} >= LONG:
        table = _from_long(cells, texts, regions, years, lines, findings)
    else:
        table = _from_wide(cells, texts, keys, regions, years, lines, findings)
    faults = [*table.findings, *_twice(table)]
    _stop(path, faults)
    return _with(table, path, faults)


def _with(table: ValueTable, path: Path, findings: Sequence[Finding]) -> ValueTable:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return ValueTable(
        table.file,
        str(path),
        digest,
        table.regions,
        table.years,
        table.lines,
        table.names,
        table.numbers,
        table.texts,
        table.mixed,
        table.columns,
        tuple(findings),
    )


def _stop(path: Path, findings: Sequence[Finding]) -> None:
    if any(finding.severity == "error" for finding in findings):
        raise InputError(f"the table {path} cannot be used", findings=findings)


def _header_faults(cells: Cells) -> list[Finding]:
    if any(finding.code == "title_row" for finding in cells.findings):
        return []  # what follows from the title alone
    findings = []
    for place, name in enumerate(cells.names):
        if name and name in cells.names[:place]:
            findings.append(
                Finding("error", "duplicate_column", f"the column {name!r} stands there twice", cells.file, 1, name)
            )
        elif not name and cells.columns[place].null_count < len(cells.columns[place]):
            message = f"column {place + 1} has cells but no name"
            findings.append(Finding("error", "bad_column_name", message, cells.file, 1, hint="name it, or delete it"))
    return findings


def _keys(names: Sequence[str]) -> dict[str, str]:
    """What each key column is called in this table."""
    folded = {name.casefold(): name for name in names}
    found = {}
    known = (("region", REGION), ("name", NAME), ("zh", NAME_ZH), ("en", NAME_EN), ("year", YEAR))
    for key, spellings in known:
        hit = next((folded[spelling] for spelling in spellings if spelling in folded), None)
        if hit is not None:
            found[key] = hit
    return found


def _years(
    cells: Sequence[str | None] | None, lines: Sequence[int], file: str, name: str | None
) -> tuple[list[int | None], list[Finding]]:
    if cells is None:
        return [None] * len(lines), []
    years: list[int | None] = []
    findings = []
    for cell, line in zip(cells, lines, strict=True):
        text = cell or ""
        if text.isdecimal() and 1 <= len(text) <= 4:
            years.append(int(text))
            continue
        years.append(None)
        if text and text.casefold() not in BLANK:
            findings.append(Finding("error", "bad_year", f"{text!r} is no year", file, line, name, text[:80]))
    return years, findings


def _blank_regions(regions: Sequence[str], lines: Sequence[int], file: str, name: str) -> list[Finding]:
    return [
        Finding(
            "error", "no_region", "the row names no region", file, line, name, hint="delete the row, or fill the cell"
        )
        for region, line in zip(regions, lines, strict=True)
        if not region
    ]


def _from_wide(
    cells: Cells,
    texts: Mapping[str, list[str | None]],
    keys: Mapping[str, str],
    regions: list[str],
    years: list[int | None],
    lines: list[int],
    findings: list[Finding],
) -> ValueTable:
    taken = set(keys.values())
    columns = [name for name in cells.names if name and name not in taken]
    numbers, words, mixed = {}, {}, {}
    for name in columns:
        column, wrong = _numbers(texts[name])
        known = sum(cell is not None and cell.casefold() not in BLANK for cell in texts[name])
        if not wrong:
            numbers[name] = column
        elif len(wrong) == known:
            words[name] = tuple(texts[name])
        if wrong:
            mixed[name] = _text_fault(cells.file, name, texts[name], wrong, lines)
    names = _names(texts, keys, regions)
    return ValueTable(
        file=cells.file,
        path="",
        hash="",
        regions=tuple(regions),
        years=tuple(years),
        lines=tuple(lines),
        names=names,
        numbers=numbers,
        texts=words,
        mixed=mixed,
        columns=tuple(cells.names),
        findings=tuple(findings),
    )


def _text_fault(
    file: str, name: str, cells: Sequence[str | None], wrong: Sequence[int], lines: Sequence[int]
) -> Finding:
    first = wrong[0]
    message = f"the column {name!r} holds text: {cells[first]!r}"
    if len(wrong) > 1:
        message += f" and {len(wrong) - 1} more"
    hint = "write plain numbers: no units, no % and no commas between thousands; leave a missing value blank"
    return Finding("error", "text_column", message, file, lines[first], name, (cells[first] or "")[:80], hint)


def _numbers(cells: Sequence[str | None]) -> tuple[FloatArray, list[int]]:
    """The numbers of a column, NaN where missing, and the rows whose cell is none."""
    column = np.full(len(cells), np.nan)
    wrong = []
    for row, cell in enumerate(cells):
        if cell is None or cell.casefold() in BLANK:
            continue
        try:
            column[row] = float(cell) if "_" not in cell else np.nan
        except ValueError:
            wrong.append(row)
            continue
        if np.isnan(column[row]):
            wrong.append(row)
    return column, wrong


def _names(texts: Mapping[str, list[str | None]], keys: Mapping[str, str], regions: Sequence[str]) -> dict[str, Text]:
    one, zh, en = (texts.get(keys.get(key, "")) for key in ("name", "zh", "en"))
    if one is None and zh is None and en is None:
        return {}
    found: dict[str, Text] = {}
    for row, region in enumerate(regions):
        chinese, english = (column[row] if column else None for column in (zh or one, en or one))
        found.setdefault(region, Text(chinese or english or region, english or chinese or region))
    return found


def _from_long(
    cells: Cells,
    texts: Mapping[str, list[str | None]],
    regions: list[str],
    years: list[int | None],
    lines: list[int],
    findings: list[Finding],
) -> ValueTable:
    folded = {name.casefold(): name for name in cells.names}
    values, wrong = _numbers(texts[folded["value"]])
    if wrong:
        findings.append(_text_fault(cells.file, folded["value"], texts[folded["value"]], wrong, lines))
    codes = [cell or "" for cell in texts[folded["indicator"]]]
    rows = list(dict.fromkeys(zip(regions, years, strict=True)))
    place = {row: at for at, row in enumerate(rows)}
    numbers = {code: np.full(len(rows), np.nan) for code in dict.fromkeys(codes)}
    seen: dict[tuple[str, str, int | None], int] = {}
    for code, region, year, value, line in zip(codes, regions, years, values.tolist(), lines, strict=True):
        key = (code, region, year)
        if key in seen:
            message = f"{code!r} of {region!r} stands in line {seen[key]} already"
            findings.append(Finding("error", "region_twice", message, cells.file, line, "region", region))
        seen[key] = line
        numbers[code][place[region, year]] = value
    first: dict[tuple[str, int | None], int] = {}
    for region, year, line in zip(regions, years, lines, strict=True):
        first.setdefault((region, year), line)
    return ValueTable(
        file=cells.file,
        path="",
        hash="",
        regions=tuple(region for region, _ in rows),
        years=tuple(year for _, year in rows),
        lines=tuple(first[row] for row in rows),
        names={},
        numbers=numbers,
        texts={},
        mixed={},
        columns=tuple(numbers),
        findings=tuple(findings),
    )


def _twice(table: ValueTable) -> list[Finding]:
    seen: dict[tuple[str, int | None], int] = {}
    findings = []
    for region, year, line in zip(table.regions, table.years, table.lines, strict=True):
        if region and (region, year) in seen:
            when = "" if year is None else f" in {year}"
            message = f"region {region!r}{when} stands in line {seen[region, year]} already"
            hint = "keep one of the rows; for several years add a column 'year'"
            findings.append(Finding("error", "region_twice", message, table.file, line, "region", region, hint))
        seen.setdefault((region, year), line)
    return findings


def column_of(table: ValueTable, *names: str) -> str | None:
    """The first of some names that is a column of numbers."""
    return next((name for name in names if name in table.numbers), None)


def near_columns(table: ValueTable, name: str) -> str:
    """A hint with the columns most like a name."""
    return did_you_mean(name, [column for column in table.columns if column])
