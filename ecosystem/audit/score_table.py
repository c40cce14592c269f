"""A table of printed scores, one row per region: read as it was printed, digits and all, or every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ecosystem.audit.printed_rows import (
    RANK,
    REGION,
    Row,
    decimals_of,
    rank_faults,
    read_rows,
    region_faults,
    score_fault,
)
from ecosystem.errors import Finding, InputError
from ecosystem.index.arrays import FloatArray

BESIDE = ("region_zh", "region_en", "name", "name_zh", "name_en")
"""Columns that say again which region it is."""


@dataclass(frozen=True, slots=True, eq=False)
class ScoreTable:
    """Scores as printed: `values` (R regions, K columns), and the number of decimals of each column."""

    name: str
    regions: tuple[str, ...]
    columns: tuple[str, ...]
    values: FloatArray
    decimals: tuple[int, ...]

    def column(self, place: int) -> dict[str, float]:
        """One column by region."""
        return dict(zip(self.regions, self.values[:, place].tolist(), strict=True))


def read_score_table(path: Path) -> ScoreTable:
    """The table in a CSV, Excel or Parquet file: a column `region`, then one column per score.

    A column `rank` is checked against the only score, and columns that name the region are passed over. Raises
    InputError with every fault: no region column or no score, a region twice or blank, a score that is blank, text,
    negative or infinite, ranks that do not follow the scores.
    """
    header, rows = read_rows(path)
    scores = [name for name in header if name not in (REGION, RANK, *BESIDE)]
    findings = list(_header_faults(path.name, header, scores))
    if not findings:
        findings = [*region_faults(path.name, rows), *_cell_faults(path.name, rows, scores)]
    if not findings and RANK in header and len(scores) == 1:
        findings = list(rank_faults(path.name, rows, scores[0]))
    if findings:
        raise InputError(f"{path} is no table of scores", findings=findings)
    cells = [[row[name] for name in scores] for _, row in rows]
    return ScoreTable(
        name=path.stem,
        regions=tuple(row[REGION] for _, row in rows),
        columns=tuple(scores),
        values=np.array([[float(cell) for cell in row] for row in cells]),
        decimals=tuple(max(decimals_of(row[place]) for row in cells) for place in range(len(scores))),
    )


def _header_faults(file: str, header: Sequence[str], scores: Sequence[str]) -> Iterator[Finding]:
    hint = "a column region, then one column per score"
    if REGION not in header:
        message = f"there is no column {REGION!r}, only {', '.join(header)}"
        yield Finding("error", "no_region", message, file, 1, None, None, hint)
    if not scores:
        yield Finding("error", "no_score", "there is no column of scores", file, 1, None, None, hint)


def _cell_faults(file: str, rows: Sequence[Row], scores: Sequence[str]) -> Iterator[Finding]:
    found = (score_fault(file, line, name, row[name]) for line, row in rows for name in scores)
    return (fault for fault in found if fault is not None)
