"""Weights of indicators read from a file: a row per indicator, with the columns `code` and `weight`."""

from __future__ import annotations

import math
from pathlib import Path

from ecosystem.dataset.raw import as_text
from ecosystem.errors import Finding, InputError, did_you_mean
from ecosystem.index.table_file import Cells, read_cells

HINT = "give the columns code and weight, as `ecosystem weights --out` writes them"


def read_weights(path: Path) -> dict[str, float]:
    """Code -> weight; InputError with every row that has none, a negative one, or a code that stood before."""
    cells = read_cells(path)
    findings = [one for one in cells.findings if one.severity == "error"] + _lacking(cells)
    weights: dict[str, float] = {}
    if not findings:
        codes, numbers = (as_text(cells.columns[cells.names.index(name)]).to_pylist() for name in ("code", "weight"))
        for code, cell, line in zip(codes, numbers, cells.lines.tolist(), strict=True):
            weight = _number(cell)
            if weight is None:
                message = f"the weight of {code!r} is {'blank' if cell is None else repr(cell[:40])}"
                findings.append(Finding("error", "bad_weight", message, cells.file, line, "weight", None, "from 0 up"))
            elif not code or code in weights:
                message = f"the code {code!r} is blank or stood there before"
                findings.append(Finding("error", "duplicate_code", message, cells.file, line, "code"))
            else:
                weights[code] = weight
    if findings:
        raise InputError(f"{path} has no weights that can be used", hint=HINT, findings=findings)
    return weights


def _lacking(cells: Cells) -> list[Finding]:
    return [
        Finding("error", "missing_column", f"column {name!r} is missing", cells.file, 1, name, None, hint)
        for name in ("code", "weight")
        if name not in cells.names and (hint := did_you_mean(name, cells.names))
    ]


def _number(cell: str | None) -> float | None:
    """A finite number from 0 up, None where the cell is none."""
    try:
        number = float(cell or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
