"""Scores to files: one table, or a workbook with a sheet for each step or level."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ecosystem.export.files import write_result, write_workbook
from ecosystem.scoring.result import tidy_table
from ecosystem.scoring.score_tables import everything, sheets

if TYPE_CHECKING:
    from ecosystem.scoring import Scores


def write_scores(scores: Scores, path: str | Path, *, lang: str = "en", excel: bool = False) -> None:
    """Write scores as the suffix says: .csv, .parquet, .json, .md in tidy long form, .xlsx as a workbook.

    The workbook has a sheet each for scores, groups, pillars, indicators, coverage and method, named in `lang`, and for
    what steps have changed where they have. `excel` begins a CSV file with a byte-order mark. UsageError for another
    suffix, OutputError where it cannot be written.
    """
    write_result(Path(path), lambda: tidy_table(scores), lambda: sheets(scores, lang), excel=excel)


def write_everything(scores: Scores, path: str | Path, *, lang: str = "en") -> None:
    """Write a workbook of the scores, with the values after every step, ranks at every level, correlations, weights.

    UsageError for a suffix that is not .xlsx, OutputError where it cannot be written.
    """
    write_workbook(Path(path), everything(scores, lang))
