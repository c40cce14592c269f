"""A table out of its file, whichever kind that is, packed or not, with every fault of its form."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from ecosystem.errors import Finding, InputError, did_you_mean
from ecosystem.messages import either, tr
from ecosystem.tables.archive import is_archive, members, ungzipped, unpacked
from ecosystem.tables.csv_reader import read_csv
from ecosystem.tables.excel_reader import merged_cells, open_workbook, read_sheet
from ecosystem.tables.flat_table import SUFFIXES as _FLAT
from ecosystem.tables.flat_table import flat_table
from ecosystem.tables.packed import check_is_file, on_disk
from ecosystem.tables.parquet_reader import read_parquet
from ecosystem.tables.raw import RawTable
from ecosystem.tables.writer import COVER

SUFFIXES = (".csv", ".xlsx", ".parquet")
"""What tables are mostly, and what the program itself writes."""
_PACKED = (".gz", ".zip")
_OTHERS = (*_FLAT, *_PACKED)
_PARTS = re.compile(r"(.+?\.[A-Za-z0-9]+)\[(.+)\]")


def is_table(name: str | Path) -> bool:
    """Whether a file of this name is read as a table."""
    return Path(name).suffix.lower() in (*SUFFIXES, *_OTHERS)


def file_and_part(path: Path) -> tuple[Path, str | None]:
    """The file, and which table of it is meant: `values.xlsx[2023]`, `values.zip[a.json]`, `values.db[cities]`."""
    named = _PARTS.fullmatch(str(path))
    return (Path(named[1]), named[2]) if named is not None and is_table(named[1]) else (path, None)


def read_table(path: Path, part: str | None = None, *, known: Collection[str] = ()) -> RawTable:
    """The table in a file as text: CSV, Excel, Parquet, or flat records in JSON, JSON Lines, YAML or SQLite, or packed.

    `part` names a sheet of a workbook, which else is the first, a member of a zip archive (`book.xlsx][2023` a sheet of
    a member), a table of a database, the list of a document that has several. For `-` it is what comes on stdin, as
    CSV. `known` are column names that would be expected, which tell a wrong delimiter. InputError for a file that is
    missing, of another kind, damaged or locked, and for records with lists in them. What is wrong inside the table is
    among its findings: a row of other length than the header, no rows, a column twice, a cell that shows an error, a
    formula without a saved value, merged cells, a title above the header.
    """
    path = on_disk(path)
    suffix = _suffix(path)
    if suffix in _PACKED:
        return _packed(path, part, known)
    findings: list[Finding] = []
    if suffix == ".xlsx":
        raw = _sheet(path, part, findings)
    elif suffix in _FLAT:
        raw = flat_table(path, part)
    else:
        raw = read_csv(path, known) if suffix == ".csv" else read_parquet(path)
    title = _title(raw)
    if title is not None:
        return replace(raw, findings=(*raw.findings, *findings, title))  # what else is wrong follows from the title
    findings += [*_row_faults(raw), *_repeated_columns(raw)]
    if not raw.rows:
        findings.append(Finding("error", "no_rows", tr("the table has a header but no rows"), raw.file, 1))
    return replace(raw, findings=(*raw.findings, *findings))


def read_records(path: Path, known: Collection[str]) -> RawTable:
    """The rows of CSV, or of flat records in JSON or JSON Lines, packed with gzip or not. DatasetError."""
    if path.suffix.lower() == ".gz":
        with ungzipped(path) as file:
            return _called(read_records(file, known), file.name, path.name)
    return read_csv(path, known) if path.suffix.lower() == ".csv" else flat_table(path)


def _packed(path: Path, part: str | None, known: Collection[str]) -> RawTable:
    """The table in a file that is packed with gzip, or in a member of a zip archive."""
    if path.suffix.lower() == ".gz":
        with ungzipped(path) as file:
            return _called(read_table(file, part, known=known), file.name, path.name)
    name, _, inner = (part or _only_member(path)).partition("][")
    if name not in (names := members(path)):
        raise InputError(
            tr("{name} has no file {member!r} in it", name=path.name, member=name), hint=did_you_mean(name, names)
        )
    if is_archive(Path(name)):
        raise InputError(
            tr("{name} has an archive in it", name=path.name), hint=tr("unpack it, and name what is in it")
        )
    with unpacked(path, name) as file:
        return _called(read_table(file, inner or None, known=known), file.name, f"{path.name}[{name}]")


def _only_member(path: Path) -> str:
    """The only file in an archive. InputError where there are several, or none."""
    names = members(path)
    if len(names) == 1:
        return names[0]
    if not names:
        raise InputError(tr("{name} has no file in it", name=path.name), hint=tr("fetch or pack it again"))
    message = tr("{name} has several tables; name one", name=path.name)
    raise InputError(message, hint=either(f"{path.name}[{name}]" for name in names[:5]))


def _called(raw: RawTable, name: str, shown: str) -> RawTable:
    """A table that was unpacked, under the name that says where it is; so are its findings."""
    findings = [
        replace(one, file=shown + one.file.removeprefix(name) if one.file is not None else None) for one in raw.findings
    ]
    return replace(raw, file=shown + raw.file.removeprefix(name), findings=tuple(findings))


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
    if not is_table(path):
        raise InputError(
            tr("{name} is not a table that can be read", name=path.name),
            hint=tr("known are {suffixes}", suffixes=", ".join((*SUFFIXES, *_OTHERS))),
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
