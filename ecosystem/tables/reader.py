"""A table out of its file, whichever kind that is: CSV, Excel or Parquet, with every fault of its form."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from ecosystem.errors import Finding, InputError, did_you_mean
from ecosystem.messages import tr
from ecosystem.tables.csv_reader import read_csv
from ecosystem.tables.excel_reader import merged_cells, open_workbook, read_sheet
from ecosystem.tables.packed import check_is_file, on_disk
from ecosystem.tables.parquet_reader import read_parquet
from ecosystem.tables.raw import RawTable
from ecosystem.tables.writer import COVER

SUFFIXES = (".csv", ".xlsx", ".parquet")


def read_table(path: Path, sheet: str | None = None, *, known: Collection[str] = ()) -> RawTable:
    """The table in a file as text; `sheet` names that of a workbook, else it is the first.

    For `-` it is what comes on stdin, as CSV. `known` are column names that would be expected, which tell a wrong
    delimiter. InputError for a file that is missing, of another kind, damaged or locked. What is wrong inside the table
    is among its findings: a row of other length than the header, no rows, a column twice, a cell that shows an error, a
    formula without a saved value, merged cells, a title above the header.
    """
    path = on_disk(path)
    suffix = _suffix(path)
    findings: list[Finding] = []
    if suffix == ".xlsx":
        raw = _sheet(path, sheet, findings)
    else:
        raw = read_csv(path, known) if suffix == ".csv" else read_parquet(path)
    title = _title(raw)
    if title is not None:
        return replace(raw, findings=(*raw.findings, *findings, title))  # what else is wrong follows from the title
    findings += [*_row_faults(raw), *_repeated_columns(raw)]
    if not raw.rows:
        findings.append(Finding("error", "no_rows", tr("the table has a header but no rows"), raw.file, 1))
    return replace(raw, findings=(*raw.findings, *findings))


def _suffix(path: Path) -> str:
    """The suffix of a file that is there and is a table. InputError otherwise."""
    try:
        check_is_file(path)
    except (FileNotFoundError, NotADirectoryError) as err:
        near = (
            did_you_mean(path.name, [entry.name for entry in path.parent.glob("*")]) if path.parent.is_dir() else None
        )
        raise InputError(tr("there is no table {path}", path=path), hint=near) from err
    except OSError as err:
        raise InputError(
            tr("{path} cannot be read: {reason}", path=path, reason=err.strerror),
            hint=tr("name the file of a table"),
        ) from err
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            tr("{name} is not a table that can be read", name=path.name),
            hint=tr("known are {suffixes}", suffixes=", ".join(SUFFIXES)),
        )
    return suffix


def _sheet(path: Path, sheet: str | None, findings: list[Finding]) -> RawTable:
    workbook = open_workbook(path)
    names = workbook.sheet_names
    if sheet is not None and sheet not in names:
        raise InputError(
            tr("{name} has no sheet {sheet!r}", name=path.name, sheet=sheet), hint=did_you_mean(sheet, names)
        )
    tables = [name for name in names if name not in COVER.values()] or names
    chosen = sheet or tables[0]
    raw = read_sheet(path, workbook, chosen)
    findings += merged_cells(path, workbook, chosen)
    others = [name for name in tables if name != chosen]
    if sheet is None and others:
        message = tr(
            "the sheet {sheet!r} is read, the others are not: {others}", sheet=chosen, others=", ".join(others[:5])
        )
        findings.append(
            Finding(
                "info",
                "first_sheet",
                message,
                path.name,
                hint=tr("{file} reads that one", file=f"{path.name}[{others[0]}]"),
            )
        )
    return raw


def _title(raw: RawTable) -> Finding | None:
    """What says that the first line is a title: one cell is filled, and the rows below are wider."""
    filled = [name for name in raw.names if name]
    wider = len(raw.names) > 1 or (bool(raw.ragged) and not raw.rows)
    if len(filled) != 1 or not wider:
        return None
    message = tr("the first line has one cell, {cell!r}: a title where the header should be", cell=filled[0][:60])
    return Finding("error", "title_row", message, raw.file, 1, hint=tr("delete the lines above the header"))


def _row_faults(raw: RawTable) -> list[Finding]:
    lines = raw.line_numbers
    findings = [Finding("error", "wrong_cell_count", row.reason, raw.file, row.line) for row in raw.ragged]
    for cell in raw.spoiled:
        hint = tr("open the file in Excel, let it compute, and save it; or type the value")
        column = raw.names[cell.place] if cell.place < len(raw.names) else None
        findings.append(
            Finding("error", "formula", cell.reason, raw.file, lines[cell.row], column, cell.value[:80], hint)
        )
    return findings


def _repeated_columns(raw: RawTable) -> list[Finding]:
    return [
        Finding("error", "duplicate_column", tr("the column {name!r} is there twice", name=name), raw.file, 1, name)
        for name in dict.fromkeys(raw.names)
        if name and raw.names.count(name) > 1
    ]
