"""Weights read from a file or a line of words, and the pairwise judgements that weights are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ecosystem.errors import Finding, InputError, UsageError, did_you_mean
from ecosystem.headings import keys_of
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr, tr_later
from ecosystem.tables.excel_reader import open_workbook
from ecosystem.tables.raw import RawTable
from ecosystem.tables.reader import SUFFIXES, read_table
from ecosystem.tables.writer import COVER

JUDGEMENTS_HINT = tr_later(
    "the first row and the first column name the items, each cell is a number or a fraction such as 1/3, or blank"
)


WEIGHTS_HINT = tr_later("give the columns code and weight, as `ecosystem weights --out` writes them")


def read_judgements(path: Path, sheet: str | None = None) -> tuple[tuple[str, ...], FloatArray]:
    """The items and their judgements `(items, items)`; InputError with every cell that is none, and for other items."""
    table = read_table(path, sheet)
    columns = table.as_texts()
    items, findings = table.names[1:], [one for one in table.findings if one.severity == "error"]
    rows = tuple(cell or "" for cell in columns[0]) if columns else ()
    if not findings and rows != items:
        message = tr(
            "the rows name {rows}, the columns {columns}",
            rows=", ".join(rows) or tr("nothing"),
            columns=", ".join(items) or tr("nothing"),
        )
        findings.append(
            Finding("error", "other_items", message, table.file, 1, hint=tr("name the same items in the same order"))
        )
    if findings:
        raise InputError(
            tr("{path} is not a table of judgements", path=path), hint=tr(JUDGEMENTS_HINT), findings=findings
        )
    matrix = np.array([[_ratio(cell) for cell in column] for column in columns[1:]], dtype=np.float64).T
    faults = _faults(table, columns, matrix)
    if faults:
        raise InputError(
            tr("{path} is not a table of judgements", path=path), hint=tr(JUDGEMENTS_HINT), findings=faults
        )
    return items, np.where(np.isinf(matrix), np.nan, matrix)


def read_judgement_set(path: Path) -> dict[str, tuple[tuple[str, ...], FloatArray]]:
    """The judgements of every table in a folder, by its name without suffix, or of every sheet of a workbook.

    InputError with every fault of every table, and for a folder without tables.
    """
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.suffix.lower() in SUFFIXES and not one.name.startswith("."))
        places: list[tuple[str, Path, str | None]] = [(file.stem, file, None) for file in files]
    else:
        places = [(name, path, name) for name in open_workbook(path).sheet_names if name not in COVER.values()]
    if not places:
        hint = tr("a folder of judgements has a table for each parent, called by its code or its name")
        raise InputError(tr("there is no table in {path}", path=path), hint=hint)
    found: dict[str, tuple[tuple[str, ...], FloatArray]] = {}
    findings: list[Finding] = []
    for name, file, sheet in places:
        if name in found:
            message = tr("{parent!r} has judgements twice", parent=name)
            findings.append(Finding("error", "parent_twice", message, file.name))
        try:
            found[name] = read_judgements(file, sheet)
        except InputError as err:
            findings += err.findings
    if findings:
        raise InputError(
            tr("{path} has judgements that cannot be used", path=path), hint=tr(JUDGEMENTS_HINT), findings=findings
        )
    return found


def _ratio(cell: str | None) -> float:
    """A number or a fraction; infinity where there is no judgement, NaN where the cell is neither."""
    if cell is None or not cell.strip():
        return math.inf
    above, slash, below = cell.partition("/")
    try:
        number = float(above) / float(below) if slash else float(above)
    except (ValueError, ZeroDivisionError):
        return math.nan
    return number if math.isfinite(number) else math.nan


def _faults(table: RawTable, columns: Sequence[Sequence[str | None]], matrix: FloatArray) -> list[Finding]:
    found = []
    for row, column in np.argwhere(np.isnan(matrix)).tolist():
        cell = str(columns[column + 1][row])
        place = (table.file, table.line_numbers[row], table.names[column + 1])
        found.append(
            Finding("error", "bad_judgement", tr("{cell!r} is not a judgement", cell=cell[:40]), *place, cell[:80])
        )
    return found


def read_weights(path: Path) -> dict[str, float]:
    """Code -> weight; InputError with every row that has none, a negative one, or a code that stood before.

    The headings may be in either language, as `ecosystem weights --out` writes them.
    """
    table = read_table(path)
    table = replace(table, names=tuple(keys_of(table.names, ("code", "weight"))))
    findings = [one for one in table.findings if one.severity == "error"] + _lacking(table)
    weights: dict[str, float] = {}
    if not findings:
        texts = dict(zip(table.names, table.as_texts(), strict=True))
        for code, cell, line in zip(texts["code"], texts["weight"], table.line_numbers, strict=True):
            weight = _weight(cell)
            if weight is None:
                message = tr("the weight of {code!r} is blank", code=code)
                if cell is not None:
                    message = tr("the weight of {code!r} is {cell!r}", code=code, cell=cell[:40])
                hint = tr("a weight is a number of at least 0")
                findings.append(Finding("error", "bad_weight", message, table.file, line, "weight", None, hint))
            elif not code or code in weights:
                message = tr("code {code!r} is blank or used already", code=code)
                findings.append(Finding("error", "duplicate_code", message, table.file, line, "code"))
            else:
                weights[code] = weight
    if findings:
        raise InputError(
            tr("{path} has no weights that can be used", path=path), hint=tr(WEIGHTS_HINT), findings=findings
        )
    return weights


def written_weights(text: str) -> dict[str, float]:
    """Code -> weight of `technology=0.4,capital=0.6`; UsageError for what is no such list."""
    weights: dict[str, float] = {}
    for part in text.split(","):
        code, equals, cell = (word.strip() for word in part.partition("="))
        weight = _weight(cell)
        if not code or not equals or weight is None:
            raise UsageError(
                tr("{part!r} is not the weight of a part", part=part),
                hint=tr("write CODE=NUMBER, several with commas between; a weight is a number of at least 0"),
            )
        if code in weights:
            raise UsageError(tr("{code!r} has two weights", code=code), hint=tr("give each part one weight"))
        weights[code] = weight
    return weights


def _lacking(table: RawTable) -> list[Finding]:
    return [
        Finding("error", "missing_column", tr("column {name!r} is missing", name=name), table.file, 1, name, None, hint)
        for name in ("code", "weight")
        if name not in table.names and (hint := did_you_mean(name, table.names))
    ]


def _weight(cell: str | None) -> float | None:
    """A finite number from 0 up, None where the cell is none."""
    try:
        number = float(cell or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
