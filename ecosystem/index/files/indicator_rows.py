"""The rows of `indicators.csv` and `variables.csv`, each with its line, and every fault of the table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from ecosystem.errors import Finding, did_you_mean
from ecosystem.index.files.index_form import COLUMNS, OPTIONAL, Row, parse_row
from ecosystem.index.spec import CSV_NAME, Indicator, Text, Variable, VariableKind
from ecosystem.messages import tr
from ecosystem.tables.packed import content_of
from ecosystem.tables.records import SmallTable, parse_table

VARIABLES_NAME = "variables.csv"
VARIABLE_COLUMNS = ("code", "kind", "name_zh", "name_en", "unit")
_KINDS = get_args(VariableKind)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that could be read; `unread` are the codes of those that could not; `findings` says why."""

    indicators: tuple[Indicator, ...] = ()
    unread: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def read_rows(content: bytes) -> Rows:
    """The indicators of a table, as far as they can be read."""
    table = parse_table(content, CSV_NAME, COLUMNS)
    faults = tuple(_header_faults(table.names)) if table.names else ()
    if faults or not table.rows:
        return Rows(findings=faults or table.findings)
    return _parse_rows(table)


def _header_faults(header: Sequence[str]) -> Iterator[Finding]:
    for name in dict.fromkeys(header):
        if name not in COLUMNS and name not in OPTIONAL:
            message = tr("unknown column {name!r}", name=name)
            missing = [column for column in COLUMNS if column not in header]
            hint = did_you_mean(name, missing or (*COLUMNS, *OPTIONAL))
            yield Finding("error", "unknown_column", message, CSV_NAME, 1, name, None, hint)
        elif header.count(name) > 1:
            yield Finding(
                "error", "duplicate_column", tr("there are two columns {name!r}", name=name), CSV_NAME, 1, name
            )
    for name in COLUMNS:
        if name not in header:
            message = tr("column {name!r} is missing", name=name)
            hint = tr("the columns are {columns}", columns=",".join(COLUMNS))
            yield Finding("error", "missing_column", message, CSV_NAME, 1, name, None, hint)


def _parse_rows(table: SmallTable) -> Rows:
    indicators: list[Indicator] = []
    unread: set[str] = set()
    findings: list[Finding] = []
    uneven = {finding.row: finding for finding in table.findings}
    for line, named in table.rows:
        row, faults = (None, [uneven[line]]) if line in uneven else parse_row(named, line)
        findings += faults
        if row is None:
            unread.add(named.get("code", ""))
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
        aggregation=row.aggregation,
        per=row.per,
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
        content = content_of(path)
    except OSError as err:
        message = tr("{path} cannot be read: {reason}", path=VARIABLES_NAME, reason=err.strerror)
        return Variables(findings=(Finding("error", "unreadable_file", message, VARIABLES_NAME),))
    table = parse_table(content, VARIABLES_NAME, VARIABLE_COLUMNS)
    if table.names and table.names != VARIABLE_COLUMNS:
        message = tr(
            "the columns of {file} must be {columns}",
            file=VARIABLES_NAME,
            columns=",".join(VARIABLE_COLUMNS),
        )
        return Variables(content=(content,), findings=(_fault(message, 1),))
    variables, findings, codes = [], list(table.errors), set[str]()
    uneven = {finding.row for finding in findings}
    for line, named in table.rows:
        if line in uneven:
            continue
        if fault := _row_fault(named, codes, line):
            findings.append(fault)
            continue
        codes.add(named["code"])
        kind = cast(VariableKind, named["kind"])
        variables.append(Variable(named["code"], kind, Text(named["name_zh"], named["name_en"]), named["unit"]))
    return Variables(tuple(variables), (content,), tuple(findings))


def _row_fault(named: Mapping[str, str], codes: set[str], line: int) -> Finding | None:
    if not named["code"] or named["code"] in codes:
        return _fault(tr("code {code!r} is blank or used already", code=named["code"]), line, "code")
    if named["kind"] not in _KINDS:
        return _fault(
            tr("kind cannot be {kind!r}", kind=named["kind"]), line, "kind", did_you_mean(named["kind"], _KINDS)
        )
    return None


def _fault(message: str, row: int | None, column: str | None = None, hint: str | None = None) -> Finding:
    return Finding("error", "bad_variable", message, VARIABLES_NAME, row, column, None, hint)
