"""A workbook of the JRC COIN Tool as the files of an index folder: its tabs Database and Framework."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from ecosystem.errors import Finding, InputError, did_you_mean
from ecosystem.index.files.coinr import VALUES_NAME, as_coinr_does
from ecosystem.index.files.write import csv_text, draft_index, index_files
from ecosystem.index.index_check import check_index
from ecosystem.index.spec import Indicator, Source, Text
from ecosystem.messages import tr
from ecosystem.tables.excel_reader import open_workbook, sheet_cells
from ecosystem.tables.words import is_missing

Grid: TypeAlias = Sequence[Sequence[object]]
DATABASE, FRAMEWORK = "Database", "Framework"

# rows and columns count from 1, as the workbook shows them; column E is the first indicator
WEIGHT, DIRECTION, LOWER, UPPER, TOP, SUB_INDEX, PILLAR, SUB_PILLAR, NAME, CODE = range(7, 17)
FIRST_ROW, UNIT_NAME, UNIT_CODE, FIRST_COLUMN = 17, 2, 3, 5
LADDER = (SUB_PILLAR, PILLAR, SUB_INDEX, TOP)
"""The rows that name the parents of an indicator, from the nearest one up."""


@dataclass(frozen=True, slots=True)
class Column:
    """An indicator of the tab Database: its column, its code and name, and the parents that it stands under."""

    at: int
    code: str
    name: str
    parents: tuple[str, ...]


def import_coin_tool(path: Path, name: str) -> dict[str, str]:
    """The files of an index folder made of a COIN Tool workbook; InputError with every fault.

    Read are, of Database, weights, directions, goalposts, the parents of each indicator, names, codes (rows 7 to 16
    from column E) and values (from row 17, units in B and C, `n/a` is missing); of Framework, names and weights of the
    aggregates (columns C, E, H). A level on which all indicators have the same parent, below the top, is one that the
    tool leaves unused. Becker et al. (2019), COIN Tool user guide; COINr `import_coin_tool`.
    """
    workbook = open_workbook(path)
    for sheet in (DATABASE, FRAMEWORK):
        if sheet not in workbook.sheet_names:
            hint = did_you_mean(sheet, workbook.sheet_names)
            raise InputError(
                tr("{file} has no sheet {sheet!r}: it is not a COIN Tool workbook", file=path.name, sheet=sheet),
                hint=hint,
            )
    base, frame = (sheet_cells(path, workbook, sheet) for sheet in (DATABASE, FRAMEWORK))
    file = f"{path.name}[{DATABASE}]"
    columns = _columns(base)
    if not columns:
        finding = Finding("error", "no_indicator", tr("row 16 has no indicator from column E on"), file, CODE)
        raise InputError(tr("the workbook cannot be imported"), findings=[finding])
    findings: list[Finding] = []
    rows = [*_leaves(base, columns, file, findings), *_aggregates(frame, columns)]
    units, values = _values(base, columns, file, findings)
    if findings:
        raise InputError(tr("the workbook cannot be imported"), findings=findings)
    index = as_coinr_does(draft_index(name, [code for code, _ in units], rows))
    faults = [finding for finding in check_index(index) if finding.severity == "error"]
    if faults:
        raise InputError(tr("the framework has errors"), findings=[replace(one, file=file, row=None) for one in faults])
    table = [[code, title, *cells] for (code, title), cells in zip(units, values, strict=True)]
    return index_files(index) | {VALUES_NAME: csv_text(["region", "name", *(one.code for one in columns)], table)}


def _cell(grid: Grid, row: int, column: int) -> object:
    return grid[row - 1][column - 1] if row <= len(grid) and column <= len(grid[row - 1]) else ""


def _text(grid: Grid, row: int, column: int) -> str:
    value = _cell(grid, row, column)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _columns(base: Grid) -> list[Column]:
    width = max((len(row) for row in base), default=0)
    used = [at for at in range(FIRST_COLUMN, width + 1) if _text(base, CODE, at)]
    filled = [
        at for at in used if any(_number(_cell(base, row, at)) is not None for row in range(FIRST_ROW, len(base) + 1))
    ]
    ladders = {at: [_text(base, row, at) for row in LADDER] for at in filled}
    steps = [
        place
        for place in range(len(LADDER))
        if place == len(LADDER) - 1 or len({up[place] for up in ladders.values()}) > 1
    ]
    return [
        Column(at, _text(base, CODE, at), _text(base, NAME, at), tuple(ladders[at][place] for place in steps))
        for at in filled
    ]


def _number(value: object) -> float | None:
    return (
        float(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        else None
    )


def _leaves(base: Grid, columns: Sequence[Column], file: str, findings: list[Finding]) -> list[Indicator]:
    rows = []
    for column in columns:
        weight, direction = _number(_cell(base, WEIGHT, column.at)), _number(_cell(base, DIRECTION, column.at))
        if weight is None or direction not in {1.0, -1.0}:
            message = tr(
                "{code!r} has the weight {weight!r} and the direction {direction!r}",
                code=column.code,
                weight=_cell(base, WEIGHT, column.at),
                direction=_cell(base, DIRECTION, column.at),
            )
            hint = tr("a weight is a number, a direction 1 or -1 (rows 7 and 8)")
            findings.append(Finding("error", "bad_value", message, file, WEIGHT, column.code, None, hint))
            continue
        text = Text(column.name or column.code, column.name or column.code)
        source = Source("column", column.code)
        lower, upper = _number(_cell(base, LOWER, column.at)), _number(_cell(base, UPPER, column.at))
        parent = column.parents[0]
        rows.append(
            Indicator(
                column.code, parent, 1, text, int(direction), weight, "printed", "", source, lower=lower, upper=upper
            )
        )
    return rows


def _aggregates(frame: Grid, columns: Sequence[Column]) -> list[Indicator]:
    """The parents of the indicators, level by level; name and weight from Framework, 1 where it has none."""
    known = {_text(frame, row, 3): row for row in range(1, len(frame) + 1)}
    rows = []
    for place in range(len(columns[0].parents)):
        for code in dict.fromkeys(column.parents[place] for column in columns):
            line = known.get(code, 0)
            name = (_text(frame, line, 8) if line else "") or code
            weight = (_number(_cell(frame, line, 5)) if line else None) or 1.0
            above = next(column.parents for column in columns if column.parents[place] == code)
            parent = above[place + 1] if place + 1 < len(above) else None
            rows.append(Indicator(code, parent, place + 2, Text(name, name), 1, weight, "printed", "", None))
    return rows


def _values(
    base: Grid, columns: Sequence[Column], file: str, findings: list[Finding]
) -> tuple[list[tuple[str, str]], list[list[float | None]]]:
    units, values = [], []
    for row in range(FIRST_ROW, len(base) + 1):
        code = _text(base, row, UNIT_CODE)
        cells = [_cell(base, row, column.at) for column in columns]
        if not code and all(_number(cell) is None for cell in cells):
            continue
        for column, cell in zip(columns, cells, strict=True):
            if _number(cell) is None and not is_missing(str(cell).strip()):
                message = tr("{cell!r} is not a number", cell=str(cell)[:40])
                findings.append(Finding("error", "bad_value", message, file, row, column.code, None, tr("write n/a")))
        if not code:
            findings.append(Finding("error", "blank_region", tr("the unit has no code"), file, row, "C"))
        units.append((code, _text(base, row, UNIT_NAME) or code))
        values.append([_number(cell) for cell in cells])
    return units, values
