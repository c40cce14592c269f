"""A plain table of values, from CSV, Excel or Parquet: a row per region (and year), a column per indicator."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ecosystem.errors import Finding, InputError
from ecosystem.index.files.values_form import LONG, Cells, Rows, from_long, from_wide, read_cells
from ecosystem.index.value_table import ValueTable
from ecosystem.tables.raw import as_text
from ecosystem.tables.words import is_missing

REGION = ("region", "ucode", "region_id", "region_code", "unit_code", "地区", "区域", "省份", "城市", "编号", "代码")
NAME = ("name", "uname", "region_name", "unit_name", "名称", "地区名称")
NAME_ZH, NAME_EN = ("name_zh", "region_zh", "中文名"), ("name_en", "region_en", "英文名")
YEAR = ("year", "time", "年", "年份")


def read_values(path: Path) -> ValueTable:
    """The table of a file (.csv, .xlsx, .parquet), wide or long; InputError with every fault of its form.

    A sheet of a workbook but the first is named behind it: `values.xlsx[2023]`.

    Wide: a column for the region (`region`, `uCode`, 地区 ...), perhaps `name`, `name_zh`, `name_en`, `year`, and a
    column per indicator. Long: the columns `region, indicator, value` and perhaps `year`, as `region_values.csv` has
    them. NA, n/a, - and the like are missing values.
    """
    file, sheet = _file_and_sheet(path)
    cells = read_cells(file, sheet)
    texts = {name: as_text(column).to_pylist() for name, column in zip(cells.names, cells.columns, strict=True) if name}
    findings = [*cells.findings, *_header_faults(cells)]
    _stop(path, findings)
    keys = _keys(cells.names)
    if "region" not in keys:
        hint = f"name one column 'region' (or {', '.join(REGION[1:4])}); the columns are {', '.join(cells.names[:8])}"
        _stop(
            path,
            [*findings, Finding("error", "missing_column", "no column names the region", cells.file, 1, hint=hint)],
        )
    lines = [int(line) for line in cells.lines]
    regions = [cell or "" for cell in texts[keys["region"]]]
    years, year_faults = _years(texts.get(keys.get("year", "")), lines, cells.file, keys.get("year"))
    findings += [*_blank_regions(regions, lines, cells.file, keys["region"]), *year_faults]
    rows = Rows(cells, texts, keys, regions, years, lines)
    table = from_long(rows) if {name.casefold() for name in cells.names} >= LONG else from_wide(rows)
    faults = [*findings, *table.findings, *_twice(table)]
    _stop(path, faults)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return replace(table, path=str(path), hash=digest, findings=tuple(faults))


def _file_and_sheet(path: Path) -> tuple[Path, str | None]:
    named = re.fullmatch(r"(.+\.xlsx)\[(.+)\]", str(path), re.IGNORECASE)
    return (Path(named[1]), named[2]) if named is not None else (path, None)


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
        if not is_missing(text):
            findings.append(Finding("error", "bad_year", f"{text!r} is no year", file, line, name, text[:80]))
    return years, findings


def _blank_regions(regions: Sequence[str], lines: Sequence[int], file: str, name: str) -> list[Finding]:
    return [
        Finding(
            "error", "blank_region", "the region is blank", file, line, name, hint="delete the row, or fill the cell"
        )
        for region, line in zip(regions, lines, strict=True)
        if not region
    ]


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
