"""A table of printed scores, one row per region: read as it was printed, digits and all, or every fault at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import numpy as np
import pandas as pd

from ecosystem.errors import Finding, InputError
from ecosystem.index.arrays import FloatArray

REGION, RANK = "region", "rank"
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


def read_values(path: Path) -> pd.DataFrame:
    """The numbers of a table by region, in columns; a blank is missing, any sign will do. Raises InputError."""
    rows = _rows(path)
    header = list(rows[0][1])
    names = [name for name in header if name not in (REGION, RANK, *BESIDE)]
    findings = list(_header_faults(path.name, header, names))
    findings = findings or [*_region_faults(path.name, rows), *_text_faults(path.name, rows, names)]
    if findings:
        raise InputError(f"{path} is no table of values", findings=findings)
    cells = {name: [number(row[name]) for _, row in rows] for name in names}
    return pd.DataFrame(cells, index=[row[REGION] for _, row in rows], dtype="float64")


def read_score_table(path: Path, *, only: Sequence[str] | None = None) -> ScoreTable:
    """The table in a CSV, Excel or Parquet file: a column `region`, then one column per score.

    A column `rank` is checked against the only score, and columns that name the region are passed over; `only` picks
    some of the columns. Raises InputError with every fault: no region column or no score, a region twice or blank, a
    score that is blank, text, negative or infinite, ranks that do not follow the scores.
    """
    rows = _rows(path)
    header = list(rows[0][1]) if rows else []
    scores = [name for name in header if name not in (REGION, RANK, *BESIDE) and (only is None or name in only)]
    findings = [*_header_faults(path.name, header, scores)]
    if not findings:
        findings = [*_region_faults(path.name, rows), *_cell_faults(path.name, rows, scores)]
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


def decimals_of(cell: str) -> int:
    """The number of decimals that a number is written with, e.g. 4 for 0.2520."""
    return max(-int(Decimal(cell).as_tuple().exponent), 0)


def rank_faults(file: str, rows: Sequence[tuple[int, Mapping[str, str]]], score: str) -> Iterator[Finding]:
    """A finding for every row whose rank is not where its score puts it; equal printed scores may stand either way."""
    ranked = [(line, row[REGION], number(row[RANK]), number(row[score])) for line, row in rows]
    for line, region, rank, value in ranked:
        if rank is None or value is None:
            message = f"the rank of {region} is not a number"
            yield Finding("error", "bad_rank", message, file, line, RANK, None, "leave the column rank out")
            continue
        wrong = [
            other
            for _, other, its, worth in ranked
            if its is not None and worth is not None and (its - rank) * (worth - value) > 0
        ]
        if wrong:
            message = f"{region} has rank {rank:g} and {value:g}, which does not go with {', '.join(wrong)}"
            hint = "correct what was copied, or leave the column rank out"
            yield Finding("error", "rank_not_of_score", message, file, line, RANK, f"{rank:g}", hint)


def number(cell: str | None) -> float | None:
    """The finite number in a cell, None where there is none."""
    try:
        value = float(Decimal((cell or "").strip()))
    except InvalidOperation:
        return None
    return value if np.isfinite(value) else None


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows as text, each with its line; a cell that is not there is blank."""
    try:
        if path.suffix == ".parquet":
            return _of_frame(pd.read_parquet(path).astype("object"))
        if path.suffix == ".xlsx":
            return _of_frame(pd.read_excel(path, dtype="object", engine="calamine"))
        text = path.read_bytes().decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
        found = [(reader.line_num, {k: v.strip() for k, v in row.items() if k is not None}) for row in reader]
    except UnicodeDecodeError as err:
        raise InputError(f"{path} is not UTF-8 text", hint="save it as UTF-8 (Excel: CSV UTF-8)") from err
    except (OSError, ValueError, csv.Error) as err:
        raise InputError(f"{path} cannot be read: {err}", hint="give a CSV, .xlsx or .parquet file") from err
    if not found:
        raise InputError(f"{path} has no rows", hint="a column region, then one column per score")
    return found


def _of_frame(frame: pd.DataFrame) -> list[tuple[int, dict[str, str]]]:
    if frame.empty:
        raise ValueError("it has no rows")
    names = [str(name) for name in frame.columns]
    rows = frame.itertuples(index=False, name=None)
    return [
        (line, {name: "" if pd.isna(cell) else str(cell).strip() for name, cell in zip(names, row, strict=True)})
        for line, row in enumerate(rows, 2)
    ]


def _header_faults(file: str, header: Sequence[str], scores: Sequence[str]) -> Iterator[Finding]:
    hint = "a column region, then one column per score"
    if REGION not in header:
        message = f"there is no column {REGION!r}, only {', '.join(header)}"
        yield Finding("error", "no_region", message, file, 1, None, None, hint)
    if not scores:
        yield Finding("error", "no_score", "there is no column of scores", file, 1, None, None, hint)


def _region_faults(file: str, rows: Sequence[tuple[int, Mapping[str, str]]]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for line, row in rows:
        region = row[REGION]
        if not region:
            yield Finding("error", "blank_region", "the region is blank", file, line, REGION)
        elif region in first:
            message = f"region {region!r} stands in row {first[region]} already"
            yield Finding("error", "region_twice", message, file, line, REGION, region, "keep one of the rows")
        first.setdefault(region, line)


def _text_faults(file: str, rows: Sequence[tuple[int, Mapping[str, str]]], names: Sequence[str]) -> Iterator[Finding]:
    for line, row in rows:
        for name in names:
            if row[name] and number(row[name]) is None:
                message = f"{row[name]!r} is not a number"
                yield Finding("error", "not_a_number", message, file, line, name, row[name][:80])


def _cell_faults(file: str, rows: Sequence[tuple[int, Mapping[str, str]]], scores: Sequence[str]) -> Iterator[Finding]:
    for line, row in rows:
        for name in scores:
            value = number(row[name])
            if value is None:
                message = f"{row[name]!r} is not a number" if row[name] else "the score is blank"
                hint = "leave out a row that has no score"
                yield Finding("error", "not_a_number", message, file, line, name, row[name][:80], hint)
            elif value < 0:
                message = f"the score {value:g} is negative"
                hint = "scores and weights are 0 or more: shift the scale first"
                yield Finding("error", "negative_score", message, file, line, name, row[name], hint)
