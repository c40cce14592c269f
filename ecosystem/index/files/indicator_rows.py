"""The rows of `indicators.csv` and `variables.csv`, each with its line, and every fault of the table."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from ecosystem.errors import Finding, did_you_mean
from ecosystem.index.files.index_form import COLUMNS, OPTIONAL, Row, parse_row
from ecosystem.index.spec import CSV_NAME, Indicator, Text, Variable, VariableKind

VARIABLES_NAME = "variables.csv"
VARIABLE_COLUMNS = ("code", "kind", "name_zh", "name_en", "unit")
_KINDS = get_args(VariableKind)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that could be read; `unread` are the codes of those that could not; `findings` says why."""

    indicators: tuple[Indicator, ...] = ()
    unread: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def decode(content: bytes, file: str) -> tuple[str | None, list[Finding]]:
    """The text of a file in UTF-8, with or without a byte-order mark; None and a finding where it is not that."""
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        hint = "save it as UTF-8 (Excel: CSV UTF-8)"
        return None, [Finding("error", "wrong_encoding", f"{file} is not UTF-8 text", file, hint=hint)]


def read_rows(content: bytes) -> Rows:
    """The indicators of a table, as far as they can be read."""
    text, faults = decode(content, CSV_NAME)
    if text is None:
        return Rows(findings=tuple(faults))
    try:
        lines = list(_lines(text))
    except csv.Error as err:
        return Rows(findings=(Finding("error", "unreadable_csv", f"not valid CSV: {err}", CSV_NAME),))
    if not lines:
        hint = f"its first line is {','.join(COLUMNS)}"
        return Rows(findings=(Finding("error", "empty_file", f"{CSV_NAME} is empty", CSV_NAME, hint=hint),))
    header = _trim([name.strip() for name in lines[0][1]], 1)
    faults = list(_header_faults(header))
    if faults:
        return Rows(findings=tuple(faults))
    if len(lines) == 1:
        return Rows(findings=(Finding("error", "no_rows", f"{CSV_NAME} has a header but no rows", CSV_NAME, 1),))
    return _parse_rows(header, lines[1:])


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the line of the file on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _trim(cells: list[str], width: int) -> list[str]:
    """The cells without the blank ones that a spreadsheet leaves to the right of `width`."""
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _header_faults(header: Sequence[str]) -> Iterator[Finding]:
    if len(header) == 1 and re.search(r"[;\t|]", header[0]):
        message = f"{CSV_NAME} has one column: its cells are not separated by commas"
        yield Finding("error", "wrong_delimiter", message, CSV_NAME, 1, hint="save it as CSV with commas")
        return
    for name in dict.fromkeys(header):
        if name not in COLUMNS and name not in OPTIONAL:
            message = f"unknown column {name!r}"
            missing = [column for column in COLUMNS if column not in header]
            hint = did_you_mean(name, missing or (*COLUMNS, *OPTIONAL))
            yield Finding("error", "unknown_column", message, CSV_NAME, 1, name, None, hint)
        elif header.count(name) > 1:
            yield Finding("error", "duplicate_column", f"column {name!r} is there twice", CSV_NAME, 1, name)
    for name in COLUMNS:
        if name not in header:
            message = f"column {name!r} is missing"
            hint = f"the columns are {','.join(COLUMNS)}"
            yield Finding("error", "missing_column", message, CSV_NAME, 1, name, None, hint)


def _parse_rows(header: Sequence[str], lines: Iterable[tuple[int, list[str]]]) -> Rows:
    indicators: list[Indicator] = []
    unread: set[str] = set()
    findings: list[Finding] = []
    for line, whole in lines:
        cells = _trim(whole, len(header))
        named = dict(zip(header, cells, strict=False))
        if len(cells) != len(header):
            message = f"{len(cells)} cells where the header has {len(header)}"
            row, faults = None, [Finding("error", "wrong_cell_count", message, CSV_NAME, line)]
        else:
            row, faults = parse_row(named, line)
        findings += faults
        if row is None:
            unread.add(named.get("code", "").strip())
        else:
            indicators.append(_indicator(line, row))
    return Rows(tuple(indicators), frozenset(unread), tuple(findings))


def _indicator(line: int, row: Row) -> Indicator:
    return Indicator(
        code=row.code,
        parent=row.parent,
        level=row.level,
        name=Text(row.name_zh, row.name_en),
        direction=row.direction,
        weight=row.weight,
        weight_source=row.weight_source,
        unit=row.unit or "",
        source=row.to_source(),
        row=line,
        denominator=row.denominator,
        target=row.target,
        lower=row.lower,
        upper=row.upper,
    )


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables that could be read, the bytes of the file (none where there is no file), and every fault."""

    variables: tuple[Variable, ...] = ()
    content: tuple[bytes, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_variables(path: Path) -> Variables:
    """The variables of an index folder; none where the file does not exist."""
    if not path.exists():
        return Variables()
    try:
        content = path.read_bytes()
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        return Variables(findings=(_fault(f"{VARIABLES_NAME} cannot be read: {err}", None),))
    if not lines or tuple(cell.strip() for cell in lines[0]) != VARIABLE_COLUMNS:
        message = f"the columns of {VARIABLES_NAME} are not {','.join(VARIABLE_COLUMNS)}"
        return Variables(content=(content,), findings=(_fault(message, 1),))
    variables, findings, codes = [], [], set[str]()
    for line, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        named = dict(zip(VARIABLE_COLUMNS, (cell.strip() for cell in cells), strict=False))
        if fault := _row_fault(named, codes, line):
            findings.append(fault)
            continue
        codes.add(named["code"])
        kind = cast(VariableKind, named["kind"])
        variables.append(Variable(named["code"], kind, Text(named["name_zh"], named["name_en"]), named["unit"]))
    return Variables(tuple(variables), (content,), tuple(findings))


def _row_fault(named: dict[str, str], codes: set[str], line: int) -> Finding | None:
    if len(named) < len(VARIABLE_COLUMNS):
        return _fault(f"{len(named)} cells where the header has {len(VARIABLE_COLUMNS)}", line)
    if not named["code"] or named["code"] in codes:
        return _fault(f"code {named['code']!r} is blank or used before", line, "code")
    if named["kind"] not in _KINDS:
        return _fault(f"kind cannot be {named['kind']!r}", line, "kind", did_you_mean(named["kind"], _KINDS))
    return None


def _fault(message: str, row: int | None, column: str | None = None, hint: str | None = None) -> Finding:
    return Finding("error", "bad_variable", message, VARIABLES_NAME, row, column, None, hint)
