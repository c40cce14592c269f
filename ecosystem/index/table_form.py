"""The rows of a table of values made of its cells: wide, a column per indicator, or long, a row per value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ecosystem.errors import Finding
from ecosystem.index.arrays import FloatArray
from ecosystem.index.records import Text
from ecosystem.index.table_file import Cells
from ecosystem.index.value_table import ValueTable

LONG = {"region", "indicator", "value"}
BLANK = frozenset({"na", "n/a", "nan", "null", "none", "-", "--", "..", "…", "缺失", "无"})
"""Words that stand for a missing value; R writes NA."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The cells of a table and what its key columns say: `keys` names them, the rest goes row by row."""

    cells: Cells
    texts: Mapping[str, list[str | None]]
    keys: Mapping[str, str]
    regions: Sequence[str]
    years: Sequence[int | None]
    lines: Sequence[int]


def from_wide(rows: Rows) -> ValueTable:
    """The table of which every column but the keys is an indicator, a group, or a mixture that is neither."""
    cells, texts = rows.cells, rows.texts
    taken = set(rows.keys.values())
    numbers, words, mixed = {}, {}, {}
    for name in (name for name in cells.names if name and name not in taken):
        column, wrong = _numbers(texts[name])
        known = sum(cell is not None and cell.casefold() not in BLANK for cell in texts[name])
        if not wrong:
            numbers[name] = column
        elif len(wrong) == known:
            words[name] = tuple(texts[name])
        if wrong:
            mixed[name] = _text_fault(cells.file, name, texts[name], wrong, rows.lines)
    return ValueTable(
        file=cells.file,
        path="",
        hash="",
        regions=tuple(rows.regions),
        years=tuple(rows.years),
        lines=tuple(rows.lines),
        names=_names(rows),
        numbers=numbers,
        texts=words,
        mixed=mixed,
        columns=tuple(cells.names),
        findings=(),
    )


def from_long(rows: Rows) -> ValueTable:
    """The table of the columns region, indicator, value: a row per region and year, a column per indicator."""
    file = rows.cells.file
    name = {column.casefold(): column for column in rows.cells.names}
    values, wrong = _numbers(rows.texts[name["value"]])
    findings = []
    if wrong:
        findings.append(_text_fault(file, name["value"], rows.texts[name["value"]], wrong, rows.lines))
    codes = [cell or "" for cell in rows.texts[name["indicator"]]]
    units = list(zip(rows.regions, rows.years, strict=True))
    first: dict[tuple[str, int | None], int] = {}
    for unit, line in zip(units, rows.lines, strict=True):
        first.setdefault(unit, line)
    place = {unit: at for at, unit in enumerate(first)}
    numbers = {code: np.full(len(first), np.nan) for code in dict.fromkeys(codes)}
    seen: dict[tuple[str, tuple[str, int | None]], int] = {}
    for code, unit, value, line in zip(codes, units, values.tolist(), rows.lines, strict=True):
        if (code, unit) in seen:
            message = f"{code!r} of {unit[0]!r} stands in line {seen[code, unit]} already"
            findings.append(Finding("error", "region_twice", message, file, line, "region", unit[0]))
        seen[code, unit] = line
        numbers[code][place[unit]] = value
    return ValueTable(
        file=file,
        path="",
        hash="",
        regions=tuple(region for region, _ in first),
        years=tuple(year for _, year in first),
        lines=tuple(first.values()),
        names={},
        numbers=numbers,
        texts={},
        mixed={},
        columns=tuple(numbers),
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


def _names(rows: Rows) -> dict[str, Text]:
    """The names of the regions in both languages, as far as the table has them; one stands in for the other."""
    one, zh, en = (rows.texts.get(rows.keys.get(key, "")) for key in ("name", "zh", "en"))
    if one is None and zh is None and en is None:
        return {}
    found: dict[str, Text] = {}
    for row, region in enumerate(rows.regions):
        chinese, english = (column[row] if column else None for column in (zh or one, en or one))
        found.setdefault(region, Text(chinese or english or region, english or chinese or region))
    return found
