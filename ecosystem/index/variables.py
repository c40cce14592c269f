"""The rows of `variables.csv`, which an index may have: the columns beside its indicators, e.g. groups of regions."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from ecosystem.errors import Finding, did_you_mean
from ecosystem.index.records import Text, Variable, VariableKind

VARIABLES_NAME = "variables.csv"
VARIABLE_COLUMNS = ("code", "kind", "name_zh", "name_en", "unit")
_KINDS = get_args(VariableKind)


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
