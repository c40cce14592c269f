"""A table of published scores, one row per region: read as it was printed, digits and all, or every fault at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np

from ecosystem.errors import Finding, InputError
from ecosystem.headings import keys_of
from ecosystem.index.arrays import FloatArray
from ecosystem.messages import tr
from ecosystem.tables.reader import read_table
from ecosystem.tables.words import is_missing

BESIDE = ("region_zh", "region_en", "name", "name_zh", "name_en")
"""Columns that say again which region it is."""


REGION, RANK = "region", "rank"
Row = tuple[int, Mapping[str, str]]
"""The line of a row (the header is line 1), and its cells by column; a blank cell is an empty text."""


@dataclass(frozen=True, slots=True, eq=False)
class ScoreTable:
    """Scores as printed: `values` (R regions, K columns), NaN where blank, and the number of decimals of a column."""

    name: str
    regions: tuple[str, ...]
    columns: tuple[str, ...]
    values: FloatArray
    decimals: tuple[int, ...]

    def column(self, place: int) -> dict[str, float]:
        """One column by region."""
        return dict(zip(self.regions, self.values[:, place].tolist(), strict=True))


def read_score_table(path: Path, *, gaps: bool = False) -> ScoreTable:
    """The table in a CSV, Excel or Parquet file: a column `region`, then one column per score.

    A column `rank` is checked against the only score, and columns that name the region are passed over. With `gaps` a
    score may be blank, or a word for missing. Raises InputError with every fault: no region column or no score, a
    region twice or blank, a score that is blank (with `gaps`: a column of nothing else), text, negative or infinite,
    ranks that do not follow the scores.
    """
    header, rows = read_rows(path)
    if gaps:
        rows = tuple((line, _without_words(row)) for line, row in rows)
    scores = [name for name in header if name not in (REGION, RANK, *BESIDE)]
    findings = list(_header_faults(path.name, header, scores))
    if not findings:
        findings = [*region_faults(path.name, rows), *_cell_faults(path.name, rows, scores, gaps)]
    if not findings and RANK in header and len(scores) == 1:
        findings = list(rank_faults(path.name, [(line, row) for line, row in rows if row[scores[0]]], scores[0]))
    if findings:
        raise InputError(tr("{path} is not a table of scores", path=path), findings=findings)
    cells = [[row[name] for name in scores] for _, row in rows]
    return ScoreTable(
        name=path.stem,
        regions=tuple(row[REGION] for _, row in rows),
        columns=tuple(scores),
        values=np.array([[float(cell or "nan") for cell in row] for row in cells]),
        decimals=tuple(max(decimals_of(row[place]) for row in cells if row[place]) for place in range(len(scores))),
    )


def _without_words(row: Mapping[str, str]) -> dict[str, str]:
    """A row in which words for missing are blank, but for what names the region: NA is Namibia."""
    return {name: "" if name not in (REGION, *BESIDE) and is_missing(cell) else cell for name, cell in row.items()}


def _header_faults(file: str, header: Sequence[str], scores: Sequence[str]) -> Iterator[Finding]:
    hint = tr("the table needs a column region, then one column per score")
    if REGION not in header:
        message = tr("there is no column {column!r}, only {columns}", column=REGION, columns=", ".join(header))
        yield Finding("error", "missing_column", message, file, 1, None, None, hint)
    if not scores:
        yield Finding("error", "no_score", tr("there is no column of scores"), file, 1, None, None, hint)


def _cell_faults(file: str, rows: Sequence[Row], scores: Sequence[str], gaps: bool) -> Iterator[Finding]:
    for line, row in rows:
        for name in scores:
            fault = None if gaps and not row[name] else score_fault(file, line, name, row[name])
            if fault is not None:
                yield fault
    for name in scores if gaps else ():
        if not any(row[name] for _, row in rows):
            message = tr("the column {name!r} has no score at all", name=name)
            yield Finding("error", "blank_column", message, file, None, name, None, tr("leave the column out"))


def read_rows(path: Path) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The header and the rows of a CSV, Excel or Parquet file; InputError with every fault of its form."""
    table = read_table(path)
    faults = [finding for finding in table.findings if finding.severity == "error"]
    if faults:
        raise InputError(tr("the table {path} cannot be used", path=path), findings=faults)
    names = tuple(keys_of(table.names, (REGION, RANK, *BESIDE)))
    rows = [
        (line, {name: cell or "" for name, cell in zip(names, row, strict=True)})
        for line, row in zip(table.line_numbers, zip(*table.as_texts(), strict=True), strict=True)
    ]
    return names, tuple(rows)


def number(cell: str) -> float | None:
    """The finite number in a cell, None where there is none."""
    try:
        value = float(Decimal(cell))
    except InvalidOperation:
        return None
    return value if np.isfinite(value) else None


def decimals_of(cell: str) -> int:
    """The number of decimals that a number is written with, e.g. 4 for 0.2520."""
    return max(-int(Decimal(cell).as_tuple().exponent), 0)


def region_faults(
    file: str, rows: Sequence[Row], block: Callable[[Mapping[str, str]], object] = lambda row: None
) -> Iterator[Finding]:
    """A finding for every row without a region, or with one that another row of the same `block` has already."""
    first: dict[tuple[object, str], int] = {}
    for line, row in rows:
        region = row[REGION]
        key = (block(row), region)
        if not region:
            yield Finding("error", "blank_region", tr("the region is blank"), file, line, REGION)
        elif key in first:
            message = tr("region {region!r} is in row {row} already", region=region, row=first[key])
            yield Finding("error", "region_twice", message, file, line, REGION, region, tr("keep one of the rows"))
        first.setdefault(key, line)


def score_fault(file: str, line: int, column: str, cell: str) -> Finding | None:
    """What is wrong with a cell that should hold a score or a rank: blank, text, infinite or negative."""
    value = number(cell)
    if value is None:
        message = tr("{cell!r} is not a number", cell=cell) if cell else tr("the score is blank")
        hint = tr("leave out a row that has no score")
        return Finding("error", "not_a_number", message, file, line, column, cell[:80], hint)
    if value < 0:
        hint = tr("scores and weights are 0 or more: shift the scale first")
        return Finding(
            "error",
            "negative_score",
            tr("the score {value:g} is negative", value=value),
            file,
            line,
            column,
            cell,
            hint,
        )
    return None


def rank_faults(file: str, rows: Sequence[Row], score: str, rank: str = RANK) -> Iterator[Finding]:
    """A finding for every row whose rank is not where its score puts it; equal printed scores may stand either way."""
    ranked = [(line, row[REGION], number(row[rank]), number(row[score])) for line, row in rows]
    known = [(its, worth, region) for _, region, its, worth in ranked if its is not None and worth is not None]
    for line, region, place, value in ranked:
        if place is None or value is None:
            message = tr("the rank of {region} is not a number", region=region)
            yield Finding(
                "error", "bad_rank", message, file, line, rank, None, tr("leave out the column {column}", column=rank)
            )
            continue
        wrong = [other for its, worth, other in known if (its - place) * (worth - value) > 0]
        if wrong:
            message = tr(
                "{region} has rank {rank:g} and {value:g}, which contradicts {other}",
                region=region,
                rank=place,
                value=value,
                other=", ".join(wrong),
            )
            hint = tr("correct what was copied, or leave out the column {column}", column=rank)
            yield Finding("error", "rank_not_of_score", message, file, line, rank, f"{place:g}", hint)
